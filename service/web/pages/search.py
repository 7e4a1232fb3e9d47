"""Search with snippets and facets; a wrong query is answered with where and why."""

from typing import Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from service.assembly import Service
from service.finding import find
from service.web.rendering import Renderer, counted
from storage.search.errors import QueryError

#: Hits on one page.
PAGE = 20
#: A facet, the field that narrows to it, and its heading.
FACETS = (
    ("topic", "topic", "Topic"),
    ("strength", "strength", "Strength"),
    ("activity", "activity", "Activity"),
    ("outlet", "outlet", "Outlet"),
    ("country", "country", "Country"),
    ("language", "lang", "Language"),
    ("year", "on", "Year"),
    ("seed", "seed", "Seed archive"),
)


def router(service: Service, renderer: Renderer) -> APIRouter:
    pages = APIRouter()

    @pages.get("/search")
    def search(
        request: Request,
        q: str = Query("", max_length=5_000),
        sort: Literal["relevance", "date"] = Query("relevance"),
        page: int = Query(1, ge=1, le=500),
    ) -> HTMLResponse:
        try:
            found = find(service, q, limit=PAGE, offset=(page - 1) * PAGE, sort=sort)
        except QueryError as why:
            return renderer.page(
                "search.html", request, status=400, q=q, sort=sort, page=1, last=1, found=None, why=why
            )
        return renderer.page(
            "search.html",
            request,
            q=q,
            sort=sort,
            page=page,
            last=max(1, -(-found.total // PAGE)),
            found=found,
            why=None,
            facets=counted(found.facets),
            headings=FACETS,
        )

    return pages
