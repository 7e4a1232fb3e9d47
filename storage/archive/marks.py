"""What may be asked of the archive about marks: which verdicts an analyst called right or wrong.

Only `service` and tests call it, through `Archive.marks`.
"""

from sqlalchemy import RowMapping, delete, insert, select

from storage.archive.database import Database
from storage.archive.doors import columns_of
from storage.records import Mark
from storage.tables import MARKS

_COLUMNS = [MARKS.c[name] for name in Mark.__dataclass_fields__]


class Marks:
    """Marks, at most one for an article and a topic. Every method may raise ArchiveError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, mark: Mark) -> None:
        """Keeps `mark` in the place of an earlier one on the same article and topic. The article must be in the archive."""
        with self._database.write() as connection:
            connection.execute(delete(MARKS).where(MARKS.c.article == mark.article, MARKS.c.topic == mark.topic))
            connection.execute(insert(MARKS).values(**columns_of(mark)))

    def remove(self, article: str, topic: str | None = None) -> int:
        """Takes back the mark on `topic`, or all of an article's; how many there were."""
        condition = MARKS.c.article == article
        if topic is not None:
            condition &= MARKS.c.topic == topic
        with self._database.write() as connection:
            return connection.execute(delete(MARKS).where(condition)).rowcount

    def of(self, article: str) -> dict[str, Mark]:
        """The marks on one article, by topic."""
        question = select(*_COLUMNS).where(MARKS.c.article == article).order_by(MARKS.c.topic)
        with self._database.read() as connection:
            return {row["topic"]: _mark(row) for row in connection.execute(question).mappings()}

    def list(self) -> list[Mark]:
        """All of them, the last one first."""
        question = select(*_COLUMNS).order_by(MARKS.c.at.desc(), MARKS.c.article, MARKS.c.topic)
        with self._database.read() as connection:
            return [_mark(row) for row in connection.execute(question).mappings()]


def _mark(row: RowMapping) -> Mark:
    return Mark(**row)
