"""The administrator's page of the pipeline: what it shows, and what can be done with events that
wait for a person.
"""

import re
import traceback
from datetime import timedelta

import pytest
from freezegun import freeze_time
from lxml import html

from shared.domain.events import ItemsDecided
from shared.platform import clock
from shared.platform.events import INTAKE_STREAM, REVIEW_STREAM
from shared.platform.logs import where_from
from shared.platform.messaging import subscription
from shared.platform.messaging.replay import REASON
from shared.platform.persistence import heartbeat, inbox, outbox
from shared.platform.persistence.inbox import ParkedEvent
from shared.platform.pipeline import PARTS
from shared.platform.scheduler import JobState
from testbed.world import World
from tests.journeys.parking import SECRET, park, states


@pytest.fixture
def admin(world: World):
    """A browser in which intake's administrator is signed in; one of review's waits under `review
    admin`.
    """
    world.person("intake admin", "admin")
    world.person("review admin", "admin")
    return world.sign_in("intake admin")


def send(browser, path, **fields):
    page = browser.get(f"/{path.split('/')[1]}/pipeline?lang=en").text
    token = re.search(r'name="form_token" value="([^"]+)"', page).group(1)
    return browser.post(path, data={"form_token": token, **fields})


def figures(page):
    """The rows of the tables by their names."""
    rows = html.fromstring(page).xpath("//table//tr")
    return {row.xpath("string(th)").strip(): row.xpath("string(td)").strip() for row in rows}


def test_the_page_shows_the_pipeline_as_a_picture_with_its_figures(
    world: World, admin, both_backends
):
    world.submit()
    with world.intake_db.sessions.begin() as session:
        for part in ("relay", "consumer"):
            heartbeat.beat(session, part)

    page = admin.get("/intake/pipeline?lang=en")

    assert page.status_code == 200
    assert figures(page.text) == {
        "Position of the last event": "1",
        "Without a position yet": "0",
        "Not confirmed by the broker": "1",
        "Age of the oldest of them": "–",
        "Applied up to position": "1",
        "Known of and not applied": "0",
        "Failed attempts at the next one": "0",
        "Parked for a person": "0",
        "Mails waiting to be sent": "0",
        "Mails given up": "0",
    }
    (picture,) = html.fromstring(page.text).xpath("//main//svg")
    assert picture.get("role") == "img"
    assert picture.xpath("string(title)") == "How events flow between Intake and Review desk"
    assert picture.xpath("string(desc)").startswith(
        "Out: log at position 1, waiting for the broker: 1. In: applied up to"
    )
    assert "Not well: jobs." in picture.xpath("string(desc)")
    assert picture.xpath(".//*[@style or @class]") == []


@pytest.mark.parametrize(
    ("language", "names", "unwell"),
    [
        ("en", ["sending", "receiving", "jobs"], "Not well: sending."),
        ("fr", ["envoi", "réception", "tâches"], "En difficulté : envoi."),
        ("es", ["envío", "recepción", "tareas"], "Con problemas: envío."),
        ("ar", ["الإرسال", "الاستلام", "المهام"], "لا يعمل جيدًا: الإرسال."),
    ],
)
def test_the_parts_are_named_in_words_of_the_readers_language(
    world: World, admin, language, names, unwell
):
    with world.intake_db.sessions.begin() as session:
        for part in ("consumer", "clockwork"):
            heartbeat.beat(session, part)

    page = html.fromstring(admin.get(f"/intake/pipeline?lang={language}").text)

    (picture,) = page.xpath("//main//svg")
    sending, receiving, jobs = names
    assert [said for said in picture.xpath(".//*/text()") if said[-1:] in ("✓", "✕")] == [
        f"{jobs} ✓",
        f"{sending} ✕",
        f"{receiving} ✓",
    ]
    assert unwell in picture.xpath("string(desc)")
    listed = page.xpath("//main//li[.//code]")
    assert [(one.xpath("string(bdi)"), one.xpath("string(code)")) for one in listed] == [
        (sending, "intake-relay"),
        (receiving, "intake-consumer"),
        (jobs, "intake-clockwork"),
    ]


