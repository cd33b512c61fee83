"""When a service cannot store, it asks to be tried again: never 201, never 500, and nothing typed
is lost.
"""

import re
from contextlib import ExitStack, contextmanager
from html import unescape
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import event, func, select
from sqlalchemy.engine import make_url

from services.intake.model import Note
from shared.platform.persistence.engine import open_database
from testbed.databases import SERVER
from testbed.notes import approve, make_note
from testbed.world import World

FORM = {
    "operation.title": "Retour “au pays”\nd’Ouadi Doum",
    "operation.type": "evacuation",
    "operation.countries.0.code": "TCD",
    "operation.started_on": "2011-03",
    "organisation": "Chad Migration Support",
}


@contextmanager
def away(database, url):
    """The database is locked by another (SQLite), or gone from its server with all connections cut
    (PostgreSQL).
    """
    if database.is_sqlite:
        other = open_database(url)
        with every_connection(database, "PRAGMA busy_timeout = 100"), other.engine.begin():
            yield
        other.close()
        return
    name = make_url(url).database
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
        )
        server.execute(f'ALTER DATABASE "{name}" RENAME TO "{name}_away"')
        try:
            yield
        finally:
            server.execute(f'ALTER DATABASE "{name}_away" RENAME TO "{name}"')


@contextmanager
def every_connection(database, statement):
    """Each connection that is opened during the block begins with a statement."""

    def prepare(connection, _record):
        connection.execute(statement)
        connection.commit()

    event.listen(database.engine, "connect", prepare)
    database.engine.dispose()
    try:
        yield
    finally:
        event.remove(database.engine, "connect", prepare)
        database.engine.dispose()


@contextmanager
def empty_pool(database):
    """All connections of this process are taken."""
    pool = database.engine.pool
    patience, pool._timeout = pool._timeout, 0.1
    with ExitStack() as taken:
        for _connection in range(pool.size() + pool._max_overflow):
            taken.enter_context(database.engine.connect())
        yield
    pool._timeout = patience


def submit(world, key):
    return world.call("field", "POST", "/intake/api/v1/notes", make_note(), Idempotency_Key=key)


def count(world):
    with world.intake_db.readings() as session:
        return session.scalar(select(func.count()).select_from(Note))


def assert_asks_to_try_again(answer):
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0


def typed_again(page):
    """What the page's hidden fields would send."""
    fields = re.findall(
        (
            r'<input type="hidden" '
            r'name="([^"]*)" value="([^"]*)">'
        ),
        page.split("<main")[1].split("</main")[0],
    )
    return {unescape(name): unescape(value) for name, value in fields}


def test_a_note_that_cannot_be_stored_is_refused_and_the_same_request_is_taken_later(
    world: World, both_backends
):
    key = uuid4().hex
    with away(world.intake_db, world.intake_url):
        refused = submit(world, key)
        assert_asks_to_try_again(refused)
        assert refused.content_type == "application/problem+json"
        assert refused.json["detail"].startswith("The register cannot store anything right now.")

    assert count(world) == 0
    assert submit(world, key).status_code == 201
    assert submit(world, key).status_code == 200
    assert count(world) == 1


def test_a_form_that_cannot_be_stored_keeps_what_was_typed_and_can_be_sent_again(
    world: World, both_backends
):
    browser = world.intake
    with away(world.intake_db, world.intake_url):
        refused = browser.post("/intake/notes/new?lang=en", data=FORM)
        assert_asks_to_try_again(refused)
        assert refused.headers["Cache-Control"] == "no-store"
        assert 'action="/intake/notes/new?lang=en"' in refused.text
        assert "Nothing is lost: this page holds what you typed." in refused.text
        assert typed_again(refused.text) == FORM

    taken = browser.post("/intake/notes/new", data=typed_again(refused.text))

    assert taken.status_code == 302
    assert count(world) == 1


def test_a_later_page_of_the_form_and_its_sending_survive_too(world: World, both_backends):
    browser = world.intake
    address = browser.post("/intake/notes/new", data=FORM).headers["Location"]
    lesson = {
        "observation": "Nearly 4,000 waited.",
        "discussion": "",
        "recommendation": "Size the centre.",
    }
    with away(world.intake_db, world.intake_url):
        refused = browser.post(address, data=lesson)
        assert_asks_to_try_again(refused)
        assert typed_again(refused.text) == lesson
        sending = re.sub(r"/write/.*", "/check", address)
        assert_asks_to_try_again(browser.post(sending))

    assert browser.post(address, data=typed_again(refused.text)).status_code == 302
    with world.intake_db.readings() as session:
        (draft,) = session.scalars(select(Note.draft))
    assert draft["lessons"][0]["observation"] == "Nearly 4,000 waited."


