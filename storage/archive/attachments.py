"""What may be asked of the archive about events: which articles tell of which, and which may tell of one nobody knows yet.

Both are derived from articles and verdicts by a register of events, and made again by change number, as the index is: a counter
per version of the register says how far it has come. Only `service` and tests call it, through `Archive.attachments`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, case, delete, func, insert, or_, select, update

from storage.archive.database import Database
from storage.archive.doors import batches, columns_of
from storage.archive.keeping import next_changes
from storage.archive.loading import attached_to, kept_where, load
from storage.archive.verdicts import quiet
from storage.records import Attachment, Confidence, Kept, Sighting
from storage.tables import ARTICLES, ATTACHMENTS, COUNTERS, SIGHTINGS

#: The counters' names begin so; behind it stands the version of the register.
_COUNTER = "attached "
_SIGHTING = [SIGHTINGS.c[name] for name in Sighting.__dataclass_fields__]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What an article tells of: the article as it was read, and what was found in it."""

    kept: Kept
    attached: tuple[Attachment, ...] = ()
    sightings: tuple[Sighting, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """How many articles tell of an event, and how many of these only perhaps."""

    articles: int = 0
    perhaps: int = 0


class Attachments:
    """Attachments and sightings. Every method may raise ArchiveError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def reached(self, version: str) -> int | None:
        """The change number up to which articles are attached by this version of the register; None if none ever was."""
        with self._database.read() as connection:
            return connection.scalar(select(COUNTERS.c.value).where(COUNTERS.c.name == _COUNTER + version))

    def has_any(self) -> bool:
        """Whether any version of a register has attached articles of this archive."""
        with self._database.read() as connection:
            question = select(func.count()).select_from(COUNTERS).where(COUNTERS.c.name.startswith(_COUNTER))
            return bool(connection.scalar(question))

    def unread(self, after: int, limit: int) -> list[Kept]:
        """At most `limit` articles that may tell of events and changed after number `after`, in the order of changes."""
        linked = or_(
            ARTICLES.c.matched,
            ARTICLES.c.id.in_(select(ATTACHMENTS.c.article_id)),
            ARTICLES.c.id.in_(select(SIGHTINGS.c.article_id)),
        )
        question = kept_where(ARTICLES.c.change > after, linked).order_by(ARTICLES.c.change).limit(limit)
        with self._database.read() as connection:
            return load(connection, question)

    def put(
        self,
        told: Sequence[Told],
        *,
        version: str = "",
        reached: int = 0,
        found_before: Mapping[str, Collection[str]] | None = None,
    ) -> int:
        """Puts what these articles tell of in the place of what they told of before; how many differ to see.

        All in one transaction. An article that changed since it was read is passed by. With a version, `reached` is noted
        as the number up to which it has come. `found_before` names subscriptions and the articles each found until now: to
        all other subscriptions those that differ are no news.
        """
        seen = 0
        with self._database.write() as connection:
            standing = _unchanged(connection, told)
            _replace_sightings(connection, standing)
            for one in standing:
                if set(one.attached) != set(one.kept.attached):
                    seen += 1
                    _replace(connection, one)
                    for name in (name for name, found in (found_before or {}).items() if one.kept.id not in found):
                        quiet(connection, name, one.kept)
            if version:
                _note(connection, version, reached)
        return seen

    def counts(self) -> dict[str, Linked]:
        """Events that articles tell of, by id."""
        perhaps = func.sum(case((ATTACHMENTS.c.confidence == Confidence.LOW, 1), else_=0))
        question = select(ATTACHMENTS.c.event, func.count(), perhaps).group_by(ATTACHMENTS.c.event)
        with self._database.read() as connection:
            return {
                event: Linked(articles=count, perhaps=int(low)) for event, count, low in connection.execute(question)
            }

    def of_event(self, event: str, *, limit: int) -> list[Kept]:
        """At most `limit` articles that tell of it, the first published first."""
        ids = select(ATTACHMENTS.c.article_id).where(ATTACHMENTS.c.event == event)
        question = kept_where(ARTICLES.c.id.in_(ids))
        order = (func.coalesce(ARTICLES.c.published_at, ARTICLES.c.first_seen), ARTICLES.c.id)
        with self._database.read() as connection:
            return load(connection, question.order_by(*order).limit(limit))

    def ids_of_event(self, event: str) -> list[str]:
        """All articles that tell of it, by id."""
        with self._database.read() as connection:
            return list(connection.scalars(select(ATTACHMENTS.c.article_id).where(ATTACHMENTS.c.event == event)))

    def sightings(self) -> list[Sighting]:
        """Those whose handle at least two publishers share, by handle and day."""
        shared = (
            select(SIGHTINGS.c.handle)
            .group_by(SIGHTINGS.c.handle)
            .having(func.count(SIGHTINGS.c.publisher.distinct()) > 1)
        )
        question = select(*_SIGHTING).where(SIGHTINGS.c.handle.in_(shared))
        with self._database.read() as connection:
            rows = connection.execute(question.order_by(SIGHTINGS.c.handle, SIGHTINGS.c.day, SIGHTINGS.c.article_id))
            return [Sighting(**row) for row in rows.mappings()]


def _unchanged(connection: Connection, told: Sequence[Told]) -> list[Told]:
    """Those whose article stands as it was read, with the attachments it has now: also where it has no topic any more."""
    found: list[Told] = []
    for batch in batches(told):
        ids = [one.kept.id for one in batch]
        rows = connection.execute(select(ARTICLES.c.id, ARTICLES.c.change).where(ARTICLES.c.id.in_(ids)))
        changes = {row.id: row.change for row in rows}
        attached = attached_to(connection, ids)
        found += [
            replace(one, kept=replace(one.kept, attached=tuple(attached.get(one.kept.id, ()))))
            for one in batch
            if changes.get(one.kept.id) == one.kept.change
        ]
    return found


def _replace(connection: Connection, one: Told) -> None:
    connection.execute(delete(ATTACHMENTS).where(ATTACHMENTS.c.article_id == one.kept.id))
    rows = [{"article_id": one.kept.id} | columns_of(attachment) for attachment in one.attached]
    if rows:
        connection.execute(insert(ATTACHMENTS), rows)
    # Search sees it: the article gets a new change number, and will be read once more, to no effect.
    changed = update(ARTICLES).where(ARTICLES.c.id == one.kept.id)
    connection.execute(changed.values(change=next_changes(connection)))


def _replace_sightings(connection: Connection, told: Sequence[Told]) -> None:
    for batch in batches(told):
        connection.execute(delete(SIGHTINGS).where(SIGHTINGS.c.article_id.in_([one.kept.id for one in batch])))
    rows = [columns_of(sighting) for one in told for sighting in one.sightings]
    if rows:
        connection.execute(insert(SIGHTINGS), rows)


def _note(connection: Connection, version: str, reached: int) -> None:
    name = _COUNTER + version
    others = COUNTERS.c.name.startswith(_COUNTER) & (COUNTERS.c.name != name)
    connection.execute(delete(COUNTERS).where(others))
    raised = update(COUNTERS).where(COUNTERS.c.name == name, COUNTERS.c.value <= reached).values(value=reached)
    known = select(COUNTERS.c.name).where(COUNTERS.c.name == name)
    if not connection.execute(raised).rowcount and connection.scalar(known) is None:
        connection.execute(insert(COUNTERS).values(name=name, value=reached))
