"""The decisions that someone filled in on the page of a case."""

from collections.abc import Iterable, Mapping, Sequence

from flask_babel import gettext as _

from services.review.desk.model import Case, Item
from services.review.desk.use_cases import Decision
from shared.domain.content.fields import LONG
from shared.domain.labels import label
from shared.platform.errors import InvalidError
from shared.platform.typed import sent
from shared.platform.typed.texts import clean_reference
from shared.platform.web.problems import translate

TOGETHER = "together"
_VERDICTS = ("approve", "request_changes", "reject", "duplicate")
_FIELDS = {
    "comment": "comment",
    "duplicate_of": "duplicate",
    "checklist": "check",
    "sharing": "sharing",
    "readers": "readers",
}


def read_decisions(case: Case) -> list[Decision]:
    """What was filled in.

    Items without verdict and remark can be approved together, with one checklist for all.
    """
    together = sent.form().get(TOGETHER) == "yes"
    decisions = []
    for item in case.items:
        decision = _decision(item)
        if decision is not None:
            decisions.append(decision)  # of an item that is decided, too: that is a conflict
        elif together and item.is_open and not sent.form().get(f"comment-{item.id}", "").strip():
            ticked = sent.form().getlist(f"check-{TOGETHER}")
            decisions.append(Decision(item.id, "approve", checklist=dict.fromkeys(ticked, True)))
    if not decisions:
        raise InvalidError({"decisions": [_("Choose a verdict for at least one item.")]})
    return decisions


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


def _decision(item: Item) -> Decision | None:
    verdict = sent.form().get(f"verdict-{item.id}", "")
    if verdict not in _VERDICTS:
        return None
    lines = sent.form().get(f"readers-{item.id}", "").splitlines()
    readers = [line.strip() for line in lines if line.strip()]
    return Decision(
        item=item.id,
        verdict=verdict,
        comment=_clean(f"comment-{item.id}"),
        duplicate_of=_reference(item),
        checklist=dict.fromkeys(sent.form().getlist(f"check-{item.id}"), True),
        sharing=sent.form().get(f"sharing-{item.id}") or None,
        readers=readers[:50],
    )


def _reference(item: Item) -> str | None:
    typed = _clean(f"duplicate-{item.id}")
    return clean_reference(typed) if typed else None


def _clean(name: str) -> str | None:
    text = sent.form().get(name, "").strip()
    if len(text) > LONG:
        raise InvalidError({name: [_("Shorten this to %(most)s characters or fewer.", most=LONG)]})
    return text or None