@pytest.mark.parametrize(
    ("language", "job"),
    [
        ("en", "forget what expired"),
        ("fr", "oublier ce qui a expiré"),
        ("es", "olvidar lo que caducó"),
        ("ar", "حذف ما انتهت صلاحيته"),
    ],
)
def test_a_job_that_fails_is_named_in_the_readers_language(world: World, admin, language, job):
    with world.intake_db.sessions.begin() as session:
        failing = JobState(name="forget what expired", due_at=clock.now(), attempts=0)
        failing.note_failure("ValueError")
        session.add(failing)

    assert job in admin.get(f"/intake/pipeline?lang={language}").text


def test_only_administrators_see_it(world: World, admin):
    assert admin.get("/intake/pipeline").status_code == 200
    assert world.sign_in("field").get("/intake/pipeline").status_code == 403
    assert world.sign_in("editor").get("/review/pipeline").status_code == 403
    assert world.sign_in("review admin").get("/review/pipeline").status_code == 200
    assert world.intake.get("/intake/pipeline").status_code == 302


def test_a_parked_event_is_shown_without_what_the_error_says(world: World, admin):
    first, *behind = park(world)

    page = admin.get("/intake/pipeline?lang=en").text

    assert "items.decided.v1" in page
    assert f"Retry event {first}" in page
    assert "ValueError" in page
    assert "journeys/parking.py" in page
    assert SECRET not in page
    assert "Nearly 4,000" not in page
    assert behind
    assert page.count(f"It waits behind event {first} of the same note.") == len(behind)
    assert f"Skip event {behind[0]}" not in page


def test_the_foot_of_each_page_tells_an_administrator_that_something_waits(world: World, admin):
    assert "(parked: " not in admin.get("/intake/people?lang=en").text
    count = len(park(world))

    assert f"(parked: {count})" in admin.get("/intake/people?lang=en").text
    assert "(parked: " not in world.sign_in("field").get("/intake/?lang=en").text


def test_retrying_applies_the_event_and_those_behind_it(world: World, admin, both_backends):
    first, *behind = park(world)

    answer = send(admin, f"/intake/pipeline/parked/{first}/retry")

    assert answer.headers["Location"] == f"/intake/pipeline?applied={1 + len(behind)}"
    assert set(states(world).values()) == {"retried"}
    page = admin.get(answer.headers["Location"] + "&lang=en").text
    assert f"{1 + len(behind)} events were applied." in page
    assert "intake admin" in page.partition("Resolved lately")[2]
    with world.intake_db.readings() as session:
        assert session.get(ParkedEvent, first).resolved_by == world.ids["intake admin"]


def test_a_retry_that_fails_again_says_so_and_changes_nothing(world: World, admin):
    first = park(world)[0]

    def fail(_session, _event):
        raise KeyError(SECRET)

    world.intake_app.extensions["handlers"] = {ItemsDecided: fail}
    answer = send(admin, f"/intake/pipeline/parked/{first}/retry")

    assert answer.status_code == 409
    assert f"Event {first} failed again (KeyError). Nothing was changed" in answer.text
    assert SECRET not in answer.text
    assert set(states(world).values()) == {"parked"}


def test_an_event_is_skipped_with_a_reason_and_the_next_is_retried(
    world: World, admin, both_backends
):
    first, second, *_rest = park(world)

    refused = send(admin, f"/intake/pipeline/parked/{first}/skip", reason="  ")
    assert refused.status_code == 422
    assert "Say why, in at most 500 characters." in refused.text
    assert states(world)[first] == "parked"
    assert (
        send(admin, f"/intake/pipeline/parked/{second}/skip", reason="too early").status_code == 409
    )

    assert (
        send(admin, f"/intake/pipeline/parked/{first}/skip", reason="a duplicate").status_code
        == 302
    )
    assert states(world)[first] == "skipped"
    assert send(admin, f"/intake/pipeline/parked/{second}/retry").status_code == 302

    assert set(states(world).values()) == {"skipped", "retried"}
    resolved = admin.get("/intake/pipeline?lang=en").text.partition("Resolved lately")[2]
    assert "a duplicate" in resolved
    assert send(admin, f"/intake/pipeline/parked/{first}/retry").status_code == 409
    assert send(admin, "/intake/pipeline/parked/999/skip", reason="x").status_code == 404


