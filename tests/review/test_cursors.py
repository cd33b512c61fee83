"""Cursors: where a reader of the library was, and what is taken for none."""

import base64
from uuid import uuid4

import pytest

from services.review.library import queries
from shared.platform.persistence import outbox
from testbed.notes import make_note
from testbed.world import World, bad_fields
from tests.review.desk import withdraw

ENTRIES = "/api/v1/entries"


def encoded(words):
    return base64.urlsafe_b64encode(words.encode()).decode().rstrip("=")


def end_at(world, head):
    with world.review_db.sessions.begin() as session:
        outbox.stream_named(session, "review.0").head = head


def read(world, query=""):
    return world.call(None, "GET", f"{ENTRIES}{query}").json


def test_a_cursor_of_another_epoch_answers_410_and_nonsense_422(world: World):
    world.publish()
    cursor = read(world)["next"]
    with world.review_db.sessions.begin() as session:
        outbox.stream_named(session, "review.0").epoch = uuid4()

    assert world.call(None, "GET", f"{ENTRIES}?since={cursor}").status_code == 410
    for nonsense in ("x", "é", "AAAA", "=" * 300, "bm9uZS8x"):
        assert world.call(None, "GET", f"{ENTRIES}?since={nonsense}").status_code == 422, nonsense


@pytest.mark.parametrize(
    "spoil",
    [lambda c: c[:-2], lambda c: c[:-3], lambda c: c[:-4], lambda c: c + "x", lambda c: c + "=="],
)
@pytest.mark.parametrize("position", [1, 12, 123])
def test_a_cursor_that_was_cut_off_or_added_to_is_refused(world: World, position, spoil):
    end_at(world, position)
    cursor = read(world)["next"]
    end_at(world, 999_999)

    assert world.call(None, "GET", f"{ENTRIES}?since={cursor}").status_code == 200
    answer = world.call(None, "GET", f"{ENTRIES}?since={spoil(cursor)}")
    assert (answer.status_code, bad_fields(answer)) == (422, ["since"])


@pytest.mark.parametrize(
    "words", ["+1/{epoch}", "01/{epoch}", " 1/{epoch}", "-1/{epoch}", "1/{EPOCH}", "1/2/{epoch}"]
)
def test_a_cursor_that_the_register_would_have_written_otherwise_is_refused(world: World, words):
    world.publish()
    epoch = read(world)["epoch"]
    cursor = encoded(words.format(epoch=epoch, EPOCH=epoch.upper()))

    assert world.call(None, "GET", f"{ENTRIES}?since={cursor}").status_code == 422


def test_a_cursor_beyond_the_end_was_never_given_and_is_refused(world: World):
    world.publish()
    page = read(world)
    head = read(world)["entries"][-1]["position"]

    for beyond in (f"{head + 1000}/{page['epoch']}", f"{page['epoch']}/999999"):
        assert world.call(None, "GET", f"{ENTRIES}?since={encoded(beyond)}").status_code == 422, (
            beyond
        )
        assert (
            world.call(None, "GET", f"/feeds/lessons.json?before={encoded(beyond)}").status_code
            == 422
        ), beyond
    assert world.call(None, "GET", f"{ENTRIES}?since={page['next']}").status_code == 200


def test_a_cursor_given_when_the_epoch_came_first_stays_good(world: World):
    _lesson, benchmark = world.publish()
    page = read(world)
    cursor = encoded(f"{page['epoch']}/{page['entries'][0]['position']}")

    assert [entry["reference"] for entry in read(world, f"?since={cursor}")["entries"]] == [
        benchmark
    ]


def test_what_changes_while_a_page_is_read_comes_with_the_next_one(world: World, monkeypatch):
    lesson, benchmark = world.publish()
    with world.review_db.readings() as session:
        before = queries.library_state(session)
    world.publish(make_note(operation__title="Another operation"))
    withdraw(world, benchmark)
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(queries, "library_state", lambda _session: before)
        first = read(world)
    second = read(world, f"?since={first['next']}")

    assert [(entry["reference"], entry["state"]) for entry in first["entries"]] == [
        (lesson, "published"),
    ]
    assert [(entry["reference"], entry["state"]) for entry in second["entries"]] == [
        (lesson.replace("0001", "0002"), "published"),
        (benchmark.replace("0001", "0002"), "published"),
        (benchmark, "withdrawn"),
    ]
