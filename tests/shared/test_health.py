"""Whether a service says that it is unwell, and with which figures."""

import sqlite3
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from freezegun import freeze_time
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import delete

from shared.domain.events import IndicatorAccepted
from shared.platform.delivery import deliveries
from shared.platform.events import REVIEW_STREAM
from shared.platform.messaging import subscription
from shared.platform.messaging.broker import Broker
from shared.platform.messaging.consumer import Consumer
from shared.platform.messaging.pull import ContradictionError
from shared.platform.messaging.replay import REASON
from shared.platform.persistence import heartbeat, outbox
from shared.platform.persistence.outbox import OutboxEvent, Stream
from testbed.databases import SERVER
from testbed.world import World
from tests.shared.pipeline import Effects, LogOf, consumer_of, happen, number

NOWHERE = Broker("amqp://guest:guest@127.0.0.1:1//")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def figures(client, service="intake"):
    """The figures of /metrics by name; with the part where there is one."""
    answer = client.get(f"/{service}/metrics")
    assert answer.status_code == 200
    found = {}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            assert sample.labels["service"] == service
            name = sample.name.removeprefix("lessons_")
            found[(f"{name} {sample.labels['part']}") if "part" in sample.labels else name] = (
                sample.value
            )
    return found


def all_beat(world, *, service="intake"):
    database = world.intake_db if service == "intake" else world.review_db
    with database.sessions.begin() as session:
        for part in ("relay", "consumer", "clockwork"):
            heartbeat.beat(session, part)


def test_readyz_names_every_part_with_its_state(world: World, both_backends):
    all_beat(world)
    assert world.intake.get("/intake/readyz").json == {
        "status": "ok",
        "parts": {},
        "states": {"database": "ok", "relay": "ok", "consumer": "ok", "clockwork": "ok"},
    }
    with world.intake_db.sessions.begin() as session:
        heartbeat.beat(session, "relay", trouble="broker: amqp://lessons:…@10.0.0.7:5672 refused")

    unwell = world.intake.get("/intake/readyz")

    assert unwell.status_code == 503
    assert unwell.json == {
        "status": "unwell",
        "parts": {"relay": "in trouble"},
        "states": {"database": "ok", "relay": "in trouble", "consumer": "ok", "clockwork": "ok"},
    }


def test_a_part_that_falls_silent_is_named(world: World):
    with freeze_time(NOON) as time:
        all_beat(world)
        time.tick(timedelta(seconds=31))
        unwell = world.intake.get("/intake/readyz")
        found = figures(world.intake)

    assert unwell.status_code == 503
    assert unwell.json["parts"]["consumer"] == "silent"
    assert (found["part_up consumer"], found["heartbeat_age_seconds consumer"]) == (0, 31)


def test_what_is_not_yet_published_counts_from_when_it_happened(world: World, both_backends):
    with freeze_time(NOON) as time:
        happen(world, "a", "b")
        with world.review_db.sessions.begin() as session:
            outbox.number_pending(session, REVIEW_STREAM, limit=1)
        time.tick(timedelta(seconds=90))
        found = figures(world.review, "review")

    assert found["stream_head"] == 1
    assert found["events_unnumbered"] == 1
    assert found["events_unpublished"] == 2
    assert found["oldest_unpublished_seconds"] == 90


def test_without_a_broker_the_lag_is_what_the_producer_was_asked_for(world: World, both_backends):
    broken = Consumer(
        world.intake_db, NOWHERE, LogOf(world), REVIEW_STREAM, {IndicatorAccepted: _fail}
    )
    with freeze_time(NOON) as time:
        happen(world, "a")
        time.tick(timedelta(seconds=60))
        happen(world, "b", "c")
        number(world)
        broken.catch_up()
        time.tick(timedelta(seconds=40))
        found = figures(world.intake)
        assert (found["cursor_position"], found["lag_events"], found["lag_seconds"]) == (0, 1, 100)
        assert found["retries"] == 1

        consumer_of(world, NOWHERE, LogOf(world), Effects()).catch_up()
        found = figures(world.intake)
        assert (found["cursor_position"], found["lag_events"], found["lag_seconds"]) == (3, 0, 0)
        assert found["retries"] == 0


def test_with_the_producer_away_the_lag_grows_from_what_was_last_known(world: World):
    source = LogOf(world)
    consumer = consumer_of(world, NOWHERE, source, Effects())
    with freeze_time(NOON) as time:
        happen(world, "a", "b")
        envelopes = number(world)
        consumer.receive([envelopes[1]])  # the broker brought the second one only
        source.away = True
        time.tick(timedelta(seconds=7))
        consumer.catch_up()
        consumer._beat()
        found = figures(world.intake)

    assert (found["lag_events"], found["lag_seconds"], found["part_up consumer"]) == (2, 7, 0)


