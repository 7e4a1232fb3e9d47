"""The search index: derived from the archive by change number, never the truth. Queries walk in, ids and counts walk out.

`service` opens one for the data folder and shares it between its threads. One process at a time writes (tantivy's lock is let
go by the system when a process dies), any number read. What a commit holds it holds whole, and the last change number it
holds is read from the index itself, so a crash at any moment costs catching up again and nothing else.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Literal, Protocol, TypeVar

import structlog
import tantivy
from tantivy import Occur

from storage.records import Condition, Kept
from storage.search.asking import Question, State, Turn
from storage.search.compiling import one_fact
from storage.search.documents import document
from storage.search.errors import IndexUnusable
from storage.search.folder import IndexFolder
from storage.search.holding import Holding
from storage.search.likeness import alike
from storage.search.naming import Glossary, meant
from storage.search.nothing import explain
from storage.search.results import Candidates, Nothing, Per, Results, Suggestion, Timeline
from storage.search.suggesting import suggest
from storage.search.tree import Query, fact_value

log = structlog.get_logger("search")

#: Articles read from the archive at a time, and added to the index before each commit.
BATCH = 500
COMMIT_EVERY = 60_000
#: Readers turn pages: so many states of the index are held for them after newer ones came.
STATES = 16


Sort = Literal["relevance", "date"]
Answer = TypeVar("Answer")


class Articles(Protocol):
    """What the index asks of the archive."""

    def changed_since(self, change: int, limit: int) -> list[Kept]:
        """Up to `limit` articles whose change number is greater, the smallest first."""

    def identity(self) -> int:
        """The archive's own number, by which an index knows whose it is."""

    def last_change(self) -> int:
        """The greatest change number given so far; 0 for an empty archive."""

    def get(self, id: str) -> Kept | None:
        """The article of that id."""


