"""What stops a start and what only waits for a person, and commands that run where no
register is.
"""

import smtplib
import socket

import pytest
from click import ClickException
from freezegun import freeze_time

from services.cli.processes import run as run_process
from services.maintenance import checks
from shared.platform import logs
from shared.platform.delivery import deliveries
from shared.platform.delivery.mail import MailTransport
from shared.platform.events import INTAKE_STREAM, REVIEW_STREAM
from shared.platform.messaging import subscription
from shared.platform.persistence import heartbeat
from shared.platform.persistence.inbox import Cursor
from testbed.world import World
from tests.journeys.parking import park
from tests.shared.pipeline import LogOf

PARTS = ("relay", "consumer", "clockwork")


def beat(world, but=()):
    for database in (world.intake_db, world.review_db):
        with database.sessions.begin() as session:
            for part in set(PARTS) - set(but):
                heartbeat.beat(session, part)


def test_what_waits_for_a_person_is_told_at_a_start_and_does_not_stop_it(
    world: World, command, monkeypatch, both_backends
):
    for name in ("INTAKE_URL", "REVIEW_URL", "DEMO", "PUBLIC_URL"):
        monkeypatch.setenv(f"LESSONS_{name}", "")  # the command sets them
    started = []
    monkeypatch.setattr("services.cli.running._supervise", lambda *_how: started.append(True))
    count = len(park(world))
    with world.review_db.sessions.begin() as session:
        subscription.halt(
            subscription.cursor_of(session, INTAKE_STREAM), ("position 3 is another event")
        )
        deliveries.ask_for(
            session, recipient="a@example.org", template="decided", language="en", details={}
        )
        deliveries.hold(session)

    said = command("serve").stderr

    assert started
    assert f"This waits for a person: Parked events at intake: {count}." in said
    assert "The consumer of review is halted: position 3 is another event" in said
    assert "Mail of review is held back since a restore, 1 in all: see" in said
    command("upgrade")  # declares the broker's queues
    checked = command("check")
    assert checked.exit_code == 1
    assert "The register can run, and this waits for a person." in checked.output


def test_check_says_code_and_text_of_what_the_mail_server_answers(
    world: World, command, monkeypatch
):
    def refuse(_transport):
        raise smtplib.SMTPAuthenticationError(535, b"5.7.8 Wrong password")

    monkeypatch.setattr(MailTransport, "check", refuse)

    said = command("check").output

    assert "Mail cannot be sent: 535 5.7.8 Wrong password. Check LESSONS_SMTP_URL." in said


def test_check_names_a_part_that_is_in_trouble(world: World, command):
    beat(world)
    with world.review_db.sessions.begin() as session:
        heartbeat.beat(session, "consumer", trouble="intake gives no answer")

    assert "The consumer of review: intake gives no answer." in command("check").output


def test_check_does_not_take_a_register_that_was_stopped_for_a_broken_one(world: World, command):
    assert checks.what_waits("intake") == []
    with freeze_time("2026-03-01 10:00"):
        beat(world)
    assert checks.what_waits("intake") == []
    with freeze_time("2026-03-01 10:01"):
        beat(world, ["relay"])
        assert checks.what_waits("intake") == [
            ("The relay of intake: silent since 2026-03-01 10:00:00 UTC.")
        ]


def test_a_backup_where_no_register_is_fails_and_makes_nothing(tmp_path, command, monkeypatch):
    monkeypatch.setenv("LESSONS_INTAKE_DATABASE_URL", f"sqlite:///{tmp_path}/elsewhere.db")

    done = command("backup")

    assert done.exit_code == 1
    assert (
        f"Nothing was backed up. There is no intake database at {tmp_path}/elsewhere.db."
    ) in done.output
    assert not (tmp_path / "elsewhere.db").exists()
    assert not (tmp_path / "backups").exists()


def test_exchanged_databases_are_not_upgraded(world: World, command, monkeypatch, both_backends):
    monkeypatch.setenv("LESSONS_INTAKE_DATABASE_URL", world.review_url)
    monkeypatch.setenv("LESSONS_REVIEW_DATABASE_URL", world.intake_url)

    upgraded, checked = command("upgrade"), command("check")

    assert upgraded.exit_code == checked.exit_code == 1
    for done in (upgraded, checked):
        assert (
            "The intake database holds the other service. Were the two addresses exchanged?"
        ) in done.output


def test_one_database_for_both_services_is_refused(world: World, command, monkeypatch):
    monkeypatch.setenv("LESSONS_REVIEW_DATABASE_URL", world.intake_url)

    done = command("check")

    assert done.exit_code == 1
    assert "give each its own database" in done.output


def test_a_database_of_a_newer_version_is_said_to_be_one(world: World, command, both_backends):
    with world.intake_db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    upgraded, checked = command("upgrade"), command("check")

    assert upgraded.exit_code == checked.exit_code == 1
    for done in (upgraded, checked):
        assert (
            "The intake database is from a newer version of the register. Install that one."
        ) in done.output


def test_who_is_not_halted_is_not_resumed(world: World, command, monkeypatch, both_backends):
    world.publish()
    with world.intake_db.readings() as session:
        before = session.get(Cursor, REVIEW_STREAM).position
    monkeypatch.setattr(
        "services.maintenance.consumers.log_of_peer", lambda _settings: LogOf(world)
    )

    done = command("events", "resume", "--service", "intake", "--position", before - 1)

    assert done.exit_code == 1
    assert "The consumer of intake is not halted: it goes on by itself." in done.output
    with world.intake_db.readings() as session:
        assert session.get(Cursor, REVIEW_STREAM).position == before


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("127.0.0.1", "is taken. Choose another"),
        ("203.0.113.9", "Nothing can listen at 203.0.113.9"),
    ],
)
def test_a_web_process_does_not_share_its_port_and_says_where_it_cannot_listen(
    host, said, command, monkeypatch
):
    monkeypatch.setattr(logs, "configure", lambda _process: None)  # that of the tests stays
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(ClickException, match=said):
        run_process.main(
            ["front-door", "--host", host, "--port", str(taken.getsockname()[1])],
            standalone_mode=False,
        )
