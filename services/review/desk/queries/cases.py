"""Reading cases: who may see one, and whose turn it is."""

from collections import Counter
from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, selectinload

from services.review.base import Operation
from services.review.desk.model import OPEN_TO_ALL_REVIEWERS, UNDECIDED, Assignment, Case, CaseState
from services.review.library.model import Entry
from services.review.library.queries.entries import no_such_entry
from shared.platform.accounts.actor import Actor
from shared.platform.accounts.roles import Role
from shared.platform.errors import N_, NotFoundError
from shared.platform.persistence.cache import cached, prime, recent

OPEN_CASE_COUNTS = "open case counts"
AT_A_TIME = 200


def case_for(session: Session, actor: Actor, case_id: UUID) -> Case:
    """The case, if the actor may see it. Raises NotFoundError either way."""
    return _for(actor, session.get(Case, case_id))


def case_to_change(session: Session, actor: Actor, case_id: UUID, *, version: int | None) -> Case:
    """The case, locked, for an act of someone who saw it at this version; None: they do not say.

    Raises NotFoundError like `case_for`, CaseMovedError when more has been done to it since.
    """
    case = _for(actor, session.get(Case, case_id, with_for_update=True))
    if version is not None:
        case.require_version(version)  # only now, for who had the lock before us may have moved it
    return case


def entry_to_change(session: Session, reference: str, *, version: int | None) -> Entry:
    """The entry, locked with its case, for an act of someone who saw the case at this version.

    Raises NotFoundError, and CaseMovedError when more has been done to the case since.
    """
    case_id = session.scalar(select(Entry.case_id).where(Entry.reference == reference))
    if case_id is None:
        raise no_such_entry(reference)
    case = case_locked(session, case_id)  # before the entry, as when it is published
    if version is not None:
        case.require_version(version)
    query = select(Entry).where(Entry.reference == reference)
    return session.scalars(query.with_for_update()).one()


def may_see(actor: Actor, case: Case) -> bool:
    """Editors see every case; reviewers the ones open to all of them, and those assigned
    to them.
    """
    if actor.role == Role.EDITOR or case.assignment_of(actor.account_id) is not None:
        return True
    return actor.role == Role.REVIEWER and case.sharing in OPEN_TO_ALL_REVIEWERS


def case_of_note(session: Session, note_id: UUID) -> Case | None:
    """The case of a note, locked."""
    return session.scalar(select(Case).where(Case.note_id == note_id).with_for_update())


def has_case(session: Session, operation_id: UUID) -> bool:
    """Whether a note about this operation is here."""
    found = select(Case.id).where(Case.operation_id == operation_id).limit(1)
    return session.scalar(found) is not None


def case_of_entry(session: Session, reference: str) -> Case:
    """The case from which an entry was published. Raises NotFoundError."""
    query = select(Case).join(Entry, Entry.case_id == Case.id)
    case = session.scalar(query.where(Entry.reference == reference))
    if case is None:
        raise no_such_entry(reference)
    return case


def case_version(session: Session, reference: str) -> int | None:
    """At which version the case of an entry is; None without such an entry."""
    query = select(Case.version).join(Entry, Entry.case_id == Case.id)
    return session.scalar(query.where(Entry.reference == reference))


def my_turn(session: Session, actor: Actor, *, most: int) -> Sequence[Case]:
    """The cases that wait for this person, the oldest due first."""
    query = select(Case).where(_waits_for(actor)).order_by(Case.due_at, Case.id)
    return session.scalars(query.limit(most)).all()


def count_my_turn(session: Session, actor: Actor) -> int:
    """How many cases wait for this person."""
    return session.scalar(select(func.count()).select_from(Case).where(_waits_for(actor))) or 0


