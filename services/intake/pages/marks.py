"""What a page showed, in short, so that a request that comes late or twice does not change
something else.

A page of a step has a mark: what it showed, or "new" for a part that it begins, a name of its own,
and for a number what it is about. A part keeps the mark of the page that wrote it last, for each
step: whoever goes back and sends again writes over what was theirs.
"""

import hashlib
import json
import re
import secrets
from collections.abc import Mapping

from services.intake.model import Draft, PartDraft
from services.intake.pages import choosing
from services.intake.pages.steps import Step
from shared.platform.web import forms

NEW = "new"
_MARK = re.compile(r"(new|[0-9a-f]{12})\.[\w-]{8}(?:\.(?P<about>[\w-]+))?", re.ASCII)


def of_part(parts: list[PartDraft], place: int) -> str:
    """The mark of a lesson or benchmark. It counts the others in, for two may say the same."""
    return _digest([len(parts), parts[place]])


def of_page(draft: Draft, step: Step, place: int) -> str:
    """The mark of a page that shows this step of a draft."""
    mark = f"{_answers(draft, step, place)}.{secrets.token_urlsafe(6)}"
    chosen = choosing.chosen(_part(draft, step, place) or {})
    return f"{mark}.{chosen}" if chosen and step.name in choosing.STEPS else mark


def about(form: Mapping[str, str]) -> str | None:
    """What the number of the page that was sent was about, if it was about one."""
    mark = _MARK.fullmatch(sent(form))
    return mark["about"] if mark else None


def sent(form: Mapping[str, str]) -> str:
    """The mark of the page that was sent; "" if it had none."""
    mark = form.get("mark", "")
    return mark if _MARK.fullmatch(mark) else ""


def place_of(draft: Draft, step: Step, place: int, mark: str) -> int:
    """Where the answers of a page belong.

    What it began stands behind the last part, unless it was kept before.
    """
    if not mark.startswith(NEW):
        return place
    parts = forms.dig(draft, step.root) or []
    own = [at for at in range(len(parts)) if _is_own(draft, step, at, mark)]
    return own[0] if own else len(parts)


def is_overtaken(draft: Draft, typed: Draft, step: Step, place: int, mark: str) -> bool:
    """Whether another page changed what this one showed, to something else than this one says."""
    known = (NEW, mark.partition(".")[0], _answers(typed, step, place))
    return (
        bool(mark)
        and _answers(draft, step, place) not in known
        and not _is_own(draft, step, place, mark)
    )


def leave(draft: Draft, step: Step, place: int, mark: str) -> None:
    """Note which page wrote this step last."""
    part = _part(draft, step, place) or {}
    part["marks"] = {**(part.get("marks") or {}), step.name: mark}


def _part(draft: Draft, step: Step, place: int) -> PartDraft | None:
    part: PartDraft | None = forms.dig(draft, step.path(place)) if step.root else draft
    return part


def _is_own(draft: Draft, step: Step, place: int, mark: str) -> bool:
    part = _part(draft, step, place) or {}
    return (part.get("marks") or {}).get(step.name) == mark


def _answers(draft: Draft, step: Step, place: int) -> str:
    part = _part(draft, step, place)
    if part is None:
        return NEW
    asked_back = part.get("unclear") or {}
    answers = [forms.dig(part, path) or None for path in step.asked]
    unclear = [asked_back.get(path) for path in (*step.numbers, *step.days)]
    return _digest([answers, unclear, choosing.chosen(part)])


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12]
