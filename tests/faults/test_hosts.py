"""Three hosts, one with the servers.

A host whose link is cut sends no farewell; the other one takes over.
"""

import time
from collections.abc import Iterator

import pytest

from services.processes import LOOPS
from shared.platform.messaging.broker import Broker
from shared.platform.persistence.engine import open_database
from testbed.machine import free_port
from testbed.register import Register
from testbed.servers import own_postgres, own_rabbitmq
from tests.faults.hosts import Effects, FieldTeam, Host, make_people
from tests.faults.networks import Link, network

pytestmark = [
    pytest.mark.faults,
    pytest.mark.slow,
    pytest.mark.own_servers,
    pytest.mark.namespaces,
    pytest.mark.timeout(400),
]

WITHIN = 30.0


@pytest.fixture
def three_hosts(tmp_path) -> Iterator[tuple[Effects, FieldTeam, list[Host], list[Link]]]:
    """What the databases show, a field team, hosts B (which works) and C (which stands by), and
    their links.
    """
    with (
        network("a", "b", "c") as (a, *links),
        own_postgres(a.address, inside=a.inside) as postgres,
        own_rabbitmq(a.address, inside=a.inside) as rabbitmq,
    ):
        intake_url, review_url = (postgres.create_database(name) for name in ("intake", "review"))
        effects = Effects(open_database(intake_url), open_database(review_url))
        port = free_port()
        webs = [f"http://{link.address}:{port}" for link in links]
        hosts = [
            Host(
                Register(
                    tmp_path / link.port,
                    intake_url,
                    review_url,
                    Broker(rabbitmq.url),
                    # each asks its own front door
                    {"LESSONS_INTAKE_URL": web, "LESSONS_REVIEW_URL": web},
                    inside=link.inside,
                ),
                effects.intake,
            )
            for link, web in zip(links, webs, strict=True)
        ]
        try:
            upgraded = hosts[0].register.lessons("upgrade")
            assert upgraded.returncode == 0, upgraded.stderr
            key = make_people(effects, intake_url, review_url)
            for host, link in zip(hosts, links, strict=True):  # whoever comes first gets the work
                host.serve(port, link.address)
                host.start(*LOOPS)
            yield effects, FieldTeam(webs, key), hosts, links
        finally:
            for host in hosts:
                host.stop()
            effects.close()


def test_a_host_that_is_cut_off_is_replaced_within_thirty_seconds_and_stands_by_when_it_is_back(
    three_hosts,
):
    effects, field_team, hosts, links = three_hosts
    waits = []
    with field_team as team:
        # B works and is cut off; C, which has then taken over, is cut off when B is back.
        for host, link in zip(hosts, links, strict=True):
            team.seconds_until_one_is_in(effects.at_intake, time.monotonic())
            link.cut()
            cut_at = time.monotonic()
            waits.append(team.seconds_until_one_is_in(lambda: [*team.acknowledged_at], cut_at))
            waits += [
                team.seconds_until_one_is_in(look, cut_at)
                for look in (effects.at_review, effects.at_intake)
            ]
            waits.append(effects.seconds_until_a_mail_is_out(cut_at))
            link.mend()
            host.wait_until_connected(*LOOPS)

    assert max(waits) <= WITHIN, f"taken over only after {waits} s"
    figures = effects.tally_of(team).figures
    assert (figures["acknowledged"] > 0, figures["lost"], figures["duplicated"]) == (True, 0, 0), (
        figures
    )
    assert (effects.parked(), effects.out_of_order()) == ([], [])
    assert [host.died() for host in hosts] == [{}, {}]
