"""A search from words to hits: parse the query, ask the index, fetch the articles, cut the snippets.

One way for the command line and the web, so both find the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from service.assembly import Service
from storage.records import Kept
from storage.search.asking import beside
from storage.search.index import Sort
from storage.search.query import parse_query
from storage.search.results import Nothing, Per, Timeline
from storage.search.snippets import Snippet, snippet
from storage.search.tree import Fact, Query, fact_value


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundHit:
    kept: Kept
    snippet: Snippet


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    #: As typed, and as it was searched: with names in every script.
    asked: Query
    meant: Query
    total: int
    took_ms: float
    hits: tuple[FoundHit, ...]
    facets: Mapping[str, Mapping[str, int]]
    timeline: Timeline
    #: The state of the archive that was searched; given again, later pages fit the first.
    as_of: int
    #: Set when nothing was found.
    nothing: Nothing | None = None


def find(
    service: Service,
    text: str,
    *,
    limit: int = 20,
    offset: int = 0,
    sort: Sort = "relevance",
    like: str = "",
    as_of: int | None = None,
    per: Per | None = None,
    counts: bool = True,
) -> Found:
    """What the archive holds for the query `text`, or of that what is `like` the article of an id.

    Without `counts` there are neither facets nor a timeline. Raises QueryError, which says where and why.
    """
    asked = parse_query(text)
    if like:
        asked = beside(asked, Fact("like", fact_value(like)))
    results = service.index.search(
        asked, limit=limit, offset=offset, sort=sort, now=service.clock(), as_of=as_of, per=per, counts=counts
    )
    kept = service.archive.articles.many([hit.id for hit in results.hits])
    empty = results.total == 0 and asked.root is not None
    return Found(
        asked=asked,
        meant=results.meant,
        total=results.total,
        took_ms=results.took_ms,
        hits=tuple(
            FoundHit(kept=kept[hit.id], snippet=snippet(kept[hit.id], results.meant))
            for hit in results.hits
            if hit.id in kept
        ),
        facets=results.facets,
        timeline=results.timeline,
        as_of=results.as_of,
        nothing=service.index.nothing(asked, as_of=as_of) if empty else None,
    )
