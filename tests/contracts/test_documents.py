"""What the documents and the container files say holds for the code."""

import json
import re
import tomllib
from pathlib import Path

import click
import pytest
import yaml
from click.testing import CliRunner

from services.cli import COMMANDS, lessons
from services.processes import LOOPS, PROCESSES

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
VARIABLE = re.compile(r"LESSONS_[A-Z_]*[A-Z]")


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def ours() -> dict[str, list[str]]:
    """The arguments of `lessons` in each container of our image."""
    return {
        name: part["command"]
        for name, part in COMPOSE["services"].items()
        if part["image"] == "lessons-register"
    }


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_of_a_document_leads_somewhere(document: Path):
    links = re.findall(r"\]\(([^)\s]+)\)", document.read_text(encoding="utf-8"))
    inner = [link.partition("#")[0] for link in links if not link.startswith("http")]
    assert [link for link in inner if link and not (document.parent / link).exists()] == []


def test_every_variable_that_is_read_is_documented_and_the_other_way_round():
    spelled = set(VARIABLE.findall(read("shared/platform/settings.py")))
    spelled |= {
        f"LESSONS_{service}{rest}"
        for service in ("INTAKE", "REVIEW")
        for rest in ("_DATABASE_URL", "_URL")
    }
    documented = set(VARIABLE.findall(read("docs/operations.md")))
    assert documented == spelled


def test_containers_are_given_only_variables_that_are_documented():
    given = set().union(
        *(
            part.get("environment", {})
            for name, part in COMPOSE["services"].items()
            if name in ours()
        )
    )
    assert given <= set(VARIABLE.findall(read("docs/operations.md")))


def test_every_library_has_a_sentence_of_why():
    project = tomllib.loads(read("pyproject.toml"))
    groups = project["dependency-groups"]
    asked = [*project["project"]["dependencies"], *groups["dev"], *groups["build"], *groups["node"]]
    names = {re.split(r"[\[<>=]", text)[0] for text in asked if isinstance(text, str)}
    names |= set(json.loads(read("frontend/package.json"))["devDependencies"])
    reasons = "\n".join(
        line.split("|")[1]
        for line in read("docs/dependencies.md").splitlines()
        if line.count("|") > 2
    )
    assert {
        name
        for name in names
        if not re.search(rf"(^|[\s,(]){re.escape(name)}($|[\s,)])", reasons, re.M)
    } == set()


def test_every_process_has_a_container_and_a_check_of_its_health():
    processes = {command[1] for command in ours().values() if command[0] == "run"}
    assert processes == set(PROCESSES) - {"front-door"}
    for name, part in COMPOSE["services"].items():
        assert "healthcheck" in part or name == "upgrade", name
    for name in LOOPS:
        assert COMPOSE["services"][name]["healthcheck"]["test"][2:] == ["healthcheck", name]


def test_every_command_has_the_name_by_which_it_is_called():
    context = click.Context(lessons)

    assert [
        lessons.get_command(context, name).name for name in lessons.list_commands(context)
    ] == list(COMMANDS)


def test_every_command_of_a_container_exists():
    for name, command in ours().items():
        done = CliRunner().invoke(lessons, [*command, "--help"])
        assert done.exit_code == 0, (name, done.output)


def test_the_containers_start_only_when_databases_and_broker_were_prepared():
    assert COMPOSE["services"]["upgrade"]["command"] == ["upgrade"]
    for name in ours().keys() - {"upgrade"}:
        assert COMPOSE["services"][name]["depends_on"] == {
            "upgrade": {"condition": "service_completed_successfully"}
        }


def test_the_proxy_hides_what_is_for_the_inside():
    (pattern,) = re.findall(r"@inside path_regexp (\S+)", read("deploy/Caddyfile"))
    hidden = [
        "/intake/events",
        "/review/events",
        "/metrics",
        "/review/metrics",
        "/fr/intake/events",
        "/ar/metrics",
    ]
    shown = [
        "/",
        "/intake/notes/new",
        "/library/entries/LL-2026-0001",
        "/review/",
        "/api/v1/entries",
        "/intake/eventsx",
    ]
    assert [path for path in hidden if not re.search(pattern, path)] == []
    assert [path for path in shown if re.search(pattern, path)] == []
