"""The configuration, and what is said about a bad one."""

import pytest

from shared.platform import settings
from shared.platform.settings import BadSettingsError

GOOD = {"LESSONS_SECRET_KEY": "x" * 32, "LESSONS_DATA_DIR": "/nonexistent"}


def test_without_any_setting_but_the_secret_everything_is_embedded():
    read = settings.read("intake", GOOD)

    assert read.database_url == "sqlite:////nonexistent/intake.db"
    assert read.broker_url == "sqla+sqlite:////nonexistent/broker.db"
    assert read.smtp_url == "file:///nonexistent/mail"
    assert read.cookie == "lessons_intake"


def test_all_faults_are_named_at_once():
    bad = {
        "LESSONS_SECRET_KEY": "short",
        "LESSONS_PUBLIC_URL": "register.example",
        "LESSONS_INTAKE_DATABASE_URL": "mysql://x",
        "LESSONS_BROKER_URL": "filesystem://",
        "LESSONS_SMTP_URL": "mail.example.org",
        "LESSONS_MAIL_FROM_FILE": "/nowhere/at/all",
    }
    with pytest.raises(BadSettingsError) as raised:
        settings.read("intake", bad)

    named = sorted(fault.split(":")[0].split(" ")[0] for fault in raised.value.faults)
    assert named == [
        "LESSONS_BROKER_URL",
        "LESSONS_INTAKE_DATABASE_URL",
        "LESSONS_MAIL_FROM_FILE",
        "LESSONS_PUBLIC_URL",
        "LESSONS_SECRET_KEY",
        "LESSONS_SMTP_URL",
    ]


@pytest.mark.parametrize("secret", [{}, {"LESSONS_SECRET_KEY": settings.DEFAULT_SECRET}])
def test_a_missing_or_default_secret_is_refused_outside_of_a_demonstration(secret):
    with pytest.raises(BadSettingsError):
        settings.read("review", {**GOOD, "LESSONS_SECRET_KEY": "", **secret})
    assert settings.read(
        "review", {"LESSONS_DEMO": "1", "LESSONS_DATA_DIR": "/nonexistent", **secret}
    )


def test_a_secret_can_come_from_a_file(tmp_path):
    (tmp_path / "secret").write_text("y" * 40 + "\n")

    read = settings.read("intake", {"LESSONS_SECRET_KEY_FILE": str(tmp_path / "secret")})

    assert read.secret_key == "y" * 40


def test_a_file_that_is_no_text_is_named_and_so_is_all_else_that_is_wrong(tmp_path):
    (tmp_path / "secret").write_bytes(b"\xe9" * 40)
    bad = {**GOOD, "LESSONS_SECRET_KEY_FILE": str(tmp_path / "secret"), "LESSONS_SMTP_URL": "x"}

    with pytest.raises(BadSettingsError) as raised:
        settings.read("intake", bad)

    assert sorted(raised.value.faults) == [
        f"LESSONS_SECRET_KEY_FILE: {tmp_path}/secret cannot be read (it is no text in UTF-8). "
        "Check path and rights.",
        "LESSONS_SMTP_URL: use smtp://user:password@host:port, smtps://… or file:///folder.",
    ]


def test_an_empty_variable_is_not_given():
    assert settings.read("intake", {**GOOD, "LESSONS_LICENCE_NAME": ""}).licence_name == "CC BY 4.0"


def test_a_password_is_taken_as_it_is_written(tmp_path):
    url = "postgresql+psycopg://lessons:${HOME}'x@db.example/intake"
    (tmp_path / "lessons.env").write_text(
        f'LESSONS_SECRET_KEY="{"z" * 40}\nLESSONS_INTAKE_DATABASE_URL={url}\n'
    )

    read = settings.read("intake", {"LESSONS_DATA_DIR": str(tmp_path)})

    assert (read.database_url, read.secret_key) == (url, "z" * 40)


def test_the_environment_stands_above_what_init_wrote(tmp_path):
    (tmp_path / "lessons.env").write_text(
        f"LESSONS_SECRET_KEY={'z' * 40}\nLESSONS_PUBLIC_URL=https://a.example\n"
    )
    here = {"LESSONS_DATA_DIR": str(tmp_path)}

    assert settings.read("intake", here).public_url == "https://a.example"
    assert (
        settings.read("intake", {**here, "LESSONS_PUBLIC_URL": "https://b.example"}).public_url
        == "https://b.example"
    )


def test_behind_https_the_cookie_is_bound_to_the_host():
    read = settings.read("review", {**GOOD, "LESSONS_PUBLIC_URL": "https://register.example"})

    assert read.cookie == "__Host-lessons_review"
