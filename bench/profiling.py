"""Where the time of an intake request goes."""

import cProfile
import pstats
import re
from collections import defaultdict
from pathlib import Path
from uuid import uuid4

from bench.figures import Part, Table
from bench.laboratory import NOTE, Laboratory, Plan
from bench.load import PATH
from services.intake.app import create_app
from testbed.processes import ROOT

REQUESTS, WARM = 300, 30
ABOUT = """\
One request after the other through the application in one process (Flask's test client, without a
server), under cProfile: what each package spends in its own functions and in the built-in functions
that it calls; the database's own work shows as the driver's waiting. The profiler slows Python's
calls and not what C does, so compare the shares, not the times."""
PACKAGE = re.compile(r"site-packages/([A-Za-z0-9_]+)")
NAMES = {
    "psycopg_binary": "psycopg",
    "psycopg_c": "psycopg",
    "flask_smorest": "flask",
    "flask_babel": "flask",
}


def measure(lab: Laboratory, _plan: Plan) -> Part:
    """The table of one back end."""
    part = Part("profile", "Where the time of a request goes", ABOUT, is_once=True)
    register = lab.register()
    client = create_app(register.settings("intake")).test_client()
    headers = {"Authorization": f"Bearer {register.keys['field']}"}

    def post() -> None:
        answer = client.post(PATH, json=NOTE, headers={**headers, "Idempotency-Key": uuid4().hex})
        if answer.status_code != 201:
            raise RuntimeError(f"a note was answered with {answer.status_code}")

    for _ in range(WARM):
        post()
    profiler = cProfile.Profile()
    profiler.enable()
    for _ in range(REQUESTS):
        post()
    profiler.disable()
    spent = _by_package(pstats.Stats(profiler))
    whole = sum(spent.values())
    small = {name for name, seconds in spent.items() if seconds / whole < 0.01}
    spent["all others"] = sum(spent.pop(name) for name in small)
    rows = [
        [name, f"{1000 * seconds / REQUESTS:.2f}", f"{seconds / whole:.0%}"]
        for name, seconds in sorted(spent.items(), key=lambda pair: -pair[1])
    ]
    title = f"{lab.backend}: {1000 * whole / REQUESTS:.1f} ms per request under the profiler"
    part.tables.append(Table(title, ["package", "ms per request", "share"], rows))
    return part


def _by_package(stats: pstats.Stats) -> dict[str, float]:
    """Seconds by package; a built-in function counts for whoever called it."""
    spent: dict[str, float] = defaultdict(float)
    found = stats.stats  # type: ignore[attr-defined] # pstats tells no type of it
    for (file, _line, name), (_calls, _all, own, _total, callers) in found.items():
        if file != "~":
            spent[_package(file)] += own
        elif "psycopg" in name or "sqlite3" in name:
            spent["psycopg" if "psycopg" in name else "sqlite3"] += own
        else:
            for (caller, _at, _what), (_c, _a, share, _t) in callers.items():
                spent["Python itself" if caller == "~" else _package(caller)] += share
    return spent


def _package(file: str) -> str:
    found = PACKAGE.search(file)
    if found:
        return NAMES.get(found.group(1), found.group(1))
    if Path(file).is_relative_to(ROOT):
        parts = Path(file).relative_to(ROOT).parts
        return (
            "the benchmark" if parts[0] in ("bench", "testbed") else "ours: " + "/".join(parts[:2])
        )
    return "Python: " + Path(file).stem if file.endswith(".py") else "Python itself"
