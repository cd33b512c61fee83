"""Who gets a case, and who must not."""

from uuid import UUID

import pytest
from sqlalchemy import func, select

from services.review.desk import queries, use_cases
from services.review.desk.handlers import HANDLERS, prefetch
from services.review.desk.model import Assignment
from services.review.desk.queries import cases
from services.review.scheduler import release_unfit
from shared.platform.accounts import accounts
from shared.platform.accounts.actor import Actor
from shared.platform.accounts.roles import Role
from shared.platform.errors import NotAllowedError
from shared.platform.events import INTAKE_STREAM, Envelope
from shared.platform.messaging import subscription
from shared.platform.persistence import outbox
from testbed.notes import approve, make_benchmark, make_lesson, make_note
from testbed.world import World

CHAD_OFFICE_NOTE = make_note(organisation="IOM")


def reviewers_of(world, note=None):
    """The names of the reviewers of a fresh case, with the stored reason."""
    case = world.case_of(world.submit(note)["reference"])
    names = {str(account_id): name for name, account_id in world.ids.items()}
    return [(names[reviewer["account"]], reviewer["reason"]) for reviewer in case["reviewers"]]


def test_a_case_goes_to_someone_who_reads_its_language_and_knows_a_sector_of_it(
    world: World, both_backends
):
    world.reviewer("spanish", languages=["es"])
    world.reviewer("wrong sector", sectors=[14])
    world.reviewer("right sector", sectors=[1, 14])

    (chosen,) = reviewers_of(world)

    assert chosen == (
        "right sector",
        {
            "language": "en",
            "sectors": [1],
            "countries": [],
            "open_cases": 0,
            "same_organisation": False,
        },
    )


def test_the_sectors_of_a_benchmark_are_those_of_its_indicator(world: World):
    world.reviewer("health", sectors=[4])
    world.reviewer("transport", sectors=[3])
    capacity = make_note(lessons=[], benchmarks=[make_benchmark()])

    assert [name for name, _reason in reviewers_of(world, capacity)] == ["transport"]


def test_a_reviewer_for_other_countries_is_passed_over(world: World):
    world.reviewer("italy", countries=["ITA"])
    world.reviewer("chad", countries=["TCD", "SDN"])

    ((name, reason),) = reviewers_of(world)

    assert name == "chad"
    assert reason["countries"] == ["TCD"]


def test_the_least_busy_comes_first_then_who_knows_more_then_always_the_same(world: World):
    world.reviewer("b knows nothing special")
    world.reviewer("c knows the sector", sectors=[1])
    world.reviewer("a knows the sector", sectors=[1])

    order = [reviewers_of(world)[0][0] for _ in range(4)]

    assert order == [
        "a knows the sector",
        "c knows the sector",
        "b knows nothing special",
        "a knows the sector",
    ]


def test_someone_who_carries_all_they_can_gets_nothing_more(world: World):
    world.reviewer("full", capacity=1)

    assert [name for name, _reason in reviewers_of(world)] == ["full"]
    assert reviewers_of(world) == []


def test_who_has_decided_all_of_a_case_has_room_for_the_next(world: World, both_backends):
    world.reviewer("careful", capacity=1)
    case = world.case_of(world.submit()["reference"])
    assert [reviewer["account"] for reviewer in case["reviewers"]] == [str(world.ids["careful"])]
    lesson, benchmark = case["items"]

    world.decide(case, [approve(lesson)], who="careful")
    assert reviewers_of(world) == []  # one item is open, so they are full
    world.decide(world.case_of(case["note"]), [approve(benchmark)], who="careful")

    ((name, reason),) = reviewers_of(world)
    assert (name, reason["open_cases"]) == ("careful", 0)


def test_when_nobody_fits_the_case_waits_for_the_editors_visibly(world: World):
    reference = world.submit()["reference"]

    case = world.case_of(reference)

    assert case["waits_for"] == ["editor"]
    assert [event["action"] for event in case["history"]] == ["opened", "nobody_fits"]
    assert (
        world.call("field", "GET", f"/intake/api/v1/notes/{reference}").json["state"] == "submitted"
    )


def test_nobody_reviews_a_note_about_their_own_country_office(world: World):
    world.reviewer("iom chad", organisation="IOM", office="TCD")
    world.reviewer("iom geneva", organisation="IOM", office="CHE")

    ((name, reason),) = reviewers_of(world, CHAD_OFFICE_NOTE)

    assert name == "iom geneva"
    assert reason["same_organisation"] is True


def test_the_office_of_the_team_that_wrote_counts_too(world: World):
    world.person("field geneva", "field", organisation="IOM", office="CHE")
    world.reviewer("iom geneva", organisation="IOM", office="CHE")

    world.submit(CHAD_OFFICE_NOTE, who="field geneva")

    cases = world.call("editor", "GET", "/review/api/v1/cases?state=all").json["cases"]
    assert [case["waits_for"] for case in cases] == [["editor"]]


