"""What derives from the other service's log is derived again from it, and comes out the same."""

from dataclasses import replace
from uuid import UUID

import pytest
from click.testing import CliRunner
from sqlalchemy import event, func, select, text, update

from services.cli import lessons
from services.intake.handlers import HANDLERS, apply_again, prefetch
from services.intake.model import AcceptedIndicator, Item, Note
from services.intake.use_cases import forget_decisions
from services.review.desk import use_cases
from services.review.desk.handlers import HANDLERS as REVIEW_HANDLERS
from services.review.desk.model import Case
from shared.domain.organisations import Organisation, OrganisationName, find
from shared.platform.accounts.actor import OPERATOR
from shared.platform.delivery.deliveries import Delivery
from shared.platform.events import INTAKE_STREAM, REVIEW_STREAM
from shared.platform.messaging import subscription
from shared.platform.messaging.pull import Page
from shared.platform.messaging.replay import REASON, ReplayError, replay
from shared.platform.messaging.subscription import Outcome
from shared.platform.persistence import outbox
from shared.platform.persistence.engine import open_database
from shared.platform.persistence.inbox import Cursor
from testbed.notes import approve, make_benchmark, make_lesson, make_note
from testbed.world import World
from tests.review.desk import correct, open_case, share
from tests.review.test_proposals import propose, resolve
from tests.shared.pipeline import LogOf


class SmallPages(LogOf):
    """The log in pages of three."""

    def page_after(self, position, event_id):
        page = super().page_after(position, event_id)
        return replace(page, events=page.events[:3])


class Killed(BaseException):
    """The process ends here."""


def happen(world):
    """Everything that review can say of a note."""
    world.reviewer("reviewer")
    published = world.publish()
    body = {"reason": "The camp was named."}
    assert (
        world.call(
            "editor", "POST", f"/review/api/v1/entries/{published[0]}/withdrawal", body
        ).status_code
        == 200
    )
    share(world, published[1], "green")
    return_correct_and_approve(world)
    return_and_correct(world, "Corrected and waiting")
    case = open_case(world, make_note(operation__title="Returned"))
    world.decide(case, [sent_back(case["items"][0])])
    case = open_case(world, make_note(operation__title="Rejected"))
    other = {
        "item": case["items"][1]["id"],
        "verdict": "duplicate",
        "comment": "Known.",
        "duplicate_of": published[1],
    }
    rejected = {"item": case["items"][0]["id"], "verdict": "reject", "comment": "Not ours."}
    assert world.decide(case, [rejected, other]).status_code == 200
    open_case(world, make_note(operation__title="New"))
    assert resolve(world, propose(world), {"accept": True, "family": "quality"}).status_code == 200
    with world.review_db.sessions.begin() as session:
        known = {name: find(session, name).id for name in ("Chad Migration Support", "MSF Holland")}
        use_cases.confirm_organisation(
            session,
            organisation_id=known[("Chad Migration Support")],
            name="CMS",
            parent_id=known["MSF Holland"],
            actor=OPERATOR,
        )
    world.carry()


def return_and_correct(world, title):
    """A note of which one lesson is corrected, one taken back, and a benchmark is new.

    Returns its case.
    """
    note = make_note(operation__title=title, lessons=[make_lesson(), make_lesson(title="Left out")])
    case = open_case(world, note)
    assert (
        world.decide(case, [sent_back(case["items"][0]), sent_back(case["items"][1])]).status_code
        == 200
    )
    note["lessons"] = [make_lesson(observation="In May 2011, very many were waiting.")]
    note["benchmarks"] = [*note["benchmarks"], make_benchmark(value="800")]
    assert correct(world, case["note"], 1, note, key=title).status_code == 200
    world.carry()
    return world.case_of(case["note"])


def return_correct_and_approve(world):
    """The same, and the corrected lesson is approved."""
    again = return_and_correct(world, "Corrected")
    assert world.decide(again, [approve(again["items"][0])]).status_code == 200


def sent_back(item):
    return {"item": item["id"], "verdict": "request_changes", "comment": "Say when."}


def view(world):
    """All that intake keeps, but for its log and the stages of the pipeline."""
    kept = {}
    with world.intake_db.readings() as session:
        for table in (Note, Item, AcceptedIndicator, Organisation, OrganisationName, Cursor):
            columns = table.__table__.columns
            rows = session.execute(
                select(*columns).order_by(*table.__table__.primary_key.columns)
            ).all()
            kept[table.__name__] = [dict(row._mapping) for row in rows]
        kept["mails"] = session.scalar(select(func.count()).select_from(Delivery))
    return kept


def replay_all(world, source=None):
    return replay(
        world.intake_db, source or SmallPages(world), REVIEW_STREAM, forget_decisions, apply_again
    )


def test_a_replay_gives_the_same_again_and_writes_to_nobody(world: World, both_backends):
    happen(world)
    before = view(world)
    assert {item["state"] for item in before["Item"]} == {
        *(
            "assigned",
            "in_review",
            "changes_requested",
            "published",
            "withdrawn",
            "rejected",
            "duplicate",
        ),
        "submitted",
    }

    counts = [replay_all(world), replay_all(world)]

    shown = {(item["entry_sharing"], item["published_version"]) for item in before["Item"]}
    assert shown == {(None, None), (None, 1), ("green", 1), ("clear", 2)}
    assert counts == [before["Cursor"][0]["position"]] * 2
    assert view(world) == before


