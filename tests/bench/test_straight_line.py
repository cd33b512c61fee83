"""The straight line's consumer stores what the register's own tables take."""

import json
from pathlib import Path

from bench.bare_kombu import case_of
from testbed.world import World

EXAMPLE = Path("docs/events/examples/note.submitted.v1.json")


def test_the_case_of_the_straight_line_can_be_stored(world: World):
    told = json.loads(EXAMPLE.read_text(encoding="utf-8"))["data"]

    with world.review_db.sessions.begin() as session:
        session.add(case_of(told))

    (case,) = world.call("editor", "GET", "/review/api/v1/cases").json["cases"]
    assert (case["note"], case["note_version"]) == ("AAN-2026-0001", 1)
