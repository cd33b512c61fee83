"""The mechanisms that keep the promise, each with the change that breaks it and the test that then
must turn red.

A change is text to find, exactly once, and what to put there. It is made in a copy of the tree
only: `make break`.
"""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent

CONNECTIONS = "services/serving/connections.py"
CASES = "services/review/desk/model/cases.py"
CONSUMER = "shared/platform/messaging/consumer.py"
DECIDING = "services/review/desk/use_cases/deciding.py"
EXCHANGE = "services/serving/exchange.py"
FINDING_CASES = "services/review/desk/queries/cases.py"
LOCK = "shared/platform/persistence/lock.py"
OUTBOX = "shared/platform/persistence/outbox.py"
PUBLISHER = "shared/platform/messaging/publisher.py"
RELAY = "shared/platform/messaging/relay.py"
SUBSCRIPTION = "shared/platform/messaging/subscription.py"
SUBMITTING = "services/intake/use_cases/submitting.py"
SCHEDULER = "shared/platform/scheduler.py"
EVENTS = "shared/platform/events.py"
TRANSITIONS = "shared/platform/transitions.py"


@dataclass(frozen=True)
class Change:
    """Text in a file, and what stands there in its place when the mechanism is broken."""

    file: str
    old: str
    new: str

    def fits(self, root: Path) -> bool:
        """Whether the text stands in the file exactly once."""
        return (root / self.file).read_text(encoding="utf-8").count(self.old) == 1

    def make(self, root: Path) -> None:
        """Break it there."""
        path = root / self.file
        path.write_text(
            path.read_text(encoding="utf-8").replace(self.old, self.new), encoding="utf-8"
        )


@dataclass(frozen=True)
class Broken:
    """A mechanism, broken by these changes, which this test must notice."""

    name: str
    test: str
    changes: tuple[Change, ...]


NO_RIGHT = Change(
    LOCK,
    (
        "        return self._holds_file() if self._database.is_sqlite else "
        "self._holds_advisory_lock()\n"
    ),
    "        return True\n",
)

