"""A stopped account gets in by no door; keys, sessions, links and codes end when they should."""

from datetime import UTC, datetime, timedelta

import pytest
from freezegun import freeze_time
from sqlalchemy import func, select

from shared.platform.accounts import accounts, keys, sessions, sign_in
from shared.platform.accounts.sessions import SignedIn
from shared.platform.accounts.sign_in import SignInRequest
from shared.platform.errors import (
    ConflictError,
    GoneError,
    InvalidError,
    NotFoundError,
    TooManyError,
)
from shared.platform.typed.addresses import is_address

NOON = "2026-03-01 12:00"


@pytest.fixture
def account(session):
    with freeze_time(NOON):
        return accounts.create(session, email="amina@example.org", name="Amina", role="reviewer")


def stop(session, account):
    accounts.change(session, account.id, role=account.role, active=False)
    session.flush()


@freeze_time(NOON)
@pytest.mark.parametrize("kind", [keys.FULL, keys.FEED])
def test_a_key_of_a_stopped_account_does_not_work_and_works_again_when_it_is_reopened(
    session, account, kind
):
    text = keys.make(session, account, label="R", kind=kind).text
    assert keys.find(session, text)[1] == kind

    stop(session, account)
    assert keys.find(session, text) is None
    accounts.change(session, account.id, role="reviewer", active=True)
    session.flush()
    assert keys.find(session, text)[1] == kind


@freeze_time(NOON)
def test_a_code_and_a_link_of_a_stopped_account_do_not_sign_in(session, account):
    ticket = sign_in.request_ticket(session, account)
    stop(session, account)

    with pytest.raises(GoneError):
        sign_in.use_code(session, account.email, ticket.code)
    with pytest.raises(GoneError):
        sign_in.use_link(session, ticket.token)


@freeze_time(NOON)
def test_a_key_acts_as_its_account(session, account):
    account.organisation_id, account.office, account.vouched = account.id, "TCD", False
    new = keys.make(session, account, label="R")

    actor, kind = keys.find(session, new.text)

    assert kind == "full"
    assert (actor.account_id, actor.name, actor.role, actor.via) == (
        account.id,
        "Amina",
        "reviewer",
        "key",
    )
    assert (actor.organisation_id, actor.office, actor.vouched) == (account.id, "TCD", False)
    assert (actor.email, actor.key_id, actor.form_token) == ("amina@example.org", new.key.id, None)


@freeze_time(NOON)
def test_a_key_is_ended_only_by_its_own_account_and_then_no_longer_listed(session, account):
    other = accounts.create(session, email="b@example.org", name="B", role="partner")
    first = keys.make(session, account, label="first").key
    with freeze_time("2026-03-01 11:00"):
        older = keys.make(session, account, label="older").key
    keys.make(session, other, label="another's")
    assert [key.label for key in keys.keys_of(session, account.id)] == ["older", "first"]

    with pytest.raises(NotFoundError):
        keys.revoke(session, first.id, account_id=other.id)
    with pytest.raises(NotFoundError):
        keys.revoke(session, account.id, account_id=account.id)
    keys.revoke(session, older.id, account_id=account.id)
    session.flush()

    assert older.revoked_at == datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    assert [key.label for key in keys.keys_of(session, account.id)] == ["first"]


@pytest.mark.parametrize(
    "text", ["", "llr", "llr.a", "a.b.c.d", "llr.é.c", "llr..", "llr.unknown.secret"]
)
def test_what_is_no_key_finds_nobody(session, text):
    assert keys.find(session, text) is None


def test_a_session_runs_for_thirty_days_to_the_second_and_longer_when_it_is_used(session, account):
    with freeze_time(NOON):
        token = sessions.start(session, account)
        session.flush()
    with freeze_time("2026-03-31 11:59:59"):
        assert sessions.find(session, token)[1] is account
        sessions.extend(session, token)
        session.expire_all()
    with freeze_time("2026-04-30 11:59:58"):
        assert sessions.find(session, token)[1] is account
    with freeze_time("2026-04-30 11:59:59"):
        assert sessions.find(session, token) is None


def test_extending_one_session_leaves_the_others(session, account):
    with freeze_time(NOON):
        used, left = sessions.start(session, account), sessions.start(session, account)
        session.flush()
    with freeze_time("2026-03-02 12:00"):
        sessions.extend(session, used)
        session.expire_all()
    with freeze_time("2026-03-31 12:00"):
        assert (sessions.find(session, used) is None, sessions.find(session, left)) == (False, None)


@freeze_time(NOON)
def test_signing_out_everywhere_ends_the_sessions_of_this_account_only(session, account):
    other = accounts.create(session, email="b@example.org", name="B", role="partner")
    tokens = [
        sessions.start(session, account),
        sessions.start(session, account),
        sessions.start(session, other),
    ]
    session.flush()

    sessions.end_all(session, account.id)

    session.expire_all()
    assert [sessions.find(session, token) is None for token in tokens] == [True, True, False]


def test_only_sessions_that_have_run_out_are_forgotten(session, account):
    with freeze_time(NOON):
        sessions.start(session, account)
        session.flush()
    for moment, gone, left in (("2026-03-31 11:59:59", 0, 1), ("2026-03-31 12:00", 1, 0)):
        with freeze_time(moment):
            assert sessions.forget_expired(session) == gone
            assert session.scalar(select(func.count()).select_from(SignedIn)) == left


def test_requests_to_sign_in_are_kept_for_an_hour_after_they_ran_out_since_they_count(
    session, account
):
    with freeze_time(NOON):
        sign_in.request_ticket(session, account)
        session.flush()
    for moment, gone, left in (("2026-03-01 13:29:59", 0, 1), ("2026-03-01 13:30", 1, 0)):
        with freeze_time(moment):
            assert sign_in.forget_expired(session) == gone
            assert session.scalar(select(func.count()).select_from(SignInRequest)) == left


