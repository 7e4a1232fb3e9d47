"""The door to the store: one connection per question, short transactions, driver errors turned into ours.

A write takes its turn before it reads, so what it decides on cannot move under it. How each kind of store does that stands in
`sqlite.py` and `postgresql.py`. Only `storage` imports this module.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, Table
from sqlalchemy.exc import DBAPIError, StatementError, TimeoutError

from storage.archive.stores import store_at
from storage.archive.values import clean_texts
from storage.errors import ArchiveError


class Database:
    """Transactions on one store. Threads may share it; processes each open their own."""

    def __init__(self, where: str | Path) -> None:
        self._store = store_at(where)
        self._engine = self._new_engine()
        self._reader = self._engine.execution_options(**self._store.looking)
        self._writer = self._engine.execution_options(writes=True)
        # Threads of one process queue here, which is fairer and cheaper than each waiting for the store's lock.
        self._turn = threading.Lock()

    @property
    def name(self) -> str:
        """The store, as messages name it: no password."""
        return self._store.name

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A look at the store that nobody's write moves. Raises ArchiveError."""
        with self.speaking(), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction, one writer at a time: all of it is kept or nothing. Raises ArchiveError."""
        with self.speaking(), self._turn, self._writer.begin() as connection:
            self._store.take_turn(connection)
            yield connection

    @contextmanager
    def rebuild(self) -> Iterator[Connection]:
        """A write that may make tables anew, which foreign keys would forbid. Raises ArchiveError."""
        # A connection of its own: SQLite cannot let foreign keys be in mid-transaction.
        engine = self._new_engine(foreign_keys=False)
        try:
            with self.speaking(), self._turn, engine.execution_options(writes=True).begin() as connection:
                self._store.take_turn(connection)
                yield connection
        finally:
            engine.dispose()

    def make_room(self) -> None:
        """Makes what the store stands in, if that is missing and ours to make. Raises ArchiveError."""
        self._store.make_room()

    def is_there(self) -> bool:
        """False when a first question would make the store."""
        return self._store.is_there()

    def go_on_counting(self, connection: Connection, table: Table) -> None:
        """Numbers that `table` gives out come after those it holds, which were given elsewhere."""
        self._store.go_on_counting(connection, table)

    def look_over(self, connection: Connection) -> None:
        """Raises ArchiveError when the server cannot hold an archive whatever is asked of it."""
        self._store.look_over(connection)

    @contextmanager
    def speaking(self) -> Iterator[None]:
        """Turns what the driver raises into ArchiveError; a naive time stays a ValueError."""
        try:
            yield
        except (DBAPIError, TimeoutError) as error:
            raise ArchiveError(f"The archive {self.name} cannot be used: {self._store.remedy(error)}") from error
        except StatementError as error:
            if isinstance(error.orig, ValueError):
                raise error.orig from error
            raise

    def _new_engine(self, *, foreign_keys: bool = True) -> Engine:
        engine = self._store.new_engine(foreign_keys=foreign_keys)
        clean_texts(engine)
        return engine

    def close(self) -> None:
        self._engine.dispose()
