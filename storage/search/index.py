"""The search index: derived from the archive by change number, never the truth. Queries walk in, ids and counts walk out.

`service` opens one for the data folder and shares it between its threads. One process at a time writes (tantivy's lock is let
go by the system when a process dies), any number read. What a commit holds it holds whole, and the last change number it
holds is read from the index itself, so a crash at any moment costs catching up again and nothing else.
"""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, Protocol

import structlog
import tantivy

from storage.records import Condition, Kept
from storage.search.compiling import matching, ranking
from storage.search.documents import FACETS, document
from storage.search.errors import IndexUnusable
from storage.search.folder import IndexFolder
from storage.search.freshness import WINDOW, freshened
from storage.search.holding import Holding
from storage.search.tree import Query

log = structlog.get_logger("search")

#: Articles read from the archive at a time, and added to the index before each commit.
BATCH = 500
COMMIT_EVERY = 20_000
#: Values counted per facet, the commonest first.
MOST_VALUES = 1_000


class Articles(Protocol):
    """What the index asks of the archive."""

    def changed_since(self, change: int, limit: int) -> list[Kept]:
        """Up to `limit` articles whose change number is greater, the smallest first."""

    def identity(self) -> int:
        """The archive's own number, by which an index knows whose it is."""

    def last_change(self) -> int:
        """The greatest change number given so far; 0 for an empty archive."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An article found, by id; the score compares hits of one search."""

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class Results:
    """One page of what a query found, and counts over all of it."""

    total: int
    hits: tuple[Hit, ...]
    #: outlet, country, language, topic, activity, event, strength, year, seed -> value -> articles, the most first.
    facets: Mapping[str, Mapping[str, int]]
    took_ms: float


@dataclass(frozen=True, slots=True)
class Candidates:
    """Ids of all articles that may meet a condition, of those whose change number is at most `change`."""

    ids: tuple[str, ...]
    change: int


