"""What the API, the feeds and the page of the library take."""

from collections.abc import Mapping
from typing import TypedDict

from flask_babel import lazy_gettext as _
from marshmallow import ValidationError, fields, validate

from services.review.library.queries import FACETS
from services.review.library.schemas.entries import Catalogue
from shared.domain.inputs import Code, Country, Strict, Text, Value
from shared.platform.errors import N_


class Filters(TypedDict):
    """What entries are about."""

    indicator: str | None
    sector: str | None
    country: str | None
    phase: str | None
    q: str | None


class FiltersSchema(Strict):
    """What the entries that are asked for are about. Tombstones come whatever is asked for."""

    indicator = Value(most=80)
    sector = Code("sectors")
    country = Country()
    phase = Code("phases")
    q = Text(most=200)


class FeedQuery(Filters):
    """What a feed is asked for."""

    before: str | None
    lang: str | None


class FeedQuerySchema(FiltersSchema):
    """Which entries a feed holds, from where on, and in which language; any other language is the
    reader's own.
    """

    before = Text(most=200)
    lang = Text()


class EntriesQuery(Filters):
    """What the list of entries is asked for."""

    since: str | None
    limit: int
    kind: str | None


class EntriesQuerySchema(FiltersSchema):
    """Which entries to list, from where on. `kind` is the one filter that tombstones obey, too."""

    since = Text(most=200)
    limit = fields.Integer(
        load_default=100,
        validate=validate.Range(1, 500, error=_("Ask for 1 to 500 at a time.")),
        error_messages={"invalid": _("Give a whole number.")},
    )
    kind = fields.String(
        load_default=None,
        validate=validate.OneOf(("lesson", "benchmark"), error=_("Ask for lesson or benchmark.")),
    )


def taken_in(typed: Mapping[str, str], catalogue: Catalogue) -> dict[str, str]:
    """The filters that a person typed, as they are looked for.

    Raises ValidationError with each that means nothing.
    """
    schema = EntriesQuerySchema(only=(*FACETS, "kind", "q"))
    errors = schema.validate(typed)
    good = {name: text for name, text in typed.items() if name not in errors}
    filters = filters_of(schema.load(good))
    errors |= _unknown_in(filters, catalogue)
    if errors:
        raise ValidationError(errors)
    return filters


def require_known(filters: Mapping[str, str], catalogue: Catalogue) -> None:
    """Raises ValidationError when the indicator that is asked for is not in the catalogue."""
    if unknown := _unknown_in(filters, catalogue):
        raise ValidationError(unknown)


def _unknown_in(filters: Mapping[str, str], catalogue: Catalogue) -> dict[str, list[str]]:
    if filters.get("indicator", "") in ("", *catalogue):
        return {}
    return {"indicator": [N_("The catalogue has no such indicator.")]}


def filters_of(query: Mapping[str, object]) -> dict[str, str]:
    """The filters of a query, without those that were left empty."""
    names = (*FACETS, "kind", "q")
    return {name: str(query[name]) for name in names if query.get(name)}
