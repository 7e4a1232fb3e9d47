"""The door to the store: one connection per question, short transactions, driver errors turned into ours.

SQLite runs with a write-ahead log, `synchronous=FULL` (what was said to be kept survives a power cut), foreign keys, and
thirty seconds of patience for another process's write. A write takes its turn before it reads (BEGIN IMMEDIATE; elsewhere
a lock on the change counter), so what it decides on cannot move under it. Only `storage` imports this module.
"""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, select
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError, StatementError

from storage.errors import ArchiveError
from storage.tables import COUNTERS

_HINT = "Set ENTENTE_DATABASE_URL to an address like sqlite:////data/entente.db, or leave it empty."

#: Seconds another process's write is waited for.
_PATIENCE = 30


class Database:
    """Transactions on one store. Threads may share it; processes each open their own."""

    def __init__(self, where: str | Path) -> None:
        self.url = _checked(where)
        self.engine = new_engine(self.url)
        self._writer = self.engine.execution_options(writes=True)
        # Threads of one process queue here, which is fairer and cheaper than waiting for SQLite's lock.
        self._turn = threading.Lock() if _is_sqlite(self.url) else nullcontext()

    @property
    def name(self) -> str:
        """The store, as messages name it: no password."""
        return self.url.database or "" if _is_sqlite(self.url) else self.url.render_as_string()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A look at the store that nobody's write moves. Raises ArchiveError."""
        with self.speaking(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction, one writer at a time: all of it is kept or nothing. Raises ArchiveError."""
        with self.speaking(), self._turn, self._writer.begin() as connection:
            if connection.dialect.name != "sqlite":
                connection.execute(select(COUNTERS.c.value).where(COUNTERS.c.name == "change").with_for_update())
            yield connection

    @contextmanager
    def speaking(self) -> Iterator[None]:
        """Turns what the driver raises into ArchiveError; a naive time stays a ValueError."""
        try:
            yield
        except DBAPIError as error:
            raise ArchiveError(f"The archive {self.name} cannot be used: {_remedy(error)}") from error
        except StatementError as error:
            if isinstance(error.orig, ValueError):
                raise error.orig from error
            raise

    def close(self) -> None:
        self.engine.dispose()


def new_engine(url: URL, *, foreign_keys: bool = True) -> Engine:
    """An engine whose connections are set up as this module promises."""
    options: dict[str, Any] = {"json_serializer": partial(json.dumps, ensure_ascii=False)}
    if _is_sqlite(url):
        # Threads wait for a turn to write, not for a connection.
        options |= {"max_overflow": -1, "connect_args": {"timeout": _PATIENCE}}
    engine = create_engine(url, **options)
    if _is_sqlite(url):
        event.listen(engine, "connect", partial(_set_up, foreign_keys=foreign_keys))
        event.listen(engine, "begin", _begin)
    return engine


def _set_up(connection: sqlite3.Connection, _record: object, *, foreign_keys: bool) -> None:
    # The driver's own transactions begin too late (at the first write): we say BEGIN ourselves.
    connection.isolation_level = None
    _turn_on_log(connection)
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")


def _turn_on_log(connection: sqlite3.Connection) -> None:
    # A new file turns to its log once, and for this one statement SQLite does not wait for others that do the same.
    deadline = monotonic() + _PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() > deadline:
                raise
            sleep(0.05)
        else:
            return


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _checked(where: str | Path) -> URL:
    """`where` as an address SQLAlchemy can open, the folder of an SQLite file made if it was missing."""
    url = URL.create("sqlite", database=str(where)) if isinstance(where, Path) else _parsed(where)
    if _is_sqlite(url):
        if url.database in (None, "", ":memory:"):
            raise ArchiveError(f"{where} names no file, and an archive in memory would be lost. {_HINT}")
        _make_folder(Path(str(url.database)))
    return url


def _parsed(text: str) -> URL:
    shown = repr(text.rpartition("@")[2])  # what stands before the @ may be a password
    try:
        url = make_url(text)
        url.get_dialect().import_dbapi()
    except (ArgumentError, NoSuchModuleError) as error:
        raise ArchiveError(f"{shown} is not the address of a database. {_HINT}") from error
    except ImportError as error:
        raise ArchiveError(f"{url.drivername} needs a driver that is not installed: {error}. {_HINT}") from error
    return url


def _make_folder(file: Path) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = error.strerror or str(error)
        raise ArchiveError(
            f"The folder {file.parent} for the archive cannot be made: {why}. "
            "Name a folder this user may write to with ENTENTE_DATA_DIR."
        ) from error


_REMEDIES = (
    (
        "not a database",
        "the file is not an SQLite database. Move it away, or name another one with ENTENTE_DATABASE_URL.",
    ),
    ("malformed", "the file is damaged. Stop the service and restore the last backup."),
    ("readonly", "it may not be written. Give this user the right to write the file and its folder."),
    ("unable to open", "the file cannot be opened. See that its folder exists and that this user may write there."),
    ("disk is full", "the disk is full. Free some space; nothing was half-written."),
    ("disk i/o", "the disk failed to read or write. Look at its health and its free space."),
    ("locked", "another program has held it for over 30 seconds. See what else has the file open."),
)


def _remedy(error: SQLAlchemyError) -> str:
    said = str(getattr(error, "orig", None) or error)
    known = (remedy for sign, remedy in _REMEDIES if sign in said.lower())
    return next(known, f"the database says: {said}")