class SearchIndex:
    """Full-text search over what `articles` keeps, in `folder`. Safe to share between threads.

    Opening makes the folder when it is missing, broken or of another format; `catch_up` then fills it. Every method raises
    IndexUnusable when the disk refuses.
    """

    def __init__(self, folder: Path, articles: Articles) -> None:
        self._folder = IndexFolder(folder, archive=articles.identity())
        self._articles = articles
        self._writing = threading.RLock()
        self._healed = False

    def catch_up(self) -> int:
        """Index what changed since the last time; how many articles that were. 0 when another process is at it."""
        with self._writing:
            held, last = self.held(), self._articles.last_change()
            if held == last:
                return 0
            if held > last:
                log.warning("index is ahead of the archive, made anew", index=held, archive=last)
                return self.rebuild()
            with self._folder.writer() as writer:
                # Asked again: another process may have caught up while this one waited.
                return 0 if writer is None else self._fill(writer, self.held())

    def rebuild(self) -> int:
        """Index everything anew while searches go on in what there was; how many articles. 0 when another process writes."""
        with self._writing, self._folder.writer() as writer:
            if writer is None:
                return 0
            writer.delete_all_documents()
            done, _ = self._add_since(0, writer, until=None)
            self._commit(writer)
        log.info("index made anew", articles=done)
        return done

    def search(
        self,
        query: Query,
        *,
        limit: int = 20,
        offset: int = 0,
        sort: Literal["relevance", "date"] = "relevance",
        now: datetime,
    ) -> Results:
        """Hits `offset` to `offset + limit` of what `query` finds, with counts over all of it.

        By relevance, newer articles weigh a little more at `now`; without a word to rank by, and by date, the newest come
        first. The order is total, so pages neither overlap nor skip.
        """
        started = time.perf_counter()
        if not self._folder.is_there():
            self.catch_up()
        try:
            page = self._page(query, limit, offset, sort, now)
        except IndexUnusable as why:
            self._heal(why)
            page = self._page(query, limit, offset, sort, now)
        return Results(*page, took_ms=round((time.perf_counter() - started) * 1000, 3))

    def candidates(self, condition: Condition, *, since: date | None = None) -> Candidates:
        """Every article the index holds that meets `condition`, and some that do not; published `since` that day (UTC)."""
        searcher = self._folder.fresh().searcher()
        with self._folder.troubles():
            query = Holding(searcher).matching(condition, since=since)
            found = searcher.search(query, max(1, searcher.num_docs), count=False, order_by_field="order").hits
            ids = tuple(searcher.doc(address)["id"][0] for _, address in found)
            return Candidates(ids, _last(searcher))

    def _page(
        self, query: Query, limit: int, offset: int, sort: str, now: datetime
    ) -> tuple[int, tuple[Hit, ...], Mapping[str, Mapping[str, int]]]:
        searcher = self._folder.fresh().searcher()
        with self._folder.troubles():
            holds = _holds(searcher)
            matched = matching(query, holds)
            total, facets = _counts(searcher, matched)
            ranked = ranking(query, holds) if sort == "relevance" else None
            first, last = min(offset, total), min(offset + limit, total)
            if first >= last:
                found: Ordered = ()
            elif ranked is None:
                found = _newest(searcher, matched, first, last)
            else:
                found = _best(searcher, ranked, first, last, now)
            return total, tuple(Hit(searcher.doc(address)["id"][0], score) for score, address in found), facets

    def _heal(self, why: IndexUnusable) -> None:
        """Make the index anew when its files turn out broken; once, lest something else be wrong and it be made for ever."""
        with self._writing:
            if not self._healed:
                self._healed = True
                log.warning("index is broken, made anew", why=str(why.__cause__).split("\n")[0])
                self._folder.remake()
                self.catch_up()

    def held(self) -> int:
        """The greatest change number the index holds: what was kept up to it can be found."""
        searcher = self._folder.fresh().searcher()
        with self._folder.troubles():
            return _last(searcher)

    def _fill(self, writer: tantivy.IndexWriter, held: int) -> int:
        total = 0
        while True:
            done, held = self._add_since(held, writer, until=COMMIT_EVERY)
            if not done:
                return total
            self._commit(writer)
            total += done

    def _add_since(self, change: int, writer: tantivy.IndexWriter, *, until: int | None) -> tuple[int, int]:
        """Add what changed since, about `until` articles at most: how many, and the last change number among them."""
        done = 0
        while until is None or done < until:
            batch = self._articles.changed_since(change, BATCH)
            if not batch:
                break
            for doc in map(document, batch):
                with self._folder.troubles():
                    writer.delete_documents_by_term("id", doc["id"][0])
                    writer.add_document(doc)
            done, change = done + len(batch), batch[-1].change
        return done, change

    def _commit(self, writer: tantivy.IndexWriter) -> None:
        with self._folder.troubles():
            writer.commit()


# ------------------------------------------------------------------ asking tantivy

Ordered = Sequence[tuple[float, tantivy.DocAddress]]

_COUNTS: dict[str, Any] = {
    "total": {"value_count": {"field": "change"}},
    **{facet: {"terms": {"field": facet, "size": MOST_VALUES}} for facet in FACETS},
}


def _last(searcher: tantivy.Searcher) -> int:
    """The greatest change number this state of the index holds."""
    answer = searcher.aggregate(tantivy.Query.all_query(), {"last": {"max": {"field": "change"}}})
    return int(answer["last"]["value"] or 0)


def _holds(searcher: tantivy.Searcher) -> Callable[[str], bool]:
    return lambda fact: searcher.doc_freq("facts", fact) > 0


def _counts(searcher: tantivy.Searcher, query: tantivy.Query) -> tuple[int, dict[str, dict[str, int]]]:
    """How many articles match, and how many of them hold each value of each facet."""
    answer = searcher.aggregate(query, _COUNTS)
    facets = {facet: {bucket["key"]: bucket["doc_count"] for bucket in answer[facet]["buckets"]} for facet in FACETS}
    return int(answer["total"]["value"]), facets


def _newest(searcher: tantivy.Searcher, query: tantivy.Query, first: int, last: int) -> Ordered:
    found = searcher.search(query, last - first, count=False, order_by_field="order", offset=first)
    return [(0.0, address) for _, address in found.hits]


def _best(searcher: tantivy.Searcher, query: tantivy.Query, first: int, last: int, now: datetime) -> Ordered:
    found = searcher.search(query, max(last, WINDOW), count=False).hits
    orders = searcher.fast_field_values("order", [address for _, address in found])
    scored = [(score, int(order or 0), address) for (score, address), order in zip(found, orders, strict=True)]
    return [(score, address) for score, _, address in freshened(scored, now=now)[first:last]]
