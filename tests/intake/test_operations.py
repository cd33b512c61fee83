"""Which notes are about one operation."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from freezegun import freeze_time

from testbed.world import World
from tests.intake.floods import NOTES, flood, numbers, operations_of, returned, submit
from tests.review.desk import correct


@freeze_time("2026-11-02")
def test_operations_are_numbered_in_the_order_in_which_they_are_named(world: World, both_backends):
    submit(world)
    submit(world, title="Flood reception")
    submit(world)

    assert operations_of(world) == ["OP-2026-0001", "OP-2026-0002", "OP-2026-0001"]


@pytest.mark.parametrize(
    ("described", "expected"),
    [
        ([{}, {"started_on": "2019-04"}], [1, 2]),
        ([{}, {"started_on": "2011"}, {"started_on": "2011-05-09"}], [1, 1, 1]),
        ([{}, {"started_on": "2011-06"}, {}], [1, 2, 1]),
        ([{"started_on": "2011"}, {}, {"started_on": "2011-06"}], [1, 1, 2]),
        ([{"started_on": "2011-06"}, {}, {"started_on": "2011"}], [1, 2, 3]),
        ([{"ended_on": "2011-09"}, {"ended_on": "2012"}, {}, {"ended_on": "2013"}], [1, 2, 3, 3]),
        ([{"ended_on": "2011-09"}, {}, {"ended_on": "2011"}, {"ended_on": "2012"}], [1, 1, 1, 2]),
        ([{}, {"type": "shelter"}], [1, 2]),
        ([{}, {"countries": [{"code": "SDN", "role": "host"}]}], [1, 2]),
        (
            [
                {},
                {"countries": [{"code": "SDN", "role": "host"}, {"code": "TCD", "role": "host"}]},
                {"countries": [{"code": "SDN", "role": "host"}]},
            ],
            [1, 1, 1],
        ),
        (
            [{"glide": "FL-2011-000001-TCD"}, {"glide": "FL-2011-000002-TCD"}, {"title": "Other"}],
            [1, 2, 3],
        ),
        (
            [{}, {"glide": "FL-2011-000001-TCD"}, {"glide": "FL-2011-000002-TCD"}, {}],
            [1, 1, 2, 3],
        ),
    ],
)
def test_notes_are_about_one_operation_only_when_sure(world, both_backends, described, expected):
    for changes in described:
        submit(world, **changes)

    assert numbers(world) == expected


def test_eight_notes_that_name_two_new_operations_at_once_record_two(world: World, both_backends):
    assert world.intake_app
    starts = ["2011-05", "2019-04"]

    def send(number: int) -> int:
        note, key = flood(started_on=starts[number % 2]), f"race-{number}"
        return world.call("field", "POST", NOTES, note, Idempotency_Key=key).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(8)))

    assert answers == [201] * 8
    assert sorted(numbers(world)) == [1] * 4 + [2] * 4


def test_notes_that_say_more_at_once_never_contradict_each_other(world: World, both_backends):
    assert world.intake_app
    submit(world, started_on="2011")
    months = [f"2011-{month:02d}" for month in range(1, 9)]

    def send(month: str) -> int:
        note = flood(started_on=month)
        return world.call("field", "POST", NOTES, note, Idempotency_Key=month).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, months))

    assert answers == [201] * 8
    assert sorted(numbers(world)) == [1, 1, 2, 3, 4, 5, 6, 7, 8]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([{}, {}], {}, [1, 1]),
        ([{}, {}], {"places": ["Mao"]}, [1, 1]),
        ([{}, {}], {"started_on": "2011-05-09"}, [1, 1]),
        ([{}, {}], {"started_on": "2019-04"}, [1, 2]),
        ([{}, {}], {"title": "Flood reception"}, [1, 2]),
        ([{}, {"started_on": "2019-04"}], {}, [1, 1]),
        ([{}, {"started_on": "2019-04"}], {"started_on": "2019-05"}, [1, 2]),
        ([{}, {"started_on": "2019-04"}, {}], {"started_on": "2019-04"}, [1, 2, 2]),
    ],
)
def test_a_corrected_note_is_found_its_operation_anew_and_drags_no_other_along(
    world: World, both_backends, before, after, expected
):
    for changes in before:
        reference = submit(world, **changes)["reference"]
    returned(world, reference)

    assert correct(world, reference, 1, flood(**after)).status_code == 200

    assert numbers(world) == expected


def test_what_a_note_said_of_an_operation_goes_with_it(world: World, both_backends):
    submit(world, started_on="2011")
    reference = submit(world, glide="FL-2011-000001-TCD", ended_on="2011-09")["reference"]
    returned(world, reference)
    moved = flood(started_on="2019-04", glide="FL-2011-000001-TCD")
    assert correct(world, reference, 1, moved).status_code == 200

    submit(world, started_on="2011-08", ended_on="2012")
    submit(world, started_on="2011-08", glide="FL-2011-000002-TCD")

    assert numbers(world) == [1, 2, 1, 1]


def test_an_operation_that_no_note_is_about_any_more_is_gone_and_its_reference_not_given_again(
    world: World, both_backends
):
    submit(world)
    reference = submit(world, started_on="2019-04")["reference"]
    returned(world, reference)
    assert correct(world, reference, 1, flood()).status_code == 200

    submit(world, started_on="2019-04")

    assert numbers(world) == [1, 1, 3]
