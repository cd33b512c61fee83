"""A short soak of `make chaos`: virtual users work with a register that is being broken, and
nothing is lost or doubled.
"""

import os
import re
import subprocess
import sys

import pytest

from testbed.machine import POSTGRES_URL, RABBITMQ_URL
from testbed.processes import ROOT

pytestmark = [pytest.mark.faults, pytest.mark.timeout(290)]

SERVERS = ("--database-url", POSTGRES_URL, "--broker-url", RABBITMQ_URL)


@pytest.mark.parametrize(
    ("servers", "where"),
    [
        pytest.param((), "SQLite and the embedded broker", id="sqlite"),
        pytest.param(
            SERVERS,
            "PostgreSQL and RabbitMQ",
            id="postgres",
            marks=[pytest.mark.postgres, pytest.mark.rabbitmq],
        ),
    ],
)
def test_nothing_is_lost_or_doubled_while_everything_breaks(servers, where):
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "testbed.chaos",
            "--minutes",
            "0.5",
            "--seed",
            "2011",
            *servers,
        ],
        cwd=ROOT,
        env={**os.environ, "LESSONS_INTAKE_DATABASE_URL": "sqlite:////nonexistent/real.db"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    assert f"0.5 minutes on {where}, seed 2011" in done.stdout
    rows = dict(re.findall(r"^\| ([a-z ]+) \| (.+) \|$", done.stdout, flags=re.MULTILINE))
    for what in (
        "notes at intake",
        "their cases at review",
        "approved items as entries",
        "approvals told to intake",
    ):
        attempted, acknowledged, lost, _recovered, duplicated, unexpected = map(
            int, rows[what].split(" | ")
        )
        assert attempted >= acknowledged > 0
        assert (lost, duplicated, unexpected) == (0, 0, 0)
    assert "Events applied out of order within a note, or twice: 0\n" in done.stdout
    assert int(rows["all"]) >= 3
