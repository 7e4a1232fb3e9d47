"""Schemas of the past and what may have stood in them, for the tests of migrations."""

from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any, get_origin

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Column, MetaData, Table, inspect, types

from storage import tables
from storage.columns import Word
from tests.fakes.stores import AStore

_SETTINGS = Config()
_SETTINGS.set_main_option("script_location", str(Path(tables.__file__).parent / "migrations"))
#: All steps that ever were, the first one first.
STEPS = [step.revision for step in ScriptDirectory.from_config(_SETTINGS).walk_revisions()][::-1]

_ROWS = {str(row.__tablename__): row for row in tables.Row.__subclasses__()}
#: Far from where the store's own counting begins.
_NUMBER = 77
_MOMENT = datetime(2024, 7, 2, 12, 0, tzinfo=UTC)


def made_at(step: str, store: AStore) -> None:
    """An archive as the version that knew no later step left it."""
    engine = store.engine()
    with engine.begin() as connection:
        _SETTINGS.attributes["connection"] = connection
        command.upgrade(_SETTINGS, step)


def fill(store: AStore) -> dict[str, dict[str, Any]]:
    """One row in every table there is, all about article "a1"; returns them as they will come back."""
    metadata = reflected(store)
    store.tell(f"UPDATE counter SET value = {_NUMBER} WHERE name = 'change'")
    with store.engine().begin() as connection:
        for table in metadata.sorted_tables:
            connection.execute(table.insert().values(_row(table)))
    return held(store, metadata)


def held(store: AStore, metadata: MetaData) -> dict[str, dict[str, Any]]:
    """The first row of each table `metadata` knows, with the columns it knows."""
    with store.engine().begin() as connection:
        return {
            table.name: dict(connection.execute(table.select().order_by(*table.primary_key)).mappings().first() or {})
            for table in metadata.sorted_tables
        }


def reflected(store: AStore) -> MetaData:
    """The tables there are, save those that count."""
    metadata = MetaData()
    metadata.reflect(store.engine(), only=lambda name, _: name not in ("counter", "alembic_version"))
    return metadata


def _row(table: Table) -> dict[str, Any]:
    return {column.name: _value(table.name, column) for column in table.columns}


def _value(table: str, column: Column[Any]) -> Any:
    declared = tables.METADATA.tables[table].columns[column.name].type
    if isinstance(declared, Word):
        return next(iter(declared.words)).value
    match column.type:
        case types.Boolean():
            return True
        case types.Integer():
            return _NUMBER
        case types.Date():
            return _MOMENT.date()
        case types.DateTime():
            return _MOMENT
        case types.Time():
            return time(7, 30)
        case types.LargeBinary():
            return b"a1"
        case types.JSON():
            return {} if get_origin(_ROWS[table].model_fields[column.name].annotation) is dict else []
    return "a1"


def built(store: AStore) -> list[tuple[object, ...]]:
    """How tables, indexes and constraints of a store are built, in the words of the store itself."""
    return sorted(_of_sqlite(store) if store.is_sqlite else _of_postgresql(store), key=repr)


def _of_sqlite(store: AStore) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    for table in inspect(store.engine()).get_table_names():
        for pragma in ("table_info", "foreign_key_list"):
            found += [(table, *row) for row in store.tell(f"PRAGMA {pragma}({table})")]
        for _, name, unique, *_ in store.tell(f"PRAGMA index_list({table})"):
            columns = [column for _, _, column in store.tell(f"PRAGMA index_info({name})")]
            # SQLite numbers the indexes it makes itself by their place in the statement.
            found.append((table, name.rstrip("0123456789"), unique, *columns))
    return found


def _of_postgresql(store: AStore) -> list[tuple[object, ...]]:
    return [
        *store.tell(
            "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns "
            "WHERE table_schema = 'public'"
        ),
        *store.tell("SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'"),
        *store.tell(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE connamespace = 'public'::regnamespace"
        ),
    ]
