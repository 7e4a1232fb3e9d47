"""The search index: derived from the archive by change number, never the truth. Queries walk in, ids and counts walk out.

`service` opens one for the data folder and shares it between its threads. One process at a time writes (tantivy's lock is let
go by the system when a process dies), any number read. What a commit holds it holds whole, and the last change number it
holds is read from the index itself, so a crash at any moment costs catching up again and nothing else.
"""

import contextlib
import shutil
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Protocol

import structlog
import tantivy

from storage.records import Kept
from storage.search.compiling import matching, ranking
from storage.search.documents import FACETS, document, index_format, schema
from storage.search.errors import IndexUnusable
from storage.search.freshness import WINDOW, freshened
from storage.search.tree import Query

log = structlog.get_logger("search")

#: Articles read from the archive at a time, and added to the index before each commit.
BATCH = 500
COMMIT_EVERY = 20_000
#: Memory a writer may use before it writes a segment, in bytes.
WRITER_MEMORY = 64_000_000
#: Values counted per facet, the commonest first.
MOST_VALUES = 1_000


class Articles(Protocol):
    """What the index asks of the archive."""

    def changed_since(self, change: int, limit: int) -> list[Kept]:
        """Up to `limit` articles whose change number is greater, the smallest first."""

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
    #: outlet, country, language, topic, activity, strength, year, seed -> value -> articles, the most first.
    facets: Mapping[str, Mapping[str, int]]
    took_ms: float


class SearchIndex:
    """Full-text search over what `articles` keeps, in `folder`. Safe to share between threads.

    Opening makes the folder when it is missing, broken or of another format; `catch_up` then fills it. Raises IndexUnusable.
    """

    def __init__(self, folder: Path, articles: Articles) -> None:
        self._root = folder
        self._folder = folder / index_format()
        self._articles = articles
        self._writing = threading.RLock()
        self._reading = threading.Lock()
        self._remove_older_formats()
        self._index = self._open()
        self._seen = self._stamp()

    # -------------------------------------------------------------- filling

    def catch_up(self) -> int:
        """Index what changed since the last time; how many articles that were. 0 when another process is at it."""
        with self._writing:
            index = self._fresh()
            held, last = _held(index), self._articles.last_change()
            if held == last:
                return 0
            if held > last:
                log.warning("index is ahead of the archive, made anew", folder=str(self._root), held=held, archive=last)
                return self.rebuild()
            with self._writer(index) as writer:
                return self._fill(index, writer) if writer else 0

    def rebuild(self) -> int:
        """Index everything anew, searches going on meanwhile; how many articles. 0 when another process is writing."""
        with self._writing:
            index = self._fresh()
            with self._writer(index) as writer:
                if writer is None:
                    return 0
                writer.delete_all_documents()
                done = self._add_since(0, writer, until=None)[0]
                writer.commit()
        log.info("index made anew", folder=str(self._root), articles=done)
        return done

    def _fill(self, index: tantivy.Index, writer: tantivy.IndexWriter) -> int:
        # Another process may have filled it while we waited for its lock.
        index.reload()
        held, total = _held(index), 0
        while True:
            done, held = self._add_since(held, writer, until=COMMIT_EVERY)
            if not done:
                return total
            writer.commit()
            total += done

    def _add_since(self, change: int, writer: tantivy.IndexWriter, *, until: int | None) -> tuple[int, int]:
        """Add what changed since, about `until` articles at most: how many, and the last change number among them."""
        done = 0
        while until is None or done < until:
            batch = self._articles.changed_since(change, BATCH)
            if not batch:
                break
            for kept in batch:
                doc = document(kept)
                writer.delete_documents_by_term("id", doc["id"][0])
                writer.add_document(doc)
            done, change = done + len(batch), batch[-1].change
        return done, change

    @contextlib.contextmanager
    def _writer(self, index: tantivy.Index) -> Iterator[tantivy.IndexWriter | None]:
        """The only writer, given back at the end; None when another process has it. Uncommitted work is dropped on errors."""
        try:
            writer = index.writer(WRITER_MEMORY, 1)
        except ValueError as why:
            if "LockBusy" not in str(why):
                raise self._unusable(why) from why
            log.debug("another process writes the index", folder=str(self._root))
            yield None
            return
        try:
            yield writer
        except (ValueError, OSError) as why:
            writer.rollback()
            raise self._unusable(why) from why
        except BaseException:
            writer.rollback()
            raise
        finally:
            # Also gives the lock back.
            writer.wait_merging_threads()
            index.reload()

    # -------------------------------------------------------------- searching

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
        searcher = self._fresh().searcher()
        total, facets = _counts(searcher, matching(query, _holds(searcher)))
        ranked = ranking(query, _holds(searcher)) if sort == "relevance" else None
        last = min(offset + limit, total)
        if last <= offset:
            found: Sequence[tuple[float, tantivy.DocAddress]] = ()
        elif ranked is None:
            found = _newest(searcher, matching(query, _holds(searcher)), offset, last)
        else:
            found = _best(searcher, ranked, offset, last, now)
        hits = tuple(Hit(searcher.doc(address)["id"][0], score) for score, address in found)
        return Results(total, hits, facets, round((time.perf_counter() - started) * 1000, 3))

    # -------------------------------------------------------------- opening

    def _fresh(self) -> tantivy.Index:
        """The index with the last commit of any process in sight; opened anew when its folder was taken away."""
        with self._reading:
            stamp = self._stamp()
            if stamp is None:
                self._index = self._open()
            elif stamp != self._seen:
                self._index.reload()
            self._seen = self._stamp() if stamp is None else stamp
            return self._index

    def _stamp(self) -> tuple[int, int] | None:
        """Changes with every commit of any process; None when there is no index."""
        try:
            stat = (self._folder / "meta.json").stat()
        except OSError:
            return None
        return stat.st_ino, stat.st_mtime_ns

    def _open(self) -> tantivy.Index:
        try:
            return self._opened()
        except BaseException as why:  # tantivy panics, past Exception, on some broken files
            if isinstance(why, KeyboardInterrupt | SystemExit | OSError):
                raise self._unusable(why) if isinstance(why, OSError) else why from why
            log.warning("index cannot be read, made anew", folder=str(self._root), why=str(why).split("\n")[0])
        shutil.rmtree(self._folder, ignore_errors=True)
        try:
            return self._opened()
        except (OSError, ValueError) as why:
            raise self._unusable(why) from why

    def _opened(self) -> tantivy.Index:
        self._folder.mkdir(parents=True, exist_ok=True)
        index = tantivy.Index(schema(), path=str(self._folder))
        index.config_reader("manual")
        index.reload()
        _counts(index.searcher(), tantivy.Query.all_query())
        return index

    def _remove_older_formats(self) -> None:
        for old in self._root.glob("*") if self._root.is_dir() else ():
            if old != self._folder and old.is_dir():
                log.info("index of another format, made anew", folder=str(old))
                shutil.rmtree(old, ignore_errors=True)

    def _unusable(self, why: Exception) -> IndexUnusable:
        return IndexUnusable(
            f"The search index in {self._root} cannot be used ({why}). See that the disk has room and that this user may "
            "write there; the folder may be deleted, it is made anew from the archive."
        )


