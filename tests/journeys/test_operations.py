"""Starting, stopping and restarting the register."""

import os
import shutil
import signal
import stat
import subprocess
import sys
from uuid import uuid4

import psutil
import pytest

from services.cli import main
from shared.platform.messaging.broker import Broker
from testbed.machine import RABBITMQ_URL
from testbed.processes import ROOT
from testbed.queues import drop_topology
from testbed.register import Register, running_demonstration

NAMES = {
    "front-door",
    "front-door-worker",
    "intake-relay",
    "intake-consumer",
    "intake-clockwork",
    "review-relay",
    "review-consumer",
    "review-clockwork",
}


@pytest.fixture
def system(tmp_path):
    """A demonstration of this test's own, on the embedded default."""
    with running_demonstration("sqlite", tmp_path / "var") as running:
        yield running


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """A register that was just set up for real use."""
    folder = tmp_path_factory.mktemp("fresh") / "real"
    made = lessons(
        folder,
        "init",
        "--email",
        "a@example.org",
        "--name",
        "A",
        "--public-url",
        "http://localhost:8081",
    )
    assert made.returncode == 0, made.stderr
    return folder


@pytest.fixture
def real(fresh, tmp_path):
    """A copy of it, for this test alone."""
    return shutil.copytree(fresh, tmp_path / "real")


