"""What a store must offer, and the way from an address to the store that has it.

An address walks in, a `Store` walks out: SQLite or PostgreSQL, which keep the same promises. Only `storage.archive` imports
this module.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, Table, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from storage.archive.postgresql import PostgreSQL
from storage.archive.sqlite import SQLite
from storage.errors import ArchiveError

_HINT = (
    "Set ENTENTE_DATABASE_URL to an address like postgresql://user:password@host/database or "
    "sqlite:////data/entente.db, or leave it empty."
)
#: The schemes of addresses, those with the driver's name among them.
_SQLITE = ("sqlite", "sqlite+pysqlite")
_POSTGRESQL = ("postgresql", "postgres", "postgresql+psycopg")


class Store(Protocol):
    """How one kind of database is opened, asked for a turn to write, and understood when it complains."""

    @property
    def name(self) -> str:
        """The store, as messages name it: no password."""

    @property
    def looking(self) -> Mapping[str, Any]:
        """Execution options of a connection that only looks, from one unmoving state of the whole."""

    def new_engine(self, *, foreign_keys: bool = True) -> Engine:
        """Connections set up as promised: what was said to be kept survives a power cut, and waiting has an end."""

    def take_turn(self, connection: Connection) -> None:
        """Waits until this transaction is the only one that writes, if beginning it has not done so."""

    def make_room(self) -> None:
        """Makes what the store stands in, if that is missing and ours to make. Raises ArchiveError."""

    def is_there(self) -> bool:
        """False when a first question would make the store."""

    def go_on_counting(self, connection: Connection, table: Table) -> None:
        """Numbers that `table` gives out come after those it holds, which were given elsewhere."""

    def look_over(self, connection: Connection) -> None:
        """Raises ArchiveError when the server cannot hold an archive whatever is asked of it."""

    def remedy(self, error: SQLAlchemyError) -> str:
        """What went wrong and what to do, for people; in one line and without a password."""


def store_at(where: str | Path) -> Store:
    """The store at `where`: the path of an SQLite file, or as text an address. Raises ArchiveError when it is none."""
    if isinstance(where, Path):
        return SQLite(URL.create("sqlite", database=str(where)), hint=_HINT)
    shown = repr(where.rpartition("@")[2])  # what stands before the @ may be a password
    try:
        url = make_url(where)
    except (ArgumentError, ValueError) as error:
        raise ArchiveError(f"{shown} is not the address of a database. {_HINT}") from error
    if url.drivername in _SQLITE:
        return SQLite(url, hint=_HINT)
    if url.drivername in _POSTGRESQL:
        return PostgreSQL(url, hint=_HINT)
    raise ArchiveError(f"{shown} is not the address of a database that Entente can use. {_HINT}")
