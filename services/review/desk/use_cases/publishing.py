"""Publishing what was approved, saying who may read it, and taking it back.

The library does it with what it is handed; the case keeps what was done.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from services.review.desk.model import Case, Item
from services.review.library import use_cases as library
from services.review.library.model import Entry
from services.review.library.use_cases import Snapshot
from shared.platform.accounts.actor import Actor
from shared.platform.errors import N_, ConflictError


def publish_if_allowed(session: Session, *, item: Item, actor: Actor) -> Entry | None:
    """Publish an item at once when it is approved and no rule asks for a second pair of eyes."""
    if not item.waits_for_editor or item.needs_second_pair_of_eyes:
        return None
    item.publish_directly(actor)
    return _publish(session, item, actor, reason=None)


def publish_item(
    session: Session, *, case: Case, item_id: UUID, actor: Actor, reason: str | None
) -> Entry:
    """An editor publishes an approved item that waited for a second pair of eyes."""
    item = case.item_with(item_id)
    if item is None:
        raise ConflictError(N_("This item does not wait to be published."))
    item.publish(actor, reason=reason)

    entry = _publish(session, item, actor, reason=reason)
    case.derive_state()
    return entry


def withdraw_entry(session: Session, *, entry: Entry, reason: str, actor: Actor) -> Entry:
    """Take an entry out of the library. Its tombstone tells everyone who could read it."""
    case = session.get_one(Case, entry.case_id)
    library.withdraw_entry(session, entry=entry, reason=reason, actor=actor)

    item = case.item_with(entry.item_id)
    if item is not None:
        item.withdraw(actor)
    case.note_done(
        actor, "withdrew", item_id=entry.item_id, reference=entry.reference, reason=reason
    )
    case.derive_state()
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
    case = session.get_one(Case, entry.case_id)
    if library.share_entry(session, entry=entry, sharing=sharing, readers=readers, actor=actor):
        case.note_done(
            actor,
            "shared",
            item_id=entry.item_id,
            reference=entry.reference,
            sharing=sharing,
            reason=reason,
        )
    return entry


def snapshot_of(item: Item) -> Snapshot:
    """What the library would be handed now."""
    case = item.case
    return Snapshot(
        case_id=case.id,
        note_id=case.note_id,
        note_version=case.note_version,
        item_id=item.id,
        kind=item.kind,
        content=item.resolved_content,
        language=case.language,
        sharing=item.level,
        readers=item.readers,
        organisation_id=case.organisation_id,
        operation_id=case.operation_id,
        operation=case.operation,
        background=case.background,
    )


def _publish(session: Session, item: Item, actor: Actor, *, reason: str | None) -> Entry:
    entry = library.publish_entry(session, snapshot_of(item))

    item.case.note_done(
        actor, "published", item_id=item.id, reference=entry.reference, reason=reason
    )
    return entry
