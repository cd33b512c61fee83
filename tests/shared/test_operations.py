"""Whether two descriptions are of one operation: surely, possibly, or not at all."""

from datetime import date
from itertools import combinations
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared.domain.operations import Traits, are_same, find_same, group, may_be_same
from shared.platform.typed.days import Span

FIRST, SECOND = "FL-2011-000001-TCD", "FL-2011-000002-TCD"
FLOOD: dict[str, Any] = {
    "title": "Flood response",
    "type": "other",
    "countries": [{"code": "TCD", "role": "host"}],
    "started_on": "2011-03",
}


def traits(**changes: Any) -> Traits:
    countries = changes.pop("countries", "TCD").split()
    named = [
        {"scheme": scheme, "id": number}
        for scheme in ("appeal", "iati", "other")
        if (number := changes.pop(scheme, None))
    ]
    operation = {**FLOOD, **changes, "countries": [{"code": code} for code in countries]}
    return Traits.of({**operation, "identifiers": named})


# what one says, what the other says, whether they are the same, whether they may be
PAIRS = [
    ({}, {}, True, True),
    ({}, {"title": "FLOOD  respónse!"}, True, True),
    ({}, {"title": "Flood reception"}, False, False),
    ({"title": "…"}, {"title": "!!"}, False, False),
    ({}, {"type": "shelter"}, False, True),
    ({}, {"countries": "SDN TCD"}, True, True),
    ({}, {"countries": "SDN"}, False, False),
    ({"started_on": "2011"}, {"started_on": "2011-03"}, True, True),
    ({"started_on": "2011-03"}, {"started_on": "2011-03-31"}, True, True),
    ({"started_on": "2011-03"}, {"started_on": "2011-04"}, False, True),
    ({"started_on": "2011"}, {"started_on": "2012-01-01"}, False, True),
    ({"ended_on": "2011-09"}, {}, True, True),
    ({"ended_on": "2011-09"}, {"ended_on": "2011"}, True, True),
    ({"ended_on": "2011-09"}, {"ended_on": "2011-10-01"}, False, True),
    ({"started_on": "2011", "ended_on": "2011-03"}, {"started_on": "2011-06"}, False, True),
    ({"glide": FIRST}, {"glide": FIRST}, True, True),
    ({"glide": FIRST}, {"glide": SECOND}, False, True),
    ({"glide": FIRST}, {}, True, True),
    ({"glide": FIRST}, {"glide": FIRST, "title": "Relief"}, False, True),
    ({"glide": FIRST}, {"glide": FIRST, "title": "Relief", "countries": "SDN"}, False, True),
    ({"glide": FIRST}, {"glide": FIRST, "started_on": "2012"}, False, True),
    ({"appeal": "MDRTD012"}, {"appeal": "mdrtd012"}, True, True),
    ({"appeal": "MDRTD012"}, {"appeal": "MDRTD013"}, False, True),
    ({"appeal": "MDRTD012"}, {"appeal": "MDRTD012", "title": "Relief"}, False, True),
    ({"appeal": "MDRTD012"}, {"other": "MDRTD012"}, True, True),
    ({"other": "A/7"}, {"other": "B/7"}, False, True),
    ({"iati": "XM-1-7"}, {"iati": "XM-1-7", "title": "Relief", "started_on": "2015"}, True, True),
    ({"iati": "XM-1-7"}, {"iati": "XM-1-7", "title": "Relief", "type": "shelter"}, False, True),
    ({"iati": "XM-1-7"}, {"iati": "XM-1-7", "title": "Relief", "countries": "SDN"}, False, True),
    ({"iati": "XM-1-7"}, {"iati": "XM-1-8"}, False, True),
    ({"iati": "XM-1-7"}, {}, True, True),
    (
        {"iati": "XM-1-7", "glide": FIRST},
        {"iati": "XM-1-7", "glide": SECOND},
        False,
        True,
    ),
]


@pytest.mark.parametrize(("one", "other", "same", "possible"), PAIRS)
def test_two_descriptions_are_of_one_operation_only_when_that_is_sure(one, other, same, possible):
    first, second = traits(**one), traits(**other)

    assert (are_same(first, second), are_same(second, first)) == (same, same)
    assert (may_be_same(first, second), may_be_same(second, first)) == (possible, possible)


def test_a_glide_number_is_an_identifier_like_those_in_the_list():
    listed = {**FLOOD, "identifiers": [{"scheme": "glide", "id": FIRST}]}

    assert Traits.of(listed) == traits(glide=FIRST)


def test_a_description_from_before_there_were_identifiers_is_read():
    assert Traits.of(FLOOD) == traits()


def test_two_that_share_one_number_of_a_scheme_do_not_differ_in_it():
    both = Traits.of(
        {
            **FLOOD,
            "glide": FIRST,
            "identifiers": [{"scheme": "glide", "id": "EP-2011-000002-TCD"}],
        }
    )

    assert are_same(both, traits(glide="EP-2011-000002-TCD"))


