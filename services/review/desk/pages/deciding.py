"""The decisions that someone filled in on the page of a case."""

from collections.abc import Iterable, Mapping, Sequence

from flask_babel import gettext as _

from services.review.desk.model import Case, Item
from services.review.desk.schemas.requests import MOST_READERS
from services.review.desk.use_cases import Decision
from shared.domain.content.fields import LONG
from shared.domain.labels import label
from shared.platform.errors import N_, InvalidError
from shared.platform.typed import sent
from shared.platform.typed.texts import clean_reference
from shared.platform.web.arrival import SENDING
from shared.platform.web.problems import translate

TOGETHER = "together"
_VERDICTS = ("approve", "request_changes", "reject", "duplicate")
_OTHER_READERS = N_("You chose other readers: choose Approve, or clear them.")
_IN_VAIN = {  # without a verdict
    "comment": N_("You wrote a remark: choose a verdict, or clear it."),
    "duplicate": N_("You gave a duplicate reference: choose Duplicate, or clear it."),
    "sharing": _OTHER_READERS,
    "readers": _OTHER_READERS,
}
_FIELDS = {
    "comment": "comment",
    "duplicate_of": "duplicate",
    "checklist": "check",
    "sharing": "sharing",
    "readers": "readers",
}


def read_decisions(case: Case) -> list[Decision]:
    """What was filled in.

    Items without a verdict can be approved together, with one checklist for all; each with the
    readers that were chosen for it. Raises InvalidError for what would be lost, and when nothing
    was filled in.
    """
    together = sent.form().get(TOGETHER) == "yes"
    decisions = []
    errors: dict[str, list[str]] = {}
    for item in case.items:
        verdict, ticks = sent.form().get(f"verdict-{item.id}", ""), f"check-{item.id}"
        if verdict in _VERDICTS:  # of an item that is decided, too: that is a conflict
            decisions.append(_decision(item, verdict, ticks))
        elif item.is_open:
            errors |= _lost(item, together=together)
            if together:
                decisions.append(_decision(item, "approve", ticks, f"check-{TOGETHER}"))
    if errors:
        raise InvalidError(errors)
    if not decisions and not is_marked():
        raise InvalidError({"decisions": [_("Choose a verdict for at least one item.")]})
    return decisions


def is_marked() -> bool:
    """Whether the case is to be marked as sensitive."""
    return sent.form().get("sensitive") == "yes"


def is_remark_left(decisions: Sequence[Decision]) -> bool:
    """Whether there is a remark on an item that was not decided: it is only in the browser."""
    decided = {f"comment-{decision.item}" for decision in decisions}
    remarks = {name for name, text in sent.form().items() if text.strip()} - decided
    return any(name.startswith("comment-") for name in remarks)


def by_field(case: Case, errors: Mapping[str, Sequence[object]]) -> dict[str, list[str]]:
    """The errors by the names of the fields: those are named after items, decisions numbered."""
    is_numbered = any(path.startswith("decisions.") for path in errors)
    decisions = read_decisions(case) if is_numbered else []
    items = [item for decision in decisions if (item := case.item_with(decision.item)) is not None]
    found: dict[str, list[str]] = {}
    for path, texts in errors.items():
        _decisions_word, _dot, rest = path.partition(".")
        place, _dot, name = rest.partition(".")
        field = path
        if place.isdecimal() and int(place) < len(items):
            field = _FIELDS.get(name.split(".")[0], "verdict") + f"-{items[int(place)].id}"
        found.setdefault(field, [])
        found[field] += [text for text in map(translate, texts) if text not in found[field]]
    return found | _open_points(items, errors)


def _open_points(items: Sequence[Item], errors: Iterable[str]) -> dict[str, list[str]]:
    """For each item whose checklist is not confirmed the points that are open, in one sentence."""
    told = {}
    for place, item in enumerate(items):
        path = f"decisions.{place}.checklist."
        codes = [name.removeprefix(path) for name in errors if name.startswith(path)]
        points = " ".join(label(f"{item.kind}_checklist", code) for code in codes)
        if points:
            text = _("Confirm, or choose another verdict: %(points)s", points=points)
            told[f"check-{item.id}"] = [text]
    return told


def _decision(item: Item, verdict: str, *ticks: str) -> Decision:
    return Decision(
        item=item.id,
        verdict=verdict,
        comment=_clean(f"comment-{item.id}"),
        duplicate_of=_reference(item),
        checklist={code: True for name in ticks for code in sent.form().getlist(name)},
        sharing=sent.form().get(f"sharing-{item.id}") or None,
        readers=_readers(item),
    )


def _reference(item: Item) -> str | None:
    typed = _clean(f"duplicate-{item.id}")
    return clean_reference(typed) if typed else None


def _lost(item: Item, *, together: bool) -> dict[str, list[str]]:
    """What was said of an item without a verdict and would be lost, by the names of the fields."""
    if together:
        names = ["comment"]  # all else goes with its approval
    elif SENDING in sent.form():
        names = ["duplicate", "sharing", "readers"]  # the script keeps a remark for its verdict
    else:
        names = [*_IN_VAIN]
    said = [name for name in names if sent.form().get(f"{name}-{item.id}", "").strip()]
    return {f"{name}-{item.id}": [translate(_IN_VAIN[name])] for name in said}


def _readers(item: Item) -> list[str]:
    lines = sent.form().get(f"readers-{item.id}", "").splitlines()
    readers = [line.strip() for line in lines if line.strip()]
    if len(readers) > MOST_READERS:
        text = _("Give %(most)s of these or fewer.", most=MOST_READERS)
        raise InvalidError({f"readers-{item.id}": [text]})
    return readers


def _clean(name: str) -> str | None:
    text = sent.form().get(name, "").strip()
    if len(text) > LONG:
        raise InvalidError({name: [_("Shorten this to %(most)s characters or fewer.", most=LONG)]})
    return text or None
