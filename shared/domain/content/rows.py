"""A part of a note as rows for people: the same on the check page, the status page, the approval
form and an entry.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from shared.domain import codelists
from shared.domain.content.fields import Day, Field, Part, Several, Text
from shared.domain.content.parts import CountryContent, IdentifierContent
from shared.domain.content.schemas import Content, fields_of, part_in
from shared.platform.languages import listed_in


@dataclass(frozen=True)
class Row:
    """A label and what stands beside it.

    What people wrote `in_own_words` may be in another language than the page.
    """

    label: str
    value: str
    in_own_words: bool


def rows_of(part: Content, content: Mapping[str, object], language: str) -> list[Row]:
    """The labelled fields of a part that say something. Fields with one label share a row."""
    shared: dict[str, list[tuple[Field, str]]] = {}
    for field, value in _said(part, content, language):
        shared.setdefault(_(field.label), []).append((field, value))
    return [
        Row(label, _together(said, language), any(_is_in_own_words(field) for field, _text in said))
        for label, said in shared.items()
    ]


def _is_in_own_words(field: Field) -> bool:
    listed = field.of if isinstance(field, Several) else None
    return (listed or field).is_free_text


def _said(
    part: Content, content: Mapping[str, object], language: str
) -> Iterator[tuple[Field, str]]:
    for name, field in fields_of(part).items():
        value, inner = content.get(name), part_in(part, name)
        if inner is IdentifierContent and isinstance(value, list):
            yield from _identifiers(value, language)
        if isinstance(field, Part) and inner is not None and isinstance(value, Mapping):
            yield from _said(inner, value, language)
        elif field.label and (text := _shown(field, inner, value, language)):
            yield field, text


def _identifiers(said: list[Mapping[str, str]], language: str) -> Iterator[tuple[Field, str]]:
    """Each in a row of its own, under the name of its scheme."""
    for one in said:
        label = codelists.label("identifier_schemes", one.get("scheme"), language)
        yield Text(label=label), one.get("id") or ""


def _shown(field: Field, inner: Content | None, value: object, language: str) -> str:
    if value in (None, "", []):
        return ""
    if inner is CountryContent and isinstance(value, list):
        return listed_in(language, list(filter(None, (_country(one, language) for one in value))))
    return field.shown(value, language)


def _country(said: Mapping[str, str | None], language: str) -> str:
    """A country with its part in the operation; nothing for a row of the form that was
    left empty.
    """
    code, role = said.get("code"), said.get("role")
    if not code:
        return ""
    part = f" ({codelists.label('country_roles', role, language)})" if role else ""
    return codelists.country_label(code, language) + part


def _together(said: list[tuple[Field, str]], language: str) -> str:
    values = [value for _field, value in said]
    if all(isinstance(field, Day) for field, _value in said):
        return " – ".join(dict.fromkeys(values))
    return listed_in(language, values)
