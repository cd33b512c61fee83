"""Where the links lead that the command prints: to the register as it runs."""

import json

import pytest

WARNING = (
    "LESSONS_PUBLIC_URL is not set, so the address of the register is not known here: where it is "
    "not http://localhost:8080, put the right one in front of the link.\n"
)


@pytest.fixture
def invite(command):
    """Invites somebody: the start of the link, and what is said beside it."""
    asked = ("--service", "intake", "--email", "a@example.org", "--name", "A", "--role", "field")

    def invited():
        done = command("people", "invite", *asked)
        assert done.exit_code == 0, done.output
        return done.stdout.partition("/intake/sign-in/")[0], done.stderr

    return invited


def test_a_demonstration_on_another_port_is_invited_to_where_it_runs(invite, tmp_path):
    said = {"url": "http://localhost:8090", "keys": {}}
    (tmp_path / "demo.json").write_text(json.dumps(said), encoding="utf-8")

    assert invite() == ("http://localhost:8090", "")


def test_a_link_leads_to_the_address_that_is_configured(invite, monkeypatch):
    monkeypatch.setenv("LESSONS_PUBLIC_URL", "https://lessons.example.org/")

    assert invite() == ("https://lessons.example.org", "")


def test_whoever_gets_a_link_is_told_when_the_address_is_not_known(invite):
    assert invite() == ("http://localhost:8080", WARNING)


def test_so_is_whoever_sets_a_register_up_without_an_address(command):
    done = command("init", "--email", "a@example.org", "--name", "A")

    assert done.exit_code == 0, done.output
    assert "http://localhost:8080/review/sign-in/" in done.stdout
    assert done.stderr == WARNING