MECHANISMS = (
    Broken(
        "publish before commit",
        "tests/shared/test_promise.py::test_what_was_not_committed_is_never_told[sqlite]",
        (
            Change(
                RELAY,
                "            return outbox.number_pending(session, self._stream)\n",
                "            numbered = outbox.number_pending(session, self._stream)\n"
                "            Publisher(self._broker, self._stream).publish(numbered)\n"
                "            return numbered\n",
            ),
        ),
    ),
    Broken(
        "mark as published without the broker's confirmation",
        "tests/shared/test_pipeline.py::test_an_unroutable_message_is_not_taken_for_published",
        (
            Change(
                PUBLISHER,
                "        if not self._broker.confirms:\n            return\n        deadline",
                "        return\n        deadline",
            ),
        ),
    ),
    Broken(
        "acknowledge before commit",
        "tests/shared/test_promise.py"
        "::test_a_message_is_acknowledged_only_when_its_effect_is_stored[sqlite]",
        (
            Change(
                CONSUMER,
                (
                    "            self._drain()\n            arrived, self._arrived = "
                    "self._arrived, []\n"
                ),
                "            self._drain()\n            arrived, self._arrived = "
                "self._arrived, []\n"
                "            for _envelope, message in arrived:\n                message.ack()\n",
            ),
            Change(
                CONSUMER,
                (
                    "self._look_at\n            for _envelope, message in arrived:\n         "
                    "       message.ack()\n"
                ),
                "self._look_at\n",
            ),
        ),
    ),
    Broken(
        "no check of the cursor: what came before is applied again",
        "tests/shared/test_subscription.py::test_events_are_applied_in_order_and_only_once[sqlite]",
        (
            Change(
                SUBSCRIPTION,
                "    if envelope.position <= cursor.position:\n        return Outcome.DUPLICATE\n",
                "",
            ),
        ),
    ),
    Broken(
        "no check of the cursor: a gap is not noticed",
        "tests/shared/test_subscription.py::test_events_are_applied_in_order_and_only_once[sqlite]",
        (
            Change(
                SUBSCRIPTION,
                "    if envelope.position > cursor.position + 1:\n",
                "    if False:\n",
            ),
        ),
    ),
    Broken(
        "a cursor by id instead of by position",
        "tests/shared/test_outbox.py"
        "::test_what_is_committed_late_gets_a_later_position_and_leaves_no_gap[postgres]",
        (
            Change(
                OUTBOX,
                '(func.row_number().over(order_by=OutboxEvent.id) + stream.head).label("position")',
                'OutboxEvent.id.label("position")',
            ),
        ),
    ),
    Broken(
        "two relays: no right of the only one",
        "tests/shared/test_outbox.py::test_one_holds_the_right_and_the_next_takes_over[sqlite]",
        (NO_RIGHT,),
    ),
    Broken(
        "two relays: no right of the only one, and no lock on the stream either",
        "tests/shared/test_promise.py"
        "::test_a_second_relay_waits_until_the_first_has_numbered[postgres]",
        (
            NO_RIGHT,
            Change(
                OUTBOX,
                "    return session.get_one(Stream, name, with_for_update=lock)\n",
                "    return session.get_one(Stream, name)\n",
            ),
        ),
    ),
    Broken(
        "no pull",
        "tests/shared/test_pipeline.py::test_what_the_broker_lost_is_pulled[sqlite]",
        (
            Change(
                CONSUMER,
                "        self._look_at = clock.ticks() + self.look_seconds\n        while True:\n",
                "        self._look_at = clock.ticks() + self.look_seconds\n        while False:\n",
            ),
        ),
    ),
    Broken(
        "no fencing by the event before",
        "tests/shared/test_subscription.py"
        "::test_an_event_that_does_not_follow_the_last_one_stops_everything",
        (
            Change(
                SUBSCRIPTION,
                (
                    "    if envelope.position == cursor.position + 1 and envelope.previous "
                    "!= cursor.event_id:\n"
                ),
                "    if False:\n",
            ),
        ),
    ),
    Broken(
        "no fencing by the epoch",
        "tests/shared/test_subscription.py::test_another_epoch_stops_everything_and_says_why",
        (
            Change(
                SUBSCRIPTION,
                "    if cursor.epoch is not None and envelope.epoch != cursor.epoch:\n",
                "    if False:\n",
            ),
        ),
    ),
    Broken(
        "later events overtake a parked one of the same note",
        "tests/shared/test_parking.py"
        "::test_later_events_of_the_same_aggregate_wait_behind_a_parked_one",
        (
            Change(
                SUBSCRIPTION,
                "    blocker = blocked.get(envelope.subject)\n",
                "    blocker = None\n",
            ),
        ),
    ),
    Broken(
        "the idempotency key is not stored with the note",
        "tests/journeys/test_races.py"
        "::test_a_request_that_is_sent_eight_times_at_once_is_carried_out_once[sqlite]",
        (
            Change(
                SUBMITTING,
                "    session.add(used)\n",
                "    session.expunge(used) if used in session else None\n",
            ),
        ),
    ),
    Broken(
        "a client may take as long as it likes to send its request",
        "tests/faults/test_strangers.py"
        "::test_a_stranger_who_does_not_come_to_an_end_is_ended_and_told_so[half_sent_body]",
        (Change(CONNECTIONS, "if now > one.until]", "if False]"),),
    ),
    Broken(
        "a thread takes a request before its body is there",
        "tests/shared/test_serving.py::test_a_body_is_taken_whole_before_a_thread_is_asked",
        (
            Change(
                EXCHANGE,
                "silent_seconds)\n\n    def data_received",
                "silent_seconds)\n        self._ask()\n\n    def data_received",
            ),
        ),
    ),
    Broken(
        "the thread that speaks with all clients answers, too",
        "tests/shared/test_serving.py::test_health_is_told_while_all_threads_are_taken",
        (
            Change(
                EXCHANGE,
                (
                    "        return asyncio.get_running_loop().run_in_executor(threads, "
                    "self._answer, given)\n"
                ),
                "        answered = asyncio.get_running_loop().create_future()\n"
                "        answered.set_result(self._answer(given))\n"
                "        return answered\n",
            ),
        ),
    ),
    Broken(
        "bodies and answers that wait have no bound together",
        "tests/shared/test_connections.py"
        "::test_when_the_room_is_full_who_holds_more_than_its_share_goes_first",
        (Change(CONNECTIONS, "> self._limits.room:", "> math.inf:"),),
    ),
    Broken(
        "an idle connection keeps its place when others come",
        "tests/faults/test_strangers.py"
        "::test_who_holds_a_connection_and_does_nothing_makes_place_for_others",
        (
            Change(
                CONNECTIONS,
                'if full and not self._end_one_of(self._open.values(), "place"):',
                "if full:",
            ),
        ),
    ),
    Broken(
        "an act on an older case is stored",
        "tests/review/test_stale.py"
        "::test_a_return_is_not_overwritten_by_who_read_the_case_before[sqlite]",
        (Change(CASES, "        if version != self.version:\n", "        if False:\n"),),
    ),
    Broken(
        "an act does not move the case",
        "tests/review/test_versions.py::test_every_act_on_a_case_moves_its_version[publish_item]",
        (
            Change(
                CASES,
                "        self.version += 1\n",
                "        self.version += action != 'published'\n",
            ),
        ),
    ),
    Broken(
        "the version of a case is compared without a lock",
        "tests/journeys/test_races.py"
        "::test_of_eight_who_decide_a_case_at_once_one_is_heard[postgres]",
        (
            Change(
                FINDING_CASES,
                "session.get(Case, case_id, with_for_update=True)",
                "session.get(Case, case_id)",
            ),
        ),
    ),
    Broken(
        "an act outside the table",
        "tests/shared/test_transitions.py"
        "::test_an_act_outside_the_table_is_refused_with_its_name_and_the_state",
        (
            Change(
                TRANSITIONS,
                "        raise ConflictError(not_now, act=act, state=state, **values)\n",
                "        return state\n",
            ),
        ),
    ),
    Broken(
        "an act by someone who may not",
        "tests/review/test_states.py::test_only_an_editor_changes_an_entry",
        (Change(TRANSITIONS, " not in found.who:\n", " in ():\n"),),
    ),
    Broken(
        "a state is assigned outside its model",
        "tests/contracts/test_states.py::test_nothing_but_a_model_assigns_a_state",
        (
            Change(
                DECIDING,
                "            item.take_up(actor)\n",
                "            item.state = ItemState.IN_REVIEW\n",
            ),
        ),
    ),
    Broken(
        "a job that blocks the others",
        "tests/shared/test_scheduler.py::test_a_job_that_hangs_makes_nothing_else_late",
        (
            Change(
                SCHEDULER,
                "        self._running[name].start()\n",
                "        self._running[name].start()\n        self._running[name].join()\n",
            ),
        ),
    ),
    Broken(
        "a job that fails ends its scheduler",
        "tests/shared/test_scheduler.py"
        "::test_a_job_that_always_fails_is_tried_again_and_stops_nobody[sqlite]",
        (
            Change(
                SCHEDULER,
                "    except Exception as failure:",
                "    except KeyboardInterrupt as failure:",
            ),
        ),
    ),
    Broken(
        "a field that an event drops",
        "tests/contracts/test_free_text.py"
        "::test_an_event_that_would_lose_an_answer_is_refused_when_it_is_recorded",
        (Change(EVENTS, "        if name not in schema.fields:\n", "        if False:\n"),),
    ),
    Broken(
        "a platform that imports the domain",
        "tests/contracts/test_architecture.py::test_the_imports_keep_to_the_rules",
        (Change(RELAY, "import threading\n", "import threading\n\nimport shared.domain.events\n"),),
    ),
)
