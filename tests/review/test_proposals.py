"""Indicators that are missing from the catalogue are proposed, and mapped or accepted."""

from testbed.notes import approve, make_benchmark, make_note
from testbed.world import World, bad_fields
from tests.review.desk import open_case


def propose(world):
    proposed = {
        "name": "Hot meals per person",
        "definition": "Meals served per person and day",
        "unit": "persons/day",
        "direction": "higher",
    }
    benchmark = make_benchmark(indicator=None, proposed=proposed, unit="persons/day", value="3")
    return open_case(world, make_note(lessons=[], benchmarks=[benchmark]))


def resolve(world, case, body, who="editor"):
    path = f"/review/api/v1/cases/{case['id']}/items/{case['items'][0]['id']}/indicator"
    return world.call(who, "POST", path, body)


def test_a_proposed_indicator_must_be_dealt_with_before_approval(world: World):
    case = propose(world)

    assert case["waits_for"] == ["editor"]
    assert bad_fields(world.decide(case, [approve(case["items"][0])])) == ["decisions.0.item"]


def test_a_proposal_is_mapped_to_an_indicator_and_shown_in_its_unit(world: World):
    case = propose(world)

    assert bad_fields(resolve(world, case, {"indicator": "nonsense"})) == ["indicator"]
    assert resolve(world, case, {"indicator": "days-in-transit"}).status_code == 409
    mapped = resolve(world, case, {"indicator": "onward-persons-per-week"}).json

    content = mapped["items"][0]["content"]
    assert (content["indicator"], content["value"], content["unit"]) == (
        "onward-persons-per-week",
        "21",
        "persons/week",
    )
    assert resolve(world, case, {"indicator": "onward-persons-per-week"}).status_code == 409
    assert world.decide(mapped, [approve(mapped["items"][0])]).status_code == 200


def test_an_accepted_proposal_reaches_intake_and_can_be_used_there(world: World, both_backends):
    world.reviewer("reviewer")
    case = propose(world)

    assert (
        resolve(world, case, {"accept": True, "family": "quality"}, who="reviewer").status_code
        == 403
    )
    assert resolve(world, case, {"accept": True, "code": "Hot Meals"}).status_code == 422
    assert resolve(world, case, {"accept": True, "code": "people-per-tap"}).status_code == 422
    accepted = resolve(world, case, {"accept": True, "family": "quality"}).json
    world.carry()

    assert accepted["items"][0]["content"]["indicator"] == "hot-meals-per-person"
    note = make_note(
        benchmarks=[make_benchmark(indicator="hot-meals-per-person", unit="persons/day", value="2")]
    )
    assert world.submit(note)["reference"]
    page = world.review.get("/library/benchmarks/hot-meals-per-person")
    assert page.status_code == 200


def test_an_accepted_indicator_stands_beside_the_others_with_the_words_of_its_proposal(
    world: World,
):
    case = propose(world)
    resolve(world, case, {"accept": True, "family": "quality"})

    listed = world.review.get("/api/v1/indicators").json["indicators"]
    known = {indicator["code"]: indicator for indicator in listed}

    assert len(known) == 31
    accepted = known["hot-meals-per-person"]
    assert accepted["name"]["en"] == "Hot meals per person"
    assert accepted["definition"] == {"en": "Meals served per person and day"}
    assert accepted["ask"] == {"en": "Meals served per person and day"}
    assert (accepted["unit"], accepted["direction"]) == ("persons/day", "higher")
    assert (accepted["family"], accepted["pool"], accepted["types"]) == ("quality", "none", [])
