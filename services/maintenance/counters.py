"""The numbers that notes, operations and entries are called by.

Which were ever given, so that a restore gives none of them again.
"""

from collections.abc import Iterable
from contextlib import suppress

from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from services.intake.model import Item as IntakeItem
from services.intake.model import Note, OperationCounter
from services.review.desk.model import Case
from services.review.library.model import PREFIX, ReferenceCounter
from shared.platform import clock
from shared.platform.settings import Service

NOTES, OPERATIONS = "AAN", "OP"
MARGIN = 10_000  # added where nobody can tell any more what was given

Numbers = dict[str, int]
"""The last number given, by the series: "AAN" for notes, "OP-2026" or "LL-2026" for one year's."""


def given(session: Session, service: Service) -> Numbers:
    """The last numbers that this database gave, drafts included."""
    if service == "intake":
        highest = session.scalar(select(func.max(Note.number))) or 0
        return {NOTES: max(highest, _last_drawn(session)), **_operations_given(session)}
    counters = session.execute(
        select(ReferenceCounter.kind, ReferenceCounter.year, ReferenceCounter.last)
    )
    return {f"{PREFIX[kind]}-{year}": last for kind, year, last in counters}


def heard_of(session: Session, service: Service) -> Numbers:
    """The highest numbers of the other service that this database was told of."""
    if service == "review":
        cases = session.scalars(select(Case.reference))
        notes = [f"{NOTES}-{reference.rpartition('-')[2]}" for reference in cases]
        operations = session.scalars(select(Case.operation["reference"].as_string()).distinct())
        return _highest([*notes, *(reference for reference in operations if reference)])
    told = select(IntakeItem.entry_reference).where(IntakeItem.entry_reference.is_not(None))
    return _highest(reference for reference in session.scalars(told) if reference)


def move_past(
    session: Session, service: Service, known: Iterable[Numbers], *, margin: int
) -> Numbers:
    """Let the next numbers lie past all known ones, and `margin` further.

    Returns the last numbers as they now are.
    """
    year = clock.today().year
    own = [NOTES, f"{OPERATIONS}-{year}"] if service == "intake" else _entries_of(year)
    wanted = dict.fromkeys(own, 0)
    for numbers in known:
        for series, last in numbers.items():
            wanted[series] = max(last, wanted.get(series, 0))
    moved = {series: last + margin for series, last in wanted.items()}
    for series, last in moved.items():
        _move(session, series, last)
    return moved


def _move(session: Session, series: str, last: int) -> None:
    prefix, _dash, year = series.partition("-")
    if prefix == NOTES:
        _move_notes(session, last)
    elif prefix == OPERATIONS:
        session.merge(OperationCounter(year=int(year), last=last))
    else:
        kind = next(kind for kind, known_prefix in PREFIX.items() if known_prefix == prefix)
        session.merge(ReferenceCounter(kind=kind, year=int(year), last=last))


def _last_drawn(session: Session) -> int:
    """The last number that the database itself drew for a note, as far as it remembers."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    query = (
        ("SELECT seq FROM sqlite_sequence WHERE name = 'note'")
        if is_sqlite
        else ("SELECT last_value FROM note_number_seq")
    )
    # SQLite remembered nothing before our second migration
    with suppress(SQLAlchemyError), session.begin_nested():
        return session.scalar(text(query)) or 0
    return 0


def _operations_given(session: Session) -> Numbers:
    counters = select(OperationCounter.year, OperationCounter.last)
    with suppress(SQLAlchemyError), session.begin_nested():  # a database of before has none
        return {f"{OPERATIONS}-{year}": last for year, last in session.execute(counters)}
    return {}


def _move_notes(session: Session, last: int) -> None:
    if last == 0:
        return
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT setval('note_number_seq', :last)"), {"last": last})
        return
    session.execute(text("DELETE FROM sqlite_sequence WHERE name = 'note'"))
    session.execute(
        text("INSERT INTO sqlite_sequence (name, seq) VALUES ('note', :last)"), {"last": last}
    )


def _highest(references: Iterable[str]) -> Numbers:
    """ "LL-2026-0012" counts as 12 of "LL-2026", "AAN-0003" as 3 of "AAN"."""
    found: Numbers = {}
    for reference in references:
        series, _dash, number = reference.rpartition("-")
        found[series] = max(int(number), found.get(series, 0))
    return found


def _entries_of(year: int) -> list[str]:
    return [f"{prefix}-{year}" for prefix in PREFIX.values()]
