"""What an event is, and the envelope it travels in: CloudEvents 1.0, structured JSON."""

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from marshmallow import EXCLUDE, Schema, ValidationError, fields

CONTENT_TYPE = "application/cloudevents+json"


class UndecodableError(Exception):
    """These bytes are not an event that this code knows how to read."""


class TolerantSchema(Schema):
    """Reads what it knows and ignores the rest, so that a newer producer may add fields within a version."""

    class Meta:
        """Events are read tolerantly; requests from people are not."""

        unknown = EXCLUDE


@dataclass(frozen=True, kw_only=True)
class Event(ABC):
    """A fact in the past tense. Subclasses are the contract between the services.

    `name` is the wire name with its version, never the name of the class; `stream` is the log that carries it;
    `schema` reads and writes `data`. Within a version only optional fields may be added: anything else is a new
    class with its own name, published beside the old one for as long as someone reads that.
    """

    name: ClassVar[str]
    stream: ClassVar[str]
    schema: ClassVar[Schema]

    @property
    @abstractmethod
    def subject(self) -> str:
        """The aggregate this is about. Order is kept, and a failure contained, within one subject."""

    def data(self) -> dict[str, Any]:
        """What the event says, as JSON-ready values."""
        dumped: dict[str, Any] = self.schema.dump(self)
        return dumped

    @classmethod
    def of_data(cls, data: Mapping[str, Any]) -> Self:
        """Read `data` back. Raises UndecodableError when a required field is missing or of another type."""
        try:
            return cls(**cls.schema.load(data))
        except ValidationError as error:
            raise UndecodableError(f"{cls.name}: {error.messages}") from error


class EnvelopeSchema(TolerantSchema):
    """A CloudEvent with the attributes by which a stream is followed."""

    specversion = fields.Constant("1.0")
    id = fields.UUID(required=True)
    source = fields.String(required=True)
    type = fields.String(required=True)
    subject = fields.String(required=True)
    time = fields.AwareDateTime(required=True, format="iso")
    datacontenttype = fields.Constant("application/json")
    stream = fields.String(required=True)
    epoch = fields.UUID(required=True)
    sequence = fields.String(required=True)
    previous = fields.UUID(load_default=None, allow_none=True)
    correlationid = fields.String(load_default=None, allow_none=True)
    traceparent = fields.String(load_default=None, allow_none=True)
    data = fields.Dict(required=True)


_SCHEMA = EnvelopeSchema()


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """One event in its place in a stream.

    `position` counts from 1 without a gap; `previous` is the id of the event one position before (None at the
    first); `epoch` names this life of the stream and changes when its database was restored.
    """

    id: UUID
    type: str
    subject: str
    time: datetime
    data: dict[str, Any]
    stream: str
    epoch: UUID
    position: int
    previous: UUID | None
    correlationid: str | None = None
    traceparent: str | None = None

    def to_wire(self) -> dict[str, Any]:
        """As a CloudEvent. `sequence` is the position padded to 20 digits, so that it also sorts as text."""
        values = dict(vars(self))
        values["sequence"] = f"{values.pop('position'):020d}"
        values["source"] = "/" + self.stream.split(".")[0]
        dumped: dict[str, Any] = _SCHEMA.dump(values)
        return {name: value for name, value in dumped.items() if value is not None}

    def to_bytes(self) -> bytes:
        """The CloudEvent as it goes over the wire."""
        return json.dumps(self.to_wire(), ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def of_wire(cls, wire: Any) -> Self:
        """Read a CloudEvent. Raises UndecodableError when it is none of ours."""
        try:
            values = _SCHEMA.load(wire)
            values["position"] = int(values.pop("sequence"))
        except (ValidationError, ValueError, TypeError) as error:
            raise UndecodableError(f"not an event of ours: {error}") from error
        for name in ("specversion", "datacontenttype", "source"):
            values.pop(name)
        return cls(**values)

    @classmethod
    def of_bytes(cls, body: bytes | str) -> Self:
        """Read the bytes of a CloudEvent. Raises UndecodableError."""
        try:
            wire = json.loads(body)
        except ValueError as error:
            raise UndecodableError(f"not JSON: {error}") from error
        return cls.of_wire(wire)