def test_who_skips_a_note_is_told_what_that_means_and_nothing_of_others_that_do_not_wait(
    world: World,
):
    world.person("review admin", "admin")
    reference = world.submit()["reference"]
    with world.intake_db.readings() as session:
        (row,) = outbox.events_after(session, INTAKE_STREAM, position=0, limit=10)
        envelope = row.envelope(outbox.stream_named(session, INTAKE_STREAM).epoch)
    with world.review_db.sessions.begin() as session:
        inbox.park(session, envelope, "sqlalchemy.exc.IntegrityError", attempts=5)
        session.flush()
        (parked,) = inbox.parked_events(session)
    admin = world.sign_in("review admin")

    before = admin.get("/review/pipeline?lang=en").text
    again = send(admin, f"/review/pipeline/parked/{parked.id}/skip", reason="a duplicate").headers[
        "Location"
    ]
    after = admin.get(again + "&lang=en").text

    assert f'<strong dir="ltr">{reference}</strong>' in before
    assert "What this note says is then never reviewed" in before
    assert f"Event {parked.id} was skipped. It has no effect here." in after
    assert "Those behind it still wait" not in after
    refused = admin.get(f"/review/pipeline/parked/{parked.id}/skip")
    assert refused.headers["Location"] == "/review/pipeline"


def test_what_a_silent_consumer_does_not_know_is_not_shown_as_nothing(world: World):
    world.person("intake admin", "admin")
    with world.intake_db.sessions.begin() as session:
        for part in PARTS:
            heartbeat.beat(session, part)
    admin = world.sign_in("intake admin")

    well = admin.get("/intake/pipeline?lang=en").text
    with freeze_time(clock.now() + heartbeat.STALE_AFTER + timedelta(seconds=1)):
        silent = admin.get("/intake/pipeline?lang=en").text

    assert "behind by 0" in well
    assert "behind by unknown" in silent
    assert "behind: unknown" in silent


def test_a_halt_is_explained(world: World):
    world.person("intake admin", "admin")
    with world.intake_db.sessions.begin() as session:
        subscription.halt(
            subscription.cursor_of(session, REVIEW_STREAM),
            "position 3 of review.0 is another event",
        )

    page = world.sign_in("intake admin").get("/intake/pipeline?lang=en").text

    assert "position 3 of review.0 is another event" in page
    assert "lessons events resume" in page


def test_what_troubles_a_part_is_told_here_and_not_to_strangers(world: World, admin):
    with world.intake_db.sessions.begin() as session:
        heartbeat.beat(session, "relay", trouble="broker: no way to 10.0.0.7:5672")

    assert "no way to 10.0.0.7:5672" in admin.get("/intake/pipeline?lang=en").text
    assert "10.0.0.7" not in world.intake.get("/intake/readyz").text


def test_a_replay_is_not_shown_as_a_restore(world: World, admin):
    with world.intake_db.sessions.begin() as session:
        subscription.halt(subscription.cursor_of(session, REVIEW_STREAM), REASON)

    page = admin.get("/intake/pipeline?lang=en").text

    assert "A replay is under way" in page
    assert "What came from Review desk is being derived again from its log." in page
    assert "A database was restored" not in page
    assert "lessons events resume" not in page


def test_a_traceback_is_reduced_to_where_it_came_from():
    try:
        try:
            int("Amina: 12")
        except ValueError as error:
            raise LookupError(f'  File "{SECRET}"\nTel: 0123\n{SECRET}: x') from error
    except LookupError as error:
        stored = "".join(traceback.format_exception(error))

    shown = where_from(stored)

    assert [line.split(" ")[-1] for line in shown] == [
        "test_a_traceback_is_reduced_to_where_it_came_from",
        "ValueError",
        "test_a_traceback_is_reduced_to_where_it_came_from",
        "LookupError",
    ]
    assert "Amina" not in str(shown)
    assert where_from("waits behind event 5f2a") == []
