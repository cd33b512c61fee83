"""Where a page of the form leads."""

from flask import url_for

from services.intake.model import Note
from services.intake.pages.steps import Step


def next_page(note: Note, step: Step, place: int) -> str:
    """The next page: the short path in its order, and from any later change straight back to the
    check.
    """
    draft = note.draft or {}
    if step.name == "proposal":
        return url_for("write.show", receipt=note.receipt, step_name="number", place=place)
    if not draft.get("sharing") and place == 0:
        following = {
            "operation": ("lesson", 0),
            "lesson": ("indicator", 0),
            "number": ("sharing", 0),
        }.get(step.name)
        if following is not None:
            return url_for(
                "write.show", receipt=note.receipt, step_name=following[0], place=following[1]
            )
    return url_for("write.review", receipt=note.receipt)
