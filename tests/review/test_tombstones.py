"""What remains of an entry for those who lost sight of it: a tombstone, whatever they ask for."""

from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from testbed.notes import make_note
from testbed.world import YEAR, World
from tests.review.desk import withdraw
from tests.review.taken_back import ASKED, CHOICES, HIDDEN, ONWARD, SHOWN, fill, narrow

ENTRIES = "/api/v1/entries"


@pytest.fixture
def library(world: World) -> World:
    fill(world)
    return world


def read(world, who, **asked):
    answer = world.call(who, "GET", f"{ENTRIES}?{urlencode(asked)}")
    assert answer.status_code == 200, answer.json
    return answer


def references(answer, state):
    return [entry["reference"] for entry in answer.json["entries"] if entry["state"] == state]


@pytest.mark.parametrize("take_back", [withdraw, narrow])
def test_no_filter_decides_whether_a_tombstone_is_sent(library: World, take_back, both_backends):
    take_back(library, *HIDDEN)

    for asked in ASKED:
        for who in (None, "stranger"):
            assert references(read(library, who, **asked), "withdrawn") == HIDDEN, asked


@pytest.mark.parametrize("take_back", [withdraw, narrow])
def test_any_filters_together_leave_every_tombstone_as_it_is(library: World, take_back):
    take_back(library, *HIDDEN)
    plain = read(library, None).json["entries"]
    tombstones = [entry for entry in plain if entry["state"] == "withdrawn"]
    questions = {name: st.sampled_from(values) for name, values in CHOICES.items()}
    questions["q"] |= st.text("zubaydqfx %_\\'\"*", min_size=1, max_size=12).filter(str.strip)

    @settings(
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(st.fixed_dictionaries({}, optional=questions))
    def ask(asked):
        entries = read(library, None, **asked).json["entries"]
        assert [entry for entry in entries if entry["state"] == "withdrawn"] == tombstones

    assert len(tombstones) == 2
    ask()


@pytest.mark.parametrize("take_back", [withdraw, narrow])
def test_a_guess_at_what_was_hidden_is_answered_the_same_right_or_wrong(library: World, take_back):
    take_back(library, *HIDDEN)

    for right, wrong in (
        ({"q": "zubaydaqf"}, {"q": "zubaydaqx"}),
        ({"q": HIDDEN[0]}, {"q": f"LL-{YEAR}-9999"}),
        ({"country": "NER"}, {"country": "ITA"}),
        ({"sector": "2"}, {"sector": "15"}),
        ({"phase": "after"}, {"phase": "before"}),
        ({"indicator": "days-in-transit"}, {"indicator": "hours-to-registration"}),
    ):
        guesses = [read(library, None, **asked) for asked in (right, wrong)]
        assert guesses[0].data == guesses[1].data, right
        assert guesses[0].headers["ETag"] == guesses[1].headers["ETag"], right


def test_only_the_kind_of_entry_chooses_among_tombstones(library: World):
    withdraw(library, *HIDDEN)

    assert references(read(library, None, kind="lesson", country="ITA"), "withdrawn") == HIDDEN[:1]
    assert references(read(library, None, kind="benchmark", q="nowhere"), "withdrawn") == HIDDEN[1:]


def test_what_a_reader_still_sees_is_filtered_as_ever(library: World, both_backends):
    narrow(library, *HIDDEN)

    for who in ("holland", "editor"):
        assert references(read(library, who, q="zubaydaqf"), "published") == HIDDEN
        assert references(read(library, who, q="zubaydaqx"), "published") == []
        assert references(read(library, who, country="TCD"), "published") == SHOWN
        assert references(read(library, who, sector="2", phase="after"), "published") == HIDDEN[:1]
        assert references(read(library, who), "withdrawn") == []
    assert references(read(library, None, country="TCD"), "published") == SHOWN
    assert references(read(library, None, country="NER"), "published") == []


def test_one_taken_back_beside_one_still_seen_are_each_asked_what_they_may_be(library: World):
    narrow(library, HIDDEN[0])

    first = read(library, None, q="zubaydaqf")
    withdraw(library, HIDDEN[1])
    second = read(library, None, q="zubaydaqf")

    assert references(first, "withdrawn") == HIDDEN[:1]
    assert references(first, "published") == HIDDEN[1:]
    assert references(second, "withdrawn") == HIDDEN
    assert references(second, "published") == []


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 6, 500])
def test_pages_of_any_length_hold_every_tombstone_once_and_in_order(library: World, limit):
    withdraw(library, HIDDEN[0], SHOWN[1])
    library.publish(make_note(operation__title="Agadez again"))
    narrow(library, HIDDEN[1])

    found, cursor = [], ""
    while len(found) < 10:
        page = read(library, None, q="Agadez", limit=limit, since=cursor).json
        assert len(page["entries"]) <= limit
        if not page["entries"]:
            break
        found += page["entries"]
        cursor = page["next"]

    assert [(entry["reference"], entry["state"]) for entry in found] == [
        (HIDDEN[0], "withdrawn"),
        (SHOWN[1], "withdrawn"),
        (f"LL-{YEAR}-0003", "published"),
        (f"BM-{YEAR}-0003", "published"),
        (HIDDEN[1], "withdrawn"),
    ]
    assert sorted({entry["position"] for entry in found}) == [entry["position"] for entry in found]


