"""A snapshot: an archive as it was at one moment, in one SQLite file, whatever store it lives in; and an archive out of one.

The archive may be used and written meanwhile. From SQLite the database's own online backup copies it, from PostgreSQL one
transaction reads it table by table. Only `service` and tests import this module.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import randbits
from urllib.parse import quote

from sqlalchemy import Connection, func, inspect, select, update

from storage.archive.copying import Copying
from storage.archive.database import Database
from storage.archive.sqlite import SQLite, remedy_for
from storage.archive.stores import store_at
from storage.archive.upgrading import is_new, upgrade
from storage.errors import ArchiveError
from storage.tables import COUNTERS, METADATA

#: Pages copied between two words of progress: 16 MB.
_PAGES = 4096
#: What SQLite keeps beside a database: another one's would spoil a database put in its place.
_BESIDE = ("-wal", "-shm", "-journal")

Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What a snapshot holds."""

    #: Name of the newest migration step it has seen.
    shape: str
    #: Rows by table.
    rows: Mapping[str, int]


def take(where: str | Path, file: Path, told: Told = lambda done, total: None) -> Snapshot:
    """The archive at `where` as it is now, in the new file `file`; sound, or ArchiveError is raised.

    `told` hears how much of how much is done.
    """
    store = store_at(where)
    if isinstance(store, SQLite):
        _copy_online(Path(store.name), file, told)
    else:
        _copy_tables(where, file, told)
    with _opened(file) as connection:
        # What is damaged would push good backups out in a week.
        damage = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if damage != "ok":
            raise ArchiveError(
                f"The archive {store.name} is damaged ({damage}). See what is wrong with `entente verify`, and restore the last "
                "backup."
            )
    return look(file)


def look(file: Path) -> Snapshot:
    """What the snapshot in `file` holds. Raises ArchiveError when it is none."""
    with _opened(file) as connection:
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if "alembic_version" not in names:
            raise ArchiveError("it holds no archive")
        (shape,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        ours = sorted(names - {"alembic_version"})
        rows = {name: int(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]) for name in ours}
    return Snapshot(shape=shape, rows=rows)


def refuse_taken(where: str | Path) -> None:
    """Raises ArchiveError when something is kept at `where`: a snapshot takes the place of nothing."""
    store = store_at(where)
    if isinstance(store, SQLite):
        there = [path for end in ("", *_BESIDE) if (path := Path(store.name + end)).exists()]
        if there:
            raise ArchiveError(
                f"There is an archive at {there[0]}, and nothing was touched. Stop the service and move "
                f"{', '.join(path.name for path in there)} away, or name an empty place with ENTENTE_DATA_DIR."
            )
        return
    with closing(Database(where)) as database, database.read() as connection:
        held = _rows_in(connection)
        if held:
            raise ArchiveError(
                f"There is an archive in {database.name} ({held} rows), and nothing was touched. Make another database: "
                "CREATE DATABASE name ENCODING 'UTF8' TEMPLATE template0, and name it with ENTENTE_DATABASE_URL."
            )


def settle(file: Path, where: str | Path, told: Callable[[int], None] = lambda rows: None) -> None:
    """Makes the snapshot in `file`, which is used up by it, the archive at `where`, where there must be none.

    It is brought to today's shape and gets a number of its own, so that no index of the old archive is taken for its. It
    appears at once and whole. Raises ArchiveError, and then nothing is there.
    """
    refuse_taken(where)
    with closing(Database(file)) as database:
        upgrade(database)
        with database.write() as connection:
            mine = update(COUNTERS).where(COUNTERS.c.name == "identity")
            connection.execute(mine.values(value=randbits(31)))
    store = store_at(where)
    if isinstance(store, SQLite):
        store.make_room()
        with _opened(file) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")  # all of it into the one file
        _move(file, Path(store.name))
    else:
        with closing(Copying(file, where)) as copying:
            copying.run(told)


def is_there(where: str | Path) -> bool:
    """Whether there is an archive at `where`. Raises ArchiveError."""
    with closing(Database(where)) as database:
        return not is_new(database)


def kind(where: str | Path) -> str:
    """What the store at `where` is: sqlite or postgresql."""
    return "sqlite" if isinstance(store_at(where), SQLite) else "postgresql"


def folder_of(where: str | Path) -> Path | None:
    """The folder the archive at `where` lies in; None where it is on a server."""
    store = store_at(where)
    return Path(store.name).parent if isinstance(store, SQLite) else None


# ------------------------------------------------------------------ how it is done


def _copy_online(source: Path, file: Path, told: Told) -> None:
    if not source.exists():
        raise ArchiveError(f"There is no archive at {source}: nothing to back up. See ENTENTE_DATA_DIR.")
    with _speaking(str(source)), closing(_connect(source)) as here, closing(sqlite3.connect(file)) as there:
        # Nothing but the end counts: the copy is thrown away if it does not get there.
        there.execute("PRAGMA journal_mode=OFF")
        there.execute("PRAGMA synchronous=OFF")
        here.isolation_level = None
        # One reading state for all steps: without it, every write of another process would begin the copy again.
        here.execute("BEGIN")
        here.execute("SELECT count(*) FROM sqlite_master").fetchone()
        with _writing(file):
            here.backup(there, pages=_PAGES, progress=lambda _, rest, total: told(total - rest, total))
            there.execute("PRAGMA journal_mode=DELETE")
        here.execute("COMMIT")


def _copy_tables(where: str | Path, file: Path, told: Told) -> None:
    with closing(Copying(where, file)) as copying:
        total = 2 * copying.count()
        done = 0

        def advance(rows: int) -> None:
            nonlocal done
            done += rows
            told(done, total)

        copying.run(advance, goes_on=True)
    with _opened(file) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


def _connect(file: Path) -> sqlite3.Connection:
    # Never make what is not there.
    return sqlite3.connect(f"file:{quote(str(file))}?mode=rw", uri=True, timeout=30)


@contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    with _speaking(str(file)), closing(_connect(file)) as connection:
        yield connection


@contextmanager
def _speaking(name: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        remedy = remedy_for(str(error))
        raise ArchiveError(f"The archive {name} cannot be used: {remedy}") from error


@contextmanager
def _writing(file: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise ArchiveError(f"The folder {file.parent} cannot take the copy: {remedy_for(str(error))}") from error


def _rows_in(connection: Connection) -> int:
    names = inspect(connection).get_table_names()
    tables = [table for table in METADATA.sorted_tables if table.name in names and table is not COUNTERS]
    if not tables and names:
        return len(names)
    return sum(connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


def _move(file: Path, place: Path) -> None:
    """`file` is at `place`, on disk, whatever happens next; never in the place of another."""
    try:
        with file.open("rb") as held:
            os.fsync(held.fileno())
        try:
            os.link(file, place)
        except FileExistsError:
            raise
        except OSError:  # a file system without links
            file.rename(place)
        folder = os.open(place.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        with suppress(OSError):
            file.unlink(missing_ok=True)
    except OSError as error:
        why = error.strerror or str(error)
        raise ArchiveError(
            f"The archive cannot be put at {place}: {why}. See its folder, its rights and the free space."
        ) from error
