"""What may be asked of the archive about rulings: an analyst's word on events that several outlets reported.

Only `service` and tests call it, through `Archive.rulings`. The event of a ruling is kept as a file of the register would
write it, beside what a file has from its series.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import RowMapping, delete, insert, select

from storage.archive.database import Database
from storage.archive.doors import columns_of
from storage.events.reading import days_of, written_days
from storage.records import Confidence, Event, Grounds, Ruling
from storage.tables import RULINGS


class Rulings:
    """Rulings, one for an event. Every method may raise ArchiveError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, ruling: Ruling) -> None:
        """Keeps `ruling` in the place of an earlier one on the same event."""
        values = columns_of(ruling) | {"event": _written(ruling.event), "articles": list(ruling.articles)}
        with self._database.write() as connection:
            connection.execute(delete(RULINGS).where(RULINGS.c.id == ruling.id))
            connection.execute(insert(RULINGS).values(**values))

    def remove(self, id: str) -> bool:
        """Takes a ruling back; whether there was one."""
        with self._database.write() as connection:
            return bool(connection.execute(delete(RULINGS).where(RULINGS.c.id == id)).rowcount)

    def list(self) -> list[Ruling]:
        """All of them, the last one first."""
        with self._database.read() as connection:
            rows = connection.execute(select(RULINGS).order_by(RULINGS.c.at.desc(), RULINGS.c.id)).mappings()
            return [_ruling(row) for row in rows]


_LISTS = ("topics", "who", "observers", "places", "people", "told")


def _written(event: Event) -> dict[str, Any]:
    lists = {name: list(getattr(event, name)) for name in _LISTS}
    return {
        "id": event.id,
        "names": dict(event.names),
        "date": written_days(event),
        "activity": event.activity,
        **lists,
        "number": event.number,
        "confidence": event.confidence.value,
        "basis": event.basis.value,
        "announced": event.announced,
        "note": event.note,
    }


def _event(written: Mapping[str, Any]) -> Event:
    first, last, precision = days_of(written["date"])
    return Event(
        id=written["id"],
        names=written["names"],
        activity=written["activity"],
        first=first,
        last=last,
        precision=precision,
        number=written["number"],
        confidence=Confidence(written["confidence"]),
        basis=Grounds(written["basis"]),
        announced=written["announced"],
        note=written["note"],
        **{name: tuple(written[name]) for name in _LISTS},
    )


def _ruling(row: RowMapping) -> Ruling:
    return Ruling(**{**row, "event": _event(row["event"]), "articles": tuple(row["articles"])})