def test_what_is_known_grows_with_each_note():
    known = traits(started_on="2011").with_more(
        traits(started_on="2011-03", ended_on="2011", countries="TCD SDN", appeal="MDRTD012")
    )

    assert known.started == Span(date(2011, 3, 1), date(2011, 3, 31))
    assert known.ended == Span(date(2011, 1, 1), date(2011, 12, 31))
    assert known.countries == {"TCD", "SDN"}
    assert known.identifiers == {("appeal", "mdrtd012")}


def test_dates_that_contradict_what_is_known_do_not_move_it():
    known = traits(iati="XM-1-7", ended_on="2011-05")

    assert known.with_more(traits(iati="XM-1-7", started_on="2015")) == known


@pytest.mark.parametrize(
    ("known", "found"),
    [
        ({}, None),
        ({"a": {"started_on": "2011"}}, "a"),
        ({"a": {"started_on": "2011"}, "b": {"started_on": "2012"}}, "a"),
        ({"a": {"started_on": "2011"}, "b": {"ended_on": "2011-05"}}, None),
        ({"a": {"started_on": "2011"}, "b": {}}, "b"),
        ({"a": {}, "b": {}}, None),
        ({"a": {"iati": "XM-1-7"}}, "a"),
    ],
)
def test_the_one_that_fits_is_found_and_where_several_fit_only_one_described_alike(known, found):
    assert find_same(traits(), {key: traits(**one) for key, one in known.items()}) == found


def test_an_activity_goes_before_a_title():
    activity = traits(iati="XM-1-7", title="Relief", started_on="2010")

    assert find_same(traits(iati="XM-1-7"), {"title": traits(), "activity": activity}) == "activity"


@pytest.mark.parametrize(
    ("descriptions", "groups"),
    [
        (["2011-05", "2019-04"], [[0], [1]]),
        (["2011", "2011-03", "2011-09"], [[0, 1], [2]]),
        (["2011-03", "2011-09", "2011"], [[0], [1], [2]]),
        ([None, f"glide {FIRST}", f"glide {SECOND}"], [[0, 1], [2]]),
        ([None, "countries TCD SDN", "countries SDN", None], [[0, 1, 2, 3]]),
    ],
)
def test_descriptions_are_told_apart_in_their_order(descriptions, groups):
    assert group([traits(**changed(text)) for text in descriptions]) == groups


def changed(text: str | None) -> dict[str, str]:
    """A start, or a field and what stands in it."""
    name, _space, rest = (text or "").partition(" ")
    return {name: rest} if rest else {"started_on": text} if text else {}


def described(**changes: st.SearchStrategy[str | None]) -> st.SearchStrategy[Traits]:
    days = st.sampled_from(["2011", "2011-03", "2011-03-09", "2011-09", "2012", "2012-02"])
    parts = {
        "title": st.sampled_from(["Flood response", "Relief"]),
        "type": st.sampled_from(["other", "shelter"]),
        "countries": st.sampled_from(["TCD", "SDN", "SDN TCD"]),
        "started_on": days,
        "ended_on": days | st.none(),
        "glide": st.sampled_from([FIRST, SECOND]) | st.none(),
        "appeal": st.sampled_from(["MDRTD012", "MDRTD013"]) | st.none(),
    }
    drawn = st.fixed_dictionaries(parts | changes)
    return drawn.map(
        lambda operation: traits(**{name: part for name, part in operation.items() if part})
    )


NAMED = described(iati=st.sampled_from(["XM-1-7", "XM-1-8"]) | st.none())


@given(NAMED, NAMED)
def test_it_does_not_matter_which_of_two_came_first(one, other):
    assert are_same(one, other) == are_same(other, one)
    assert may_be_same(one, other) == may_be_same(other, one)
    assert may_be_same(one, other) or not are_same(one, other)


ALIKE = described(title=st.just("Relief"), type=st.just("other"), glide=st.none(), appeal=st.none())


@given(ALIKE, ALIKE)
def test_two_that_are_the_same_say_the_same_together_in_either_order(one, other):
    assume(are_same(one, other))

    assert one.with_more(other) == other.with_more(one)


@given(st.lists(described(), max_size=6))
def test_two_that_contradict_each_other_are_never_grouped_in_whatever_order_they_come(all_of_them):
    for together in group(all_of_them):
        for one, other in combinations([all_of_them[place] for place in together], 2):
            assert one.title == other.title
            assert one.type == other.type
            assert one.started.overlap(other.started)
            assert not (one.ended and other.ended) or one.ended.overlap(other.ended)
            for scheme in ("glide", "appeal"):
                named = [dict(each.identifiers) for each in (one, other)]
                assert len({each[scheme] for each in named if scheme in each}) <= 1


@given(st.lists(NAMED, max_size=6))
def test_every_description_stands_in_one_group(all_of_them):
    grouped = [place for together in group(all_of_them) for place in together]

    assert sorted(grouped) == list(range(len(all_of_them)))
