"""Every schema that there ever was, with data in it, becomes the present one, and the product goes
on with that data.

`intake/NNNN.sql` and `review/NNNN.sql` hold what was written while revision NNNN was the newest; a
database at a revision has lived through the ones before, so it holds their data too. Their facts
are the demonstration's.
"""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, insert, select

from services.cli import lessons
from services.intake.model import Base as IntakeBase
from services.intake.model import NoteVersion
from services.maintenance.counters import given
from services.review.base import Base as ReviewBase
from services.review.library.model import Entry
from shared.domain.tables import SHARED
from shared.platform import clock
from shared.platform.accounts import keys
from shared.platform.accounts.accounts import Account
from shared.platform.delivery import deliveries
from shared.platform.delivery.deliveries import Delivery
from shared.platform.persistence import installation, migrating
from shared.platform.persistence.engine import open_database
from testbed.databases import SERVERS, new_pair, open_both
from testbed.notes import approve, make_note
from testbed.world import World

HERE = Path(__file__).parent
BASES = {"intake": IntakeBase.metadata, "review": ReviewBase.metadata}
REVISIONS = {service: migrating.revisions(f"services.{service}") for service in BASES}


@pytest.mark.parametrize("service", BASES)
def test_each_revision_has_data_of_its_schema(service):
    assert sorted(path.stem for path in (HERE / service).glob("*.sql")) == REVISIONS[service]


