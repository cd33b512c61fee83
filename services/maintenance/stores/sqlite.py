"""Copies of a database that is a file."""

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from stat import S_IMODE

from sqlalchemy import URL
from sqlalchemy.engine import make_url

from services.maintenance.errors import MaintenanceError, StillRunsError
from shared.platform import clock


class SqliteStore:
    """A database that is a file."""

    suffix = ".db"

    def __init__(self, service: str, url: URL) -> None:
        self._service = service
        self._path = Path(str(url.database)).resolve()

    @contextmanager
    def held(self) -> Iterator[None]:
        """While this lasts, nobody writes."""
        with (
            _plainly(f"The {self._service} database cannot be read"),
            closing(self._open()) as connection,
        ):
            connection.execute("BEGIN IMMEDIATE")
            yield

    @contextmanager
    def snapshot(self) -> Iterator[Callable[[Path], None]]:
        """The database as it is when this begins; call what comes out to write it into a file."""
        with (
            _plainly(f"The {self._service} database cannot be copied"),
            closing(self._open()) as source,
        ):
            source.execute("BEGIN")
            # the view begins with the first reading
            source.execute("SELECT count(*) FROM sqlite_master").fetchall()

            def write(target: Path) -> None:
                with closing(sqlite3.connect(target)) as copy:
                    source.backup(copy)
                    # the copy is one file, without companions
                    copy.execute("PRAGMA journal_mode=DELETE")

            yield write

    def require_unused(self) -> None:
        """Raises when a process has the database open; of a damaged file only relay and clockwork
        can be seen.
        """
        if not self._path.exists():
            return
        with self._alone():
            pass
        # relay and clockwork hold theirs as they live
        for lock in self._path.parent.glob(f"{self._path.name}.*.lock"):
            with lock.open("rb") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    raise StillRunsError(self._service) from None

    def load(self, file: Path) -> str:
        """Copy a backup beside the database and look whether it is whole.

        Returns the address of the copy.
        """
        copy = self._path.with_name(f"{self._path.stem}-restoring-{clock.stamp()}.db")
        self._path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)
        self._leave_to_owner(copy)
        try:
            with closing(sqlite3.connect(copy)) as connection:
                (said,) = connection.execute("PRAGMA integrity_check").fetchone()
        except sqlite3.Error as error:
            said = str(error)
        if said != "ok":
            copy.unlink()
            raise MaintenanceError(
                f"{file} is damaged or no backup of this kind of database: {said}."
            )
        return f"sqlite:///{copy}"

    def discard(self, url: str) -> None:
        """Delete what `load` made."""
        path = str(make_url(url).database)
        for companion in ("", "-wal", "-shm"):
            Path(path + companion).unlink(missing_ok=True)

    def put_in_place(self, url: str) -> str | None:
        """Let the file at `url` be the database, in one step.

        Returns where the replaced one is now, if any.
        """
        new = Path(str(make_url(url).database))
        with (
            _plainly("The restored file cannot be closed"),
            closing(sqlite3.connect(new)) as connection,
        ):
            connection.execute("PRAGMA journal_mode=DELETE")
        aside = self._path.with_name(f"{self._path.stem}-replaced-{clock.stamp()}.db")
        if not self._path.exists():
            self._move_companions(aside)
            new.replace(self._path)
            return None
        with self._alone():
            os.link(self._path, aside)  # so that there is no moment without a database
            self._move_companions(aside)
            new.replace(self._path)
        return str(aside)

    def take_back(self, url: str, aside: str | None) -> None:
        """Undo `put_in_place`: the file that was kept aside is the database again, the other one is
        at `url`.
        """
        with self._alone():
            self._path.rename(str(make_url(url).database))
            for companion in ("", "-wal", "-shm") if aside else ():
                kept = Path(f"{aside}{companion}")
                if kept.exists():
                    kept.rename(f"{self._path}{companion}")

    def _leave_to_owner(self, copy: Path) -> None:
        """Let a new file be used by whoever uses the database, with the same rights, when root
        makes it.
        """
        is_there = self._path.exists()
        like = (self._path if is_there else self._path.parent).stat()
        copy.chmod(S_IMODE(like.st_mode) if is_there else 0o600)
        if os.geteuid() == 0:
            os.chown(copy, like.st_uid, like.st_gid)

    def _move_companions(self, aside: Path) -> None:
        """Only beside a lost or damaged file there are any: SQLite would write what they hold into
        the new one.
        """
        for companion in ("-wal", "-shm"):
            left = Path(f"{self._path}{companion}")
            if left.exists():
                left.rename(f"{aside}{companion}")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Be the only one who has the file open, with nothing left in its companions.

        Raises when another one has.
        """
        with closing(self._open()) as connection:
            connection.execute("PRAGMA busy_timeout=2000")
            try:
                connection.execute("PRAGMA locking_mode=EXCLUSIVE")
                # refused while anyone else has it open
                connection.execute("PRAGMA journal_mode=DELETE")
                connection.execute("BEGIN EXCLUSIVE")
            except sqlite3.DatabaseError as error:
                if error.sqlite_errorname.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
                    raise StillRunsError(self._service) from None
                if not error.sqlite_errorname.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
                    raise
            yield

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(
            f"{self._path.as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=30
        )


@contextmanager
def _plainly(what: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise MaintenanceError(f"{what}: {error}.") from None
