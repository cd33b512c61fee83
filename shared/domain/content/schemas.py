"""The fields that a part declares, and the schema in which events carry it."""

from functools import cache
from typing import Annotated, get_args, get_origin, get_type_hints, is_typeddict

from marshmallow import fields

from shared.domain.content.fields import Field, Made, Part, Several
from shared.platform.events import TolerantSchema

Content = type
"""A part of a note's content: one of the typed dictionaries of parts.py."""


@cache
def fields_of(part: Content) -> dict[str, Field]:
    """The declared fields of a part, in their order: what somebody may fill in."""
    hints = get_type_hints(part, include_extras=True)
    return {
        name: field
        for name, hint in hints.items()
        for field in get_args(hint)[1:]
        if isinstance(field, Field)
    }


def part_in(part: Content, name: str) -> Content | None:
    """The part that a field holds, alone or in a list: the lesson in `lessons`.

    None for all other fields.
    """
    hint = get_type_hints(part, include_extras=True)[name]
    inner = get_args(hint)[0] if get_origin(hint) is Annotated else hint
    return next((one for one in (inner, *get_args(inner)) if is_typeddict(one)), None)


def tolerant(part: Content, **more: Made) -> type[TolerantSchema]:
    """The schema that an event carries a part in, and `more` with it: what it does not know it
    ignores.
    """
    members = {
        name: _tolerant(field, part_in(part, name)) for name, field in fields_of(part).items()
    }
    return type(part.__name__, (TolerantSchema,), {"__doc__": part.__doc__, **members, **more})


def _tolerant(field: Field, inner: Content | None) -> Made:
    match field:
        case Several(of=None) if inner is not None and field.missing is not None:
            return fields.List(fields.Nested(tolerant(inner)), required=True)
        case Several(of=None) if inner is not None:
            return fields.List(fields.Nested(tolerant(inner)), load_default=list)
        case Several(of=Field() as of):
            return fields.List(of.element(), load_default=list)
        case Part() if inner is not None and field.missing is not None:
            return fields.Nested(tolerant(inner), required=True)
        case Part() if inner is not None:
            return fields.Nested(tolerant(inner), load_default=None, allow_none=True)
    return field.tolerant()
