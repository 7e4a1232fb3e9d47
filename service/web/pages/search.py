"""Search with snippets, facets to narrow it, filters to take away and a timeline; a wrong query is answered with where and why.

Later pages carry the state of the archive the first one was made from, so that they fit it while articles arrive.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from textwrap import shorten
from typing import Literal

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse

from alerts.composing.marking import Passage, marked_sentences, passage
from service.assembly import Service
from service.finding import Found, FoundHit, find
from service.web.charting import HEIGHT, WIDTH, bars
from service.web.naming import FIELDS, Names
from service.web.narrowing import dated, filters, narrowed, words_of
from service.web.rendering import SENTENCE, TITLE, Renderer
from storage.records import Kept, Revision
from storage.search.errors import QueryError
from storage.search.query import LONGEST, parse_query
from storage.search.snippets import marks
from storage.search.tree import Query as Asked
from storage.search.tree import fact_value

#: Hits on one page, and how far one may turn: whoever needs more needs a narrower search.
PAGE, FARTHEST = 20, 500
#: Values shown of each facet, and those shown when more are asked for.
VALUES, MORE = 8, 60
#: Facets of the index, each with the field of the query that narrows to it.
FACETS = {
    "topic": "topic",
    "strength": "strength",
    "activity": "activity",
    "event": "event",
    "outlet": "outlet",
    "country": "country",
    "language": "lang",
    "year": "on",
    "seed": "seed",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A hit as the page shows it."""

    kept: Kept
    title: Passage
    said: tuple[Passage, ...]
    #: The text that answers, where that is not the present one.
    earlier: Revision | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet: how many, and the query with it; or without it, where it is asked for already."""

    name: str
    count: int
    query: str
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter of the query, and the query without it."""

    name: str
    without: str


def router(service: Service, renderer: Renderer) -> APIRouter:
    pages = APIRouter()

    @pages.get("/search")
    def search(
        request: Request,
        q: str = Query(""),
        sort: Literal["relevance", "date"] = Query("relevance"),
        page: int = Query(1, ge=1, le=FARTHEST),
        as_of: int | None = Query(None, ge=0),
    ) -> HTMLResponse:
        q = q.strip()
        try:
            asked = parse_query(q)
            found = find(service, q, limit=PAGE, offset=(page - 1) * PAGE, sort=sort, as_of=as_of)
        except QueryError as why:
            before, there, after = parted(q, why.position)
            return renderer.page(
                "misread.html", request, status=400, q=q, why=why, before=before, there=there, after=after
            )
        last = min(FARTHEST, max(1, -(-found.total // PAGE)))
        if page > last:
            raise HTTPException(404, f"There is no page {page} of this search: the last one is {last}.")
        names = Names(service.rules, service.register, service.archive.outlets.names())
        return renderer.page(
            "search.html",
            request,
            q=q,
            sort="" if sort == "relevance" else sort,
            page=page,
            last=last,
            found=found,
            rows=[row(hit, found.meant) for hit in found.hits],
            filters=chosen(asked, names, service.archive.articles.get),
            words=words_of(asked),
            facets=facets(found, q, asked, names),
            values=VALUES,
            ranked=any(asked.wanted()) or any(one.field == "like" for one in filters(asked)),
            chart=[(bar, dated(asked, bar.when)) for bar in bars(found.timeline)],
            chart_size=(WIDTH, HEIGHT),
        )

    @pages.get("/suggest")
    def suggest(q: str = Query("", max_length=LONGEST)) -> JSONResponse:
        """Ways to go on with what was typed, for the box of every page."""
        return JSONResponse({"suggestions": [asdict(one) for one in service.index.suggestions(q)]})

    return pages


def row(hit: FoundHit, asked: Asked) -> Row:
    """Where the query's words stand; where it has none, what earned the article its verdict."""
    kept = hit.kept
    if not any(True for _ in asked.terms()):
        return Row(kept, passage(kept.article.title, (), limit=TITLE), marked_sentences(kept, most=1, limit=SENTENCE))
    title = passage(kept.article.title, marks(kept.article.title, asked, in_title=True), limit=TITLE)
    return Row(kept, title, (passage(hit.snippet.text, hit.snippet.marks, limit=2 * SENTENCE),), hit.earlier)


def parted(text: str, position: int) -> tuple[str, str, str]:
    """`text` before, in and after the word that begins at `position`."""
    rest = text[position:]
    word = rest.split(maxsplit=1)[0] if rest[:1].strip() else rest[:1]
    return text[:position], word, rest[len(word) :]


def chosen(asked: Asked, names: Names, article: Callable[[str], Kept | None]) -> list[Chosen]:
    found = []
    for filter in filters(asked):
        heading = FIELDS.get(filter.field, filter.field)
        said = f"not {heading.lower()}" if filter.excluded else heading
        like = article(filter.value) if filter.field == "like" else None
        value = like.article.title if like else names.value(filter.field, filter.value)
        found.append(Chosen(f"{said}: {shorten(value, TITLE // 3, placeholder=' …')}", filter.without))
    return found


def facets(results: Found, q: str, asked: Asked, names: Names) -> dict[str, list[Choice]]:
    """Heading -> its commonest values; years newest first. A facet that cannot narrow anything is left out."""
    there = {(one.field, fact_value(one.value)): one.without for one in filters(asked) if not one.excluded}
    found: dict[str, list[Choice]] = {}
    for facet, field in FACETS.items():
        ordered = sorted(results.facets.get(facet, {}).items(), key=lambda item: (-item[1], item[0]))
        if facet == "year":
            ordered.sort(reverse=True)
        found[FIELDS[field]] = [
            Choice(names.value(field, value), count, there[key], is_chosen=True)
            if (key := (field, fact_value(value))) in there
            else Choice(names.value(field, value), count, narrowed(q, asked, field, value))
            for value, count in ordered[:MORE]
        ]
    return {
        heading: choices
        for heading, choices in found.items()
        if any(choice.is_chosen or choice.count < results.total for choice in choices)
    }
