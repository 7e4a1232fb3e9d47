"""An archive goes over into another store: whole, verified and in one transaction there, or not at all.

What is read is one unmoving state of the old store; the new one must be empty. Every table is copied in the order of its
foreign keys, read back, and compared by a hash of its rows. Numbers go on where they were: change numbers and the archive's
own number go over too, so the search index serves the copy as it stands. Only `service` and tests import this module.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, delete, func, insert, select
from sqlalchemy.types import TypeEngine

from storage.archive.database import Database
from storage.archive.upgrading import is_new, upgrade
from storage.columns import Key, indexable, storable
from storage.errors import ArchiveError
from storage.tables import COUNTERS, METADATA

#: Rows read and written at a time.
_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedTable:
    """A table that stands in both stores with the same rows."""

    table: str
    rows: int
    #: 32 hexadecimal digits, alike on every store for the same rows in whatever order.
    hash: str


class Copying:
    """A copy about to be made: both stores are open and fit for it. To be closed."""

    def __init__(self, source: str | Path, target: str | Path) -> None:
        """From `source` to `target`, both as `open_archive` takes them; `source` is upgraded, as at any opening.

        Raises ArchiveError when one of them cannot be used, `source` holds no archive or `target` holds anything.
        """
        self._source, self._target = Database(source), Database(target)
        try:
            self._refuse_misuse()
            upgrade(self._source)
            upgrade(self._target)
            with self._target.read() as there:
                _refuse_rows(there, self.target)
        except BaseException:
            self.close()
            raise

    @property
    def source(self) -> str:
        """The old store, as messages name it: no password."""
        return self._source.name

    @property
    def target(self) -> str:
        """The new store, likewise."""
        return self._target.name

    def count(self) -> int:
        """Rows there are to copy."""
        with self._source.read() as here:
            return sum(_counts(here).values())

    def run(self, advance: Callable[[int], None] = lambda _: None, *, goes_on: bool = False) -> tuple[CopiedTable, ...]:
        """Copies all of it; `advance` hears of each batch written and again of each batch verified.

        Raises ArchiveError when it could not be done, and then the new store is as empty as before; also when the old one was
        written to meanwhile, unless it `goes_on`: then the copy is what it was at the beginning.
        """
        with self._source.read() as here, self._target.write() as there:
            _refuse_rows(there, self.target)
            there.execute(delete(COUNTERS))
            copied = tuple(self._copied(table, here, there, advance) for table in METADATA.sorted_tables)
            if not goes_on:
                self._refuse_changes(_counts(here), _counters(here))
        return copied

    def close(self) -> None:
        self._source.close()
        self._target.close()

    def _copied(self, table: Table, here: Connection, there: Connection, advance: Callable[[int], None]) -> CopiedTable:
        rows, sent = 0, 0
        with _batches(here, table) as batches:
            for batch in batches:
                there.execute(insert(table), [dict(row) for row in batch])
                rows, sent = rows + len(batch), sent + _sum(table, batch)
                advance(len(batch))
        self._target.go_on_counting(there, table)
        arrived = 0
        with _batches(there, table) as batches:
            for batch in batches:
                arrived += _sum(table, batch)
                advance(len(batch))
        if sent != arrived:
            raise ArchiveError(
                f"The rows of {table.name} read otherwise in {self.target} than in {self.source}. Nothing was copied: "
                "look at the health of both stores, and try again."
            )
        return CopiedTable(table=table.name, rows=rows, hash=f"{sent % 2**128:032x}")

    def _refuse_misuse(self) -> None:
        if self.source == self.target:
            raise ArchiveError(f"{self.source} cannot be copied to itself: name another store.")
        if is_new(self._source):
            raise ArchiveError(f"{self.source} holds no archive: name the store that Entente has used.")

    def _refuse_changes(self, counts: dict[str, int], counters: dict[str, int]) -> None:
        with self._source.read() as now:
            if (_counts(now), _counters(now)) != (counts, counters):
                raise ArchiveError(
                    f"{self.source} was written to while it was copied. Nothing was copied: stop the service and every "
                    "command, then try again."
                )


def _refuse_rows(there: Connection, name: str) -> None:
    held = {table: rows for table, rows in _counts(there).items() if rows and table != COUNTERS.name}
    if held:
        some = ", ".join(f"{table}: {rows}" for table, rows in list(held.items())[:3])
        raise ArchiveError(f"{name} is not empty ({some}): name a store that nothing has been kept in yet.")


def _counts(connection: Connection) -> dict[str, int]:
    count = func.count()
    return {table.name: connection.scalar(select(count).select_from(table)) or 0 for table in METADATA.sorted_tables}


def _counters(connection: Connection) -> dict[str, int]:
    return {row.name: row.value for row in connection.execute(select(COUNTERS))}


@contextmanager
def _batches(connection: Connection, table: Table) -> Iterator[Iterator[Sequence[RowMapping]]]:
    """All rows, a few at a time: neither store need hold them in memory."""
    with connection.execute(select(table), execution_options={"yield_per": _BATCH}) as rows:
        yield rows.mappings().partitions()


# ------------------------------------------------------------------ what a row says, on any store


def _sum(table: Table, rows: Sequence[RowMapping]) -> int:
    """Hashes of rows are added: stores give them in different orders."""
    return sum(int.from_bytes(blake2b(_said(table, row), digest_size=16).digest()) for row in rows)


def _said(table: Table, row: RowMapping) -> bytes:
    values = [_kept(column.type, row[column.name]) for column in table.columns]
    return storable(json.dumps(values, ensure_ascii=False, default=_plain)).encode("utf-8")


def _kept(kind: TypeEngine[Any], value: Any) -> Any:
    """`value` as it is kept today: an old row may hold a key longer than any store can look up."""
    return indexable(value) if isinstance(kind, Key) and value is not None else value


def _plain(value: Any) -> str:
    return value.hex() if isinstance(value, bytes) else str(value.isoformat())
