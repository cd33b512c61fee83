"""How the API says no: in order, in measure, and where to look."""

import gzip
import json
from uuid import uuid4

import pytest

from testbed.notes import make_benchmark, make_lesson, make_note
from testbed.world import World

NOTES = "/intake/api/v1/notes"


def send(world, body, **headers):
    values = {
        "Authorization": (f"Bearer {world.keys['field']}"),
        "Idempotency-Key": "k",
        "Accept-Language": "en",
    }
    return world.intake.post(
        NOTES, data=body, content_type="application/json", headers=values | headers
    )


def test_errors_stand_in_the_order_of_the_document_and_what_is_missing_comes_first(world: World):
    note = make_note(
        zeta=1,
        operation__title="",
        operation__started_on="March",
        lessons=[make_lesson() for _ in range(10)]
        + [make_lesson(kind="blame", title="x" * 301), make_lesson(kind=None)],
        benchmarks=[make_benchmark(unit="litres")],
        alpha=1,
    )
    del note["organisation"]

    answer = send(world, json.dumps(note))

    assert [error["field"] for error in answer.json["errors"]] == [
        "organisation",
        "operation.title",
        "operation.started_on",
        "lessons.10.kind",
        "lessons.10.title",
        "lessons.11.kind",
        "benchmarks.0.unit",
        "zeta",
        "alpha",
    ]
    assert answer.json["detail"] == "Some answers need to be changed."


def test_errors_of_an_address_stand_in_its_order(world: World):
    answer = world.call(None, "GET", "/api/v1/entries?zeta=1&limit=x&country=XX&alpha=1")

    assert [error["field"] for error in answer.json["errors"]] == [
        "zeta",
        "limit",
        "country",
        "alpha",
    ]


def test_very_many_errors_are_counted_and_the_first_hundred_listed(world: World):
    note = {f"field {number}": 1 for number in range(10_000)} | make_note()

    answer = send(world, json.dumps(note))

    assert [error["field"] for error in answer.json["errors"]] == [
        f"field {number}" for number in range(100)
    ]
    assert answer.json["detail"] == "Some answers need to be changed. 9900 more are not listed."


@pytest.mark.parametrize(
    ("count", "detail"),
    [
        (100, "Some answers need to be changed."),
        (101, "Some answers need to be changed. 1 more is not listed."),
    ],
)
def test_the_hundredth_error_is_listed_and_the_next_one_counted(world: World, count, detail):
    note = make_note() | {f"field {number}": 1 for number in range(count)}

    answer = send(world, json.dumps(note))

    assert (len(answer.json["errors"]), answer.json["detail"]) == (100, detail)


def test_a_wrong_address_with_a_body_that_cannot_be_read_is_still_answered(world: World):
    for body in (b"[" * 100_000, b"x" * 1_100_000):
        answer = world.review.get(
            "/api/v1/entries?limit=x", data=body, content_type="application/json"
        )

        assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "limit")


@pytest.mark.parametrize("encoding", ["gzip", "br", "gzip, br"])
def test_a_compressed_body_is_refused_with_what_to_send_instead(world: World, encoding):
    answer = send(
        world, gzip.compress(json.dumps(make_note()).encode()), **{"Content-Encoding": encoding}
    )

    assert (answer.status_code, answer.content_type) == (415, "application/problem+json")
    assert answer.headers["Accept-Encoding"] == "identity"
    assert answer.json["detail"] == (
        "Send JSON, not compressed, with “Content-Type: application/json” and without "
        "“Content-Encoding”."
    )


def test_a_body_that_says_it_is_not_compressed_is_taken(world: World):
    assert (
        send(world, json.dumps(make_note()), **{"Content-Encoding": "Identity"}).status_code == 201
    )


@pytest.mark.parametrize(
    ("body", "place"),
    [(b'{"a": 1,\n "b": }', "line 2, column 7"), (b"{} {}", "line 1, column 4")],
)
def test_broken_json_is_named_by_line_and_column_in_both_services(world: World, body, place):
    reviewed = world.review.post(
        f"/review/api/v1/cases/{uuid4()}/decisions",
        data=body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {world.keys['editor']}"},
    )

    for answer in (send(world, body), reviewed):
        assert answer.status_code == 400
        assert answer.json["detail"] == (
            f"The request cannot be read: its JSON is broken at {place}."
        )


def test_a_body_that_is_no_text_at_all_is_refused_without_a_place(world: World):
    answer = send(world, b'{"a": "\xff"}')

    assert (answer.status_code, answer.json["detail"]) == (400, "The request cannot be read.")
