"""What the API answers."""

from marshmallow import Schema, fields

from services.intake.schemas.note import NoteSchema


class ReceivedSchema(Schema):
    """A note that was taken. Whoever has the receipt can follow it; keep it like a key."""

    reference = fields.String(metadata={"example": "AAN-2026-0001"})
    receipt = fields.String()
    status_url = fields.Url()
    state = fields.String()
    version = fields.Integer()
    possible_operations = fields.List(
        fields.String(metadata={"example": "OP-2026-0001"}),
        metadata={
            "description": "Other operations that the one of this note may be, among those that"
            " you may know of: send its reference with the next note, if it is one of them."
        },
    )


class ItemStateSchema(Schema):
    """What became of one lesson or benchmark.

    `place` counts from 0 within the lessons, and within the benchmarks. `comment` is what the
    reviewer said; of an item whose entry was withdrawn it is the editor's reason.
    """

    id = fields.UUID()
    kind = fields.String()
    place = fields.Integer()
    title = fields.String()
    state = fields.String()
    verdict = fields.String(allow_none=True)
    comment = fields.String(allow_none=True)
    duplicate_of = fields.String(allow_none=True)
    sharing = fields.String(
        allow_none=True,
        metadata={
            "description": "Who may read it, where its approval chose other readers than you asked"
            " for. What is approved for red or amber_strict is not published."
        },
    )
    entry = fields.String(allow_none=True, metadata={"example": "BM-2026-0001"})


class NoteStateSchema(ReceivedSchema):
    """A note with its state, and that of each item. `note` can be corrected and sent back."""

    submitted_at = fields.AwareDateTime(format="iso")
    changed_at = fields.AwareDateTime(format="iso")
    note = fields.Nested(NoteSchema)
    items = fields.List(fields.Nested(ItemStateSchema))
