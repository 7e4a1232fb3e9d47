"""Brings a database to the shape this version of Entente speaks, before anything else is asked of it.

The ordered steps stand in `storage/migrations/versions`; one that was shipped never changes, and there is no way back but a
backup. All steps that are owed run in one transaction that keeps other processes out: a crash leaves the old shape, and of
two services started at once the second finds the work done. Whoever changes a row writes the next step; the tests say what
it lacks. Only `storage.archive` and tests import this module.
"""

from functools import cache
from pathlib import Path
from threading import Lock

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from storage.archive.database import Database
from storage.errors import ArchiveError, ArchiveTooNew

#: Alembic speaks to its steps through globals: one migration at a time in one process, even of two databases.
_ALEMBIC = Lock()

_FOLDER = Path(__file__).resolve().parents[1] / "migrations"


def upgrade(database: Database) -> None:
    """Runs every step `database` does not have yet. Raises ArchiveError, and ArchiveTooNew for a shape from the future."""
    database.make_room()
    with database.read() as connection:
        database.look_over(connection)
        if _shape(connection) == head():
            return
    with _ALEMBIC, database.rebuild() as connection:
        _refuse_what_is_not_ours(connection, database.name)
        command.upgrade(_config(connection), "head")


def is_new(database: Database) -> bool:
    """Whether nobody has made an archive there yet; of an SQLite file, whether it is missing. Raises ArchiveError."""
    if not database.is_there():
        return True
    with database.read() as connection:
        return _shape(connection) is None


@cache
def head() -> str | None:
    """The name of the newest step."""
    return _steps().get_current_head()


def knows(shape: str) -> bool:
    """Whether that step is one of ours."""
    return shape in {step.revision for step in _steps().walk_revisions()}


def _steps() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _config(connection: Connection | None = None) -> Config:
    settings = Config()
    # Alembic reads % in an option as the start of a reference.
    settings.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    settings.attributes["connection"] = connection
    return settings


def _shape(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _refuse_what_is_not_ours(connection: Connection, name: str) -> None:
    shape = _shape(connection)
    if shape is None and inspect(connection).get_table_names():
        raise ArchiveError(
            f"The database {name} belongs to another program: it has tables that Entente did not make. "
            "Name another one with ENTENTE_DATABASE_URL."
        )
    if shape is not None and not knows(shape):
        raise ArchiveTooNew(
            f"The archive {name} was last used by a newer Entente (its shape is {shape}, this one knows {head()}). "
            "Install that version again, or restore a backup made before it."
        )
