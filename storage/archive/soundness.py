"""What may be asked of the archive about itself: whether every row is what it should be beside the others.

Nothing is written. Each question yields what is wrong, in words; a sound archive yields nothing. Only `service` and tests call it,
through `Archive.soundness`.
"""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from storage.archive.database import Database
from storage.revisions import hash_of
from storage.tables import (
    ARTICLES,
    COUNTERS,
    LEDGER,
    METADATA,
    QUIET,
    REVISIONS,
    RULINGS,
    STORY_LINKS,
    STORY_PLACES,
    VERDICTS,
)

#: Rows of one kind that are named; the rest is counted.
_NAMED = 5
_BATCH = 500

#: What means a row of another table without the store watching over it.
_MEANT = (
    (STORY_PLACES.c.story, ARTICLES.c.id),
    (STORY_LINKS.c.one, STORY_PLACES.c.number),
    (STORY_LINKS.c.other, STORY_PLACES.c.number),
    (LEDGER.c.article_id, ARTICLES.c.id),
    (QUIET.c.article_id, ARTICLES.c.id),
)


class Soundness:
    """The archive looked through. Every method may raise ArchiveError where the store itself is damaged."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def store(self) -> Iterator[str]:
        """What SQLite finds wrong with its file. A PostgreSQL server watches over its own."""
        with self._database.read() as connection:
            if connection.dialect.name == "sqlite":
                said = connection.exec_driver_sql(f"PRAGMA integrity_check({_NAMED})").scalars().all()
                yield from (one for one in said if one != "ok")

    def references(self) -> Iterator[str]:
        """Rows that mean another row which is not there."""
        watched = [(key.parent, key.column) for table in METADATA.sorted_tables for key in table.foreign_keys]
        for meaning, meant in (*watched, *_MEANT):
            there = select(meant).where(meant == meaning).correlate(meaning.table).exists()
            what = f"{meaning.table.name}.{meaning.name} means no {meant.table.name}"
            yield from self._told(select(meaning).where(meaning.is_not(None), ~there), what)
        yield from self._rulings()

    def _rulings(self) -> Iterator[str]:
        with self._database.read() as connection:
            for id, articles in connection.execute(select(RULINGS.c.id, RULINGS.c.articles)):
                known = set(connection.scalars(select(ARTICLES.c.id).where(ARTICLES.c.id.in_(articles))))
                if lost := [one for one in articles if one not in known]:
                    yield f"the ruling on event {id} means articles that are not there: {', '.join(lost[:_NAMED])}"

    def texts(self, told: Callable[[int], None] = lambda done: None) -> Iterator[str]:
        """Texts that are not those their hash was made of. `told` hears how many were read."""
        question = select(REVISIONS.c.article_id, REVISIONS.c.number, REVISIONS.c.text, REVISIONS.c.text_hash)
        with self._database.read() as connection:
            rows = connection.execute(question, execution_options={"yield_per": _BATCH})
            for done, (id, number, text, text_hash) in enumerate(rows, start=1):
                if hash_of(text) != text_hash:
                    yield f"the text of article {id}, revision {number}, is not the one that was kept"
                if done % _BATCH == 0:
                    told(done)

    def chains(self) -> Iterator[str]:
        """Articles whose revisions or verdicts do not hang together."""
        numbers = select(
            REVISIONS.c.article_id.label("id"),
            func.count().label("many"),
            func.min(REVISIONS.c.number).label("first"),
            func.max(REVISIONS.c.number).label("last"),
        )
        counted = numbers.group_by(REVISIONS.c.article_id).subquery()
        joined = select(ARTICLES.c.id).outerjoin(counted, counted.c.id == ARTICLES.c.id)
        broken = or_(counted.c.id.is_(None), counted.c.first != 1, counted.c.many != ARTICLES.c.revision)
        gaps = joined.where(or_(broken, counted.c.last != ARTICLES.c.revision))
        yield from self._told(gaps, "revisions are not numbered from 1 to the current one")
        current = and_(REVISIONS.c.article_id == ARTICLES.c.id, REVISIONS.c.number == ARTICLES.c.revision)
        other = select(ARTICLES.c.id).join(REVISIONS, current).where(REVISIONS.c.text_hash != ARTICLES.c.text_hash)
        yield from self._told(other, "the hash of the article is not that of its current revision")
        beyond = select(ARTICLES.c.id).where(or_(ARTICLES.c.matters > ARTICLES.c.revision, ARTICLES.c.matters < 1))
        yield from self._told(beyond, "the revision that matters is none it has")
        yield from self._verdicts()

    def _verdicts(self) -> Iterator[str]:
        of_article = VERDICTS.c.article_id == ARTICLES.c.id
        many = select(func.count()).where(of_article, VERDICTS.c.current).scalar_subquery()
        yield from self._told(select(ARTICLES.c.id).where(many != 1), "there is not one current verdict")
        read = and_(REVISIONS.c.article_id == VERDICTS.c.article_id, REVISIONS.c.number == VERDICTS.c.revision)
        unread = select(VERDICTS.c.article_id).where(~select(REVISIONS.c.number).where(read).exists())
        yield from self._told(unread, "a verdict is on a revision that is not there")

    def counters(self) -> Iterator[str]:
        """Numbers that were given out and not counted: they would be given out again."""
        greatest, counted = select(func.max(ARTICLES.c.change)), COUNTERS.c.name == "change"
        with self._database.read() as connection:
            last, known = connection.scalar(greatest), connection.scalar(select(COUNTERS.c.value).where(counted))
        if (last or 0) > (known or 0):
            yield f"changes are counted up to {known}, and an article bears number {last}"

    def changes(self) -> dict[int, str]:
        """The change number of every article, and its id: what the index must hold."""
        with self._database.read() as connection:
            return {change: id for change, id in connection.execute(select(ARTICLES.c.change, ARTICLES.c.id))}  # noqa: C416

    def _told(self, question: Select[Any], what: str) -> Iterator[str]:
        """What is wrong with the rows `question` finds: the first few named, the others counted."""
        with self._database.read() as connection:
            found = list(connection.scalars(question.limit(_NAMED)))
            total = connection.scalar(select(func.count()).select_from(question.subquery())) if found else 0
        if found:
            named = ", ".join(map(str, found))
            yield f"{what}: {named}" + (f" and {total - len(found)} more" if total and total > len(found) else "")