class SearchIndex:
    """Full-text search over what `articles` keeps, in `folder`. Safe to share between threads.

    The first question makes the folder when it is missing, broken or of another format; `catch_up` then fills it. Every method
    raises IndexUnusable when the disk refuses.
    """

    def __init__(
        self,
        folder: Path,
        articles: Articles,
        *,
        names: Callable[[], Glossary] = Glossary,
        members: Callable[[str], Sequence[str]] = lambda id: (id,),
    ) -> None:
        """`names` are asked for once, when first searched for; `members` is who is of one story with an article, by id."""
        self._folder = IndexFolder(folder, archive=articles.identity())
        self._articles = articles
        self._names = cache(names)
        self._members = members
        self._shown: OrderedDict[int, State] = OrderedDict()
        self._writing, self._turning = threading.RLock(), threading.Lock()
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

    def rebuild(self, advance: Callable[[int], None] = lambda _: None) -> int:
        """Index everything anew while searches go on in what there was; how many articles. 0 when another process writes.

        `advance` hears how many articles each step added. Of an index too broken to be written nothing stays.
        """
        with self._writing:
            try:
                done = self._rebuilt(advance)
            except IndexUnusable as why:
                if not why.can_be_made_anew:  # what there was is the best there can be
                    raise
                log.warning("index is broken, made anew", why=str(why.__cause__).split("\n")[0])
                self._folder.remake()
                done = self._rebuilt(advance)
        log.info("index made anew", articles=done)
        return done

    def _rebuilt(self, advance: Callable[[int], None]) -> int:
        with self._folder.writer() as writer:
            if writer is None:
                return 0
            writer.delete_all_documents()
            done, _ = self._add_since(0, writer, until=None, advance=advance)
            self._commit(writer)
            return done

    def search(
        self,
        query: Query,
        *,
        limit: int = 20,
        offset: int = 0,
        sort: Sort = "relevance",
        now: datetime,
        as_of: int | None = None,
        per: Per | None = None,
        counts: bool = True,
    ) -> Results:
        """Hits `offset` to `offset + limit` of what `query` finds, with counts over all of it unless they are not wanted.

        By relevance, newer articles weigh a little more at `now`; without a word to rank by, and by date, the newest come
        first. The order is total, so pages neither overlap nor skip; `as_of`, taken from the first page, keeps them so while
        articles arrive: what was kept since is left out. The timeline counts `per` day or month; None: as its length asks.
        """
        names = self._names()
        started = time.perf_counter()
        meant_query = meant(query, names)
        page = Page(meant_query, limit, offset, sort, now, as_of, per, counts)
        found = self._answered(lambda: self._page(page))
        return replace(found, took_ms=round((time.perf_counter() - started) * 1000, 3))

    def nothing(self, query: Query, *, as_of: int | None = None) -> Nothing:
        """Why `query` finds nothing, and what may be tried instead."""
        names = self._names()

        def explained() -> Nothing:
            state, until = self._state(as_of)
            return explain(
                query,
                lambda other: Question(
                    state, meant(other, names), self._like(state), self._story(state), until
                ).total(),
                state.searcher,
                names,
            )

        return self._answered(explained)

    def suggestions(self, typed: str) -> tuple[Suggestion, ...]:
        """Ways to go on with a query of which `typed` has been typed."""
        return self._answered(lambda: suggest(typed, self._state(None)[0].searcher, self._names()))

    def candidates(self, condition: Condition, *, since: date | None = None) -> Candidates:
        """Every article the index holds that meets `condition`, and some that do not; published `since` that day (UTC)."""
        state = self._folder.state()
        searcher = state.searcher
        with self._folder.troubles():
            query = Holding(searcher).matching(condition, since=since)
            found = searcher.search(query, max(1, searcher.num_docs), count=False, order_by_field="order").hits
            ids = tuple(searcher.doc(address)["id"][0] for _, address in found)
            return Candidates(ids, state.held)

    def _answered(self, ask: Callable[[], Answer]) -> Answer:
        """What `ask` answers, asked again once if the index had to be made anew for it."""
        if not self._folder.is_there():
            self.catch_up()
        try:
            with self._folder.troubles():
                return ask()
        except IndexUnusable as why:
            self._heal(why)
            with self._folder.troubles():
                return ask()

    def _page(self, page: "Page") -> Results:
        state, until = self._state(page.as_of)
        question = Question(state, page.query, self._like(state), self._story(state), until)
        total, facets, timeline = question.counts(page.per) if page.counts else (None, {}, Timeline())
        turn = Turn(offset=page.offset, limit=page.limit, by_relevance=page.sort == "relevance", now=page.now)
        total, hits = question.hits(turn, total)
        return Results(total, hits, facets, timeline, 0.0, until or state.held, page.query)

    def _state(self, as_of: int | None) -> tuple[State, int | None]:
        """The state a page was made from, while it is held; else the newest, with the change to go no further than."""
        newest = self._folder.state()
        with self._turning:
            state = newest if as_of is None else self._shown.get(as_of, newest)
            self._shown[state.held] = state
            self._shown.move_to_end(state.held)
            while len(self._shown) > STATES:
                self._shown.popitem(last=False)
        return state, as_of if as_of is not None and as_of < state.held else None

    def _like(self, state: State) -> Callable[[str], tantivy.Query]:
        def like(id: str) -> tantivy.Query:
            known = _spelled(state, id)
            kept = self._articles.get(known) if known else None
            return tantivy.Query.empty_query() if kept is None else alike(kept, state.searcher, self._names())

        return like

    def _story(self, state: State) -> Callable[[str], tantivy.Query]:
        def story(id: str) -> tantivy.Query:
            known = _spelled(state, id)
            members = self._members(known) or [known] if known else []
            return tantivy.Query.boolean_query([(Occur.Should, one_fact(f"id={fact_value(one)}")) for one in members])

        return story

    def _heal(self, why: IndexUnusable) -> None:
        """Make the index anew when its files turn out broken; once, lest something else be wrong and it be made for ever."""
        with self._writing:
            if not self._healed:
                self._healed = True
                log.warning("index is broken, made anew", why=str(why.__cause__).split("\n")[0])
                self._folder.remake()
                self._shown.clear()
                self.catch_up()

    def held(self) -> int:
        """The greatest change number the index holds: what was kept up to it can be found."""
        return self._folder.state().held

    def changes(self) -> set[int]:
        """The change numbers of all articles it holds, as they stood when they were indexed."""
        searcher = self._folder.state().searcher
        with self._folder.troubles():
            everything = tantivy.Query.all_query()
            found = searcher.search(everything, max(1, searcher.num_docs), count=False, order_by_field="change").hits
        return {int(change) for change, _ in found}

    def _fill(self, writer: tantivy.IndexWriter, held: int) -> int:
        total = 0
        while True:
            done, held = self._add_since(held, writer, until=COMMIT_EVERY)
            if not done:
                return total
            self._commit(writer)
            total += done

    def _add_since(
        self,
        change: int,
        writer: tantivy.IndexWriter,
        *,
        until: int | None,
        advance: Callable[[int], None] = lambda _: None,
    ) -> tuple[int, int]:
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
            advance(len(batch))
        return done, change

    def _commit(self, writer: tantivy.IndexWriter) -> None:
        with self._folder.troubles():
            writer.commit()


@dataclass(frozen=True, slots=True)
class Page:
    """What was asked for, all told."""

    query: Query
    limit: int
    offset: int
    sort: Sort
    now: datetime
    as_of: int | None
    per: Per | None
    counts: bool


def _spelled(state: State, id: str) -> str:
    """The id of an article as it is kept; a query knows it folded. Empty where there is none."""
    found = state.searcher.search(one_fact(f"id={fact_value(id)}"), 1, count=False).hits
    return str(state.searcher.doc(found[0][1])["id"][0]) if found else ""
