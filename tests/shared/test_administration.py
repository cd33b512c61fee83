"""What administrators do about accounts: only they do it, and what follows from it."""

from uuid import uuid4

import pytest
from freezegun import freeze_time
from sqlalchemy import func, select

from shared.domain import administration, organisations
from shared.domain.administration import Invitation
from shared.platform.accounts import accounts, sessions, sign_in
from shared.platform.accounts.accounts import Account
from shared.platform.accounts.actor import OPERATOR, Actor
from shared.platform.delivery import deliveries
from shared.platform.delivery.deliveries import Delivery
from shared.platform.errors import ConflictError, GoneError, InvalidError, NotAllowedError

NOON = "2026-03-01 12:00"
AMINA = Invitation("Amina@example.org", "Amina", "reviewer", "MSF Holland", "NLD", "fr")


@pytest.fixture
def account(session):
    return administration.open_account(session, AMINA, actor=OPERATOR)


def acting_as(role):
    return Actor(account_id=uuid4(), name="Somebody", role=role, via="session")


def mail_to(session, address):
    deliveries.ask_for(session, recipient=address, template="sign_in", language="en", details={})
    session.flush()


@pytest.mark.parametrize("role", ["field", "partner", "reviewer", "editor"])
def test_only_an_administrator_invites_changes_and_forgets(session, account, role):
    somebody = acting_as(role)

    with pytest.raises(NotAllowedError):
        administration.invite(session, Invitation("b@example.org", "B", "admin"), actor=somebody)
    with pytest.raises(NotAllowedError):
        administration.change_account(
            session, account.id, role="admin", active=True, actor=somebody
        )
    for address in ("amina@example.org", "without-account@example.org"):
        with pytest.raises(NotAllowedError):
            administration.forget_person(session, email=address, actor=somebody)

    assert accounts.find_by_email(session, "b@example.org") is None
    assert (account.role, account.email) == ("reviewer", "amina@example.org")


@pytest.mark.parametrize("actor", [acting_as("admin"), OPERATOR], ids=["page", "command"])
def test_an_invitation_opens_an_account_and_a_way_in_for_seven_days(session, actor):
    with freeze_time(NOON):
        ticket = administration.invite(session, AMINA, actor=actor)

    made = ticket.account
    assert (made.email, made.name, made.role) == ("amina@example.org", "Amina", "reviewer")
    assert (made.office, made.language) == ("NLD", "fr")
    assert organisations.current(session, made.organisation_id).name == (
        "Médecins Sans Frontières Holland"
    )
    with freeze_time("2026-03-08 12:00"), pytest.raises(GoneError):
        sign_in.use_link(session, ticket.token)
    with freeze_time("2026-03-08 11:59:59"):
        assert sign_in.use_link(session, ticket.token) is made


def test_an_organisation_that_nobody_knows_is_recorded_with_the_invitation(session):
    invitation = Invitation("a@example.org", "A", "partner", "Helpers of Faya")

    made = administration.open_account(session, invitation, actor=OPERATOR)

    recorded = organisations.current(session, made.organisation_id)
    assert (recorded.name, recorded.confirmed) == ("Helpers of Faya", False)


def test_of_a_bad_invitation_everything_is_named_at_once_and_nothing_is_stored(session, account):
    bad = Invitation("nobody", "N", "editor", "12", "XXX", "xx")
    before = session.scalar(select(func.count()).select_from(Account))

    named = administration.errors_in(session, bad)
    with pytest.raises(InvalidError) as refused:
        administration.invite(session, bad, actor=OPERATOR)

    assert named == {
        "email": ["Enter an email address, such as name@example.org."],
        "organisation": ["Enter the name of the organisation."],
        "office": ["Choose the country where they work."],
        "language": ["Choose a language."],
    }
    assert refused.value.errors == named
    assert session.scalar(select(func.count()).select_from(Account)) == before


def test_an_address_has_one_account(session, account):
    again = Invitation(" AMINA@example.org", "Another", "editor")

    (error,) = administration.errors_in(session, again)["email"]
    with pytest.raises(ConflictError):
        administration.invite(session, again, actor=OPERATOR)

    assert str(error) == "There is already an account for amina@example.org."


@pytest.mark.parametrize(("role", "active"), [("editor", True), ("reviewer", False)])
def test_who_gets_another_role_or_is_stopped_is_signed_out_everywhere(
    session, account, role, active
):
    tokens = [sessions.start(session, account) for _ in range(2)]
    session.flush()

    administration.change_account(
        session, account.id, role=role, active=active, actor=acting_as("admin")
    )

    session.expire_all()
    assert [sessions.find(session, token) for token in tokens] == [None, None]
    assert (account.role, account.active) == (role, active)


def test_of_a_person_who_is_forgotten_neither_account_nor_mail_keeps_the_address(session, account):
    with freeze_time(NOON):
        token = sessions.start(session, account)
        mail_to(session, "amina@example.org")
        mail_to(session, "amina@example.org")
        mail_to(session, "other@example.org")

        found = administration.forget_person(session, email=" Amina@example.org", actor=OPERATOR)

        assert found == 3
        assert account.email == f"forgotten-{account.id}@invalid"
        assert (account.name, account.active) == ("–", False)
        assert sessions.find(session, token) is None
    assert session.scalars(select(Delivery.recipient)).all() == ["other@example.org"]


def test_mails_of_somebody_without_an_account_are_forgotten_and_a_stranger_is_not_found(session):
    mail_to(session, "field@example.org")

    found = [
        administration.forget_person(session, email="field@example.org", actor=OPERATOR)
        for _ in range(2)
    ]

    assert found == [1, 0]


def test_the_last_administrator_cannot_be_forgotten(session):
    only = Invitation("admin@example.org", "Admin", "admin")
    admin = administration.open_account(session, only, actor=OPERATOR)

    with pytest.raises(ConflictError):
        administration.forget_person(session, email="admin@example.org", actor=OPERATOR)

    assert admin.email == "admin@example.org"
