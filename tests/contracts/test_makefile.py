"""`make setup` makes the environment of the Python that it is asked for; `make chaos` hands on what
it is told.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def tree(tmp_path) -> Path:
    """A clone whose environment is of this Python, and was just made."""
    (tmp_path / "Makefile").write_text((ROOT / "Makefile").read_text(encoding="utf-8"))
    (tmp_path / "requirements").mkdir()
    for old in ("requirements/app.txt", "pyproject.toml"):
        (tmp_path / old).touch()
    program(tmp_path / ".venv/bin/python", f'exec {sys.executable} "$@"')
    (tmp_path / ".venv/app.stamp").touch()
    return tmp_path


def program(path, line):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)
    return path


def commands(tree, *arguments):
    """What `make` would run for the environment. Raises when it refuses."""
    asked = ["make", "--no-print-directory", "--dry-run", ".venv/app.stamp", *arguments]
    done = subprocess.run(asked, cwd=tree, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_an_environment_is_kept_when_no_python_is_asked_for(tree):
    assert "-m venv" not in commands(tree)


def test_an_environment_of_the_python_that_is_asked_for_is_kept(tree):
    assert "-m venv" not in commands(tree, f"PYTHON={sys.executable}")


def test_an_environment_of_another_python_than_the_one_asked_for_is_made_anew(tree):
    other = program(tree / "python3.99", "echo '(3, 99, 0)'")

    asked = commands(tree, f"PYTHON={other}").splitlines()

    assert asked[0] == f"{other} -m venv --clear .venv"
    assert "-r requirements/app.txt" in asked[1]


def test_a_python_that_is_not_there_is_named_and_the_environment_stays(tree):
    with pytest.raises(AssertionError, match=r"There is no python3\.98 on this machine"):
        commands(tree, "PYTHON=python3.98")


def test_chaos_is_given_what_stands_on_the_command_line_and_no_server_of_the_environment():
    variables = ["MINUTES=0.5", "SEED=7", "BROKER_URL=amqp://a:b@127.0.0.1//"]

    done = subprocess.run(
        ["make", "--no-print-directory", "--dry-run", "chaos", *variables],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": "postgresql://real/register"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.partition("testbed.chaos ")[2].split() == [
        "--minutes",
        "'0.5'",
        "--seed",
        "'7'",
        "\\",
        "--broker-url",
        "'amqp://a:b@127.0.0.1//'",
    ]
