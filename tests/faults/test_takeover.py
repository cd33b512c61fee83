"""Two hosts with one of each process: when one of a pair is killed, the other goes on within five
seconds.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from services.processes import LOOPS
from shared.platform.messaging.broker import Broker
from shared.platform.persistence.engine import open_database
from testbed.databases import Templates
from testbed.machine import RABBITMQ_URL, free_port
from testbed.queues import drop_topology
from testbed.register import Register
from tests.faults.hosts import Effects, FieldTeam, Host, make_people

pytestmark = [
    pytest.mark.faults,
    pytest.mark.slow,
    pytest.mark.postgres,
    pytest.mark.rabbitmq,
    pytest.mark.timeout(300),
]

WITHIN = 5.0


class Pair:
    """Both hosts, on servers that they share, with what their databases show."""

    def __init__(
        self, effects: Effects, hosts: list[Host], ports: list[int], key: str, mails: Path
    ) -> None:
        self.effects = effects
        self.mails = mails
        self.hosts = hosts
        self.ports = ports
        self.key = key

    def field_team(self) -> FieldTeam:
        """A field team that asks both hosts."""
        return FieldTeam([f"http://127.0.0.1:{port}" for port in self.ports], self.key)


@pytest.fixture(scope="module")
def pair(templates: Templates, tmp_path_factory) -> Iterator[Pair]:
    """Two hosts with a front door and the loops each."""
    folder, namespace = tmp_path_factory.mktemp("hosts"), f"lessons-test-{uuid4().hex[:10]}"
    with (
        templates.database("postgres", "intake") as intake_url,
        templates.database("postgres", "review") as review_url,
    ):
        effects = Effects(open_database(intake_url), open_database(review_url))
        key = make_people(effects, intake_url, review_url)
        broker = Broker(RABBITMQ_URL, namespace)
        broker.prepare()
        ports = [free_port(), free_port()]
        hosts = [
            Host(
                Register(
                    folder / str(port),
                    intake_url,
                    review_url,
                    broker,
                    {"LESSONS_SMTP_URL": f"file://{folder}/mail"},
                    ports={"front-door": port},
                ),
                effects.intake,
            )
            for port in ports
        ]
        try:
            for host, port in zip(hosts, ports, strict=True):
                host.serve(port)
                host.start(*LOOPS)
            yield Pair(effects, hosts, ports, key, folder / "mail")
        finally:
            for host in hosts:
                host.stop()
            effects.close()
            drop_topology(broker)


@pytest.mark.parametrize(
    ("process", "effects"),
    [
        ("intake-relay", "at_review"),
        ("review-consumer", "at_review"),
        ("review-relay", "at_intake"),
        ("intake-consumer", "at_intake"),
    ],
)
def test_a_standby_takes_over_within_five_seconds_and_nothing_is_lost_or_doubled(
    pair: Pair, process, effects
):
    waits = []
    with pair.field_team() as team:
        # after the first round the second host is the active one, and falls in turn
        for host in pair.hosts:
            time.sleep(1)
            host.kill(process)
            waits.append(
                team.seconds_until_one_is_in(getattr(pair.effects, effects), time.monotonic())
            )
            host.start(process)

    assert max(waits) <= WITHIN, f"{process} was taken over only after {waits} s"
    figures = pair.effects.tally_of(team).figures
    assert (figures["acknowledged"] > 0, figures["lost"], figures["duplicated"]) == (True, 0, 0), (
        figures
    )
    assert (pair.effects.parked(), pair.effects.out_of_order()) == ([], [])


def test_the_other_host_answers_within_five_seconds_of_the_death_of_one(pair: Pair):
    waits = []
    with pair.field_team() as team:
        for host, port in zip(pair.hosts, pair.ports, strict=True):
            time.sleep(1)
            host.kill("front-door")
            killed_at = time.monotonic()
            waits.append(team.seconds_until_one_is_in(lambda: [*team.acknowledged_at], killed_at))
            host.serve(port)

    assert max(waits) <= WITHIN, f"the other host answered only after {waits} s"
    figures = pair.effects.tally_of(team).figures
    assert (figures["lost"], figures["duplicated"]) == (0, 0), figures


def test_mail_goes_out_once_and_within_five_seconds_when_the_clockwork_that_sent_it_was_killed(
    pair: Pair,
):
    waits = []
    for host in pair.hosts:
        host.kill("intake-clockwork")
        waits.append(pair.effects.seconds_until_a_mail_is_out(time.monotonic()))
        host.start("intake-clockwork")

    assert max(waits) <= WITHIN, f"mail was sent only after {waits} s"
    assert (
        sum(
            "To: a@example.org" in path.read_text(encoding="utf-8")
            for path in pair.mails.glob("*.eml")
        )
        == 2
    )
