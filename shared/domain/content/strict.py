"""The schema that takes a part of a note from people and programs: tidied, checked, refused in
plain words.
"""

from collections.abc import Callable, Iterable, Mapping

from flask_babel import lazy_gettext
from marshmallow import Schema, ValidationError, fields, validates_schema

from shared.domain import inputs
from shared.domain.content.fields import (
    Code,
    Country,
    Day,
    Field,
    Made,
    OperationReference,
    Part,
    Sector,
    Several,
    Text,
)
from shared.domain.content.schemas import Content, fields_of, part_in

Rule = Callable[..., Iterable[tuple[str, object]]]
"""Says what is wrong with a part as a whole: pairs of a field's name and a message.

The part it is given has not every field, where something is wrong with one.
"""


def strict(part: Content, rules: Mapping[Content, Rule]) -> type[Schema]:
    """The schema that takes a part from outside: every bad field is named, an unknown one
    refused.
    """
    members: dict[str, object] = {
        name: _field(field, part_in(part, name), rules) for name, field in fields_of(part).items()
    }
    rule = rules.get(part)
    if rule is not None:
        members["check"] = validates_schema(skip_on_field_errors=False)(_checker(rule))
    return type(
        part.__name__.replace("Content", "Schema"),
        (inputs.Strict,),
        {"__doc__": part.__doc__, **members},
    )


def _checker(rule: Rule) -> Callable[..., None]:
    def check(_schema: Schema, data: Mapping[str, object], **_options: object) -> None:
        wrong: dict[str, list[object]] = {}
        for name, message in rule(data):
            wrong.setdefault(name, []).append(message)
        if wrong:
            raise ValidationError(wrong)

    return check


def _field(field: Field, inner: Content | None, rules: Mapping[Content, Rule]) -> Made:
    match field:
        case Several(of=None) if inner is not None:
            return inputs.Listed(
                fields.Nested(strict(inner, rules)), most=field.most, missing=_said(field.missing)
            )
        case Several(of=Field() as of):
            return inputs.Listed(_plain(of), most=field.most, missing=_said(field.missing))
        case Part() if inner is not None and field.missing is not None:
            return fields.Nested(
                strict(inner, rules),
                required=True,
                error_messages={
                    "required": lazy_gettext(field.missing),
                    "null": lazy_gettext(field.missing),
                },
            )
        case Part() if inner is not None:
            return fields.Nested(strict(inner, rules), load_default=None, allow_none=True)
    return _plain(field)


def _plain(field: Field) -> inputs.Text | inputs.Sector:
    missing, documented = _said(field.missing), _documented(field)
    match field:
        case OperationReference():
            return inputs.OperationReference(most=field.most, metadata=documented)
        case Text():
            return inputs.Text(missing=missing, most=field.most, metadata=documented)
        case Code():
            return inputs.Code(field.terms, missing=missing, metadata=documented)
    made = {Country: inputs.Country, Day: inputs.Day}.get(type(field))
    if made is not None:
        return made(missing=missing, metadata=documented)
    return inputs.Sector() if isinstance(field, Sector) else inputs.Number(metadata=documented)


def _documented(field: Field) -> dict[str, object]:
    """What the documentation of the API adds."""
    if isinstance(field, Code) and field.default is not None:
        return {"default": field.default}
    return {} if field.example is None else {"example": field.example}


def _said(missing: str | None) -> str | None:
    """In the language of whoever sent it."""
    return None if missing is None else lazy_gettext(missing)
