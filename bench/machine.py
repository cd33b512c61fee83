"""What it was measured on."""

import os
import platform
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path

import psycopg
from kombu import Connection

from testbed.databases import SERVER
from testbed.machine import RABBITMQ_URL, has_postgres, has_rabbitmq

LIBRARIES = ("flask", "sqlalchemy", "psycopg", "kombu", "tornado", "marshmallow")


def backends() -> list[str]:
    """The back ends that this machine offers: SQLite with the embedded broker always."""
    has_servers = has_postgres() and has_rabbitmq()
    return ["sqlite", "postgres"] if has_servers else ["sqlite"]


def describe() -> dict[str, str]:
    """The machine and what runs on it, each with a name."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    described = {
        "Processor": f"{os.cpu_count()} CPUs, {_processor()}",
        "Memory": f"{memory:.0f} GiB",
        "System": f"{platform.system()} {platform.release()}, {platform.machine()}",
        "Python": (f"{platform.python_version()}, with ")
        + ", ".join((f"{name} {version(name)}") for name in LIBRARIES),
        "Load generator": _load_generator(),
        "Busy before the start": f"load of {os.getloadavg()[0]:.1f} in the last minute",
    }
    return described | (_servers() if len(backends()) > 1 else {})


def _processor() -> str:
    lines = (
        Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        if Path("/proc/cpuinfo").exists()
        else []
    )
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")),
        "unknown",
    )


def _load_generator() -> str:
    if shutil.which("wrk") is None:
        return (
            "our own client in Python (wrk was not found), which takes part of the "
            "processors from all alike"
        )
    said = subprocess.run(["wrk", "--version"], capture_output=True, text=True, check=False)
    return " ".join((said.stdout or said.stderr).split()[:2]) + ", one thread"


def commit() -> str:
    """The version that is measured, marked when files are changed; documents, which the bench
    writes, do not count.
    """
    said = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    changed = (
        subprocess.run(["git", "diff", "--quiet", "HEAD", "--", ":!docs"], check=False).returncode
        == 1
    )
    return (said.stdout.strip() or "unknown") + ("-dirty" if changed else "")


def _servers() -> dict[str, str]:
    with psycopg.connect(SERVER) as connection:
        names = ("server_version", "synchronous_commit", "fsync", "shared_buffers")
        said = {name: connection.execute(f"SHOW {name}").fetchone() for name in names}
    with Connection(RABBITMQ_URL) as broker:
        rabbit = broker.connection.server_properties["version"]
    values = {name: row[0] for name, row in said.items() if row}
    postgres = values.pop("server_version").split()[0]
    return {
        "PostgreSQL": f"{postgres}, "
        + ", ".join(f"{name} {value}" for name, value in values.items()),
        "RabbitMQ": rabbit,
    }