@pytest.mark.parametrize(
    ("service", "revision"), [(s, revision) for s in BASES for revision in REVISIONS[s]]
)
def test_a_database_of_each_revision_is_upgraded_with_its_data_and_goes_on(
    service, revision, backend, both_backends, tmp_path, monkeypatch
):
    newest = {name: REVISIONS[name][-1] for name in BASES}
    monkeypatch.setenv("LESSONS_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("LESSONS_SECRET_KEY", "x" * 40)
    with new_pair(SERVERS[backend], tmp_path) as urls:
        for name, url in urls.items():
            fill(url, name, until={**newest, service: revision}[name])
            monkeypatch.setenv(f"LESSONS_{name.upper()}_DATABASE_URL", url)

        done = CliRunner().invoke(lessons, ["upgrade"])

        assert done.exit_code == 0, done.output
        backed_up = {path.name.partition("-")[0] for path in (tmp_path / "backups").glob("*")}
        assert backed_up == ({service} if revision != newest[service] else set())
        for name, url in urls.items():
            database = open_database(url)
            assert migrating.differences(database.engine, [BASES[name], SHARED]) == []
            database.close()
        world = open_world(urls)
        assert_it_reads_what_was_written(world)
        assert_it_goes_on(world)
        world.intake_db.close()
        world.review_db.close()


def test_a_backup_of_the_first_schema_is_upgraded_when_it_is_restored(
    backend, both_backends, tmp_path, monkeypatch
):
    monkeypatch.setenv("LESSONS_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("LESSONS_SECRET_KEY", "x" * 40)
    with new_pair(SERVERS[backend], tmp_path) as urls:
        for name, url in urls.items():
            fill(url, name, until=REVISIONS[name][0])
            monkeypatch.setenv(f"LESSONS_{name.upper()}_DATABASE_URL", url)
        made = CliRunner().invoke(lessons, ["backup"]).output
        intake, review = [line.removeprefix("Backup: ") for line in made.splitlines()]

        done = CliRunner().invoke(lessons, ["restore", "--intake", intake, "--review", review])

        assert done.exit_code == 0, done.output
        for name, url in urls.items():
            database = open_database(url)
            assert migrating.differences(database.engine, [BASES[name], SHARED]) == []
            database.close()
        world = open_world(urls)
        assert_it_reads_what_was_written(world)
        world.intake_db.close()
        world.review_db.close()


@pytest.mark.parametrize("service", BASES)
def test_mail_that_was_held_back_before_an_upgrade_stays_so_and_what_was_asked_for_since_goes_out(
    service, backend, both_backends, tmp_path
):
    with new_pair(SERVERS[backend], tmp_path) as urls:
        fill(urls[service], service, until="0007")
        database = open_database(urls[service])
        with database.sessions.begin() as session:
            session.execute(delete(Delivery))
            installation.note(session, "mail held since", "2026-10-22T09:00:00+00:00")
            for recipient, hour in (("before@example.org", 8), ("since@example.org", 10)):
                session.execute(waiting_mail(recipient, datetime(2026, 10, 22, hour, tzinfo=UTC)))

        migrating.upgrade(database.engine, f"services.{service}")

        with database.sessions.begin() as session:
            held = select(Delivery.recipient).where(Delivery.held_at.is_not(None))
            assert session.scalars(held).all() == ["before@example.org"]
            assert installation.fact(session, "mail held since") is None
            assert deliveries.release(session) == 1
        database.close()


def waiting_mail(recipient, asked_at):
    """The row as it was before mails could be held: the newer column is not named."""
    return insert(Delivery).values(
        channel="mail",
        recipient=recipient,
        language="en",
        template="decided",
        details={},
        asked_at=asked_at,
        due_at=asked_at,
        history=[],
    )


def assert_it_reads_what_was_written(world):
    note = world.call("field", "GET", "/intake/api/v1/notes/AAN-2026-0001").json
    assert [item["state"] for item in note["items"]] == ["published", "withdrawn"]
    assert note["note"]["operation"]["title"] == "Return of migrants from Libya to Chad"
    corrected = world.call("field", "GET", "/intake/api/v1/notes/AAN-2026-0002").json
    assert (corrected["version"], [item["verdict"] for item in corrected["items"]]) == (
        2,
        ["request_changes", "reject", None],
    )
    with world.intake_db.readings() as session:
        folded = session.scalars(select(NoteVersion.folded).order_by(NoteVersion.id)).all()
    reception = "reception in faya largeau"
    expected = ["return of migrants from libya to chad", reception, reception]
    assert folded == [*expected, "onward travel from faya largeau"]
    entries = world.call(None, "GET", "/api/v1/entries").json["entries"]
    assert [(entry["reference"], entry["state"]) for entry in entries] == [
        ("LL-2026-0001", "published"),
        ("BM-2026-0001", "withdrawn"),
    ]
    gone = world.call(None, "GET", "/api/v1/entries/BM-2026-0001").json
    assert gone["withdrawn_at"] == "2026-10-05T09:00:01.274343+00:00"
    assert found_by(world) == {
        "BM-2026-0001": (False, 0, []),
        "LL-2026-0001": (True, 4, ["anyone", "desk"]),
    }
    case = world.case_of("AAN-2026-0002")
    assert (case["version"], case["note_version"]) == (1005, 2)
    assert [(done["version"], done["note_version"]) for done in case["history"]] == [
        (1001, 1),
        (1002, 1),
        (1003, 1),
        (1004, 1),
        (1005, 2),
    ]
    assert world.case_of("AAN-2026-0003")["state"] == "assigned"
    assert world.intake.get(f"/intake/notes/{note['receipt']}").status_code == 200
    assert world.review.get("/library/entries/LL-2026-0001").status_code == 200


def found_by(world):
    """Of each entry, whether it has words to be searched, how many facets, and who sees it."""
    with world.review_db.readings() as session:
        return {
            entry.reference: (
                entry.search_text != "",
                len(entry.facets),
                sorted(sight.audience for sight in entry.sights if sight.holds),
            )
            for entry in session.scalars(select(Entry))
        }


def assert_it_goes_on(world):
    case = world.case_of("AAN-2026-0002")
    waiting = [item for item in case["items"] if item["state"] == "in_review"]
    assert world.decide(case, [approve(item) for item in waiting]).status_code == 200
    states = world.call("field", "GET", "/intake/api/v1/notes/AAN-2026-0002").json["items"]
    year = clock.today().year
    assert states[0]["entry"] == ("LL-2026-0002" if year == 2026 else f"LL-{year}-0001")
    number = int(world.submit(make_note())["reference"].rpartition("-")[2])
    with world.intake_db.sessions() as session:
        assert given(session, "intake") == {"AAN": number, "OP-2026": 3}


def fill(url, service, *, until):
    """Let a database live through all revisions up to one, each time with the data that was written
    then.
    """
    for revision in REVISIONS[service]:
        database = open_database(url)
        migrating.upgrade(database.engine, f"services.{service}", revision=revision)
        script = (HERE / service / f"{revision}.sql").read_text(encoding="utf-8")
        with database.engine.connect() as connection:
            raw = connection.connection.driver_connection
            if database.is_sqlite:
                raw.executescript(f"BEGIN; {script} COMMIT;")
            else:
                raw.execute("SET TIME ZONE 'UTC'")
                raw.execute(script)
                raw.execute(COUNT_ON)
                raw.commit()
            connection.invalidate()
        database.close()
        if revision == until:
            return


COUNT_ON = """
DO $$ DECLARE found record; BEGIN
  FOR found IN SELECT table_name AS t, column_name AS c FROM information_schema.columns
    WHERE table_schema = 'public' AND column_default LIKE 'nextval(%'
  LOOP
    EXECUTE format('SELECT setval(pg_get_serial_sequence(%L, %L),
      GREATEST((SELECT max(%I) FROM %I), 1),
      (SELECT max(%I) FROM %I) IS NOT NULL)', found.t, found.c, found.c, found.t, found.c, found.t);
  END LOOP;
END $$
"""


def open_world(urls):
    """The product on these databases, with new keys for the people who are in them."""
    world = World(*open_both(*urls.values()), *urls.values())
    for database, name in ((world.intake_db, "field"), (world.review_db, "editor")):
        with database.sessions.begin() as session:
            account = session.scalars(select(Account).where(Account.name == name)).one()
            world.keys[name] = keys.make(session, account, label="upgraded").text
    return world