def _held(index: tantivy.Index) -> int:
    """The greatest change number the index holds."""
    answer = index.searcher().aggregate(tantivy.Query.all_query(), {"last": {"max": {"field": "change"}}})
    return int(answer["last"]["value"] or 0)


def _holds(searcher: tantivy.Searcher) -> Any:
    return lambda fact: searcher.doc_freq("facts", fact) > 0


_COUNTS: dict[str, Any] = {
    "total": {"value_count": {"field": "change"}},
    **{facet: {"terms": {"field": facet, "size": MOST_VALUES}} for facet in FACETS},
}


def _counts(searcher: tantivy.Searcher, query: tantivy.Query) -> tuple[int, dict[str, dict[str, int]]]:
    """How many articles match, and how many of them hold each value of each facet."""
    answer = searcher.aggregate(query, _COUNTS)
    facets = {facet: {bucket["key"]: bucket["doc_count"] for bucket in answer[facet]["buckets"]} for facet in FACETS}
    return int(answer["total"]["value"]), facets


Ordered = Sequence[tuple[float, tantivy.DocAddress]]


def _newest(searcher: tantivy.Searcher, query: tantivy.Query, offset: int, last: int) -> Ordered:
    found = searcher.search(query, last - offset, count=False, order_by_field="order", offset=offset)
    return [(0.0, address) for _, address in found.hits]


def _best(searcher: tantivy.Searcher, query: tantivy.Query, offset: int, last: int, now: datetime) -> Ordered:
    found = searcher.search(query, max(last, WINDOW), count=False).hits
    addresses = [address for _, address in found]
    orders = searcher.fast_field_values("order", addresses)
    scored = [(score, int(order or 0), address) for (score, address), order in zip(found, orders, strict=True)]
    return [(score, address) for score, _, address in freshened(scored, now=now)[offset:last]]
