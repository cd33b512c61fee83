"""The register's lists: terms with labels in four languages, indicators, and the organisations
known from the start.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, TypedDict
from uuid import UUID, uuid5

import pycountry
import yaml
from babel import Locale

# the name space of the starter organisations' ids
_ORGANISATIONS = UUID("7d0f2b1c-8f5e-5d4e-9a53-2f8e5f6f2a11")


@dataclass(frozen=True)
class StarterOrganisation:
    """An organisation known from the start, with the same id in every installation."""

    id: UUID
    name: str
    parent_id: UUID | None
    aliases: tuple[str, ...]


Texts = dict[str, str]
"""A text by language."""


class NormDefinition(TypedDict):
    """A standard's figure for an indicator."""

    value: str
    op: str
    source: str
    reference: str
    edition: str


class Definition(TypedDict, total=False):
    """What the catalogue says of an indicator; of one that a team proposed it says less."""

    code: str
    name: Texts
    definition: Texts
    ask: Texts
    start: Texts
    stop: Texts
    caution: Texts
    numerator: Texts
    denominator: Texts
    whose: Texts
    family: str
    use: str
    types: list[str]
    sectors: list[int]
    measure: str
    unit: str
    whole: bool
    at_most: str
    direction: str
    pool: str
    split_by: list[str]
    norm: NormDefinition


@cache
def terms(name: str) -> Mapping[str, Mapping[str, str]]:
    """The codes of a list with their labels: `terms("phases")["during"]["fr"]`.

    Sector codes are texts here.
    """
    listed: dict[str | int, dict[str, str]] = _read("terms.yaml")[name]
    return {str(code): labels for code, labels in listed.items()}


def codes(name: str) -> tuple[str, ...]:
    """The codes of a list, in their order."""
    return tuple(terms(name))


def label(name: str, code: object, language: str) -> str:
    """The label of a code in this language; English where there is none, the code itself for an
    unknown one.
    """
    labels = terms(name).get(str(code), {})
    return labels.get(language) or labels.get("en") or str(code)


@cache
def countries() -> frozenset[str]:
    """The three-letter codes of ISO 3166-1."""
    return frozenset(country.alpha_3 for country in pycountry.countries)


@cache
def country_label(code: str, language: str) -> str:
    """The name of a country in this language; the code itself for an unknown one."""
    country = pycountry.countries.get(alpha_3=code)
    if country is None:
        return code
    return Locale(language).territories.get(country.alpha_2) or str(country.name)


@cache
def country_choices(language: str) -> tuple[tuple[str, str], ...]:
    """All countries as (code, name), in the order of their names without accents."""

    def by_name(choice: tuple[str, str]) -> str:
        return unicodedata.normalize("NFKD", choice[1]).casefold()

    return tuple(
        sorted(((code, country_label(code, language)) for code in countries()), key=by_name)
    )


@cache
def organisations() -> tuple[StarterOrganisation, ...]:
    """The organisations known from the start, parents before their parts."""
    listed = _read("organisations.yaml")
    return tuple(
        StarterOrganisation(
            id=uuid5(_ORGANISATIONS, code),
            name=entry["name"],
            parent_id=uuid5(_ORGANISATIONS, entry["parent"]) if "parent" in entry else None,
            aliases=tuple(entry.get("aliases", ())),
        )
        for code, entry in sorted(listed.items(), key=lambda pair: "parent" in pair[1])
    )


@cache
def starter_indicators() -> Mapping[str, Definition]:
    """The starter catalogue: the definition of each indicator under its code."""
    listed: list[Definition] = _read("indicators.yaml")["indicators"]
    return {definition["code"]: definition for definition in listed}


@cache
def norm_sources() -> Mapping[str, Mapping[str, str]]:
    """Where norms come from: title and publisher under the short name that the catalogue uses."""
    sources: dict[str, dict[str, str]] = _read("indicators.yaml")["norm_sources"]
    return sources


@cache
def _read(name: str) -> Any:
    text = files("shared.domain.codelists").joinpath(name).read_text(encoding="utf-8")
    # safe either way
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
