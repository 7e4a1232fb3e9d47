"""What may be asked of the archive about outlets: their names, for readers of their articles.

Only `service` and tests call it, through `Archive.outlets`.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, bindparam, insert, select, update

from storage.archive.database import Database
from storage.archive.keeping import next_changes
from storage.records import Outlet
from storage.tables import ARTICLES, OUTLETS


class Outlets:
    """Names of outlets, also of those no file speaks of any more. Every method may raise ArchiveError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def sync(self, outlets: Sequence[Outlet]) -> None:
        """Takes over what the outlet files say. Articles of an outlet that got another name or country are changed ones."""
        told = {outlet.key: (outlet.name, outlet.country, outlet.enabled) for outlet in outlets}
        with self._database.read() as connection:
            if _silenced(_rows(connection), told) == _rows(connection):
                return
        with self._database.write() as connection:
            before = _rows(connection)
            after = _silenced(before, told)
            _write(connection, before, after)
            renamed = [key for key in before if before[key][:2] != after[key][:2]]
            _mark_changed(connection, renamed)

    def names(self) -> dict[str, str]:
        """Key to name, by key."""
        with self._database.read() as connection:
            return {key: name for key, (name, *_) in sorted(_rows(connection).items())}


_Row = tuple[str, str, bool]


def _rows(connection: Connection) -> dict[str, _Row]:
    columns = (OUTLETS.c.key, OUTLETS.c.name, OUTLETS.c.country, OUTLETS.c.enabled)
    return {key: (name, country, enabled) for key, name, country, enabled in connection.execute(select(*columns))}


def _silenced(before: dict[str, _Row], told: dict[str, _Row]) -> dict[str, _Row]:
    """What shall stand: what is told, and of the rest the name and country they had."""
    return {key: (name, country, False) for key, (name, country, _) in before.items()} | told


def _write(connection: Connection, before: dict[str, _Row], after: dict[str, _Row]) -> None:
    columns = ("name", "country", "enabled")
    new = [dict(zip(columns, after[key], strict=True)) | {"key": key} for key in after if key not in before]
    changed = [
        dict(zip(columns, after[key], strict=True)) | {"of_key": key} for key in before if before[key] != after[key]
    ]
    if new:
        connection.execute(insert(OUTLETS), new)
    if changed:
        connection.execute(update(OUTLETS).where(OUTLETS.c.key == bindparam("of_key")), changed)


def _mark_changed(connection: Connection, keys: Iterable[str]) -> None:
    """A new change number for each article of these outlets: its name and country are facets of the search."""
    of_these = select(ARTICLES.c.id).where(ARTICLES.c.outlet.in_(keys)).order_by(ARTICLES.c.change)
    ids = connection.scalars(of_these).all()
    if ids:
        first = next_changes(connection, len(ids))
        rows = [{"of_id": id, "change": first + place} for place, id in enumerate(ids)]
        connection.execute(update(ARTICLES).where(ARTICLES.c.id == bindparam("of_id")), rows)