def lessons(folder, *arguments, **environment):
    """Run the command as a person would."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LESSONS_")}
    return subprocess.run(
        [sys.executable, "-m", "services.cli", *arguments],
        cwd=ROOT,
        env={**kept, "LESSONS_DATA_DIR": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_a_process_that_dies_is_started_again_and_the_data_stays_over_a_restart(system: Register):
    assert set(system.processes()) == NAMES
    assert stat.S_IMODE((system.folder / "demo.json").stat().st_mode) == 0o600
    before = system.call(None, "GET", "/api/v1/entries?limit=500")[1]["entries"]
    keys = dict(system.keys)

    killed = system.processes()["review-consumer"]
    killed.kill()
    system.wait_for(lambda: system.processes().get("review-consumer", killed).pid != killed.pid)

    assert system.stop() == {"up": 0}
    system.up()
    assert system.keys == keys
    assert system.call(None, "GET", "/api/v1/entries?limit=500")[1]["entries"] == before


def test_when_the_supervisor_is_killed_its_children_end_too(system: Register):
    children = list(system.processes().values())

    system.started["up"].send_signal(signal.SIGKILL)

    _gone, alive = psutil.wait_procs(children, timeout=20)
    assert alive == []


def test_real_use_begins_with_init_and_refuses_demonstration_data(tmp_path):
    folder = tmp_path / "real"
    refused = lessons(folder, "serve", "--port", "1")
    assert refused.returncode != 0
    assert "LESSONS_SECRET_KEY" in refused.stderr

    made = lessons(
        folder,
        "init",
        "--email",
        "a@example.org",
        "--name",
        "A",
        "--public-url",
        "http://localhost:8081",
    )
    assert made.returncode == 0, made.stderr
    assert made.stdout.count("http://localhost:8081/") == 2
    assert stat.S_IMODE((folder / "lessons.env").stat().st_mode) == 0o600
    assert lessons(folder, "check").returncode == 0
    assert lessons(folder, "upgrade").returncode == 0
    assert "a@example.org" in lessons(folder, "people", "list").stdout


def test_serve_refuses_demonstration_data_and_says_all_reasons(system: Register):
    system.stop()

    refused = lessons(system.folder, "serve", "--port", "1")

    assert refused.returncode == 1
    assert "The intake database holds the demonstration" in refused.stderr
    assert "The review database has demonstration accounts" in refused.stderr


def test_check_names_all_faults_at_once(tmp_path):
    done = lessons(
        tmp_path / "nothing",
        "check",
        LESSONS_SECRET_KEY="x" * 40,
        LESSONS_SMTP_URL="smtp://127.0.0.1:1",
        LESSONS_BROKER_URL="amqp://guest:guest@127.0.0.1:1//",
    )

    assert done.returncode == 1
    for fault in ("intake database", "review database", "LESSONS_BROKER_URL", "LESSONS_SMTP_URL"):
        assert fault in done.stderr, fault


@pytest.mark.rabbitmq
def test_check_misses_the_queues_on_a_broker_where_upgrade_has_not_declared_them(real):
    broker = {
        "LESSONS_BROKER_URL": RABBITMQ_URL,
        "LESSONS_BROKER_NAMESPACE": f"lessons-test-{uuid4().hex[:10]}",
    }

    before = lessons(real, "check", **broker)
    upgraded = lessons(real, "upgrade", **broker)
    after = lessons(real, "check", **broker)
    drop_topology(Broker(RABBITMQ_URL, broker["LESSONS_BROKER_NAMESPACE"]))

    assert "The broker lacks the queues of this register: run “lessons upgrade”." in before.stderr
    assert [done.returncode for done in (before, upgraded, after)] == [1, 0, 0]


def test_people_are_invited_stopped_and_forgotten_by_command(real):
    def lessons_people(*arguments):
        return lessons(real, "people", *arguments)

    invited = lessons_people(
        "invite",
        "--service",
        "review",
        "--email",
        "r@example.org",
        "--name",
        "R",
        "--role",
        "reviewer",
    )
    assert "/review/sign-in/" in invited.stdout
    assert lessons_people("key", "--service", "review", "r@example.org").stdout.startswith("llr.")
    assert (
        lessons_people("change", "--service", "review", "r@example.org", "--stopped").returncode
        == 0
    )
    assert (
        lessons_people("change", "--service", "review", "a@example.org", "--stopped").returncode
        == 1
    )
    assert (
        "reviewer, editor"
        in lessons_people("change", "--service", "review", "r@example.org", "--role", "x").stderr
    )
    assert (
        lessons_people(
            "profile", "r@example.org", "--language", "fr", "--sector", "3", "--office", "CHE"
        ).returncode
        == 0
    )
    assert (
        "XXX"
        in lessons_people("profile", "r@example.org", "--language", "fr", "--country", "XXX").stderr
    )
    assert lessons_people("merge", "MSF Spain", "--into", "MSF").returncode == 0
    lessons_people("forget", "r@example.org")
    assert "r@example.org" not in lessons_people("list").stdout


def test_the_command_explains_itself(tmp_path):
    done = lessons(tmp_path, "--help")

    assert done.returncode == 0
    for command in ("up", "serve", "init", "check", "upgrade", "demo", "people", "events"):
        assert f"  {command} " in done.stdout


def test_a_register_in_real_use_is_never_made_a_demonstration(real):
    refused = lessons(real, "up", "--port", "8199")

    assert refused.returncode == 1
    assert "A register in real use lives in" in refused.stderr
    assert not (real / "demo.json").exists()
    assert lessons(real, "check").returncode == 0


def test_a_single_process_refuses_demonstration_data_too(system: Register):
    system.stop()
    for process in ("front-door", "review-relay"):
        refused = lessons(system.folder, "run", process, "--port", str(system.port))
        assert refused.returncode == 1
        assert "holds the demonstration" in refused.stderr


def test_what_is_kept_is_readable_by_nobody_else_on_the_machine(real):
    lessons(real, "backup")

    kept = [path for path in real.rglob("*") if path.is_file()]
    assert {path.suffix for path in kept} >= {".db", ".env"}
    assert [path.name for path in kept if path.stat().st_mode & 0o077] == []
    assert len(list((real / "backups").iterdir())) == 2


def test_init_keeps_what_stands_in_the_configuration_and_refuses_what_is_no_address(tmp_path):
    folder = tmp_path / "real"
    folder.mkdir()
    (folder / "lessons.env").write_text("LESSONS_MAIL_FROM=Us <us@example.org>\n", encoding="utf-8")

    refused = lessons(
        folder, "init", "--email", "a@example.org", "--name", "A", "--public-url", "localhost:8081"
    )
    made = lessons(
        folder,
        "init",
        "--email",
        "a@example.org",
        "--name",
        "A",
        "--public-url",
        "http://localhost:8081",
    )

    assert (refused.returncode, made.returncode) == (1, 0)
    assert "is no web address" in refused.stderr
    written = (folder / "lessons.env").read_text(encoding="utf-8")
    assert "LESSONS_MAIL_FROM=Us <us@example.org>" in written
    assert "LESSONS_PUBLIC_URL=http://localhost:8081" in written
    assert stat.S_IMODE((folder / "lessons.env").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        (
            ["upgrade"],
            {"INTAKE_DATABASE_URL": "postgresql+psycopg://x@127.0.0.1:1/x"},
            "That did not work",
        ),
        (["people", "list"], {}, "That did not work"),
        (["upgrade"], {"BROKER_URL": "amqp://guest:guest@127.0.0.1:1//"}, "That did not work"),
        (
            ["check"],
            {"REVIEW_DATABASE_URL": "postgresql+psycopg://x@127.0.0.1:abc/x"},
            "REVIEW_DATABASE_URL",
        ),
        (["events", "status"], {"PUBLIC_URL": "http://[bad"}, "LESSONS_PUBLIC_URL"),
        (["people", "forget", "nobody@example.org"], {}, "did not work"),
        (["up", "--port", "70000"], {}, "70000"),
        (["chekc"], {}, "Did you mean 'check'?"),
        (
            ["healthcheck", "intake-rely"],
            {},
            "neither an address (http://…) nor one of intake-relay",
        ),
        (["demo"], {}, "holds no demonstration. “lessons up” makes and loads one"),
    ],
)
def test_what_goes_wrong_is_said_in_a_sentence(
    tmp_path, monkeypatch, capsys, arguments, environment, said
):
    for name, value in {
        "DATA_DIR": str(tmp_path / "new"),
        "SECRET_KEY": "x" * 40,
        **environment,
    }.items():
        monkeypatch.setenv(f"LESSONS_{name}", value)
    monkeypatch.setattr(sys, "argv", ["lessons", *arguments])
    with pytest.raises(SystemExit) as ended:  # any other exception would be a traceback
        main()
    assert ended.value.code != 0
    assert said in capsys.readouterr().err