def visible_cases(
    session: Session,
    actor: Actor,
    *,
    state: str,
    note: str | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> Sequence[Case]:
    """The cases that this person may see, the oldest due first.

    `state` is open, closed, all or an exact state; `note` is the reference of the one note whose
    case is wanted.
    """
    query = select(Case).where(_visible_to(actor)).order_by(Case.due_at, Case.id).limit(limit)
    query = _in_state(query, state)
    if note is not None:
        query = query.where(Case.reference == note)
    if after is not None:
        last = session.get(Case, after)
        if last is None:
            raise NotFoundError(N_("This “next” leads nowhere. Start again without it."))
        query = query.where(
            or_(Case.due_at > last.due_at, and_(Case.due_at == last.due_at, Case.id > last.id))
        )
    return session.scalars(query).all()


def assigned_cases(session: Session) -> Iterator[Case]:
    """The cases that someone reviews now: a few hundred in memory, however many there are, and none
    locked.
    """
    holds = (
        select(Assignment.id)
        .where(Assignment.case_id == Case.id, Assignment.ended_at.is_(None))
        .exists()
    )
    query = select(Case).where(Case.state.in_(UNDECIDED), holds).order_by(Case.id).limit(AT_A_TIME)
    query = query.options(selectinload(Case.items), selectinload(Case.assignments))
    cases = session.scalars(query).all()
    while cases:
        yield from cases
        last = cases[-1].id
        cases = session.scalars(query.where(Case.id > last)).all()


def case_locked(session: Session, case_id: UUID) -> Case:
    """The case with this id, locked."""
    return session.get_one(Case, case_id, with_for_update=True)


def operations(session: Session, *, most: int = 200) -> list[tuple[str, str]]:
    """The operations as (id, name), each as its newest case tells it.

    Not those that only named reviewers know of. The name has start and reference beside the title,
    for there are others of the same title.
    """
    known = select(Case).where(Case.sharing.in_(OPEN_TO_ALL_REVIEWERS))
    rows = session.scalars(known.order_by(Case.opened_at.desc()).limit(most))
    names = {str(case.operation_id): _name_of(case.operation) for case in reversed(rows.all())}
    return sorted(names.items(), key=lambda pair: pair[1])


def _name_of(operation: Operation) -> str:
    beside = [operation["started_on"], operation.get("reference")]
    return f"{operation['title']} ({', '.join(filter(None, beside))})"


def open_case_counts(session: Session) -> Counter[UUID]:
    """How many undecided cases each reviewer has, with those that this transaction gave them.

    What is stored is read when this is first asked, and again after a flush. That reads the
    undecided cases only, by the index of their state, however many were decided before.
    """
    stored = cached(session, OPEN_CASE_COUNTS, lambda: _count_open_cases(session))
    unflushed = [one for one in session.new if isinstance(one, Assignment) and not one.ended_at]
    return stored + Counter(assignment.account_id for assignment in unflushed)


def expect_many_cases(session: Session) -> None:
    """Let `open_case_counts` begin with what was stored within the last second, and add what was
    assigned since.

    For a batch of notes: while very many come, as after a pause, to count all that are open for
    each batch would take longer than to open them. A case that was decided or left in that second
    still counts.
    """
    last_id, counts = recent(
        session,
        OPEN_CASE_COUNTS,
        lambda: (_last_assignment_id(session), _count_open_cases(session)),
    )
    since = select(Assignment.account_id).where(
        Assignment.id > last_id, Assignment.ended_at.is_(None)
    )
    prime(session, OPEN_CASE_COUNTS, counts + Counter(session.scalars(since)))


def _last_assignment_id(session: Session) -> int:
    return session.scalar(select(func.max(Assignment.id))) or 0


def _count_open_cases(session: Session) -> Counter[UUID]:
    rows = session.execute(
        select(Assignment.account_id, func.count())
        .join(Case)
        .where(Assignment.ended_at.is_(None), Case.state.in_(UNDECIDED))
        .group_by(Assignment.account_id)
    )
    # a Row is no pair for mypy
    return Counter({account_id: count for account_id, count in rows})  # noqa: C416


def _for(actor: Actor, case: Case | None) -> Case:
    if case is None or not may_see(actor, case):
        raise NotFoundError(N_("There is no such case, or it is not yours to see."))
    return case


def _in_state(query: Select[Case], state: str) -> Select[Case]:
    if state == "open":
        return query.where(Case.state.in_(UNDECIDED))
    if state == "closed":
        return query.where(Case.state == CaseState.DECIDED)
    return query if state == "all" else query.where(Case.state == state)


def _waits_for(actor: Actor) -> ColumnElement[bool]:
    theirs = Case.reviewer_turn & _assigned_to(actor)
    return or_(Case.editor_turn, theirs) if actor.role == Role.EDITOR else theirs


def _visible_to(actor: Actor) -> ColumnElement[bool]:
    if actor.role == Role.EDITOR:
        return Case.id.is_not(None)
    return or_(Case.sharing.in_(OPEN_TO_ALL_REVIEWERS), _assigned_to(actor))


def _assigned_to(actor: Actor) -> ColumnElement[bool]:
    return (
        select(Assignment.id)
        .where(
            Assignment.case_id == Case.id,
            Assignment.account_id == actor.account_id,
            Assignment.ended_at.is_(None),
        )
        .exists()
    )
