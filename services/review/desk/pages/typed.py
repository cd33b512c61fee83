"""What someone sent from a page of the desk: every field as typed, and the version they saw."""

from collections.abc import Mapping
from typing import Any

from flask import request

from services.review.desk.model import Case, Item
from services.review.desk.schemas.wording import title_words
from shared.domain import codelists
from shared.domain.codelists.indicator import Indicator
from shared.platform.accounts.actor import Actor
from shared.platform.accounts.roles import Role
from shared.platform.typed import sent
from shared.platform.web import languages
from shared.platform.web.forms import Form

VERSION = "version"
_TEXTS = ("comment", "duplicate", "readers", "code", "reason", "share_reason", "withdraw_reason")


def seen_version() -> int:
    """The version of the case that the sent page showed; -1, which is none, if it says none."""
    text = sent.form().get(VERSION, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


class Typed(dict[str, Any]):
    """What stands in the sent form, by the name of its field on the page: lists of ticks as lists.

    A form about one item has short names; on the page each of its fields is named after the item.
    """

    def __init__(self) -> None:
        super().__init__(sent.form().to_dict())
        if request.endpoint == "case.release":
            self.pop("account", None)  # who was to leave is not who was chosen to get the case
        ticked = [name for name in sent.form() if name.startswith("check-")]
        self.update({name: sent.form().getlist(name) for name in ticked})
        item_id = (request.view_args or {}).get("item_id")
        if item_id is not None:
            self.update({f"{name}-{item_id}": text for name, text in sent.form().items()})


def typed_texts() -> list[str]:
    """The texts in the sent form, for a page that has none of its fields."""
    pairs = [(name.partition("-")[0], text) for name, text in sent.form().items()]
    return [text for name, text in pairs if name in _TEXTS and text.strip()]


def without_field(
    case: Case,
    form: Form,
    actor: Actor,
    catalogue: Mapping[str, Indicator],
    *,
    may_decide: bool,
) -> list[tuple[str, list[str]]]:
    """What was typed about items for which the page has no such field any more, with their titles.

    Someone else decided the item meanwhile, dealt with its proposal, or published it; or the team
    took it back.
    """
    found = []
    for item in case.items:
        names = _names_without_field(
            item, is_editor=actor.role == Role.EDITOR, may_decide=may_decide
        )
        texts = [(name, form.value(f"{name}-{item.id}")) for name in names]
        words = [_in_words(name, text, catalogue) for name, text in texts if text]
        if words:
            found.append((title_words(item.title, catalogue), words))
    return found


_DECIDE = ("verdict", "comment", "duplicate", "sharing", "readers")
_MAP = ("indicator", "code", "family")
_PUBLISH = ("reason",)
_CODES = {"verdict": "verdicts", "sharing": "sharing", "family": "families"}


def _names_without_field(item: Item, *, is_editor: bool, may_decide: bool) -> tuple[str, ...]:
    decides = item.is_open and may_decide
    maps = item.is_open and item.is_proposal and is_editor
    publishes = item.waits_for_editor and is_editor
    return (
        *(() if decides else _DECIDE),
        *(() if maps else _MAP),
        *(() if publishes else _PUBLISH),
    )


def _in_words(name: str, text: str, catalogue: Mapping[str, Indicator]) -> str:
    """What was typed; what was chosen by its label."""
    language = languages.language()
    if name == "indicator" and text in catalogue:
        return catalogue[text].name(language)
    if name in _CODES and text in codelists.codes(_CODES[name]):
        return codelists.label(_CODES[name], text, language)
    return text
