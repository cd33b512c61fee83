"""What reviewers decide while its team corrects a note.

It stands as they decided it. What was typed of it is set aside in the draft: it is not sent, and
pages show it (unsent.py).
"""

from collections.abc import Mapping
from copy import deepcopy
from typing import cast
from uuid import UUID

from services.intake.model import Draft, Item, Note, PartDraft
from services.intake.pages.titles import first_words
from services.intake.schemas import as_sent
from shared.domain.content.parts import NoteContent
from shared.domain.content.schemas import fields_of

LISTS = ("lessons", "benchmarks")
_OF_THE_NOTE = tuple(name for name in fields_of(NoteContent) if name not in LISTS)


def draft_of(note: Note) -> Draft:
    """What was handed over, as a draft: each lesson and benchmark with the item that it is.

    A title that was made from the first words is left open, so that it follows them when they are
    corrected.
    """
    draft = cast("Draft", as_sent(note.handed_over))
    parts = [*draft["lessons"], *draft["benchmarks"]]
    marked: list[PartDraft] = [
        {**part, "item": str(item.id)} for part, item in zip(parts, note.current_items, strict=True)
    ]
    count = len(draft["lessons"])
    for lesson in marked[:count]:
        if lesson["title"] == first_words(lesson["observation"] or ""):
            lesson["title"] = None
    return {**draft, "lessons": marked[:count], "benchmarks": marked[count:]}


def with_decisions(note: Note) -> Draft:
    """The draft of a note, in which everything that was decided stands as it was decided.

    What was taken out of it comes back at the end, for the other parts keep their places.
    """
    draft: Draft = deepcopy(note.draft or {})
    if note.draft is None or note.version == 0:
        return draft
    handed_over = draft_of(note)
    for parts, before in (
        (draft.setdefault("lessons", []), handed_over["lessons"]),
        (draft.setdefault("benchmarks", []), handed_over["benchmarks"]),
    ):
        for part in before:
            if decided(note, part) is not None:
                _put_decided(draft, parts, part)
    return draft


def decided(note: Note, part: PartDraft | None) -> Item | None:
    """The item that a part of a draft corrects, if that is decided."""
    item = note.item_with(UUID(part["item"])) if part and part.get("item") else None
    return item if item is not None and item.is_decided else None


def _put_decided(draft: Draft, parts: list[PartDraft], as_decided: PartDraft) -> None:
    item = as_decided["item"]
    place = next((at for at, part in enumerate(parts) if part.get("item") == item), None)
    typed = parts[place] if place is not None else None
    if place is None:
        parts.append(as_decided)
    else:
        parts[place] = as_decided
    if typed is None or not says_the_same(typed, as_decided):
        draft.setdefault("set_aside", []).append({"item": item, "typed": typed})


def says_the_same(part: PartDraft, other: PartDraft) -> bool:
    """Whether two parts of drafts give the same answers, however a browser sent them."""
    return _said(part) == _said(other)


def changed(draft: Draft, note: Note) -> list[str]:
    """The answers beside lessons and numbers that a draft does not give as they were handed
    over.
    """
    before, now = _said(draft_of(note)), _said(draft)
    return [name for name in _OF_THE_NOTE if before.get(name) != now.get(name)]


def _said(part: PartDraft) -> dict[str, object]:
    return _given({name: said for name, said in part.items() if name not in ("item", "marks")})


def _given(answers: Mapping[str, object]) -> dict[str, object]:
    """The answers that were given: a browser sends other ends of lines, and numbers as texts."""
    plain = {name: _plain(said) for name, said in answers.items()}
    return {name: said for name, said in plain.items() if said}


def _plain(said: object) -> object:
    if isinstance(said, Mapping):
        return _given(said)
    if isinstance(said, list):
        return [one for one in map(_plain, said) if one]
    return "" if said is None else str(said).replace("\r\n", "\n").strip()
