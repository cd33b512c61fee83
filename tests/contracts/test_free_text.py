"""What of each event somebody wrote in their own words, and can be redacted.

Everything else others rely on.
"""

from collections.abc import Iterator

import pytest
from marshmallow import Schema, fields

from shared.domain.events import EVENTS, IndicatorAccepted, NoteSubmitted
from shared.platform.events import FREE_TEXT, UndecodableError
from shared.platform.persistence import redaction
from testbed.notes import make_note

NOTE = """ items.*.benchmark.entered.unit items.*.benchmark.leg items.*.benchmark.place
    items.*.benchmark.proposed.definition items.*.benchmark.proposed.name
    items.*.benchmark.proposed.unit items.*.benchmark.remark items.*.benchmark.source
    items.*.benchmark.unit items.*.lesson.conclusion items.*.lesson.discussion
    items.*.lesson.observation items.*.lesson.recommendation items.*.lesson.title
    operation.identifiers.*.id operation.lead_agency operation.places.* operation.requested_by
    operation.title organisation.name partners.*.entry_criterion partners.*.exit_criterion
    partners.*.organisation partners.*.role sources.*
"""
IN_OWN_WORDS = {
    "note.submitted.v1": NOTE,
    "note.corrected.v1": NOTE,
    "note.operation_changed.v1": "",
    "entry.operation_changed.v1": "",
    "case.assigned.v1": "",
    "items.decided.v1": "decisions.*.comment",
    "entry.published.v1": "",
    "entry.sharing_changed.v1": "",
    "entry.withdrawn.v1": "reason",
    "indicator.accepted.v1": """ definition.ask definition.caution definition.definition
        definition.denominator definition.name definition.numerator definition.start definition.stop
        definition.unit """,
    "organisation.confirmed.v1": "aliases.* organisation",
}


def in_own_words(schema: Schema, path: str = "") -> Iterator[str]:
    for name, field in schema.fields.items():
        inner, place = field, f"{path}{name}"
        while isinstance(inner, fields.List):
            inner, place = inner.inner, f"{place}.*"
        if isinstance(inner, fields.Nested):
            yield from in_own_words(inner.schema, f"{place}.")
        elif isinstance(inner, fields.Dict):
            yield from (f"{place}.{key}" for key in inner.metadata.get(FREE_TEXT, ()))
        elif inner.metadata.get(FREE_TEXT):
            yield place


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_every_event_says_which_of_its_fields_are_in_somebodys_own_words(name):
    assert sorted(in_own_words(EVENTS[name].schema)) == sorted(IN_OWN_WORDS[name].split())


def test_every_language_of_an_accepted_definition_can_be_redacted():
    definition = {
        "code": "hot-meals",
        "name": {"fr": "Repas d’Ali", "en": "Ali’s meals"},
        "definition": {"fr": "Ali les compte"},
        "unit": "meals of Ali",
        "pool": "none",
    }

    found = redaction.free_texts(
        "indicator.accepted.v1", {"code": "hot-meals", "definition": definition}
    )

    assert found == {
        "definition.name.fr": "Repas d’Ali",
        "definition.name.en": "Ali’s meals",
        "definition.definition.fr": "Ali les compte",
        "definition.unit": "meals of Ali",
    }


def test_an_event_that_would_lose_an_answer_is_refused_when_it_is_recorded():
    definition = {"code": "hot-meals"}
    note = make_note()
    event = {
        "note_id": "3f7c1f0a-54a5-4d3e-9d6b-2f8d1a0f4c11",
        "reference": "AAN-2026-0001",
        "version": 1,
        "submitted_at": None,
        "organisation": {
            "id": "3f7c1f0a-54a5-4d3e-9d6b-2f8d1a0f4c11",
            "name": "x",
            "cost_note": "lost",
        },
        "office": None,
        "vouched": False,
        "language": "en",
        "sharing": "clear",
        "operation": note["operation"],
        "partners": [],
        "items": [],
        "heard_from": [],
        "sources": [],
    }

    with pytest.raises(
        UndecodableError,
        match=r"organisation\.cost_note: the schema of the event has no such field",
    ):
        NoteSubmitted(**event).data()
    with pytest.raises(UndecodableError, match=r"operation\.cost_note"):
        NoteSubmitted(**{**event, "organisation": {}, "operation": {"cost_note": "lost"}}).data()
    assert (
        IndicatorAccepted(code="hot-meals", version=1, definition=definition).data()["definition"]
        == definition
    )
