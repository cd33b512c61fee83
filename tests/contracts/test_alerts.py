"""Figures, their document and the alerts over them agree."""

import re
from pathlib import Path

import pytest
import yaml

from shared.platform.web.health import METRICS

ROOT = Path(__file__).parents[2]
OPERATIONS = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
RULES = yaml.safe_load((ROOT / "deploy/alerts.yml").read_text(encoding="utf-8"))["groups"][0][
    "rules"
]
NAMES = {f"lessons_{name}" for name in METRICS}


def test_the_document_describes_every_figure_and_no_other():
    described = re.findall(r"^\| `(lessons_[a-z_]+)` \| \S", OPERATIONS, re.MULTILINE)

    assert sorted(described) == sorted(NAMES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alert_asks_for_figures_that_exist_and_leads_to_what_to_do(rule):
    assert set(re.findall(r"lessons_[a-z_]+", rule["expr"])) <= NAMES
    assert re.findall(r"lessons_[a-z_]+", rule["expr"])
    assert re.fullmatch(r"\d+[mh]", rule.get("for", "1m"))
    assert rule["labels"]["severity"] in ("page", "ticket")
    assert rule["annotations"]["summary"].count("{{") == rule["annotations"]["summary"].count("}}")
    path, _hash, anchor = rule["annotations"]["runbook_url"].partition("#")
    assert path == "docs/operations.md"
    assert anchor in anchors()


def test_a_halt_a_lag_parked_events_and_a_database_that_is_away_raise_an_alert():
    asked = set(re.findall(r"lessons_[a-z_]+", " ".join(rule["expr"] for rule in RULES)))

    wanted = (
        "up",
        "part_up",
        "halted",
        "lag_seconds",
        "events_parked",
        "oldest_unpublished_seconds",
        "mails_unsent",
    )
    assert {f"lessons_{name}" for name in wanted} <= asked


def test_mail_that_is_held_for_more_than_a_day_raises_an_alert_that_says_how_to_let_it_go():
    (rule,) = [rule for rule in RULES if rule["expr"] == "lessons_mails_held > 0"]

    assert rule["for"] == "24h"
    assert "“lessons mail release”" in rule["annotations"]["summary"]


def anchors():
    headings = re.findall(r"^#+ (.+)$", OPERATIONS, re.MULTILINE)
    return {re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings}
