"""Codes, countries, units and numbers as the pages show them: in the language of the reader."""

from collections.abc import Mapping

from flask import Flask

from shared.domain import codelists
from shared.domain.content import parts, rows
from shared.platform.typed.numbers import type_number, write_number
from shared.platform.typed.written_days import write_day
from shared.platform.web import languages


def add_labels(app: Flask) -> None:
    """Let the templates of an application call these functions."""
    app.jinja_env.globals.update(
        label=label,
        terms=term_choices,
        country=country,
        countries=countries,
        number=number,
        reading=reading,
        unit_name=unit_name,
        norm_op=norm_op,
        norm_source=norm_source,
        rows_of=rows_of,
        partner_lines=partner_lines,
    )


def label(name: str, code: object) -> str:
    """The label of a code in the language of this page; "" for none."""
    return codelists.label(name, code, languages.language()) if code not in (None, "") else ""


def term_choices(name: str) -> list[tuple[str, str]]:
    """The codes of a list with their labels in the language of this page."""
    return [(code, label(name, code)) for code in codelists.codes(name)]


def country(code: str) -> str:
    """The name of a country in the language of this page."""
    return codelists.country_label(code, languages.language())


def number(value: str | None) -> str:
    """A decimal string as it is written in the language of this page."""
    return write_number(value, languages.language()) if value else ""


def reading(value: str, *, is_number: bool) -> str:
    """What a number or day that was not clear may mean, in the language of this page."""
    written = type_number if is_number else write_day
    return written(value, languages.language())


def countries() -> tuple[tuple[str, str], ...]:
    """All countries to choose from, in the language of this page."""
    return codelists.country_choices(languages.language())


def unit_name(unit: str | None) -> str:
    """A unit as people read it in the language of this page."""
    return label("units", unit)


def norm_op(op: str) -> str:
    """“at least” and the like, for the figure of a standard."""
    return label("norm_ops", op)


def norm_source(source: str) -> str:
    """The title of a standard; titles are not translated."""
    return codelists.norm_sources().get(source, {}).get("title", source)


PARTS = {
    "note": parts.NoteContent,
    "operation": parts.OperationContent,
    "partner": parts.PartnerContent,
    "lesson": parts.LessonContent,
    "benchmark": parts.BenchmarkContent,
}


def rows_of(part: str, content: Mapping[str, object]) -> list[rows.Row]:
    """A part of a note as rows, in the language of this page."""
    return rows.rows_of(PARTS[part], content, languages.language())


def partner_lines(partner: Mapping[str, object]) -> str:
    """What a partner did and when, a line for each."""
    return "\n".join(row.value for row in rows_of("partner", partner))
