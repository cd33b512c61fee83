"""What a request to the form is about, and whether its sender may write it now."""

from flask import abort
from sqlalchemy.orm import Session

from services.intake import queries
from services.intake.model import IS_DECIDED, Draft, Note, PartDraft
from services.intake.pages import meanwhile
from services.intake.pages.steps import STEPS, Step
from shared.platform.errors import N_, ConflictError, NotAllowedError
from shared.platform.web import forms, languages
from shared.platform.web.access import actor

MOST_PARTS = 50


def writable(session: Session, receipt: str, *, lock: bool = False) -> Note:
    """The note behind a receipt, if its reader may write it now.

    A draft is whoever's has the receipt; a returned note wants someone of the same organisation,
    who has begun to correct it.
    """
    note = queries.note_with_receipt(session, receipt, lock=lock)
    if note.version > 0 and not queries.may_read(session, actor(), note):
        raise NotAllowedError(N_("Sign in to correct this note: only its own organisation can."))
    if not note.may_be_written or note.draft is None:
        raise ConflictError(
            N_("This note is not open for writing. Its status page says where it stands.")
        )
    return note


def step_named(name: str) -> Step:
    """The page of the form with this name. Not found, if there is none."""
    step = STEPS.get(name)
    if step is None:
        abort(404)
    return step


def require_undecided(session: Session, note: Note, part: PartDraft) -> None:
    """Raises ConflictError for what has been decided: a note that changed it is not taken."""
    item = meanwhile.decided(note, part)
    if item is not None:
        title = item.title_in(languages.language(), queries.catalogue(session))
        raise ConflictError(IS_DECIDED, title=title)


def check_place(draft: Draft, step: Step, place: int) -> None:
    """A lesson or benchmark is begun behind the last one; a step outside of the lists has one
    place.
    """
    count = len(forms.dig(draft, step.root) or []) if step.root else 1
    if place >= min(count + step.begins, MOST_PARTS):
        abort(404)
