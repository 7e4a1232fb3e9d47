"""What is new: the newest articles with a topic."""

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from service.assembly import Service
from service.runs.completeness import completeness
from service.web.rendering import Renderer

#: Articles on one page.
PAGE = 30


def router(service: Service, renderer: Renderer) -> APIRouter:
    pages = APIRouter()

    @pages.get("/")
    def news(request: Request, page: int = Query(1, ge=1, le=10_000)) -> HTMLResponse:
        articles = service.archive.articles
        total = articles.count(matched_only=True)
        return renderer.page(
            "news.html",
            request,
            articles=articles.newest(limit=PAGE, offset=(page - 1) * PAGE),
            total=total,
            archived=articles.count(),
            page=page,
            last=max(1, -(-total // PAGE)),
            seen=completeness(service.archive, service.outlets, now=service.clock()),
        )

    return pages
