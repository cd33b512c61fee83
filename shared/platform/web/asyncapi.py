"""The AsyncAPI 3.0 document of the events, made from their classes: what is documented is what is
sent.
"""

import inspect
from typing import Any, cast

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.common import resolve_schema_cls
from marshmallow import Schema

from shared.platform.events import CONTENT_TYPE, EVENTS, EnvelopeSchema, Event

STREAMS = {
    "intake.0": "What intake says, about notes.",
    "review.0": "What review says, about cases, entries, organisations and the catalogue.",
}


def asyncapi() -> dict[str, Any]:
    """The document, as JSON-ready values."""
    schemas = _schemas()
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Lessons register: events between intake and review",
            "version": "1.0.0",
            "description": inspect.cleandoc(
                """
                Every committed event reaches every subscriber, in order within its aggregate
                (`subject`); its effect in the subscriber's database happens exactly once, or it
                waits as a dead letter that a person is told of, as long as the two databases
                survive. The broker may lose everything.

                Events are CloudEvents 1.0 in structured JSON. `sequence` is the position in the
                stream, `previous` the id of the event one position before, `epoch` the life of the
                stream. Within a version only optional fields are added; subscribers ignore what
                they do not know.
                """
            ),
        },
        "defaultContentType": CONTENT_TYPE,
        "channels": {stream: _channel(stream, text) for stream, text in STREAMS.items()},
        "operations": {
            f"send-{stream}": {
                "action": "send",
                "channel": {"$ref": f"#/channels/{stream}"},
                "messages": [
                    {"$ref": f"#/channels/{stream}/messages/{event.name}"}
                    for event in _events(stream)
                ],
            }
            for stream in STREAMS
        },
        "components": {
            "messages": {event.name: _message(event) for event in EVENTS.values()},
            "schemas": schemas,
        },
    }


def _channel(stream: str, text: str) -> dict[str, Any]:
    return {
        "address": stream,
        "description": text,
        "messages": {
            event.name: {"$ref": f"#/components/messages/{event.name}"} for event in _events(stream)
        },
    }


def _message(event: type[Event]) -> dict[str, Any]:
    return {
        "name": event.name,
        "title": event.__name__,
        "summary": inspect.getdoc(event),
        "contentType": CONTENT_TYPE,
        "payload": {
            "allOf": [
                {"$ref": "#/components/schemas/Envelope"},
                {
                    "type": "object",
                    "properties": {
                        "type": {"const": event.name},
                        "data": {"$ref": f"#/components/schemas/{_name_of(event)}"},
                    },
                },
            ]
        },
    }


def _events(stream: str) -> list[type[Event]]:
    return [event for event in EVENTS.values() if event.stream == stream]


def _name_of(event: type[Event]) -> str:
    return _name(type(event.schema))


def _name(schema: Any) -> str:
    # a list comes only for a name that several schemas have, and we never give a name
    found = cast("type[Schema]", resolve_schema_cls(schema))
    return found.__name__.lstrip("_").removesuffix("Schema")


def _schemas() -> dict[str, Any]:
    """JSON Schema 2020-12 of all data, by the names of their classes."""
    spec = APISpec("", "", "3.1.0", plugins=[MarshmallowPlugin(schema_name_resolver=_name)])
    spec.components.schema("Envelope", schema=EnvelopeSchema)
    for event in EVENTS.values():
        if _name_of(event) not in spec.components.schemas:
            spec.components.schema(_name_of(event), schema=type(event.schema))
    found: dict[str, Any] = spec.to_dict()["components"]["schemas"]
    return {name: schema | {"additionalProperties": True} for name, schema in sorted(found.items())}
