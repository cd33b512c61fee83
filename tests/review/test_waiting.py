"""Which cases wait for whom, which are listed for whom, and who is counted as carrying them."""

from uuid import UUID

from freezegun import freeze_time

from services.review.desk import queries, use_cases
from services.review.desk.model import Case
from shared.platform.accounts.actor import Actor
from shared.platform.accounts.roles import Role
from testbed.notes import approve, make_note
from testbed.world import World
from tests.review.desk import open_case, returned


def actor(world: World, name: str, role: Role) -> Actor:
    return Actor(world.ids[name], name, role, "session")


def give(world: World, reference: str, name: str, *, instead_of: str | None = None) -> None:
    """An editor gives a case to someone, and takes it from someone else."""
    editor = actor(world, "editor", Role.EDITOR)
    with world.review_db.sessions.begin() as session:
        case = session.query(Case).filter_by(reference=reference).one()
        use_cases.give_case(session, case=case, account_id=world.ids[name], actor=editor)
        if instead_of is not None:
            left = world.ids[instead_of]
            use_cases.release_case(session, case=case, account_id=left, actor=editor)


def turn_of(world: World, name: str, role: Role) -> tuple[list[str], int]:
    """The references of the cases that wait for someone, and how many are counted."""
    asking = actor(world, name, role)
    with world.review_db.readings() as session:
        waiting = queries.my_turn(session, asking, most=10)
        return [case.reference for case in waiting], queries.count_my_turn(session, asking)


def listed_for(world: World, who: str) -> set[str]:
    answer = world.call(who, "GET", "/review/api/v1/cases?state=all")
    return {case["note"] for case in answer.json["cases"]}


def carried_by(world: World, name: str) -> int:
    """How many open cases a batch of notes believes that someone has."""
    with world.review_db.readings() as session:
        queries.expect_many_cases(session)
        return queries.open_case_counts(session)[world.ids[name]]


def test_what_was_returned_or_decided_waits_for_no_reviewer(world: World, both_backends):
    world.reviewer("reviewer")
    returned_one, decided, waiting = (open_case(world) for _ in range(3))
    assert turn_of(world, "reviewer", Role.REVIEWER)[1] == 3

    changes = [returned(item) for item in returned_one["items"]]
    assert world.decide(returned_one, changes, who="reviewer").status_code == 200
    approvals = [approve(item) for item in decided["items"]]
    assert world.decide(decided, approvals, who="reviewer").status_code == 200

    assert turn_of(world, "reviewer", Role.REVIEWER) == ([waiting["note"]], 1)


def test_what_waits_for_one_reviewer_waits_for_no_other_and_not_for_the_editors(world: World):
    world.reviewer("first")
    note = open_case(world)["note"]
    world.reviewer("second")

    assert turn_of(world, "first", Role.REVIEWER) == ([note], 1)
    assert turn_of(world, "second", Role.REVIEWER) == ([], 0)
    assert turn_of(world, "editor", Role.EDITOR) == ([], 0)


def test_an_editor_who_reviews_a_case_is_waited_for_until_it_is_returned(world: World):
    world.reviewer("reviewer")
    case = open_case(world)
    give(world, case["note"], "editor")
    assert turn_of(world, "editor", Role.EDITOR) == ([case["note"]], 1)

    given = world.case_of(case["note"])
    assert world.decide(given, [returned(item) for item in given["items"]]).status_code == 200

    assert turn_of(world, "editor", Role.EDITOR) == ([], 0)


def test_a_reviewer_is_listed_what_is_open_to_all_and_what_was_given_to_them(
    world: World, both_backends
):
    clear, green, amber, red = (
        world.submit(make_note(sharing=level))["reference"]
        for level in ("clear", "green", "amber", "red")
    )
    world.reviewer("named")
    world.reviewer("other")
    give(world, red, "named")
    give(world, amber, "other")
    give(world, amber, "named", instead_of="other")

    assert listed_for(world, "editor") == {clear, green, amber, red}
    assert listed_for(world, "named") == {clear, green, amber, red}
    assert listed_for(world, "other") == {clear, green}


def test_an_operation_is_called_as_its_newest_case_tells_it_and_a_hidden_one_not_at_all(
    world: World,
):
    airlift = make_note(operation__title="Airlift from Benghazi", operation__glide=None)
    hidden = make_note(operation__title="Relocation of staff", operation__glide=None)
    for note in (
        make_note(operation__started_on="2011-03"),
        airlift,
        {**hidden, "sharing": "amber"},
        make_note(operation__started_on="2011-03-15"),
    ):
        world.submit(note)

    with world.review_db.readings() as session:
        names = [name for _id, name in queries.operations(session)]
        (newest,) = [name for _id, name in queries.operations(session, most=1)]

    assert [name.rpartition(",")[0] for name in names] == [
        "Airlift from Benghazi (2011-03",
        "Return of migrants from Libya to Chad (2011-03-15",
    ]
    assert newest == names[1]


@freeze_time("2026-03-01 12:00")
def test_within_a_second_a_batch_counts_what_was_given_and_left_since(world: World, both_backends):
    world.reviewer("first")
    before = open_case(world)
    assert carried_by(world, "first") == 1
    since = open_case(world)
    assert carried_by(world, "first") == 2

    with world.review_db.sessions.begin() as session:
        use_cases.release_case(
            session,
            case=queries.case_locked(session, UUID(since["id"])),
            account_id=world.ids["first"],
            actor=actor(world, "editor", Role.EDITOR),
        )

    assert carried_by(world, "first") == 1
    assert world.case_of(before["note"])["reviewers"]
