"""Publishing what was approved, saying who may read it, and taking it back."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.review.desk.model import Case, Item
from services.review.library import queries as library
from services.review.library.model import (
    NEVER_PUBLISHED,
    PREFIX,
    SHARING,
    Entry,
    Facet,
    ReferenceCounter,
    audiences_for,
)
from shared.domain import codelists, organisations
from shared.domain.events import (
    EntryOperationChanged,
    EntryPublished,
    EntrySharingChanged,
    EntryWithdrawn,
)
from shared.domain.organisations import Organisation, fold
from shared.platform import clock
from shared.platform.accounts.actor import Actor
from shared.platform.errors import N_, ConflictError, InvalidError, NotAllowedError
from shared.platform.languages import LANGUAGES
from shared.platform.persistence import outbox
from shared.platform.persistence.lock import take_turns


def publish_if_allowed(session: Session, *, item: Item, actor: Actor) -> Entry | None:
    """Publish an item at once when it is approved and no rule asks for a second pair of eyes."""
    if not item.waits_for_editor or item.needs_second_pair_of_eyes:
        return None
    return _publish(session, item, actor, reason=None)


def publish_item(
    session: Session, *, case: Case, item_id: UUID, actor: Actor, reason: str | None
) -> Entry:
    """An editor publishes an approved item that waited for a second pair of eyes.

    Who approved it is not a second pair of eyes: publishing one's own approval is against the rule
    and wants a reason.
    """
    item = case.item_with(item_id)
    if item is None or not item.waits_for_editor:
        raise ConflictError(N_("This item does not wait to be published."))
    if actor.role != "editor":
        raise NotAllowedError(N_("Only an editor can publish this."))
    if item.decided_by == actor.account_id and not reason:
        raise InvalidError(
            {"reason": [N_("You approved this yourself. Say why it cannot wait for someone else.")]}
        )

    entry = _publish(session, item, actor, reason=reason)
    case.derive_state()
    return entry


def withdraw_entry(session: Session, *, entry: Entry, reason: str, actor: Actor) -> Entry:
    """Take an entry out of the library. Its tombstone tells everyone who could read it."""
    entry.withdraw(reason)
    case = session.get_one(Case, entry.case_id)
    item = case.item_with(entry.item_id)
    if item is not None:
        item.state = "withdrawn"
    detail = {"reference": entry.reference, "reason": reason}
    case.note_done(actor, "withdrew", item_id=entry.item_id, **detail)
    case.derive_state()

    entry.event_id = outbox.record(session, EntryWithdrawn(**_told(entry), reason=reason))
    return entry


def share_entry(
    session: Session,
    *,
    entry: Entry,
    sharing: str,
    readers: Sequence[str],
    reason: str,
    actor: Actor,
) -> Entry:
    """Change who may read an entry. Whoever loses sight of it gets a tombstone."""
    if entry.state != "published":
        text = N_("%(reference)s has been withdrawn already.")
        raise ConflictError(text, reference=entry.reference)
    if sharing not in SHARING or sharing in NEVER_PUBLISHED:
        raise InvalidError(
            {"sharing": [N_("Choose anyone, partners or named partners; or withdraw the entry.")]}
        )

    named = _named_readers(session, readers) if sharing == "amber" else []
    if (sharing, named) == (entry.sharing, entry.readers):
        return entry
    entry.sharing, entry.readers = sharing, named
    entry.show_to(audiences_for(sharing, named))
    case = session.get_one(Case, entry.case_id)
    detail = {"reference": entry.reference, "sharing": sharing, "reason": reason}
    case.note_done(actor, "shared", item_id=entry.item_id, **detail)

    entry.event_id = outbox.record(session, EntrySharingChanged(**_told(entry)))
    return entry


def follow_case(session: Session, *, case: Case) -> None:
    """Let the entries of a case count for the operation that it counts for now.

    Only for which one: what they say of it was published as it is, and a correction that nobody has
    reviewed does not change it.
    """
    now = {name: case.operation.get(name) for name in ("id", "reference")}
    entries = session.scalars(select(Entry).where(Entry.case_id == case.id).with_for_update())
    for entry in entries.all():
        if all(entry.operation.get(name) == value for name, value in now.items()):
            continue
        entry.operation_id, entry.operation = case.operation_id, {**entry.operation, **now}
        if entry.state == "published":
            entry.changed_at = clock.now()
            entry.event_id = outbox.record(session, EntryOperationChanged(**_told(entry)))


def _publish(session: Session, item: Item, actor: Actor, *, reason: str | None) -> Entry:
    case, now = item.case, clock.now()
    named = _readers_of(session, item) if item.level == "amber" else []
    organisation = organisations.current(session, case.organisation_id)
    entry = Entry(
        reference=_next_reference(session, item.kind),
        kind=item.kind,
        version=1,
        state="published",
        sharing=item.level,
        readers=named,
        case_id=case.id,
        note_id=case.note_id,
        item_id=item.id,
        operation_id=case.operation_id,
        operation=case.operation,
        organisation=organisation.name if organisation else "",
        language=case.language,
        content=item.resolved_content,
        background=case.background,
        search_text="",
        event_id=uuid4(),
        published_at=now,
        changed_at=now,
    )
    entry.show_to(audiences_for(entry.sharing, named))
    _describe(session, entry)
    session.add(entry)
    item.state = "published"
    case.note_done(actor, "published", item_id=item.id, reference=entry.reference, reason=reason)
    told = EntryPublished(**_told(entry), note_version=case.note_version)
    entry.event_id = outbox.record(session, told)
    return entry


def _describe(session: Session, entry: Entry) -> None:
    """Note by what an entry is found."""
    content, operation = entry.content, entry.operation
    indicator = library.catalogue(session).get(entry.indicator or "")
    sectors = (
        indicator.sectors if indicator else [content["sector"]] if content.get("sector") else []
    )
    facets = {("country", country["code"]) for country in operation["countries"]}
    facets |= {("sector", str(sector)) for sector in sectors}
    facets |= {("phase", content["phase"])}
    facets |= {("indicator", entry.indicator)} if entry.indicator else set()
    entry.facets = [Facet(name=name, value=value) for name, value in sorted(facets)]
    texts = [entry.reference, entry.organisation, operation["title"], *operation.get("places", [])]
    texts += [partner["organisation"] for partner in entry.background["partners"]]
    for country in operation["countries"]:
        texts += [
            country["code"],
            *(codelists.country_label(country["code"], code) for code in LANGUAGES),
        ]
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


def _readers_of(session: Session, item: Item) -> list[str]:
    """The organisations named at amber: those that the decision named, else those of the operation
    that we know.
    """
    if item.readers:
        return _named_readers(session, item.readers)
    operation = item.case.operation
    names = [partner["organisation"] for partner in item.case.background["partners"]]
    names += [operation["lead_agency"]] if operation.get("lead_agency") else []
    found = [organisations.find(session, name) for name in names]
    found.append(organisations.current(session, item.case.organisation_id))
    return _ids(organisation for organisation in found if organisation is not None)


def _named_readers(session: Session, names: Sequence[str]) -> list[str]:
    found = {name: organisations.find(session, name) or _with_id(session, name) for name in names}
    unknown = [name for name, organisation in found.items() if organisation is None]
    if unknown or not found:
        text = N_("Name organisations that the register knows. Unknown: %(names)s.")
        raise InvalidError({"readers": [ConflictError(text, names=", ".join(unknown) or "–")]})
    return _ids(organisation for organisation in found.values() if organisation is not None)


def _with_id(session: Session, text: str) -> Organisation | None:
    try:
        return organisations.current(session, UUID(text))
    except ValueError:
        return None


def _ids(found: Iterable[Organisation]) -> list[str]:
    return sorted({str(organisation.id) for organisation in found})


def _told(entry: Entry) -> dict[str, Any]:
    return {
        "reference": entry.reference,
        "kind": entry.kind,
        "version": entry.version,
        "sharing": entry.sharing,
        "note_id": entry.note_id,
        "item_id": entry.item_id,
        "at": entry.changed_at,
    }
