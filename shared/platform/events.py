"""What an event is, and the envelope it travels in: CloudEvents 1.0, structured JSON."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID

import orjson
from marshmallow import EXCLUDE, Schema, ValidationError, fields

CONTENT_TYPE = "application/cloudevents+json"

# One log of events for each service. The number is there for the day when one stream is not enough.
INTAKE_STREAM = "intake.0"
REVIEW_STREAM = "review.0"
STREAMS: Mapping[str, str] = {"intake": INTAKE_STREAM, "review": REVIEW_STREAM}
"""By the service that writes the log."""


class UndecodableError(Exception):
    """These bytes are not an event that this code knows how to read."""


class TolerantSchema(Schema):
    """Reads what it knows and ignores the rest, so that a newer producer may add fields within a
    version.
    """

    class Meta:
        """Events are read tolerantly; requests from people are not."""

        unknown = EXCLUDE


@dataclass(frozen=True, kw_only=True)
class Event(ABC):
    """A fact in the past tense. Subclasses are the contract between the services.

    `name` is the wire name with its version, never the name of the class; `stream` is the log that
    carries it; `schema` reads and writes `data`. Within a version only optional fields may be
    added: anything else is a new class with its own name, published beside the old one for as long
    as someone reads that.
    """

    name: ClassVar[str]
    stream: ClassVar[str]
    schema: ClassVar[Schema]

    @property
    @abstractmethod
    def subject(self) -> str:
        """The aggregate this is about.

        Order is kept, and a failure contained, within one subject.
        """

    def data(self) -> dict[str, Any]:
        """What the event says, as JSON-ready values.

        Raises UndecodableError for what its schema would lose.
        """
        _require_known(self.schema, vars(self), self.name)
        dumped: dict[str, Any] = self.schema.dump(self)
        return dumped

    @classmethod
    def of_data(cls, data: Mapping[str, Any]) -> Self:
        """Read `data` back.

        Raises UndecodableError when a required field is missing or of another type.
        """
        try:
            return cls(**cls.schema.load(data))
        except ValidationError as error:
            raise UndecodableError(f"{cls.name}: {error.messages}") from error


FREE_TEXT = "free_text"
"""In the metadata of a field: somebody wrote it in their own words, so it can be redacted."""

EVENTS: dict[str, type[Event]] = {}
"""The events by their wire names. Whoever defines events puts them in, as
shared/domain/events does.
"""


def _require_known(schema: Schema, said: Mapping[str, Any], path: str) -> None:
    """Refuse a name that a schema does not know: reading it may be tolerant, writing it would lose
    an answer.
    """
    for name, value in said.items():
        if name not in schema.fields:
            raise UndecodableError(f"{path}.{name}: the schema of the event has no such field")
        field = schema.fields[name]
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested):
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, Mapping):
                    _require_known(inner.schema, one, f"{path}.{name}")


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

    `position` counts from 1 without a gap; `previous` is the id of the event one position before
    (None at the first); `epoch` names this life of the stream and changes when its database was
    restored.
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

    @property
    def names(self) -> dict[str, Any]:
        """What a log line calls it: never what it says."""
        return {
            "event_id": str(self.id),
            "type": self.type,
            "position": self.position,
            "correlation_id": self.correlationid,
        }

    def to_wire(self) -> dict[str, Any]:
        """As a CloudEvent.

        `sequence` is the position padded to 20 digits, so that it also sorts as text.
        """
        wire: dict[str, Any] = {
            "specversion": "1.0",
            "id": str(self.id),
            "source": "/" + self.stream.split(".")[0],
            "type": self.type,
            "subject": self.subject,
            "time": self.time.isoformat(),
            "datacontenttype": "application/json",
            "stream": self.stream,
            "epoch": str(self.epoch),
            "sequence": f"{self.position:020d}",
            "previous": str(self.previous) if self.previous else None,
            "correlationid": self.correlationid,
            "traceparent": self.traceparent,
            "data": self.data,
        }
        return {name: value for name, value in wire.items() if value is not None}

    def to_bytes(self) -> bytes:
        """The CloudEvent as it goes over the wire."""
        return orjson.dumps(self.to_wire())

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
            wire = orjson.loads(body)
        except ValueError as error:
            raise UndecodableError(f"not JSON: {error}") from error
        return cls.of_wire(wire)