def test_whose_office_is_unknown_may_be_of_the_same_team(world: World):
    world.reviewer("iom somewhere", organisation="IOM")
    world.reviewer("msf holland", organisation="MSF Holland")

    assert [name for name, _reason in reviewers_of(world, CHAD_OFFICE_NOTE)] == ["msf holland"]


def test_nobody_reviews_an_operation_they_worked_on(world: World):
    operation_id = world.case_of(world.submit()["reference"])["operation"]["id"]
    world.reviewer("was there", operations=[operation_id])

    assert reviewers_of(world) == []


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"operation__started_on": "2019"}, []),
        ({"operation__type": "reception"}, []),
        ({"operation__title": "Convoys to Chad"}, []),
        ({"operation__title": "Convoys to Chad", "operation__glide": None}, ["was there"]),
        ({"operation__countries": [{"code": "EGY"}], "operation__glide": None}, ["was there"]),
    ],
)
def test_nor_one_that_may_be_the_same_operation(world: World, both_backends, changes, names):
    """The first has another start, type or title; its GLIDE number or its title is the same."""
    operation_id = world.case_of(world.submit()["reference"])["operation"]["id"]
    world.reviewer("was there", operations=["no id", operation_id])

    assert [name for name, _reason in reviewers_of(world, make_note(**changes))] == names


def test_what_any_note_says_of_an_operation_counts_for_who_worked_on_it(world: World):
    first = world.case_of(world.submit(make_note(operation__glide=None))["reference"])
    world.submit()
    world.reviewer("was there", operations=[first["operation"]["id"]])
    case = world.case_of(world.submit(make_note(operation__title="Convoys"))["reference"])

    decision = {"item": case["items"][0]["id"], "verdict": "reject", "comment": "No."}
    refused = world.decide(case, [decision], who="was there")

    assert refused.status_code == 403
    assert "is, or may be, this operation" in refused.json["detail"]


def test_sections_of_one_organisation_count_as_the_same_organisation(world: World):
    world.reviewer("msf france chad", organisation="MSF France", office="TCD")
    world.reviewer("msf france paris", organisation="MSF France", office="FRA")

    assert [
        name for name, _reason in reviewers_of(world, make_note(organisation="MSF Holland"))
    ] == ["msf france paris"]


def test_a_stopped_reviewer_gets_nothing(world: World):
    account = world.reviewer("gone")
    with world.review_db.sessions.begin() as session:
        session.merge(account).active = False

    assert reviewers_of(world) == []


@pytest.mark.parametrize(
    ("sharing", "status"), [("clear", 200), ("green", 200), ("amber", 404), ("red", 404)]
)
def test_a_reviewer_may_decide_an_open_case_by_taking_it_and_a_closer_one_only_when_assigned(
    world, sharing, status
):
    world.reviewer("busy", capacity=0)
    case = world.case_of(world.submit(make_note(sharing=sharing))["reference"])
    decision = {"item": case["items"][0]["id"], "verdict": "reject", "comment": "No."}

    answer = world.decide(case, [decision], who="busy")

    assert answer.status_code == status
    if status == 200:
        assert answer.json["reviewers"][0]["reason"] == {"taken": True}


def test_a_reviewer_with_a_conflict_cannot_take_or_decide_and_an_editor_cannot_give_them_the_case(
    world: World,
):
    world.reviewer("iom chad", organisation="IOM", office="TCD")
    case = world.case_of(world.submit(CHAD_OFFICE_NOTE)["reference"])
    decision = {"item": case["items"][0]["id"], "verdict": "reject", "comment": "No."}

    refused = world.decide(case, [decision], who="iom chad")

    assert refused.status_code == 403
    assert "country office" in refused.json["detail"]
    assert world.case_of(case["note"])["reviewers"] == []


@pytest.mark.parametrize(
    ("organisation", "office", "words"),
    [
        (None, None, None),
        ("IOM", "TCD", "works in the country office that this note is about and cannot review it."),
        (
            "Chad Migration Support",
            None,
            "belongs to the organisation that wrote this note and cannot review it.",
        ),
    ],
)
def test_an_editor_who_gives_a_case_is_told_what_stands_in_the_way(
    world: World, organisation, office, words
):
    case = world.case_of(world.submit()["reference"])
    account = world.person("new", "editor", organisation=organisation, office=office)
    editor = Actor(world.ids["editor"], "editor", Role.EDITOR, "session")

    with world.review_db.sessions.begin() as session:
        locked = queries.case_locked(session, UUID(case["id"]))
        if words is None:
            use_cases.give_case(session, case=locked, account_id=account.id, actor=editor)
            assert [held.account_id for held in locked.reviewers] == [account.id]
        else:
            with pytest.raises(NotAllowedError) as refused:
                use_cases.give_case(session, case=locked, account_id=account.id, actor=editor)
            assert str(refused.value) == f"new {words}"


def test_an_editor_with_a_conflict_cannot_decide_either(world: World):
    world.person("editor chad", "editor", organisation="IOM", office="TCD")
    case = world.case_of(world.submit(CHAD_OFFICE_NOTE)["reference"])
    decision = {"item": case["items"][0]["id"], "verdict": "reject", "comment": "No."}

    assert world.decide(case, [decision], who="editor chad").status_code == 403


