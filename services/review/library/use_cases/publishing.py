"""Publishing an entry, saying who may read it, and taking it back."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.review.library import queries
from services.review.library.model import (
    PREFIX,
    Entry,
    EntryAct,
    EntryState,
    Facet,
    ReferenceCounter,
    audiences_for,
)
from services.review.library.use_cases.readers import NAMED_IN_VAIN, find_named, find_readers
from services.review.library.use_cases.snapshots import Snapshot
from shared.domain import codelists, organisations
from shared.domain.events import (
    EntryOperationChanged,
    EntryPublished,
    EntrySharingChanged,
    EntryWithdrawn,
)
from shared.domain.sharing import NEVER_PUBLISHED, SHARING
from shared.platform import clock
from shared.platform.accounts.actor import Actor
from shared.platform.errors import N_, InvalidError
from shared.platform.languages import LANGUAGES
from shared.platform.persistence import outbox
from shared.platform.persistence.lock import take_turns
from shared.platform.typed.texts import fold


class Facts(TypedDict):
    """What every event says of an entry."""

    reference: str
    kind: str
    version: int
    sharing: str
    note_id: UUID
    item_id: UUID
    at: datetime


def publish_entry(session: Session, snapshot: Snapshot) -> Entry:
    """Make an entry of an approved item.

    Raises InvalidError when it names readers that the register does not know.
    """
    named = find_readers(session, snapshot)
    organisation = organisations.current(session, snapshot.organisation_id)

    entry = _entry(
        snapshot,
        reference=_next_reference(session, snapshot.kind),
        organisation=organisation.name if organisation else "",
        readers=named,
    )
    entry.show_to(audiences_for(entry.sharing, named))
    _describe(session, entry)
    session.add(entry)

    event = EntryPublished(**_facts(entry), note_version=snapshot.note_version)
    entry.event_id = outbox.record(session, event)
    return entry


def withdraw_entry(session: Session, *, entry: Entry, reason: str, actor: Actor) -> None:
    """An editor takes an entry out of the library. Its tombstone tells all who could read it."""
    entry.withdraw(reason, actor)

    entry.event_id = outbox.record(session, EntryWithdrawn(**_facts(entry), reason=reason))


def share_entry(
    session: Session, *, entry: Entry, sharing: str, readers: Sequence[str], actor: Actor
) -> bool:
    """An editor changes who may read an entry. Whoever loses sight of it gets a tombstone.

    Returns whether this changes anything.
    """
    entry.after(EntryAct.SHARE, actor)
    if sharing not in SHARING or sharing in NEVER_PUBLISHED:
        raise InvalidError(
            {"sharing": [N_("Choose anyone, partners or named partners; or withdraw the entry.")]}
        )
    if readers and sharing != "amber":
        raise InvalidError({"readers": [NAMED_IN_VAIN]})

    named = find_named(session, readers) if sharing == "amber" else []
    if (sharing, named) == (entry.sharing, entry.readers):
        return False
    entry.share(sharing, named, actor)

    entry.event_id = outbox.record(session, EntrySharingChanged(**_facts(entry)))
    return True


def change_operation(
    session: Session, *, case_id: UUID, operation_id: UUID, reference: str | None
) -> None:
    """Let the entries of a case count for this operation.

    Only for which one: what they say of it was published as it is, and a correction that nobody has
    reviewed does not change it.
    """
    entries = session.scalars(select(Entry).where(Entry.case_id == case_id).with_for_update())
    for entry in entries.all():
        said = entry.operation
        if (said.get("id"), said.get("reference")) == (str(operation_id), reference):
            continue
        entry.operation_id = operation_id
        entry.operation = {**said, "id": str(operation_id), "reference": reference}
        if entry.state == EntryState.PUBLISHED:
            entry.changed_at = clock.now()
            entry.event_id = outbox.record(session, EntryOperationChanged(**_facts(entry)))


def _entry(
    snapshot: Snapshot, *, reference: str, organisation: str, readers: Sequence[str]
) -> Entry:
    now = clock.now()
    return Entry(
        reference=reference,
        kind=snapshot.kind,
        version=1,
        sharing=snapshot.sharing,
        readers=list(readers),
        case_id=snapshot.case_id,
        note_id=snapshot.note_id,
        item_id=snapshot.item_id,
        operation_id=snapshot.operation_id,
        operation=snapshot.operation,
        organisation=organisation,
        language=snapshot.language,
        content=snapshot.content,
        background=snapshot.background,
        search_text="",
        event_id=uuid4(),
        published_at=now,
        changed_at=now,
    )


def _describe(session: Session, entry: Entry) -> None:
    """Note by what an entry is found."""
    content, operation = entry.content, entry.operation
    indicator = queries.catalogue(session).get(entry.indicator or "")
    facets = {("country", country["code"]) for country in operation["countries"]}
    facets |= {("sector", str(sector)) for sector in entry.sectors(indicator)}
    facets |= {("phase", content["phase"])}
    facets |= {("indicator", entry.indicator)} if entry.indicator else set()
    entry.facets = [Facet(name=name, value=value) for name, value in sorted(facets)]
    texts = [entry.reference, entry.organisation, operation["title"], *operation.get("places", [])]
    texts += [partner["organisation"] for partner in entry.background["partners"]]
    for code in (country["code"] for country in operation["countries"]):
        texts += [code, *(codelists.country_label(code, language) for language in LANGUAGES)]
    texts += [value for value in content.values() if isinstance(value, str)]
    texts += list(indicator.definition["name"].values()) if indicator else []
    entry.search_text = fold(" ".join(texts))


def _next_reference(session: Session, kind: str) -> str:
    year = clock.today().year
    take_turns(session, f"{PREFIX[kind]}-{year}")
    counter = session.get(ReferenceCounter, (kind, year), populate_existing=True)
    if counter is None:
        counter = ReferenceCounter(kind=kind, year=year, last=0)
        session.add(counter)
    counter.last += 1
    session.flush()
    return f"{PREFIX[kind]}-{year}-{counter.last:04d}"


def _facts(entry: Entry) -> Facts:
    return {
        "reference": entry.reference,
        "kind": entry.kind,
        "version": entry.version,
        "sharing": entry.sharing,
        "note_id": entry.note_id,
        "item_id": entry.item_id,
        "at": entry.changed_at,
    }
