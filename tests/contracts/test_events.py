"""Code, document and examples of the events say the same."""

import dataclasses
import json
from pathlib import Path

import jsonschema
import pytest
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from shared.domain.events import EVENTS
from shared.platform.events import Envelope
from shared.platform.web.asyncapi import asyncapi

EVENT_DOCS = Path("docs/events")
DOCUMENT = json.loads((EVENT_DOCS / "asyncapi.json").read_text(encoding="utf-8"))
SPECIFICATION = Path("frontend/node_modules/@asyncapi/specs/schemas/3.0.0.json")
NAMES = sorted(EVENTS)


def example(name):
    return json.loads((EVENT_DOCS / "examples" / f"{name}.json").read_text(encoding="utf-8"))


def fields_of(data, path=""):
    """The paths of all fields, whatever stands in them; those of a list's parts once."""
    if isinstance(data, list):
        return set().union(*(fields_of(part, path) for part in data))
    if not isinstance(data, dict):
        return set()
    inner = (fields_of(value, f"{path}.{name}") for name, value in data.items())
    return {f"{path}.{name}" for name in data}.union(*inner)


def test_the_document_is_what_the_code_says():
    assert asyncapi() == DOCUMENT


def test_the_document_is_valid_asyncapi():
    jsonschema.validate(DOCUMENT, json.loads(SPECIFICATION.read_text(encoding="utf-8")))


def test_there_is_one_example_of_each_event_and_no_other():
    assert sorted(path.stem for path in (EVENT_DOCS / "examples").glob("*.json")) == NAMES


@pytest.mark.parametrize(
    "path", sorted((EVENT_DOCS / "examples/older").iterdir()), ids=lambda path: path.stem
)
def test_an_event_as_it_was_written_before_is_still_read_and_fits_the_schema(path):
    wire = json.loads(path.read_text(encoding="utf-8"))
    envelope = Envelope.of_wire(wire)
    message = DOCUMENT["components"]["messages"][envelope.type]

    assert EVENTS[envelope.type].of_data(envelope.data).subject == envelope.subject
    assert fields_of(wire["data"]) < fields_of(example(envelope.type)["data"])
    schema = {**message["payload"], "components": DOCUMENT["components"]}
    jsonschema.validate(wire, schema, cls=jsonschema.Draft202012Validator)


@pytest.mark.parametrize("name", NAMES)
def test_an_example_is_read_and_written_again_without_a_change(name):
    wire = example(name)

    envelope = Envelope.of_wire(wire)
    event = EVENTS[name].of_data(envelope.data)

    assert dataclasses.replace(envelope, data=event.data()).to_wire() == wire
    assert event.subject == envelope.subject


@pytest.mark.parametrize("name", NAMES)
def test_an_example_has_every_field_of_its_event_filled(name):
    data = example(name)["data"]

    assert set(data) == set(EVENTS[name].schema.fields)


@pytest.mark.parametrize("name", NAMES)
def test_an_example_fits_the_documented_schema(name):
    message = DOCUMENT["components"]["messages"][name]
    schema = {**message["payload"], "components": DOCUMENT["components"]}

    jsonschema.validate(example(name), schema, cls=jsonschema.Draft202012Validator)


@pytest.mark.parametrize("name", NAMES)
def test_an_independent_reader_takes_an_example_for_a_cloudevent(name):
    read = JSONFormat().read(CloudEvent, json.dumps(example(name)))

    assert read.get_type() == name
    assert read.get_extension("sequence").isdecimal()


@pytest.mark.parametrize("name", NAMES)
def test_the_fields_of_an_event_are_those_of_its_schema(name):
    event = EVENTS[name]

    assert {field.name for field in dataclasses.fields(event)} == set(event.schema.fields)


@pytest.mark.parametrize("name", NAMES)
def test_wire_names_carry_a_version_and_are_no_class_names(name):
    assert name.rsplit(".", 1)[1] == "v1"
    assert EVENTS[name].__name__.lower() not in name
