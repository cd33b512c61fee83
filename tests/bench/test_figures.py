"""What a run of the benchmarks finds is told truly."""

from xml.etree import ElementTree

import pytest

from bench import charts, report
from bench.figures import Figure, Part, Ratio, Table, in_turn, percentile, ratio, spread

RATE = {"the register": [120.0, 100.0, 110.0], "straight-line Flask + ORM": [50.0, 80.0, 55.0]}


def part_with(*ratios: Ratio) -> Part:
    figure = Figure("Notes taken, 16 clients", "postgres", "notes per second", RATE)
    table = Table("postgres: processes", ["process", "PSS"], [["intake-relay", "61"]])
    return Part(
        "intake",
        "Taking notes",
        "How.",
        3,
        "2026-11-24 10:00 UTC",
        90.0,
        [figure],
        [*ratios],
        [table],
    )


def test_a_ratio_is_made_round_by_round_and_held_against_its_bound_by_the_median():
    found = ratio(
        "rate", "postgres", RATE["the register"], RATE[("straight-line Flask + ORM")], bound=1.5
    )

    assert found.values == [2.4, 1.25, 2.0]
    assert found.is_met is True
    assert Ratio("rate", "postgres", [1.4, 1.6, 1.2], bound=1.5).is_met is False
    assert Ratio("wait", "postgres", [20.0, 26.0, 24.0], bound=25.0, is_limit=True).is_met is True
    assert Ratio("wait", "postgres", [27.0, 26.0, 24.0], bound=25.0, is_limit=True).is_met is False


def test_slices_run_in_turn_and_every_second_round_backwards():
    ran = []
    slices = {
        name: lambda name=name: ran.append(name) or {"rate": float(len(ran))}
        for name in ("ours", "peer")
    }

    assert in_turn(2, slices) == {"rate": {"ours": [1.0, 4.0], "peer": [2.0, 3.0]}}
    assert ran == ["ours", "peer", "peer", "ours"]


def test_a_spread_tells_the_median_with_the_lowest_and_the_highest():
    assert spread([3.0, 1.234, 250.0]) == "3.00 (1.23–250)"
    assert spread([1234.5]) == "1,234"


def test_a_percentile_is_a_value_that_was_seen():
    assert percentile(list(range(1, 101)), 0.99) == 100
    assert percentile([5.0, 1.0, 3.0], 0.5) == 3.0


def test_the_document_says_plainly_what_is_missed():
    missed = Ratio("notes per second: register ÷ Flask", "postgres", [1.2, 1.0, 1.1], bound=1.5)
    met = Ratio("wait: register ÷ Flask", "postgres", [0.5], bound=0.75, is_limit=True)

    told = report.document({"Processor": "2 CPUs"}, [part_with(missed, met)], missing=["memory"])

    assert "Not measured yet: memory." in told
    assert "1 of 2 targets are met, 1 missed." in told
    assert (
        "| notes per second: register ÷ Flask | PostgreSQL, RabbitMQ | 1.10 (1.00–1.20) "
        "| at least 1.5 | **missed** |"
    ) in told
    assert (
        "- *notes per second: register ÷ Flask*: missed by a factor of 1.36; no reason is "
        "written down yet"
    ) in told
    assert "| wait: register ÷ Flask | PostgreSQL, RabbitMQ | 0.50 | at most 0.75 | met |" in told
    assert "`python -m bench intake`, 3 rounds" in told
    assert "A trial: too few rounds" in told


def test_a_remark_is_kept_with_the_figure_that_it_explains(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(
        report.REMARKS, ("rate", "postgres"), ("Because one core is taken by the client.")
    )

    told = report.document({}, [part_with(Ratio("rate", "postgres", [1.2], bound=1.5))])

    assert "- *rate*: Because one core is taken by the client." in told
    assert "no reason is written down" not in told


def test_a_chart_is_small_and_shows_the_medians():
    drawn = charts.bars(Figure("Notes taken", "postgres", "notes per second", RATE))

    texts = [
        text.text for text in ElementTree.fromstring(drawn).iter("{http://www.w3.org/2000/svg}text")
    ]
    assert texts == [
        "Notes taken (PostgreSQL, RabbitMQ), notes per second",
        "the register",
        "110",
        "straight-line Flask + ORM",
        "55.0",
    ]
    assert len(drawn.encode()) < 5000


def test_what_was_found_on_the_other_back_end_stays_with_its_date():
    on_both = part_with(Ratio("rate", "postgres", [1.0]), Ratio("rate", "sqlite", [2.0]))
    on_both.version, on_both.gaps = "abc1234", ["sqlite: one was not taken."]

    kept = on_both.of("sqlite")

    assert [one.values for one in kept.ratios] == [[2.0]]
    assert (kept.figures, kept.tables) == ([], [])
    assert kept.gaps == [
        "sqlite: one was not taken.",
        "sqlite: measured 2026-11-24 10:00 UTC, version abc1234.",
    ]
    assert kept.of("sqlite").gaps == kept.gaps
