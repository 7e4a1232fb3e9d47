"""What may be asked of the archive about visits: how each knock at each entry point ended.

Only `service` and tests call it, through `Archive.visits`.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from storage.archive.database import Database
from storage.archive.doors import columns_of
from storage.archive.points import save_points
from storage.records import PointState, Visit
from storage.tables import VISITS

_VISIT = [VISITS.c[name] for name in Visit.__dataclass_fields__]


class Visits:
    """Every knock, told in one line each. Every method may raise ArchiveError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, visit: Visit) -> None:
        self.record([visit])

    def record(self, visits: Sequence[Visit], states: Sequence[PointState] = ()) -> None:
        """Many visits and what their entry points are remembered by, in one transaction: the cheap way for a whole run."""
        with self._database.write() as connection:
            _add_visits(connection, visits)
            save_points(connection, states)

    def latest(self) -> list[Visit]:
        """The last visit to each entry point, by outlet and address."""
        question = select(*_VISIT).where(VISITS.c.latest).order_by(VISITS.c.outlet, VISITS.c.url)
        with self._database.read() as connection:
            return [Visit(**row) for row in connection.execute(question).mappings()]

    def since(self, moment: datetime) -> list[Visit]:
        """Visits at `moment` or later, in their order."""
        question = select(*_VISIT).where(VISITS.c.at >= moment).order_by(VISITS.c.at, VISITS.c.number)
        with self._database.read() as connection:
            return [Visit(**row) for row in connection.execute(question).mappings()]


def _add_visits(connection: Connection, visits: Sequence[Visit]) -> None:
    if not visits:
        return
    # Of two visits to one entry point in one batch, the later line is the latest.
    last = {(visit.outlet, visit.url): number for number, visit in enumerate(visits)}
    before = VISITS.c.latest & (VISITS.c.outlet == bindparam("of_outlet")) & (VISITS.c.url == bindparam("of_url"))
    connection.execute(
        update(VISITS).where(before).values(latest=False),
        [{"of_outlet": outlet, "of_url": url} for outlet, url in last],
    )
    rows = [columns_of(visit) | {"latest": last[visit.outlet, visit.url] == n} for n, visit in enumerate(visits)]
    connection.execute(insert(VISITS), rows)
