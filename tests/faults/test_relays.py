"""Two relays of one stream: one works, and when it hangs the other goes on without a person."""

import time
from contextlib import contextmanager
from signal import SIGCONT, SIGSTOP
from uuid import uuid4

import pytest

from shared.platform.messaging.broker import Broker
from shared.platform.persistence.lock import SoleHolder
from testbed.notes import make_note
from testbed.register import Register, running_demonstration
from testbed.world import World
from tests.faults.pipeline import Pipeline

pytestmark = [pytest.mark.faults, pytest.mark.timeout(280)]


@pytest.fixture
def broker(tmp_path) -> Broker:
    made = Broker(f"sqla+sqlite:///{tmp_path}/broker.db")
    made.prepare()
    return made


@contextmanager
def relay_process(world, broker, folder):
    """`lessons run review-relay`, as any machine would start it."""
    register = Register.on(world, folder, broker)
    register.start("review-relay")
    try:
        yield register.started["review-relay"]
    finally:
        register.kill("review-relay")


def test_two_relays_that_both_believe_to_be_the_only_one_repeat_messages_and_break_nothing(
    world: World, broker, monkeypatch, both_backends
):
    monkeypatch.setattr(SoleHolder, "holds", lambda _self: True)
    pipeline = Pipeline(world, broker, relays=2)

    with pipeline.running():
        for _ in range(20):
            pipeline.happen(6)
        pipeline.wait_for_effects()

    pipeline.assert_kept_the_promise()


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.parametrize("backend", ["postgres"])
def test_a_relay_that_is_frozen_longer_than_its_lease_is_replaced_and_does_no_harm_when_it_wakes(
    world: World, broker, tmp_path
):
    pipeline = Pipeline(world, broker, relays=0)
    with pipeline.running(), relay_process(world, broker, tmp_path) as working:
        pipeline.happen(3)
        pipeline.wait_for_effects()
        with relay_process(world, broker, tmp_path):
            time.sleep(5)  # it stands by
            working.send_signal(SIGSTOP)
            pipeline.happen(30)
            pipeline.wait_for_effects(60)
            working.send_signal(SIGCONT)
            for _ in range(20):
                pipeline.happen(3)
                time.sleep(0.1)
            pipeline.wait_for_effects()
            pipeline.wait_until_well()
    pipeline.assert_kept_the_promise()


@pytest.mark.slow
def test_a_frozen_process_on_one_machine_is_ended_and_started_again(tmp_path):
    with running_demonstration("sqlite", tmp_path / "var") as system:
        for name in ("intake-relay", "review-consumer"):
            frozen = system.processes()[name]
            frozen.suspend()
            key, note = uuid4().hex, make_note(operation__title=f"While {name} is frozen")
            status, answer = system.call(
                "field", "POST", "/intake/api/v1/notes", note, Idempotency_Key=key
            )
            assert status == 201
            system.wait_for(lambda answer=answer: _has_case(system, answer["reference"]), 100)
            assert not frozen.is_running()


def _has_case(system, reference):
    _status, listed = system.call("editor", "GET", "/review/api/v1/cases?state=all&limit=200")
    return reference in [case["note"] for case in listed["cases"]]
