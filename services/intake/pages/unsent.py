"""What was typed of a returned note and is not sent, for pages that show it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

from services.intake.model import Draft, Item, Note, PartDraft
from services.intake.pages import choosing, drafts, meanwhile
from services.intake.pages.choosing import Catalogue
from shared.platform.web import languages


@dataclass(frozen=True)
class Typed:
    """A lesson or a number as it was typed; without `content` it had been taken out.

    `unclear` has numbers that could not be read, by what they are called. `title` is that of the
    item that it corrects.
    """

    kind: str
    content: Mapping[str, Any] | None
    title: str | None = None
    unclear: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Correction:
    """A correction that was begun and is not sent: its parts, and the answers beside them."""

    parts: list[Typed]
    content: Mapping[str, Any]
    changed: list[str]


def set_aside(note: Note, draft: Draft, catalogue: Catalogue) -> dict[str, Typed]:
    """What was typed of that which was decided meanwhile, by its item."""
    shown = {}
    for aside in draft.get("set_aside") or ():
        item = note.item_with(UUID(aside["item"]))
        if item is not None:
            shown[aside["item"]] = _typed(item.kind, aside["typed"], item, catalogue)
    return shown


def is_news(draft: Draft, form: Mapping[str, str]) -> bool:
    """Whether more was set aside than the page showed from which this form was sent."""
    known = form.get("set_aside", "").split()
    return any(aside["item"] not in known for aside in draft.get("set_aside") or ())


def correction_of(note: Note, catalogue: Catalogue) -> Correction | None:
    """What was typed to correct a note that is not open for writing any more; None for nothing."""
    if note.draft is None or note.version == 0 or note.may_be_written:
        return None
    draft = meanwhile.with_decisions(note)
    parts = [*set_aside(note, draft, catalogue).values(), *_changed_parts(note, draft, catalogue)]
    changed = meanwhile.changed(draft, note)
    content = drafts.content_of(draft, catalogue, note.language)
    return Correction(parts, content, changed) if parts or changed else None


def _changed_parts(note: Note, draft: Draft, catalogue: Catalogue) -> Iterator[Typed]:
    before = meanwhile.draft_of(note)
    for kind, parts, handed_over in (
        ("lesson", draft["lessons"], before["lessons"]),
        ("benchmark", draft["benchmarks"], before["benchmarks"]),
    ):
        left = {part["item"]: part for part in handed_over}
        for part in parts:
            was = left.pop(part.get("item", ""), None)
            if was is None or not meanwhile.says_the_same(part, was):
                yield _typed(kind, part, _item_of(note, part), catalogue)
        for part in left.values():
            yield _typed(kind, None, _item_of(note, part), catalogue)


def _item_of(note: Note, part: PartDraft) -> Item | None:
    return note.item_with(UUID(part["item"])) if part.get("item") else None


def _typed(kind: str, part: PartDraft | None, item: Item | None, catalogue: Catalogue) -> Typed:
    language = languages.language()
    title = item.title_in(language, catalogue) if item is not None else None
    if part is None:
        return Typed(kind, None, title)
    draft: Draft = {"lessons": [part]} if kind == "lesson" else {"benchmarks": [part]}
    content = drafts.content_of(draft, catalogue, language)
    not_read = part.get("unclear") or {}
    unclear = {choosing.name_of(path): number["typed"] for path, number in not_read.items()}
    (shown,) = cast("list[Mapping[str, Any]]", content[f"{kind}s"])
    return Typed(kind, shown, title, unclear)