def test_a_note_whose_lessons_name_no_sector_goes_to_anyone_who_reads_it(world: World):
    world.reviewer("health", sectors=[4])
    note = make_note(lessons=[make_lesson(sector=None)], benchmarks=[])

    assert [name for name, _reason in reviewers_of(world, note)] == ["health"]


def test_the_country_office_of_a_lead_agency_or_partner_worked_on_the_operation(world: World):
    world.reviewer("iom chad", organisation="IOM", office="TCD")
    world.reviewer("msf chad", organisation="MSF Holland", office="TCD")
    world.reviewer("msf geneva", organisation="MSF Holland", office="CHE")

    assert [name for name, _reason in reviewers_of(world)] == ["msf geneva"]


def test_who_may_no_longer_review_loses_their_cases_to_whoever_fits_next(
    world: World, both_backends, monkeypatch
):
    monkeypatch.setattr(cases, "AT_A_TIME", 1)
    world.reviewer("a leaves")
    case, other = (world.case_of(world.submit()["reference"]) for _ in range(2))
    world.reviewer("b stays")
    with world.review_db.sessions.begin() as session:
        accounts.change(session, world.ids["a leaves"], role="reviewer", active=False)

    release_unfit(world.review_db)

    for held in (case, other):
        assert [found["account"] for found in world.case_of(held["note"])["reviewers"]] == [
            str(world.ids["b stays"])
        ]
    assert [event["action"] for event in world.case_of(case["note"])["history"]][-2:] == [
        "released",
        "assigned",
    ]


def test_who_decided_a_case_stays_its_reviewer_whatever_becomes_of_them(world: World):
    world.reviewer("a leaves")
    case = world.case_of(world.submit()["reference"])
    assert (
        world.decide(case, [approve(item) for item in case["items"]], who="a leaves").status_code
        == 200
    )
    with world.review_db.sessions.begin() as session:
        accounts.change(session, world.ids["a leaves"], role="reviewer", active=False)

    with world.review_db.sessions.begin() as session:
        use_cases.release_unfit(session, case=queries.case_locked(session, UUID(case["id"])))

    assert "released" not in [event["action"] for event in world.case_of(case["note"])["history"]]


def test_a_correction_in_another_organisations_name_counts_for_its_reviewers(world: World):
    world.person("lead", "field", organisation="IOM")
    world.reviewer("iom chad", organisation="IOM", office="TCD")
    note = make_note(operation__lead_agency=None, organisation="Chad Migration Support")
    case = world.case_of(world.submit(note)["reference"])
    assert [reviewer["account"] for reviewer in case["reviewers"]] == [str(world.ids["iom chad"])]
    change = {"item": case["items"][0]["id"], "verdict": "request_changes", "comment": "When?"}
    world.decide(case, [change], who="iom chad")

    corrected = {**note, "organisation": "IOM", "language": "fr", "version": 1}
    path = f"/intake/api/v1/notes/{case['note']}"
    assert world.call("field", "PUT", path, corrected, Idempotency_Key="p").status_code == 200
    world.carry()

    again = world.case_of(case["note"])
    assert again["language"] == "fr"
    assert again["reviewers"] == []
    assert again["waits_for"] == ["editor"]


def test_what_is_given_and_left_counts_before_it_is_stored(world: World, both_backends):
    world.reviewer("first")
    case = world.case_of(world.submit()["reference"])
    first = world.ids["first"]
    editor = Actor(world.ids["editor"], "editor", Role.EDITOR, "session")

    with world.review_db.readings(autoflush=False) as session:
        before = queries.open_case_counts(session)[first]
        locked = queries.case_locked(session, UUID(case["id"]))
        use_cases.release_case(session, case=locked, account_id=first, actor=editor)
        left = queries.open_case_counts(session)[first]
        use_cases.give_case(session, case=locked, account_id=first, actor=editor)
        given = queries.open_case_counts(session)[first]

    assert (before, left, given) == (1, 0, 1)


def test_cases_that_come_together_are_shared_out_as_evenly_as_single_ones(
    world: World, both_backends
):
    for name in ("first", "second"):
        world.reviewer(name)
    for number in range(6):
        note = make_note(operation__title=f"Operation {number}")
        world.call("field", "POST", "/intake/api/v1/notes", note, Idempotency_Key=str(number))
    with world.intake_db.sessions.begin() as session:
        events = outbox.number_pending(session, INTAKE_STREAM)
    together = [Envelope.of_bytes(event.to_bytes()) for event in events]

    shares = []
    for batch in (together[:3], together[3:]):  # the second within a second of the first
        with world.review_db.sessions.begin() as session:
            subscription.apply_all(session, batch, HANDLERS, prefetch)
        with world.review_db.readings() as session:
            count = select(func.count(Assignment.id)).group_by(Assignment.account_id)
            shares.append(sorted(session.scalars(count)))

    assert shares == [[1, 2], [3, 3]]
