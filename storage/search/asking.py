"""Questions put to one state of the index: which articles match, in which order, how many of what kind. Only `index` asks.

Everything here is answered by tantivy from posting lists and columns; nothing reads articles one by one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import tantivy
from tantivy import Occur

from storage.search.compiling import Known, is_flat, kept_until, matching, of_these, ranking, sieve
from storage.search.documents import FACETS, MONTHS_A_YEAR
from storage.search.freshness import WINDOW, freshened
from storage.search.results import Hit, Per, Timeline
from storage.search.tree import And, Fact, Part, Query

#: Values counted per facet, the commonest first.
MOST_VALUES = 1_000
#: A timeline of so many months or fewer is told day by day.
FEW_MONTHS = 2

#: Hits asked for at once without knowing how many there are.
AT_ONCE = 1_000
#: Of more hits than this the best are sought among the best of the words alone: so many more than are wanted, should they
#: pass what else is asked as often as all others, times this; but at most so many.
MANY, SPARE, MOST_SIFTED = 20_000, 1.5, 6_000

#: (score, place) of each hit; with its sort key between.
Ordered = Sequence[tuple[float, tantivy.DocAddress]]
Scored = Sequence[tuple[float, int, tantivy.DocAddress]]

_COUNTS: dict[str, Any] = {
    "total": {"value_count": {"field": "change"}},
    "month": {"histogram": {"field": "month", "interval": 1, "min_doc_count": 1}},
    **{facet: {"terms": {"field": facet, "size": MOST_VALUES}} for facet in FACETS},
}
#: Facets whose counts hang together: a strength beside a topic is the strength of that topic.
_PAIRED = ("topic", "strength")


@dataclass(frozen=True, slots=True)
class State:
    """What the index held after one commit; it stays as it is while others write."""

    searcher: tantivy.Searcher
    #: The greatest change number it holds.
    held: int


def state_of(index: tantivy.Index) -> State:
    searcher = index.searcher()
    answer = searcher.aggregate(tantivy.Query.all_query(), {"last": {"max": {"field": "change"}}})
    return State(searcher, int(answer["last"]["value"] or 0))


def counted(searcher: tantivy.Searcher, query: tantivy.Query) -> int:
    """How many articles match."""
    return int(searcher.aggregate(query, {"total": {"value_count": {"field": "change"}}})["total"]["value"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Which hits are wanted, in which order."""

    offset: int
    limit: int
    by_relevance: bool
    now: datetime


