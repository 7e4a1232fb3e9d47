"""A search from words to hits: parse the query, ask the index, fetch the articles, cut the snippets.

One way for the command line and the web, so both find the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from service.assembly import Service
from storage.records import Kept
from storage.search.query import parse_query
from storage.search.snippets import Snippet, snippet


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundHit:
    kept: Kept
    snippet: Snippet


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    total: int
    took_ms: float
    hits: tuple[FoundHit, ...]
    facets: Mapping[str, Mapping[str, int]]


def find(
    service: Service, text: str, *, limit: int = 20, offset: int = 0, sort: Literal["relevance", "date"] = "relevance"
) -> Found:
    """What the archive holds for the query `text`. Raises QueryError, which says where and why."""
    query = parse_query(text)
    results = service.index.search(query, limit=limit, offset=offset, sort=sort, now=service.clock())
    kept = service.archive.articles.many([hit.id for hit in results.hits])
    return Found(
        total=results.total,
        took_ms=results.took_ms,
        hits=tuple(
            FoundHit(kept=kept[hit.id], snippet=snippet(kept[hit.id], query)) for hit in results.hits if hit.id in kept
        ),
        facets=results.facets,
    )