def test_a_page_that_ends_before_the_head_leaves_the_lag_of_what_follows(world: World):
    with freeze_time(NOON) as time:
        happen(world, "a", "b")
        envelopes = number(world)
        with world.intake_db.sessions.begin() as session:
            subscription.note_head(
                subscription.cursor_of(session, REVIEW_STREAM), epoch=envelopes[0].epoch, head=2
            )
            subscription.apply(session, envelopes[0], {})
        time.tick(timedelta(seconds=5))
        found = figures(world.intake)

    assert (found["cursor_position"], found["lag_events"], found["lag_seconds"]) == (1, 1, 5)


def test_a_halt_is_named_and_its_lag_grows(world: World, both_backends):
    class Restored:
        def page_after(self, _position, _event_id):
            raise ContradictionError("The cursor is at 9 and the log ends at 3.")

    with freeze_time(NOON) as time:
        all_beat(world)
        consumer_of(world, NOWHERE, Restored(), Effects()).catch_up()
        time.tick(timedelta(seconds=12))
        found = figures(world.intake)
        parts = world.intake.get("/intake/readyz").json["parts"]

    assert (found["halted"], found["lag_seconds"]) == (1, 12)
    assert parts == {"consumer": "halted"}


def test_a_replay_is_no_halt_and_has_a_figure_of_its_own(world: World, both_backends):
    all_beat(world)
    assert figures(world.intake)["replaying"] == 0
    with world.intake_db.sessions.begin() as session:
        subscription.halt(subscription.cursor_of(session, REVIEW_STREAM), REASON)

    found = figures(world.intake)

    assert (found["halted"], found["replaying"], found["part_up consumer"]) == (0, 1, 0)
    assert world.intake.get("/intake/readyz").json["parts"]["consumer"] == "replaying"


def test_figures_of_a_database_that_is_away_say_so_and_nothing_else(world: World, tmp_path):
    world.intake_db.engine.dispose()
    path = world.intake_url.removeprefix("sqlite:///")
    with sqlite3.connect(path) as file:
        file.execute("DROP TABLE heartbeat")
    file.close()

    assert figures(world.intake) == {"up": 0}
    assert world.intake.get("/intake/readyz").json["states"] == {"database": "away"}


@pytest.mark.postgres
@pytest.mark.parametrize("backend", ["postgres"])
def test_connections_that_were_cut_off_and_can_be_made_anew_are_no_database_that_is_away(
    world: World,
):
    all_beat(world)
    assert world.intake.get("/intake/readyz").status_code == 200
    with psycopg.connect(
        SERVER, dbname=world.intake_db.engine.url.database, autocommit=True
    ) as other:
        mine = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = "
            "current_database()"
        )
        assert len(other.execute(f"{mine} AND pid <> pg_backend_pid()").fetchall()) > 0

    assert world.intake.get("/intake/readyz").status_code == 200


def test_mail_that_is_held_back_is_counted_for_itself(world: World, both_backends):
    with world.intake_db.sessions.begin() as session:
        _ask_for_mail(session, "receipt")
    assert (figures(world.intake)["mails_unsent"], figures(world.intake)["mails_held"]) == (1, 0)

    with world.intake_db.sessions.begin() as session:
        deliveries.hold(session)
        _ask_for_mail(session, "receipt")
        _ask_for_mail(session, "sign_in")

    assert (figures(world.intake)["mails_unsent"], figures(world.intake)["mails_held"]) == (3, 1)


def test_a_log_that_was_never_opened_has_figures_too(world: World):
    with world.intake_db.sessions.begin() as session:
        session.execute(delete(OutboxEvent))
        session.execute(delete(Stream))

    found = figures(world.intake)

    assert (found["up"], found["stream_head"], found["lag_events"]) == (1, 0, 0)


def _ask_for_mail(session, template):
    deliveries.ask_for(
        session, recipient="amina@example.org", template=template, language="en", details={}
    )


def _fail(_session, _event):
    raise ValueError("broken")


@pytest.mark.parametrize("service", ["intake", "review"])
def test_a_fresh_service_says_that_nothing_has_started(world: World, service):
    client = world.intake if service == "intake" else world.review

    answer = client.get(f"/{service}/readyz")

    assert answer.status_code == 503
    assert answer.json["parts"] == {
        "relay": "not started",
        "consumer": "not started",
        "clockwork": "not started",
    }
