"""SQLite as a store: one file with a write-ahead log.

`synchronous=FULL` (what was said to be kept survives a power cut), foreign keys, and thirty seconds of patience for another
process's write. A write takes its turn before it reads (BEGIN IMMEDIATE), so what it decides on cannot move under it. Only
`storage.archive.stores` imports this module.
"""

import sqlite3
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from storage.archive.values import json_text
from storage.errors import ArchiveError

#: Seconds another process's write is waited for, unless the address says otherwise (?timeout=60).
_PATIENCE = 30


class SQLite:
    """A `Store` in a file. Raises ArchiveError for an address that names no file."""

    def __init__(self, url: URL, *, hint: str) -> None:
        if url.database in (None, "", ":memory:"):
            raise ArchiveError(f"{url} names no file, and an archive in memory would be lost. {hint}")
        self._url = url

    @property
    def name(self) -> str:
        return str(self._url.database)

    @property
    def looking(self) -> Mapping[str, Any]:
        return {}

    def new_engine(self, *, foreign_keys: bool = True) -> Engine:
        patience = {} if "timeout" in self._url.query else {"timeout": _PATIENCE}
        # Threads wait for a turn to write, not for a connection.
        engine = create_engine(self._url, json_serializer=json_text, max_overflow=-1, connect_args=patience)
        event.listen(engine, "connect", partial(_set_up, foreign_keys=foreign_keys))
        event.listen(engine, "begin", _begin)
        return engine

    def take_turn(self, connection: Connection) -> None:
        """BEGIN IMMEDIATE has taken it."""

    def make_room(self) -> None:
        file = Path(self.name)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            why = error.strerror or str(error)
            raise ArchiveError(
                f"The folder {file.parent} for the archive cannot be made: {why}. "
                "Name a folder this user may write to with ENTENTE_DATA_DIR."
            ) from error

    def is_there(self) -> bool:
        return Path(self.name).exists()

    def go_on_counting(self, connection: Connection, table: Table) -> None:
        """SQLite counts on from the greatest number there is."""

    def look_over(self, connection: Connection) -> None:
        """The library is our own: it can do what we ask."""

    def remedy(self, error: SQLAlchemyError) -> str:
        return remedy_for(str(getattr(error, "orig", None) or error))


def remedy_for(said: str) -> str:
    """What to do, where SQLite said so."""
    known = (remedy for sign, remedy in _REMEDIES if sign in said.lower())
    return next(known, f"the database says: {said}")


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
