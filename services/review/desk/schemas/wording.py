"""Codes of the desk in plain words: why a case fell to someone, and what was done to it."""

from collections.abc import Callable, Mapping
from typing import cast

from flask_babel import gettext as _
from flask_babel import ngettext

from services.review.desk.model import Case, Detail, HistoryEvent, Reason
from shared.domain import codelists
from shared.domain.codelists.indicator import Indicator
from shared.platform.web import languages
from shared.platform.web.pages import listed

MOST_ACTS = 10  # acts in one sentence
FIRST_STRONG, END = "\u2068", "\u2069"  # around a text that has its own direction


def reason_words(reason: Reason) -> str:
    """Why someone reviews a case: “speaks French, knows transport assistance, 2 open cases”."""
    if "taken" in reason:
        return _("took the case")
    if "given_by" in reason:
        return _("given by %(name)s", name=reason["given_by"])
    language = languages.language()
    speaks = codelists.label("languages", reason["language"], language)
    speaks = speaks if language == "en" else speaks.lower()
    words = [_("speaks %(language)s", language=speaks)]
    words += [
        _("knows %(sector)s", sector=codelists.label("sectors", code, language))
        for code in reason["sectors"]
    ]
    words += [
        _("knows %(country)s", country=codelists.country_label(code, language))
        for code in reason["countries"]
    ]
    count = reason["open_cases"]
    words.append(ngettext("%(num)d open case", "%(num)d open cases", count))
    if reason.get("same_organisation"):
        words.append(_("same organisation, another office"))
    return listed(words)


def moved_words(case: Case, version: int, catalogue: Mapping[str, Indicator]) -> str:
    """Why nobody can act on a case as it was at this version: what was done to it since."""
    done = case.done_since(version)
    if not done:
        return _(
            "%(theirs)s is no version of this case. It is at version %(ours)s. Read it again, "
            "and send the case’s “version”, not that of the note.",
            theirs=version,
            ours=case.version,
        )
    words = [act_words(event, catalogue) for event in done[-MOST_ACTS:]]
    if len(done) > MOST_ACTS:
        words.insert(0, "…")
    return _(
        "The case has changed since version %(theirs)s. It is at version %(ours)s now. "
        "Since then: %(acts)s. Read it again, and send what still holds with the new version.",
        theirs=version,
        ours=case.version,
        acts="; ".join(words),
    )


def act_words(event: HistoryEvent, catalogue: Mapping[str, Indicator]) -> str:
    """What was done and by whom: “Amina: marked the case as sensitive”."""
    words = history_words(event, catalogue)
    return f"{event.who}: {words}" if event.who else words


def history_words(event: HistoryEvent, catalogue: Mapping[str, Indicator]) -> str:
    """What was done, as a sentence without its subject."""
    detail, language = event.detail, languages.language()
    if event.action == "decided":
        verdict = codelists.label("verdicts", detail["verdict"], language)
        title = title_words(detail["title"], catalogue)
        return _("decided “%(title)s”: %(verdict)s", title=title, verdict=verdict)
    if event.action == "assigned":
        return _(
            "assigned to %(name)s (%(reason)s)",
            name=detail["name"],
            reason=reason_words(cast("Reason", detail["reason"])),
        )
    if event.action == "corrected":
        number = event.note_version
        return _("corrected by the submitter: version %(number)s of the note", number=number)
    if event.action == "mapped":
        name = title_words(detail["indicator"], catalogue)
        return _("proposal is the indicator %(code)s", code=name)
    return _ACTIONS[event.action](detail)


def title_words(title: str, catalogue: Mapping[str, Indicator]) -> str:
    """The title of an item for a sentence: the name of an indicator instead of its code.

    In a sentence from right to left it is set apart, or a title in Latin letters would turn the
    quotation marks around it.
    """
    indicator = catalogue.get(title)
    words = indicator.name(languages.language()) if indicator else title
    return f"{FIRST_STRONG}{words}{END}" if languages.direction() == "rtl" else words


_ACTIONS: dict[str, Callable[[Detail], str]] = {
    "opened": lambda _detail: _("case opened"),
    "operation_changed": lambda detail: _(
        "now about operation %(reference)s",
        reference=detail["reference"],
    ),
    "nobody_fits": lambda _detail: _("no reviewer fits: with the editors"),
    "marked_sensitive": lambda _detail: _("marked the case as sensitive"),
    "released": lambda _detail: _("a reviewer left the case"),
    "accepted_indicator": lambda detail: _(
        "indicator %(code)s taken into the catalogue", code=detail["indicator"]
    ),
    "published": lambda detail: _("published as %(reference)s", reference=detail["reference"]),
    "withdrew": lambda detail: _("withdrew %(reference)s", reference=detail["reference"]),
    "shared": lambda detail: _(
        "%(reference)s may be read by: %(readers)s",
        reference=detail["reference"],
        readers=codelists.label("sharing", detail["sharing"], languages.language()),
    ),
}
