"""Finding the way back to a note: lost receipts, and sign-in for people without an account."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.intake.model import Note
from shared.platform import clock
from shared.platform.accounts import accounts
from shared.platform.accounts.accounts import Account
from shared.platform.accounts.roles import Role
from shared.platform.delivery import deliveries
from shared.platform.typed.addresses import clean_address

MOST_RECEIPTS = 20
# between two of these mails to one address: it may be someone else who asks
PAUSE = timedelta(minutes=10)


def mail_receipts(session: Session, *, email: str, language: str) -> None:
    """Mail the receipts of all notes that gave this address.

    Says nothing to the caller about whether there are any.
    """
    address = clean_address(email)
    notes = session.scalars(
        select(Note)
        .where(Note.contact == address)
        .order_by(Note.changed_at.desc())
        .limit(MOST_RECEIPTS)
    ).all()
    if not notes or deliveries.was_asked_for(
        session, recipient=address, template="receipts", since=clock.now() - PAUSE
    ):
        return

    deliveries.ask_for(
        session,
        recipient=address,
        template="receipts",
        language=language,
        details={
            "notes": [
                {
                    "title": note.title,
                    "reference": note.reference,
                    "state": note.state,
                    "receipt": note.receipt,
                }
                for note in notes
            ]
        },
    )


def welcome_submitter(session: Session, email: str) -> Account | None:
    """An account for someone who left this address on a note, so that they can answer the
    reviewers.

    Nobody vouches for them: they may read and correct the notes that gave their address, and no
    others.
    """
    note = session.scalar(
        select(Note)
        .where(Note.contact == clean_address(email))
        .order_by(Note.changed_at.desc())
        .limit(1)
    )
    if note is None:
        return None

    account = accounts.create(
        session, email=email, name=clean_address(email), role=Role.FIELD, language=note.language
    )
    account.organisation_id, account.vouched = note.organisation_id, False
    return account
