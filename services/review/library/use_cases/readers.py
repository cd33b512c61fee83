"""The organisations for which something is published at amber."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from services.review.library.use_cases.snapshots import Snapshot
from shared.domain import organisations
from shared.domain.organisations import Organisation
from shared.platform.errors import N_, ConflictError, InvalidError

NAMED_IN_VAIN = N_("You named organisations: choose “Only the partners named”, or clear them.")


def find_readers(session: Session, snapshot: Snapshot) -> list[str]:
    """The ids of the organisations for which it is at amber: those that the snapshot names, else
    who wrote the note and the partners of the operation that we know. None at another level.

    Raises InvalidError when it names readers that the register does not know.
    """
    if snapshot.sharing != "amber":
        return []
    if snapshot.readers:
        return find_named(session, snapshot.readers)
    names = [partner["organisation"] for partner in snapshot.background["partners"]]
    lead_agency = snapshot.operation.get("lead_agency")
    names += [lead_agency] if lead_agency else []
    found = [organisations.find(session, name) for name in names]
    found.append(organisations.current(session, snapshot.organisation_id))
    return _ids(organisation for organisation in found if organisation is not None)


def find_named(session: Session, names: Sequence[str]) -> list[str]:
    """The ids of the organisations with these names or ids.

    Raises InvalidError for those that the register does not know, and for none at all.
    """
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