def test_who_comes_back_under_a_filter_is_told_of_what_was_taken_back_meanwhile(library: World):
    cursor = read(library, "stranger", country="TCD").json["next"]
    narrow(library, HIDDEN[0])

    for who, expected in (("stranger", HIDDEN[:1]), ("holland", [])):
        answer = read(library, who, country="TCD", since=cursor)
        assert references(answer, "withdrawn") == expected, who


def test_who_never_could_see_an_entry_gets_nothing_of_it_whatever_they_ask(library: World):
    (lesson, benchmark) = library.publish({**ONWARD, "sharing": "amber"})

    def assert_nothing():
        for asked in ASKED:
            expected = read(library, "stranger", **asked).text
            assert lesson not in expected, asked
            assert benchmark not in expected, asked
        assert library.call("stranger", "GET", f"{ENTRIES}/{lesson}").status_code == 404
        assert library.review.get(f"/library/entries/{lesson}").status_code == 404

    assert_nothing()
    withdraw(library, lesson, benchmark)
    assert_nothing()
    gone = references(read(library, "holland", country="ITA"), "withdrawn")
    assert gone == [lesson, benchmark]


@pytest.mark.parametrize("take_back", [withdraw, narrow])
def test_the_pages_neither_show_nor_count_nor_find_what_was_taken_back(library: World, take_back):
    take_back(library, *HIDDEN)

    for asked in ASKED:
        page = library.review.get(f"/library/?{urlencode(asked)}").text
        assert not [reference for reference in HIDDEN if f"{reference}<" in page], asked
    for asked in ("q=zubaydaqf", "country=NER", f"q={HIDDEN[0]}", "indicator=days-in-transit"):
        assert "0 entries" in library.review.get(f"/library/?{asked}").text, asked
    indicator = library.review.get("/library/benchmarks/days-in-transit").text
    assert "Values of 0 operations" in indicator
    assert "2 published lessons" in library.review.get("/").text


@pytest.mark.parametrize("take_back", [withdraw, narrow])
def test_the_page_of_what_was_taken_back_says_nothing_of_what_it_said(library: World, take_back):
    take_back(library, *HIDDEN)

    for reference in HIDDEN:
        for path in (f"/library/entries/{reference}", f"{ENTRIES}/{reference}"):
            answer = library.review.get(path)
            assert answer.status_code == 410
            for said in ("zubaydaqf", "Agadez", "NER", "Niger", "Chad", "transit", "amber"):
                assert said not in answer.text, (path, said)
