"""Forgetting a person who asks for it."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from services.intake.model import Note
from shared.domain import administration
from shared.platform.accounts.actor import Actor
from shared.platform.persistence.base import count_changed
from shared.platform.typed.addresses import clean_address


def forget_person(session: Session, *, email: str, actor: Actor) -> int:
    """Erase whose an address was: from notes, which stay without a trace of who wrote, from the
    account and with the mails.

    Returns in how many places it was found. Raises what `administration.forget_person` raises.
    """
    found = administration.forget_person(session, email=email, actor=actor)
    its_notes = update(Note).where(Note.contact == clean_address(email)).values(contact=None)
    return found + count_changed(session, its_notes)
