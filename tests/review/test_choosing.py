"""Which reviewer is chosen among those who fit."""

from uuid import uuid4

from services.review.desk.model import Candidate, Case, Needs, Profile, choose
from shared.platform.accounts.accounts import Account


def candidate(name, *, countries=(), sectors=(), open_cases=0) -> Candidate:
    """A reviewer who reads English and is of no organisation."""
    account = Account(
        id=uuid4(),
        email=f"{name}@example.org",
        name=name,
        role="reviewer",
        active=True,
    )
    profile = Profile(
        account_id=account.id,
        languages=["en"],
        countries=list(countries),
        sectors=list(sectors),
        operations=[],
        capacity=10,
    )
    return Candidate(account=account, profile=profile, family=None, open_cases=open_cases)


def chosen(*candidates) -> str:
    """The name of who gets a case about sector 1 in Libya and Chad."""
    case = Case(
        language="en",
        operation={"countries": [{"code": "LBY"}, {"code": "TCD"}]},
        operation_id=uuid4(),
        organisation_id=uuid4(),
    )
    found = choose(candidates, Needs(case=case, sectors=frozenset({1}), family=None))
    assert found is not None
    return found[0].account.name


def test_of_equally_busy_ones_who_knows_the_country_comes_before_who_takes_any():
    assert chosen(candidate("any"), candidate("chad", countries=["TCD", "ITA"])) == "chad"


def test_who_knows_both_countries_comes_before_who_knows_one():
    one, both = candidate("a", countries=["TCD"]), candidate("b", countries=["TCD", "LBY"])

    assert chosen(one, both) == "b"


def test_a_country_and_a_sector_count_alike():
    sector = candidate("a", sectors=[1])

    assert chosen(sector, candidate("b", countries=["TCD"])) == "a"  # by address
    assert chosen(sector, candidate("b", countries=["TCD", "LBY"])) == "b"


def test_who_knows_the_country_and_is_busier_comes_after():
    assert chosen(candidate("any"), candidate("chad", countries=["TCD"], open_cases=1)) == "any"
