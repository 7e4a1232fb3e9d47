"""What may be asked of the archive about entry points: what to say and when to knock at the next visit.

A visit that finds nothing new must cost almost nothing, so a run asks for all of them once and saves them with its visits.
Only `service` and tests call it, through `Archive.points`.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, bindparam, insert, select, update

from storage.archive.database import Database
from storage.archive.doors import batches, columns_of
from storage.records import PointState
from storage.tables import POINTS


class Points:
    """What is remembered of entry points between visits. Every method may raise ArchiveError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, outlet: str, url: str) -> PointState | None:
        question = select(POINTS).where(POINTS.c.outlet == outlet, POINTS.c.url == url)
        with self._database.read() as connection:
            row = connection.execute(question).mappings().first()
        return PointState(**row) if row else None

    def all(self) -> list[PointState]:
        """By outlet and address. One question for a whole run is far cheaper than one for each entry point."""
        with self._database.read() as connection:
            rows = connection.execute(select(POINTS).order_by(POINTS.c.outlet, POINTS.c.url)).mappings()
            return [PointState(**row) for row in rows]

    def save(self, state: PointState) -> None:
        with self._database.write() as connection:
            save_points(connection, [state])


def save_points(connection: Connection, states: Sequence[PointState]) -> None:
    """Of two states of one entry point the later one stands."""
    standing = {(state.outlet, state.url): columns_of(state) for state in states}
    known = _known(connection, {outlet for outlet, _ in standing})
    of_this = (POINTS.c.outlet == bindparam("of_outlet")) & (POINTS.c.url == bindparam("of_url"))
    changed = [{"of_outlet": key[0], "of_url": key[1]} | columns for key, columns in standing.items() if key in known]
    if changed:
        connection.execute(update(POINTS).where(of_this), changed)
    if new := [columns for key, columns in standing.items() if key not in known]:
        connection.execute(insert(POINTS), new)


def _known(connection: Connection, outlets: Collection[str]) -> set[tuple[str, str]]:
    known: set[tuple[str, str]] = set()
    for batch in batches(outlets):
        rows = connection.execute(select(POINTS.c.outlet, POINTS.c.url).where(POINTS.c.outlet.in_(batch)))
        known |= {(outlet, url) for outlet, url in rows}
    return known
