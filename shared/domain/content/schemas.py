"""The two schemas of a part: strict for what people and programs send, tolerant for what events carry."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints, is_typeddict

from marshmallow import Schema, ValidationError, fields, validates_schema

from shared.domain import inputs
from shared.domain.content.fields import Field, Made, Part, Several
from shared.platform.events import TolerantSchema

Content = type
"""A part of a note's content: one of the typed dictionaries of parts.py."""

Errors = Mapping[str, object]
Rule = Callable[[Mapping[str, Any]], Iterable[tuple[str, object]]]
"""Says what is wrong with a part as a whole: pairs of a field's name and a message."""


@cache
def fields_of(part: Content) -> dict[str, Field]:
    """The declared fields of a part, in their order."""
    hints = get_type_hints(part, include_extras=True)
    return {name: next(one for one in get_args(hint)[1:] if isinstance(one, Field)) for name, hint in hints.items()}


def part_in(part: Content, name: str) -> Content | None:
    """The part that a field holds, alone or in a list: the lesson in `lessons`. None for all other fields."""
    hint = get_type_hints(part, include_extras=True)[name]
    inner = get_args(hint)[0] if get_origin(hint) is Annotated else hint
    return next((one for one in (inner, *get_args(inner)) if is_typeddict(one)), None)


def strict(part: Content, rules: Mapping[Content, Rule]) -> type[Schema]:
    """The schema that takes a part from outside: every bad field is named, an unknown one refused."""
    members: dict[str, Any] = {
        name: _strict(field, part_in(part, name), rules) for name, field in fields_of(part).items()
    }
    rule = rules.get(part)
    if rule is not None:
        members["check"] = validates_schema(skip_on_field_errors=False)(_checker(rule))
    return type(
        part.__name__.replace("Content", "Schema"),
        (inputs.Strict,),
        {"__doc__": part.__doc__, **members},
    )


def tolerant(part: Content, **more: Made) -> type[TolerantSchema]:
    """The schema that an event carries a part in, and `more` with it: what it does not know it ignores."""
    members = {name: _tolerant(field, part_in(part, name)) for name, field in fields_of(part).items()}
    return type(part.__name__, (TolerantSchema,), {"__doc__": part.__doc__, **members, **more})


def _checker(rule: Rule) -> Callable[..., None]:
    def check(_schema: Schema, data: Mapping[str, Any], **_options: Any) -> None:
        wrong: dict[str, list[object]] = {}
        for name, message in rule(data):
            wrong.setdefault(name, []).append(message)
        if wrong:
            raise ValidationError(wrong)

    return check


def _strict(field: Field, inner: Content | None, rules: Mapping[Content, Rule]) -> Made:
    match field:
        case Several(of=None) if inner is not None:
            return inputs.Listed(fields.Nested(strict(inner, rules)), most=field.most, missing=field.missing)
        case Several(of=Field() as of):
            return inputs.Listed(of.strict(), most=field.most, missing=field.missing)
        case Part() if inner is not None and field.missing is not None:
            return fields.Nested(
                strict(inner, rules),
                required=True,
                error_messages={"required": field.missing, "null": field.missing},
            )
        case Part() if inner is not None:
            return fields.Nested(strict(inner, rules), load_default=None, allow_none=True)
    return field.strict()


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
