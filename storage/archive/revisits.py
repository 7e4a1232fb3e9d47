"""What may be asked of the archive about pages visited again: whose turn it is, what they answered, which are gone.

Only `service` and tests call it, through `Archive.revisits`.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, and_, func, insert, select, update

from storage.archive.database import Database
from storage.archive.doors import columns_of
from storage.archive.keeping import next_changes
from storage.records import Absence, Revisit
from storage.tables import ABSENCES, ARTICLES, REVISITS

_COLUMNS = [REVISITS.c[name] for name in Revisit.__dataclass_fields__]


class Revisits:
    """Pages to be visited again, at most one for an article. Every method may raise ArchiveError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def watch(self, revisit: Revisit) -> bool:
        """Has the article's page visited again from now on; whether that is new. A page watched already stays as it is."""
        if self.get(revisit.article) is not None:
            return False
        with self._database.write() as connection:
            if _standing(connection, revisit.article) is not None:
                return False
            connection.execute(insert(REVISITS).values(**columns_of(revisit)))
            return True

    def get(self, article: str) -> Revisit | None:
        with self._database.read() as connection:
            return _standing(connection, article)

    def due(self, *, now: datetime, outlets: Collection[str], per_outlet: int, limit: int) -> list[Revisit]:
        """Whose turn it is, those waiting longest first: at most `limit`, and of one outlet at most `per_outlet`."""
        turn = and_(REVISITS.c.due <= now, REVISITS.c.outlet.in_(outlets))
        order = (REVISITS.c.due, REVISITS.c.article)
        place = func.row_number().over(partition_by=REVISITS.c.outlet, order_by=order)
        ranked = select(*_COLUMNS, place.label("place")).where(turn).subquery()
        question = select(*[ranked.c[column.name] for column in _COLUMNS]).where(ranked.c.place <= per_outlet)
        with self._database.read() as connection:
            rows = connection.execute(question.order_by(ranked.c.due, ranked.c.article).limit(limit)).mappings()
            return [Revisit(**row) for row in rows]

    def count_due(self, *, now: datetime) -> int:
        question = select(func.count()).select_from(REVISITS).where(REVISITS.c.due <= now)
        with self._database.read() as connection:
            return connection.scalar(question) or 0

    def save(self, revisit: Revisit, *, now: datetime) -> None:
        """What a visit came to. A page found gone, or back again, is noted with its article, which search sees at once."""
        with self._database.write() as connection:
            before = _standing(connection, revisit.article)
            if before is None:
                return
            mine = REVISITS.c.article == revisit.article
            connection.execute(update(REVISITS).where(mine).values(**columns_of(revisit, without=["article"])))
            if revisit.confirmed and not before.confirmed:
                _vanish(connection, revisit)
            elif before.confirmed and not revisit.confirmed:
                _return(connection, revisit.article, now)

    def absences(self, article: str) -> list[Absence]:
        """Each time the article's page was gone, the first one first."""
        question = select(ABSENCES).where(ABSENCES.c.article == article).order_by(ABSENCES.c.since)
        with self._database.read() as connection:
            return [Absence(**row) for row in connection.execute(question).mappings()]


def _standing(connection: Connection, article: str) -> Revisit | None:
    row = connection.execute(select(*_COLUMNS).where(REVISITS.c.article == article)).mappings().first()
    return Revisit(**row) if row else None


def _vanish(connection: Connection, revisit: Revisit) -> None:
    absence = {"since": revisit.missing_since, "confirmed": revisit.confirmed, "why": revisit.why}
    connection.execute(insert(ABSENCES).values(article=revisit.article, **absence))
    _mark(connection, revisit.article, gone_since=revisit.missing_since)


def _return(connection: Connection, article: str, now: datetime) -> None:
    still = and_(ABSENCES.c.article == article, ABSENCES.c.back.is_(None))
    connection.execute(update(ABSENCES).where(still).values(back=now))
    _mark(connection, article, gone_since=None)


def _mark(connection: Connection, article: str, *, gone_since: datetime | None) -> None:
    """A new change number with it: search tells gone pages from others."""
    values = {"gone_since": gone_since, "change": next_changes(connection)}
    connection.execute(update(ARTICLES).where(ARTICLES.c.id == article).values(**values))
