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


def test_a_ratio_is_made_round_by_round():
    found = ratio(
        "rate", "postgres", RATE["the register"], RATE["straight-line Flask + ORM"], "peer"
    )

    assert (found.values, found.beside) == ([2.4, 1.25, 2.0], "peer")


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


def test_the_document_says_where_the_register_stands():
    beside = Ratio("rate: register ÷ Flask", "postgres", [1.2, 1.0, 1.1], "straight line")
    alone = Ratio("wait", "postgres", [27.0, 26.0, 24.0], unit="ms")
    embedded = Ratio("wait", "sqlite", [5.0])

    document = report.document({}, [part_with(beside, alone, embedded)], missing=["memory"])

    stands, chapter = document.split("## Where it stands")[1].split("`python -m bench intake`")
    assert "Not measured yet: memory." in stands
    assert (
        "| rate: register ÷ Flask | PostgreSQL, RabbitMQ | 1.10 (1.00–1.20) | straight line |"
    ) in stands
    assert "| wait | PostgreSQL, RabbitMQ | 26.0 (24.0–27.0) ms | – |" in stands
    assert "5.00" not in stands
    assert "| wait | SQLite, embedded broker | 5.00 | – |" in chapter
    assert "3 rounds" in chapter
    assert "A trial: too few rounds" in chapter


def test_a_remark_stands_once_with_the_figures_that_it_explains(monkeypatch: pytest.MonkeyPatch):
    for name in ("rate", "wait"):
        monkeypatch.setitem(report.REMARKS, (name, "postgres"), "One core is the client's.")
    ratios = [Ratio(name, "postgres", [1.2]) for name in ("rate", "wait")]

    document = report.document({}, [part_with(*ratios)])

    assert "- *rate*, *wait*: One core is the client's." in document


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
