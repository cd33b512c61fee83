"""Writing a note: nothing is lost between the first word and the submission."""

import secrets
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from services.intake import queries
from services.intake.model import Draft, Note
from shared.platform import clock
from shared.platform.errors import N_, ConflictError, TooManyError
from shared.platform.typed.addresses import clean_address

RECEIPT_BYTES = 16
MOST_UNSIGNED_AN_HOUR = 300  # drafts of people who are not signed in, all together


def start_draft(
    session: Session,
    *,
    language: str,
    draft: Draft,
    account_id: UUID | None = None,
    contact: str | None = None,
) -> Note:
    """Begin a note.

    Whoever has its receipt can go on writing it. Raises TooManyError when strangers begin so many
    that it must be a machine; who is signed in is never held up.
    """
    now = clock.now()
    if (
        account_id is None
        and queries.count_unsigned_drafts(session, since=now - timedelta(hours=1))
        >= MOST_UNSIGNED_AN_HOUR
    ):
        raise TooManyError(
            N_(
                "Too many notes are being begun right now. Sign in to write yours, or try "
                "again in an hour."
            )
        )
    note = Note(
        number=queries.next_number(session),
        id=uuid4(),
        receipt=secrets.token_urlsafe(RECEIPT_BYTES),
        version=0,
        draft=draft,
        account_id=account_id,
        contact=contact,
        language=language,
        created_at=now,
        changed_at=now,
    )
    session.add(note)
    return note


def write_draft(_session: Session, *, note: Note, draft: Draft) -> None:
    """Keep what was typed so far, right or wrong: it is checked when it is handed over."""
    note.write(draft)


def leave_contact(_session: Session, *, note: Note, email: str) -> None:
    """Say where to write when something becomes of the note.

    An address that stands there already is kept.

    Otherwise whoever holds a receipt could turn the mails, and with them the right to correct, to
    themselves.
    """
    if note.contact is not None:
        raise ConflictError(N_("This note already has an address to write to."))

    note.contact = clean_address(email)
