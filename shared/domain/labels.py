"""Codes, countries, units and numbers as the pages show them: in the language of the reader."""

from flask import Flask

from shared.domain import codelists
from shared.domain.values.numbers import write_number
from shared.platform.web import languages


def add_labels(app: Flask) -> None:
    """Let the templates of an application call these functions."""
    app.jinja_env.globals.update(
        label=label,
        terms=term_choices,
        country=country,
        countries=countries,
        number=number,
        unit_name=unit_name,
        norm_op=norm_op,
        norm_source=norm_source,
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
