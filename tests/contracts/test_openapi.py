"""The interfaces of both services, as their documents say and as a fuzzer finds them."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import validate

from testbed.notes import make_note
from testbed.world import World

DOCUMENTS = {"intake": "/intake/api/v1/openapi.json", "review": "/api/v1/openapi.json"}
EXAMPLES = 60


def app_of(world, service):
    return world.intake_app if service == "intake" else world.review_app


@pytest.mark.parametrize("service", DOCUMENTS)
def test_the_document_is_valid_openapi_3_1(world: World, service):
    document = app_of(world, service).test_client().get(DOCUMENTS[service]).json

    assert document["openapi"] == "3.1.0"
    validate(document)


@pytest.mark.parametrize("service", DOCUMENTS)
def test_every_operation_is_documented_in_words(world: World, service):
    document = app_of(world, service).test_client().get(DOCUMENTS[service]).json

    bare = [
        (method, path)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if method in ("get", "post", "put") and not operation.get("summary")
    ]
    assert bare == []


@pytest.mark.parametrize("service", DOCUMENTS)
def test_schemathesis_finds_no_5xx(world: World, service):
    app = app_of(world, service)
    world.publish()
    reference = world.submit(make_note(operation__title="Another"))["reference"]
    case = world.case_of(reference)
    known = {
        "reference": [reference, "LL-2026-0001", "BM-2026-0001"],
        "case_id": [case["id"]],
        "item_id": [item["id"] for item in case["items"]],
    }
    key = world.keys["field" if service == "intake" else "editor"]
    schema = schemathesis.openapi.from_wsgi(DOCUMENTS[service], app)
    tried = []
    for result in schema.get_all_operations():
        operation = result.ok()
        _try(operation, known, key, tried)

    assert len(tried) >= 3 * EXAMPLES
    assert [call for call in tried if call[2] >= 500] == []


def _try(operation, known, key, tried):
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), data=st.data())
    def attempt(case, data):
        for name in list(case.path_parameters or {}):
            if name in known and data.draw(st.booleans()):
                case.path_parameters[name] = data.draw(st.sampled_from(known[name]))
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {key}"}
        response = case.call()
        tried.append((operation.method, operation.path, response.status_code))

    attempt()