def test_a_decision_that_cannot_be_stored_is_not_taken_for_made(world: World, both_backends):
    case = world.case_of(world.submit()["reference"])
    body = {"version": case["version"], "decisions": [approve(item) for item in case["items"]]}
    path = f"/review/api/v1/cases/{case['id']}/decisions"
    browser = world.sign_in("editor")
    page = browser.get(f"/review/cases/{case['id']}?lang=en").text
    token = re.search(r'name="form_token" value="([^"]+)"', page).group(1)
    typed = {"form_token": token, "comment": "One moment", "version": str(case["version"])}
    with away(world.review_db, world.review_url):
        assert_asks_to_try_again(world.call("editor", "POST", path, body))
        refused = browser.post(f"/review/cases/{case['id']}/take", data=typed)
        assert_asks_to_try_again(refused)
        assert typed_again(refused.text) == typed

    assert {item["state"] for item in world.case_of(case["note"])["items"]} <= {
        "submitted",
        "assigned",
    }
    assert (
        browser.post(f"/review/cases/{case['id']}/take", data=typed_again(refused.text)).status_code
        == 302
    )
    body["version"] = world.case_of(case["note"])["version"]  # who takes a case moves it
    assert world.call("editor", "POST", path, body).status_code == 200


@pytest.mark.parametrize("path", ["/library/", "/review/sign-in", "/api/v1/entries"])
def test_what_cannot_be_read_asks_to_be_tried_again(world: World, path):
    with empty_pool(world.review_db):
        answer = world.review.get(path)

    if path == "/review/sign-in":
        assert answer.status_code == 200  # needs no database
    else:
        assert_asks_to_try_again(answer)


def test_a_full_disk_refuses_notes_and_keeps_those_it_took(world: World):
    with world.intake_db.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    keys = [uuid4().hex for _ in range(60)]
    with every_connection(world.intake_db, f"PRAGMA max_page_count = {pages + 8}"):
        answers = [submit(world, key) for key in keys]
        assert {answer.status_code for answer in answers} == {201, 503}
        assert_asks_to_try_again(answers[-1])
        assert count(world) == sum(answer.status_code == 201 for answer in answers)
        assert_asks_to_try_again(
            world.intake.post("/intake/notes/new", data={**FORM, "operation.title": "x" * 9000})
        )

    assert {submit(world, key).status_code for key in keys} == {200, 201}
    assert count(world) == 60


def test_without_a_connection_to_spare_a_note_is_refused(world: World, both_backends):
    key = uuid4().hex
    with empty_pool(world.intake_db):
        assert_asks_to_try_again(submit(world, key))
        assert_asks_to_try_again(world.intake.post("/intake/notes/new", data=FORM))
        assert world.intake.get("/intake/metrics").text.count("lessons_up{") == 1
        assert world.intake.get("/intake/readyz").json["states"] == {"database": "away"}

    assert submit(world, key).status_code == 201


@pytest.mark.postgres
@pytest.mark.parametrize("backend", ["postgres"])
def test_a_database_that_takes_no_writes_refuses_a_note(world: World, backend):
    with every_connection(world.intake_db, "SET default_transaction_read_only = on"):
        assert_asks_to_try_again(submit(world, uuid4().hex))
        assert_asks_to_try_again(world.intake.post("/intake/notes/new", data=FORM))


@pytest.mark.postgres
def test_a_server_that_refuses_connections_refuses_a_note(world: World):
    from services.intake.app import create_app

    nowhere = open_database("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    app = create_app(world._settings("intake"), nowhere)

    assert_asks_to_try_again(app.test_client().post("/intake/notes/new", data=FORM))
    assert (
        app.test_client().get("/intake/metrics").text.count('lessons_up{service="intake"} 0.0') == 1
    )
    assert app.test_client().get("/intake/healthz").status_code == 200


def test_a_database_file_that_is_damaged_refuses_a_note(world: World):
    world.intake_db.engine.dispose()
    for ending in ("", "-wal"):
        path = Path(world.intake_url.removeprefix("sqlite:///") + ending)
        path.write_bytes(b"this is no database " * 500)

    assert_asks_to_try_again(submit(world, uuid4().hex))
