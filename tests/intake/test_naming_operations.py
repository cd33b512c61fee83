"""A note names its operation: by the register's reference, or by what others call it."""

import hashlib
import json

import pytest
from sqlalchemy import select

from services.intake.model import IdempotencyKey, Note
from shared.platform import clock
from shared.platform.accounts.keys import ApiKey
from shared.platform.persistence.outbox import OutboxEvent
from testbed.notes import approve
from testbed.world import YEAR, World, bad_fields
from tests.intake.floods import NOTES, flood, hand_in, numbers, operations_of, returned, submit
from tests.intake.officer import Officer, note_of, write_short_note
from tests.review.desk import correct

FIRST = f"OP-{YEAR}-0001"
SUDAN = [{"code": "SDN", "role": "host"}]
GLIDE, ANOTHER = "FL-2011-000001-TCD", "FL-2011-000002-TCD"


def iati(number: str) -> list[dict[str, str]]:
    return [{"scheme": "iati", "id": number}]


NAMED = {"identifiers": iati("XM-1-7")}


def test_a_note_keeps_the_numbers_that_it_names_and_shows_them_again(world: World, both_backends):
    named = [{"scheme": "appeal", "id": "MDRTD012"}, {"scheme": "other", "id": "EMOP 200257"}]

    reference = submit(world, identifiers=named)["reference"]

    note = world.call("field", "GET", f"{NOTES}/{reference}").json["note"]
    assert note["operation"]["identifiers"] == named
    assert note["operation"]["reference"] is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reference": "the flood"}, "operation.reference"),
        ({"reference": 7}, "operation.reference"),
        ({"identifiers": [{"scheme": "fund", "id": "7"}]}, "operation.identifiers.0.scheme"),
        ({"identifiers": [{"id": "7"}]}, "operation.identifiers.0.scheme"),
        ({"identifiers": [{"scheme": "other", "id": " - "}]}, "operation.identifiers.0.id"),
        ({"identifiers": [{"scheme": "appeal"}]}, "operation.identifiers.0.id"),
        ({"identifiers": [{"scheme": "glide", "id": "Chad"}]}, "operation.identifiers.0.id"),
        ({"identifiers": iati("7") * 21}, "operation.identifiers"),
    ],
)
def test_what_is_no_reference_and_no_identifier_is_refused(world: World, changes, field):
    answer = hand_in(world, flood(**changes))

    assert (answer.status_code, bad_fields(answer)) == (422, [field])


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({}, {"reference": FIRST.lower(), "title": "Relief", "started_on": "2019"}, [1, 1]),
        ({"glide": GLIDE}, {"reference": FIRST, "glide": ANOTHER}, [1, 1]),
        (
            NAMED,
            {"identifiers": iati("xm-1-7"), "title": "Relief", "started_on": "2019"},
            [1, 1],
        ),
        (NAMED, {"identifiers": iati("XM-1-8")}, [1, 2]),
        (NAMED, {**NAMED, "type": "shelter"}, [1, 2]),
        (NAMED, {**NAMED, "countries": SUDAN}, [1, 2]),
        (NAMED, {}, [1, 1]),
    ],
)
def test_a_reference_or_an_activity_joins_two(world: World, both_backends, first, second, expected):
    submit(world, **first)
    submit(world, **second)

    assert numbers(world) == expected


@pytest.mark.parametrize(
    "changes",
    [
        {"reference": f"OP-{YEAR}-0002"},
        {"reference": FIRST, "type": "shelter"},
        {"reference": FIRST, "countries": SUDAN},
    ],
)
def test_a_reference_that_does_not_fit_is_refused(world: World, both_backends, changes):
    submit(world)

    answer = hand_in(world, flood(**changes))

    assert (answer.status_code, bad_fields(answer)) == (422, ["operation.reference"])
    assert "leave the reference out" in answer.json["errors"][0]["detail"]
    assert numbers(world) == [1]


def test_a_hidden_operation_is_refused_as_one_that_is_not_there(world: World, both_backends):
    world.person("stranger", "field", organisation="Other Relief")
    submit(world, sharing="red")

    hidden = hand_in(world, flood(reference=FIRST, started_on="2019"), who="stranger")
    missing = hand_in(world, flood(reference=f"OP-{YEAR}-0404", started_on="2019"), who="stranger")

    assert (hidden.status_code, missing.status_code) == (422, 422)
    assert hidden.json["errors"] == missing.json["errors"]


@pytest.mark.parametrize(("sharing", "status"), [("clear", 201), ("green", 422)])
def test_what_is_published_for_anyone_may_be_named_by_anyone(world: World, sharing, status):
    world.person("stranger", "field", organisation="Other Relief")
    case = world.case_of(world.submit({**flood(), "sharing": sharing})["reference"])
    assert hand_in(world, flood(reference=FIRST), who="stranger").status_code == 422
    assert world.decide(case, [approve(item) for item in case["items"]]).status_code == 200

    assert hand_in(world, flood(reference=FIRST), who="stranger").status_code == status


