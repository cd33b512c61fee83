"""What setting a register up does, below the command."""

import stat

import pytest
from sqlalchemy import select

from services.maintenance import checks, installation
from services.maintenance.errors import MaintenanceError
from shared.platform import settings
from shared.platform.accounts import accounts, sign_in
from shared.platform.accounts.accounts import Account
from shared.platform.errors import ConflictError
from shared.platform.persistence.installation import DEMONSTRATION, Fact, note
from testbed.world import World


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty data folder, and nothing else in the environment."""
    monkeypatch.setenv("LESSONS_DATA_DIR", str(tmp_path))
    return tmp_path


def test_a_configuration_gets_a_secret_that_nobody_else_can_read(folder):
    path = installation.configure("https://register.example")

    assert path == folder / "lessons.env"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    read = settings.read("review")
    assert read.public_url == "https://register.example"
    assert len(read.secret_key) == 64


def test_another_address_leaves_secret_and_other_lines(folder):
    path = installation.configure("https://old.example")
    path.write_text(path.read_text() + "LESSONS_MAIL_FROM=Us <us@example.org>\n")
    secret = settings.read("review").secret_key

    installation.change_address("https://new.example")

    read = settings.read("review")
    assert (read.public_url, read.secret_key) == ("https://new.example", secret)
    assert read.mail_from == "Us <us@example.org>"


@pytest.mark.parametrize("write", [installation.configure, installation.change_address])
def test_what_is_no_address_is_refused_and_nothing_written(folder, write):
    with pytest.raises(MaintenanceError, match="'localhost:8081' is no web address"):
        write("localhost:8081")

    assert list(folder.iterdir()) == []


def test_the_first_administrator_gets_a_way_in_as_often_as_they_ask(session):
    tickets = [
        installation.first_administrator(session, email="a@example.org", name="A") for _ in range(7)
    ]

    assert {ticket.account.role for ticket in tickets} == {"admin"}
    assert len({ticket.account.id for ticket in tickets}) == 1
    assert sign_in.use_link(session, tickets[0].token).email == "a@example.org"


def test_who_has_an_account_of_another_kind_is_not_made_the_first_administrator(session):
    editor = accounts.create(session, email="e@example.org", name="E", role="editor")

    with pytest.raises(ConflictError):
        installation.first_administrator(session, email="e@example.org", name="E")

    assert editor.role == "editor"


def what_is_there(world, folder):
    """What an installation consists of: its accounts, facts, and the files in its folder."""
    found = {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
    for database in (world.intake_db, world.review_db):
        with database.readings() as session:
            people = session.execute(select(Account.email, Account.role).order_by(Account.email))
            facts = session.execute(select(Fact.name, Fact.value).order_by(Fact.name))
            found[database.engine.url.database] = ([*people.all()], [*facts.all()])
    return found


def begin(command, email="admin@example.org"):
    return command("init", "--email", email, "--name", "A", "--public-url", "https://new.example")


def test_a_register_is_not_begun_on_a_demonstration_and_nothing_is_changed(
    world: World, command, tmp_path, both_backends
):
    with world.intake_db.sessions.begin() as session:
        note(session, DEMONSTRATION, "yes")
    before = what_is_there(world, tmp_path)

    done = begin(command)

    assert done.exit_code == 1
    assert "The intake database holds the demonstration." in done.output
    assert "Now start it" not in done.output
    assert what_is_there(world, tmp_path) == before


def test_a_register_without_a_configuration_is_not_begun_on_a_demonstration_either(
    world: World, command, tmp_path, monkeypatch
):
    monkeypatch.delenv("LESSONS_SECRET_KEY")
    with world.review_db.sessions.begin() as session:
        note(session, DEMONSTRATION, "yes")

    done = begin(command)

    assert done.exit_code == 1
    assert "The review database holds the demonstration." in done.output
    assert not (tmp_path / "lessons.env").exists()


def test_a_register_is_not_begun_on_the_databases_of_each_other(
    world: World, command, tmp_path, monkeypatch
):
    monkeypatch.setenv("LESSONS_INTAKE_DATABASE_URL", world.review_url)
    monkeypatch.setenv("LESSONS_REVIEW_DATABASE_URL", world.intake_url)
    before = what_is_there(world, tmp_path)

    done = begin(command)

    assert "The intake database holds the other service." in done.output
    assert what_is_there(world, tmp_path) == before


def test_a_register_is_not_begun_for_who_has_an_account_of_another_kind_at_one_service(
    world: World, command, tmp_path
):
    before = what_is_there(world, tmp_path)

    done = begin(command, email="editor@example.org")

    assert done.exit_code == 1
    assert what_is_there(world, tmp_path) == before


def test_the_databases_that_are_checked_are_named_without_their_passwords(folder, monkeypatch):
    installation.configure("https://register.example")
    monkeypatch.setenv(
        "LESSONS_INTAKE_DATABASE_URL", "postgresql+psycopg://lessons:hidden@db.example/intake"
    )

    assert checks.databases() == {
        "intake": "postgresql+psycopg://lessons:***@db.example/intake",
        "review": f"sqlite:///{folder}/review.db",
    }
