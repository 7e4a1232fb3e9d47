"""One article: its text with the evidence marked, its revisions, and who else published the same words."""

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse

from service.assembly import Service
from service.web.rendering import Renderer, paragraphs


def router(service: Service, renderer: Renderer) -> APIRouter:
    pages = APIRouter()

    @pages.get("/articles/{id}")
    def article(request: Request, id: str, revision: int | None = Query(None, ge=1)) -> HTMLResponse:
        kept = service.archive.articles.get(id)
        if kept is None:
            raise HTTPException(404, f"No article has the id {id}.")
        revisions = service.archive.articles.revisions(id)
        shown = next((old for old in revisions if old.number == revision), None)
        if revision is not None and shown is None:
            raise HTTPException(404, f"Article {id} has no revision {revision}.")
        is_current = shown is None or shown.number == kept.revision
        text = kept.article.text if shown is None else shown.text
        return renderer.page(
            "article.html",
            request,
            kept=kept,
            title=kept.article.title if shown is None else shown.title,
            paragraphs=paragraphs(text, kept.verdict.evidence if is_current else ()),
            revisions=revisions,
            number=kept.revision if shown is None else shown.number,
            copies=service.archive.articles.same_text(kept),
        )

    return pages
