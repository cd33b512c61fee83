"""Intake for programs."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from testbed.notes import make_benchmark, make_lesson, make_note
from testbed.world import World, bad_fields

NOTES = "/intake/api/v1/notes"


def test_a_note_is_taken_with_reference_receipt_and_state(world: World, both_backends):
    answer = world.call("field", "POST", NOTES, make_note(), Idempotency_Key="k1")

    assert answer.status_code == 201
    assert answer.json["reference"].startswith("AAN-20")
    assert len(answer.json["receipt"]) == 22
    assert answer.json["status_url"] == f"http://localhost/intake/notes/{answer.json['receipt']}"
    assert (answer.json["state"], answer.json["version"]) == ("submitted", 1)


def test_the_same_request_again_answers_200_with_the_same_reference(world: World, both_backends):
    first = world.call("field", "POST", NOTES, make_note(), Idempotency_Key="k1")
    again = world.call("field", "POST", NOTES, make_note(), Idempotency_Key="k1")

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json == first.json


def test_the_same_json_in_another_order_is_the_same_request(world: World):
    note = make_note()
    turned = dict(reversed(note.items()))

    first = world.call("field", "POST", NOTES, note, Idempotency_Key="k1")
    again = world.call("field", "POST", NOTES, turned, Idempotency_Key="k1")

    assert again.status_code == 200
    assert again.json["reference"] == first.json["reference"]


def test_the_same_key_with_another_body_answers_409(world: World):
    world.call("field", "POST", NOTES, make_note(), Idempotency_Key="k1")
    other = world.call("field", "POST", NOTES, make_note(sharing="green"), Idempotency_Key="k1")

    assert other.status_code == 409
    assert "Idempotency-Key" in other.json["detail"]


def test_keys_of_different_senders_do_not_meet(world: World):
    world.person("field2", "field")

    first = world.call("field", "POST", NOTES, make_note(), Idempotency_Key="k1")
    other = world.call("field2", "POST", NOTES, make_note(), Idempotency_Key="k1")

    assert (first.status_code, other.status_code) == (201, 201)
    assert first.json["reference"] != other.json["reference"]


def test_twins_that_arrive_at_the_same_moment_make_one_note(world: World, both_backends):
    def send(_number):
        return world.call("field", "POST", NOTES, make_note(), Idempotency_Key="twin")

    world.intake_app  # noqa: B018 - made once, before the threads
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(8)))

    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.json["reference"] for answer in answers}) == 1


@pytest.mark.parametrize("key", [None, "", "x" * 256, "ké"])
def test_a_missing_or_unusable_idempotency_key_answers_400(world: World, key):
    headers = {} if key is None else {"Idempotency_Key": key}
    answer = world.call("field", "POST", NOTES, make_note(), **headers)

    assert answer.status_code == 400
    assert "Idempotency-Key" in answer.json["detail"]


def test_no_key_and_an_unknown_key_answer_401(world: World):
    world.keys["nobody"] = "llr.unknown.unknown"

    assert world.call(None, "POST", NOTES, make_note(), Idempotency_Key="k").status_code == 401
    assert world.call("nobody", "POST", NOTES, make_note(), Idempotency_Key="k").status_code == 401


def test_an_error_is_a_problem_document_that_names_every_bad_field_at_once(world: World):
    note = make_note(
        operation__title="",
        operation__started_on="March",
        operation__countries=[{"code": "XXX", "role": "visitor"}],
        language="de",
        surprise=1,
        lessons=[make_lesson(kind="blame", observation=" ")],
        benchmarks=[
            make_benchmark(unit="litres"),
            make_benchmark(indicator="unknown"),
            make_benchmark(value="36,5"),
        ],
    )
    answer = world.call("field", "POST", NOTES, note, Idempotency_Key="k")

    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert bad_fields(answer) == [
        "benchmarks.0.unit",
        "benchmarks.1.indicator",
        "benchmarks.2.value",
        "language",
        "lessons.0.kind",
        "lessons.0.observation",
        "operation.countries.0.code",
        "operation.countries.0.role",
        "operation.started_on",
        "operation.title",
        "surprise",
    ]
    by_field = {error["field"]: error for error in answer.json["errors"]}
    assert by_field["operation.title"]["pointer"] == "/operation/title"
    assert by_field["operation.title"]["detail"].startswith("Enter the title of the operation")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "operation"),
        (make_note(lessons=[], benchmarks=[]), "lessons"),
        (make_note(operation__countries=[]), "operation.countries"),
        (make_note(operation__ended_on="2010"), "operation.ended_on"),
        (make_note(operation__glide="Libya"), "operation.glide"),
        (make_note(organisation="..."), "organisation"),
        (make_note(lessons=[make_lesson(sector=16)]), "lessons.0.sector"),
        (make_note(lessons=[make_lesson(sector=True)]), "lessons.0.sector"),
        (make_note(lessons=[make_lesson(title="x" * 301)]), "lessons.0.title"),
        (make_note(lessons=[make_lesson(observation="a\x00b")]), "lessons.0.observation"),
        (make_note(lessons=[make_lesson(observation="\ud800")]), "lessons.0.observation"),
        (make_note(lessons=["text"]), "lessons.0"),
        (make_note(lessons=[make_lesson()] * 51), "lessons"),
        (make_note(benchmarks=[make_benchmark(value=900)]), "benchmarks.0.value"),
        (make_note(benchmarks=[make_benchmark(value="-1")]), "benchmarks.0.value"),
        (make_note(benchmarks=[make_benchmark(value="1e5")]), "benchmarks.0.value"),
        (make_note(benchmarks=[make_benchmark(value="NaN")]), "benchmarks.0.value"),
        (make_note(benchmarks=[make_benchmark(value=None)]), "benchmarks.0.value"),
        (make_note(benchmarks=[make_benchmark(indicator=None)]), "benchmarks.0.indicator"),
        (make_note(benchmarks=[make_benchmark(numerator="1")]), "benchmarks.0.denominator"),
        (
            make_note(benchmarks=[make_benchmark(numerator="1", denominator="0")]),
            "benchmarks.0.denominator",
        ),
        (
            make_note(benchmarks=[make_benchmark(period={"start": "2011-06", "end": "2011-05"})]),
            "benchmarks.0.period.end",
        ),
        (
            make_note(benchmarks=[make_benchmark(period={"start": "2999"})]),
            "benchmarks.0.period.start",
        ),
        (make_note(heard_from=["rumours"]), "heard_from.0"),
        (make_note(partners=[{"role": "health"}]), "partners.0.organisation"),
    ],
)
def test_one_bad_answer_is_named_and_nothing_is_stored(world: World, body, field):
    answer = world.call("field", "POST", NOTES, body, Idempotency_Key="k")

    assert answer.status_code == 422
    assert field in bad_fields(answer)
    assert world.call("field", "POST", NOTES, make_note(), Idempotency_Key="k").status_code == 201


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[" * 100_000, 400),
        (b"[]", 422),
        (b"null", 422),
        (b'"text"', 422),
        (b"NaN", 422),
    ],
)
def test_what_is_no_note_at_all_is_refused_in_words(world: World, body, status):
    headers = {"Authorization": f"Bearer {world.keys['field']}", "Idempotency-Key": "k"}
    answer = world.intake.post(NOTES, data=body, content_type="application/json", headers=headers)

    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"


def test_a_note_of_a_megabyte_answers_413(world: World):
    note = make_note(lessons=[make_lesson(observation="x" * 1_100_000)])

    assert world.call("field", "POST", NOTES, note, Idempotency_Key="k").status_code == 413


def test_errors_speak_the_callers_language(world: World):
    answer = world.call("field", "POST", NOTES, {}, Idempotency_Key="k", Accept_Language="fr")

    assert answer.json["detail"] == "Certaines réponses doivent être modifiées."


def test_the_status_shows_the_note_and_each_item(world: World):
    sent = world.submit()

    shown = world.call("field", "GET", f"{NOTES}/{sent['reference']}").json

    assert shown["state"] == "submitted"
    assert shown["note"]["operation"]["title"] == "Return of migrants from Libya to Chad"
    assert [
        (item["kind"], item["place"], item["state"], item["verdict"], item["entry"])
        for item in shown["items"]
    ] == [
        ("lesson", 0, "submitted", None, None),
        ("benchmark", 0, "submitted", None, None),
    ]


def test_a_note_of_another_organisation_is_not_found(world: World):
    reference = world.submit()["reference"]
    world.person("other", "field", organisation="Someone Else")

    assert world.call("other", "GET", f"{NOTES}/{reference}").status_code == 404
    assert world.call("field", "GET", f"{NOTES}/AAN-2026-9999").status_code == 404


def test_a_colleague_of_the_same_organisation_family_sees_the_note(world: World):
    world.person("holland", "field", organisation="MSF Holland")
    world.person("france", "field", organisation="Médecins Sans Frontières France")
    reference = world.submit(make_note(organisation="MSF-H"), who="holland")["reference"]

    assert world.call("france", "GET", f"{NOTES}/{reference}").status_code == 200


def test_the_same_operation_is_found_again_under_its_title(world: World):
    first = world.case_of(world.submit()["reference"])
    note = make_note(operation__title="  return of Migrants from libya to CHAD. ", sharing="green")
    again = world.case_of(world.submit(note)["reference"])
    elsewhere = world.case_of(
        world.submit(make_note(operation__countries=[{"code": "ITA"}]))["reference"]
    )

    assert again["operation"]["id"] == first["operation"]["id"]
    assert elsewhere["operation"]["id"] != first["operation"]["id"]


@pytest.mark.parametrize(
    "empty", ["partners", "lessons", "heard_from", "sources", "operation.places"]
)
def test_null_is_an_empty_list_and_the_note_still_reaches_review(world: World, empty):
    note = make_note()
    part, _dot, name = empty.rpartition(".")
    (note[part] if part else note)[name] = None

    reference = world.submit(note)["reference"]

    assert world.case_of(reference)["note"] == reference


@pytest.mark.parametrize(("lessons", "benchmarks"), [(None, None), (None, []), ([], None)])
def test_a_note_that_says_nothing_is_refused_in_every_spelling(world: World, lessons, benchmarks):
    note = make_note(lessons=lessons, benchmarks=benchmarks)
    answer = world.call("field", "POST", "/intake/api/v1/notes", note, Idempotency_Key="n")
    assert (answer.status_code, bad_fields(answer)) == (422, ["lessons"])


def test_a_benchmark_is_checked_against_the_catalogue_even_where_other_fields_are_wrong(
    world: World,
):
    wrong = [
        make_benchmark(indicator="nope", unit=""),
        make_benchmark(unit="bananas", period={"start": "2011-05", "end": "2011-04"}),
    ]
    answer = world.call(
        "field", "POST", "/intake/api/v1/notes", make_note(benchmarks=wrong), Idempotency_Key="b"
    )
    assert bad_fields(answer) == [
        "benchmarks.0.indicator",
        "benchmarks.0.unit",
        "benchmarks.1.period.end",
        "benchmarks.1.unit",
    ]


def test_a_character_that_no_feed_can_carry_is_named_by_what_stands_before_it(world: World):
    note = make_note(lessons=[make_lesson(title="Convoys\uffff late")])
    answer = world.call("field", "POST", "/intake/api/v1/notes", note, Idempotency_Key="x")
    assert [(error["pointer"], error["detail"]) for error in answer.json["errors"]] == [
        ("/lessons/0/title", "Take out the hidden character after “Convoys”: it cannot be stored.")
    ]