def test_what_was_lost_or_never_said_is_put_right(world: World, both_backends):
    happen(world)
    before = view(world)
    with world.intake_db.sessions.begin() as session:
        wrong = {
            "state": "rejected",
            "comment": "Nobody said this.",
            "entry_reference": "LL-2026-9999",
        }
        session.execute(
            update(Item).where(Item.state.in_(("assigned", "published", "duplicate"))).values(wrong)
        )
        session.execute(text("UPDATE note SET state = 'decided'"))
        session.execute(text("DELETE FROM accepted_indicator"))
        session.execute(text("UPDATE organisation SET confirmed = false WHERE name = 'CMS'"))

    replay_all(world)

    assert view(world) == before


def test_a_replay_that_was_killed_is_repeated_and_holds_the_consumer_until_then(
    world: World, both_backends
):
    happen(world)
    before = view(world)
    source = SmallPages(world)
    pages = iter([source.page_after, source.page_after])

    class Dying:
        def page_after(self, position, event_id):
            page_after = next(pages, None)
            if page_after is None:
                raise Killed
            return page_after(position, event_id)

    with pytest.raises(Killed):
        replay_all(world, Dying())

    new = open_case_at_review_only(world)
    assert apply_next(world) is Outcome.HALTED
    with world.intake_db.readings() as session:
        assert session.get(Cursor, REVIEW_STREAM).halted_reason == REASON
    assert without(view(world), new)["Item"] != before["Item"]
    replay_all(world)
    assert without(view(world), new) == before
    assert apply_next(world) is Outcome.APPLIED


def open_case_at_review_only(world):
    """Hand a note in; what review says of it has not arrived. Returns its reference."""
    answer = world.call(
        "field",
        "POST",
        "/intake/api/v1/notes",
        make_note(operation__title="X"),
        Idempotency_Key="x",
    )
    world._carry(world.intake_db, INTAKE_STREAM, world.review_db, REVIEW_HANDLERS)
    with world.review_db.sessions.begin() as session:
        while outbox.number_pending(session, REVIEW_STREAM):
            pass
    return answer.json["reference"]


def apply_next(world):
    """Do as the consumer does with the next event."""
    with world.intake_db.sessions.begin() as session:
        position = subscription.cursor_of(session, REVIEW_STREAM).position
        page = LogOf(world).page_after(position, None)
        return subscription.apply_all(session, page.events, HANDLERS, prefetch)[-1]


def without(kept, reference):
    """The same but for this note."""
    notes = [note for note in kept["Note"] if note["reference"] != reference]
    ids = {note["id"] for note in notes}
    return {
        **kept,
        "Note": notes,
        "Item": [item for item in kept["Item"] if item["note_id"] in ids],
    }


def test_a_page_is_applied_with_as_many_questions_as_one_event(world: World, both_backends):
    for number in range(9):
        open_case(world, make_note(operation__title=f"Operation {number}"))
    events = LogOf(world).page_after(0, None).events
    asked = []
    event.listen(
        world.intake_db.engine, "before_cursor_execute", lambda *given: asked.append(given[2])
    )

    with world.intake_db.sessions.begin() as session:
        forget_decisions(session)
        asked.clear()
        apply_again(session, events)
        session.flush()

    assert len(events) == 9
    assert len([statement for statement in asked if statement.startswith("SELECT")]) == 2
    assert len(asked) <= 5


def test_a_replay_refuses_a_log_that_is_not_the_one_that_was_applied(world: World):
    happen(world)

    class Other(LogOf):
        def page_after(self, position, event_id):
            page = super().page_after(position, event_id)
            return Page(
                page.epoch,
                page.head,
                [replace(given, previous=UUID(int=1)) for given in page.events],
            )

    with pytest.raises(ReplayError, match="is not the log that was applied: look at position 1"):
        replay_all(world, Other(world))


def test_a_replay_waits_until_a_contradiction_is_settled(world: World):
    world.submit()
    with world.intake_db.sessions.begin() as session:
        subscription.halt(subscription.cursor_of(session, REVIEW_STREAM), "Another life.")

    with pytest.raises(
        ReplayError, match="Resume the consumer first, which is halted: Another life"
    ):
        replay_all(world)


def test_two_replays_do_not_go_on_beside_each_other(world: World):
    happen(world)
    before = view(world)

    class WithAnother(SmallPages):
        def page_after(self, position, event_id):
            if position == 3:
                replay_all(world)
            return super().page_after(position, event_id)

    with pytest.raises(ReplayError, match="another replay"):
        replay_all(world, WithAnother(world))
    assert view(world) == before


def test_review_cannot_be_replayed():
    refused = CliRunner().invoke(lessons, ["events", "replay", "--service", "review"])

    assert refused.exit_code == 1
    assert "it comes back from a backup" in refused.output


def test_a_new_review_opens_every_case_once_from_intakes_log(
    world: World, templates, backend, both_backends
):
    references = [
        world.submit(make_note(operation__title=f"Operation {n}"))["reference"] for n in range(4)
    ]
    return_correct_and_approve(world)
    with templates.database(backend, "review") as url:
        new = open_database(url)
        carried = world._carry(world.intake_db, INTAKE_STREAM, new, REVIEW_HANDLERS)
        again = world._carry(world.intake_db, INTAKE_STREAM, new, REVIEW_HANDLERS)
        with new.readings() as session:
            query = select(Case.reference, Case.note_version).order_by(Case.reference)
            cases = session.execute(query).all()
        new.close()

    corrected = f"{references[0][:-4]}0005"
    assert (carried, again) == (6, 0)
    assert [tuple(case) for case in cases] == [
        *((reference, 1) for reference in references),
        (corrected, 2),
    ]
