"""The fields that a part declares, and the schema in which events carry it."""

from collections.abc import Mapping
from functools import cache
from typing import get_args, get_type_hints, is_typeddict

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
    hint = get_type_hints(part)[name]
    return next((one for one in (hint, *get_args(hint)) if is_typeddict(one)), None)


def in_order(part: Content | None, said: Mapping[str, object]) -> dict[str, object]:
    """What a part says, and the parts in it, with their names in the order of the declaration.

    Behind them comes by its name what is not declared. A database may keep another order.
    """
    declared = _parts_by_name(part) if part is not None else {}
    names = [*(name for name in declared if name in said), *sorted(said.keys() - declared.keys())]
    return {name: _value_in_order(declared.get(name), said[name]) for name in names}


def _value_in_order(part: Content | None, value: object) -> object:
    match value:
        case list():
            return [_value_in_order(part, one) for one in value]
        case dict():
            return in_order(part, value)
    return value


@cache
def _parts_by_name(part: Content) -> dict[str, Content | None]:
    """Everything that may stand in a part, what somebody fills in first; each with the part that
    it holds, if any.
    """
    names = dict.fromkeys([*fields_of(part), *get_type_hints(part)])
    return {name: part_in(part, name) for name in names}


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
