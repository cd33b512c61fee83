"""Who says what a reviewer knows, and who vouches for an organisation."""

from uuid import uuid4

import pytest

from services.review.desk import use_cases
from services.review.desk.model import Profile
from services.review.desk.use_cases import Knowledge
from shared.domain import organisations
from shared.platform.accounts import accounts
from shared.platform.accounts.actor import OPERATOR, Actor
from shared.platform.errors import InvalidError, NotAllowedError, NotFoundError

ENGLISH = Knowledge(languages=["en"])


@pytest.fixture
def reviewer(session):
    return accounts.create(session, email="r@example.org", name="R", role="reviewer")


def acting_as(role, account_id=None):
    return Actor(account_id=account_id or uuid4(), name="Somebody", role=role, via="session")


def edit(session, account_id, actor, knows=ENGLISH, *, organisation=None, office=None):
    return use_cases.edit_profile(
        session,
        account_id=account_id,
        knows=knows,
        organisation=organisation,
        office=office,
        actor=actor,
    )


@pytest.mark.parametrize("role", ["admin", "editor"])
def test_nobody_sets_their_own_profile_not_even_an_administrator(session, role):
    own = accounts.create(session, email="a@example.org", name="A", role=role)

    with pytest.raises(NotAllowedError):
        edit(session, own.id, acting_as(role, own.id))

    assert session.get(Profile, own.id) is None


@pytest.mark.parametrize(
    ("role", "may"),
    [("admin", True), ("editor", True), ("reviewer", False), ("partner", False)],
)
def test_only_administrators_and_editors_say_what_a_reviewer_knows(session, reviewer, role, may):
    if may:
        assert edit(session, reviewer.id, acting_as(role)).languages == ["en"]
    else:
        with pytest.raises(NotAllowedError):
            edit(session, reviewer.id, acting_as(role))


def test_a_profile_holds_what_was_said_and_the_latest_of_it(session, reviewer):
    first = Knowledge(languages=["fr"], sectors=[3, 15], countries=["TCD"], capacity=4)
    edit(session, reviewer.id, OPERATOR, first, organisation="MSF Holland", office="NLD")
    second = Knowledge(languages=["en", "ar"], operations=["one"], capacity=0)

    profile = edit(session, reviewer.id, OPERATOR, second, organisation="Helpers of Faya")

    assert (profile.languages, profile.sectors, profile.countries) == (["en", "ar"], [], [])
    assert (profile.operations, profile.capacity) == (["one"], 0)
    assert organisations.current(session, reviewer.organisation_id).name == "Helpers of Faya"
    assert reviewer.office is None


def test_of_a_bad_profile_everything_is_named_at_once(session, reviewer):
    bad = Knowledge(languages=["xx"], sectors=[16], countries=["TCD", "XXX"], capacity=1001)

    with pytest.raises(InvalidError) as refused:
        edit(session, reviewer.id, OPERATOR, bad, organisation="12", office="XXX")

    errors = refused.value.errors.items()
    assert {field: list(map(str, texts)) for field, texts in errors} == {
        "languages": ["Tick at least one language."],
        "sectors": ["Choose sectors from the list."],
        "countries": ["XXX: give countries by their three letters in ISO 3166, such as TCD LBY."],
        "office": ["Choose the country where they work."],
        "capacity": ["Give a whole number of cases."],
        "organisation": ["Enter the name of the organisation."],
    }


@pytest.mark.parametrize(("capacity", "may"), [(-1, False), (0, True), (1000, True), (1001, False)])
def test_a_reviewer_carries_at_most_a_thousand_cases(session, reviewer, capacity, may):
    knows = Knowledge(languages=["en"], capacity=capacity)
    if may:
        assert edit(session, reviewer.id, OPERATOR, knows).capacity == capacity
    else:
        with pytest.raises(InvalidError):
            edit(session, reviewer.id, OPERATOR, knows)


def test_who_knows_no_language_reviews_nothing(session, reviewer):
    with pytest.raises(InvalidError):
        edit(session, reviewer.id, OPERATOR, Knowledge(languages=[]))


def test_an_account_that_is_not_there_gets_no_profile(session):
    with pytest.raises(NotFoundError):
        edit(session, uuid4(), OPERATOR)


@pytest.mark.parametrize("role", ["reviewer", "partner"])
def test_only_administrators_and_editors_vouch_for_an_organisation(session, role):
    made = organisations.find_or_record(session, "Helpers of Faya")
    known = organisations.find(session, "MSF Holland")
    somebody = acting_as(role)

    with pytest.raises(NotAllowedError):
        use_cases.confirm_organisation(
            session, organisation_id=made.id, name="HoF", parent_id=None, actor=somebody
        )
    with pytest.raises(NotAllowedError):
        use_cases.merge_organisation(
            session, organisation_id=made.id, into_id=known.id, actor=somebody
        )

    assert (made.name, made.confirmed, made.merged_into) == ("Helpers of Faya", False, None)
