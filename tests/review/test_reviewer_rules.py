"""Who may review a case, whom it fits, and who is chosen, without a database."""

from uuid import UUID, uuid4

import pytest

from services.review.desk.model import (
    Candidate,
    Case,
    Needs,
    Profile,
    choose,
    conflict_of,
    reason_for,
)
from shared.platform.accounts.accounts import Account

MSF, HOLLAND, IOM, UNHCR = (UUID(int=number) for number in range(1, 5))
OPERATION = UUID(int=9)


def candidate(email="a@example.org", *, family=None, open_cases=0, **changes):
    values = {"organisation_id": family, "office": None, "role": "reviewer", "active": True}
    knows = {"languages": ["en"], "sectors": [], "countries": [], "operations": [], "capacity": 3}
    of_account = {name: value for name, value in changes.items() if name not in knows}
    of_profile = {name: value for name, value in changes.items() if name in knows}
    account = Account(id=uuid4(), email=email, **{**values, **of_account})
    return Candidate(account, Profile(**{**knows, **of_profile}), family, open_cases)


def needs(*, sectors=(), family=None, took_part=(), **changes):
    values = {
        "operation_id": OPERATION,
        "operation": {"countries": [{"code": "LBY"}, {"code": "TCD"}]},
        "organisation_id": HOLLAND,
        "office": None,
        "language": "en",
    }
    case = Case(**{**values, **changes})
    return Needs(case, frozenset(sectors), family, frozenset(took_part))


@pytest.mark.parametrize(
    ("role", "active", "may_review"),
    [
        ("reviewer", True, True),
        ("editor", True, True),
        ("partner", True, False),
        ("admin", True, False),
        ("reviewer", False, False),
        ("editor", False, False),
    ],
)
def test_only_active_reviewers_and_editors_review(role, active, may_review):
    assert candidate(role=role, active=active).may_review is may_review


def test_nobody_reviews_an_operation_on_which_they_worked():
    worked = candidate(operations=[str(OPERATION)])
    elsewhere = candidate(operations=[str(UUID(int=8))])

    assert conflict_of(worked, needs()) == "worked_on_operation"
    assert conflict_of(elsewhere, needs()) is None


@pytest.mark.parametrize(
    ("changes", "conflict"),
    [
        ({"family": MSF, "office": "TCD"}, "own_office"),
        ({"family": MSF, "office": "LBY"}, "own_office"),
        ({"family": MSF, "office": "NER"}, "own_office"),
        ({"family": MSF, "office": "ITA"}, None),
        ({"family": MSF, "organisation_id": HOLLAND}, "own_team"),
        ({"family": MSF, "organisation_id": MSF}, None),
        ({"family": MSF, "organisation_id": HOLLAND, "office": "ITA"}, None),
        ({"family": IOM, "office": "TCD"}, "own_office"),
        ({"family": UNHCR, "office": "TCD"}, None),
        ({"family": None, "office": "TCD"}, None),
        ({"family": None, "organisation_id": HOLLAND}, None),
    ],
)
def test_nobody_reviews_a_note_of_their_own_team_or_country_office(changes, conflict):
    asked = needs(family=MSF, took_part=[IOM], office="NER")

    assert conflict_of(candidate(**changes), asked) == conflict


def test_who_belongs_to_no_organisation_has_no_conflict_with_a_note_of_none():
    assert conflict_of(candidate(family=None, office="TCD"), needs(family=None)) is None


@pytest.mark.parametrize(
    ("knows", "asked", "fits"),
    [
        ({"languages": ["fr", "en"]}, {}, True),
        ({"languages": ["fr"]}, {}, False),
        ({"languages": []}, {}, False),
        ({"sectors": [1, 4]}, {"sectors": [4]}, True),
        ({"sectors": [1, 4]}, {"sectors": [2]}, False),
        ({"sectors": [1, 4]}, {"sectors": []}, True),
        ({"sectors": []}, {"sectors": [2]}, True),
        ({"countries": ["TCD"]}, {}, True),
        ({"countries": ["ITA"]}, {}, False),
        ({"open_cases": 2}, {}, True),
        ({"open_cases": 3}, {}, False),
        ({"open_cases": 4}, {}, False),
        ({"capacity": 0}, {}, False),
        ({"operations": [str(OPERATION)]}, {}, False),
    ],
)
def test_a_case_fits_who_knows_it_and_has_room_for_it(knows, asked, fits):
    assert (reason_for(candidate(**knows), needs(**asked)) is not None) is fits


def test_the_reason_says_what_both_have_in_common():
    countries = ["TCD", "NER", "MLI", "LBY", "ITA", "EGY"]
    operation = {"countries": [{"code": code} for code in ["TCD", "NER", "MLI", "LBY", "SDN"]]}
    who = candidate(family=MSF, sectors=[9, 2, 1], countries=countries, open_cases=1)

    assert reason_for(who, needs(sectors=[9, 1, 4], family=MSF, operation=operation)) == {
        "language": "en",
        "sectors": [1, 9],
        "countries": ["LBY", "MLI", "NER", "TCD"],
        "open_cases": 1,
        "same_organisation": True,
    }


def test_two_without_an_organisation_are_not_of_the_same():
    assert reason_for(candidate(family=None), needs(family=None))["same_organisation"] is False
    assert reason_for(candidate(family=IOM), needs(family=MSF))["same_organisation"] is False


@pytest.mark.parametrize(
    ("first", "second", "chosen"),
    [
        ({"open_cases": 1}, {"open_cases": 0}, "b"),
        ({"open_cases": 0}, {"open_cases": 1}, "a"),
        ({}, {"sectors": [4]}, "b"),
        ({"sectors": [4]}, {"sectors": [4, 1]}, "b"),
        ({}, {"countries": ["TCD"]}, "b"),
        ({"countries": ["TCD"]}, {"countries": ["TCD", "LBY"]}, "b"),
        ({"sectors": [4]}, {"countries": ["TCD", "LBY"]}, "b"),
        ({"sectors": [4, 1]}, {"countries": ["TCD"]}, "a"),
        ({"open_cases": 1, "sectors": [4]}, {"open_cases": 0}, "b"),
        ({}, {}, "a"),
        ({"languages": ["fr"]}, {"open_cases": 2}, "b"),
        ({"languages": ["fr"]}, {"languages": ["fr"]}, None),
    ],
)
def test_the_least_busy_is_chosen_then_who_knows_more_then_the_first_address(first, second, chosen):
    candidates = [candidate("b@example.org", **second), candidate("a@example.org", **first)]

    found = choose(candidates, needs(sectors=[1, 4]))

    assert (found and found[0].account.email[0]) == chosen