def test_a_link_and_a_code_work_until_the_thirtieth_minute(session, account):
    with freeze_time(NOON):
        ticket = sign_in.request_ticket(session, account)
    with freeze_time("2026-03-01 12:30"), pytest.raises(GoneError):
        sign_in.use_code(session, account.email, ticket.code)
    with freeze_time("2026-03-01 12:29:59"):
        assert sign_in.use_link(session, ticket.token) is account


def test_an_invitation_works_for_seven_days(session, account):
    assert timedelta(days=7) == sign_in.INVITATION_LASTS
    with freeze_time(NOON):
        ticket = sign_in.request_ticket(session, account, lasts=sign_in.INVITATION_LASTS)
    with freeze_time("2026-03-08 12:00"), pytest.raises(GoneError):
        sign_in.use_link(session, ticket.token)
    with freeze_time("2026-03-08 11:59:59"):
        assert sign_in.use_link(session, ticket.token) is account


@freeze_time(NOON)
def test_a_code_signs_in_once_and_then_neither_does_its_link(session, account):
    ticket = sign_in.request_ticket(session, account)
    assert sign_in.use_code(session, account.email, ticket.code) is account

    with pytest.raises(GoneError):
        sign_in.use_code(session, account.email, ticket.code)
    with pytest.raises(GoneError):
        sign_in.use_link(session, ticket.token)


@freeze_time(NOON)
def test_the_fifth_code_may_still_be_right(session, account):
    ticket = sign_in.request_ticket(session, account)
    wrong = "000000" if ticket.code != "000000" else "111111"

    assert [sign_in.use_code(session, account.email, wrong) for _ in range(4)] == [None] * 4
    assert sign_in.use_code(session, account.email, ticket.code) is account


@freeze_time(NOON)
def test_a_code_without_a_mail_or_an_account_is_gone(session, account):
    for email in (account.email, "nobody@example.org"):
        with pytest.raises(GoneError):
            sign_in.use_code(session, email, "000000")


def test_an_hour_after_the_first_of_five_mails_another_may_be_asked_for(session, account):
    with freeze_time(NOON) as time:
        for _ in range(5):
            sign_in.request_ticket(session, account)
        time.move_to("2026-03-01 12:59:59")
        with pytest.raises(TooManyError):
            sign_in.request_ticket(session, account)
        time.move_to("2026-03-01 13:00")
        sign_in.request_ticket(session, account)


@freeze_time(NOON)
def test_the_mails_of_one_account_are_not_counted_for_another(session, account):
    other = accounts.create(session, email="b@example.org", name="B", role="partner")
    for _ in range(5):
        sign_in.request_ticket(session, account)

    assert sign_in.request_ticket(session, other).account is other


@pytest.mark.parametrize(
    ("role", "active", "others", "is_refused"),
    [
        ("admin", True, [], False),
        ("editor", True, [], True),
        ("admin", False, [], True),
        ("editor", True, [("admin", False)], True),
        ("editor", True, [("editor", True)], True),
        ("editor", True, [("admin", True)], False),
        ("admin", False, [("admin", True)], False),
    ],
)
def test_one_active_administrator_always_remains(session, role, active, others, is_refused):
    admin = accounts.create(session, email="a@example.org", name="A", role="admin")
    for place, (other_role, other_active) in enumerate(others):
        other = accounts.create(session, email=f"{place}@example.org", name="B", role=other_role)
        other.active = other_active
    session.flush()

    if is_refused:
        with pytest.raises(ConflictError):
            accounts.change(session, admin.id, role=role, active=active)
        return
    changed = accounts.change(session, admin.id, role=role, active=active)
    assert (changed.role, changed.active) == (role, active)


def test_a_stopped_administrator_can_get_another_role(session):
    accounts.create(session, email="a@example.org", name="A", role="admin")
    stopped = accounts.create(session, email="b@example.org", name="B", role="admin")
    stopped.active = False
    session.flush()

    assert accounts.change(session, stopped.id, role="editor", active=False).role == "editor"


def test_an_invited_account_is_active_vouched_for_and_no_demonstration(session, account):
    assert (account.active, account.vouched, account.demonstration) == (True, True, False)
    assert (account.language, account.organisation_id, account.office) == ("en", None, None)
    assert account.created_at == datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def test_an_account_needs_an_address(session):
    with pytest.raises(InvalidError) as refused:
        accounts.create(session, email="nobody", name="N", role="editor")

    assert list(refused.value.errors) == ["email"]


def test_of_a_forgotten_account_nothing_is_left_but_its_row(session, account):
    account.organisation_id, account.office = account.id, "TCD"

    accounts.forget(account)

    assert (account.email, account.name) == (f"forgotten-{account.id}@invalid", "–")
    assert (account.active, account.organisation_id, account.office) == (False, None, None)


def test_only_active_demonstration_accounts_are_offered(session):
    for name, demonstration, active in (
        ("B", True, True),
        ("A", True, True),
        ("C", False, True),
        ("D", True, False),
    ):
        made = accounts.create(session, email=f"{name}@example.org", name=name, role="partner")
        made.demonstration, made.active = demonstration, active
    session.flush()

    assert [account.name for account in accounts.demonstration_accounts(session)] == ["A", "B"]


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("aa@" + ".".join(["b" * 62] * 4), True),
        ("aaa@" + ".".join(["b" * 62] * 4), False),
        ("", False),
    ],
)
def test_an_address_has_at_most_254_characters(text, is_one):
    assert is_address(text) is is_one
