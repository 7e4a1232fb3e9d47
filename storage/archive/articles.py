"""What may be asked of the archive about articles. Articles and verdicts walk in, `Kept` walks out.

Only `service`, `storage.search` and tests call it, through `Archive.articles`.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select

from storage.archive.database import Database
from storage.archive.doors import batches
from storage.archive.keeping import clean, identity, keep_article, knows_address
from storage.archive.loading import kept_where, load, load_one, revisions_of
from storage.columns import storable
from storage.records import Article, Change, Kept, Revision, Verdict
from storage.revisions import compare
from storage.tables import ADDRESSES, ARTICLES, COUNTERS

#: Characters. An id is typed by people and stands in addresses.
_LONGEST_ID = 200


class Articles:
    """Articles, their revisions and verdicts. Every method may raise ArchiveError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(
        self,
        article: Article,
        verdict: Verdict,
        *,
        now: datetime,
        seed: bool = False,
        id: str = "",
        late: bool = False,
        captured: datetime | None = None,
    ) -> tuple[Change, Kept]:
        """What `article` is to the archive, and how it stands there afterwards: kept whole, or not at all.

        NEW and REVISED take `verdict` with them; SAME leaves all as it was, the verdict too (see `Verdicts.replace`). `id` is
        wished for a new article and taken unless another article has it or it is longer than 200 characters; else one is
        made from (outlet, canonical_id), alike in every archive. `captured` is when the page was fetched, `now` unless given.
        """
        article = clean(article)
        # Most of what a feed lists is known: finding that out should wait for nobody's write.
        if (same := self._same(article)) is not None:
            return Change.SAME, same
        wished = storable(id) if len(id) <= _LONGEST_ID else ""
        with self._database.write() as connection:
            return keep_article(
                connection, article, verdict, now=now, captured=captured or now, id=wished, seed=seed, late=late
            )

    def _same(self, article: Article) -> Kept | None:
        with self._database.read() as connection:
            kept = load_one(connection, kept_where(identity(article)))
            if kept is None or compare(kept.article, article) is not Change.SAME:
                return None
            return kept if knows_address(connection, kept, article.url) else None

    def get(self, id: str) -> Kept | None:
        return self.many([id]).get(id)

    def many(self, ids: Collection[str]) -> dict[str, Kept]:
        """Those of `ids` that are known, in the order asked for."""
        found: dict[str, Kept] = {}
        with self._database.read() as connection:
            for batch in batches(ids):
                found |= {kept.id: kept for kept in load(connection, kept_where(ARTICLES.c.id.in_(batch)))}
        return {id: found[id] for id in ids if id in found}

    def find(self, outlet: str, canonical_id: str) -> Kept | None:
        condition = (ARTICLES.c.outlet == outlet) & (ARTICLES.c.canonical_id == canonical_id)
        with self._database.read() as connection:
            return load_one(connection, kept_where(condition))

    def by_url(self, url: str) -> Kept | None:
        """The article met at this very address, first or later; news before a seed record of the same page."""
        first = select(ARTICLES.c.id).where(ARTICLES.c.url == url)
        later = select(ADDRESSES.c.article_id).where(ADDRESSES.c.url == url)
        # Joined and not OR'd, for which PostgreSQL would read every article.
        question = kept_where(ARTICLES.c.id.in_(first.union_all(later)))
        with self._database.read() as connection:
            order = (ARTICLES.c.seed, ARTICLES.c.first_seen, ARTICLES.c.id)
            return load_one(connection, question.order_by(*order))

    def revisions(self, id: str) -> list[Revision]:
        """Every text the article has had, the first one first."""
        with self._database.read() as connection:
            return list(revisions_of(connection, [id]).get(id, ()))

    def newest(self, *, limit: int, offset: int = 0, matched_only: bool = True) -> list[Kept]:
        """What was first seen last comes first; `matched_only` leaves out what no topic claims."""
        question = kept_where(*([ARTICLES.c.matched] if matched_only else []))
        order = (ARTICLES.c.first_seen.desc(), ARTICLES.c.id.desc())
        with self._database.read() as connection:
            return load(connection, question.order_by(*order).limit(limit).offset(offset))

    def changed_since(self, change: int, limit: int) -> list[Kept]:
        """At most `limit` articles whose last visible change came after number `change`, in the order of changes."""
        question = kept_where(ARTICLES.c.change > change).order_by(ARTICLES.c.change).limit(limit)
        with self._database.read() as connection:
            return load(connection, question)

    def last_change(self) -> int:
        """The number of the last visible change; 0 in an empty archive."""
        return self._counter("change")

    def identity(self) -> int:
        """The archive's own number, drawn when it was made; a copy in another store keeps it."""
        return self._counter("identity")

    def _counter(self, name: str) -> int:
        with self._database.read() as connection:
            return connection.scalar(select(COUNTERS.c.value).where(COUNTERS.c.name == name)) or 0

    def count(self, *, matched_only: bool = False) -> int:
        question = select(func.count()).select_from(ARTICLES)
        with self._database.read() as connection:
            return connection.scalar(question.where(ARTICLES.c.matched) if matched_only else question) or 0