@dataclass(frozen=True, slots=True)
class Question:
    """A query put to a state."""

    state: State
    query: Query
    #: What is like an article: answers `like:`.
    like: Callable[[str], tantivy.Query]
    #: What is of its story: answers `story:`.
    story: Callable[[str], tantivy.Query]
    #: Only what was kept until that change; None: all there is.
    as_of: int | None = None

    def counts(self, per: Per | None) -> tuple[int, dict[str, dict[str, int]], Timeline]:
        """How many articles match, how many of them hold each value of each facet, and when they were published."""
        answer = self.state.searcher.aggregate(self._matching(), _COUNTS)
        facets = {
            facet: {bucket["key"]: bucket["doc_count"] for bucket in answer[facet]["buckets"]} for facet in FACETS
        }
        if any(isinstance(leaf, Fact) and leaf.name in _PAIRED for leaf in self.query.leaves()):
            facets.update({facet: self._narrowed(facet, facets[facet]) for facet in _PAIRED})
        months = {int(bucket["key"]): bucket["doc_count"] for bucket in answer["month"]["buckets"]}
        per = per or ("day" if 0 < len(months) <= FEW_MONTHS and max(months) - min(months) < FEW_MONTHS else "month")
        timeline = Timeline(per, self._by_day() if per == "day" else _by_month(months))
        return int(answer["total"]["value"]), facets, timeline

    def total(self) -> int:
        return counted(self.state.searcher, self._matching())

    def hits(self, turn: Turn, total: int | None = None) -> tuple[int, tuple[Hit, ...]]:
        """How many there are, where `total` does not tell it already, and those of one turn: by relevance if there is
        anything to rank by, else the newest first."""
        ranked = ranking(self.query, self._known) if turn.by_relevance else None
        if total is None and (turn.limit > AT_ONCE or (ranked is not None and self._may_be_pruned())):
            total = self.total()
        if turn.limit == 0 or (total is not None and turn.offset >= total):
            return self.total() if total is None else total, ()
        last = turn.offset + turn.limit
        turn = replace(turn, limit=(last if total is None else min(last, total)) - turn.offset)
        count, found = self._newest(turn, total) if ranked is None else self._best(self._until(ranked), turn, total)
        hits = tuple(Hit(self.state.searcher.doc(address)["id"][0], score) for score, address in found)
        return count if total is None else total, hits

    def _may_be_pruned(self) -> bool:
        """Whether the best are found without meeting every hit, so that counting them is another matter."""
        return self.as_of is None and (is_flat(self.query) or sieve(self.query) is not None)

    def _matching(self) -> tantivy.Query:
        return self._until(matching(self.query, self._known))

    def _until(self, query: tantivy.Query) -> tantivy.Query:
        return query if self.as_of is None else kept_until(query, self.as_of)

    @property
    def _known(self) -> Known:
        return Known(lambda fact: self.state.searcher.doc_freq("facts", fact) > 0, self.like, self.story)

    def _newest(self, turn: Turn, total: int | None) -> tuple[int, Ordered]:
        found = self.state.searcher.search(
            self._matching(), turn.limit, count=total is None, order_by_field="order", offset=turn.offset
        )
        return _counted_in(found), [(0.0, address) for _, address in found.hits]

    def _best(self, query: tantivy.Query, turn: Turn, total: int | None) -> tuple[int, Ordered]:
        last = turn.offset + turn.limit
        wanted = max(last, WINDOW)
        count, scored = 0, self._sifted(wanted, total) if total is not None and total > MANY else None
        if scored is None:
            found = self.state.searcher.search(query, wanted, count=total is None)
            count, scored = _counted_in(found), self._with_order(found.hits)
        return count, [(score, address) for score, _, address in freshened(scored, now=turn.now)[turn.offset : last]]

    def _sifted(self, wanted: int, total: int) -> Scored | None:
        """The best so many of a word that stands in very many articles, sifted afterwards by all else that is asked: the
        best of a word alone are found without meeting them all. None where too much would have to be sifted."""
        parted = sieve(self.query) if self.as_of is None else None
        if parted is None or not is_flat(parted[0]):
            return None
        words, rest = (replace(self, query=part) for part in parted)
        ranked = ranking(words.query, self._known)
        most = int(SPARE * wanted * words.total() / total) + wanted
        if ranked is None or most > MOST_SIFTED:
            return None
        best = self._with_order(self.state.searcher.search(ranked, most, count=False).hits)
        keys = of_these([order for _, order, _ in best])
        passing = tantivy.Query.boolean_query([(Occur.Must, rest._matching()), (Occur.Must, keys)])
        passed = self.state.searcher.search(passing, most, count=False, order_by_field="order").hits
        orders = {order for order, _ in passed}
        kept = [one for one in best if one[1] in orders]
        return kept[:wanted] if len(kept) >= wanted else None

    def _with_order(self, found: Ordered) -> Scored:
        orders = self.state.searcher.fast_field_values("order", [address for _, address in found])
        return [(score, int(order or 0), address) for (score, address), order in zip(found, orders, strict=True)]

    def _narrowed(self, facet: str, counts: Mapping[str, int]) -> dict[str, int]:
        """The counts that a click would find: of the query with each value asked for beside the rest."""
        narrowed = {value: replace(self, query=beside(self.query, Fact(facet, value))).total() for value in counts}
        return dict(sorted(((v, n) for v, n in narrowed.items() if n), key=lambda item: -item[1]))

    def _by_day(self) -> dict[str, int]:
        wanted = {"day": {"histogram": {"field": "day", "interval": 1, "min_doc_count": 1}}}
        answer = self.state.searcher.aggregate(self._matching(), wanted)
        return {
            (date.min + timedelta(days=int(bucket["key"]))).isoformat(): bucket["doc_count"]
            for bucket in answer["day"]["buckets"]
        }


def _counted_in(found: tantivy.SearchResult) -> int:
    count: int | None = found.count  # type: ignore[attr-defined]  # its stubs do not know of it
    return count or 0


def beside(query: Query, part: Part) -> Query:
    """`query` with one more part that must be met."""
    match query.root:
        case None:
            return replace(query, root=part)
        case And(parts):
            return replace(query, root=And((*parts, part)))
        case root:
            return replace(query, root=And((root, part)))


def _by_month(months: Mapping[int, int]) -> dict[str, int]:
    return {
        f"{month // MONTHS_A_YEAR:04d}-{month % MONTHS_A_YEAR + 1:02d}": count
        for month, count in sorted(months.items())
    }
