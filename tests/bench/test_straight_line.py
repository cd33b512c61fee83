"""The straight line stores what the register's own tables take."""

import json
from pathlib import Path

from bench.bare_kombu import case_of
from bench.straight_line import create_app
from testbed.notes import make_note
from testbed.register import Register
from testbed.world import World

EXAMPLE = Path("docs/events/examples/note.submitted.v1.json")


def test_the_case_of_the_straight_line_can_be_stored(world: World):
    data = json.loads(EXAMPLE.read_text(encoding="utf-8"))["data"]

    with world.review_db.sessions.begin() as session:
        session.add(case_of(data))

    (case,) = world.call("editor", "GET", "/review/api/v1/cases").json["cases"]
    assert (case["note"], case["note_version"]) == ("AAN-2026-0001", 1)


def test_the_note_of_the_straight_line_can_be_stored(world: World, tmp_path, monkeypatch):
    world.submit()  # it repeats the event of a note that is there
    for name, value in Register.on(world, tmp_path).environment.items():
        monkeypatch.setenv(name, value)

    headers = {"Idempotency-Key": "another"}
    answer = (
        create_app().test_client().post("/intake/api/v1/notes", json=make_note(), headers=headers)
    )

    assert (answer.status_code, answer.json["version"]) == (201, 1)