def test_the_answer_lists_the_operations_that_it_may_be(world: World, both_backends):
    submit(world, title="Drought", glide="DR-2011-000003-TCD")
    submit(world)
    answer = submit(world, started_on="2019", glide="DR-2011-000003-TCD")

    assert answer["possible_operations"] == [FIRST, f"OP-{YEAR}-0002"]
    again = world.call("field", "GET", f"{NOTES}/{answer['reference']}").json
    assert again["possible_operations"] == [FIRST, f"OP-{YEAR}-0002"]
    assert submit(world, title="Measles")["possible_operations"] == []


def test_the_same_request_again_lists_them_too(world: World, both_backends):
    submit(world)
    note = flood(started_on="2019")
    sent = [world.call("field", "POST", NOTES, note, Idempotency_Key="again") for _ in range(2)]

    assert [answer.status_code for answer in sent] == [201, 200]
    assert [answer.json["possible_operations"] for answer in sent] == [[FIRST], [FIRST]]


@pytest.mark.parametrize(
    ("sharing", "known"), [("amber", [[], [FIRST]]), ("amber_strict", [[], []]), ("red", [[], []])]
)
def test_the_answer_is_silent_on_an_operation_that_only_others_may_know(
    world, both_backends, sharing, known
):
    world.person("stranger", "field", organisation="Other Relief")
    world.person("colleague", "field", organisation="Chad Migration Support")
    submit(world, sharing=sharing)

    answers = [submit(world, who=who, started_on="2019") for who in ("stranger", "colleague")]

    assert [answer["possible_operations"] for answer in answers] == known


def test_a_request_of_the_version_before_is_answered_when_it_comes_again(world: World):
    note = {**flood(), "sharing": "clear"}
    reference = submit(world)["reference"]
    said = json.dumps(["POST", NOTES, note], sort_keys=True)
    with world.intake_db.sessions.begin() as session:
        used = session.scalars(select(IdempotencyKey)).one()
        session.add(
            IdempotencyKey(
                owner_id=session.scalars(select(ApiKey.id)).one(),
                key="before",
                fingerprint=hashlib.sha256(said.encode()).hexdigest(),
                note_id=used.note_id,
                used_at=clock.now(),
            )
        )

    answer = world.call("field", "POST", NOTES, note, Idempotency_Key="before")

    assert (answer.status_code, answer.json["reference"]) == (200, reference)


def test_a_note_from_before_there_were_references_can_be_corrected(world: World, both_backends):
    reference = submit(world)["reference"]
    returned(world, reference)
    with world.intake_db.sessions.begin() as session:
        note = session.scalars(select(Note)).one()
        old = dict(note.content["operation"])
        del old["reference"], old["identifiers"]
        note.content = {**note.content, "operation": old}

    assert world.call("field", "GET", f"{NOTES}/{reference}").status_code == 200
    assert correct(world, reference, 1, flood(started_on="2012")).status_code == 200
    assert numbers(world) == [1]


def test_a_correction_can_name_another_operation(world: World, both_backends):
    submit(world)
    submit(world, started_on="2019")
    reference = submit(world, started_on="2019")["reference"]
    returned(world, reference)

    answer = correct(world, reference, 1, flood(started_on="2019", reference=FIRST))

    assert answer.status_code == 200
    assert numbers(world) == [1, 2, 1]


def test_events_carry_the_reference_of_the_operation_and_what_others_call_it(world: World):
    named = [{"scheme": "appeal", "id": "MDRTD012"}]
    submit(world, identifiers=named)

    with world.intake_db.readings() as session:
        operation = session.scalars(select(OutboxEvent)).one().data["operation"]
    assert (operation["reference"], operation["identifiers"]) == (operations_of(world)[0], named)


def test_the_form_asks_for_both_and_says_what_is_wrong_with_a_reference(world: World):
    officer = Officer(world, "en")
    write_short_note(officer)
    more = {
        "operation.countries.0.code": "TCD",
        "operation.identifiers.0.scheme": "appeal",
        "operation.identifiers.0.id": "MDRTD012",
        "operation.identifiers.1.scheme": "",
        "operation.identifiers.1.id": "",
    }
    wrong = officer.step("operation-more", **more, **{"operation.reference": "flood"})
    assert wrong.status_code == 422
    assert list(officer.errors) == ["#operation.reference"]
    officer.step("operation-more", **more, **{"operation.reference": FIRST})
    assert "MDRTD012" in officer.page

    refused = officer.send()

    assert refused.status_code == 422
    page = f"/intake/notes/{officer.receipt}/write/operation-more/0"
    assert list(officer.errors) == [f"{page}#operation.reference"]
    assert note_of(world)[0] == "draft"
    assert operations_of(world) == []
    officer.step("operation-more", **more, **{"operation.reference": ""})
    assert officer.send().status_code == 302
    kept = note_of(world)[1]["operation"]
    assert (kept["reference"], kept["identifiers"]) == (
        None,
        [{"scheme": "appeal", "id": "MDRTD012"}],
    )
