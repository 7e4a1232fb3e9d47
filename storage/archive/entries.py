"""What may be asked of the archive about entries: which are known, which wait to be read, what became of them.

Only `service` and tests call it, through `Archive.entries`.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, RowMapping, bindparam, func, insert, or_, select, update

from storage.archive.database import Database
from storage.archive.doors import batches, columns_of, published_columns, published_of
from storage.columns import indexable, storable
from storage.records import Entry, Fate, KnownEntry
from storage.tables import ENTRIES


class _Known(NamedTuple):
    number: int
    point: str
    stamp: str


class Entries:
    """Known entries. Every method may raise ArchiveError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, outlet: str, found: Sequence[tuple[str, Entry]], *, point: str, now: datetime) -> int:
        """Makes WAITING what is unknown or reads differently now; returns how many there are.

        `found` pairs canonical ids with entries, in the order of the feed at `point`. A known entry is looked at again
        only when the entry point that showed it first shows it with other words: two feeds of one outlet often word
        the same entry differently, and that must not send us back at every visit.
        """
        listed: dict[str, Entry] = {}
        for canonical_id, entry in found:
            listed.setdefault(indexable(canonical_id), entry)
        with self._database.read() as connection:
            known = _known(connection, outlet, listed)
        if not (unsettled := _unsettled(listed, known, point)):
            return 0
        with self._database.write() as connection:
            # Another visit may have noted some since.
            known = _known(connection, outlet, unsettled)
            unsettled = _unsettled(unsettled, known, point)
            _insert(connection, outlet, {id: e for id, e in unsettled.items() if id not in known}, point=point, now=now)
            _reopen(connection, {known[id].number: entry for id, entry in unsettled.items() if id in known})
        return len(unsettled)

    def waiting(self, outlet: str, *, now: datetime, limit: int) -> list[KnownEntry]:
        """Entries whose turn it is: those known longest first, of one visit the newest first. Nothing starves."""
        order = (ENTRIES.c.first_seen, ENTRIES.c.published_at.desc().nulls_last(), ENTRIES.c.number)
        turn = or_(ENTRIES.c.next_try.is_(None), ENTRIES.c.next_try <= now)
        with self._database.read() as connection:
            question = select(ENTRIES).where(_is_waiting(outlet), turn).order_by(*order).limit(limit)
            return [_known_entry(row) for row in connection.execute(question).mappings()]

    def outlets_waiting(self, *, now: datetime) -> frozenset[str]:
        """Outlets with an entry whose turn it is: one question for a whole run, so that a quiet visit asks none."""
        turn = or_(ENTRIES.c.next_try.is_(None), ENTRIES.c.next_try <= now)
        question = select(ENTRIES.c.outlet).where(ENTRIES.c.fate == Fate.WAITING, turn).distinct()
        with self._database.read() as connection:
            return frozenset(connection.scalars(question))

    def count_waiting(self, outlet: str) -> int:
        """How many wait, those whose next try is still to come among them."""
        with self._database.read() as connection:
            return connection.scalar(select(func.count()).select_from(ENTRIES).where(_is_waiting(outlet))) or 0

    def settle(
        self,
        outlet: str,
        canonical_id: str,
        fate: Fate,
        *,
        now: datetime,
        why: str = "",
        next_try: datetime | None = None,
    ) -> None:
        """Notes what came of one try. WAITING means another try, not before `next_try`. Unknown entries are passed by."""
        values: dict[str, Any] = {"fate": fate, "why": why, "next_try": next_try, "settled": now}
        if fate is not Fate.WAITING:
            # The text is in the archive now, or nobody will read it: a feed's full text need not be kept twice.
            values["content"] = ""
        changed = update(ENTRIES).where(_identity(outlet, canonical_id))
        with self._database.write() as connection:
            connection.execute(changed.values(attempts=ENTRIES.c.attempts + 1, **values))

    def get(self, outlet: str, canonical_id: str) -> KnownEntry | None:
        return self._first(_identity(outlet, canonical_id))

    def by_url(self, url: str) -> KnownEntry | None:
        """The entry that was listed with this very address."""
        return self._first(ENTRIES.c.url == url)

    def _first(self, condition: ColumnElement[bool]) -> KnownEntry | None:
        with self._database.read() as connection:
            question = select(ENTRIES).where(condition).order_by(ENTRIES.c.number).limit(1)
            row = connection.execute(question).mappings().first()
        return _known_entry(row) if row else None


def _identity(outlet: str, canonical_id: str) -> ColumnElement[bool]:
    return (ENTRIES.c.outlet == outlet) & (ENTRIES.c.canonical_id == canonical_id)


def _is_waiting(outlet: str) -> ColumnElement[bool]:
    return (ENTRIES.c.outlet == outlet) & (ENTRIES.c.fate == Fate.WAITING)


def _known(connection: Connection, outlet: str, ids: Iterable[str]) -> dict[str, _Known]:
    columns = (ENTRIES.c.canonical_id, ENTRIES.c.number, ENTRIES.c.point, ENTRIES.c.stamp)
    found: dict[str, _Known] = {}
    for batch in batches(ids):
        question = select(*columns).where(ENTRIES.c.outlet == outlet, ENTRIES.c.canonical_id.in_(batch))
        found |= {id: _Known(*rest) for id, *rest in connection.execute(question)}
    return found


def _unsettled(listed: Mapping[str, Entry], known: Mapping[str, _Known], point: str) -> dict[str, Entry]:
    def is_settled(id: str, entry: Entry) -> bool:
        before = known.get(id)
        return before is not None and (before.point != point or before.stamp == _stamp(entry))

    return {id: entry for id, entry in listed.items() if not is_settled(id, entry)}


def _stamp(entry: Entry) -> str:
    """What changes when an entry reads differently. Its time counts only where there are no words (a plain sitemap): many
    feeds say `now` at every visit."""
    told = " ".join(f"{entry.title} {entry.summary} {entry.content}".split()).lower()
    if not told and entry.published is not None:
        told = entry.published.at.isoformat()
    return blake2b(storable(told).encode("utf-8"), digest_size=8).hexdigest()


def _entry_columns(entry: Entry) -> dict[str, Any]:
    stamped = {"stamp": _stamp(entry), "fate": Fate.WAITING, "why": "", "attempts": 0, "next_try": None}
    return columns_of(entry, without=["published"]) | published_columns(entry.published) | stamped


def _insert(connection: Connection, outlet: str, new: Mapping[str, Entry], *, point: str, now: datetime) -> None:
    about = {"outlet": outlet, "point": point, "first_seen": now}
    if rows := [about | {"canonical_id": id} | _entry_columns(entry) for id, entry in new.items()]:
        connection.execute(insert(ENTRIES), rows)


def _reopen(connection: Connection, changed: Mapping[int, Entry]) -> None:
    if rows := [{"key": number} | _entry_columns(entry) for number, entry in changed.items()]:
        connection.execute(update(ENTRIES).where(ENTRIES.c.number == bindparam("key")), rows)


def _known_entry(row: RowMapping) -> KnownEntry:
    entry = Entry(
        url=row["url"],
        title=row["title"],
        published=published_of(row),
        summary=row["summary"],
        content=row["content"],
        byline=row["byline"],
        guid=row["guid"],
    )
    own = ("outlet", "canonical_id", "point", "first_seen", "fate", "why", "attempts", "next_try", "settled")
    return KnownEntry(entry=entry, **{name: row[name] for name in own})
