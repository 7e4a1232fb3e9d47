"""A search from words to hits: parse the query, ask the index, fetch the articles, cut the snippets.

One way for the command line and the web, so both find the same.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from service.assembly import Service
from storage.records import Kept, Revision
from storage.search.asking import beside
from storage.search.errors import QueryError
from storage.search.former import answering
from storage.search.index import Sort
from storage.search.query import parse_query
from storage.search.results import Nothing, Per, Timeline
from storage.search.snippets import Snippet, snippet
from storage.search.tree import Fact, Query, fact_value


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundHit:
    kept: Kept
    snippet: Snippet
    #: The text that answers, where that is not the present one; the snippet is cut from it.
    earlier: Revision | None = None


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

    Without `counts` there are neither facets nor a timeline. Raises QueryError, which says where and why, for a query that
    cannot be read and for an event nobody knows.
    """
    asked = parse_query(text)
    if like:
        asked = beside(asked, Fact("like", fact_value(like)))
    results = service.index.search(
        asked, limit=limit, offset=offset, sort=sort, now=service.clock(), as_of=as_of, per=per, counts=counts
    )
    kept = service.archive.articles.many([hit.id for hit in results.hits])
    empty = results.total == 0 and asked.root is not None
    if empty:
        _refuse_unknown_events(service, asked, text)
    return Found(
        asked=asked,
        meant=results.meant,
        total=results.total,
        took_ms=results.took_ms,
        hits=tuple(_hit(kept[hit.id], results.meant) for hit in results.hits if hit.id in kept),
        facets=results.facets,
        timeline=results.timeline,
        as_of=results.as_of,
        nothing=service.index.nothing(asked, as_of=as_of) if empty else None,
    )


def _hit(kept: Kept, query: Query) -> FoundHit:
    earlier = answering(kept, query)
    if earlier is None:
        return FoundHit(kept=kept, snippet=snippet(kept, query))
    as_it_was = replace(kept, article=replace(kept.article, title=earlier.title, text=earlier.text))
    return FoundHit(kept=kept, snippet=snippet(as_it_was, query), earlier=earlier)


def _refuse_unknown_events(service: Service, asked: Query, text: str) -> None:
    """What asks for an event that is in no register and no article is a slip of the pen, and no empty answer."""
    for leaf in asked.leaves():
        if not isinstance(leaf, Fact) or leaf.name != "event" or leaf.value.endswith("*"):
            continue
        register = service.register
        if not any(fact_value(id) == leaf.value for id in register.events) and not register.knows(leaf.value):
            near = register.near(leaf.value)
            place = re.search(r"event\s*[:：]", text, re.IGNORECASE)
            meant = (
                f"Did you mean {' or '.join(f'event:{id}' for id in near)}?" if near else "Write event:joint_sea-2025."
            )
            hint = f"{meant} See them all: entente events list, or the page Chronology."
            raise QueryError(f"There is no event {leaf.value!r}", place.end() if place else 0, hint)
