"""The same rows without a web server: pgbench, and one connection of the driver."""

import shutil
import subprocess
import tempfile
import time
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url

from bench.figures import percentile
from bench.load import Load
from bench.rows import Stored, connect, fresh, statements


def has_pgbench() -> bool:
    """Whether pgbench is installed."""
    return shutil.which("pgbench") is not None


def raw_commits(url: str, stored: Stored, seconds: float) -> Load:
    """One connection of psycopg or sqlite3 commits one note after the other."""
    begin = "BEGIN IMMEDIATE" if stored.dialect == "sqlite" else "BEGIN"
    took = []
    with closing(connect(url)) as connection:
        deadline = time.perf_counter() + seconds
        while time.perf_counter() < deadline:
            rows = fresh(stored)
            started = time.perf_counter()
            connection.execute(begin)
            for statement, values in rows:
                connection.execute(statement, values)
            connection.execute("COMMIT")
            took.append((time.perf_counter() - started) * 1000)
    return Load(
        len(took), 1000 * len(took) / sum(took), percentile(took, 0.5), percentile(took, 0.99), 0
    )


def pgbench(url: str, stored: Stored, clients: int, seconds: float) -> Load:
    """pgbench with the note's rows as literals: BEGIN, an INSERT for each table, COMMIT."""
    address = make_url(url)
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "note.sql"
        script.write_text(_script(stored), encoding="utf-8")
        command = [
            "pgbench",
            "-n",
            f"-c{clients}",
            "-j1",
            f"-T{seconds:.0f}",
            "-l",
            f"--log-prefix={folder}/log",
        ]
        server = ["-h", str(address.host), "-U", str(address.username), str(address.database)]
        subprocess.run(
            [*command, "-f", str(script), *server],
            capture_output=True,
            check=True,
            timeout=seconds + 60,
            cwd=folder,
        )
        logs = [
            line.split()
            for log in Path(folder).glob("log.*")
            for line in log.read_text().splitlines()
        ]
    took = [int(line[2]) / 1000 for line in logs]
    return Load(len(took), len(took) / seconds, percentile(took, 0.5), percentile(took, 0.99), 0)


def _script(stored: Stored) -> str:
    inserts = [
        f"INSERT INTO {table} ({columns}) VALUES {', '.join(f'({row})' for row in rows)};"
        for table, columns, rows in statements(stored, n=":n")
    ]
    return "\n".join([r"\set n random(1, 200000000000000)", "BEGIN;", *inserts, "COMMIT;", ""])
