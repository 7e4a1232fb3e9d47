"""One article: its text with the evidence marked, its revisions, and who else told the same story."""

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response
from markupsafe import escape

from service.assembly import Service
from service.stories import telling
from service.web.marking import marked_title, paragraphs, passages
from service.web.rendering import Renderer
from storage.records import Kept


def router(service: Service, renderer: Renderer) -> APIRouter:
    pages = APIRouter()

    def kept_as(id: str) -> Kept:
        kept = service.archive.articles.get(id) or service.archive.articles.get(id.rstrip("/"))
        if kept is None:
            raise HTTPException(404, f"No article has the id {id}.")
        return kept

    # A path, for an imported id may hold a slash.
    @pages.get("/articles/{id:path}")
    def article(request: Request, id: str, revision: int | None = Query(None, ge=1)) -> Response:
        kept = kept_as(id)
        revisions = service.archive.articles.revisions(kept.id)
        number = revision or kept.revision
        shown = next((old for old in revisions if old.number == number), None)
        if shown is None:
            raise HTTPException(404, f"Article {kept.id} has no revision {number}: it has {len(revisions)}.")
        is_current = number == kept.revision
        return renderer.page(
            "article.html",
            request,
            kept=kept,
            title=marked_title(kept) if is_current else escape(shown.title),
            paragraphs=paragraphs(shown.text, kept.verdict.evidence if is_current else ()),
            passages=passages(kept),
            revisions=revisions,
            shown=shown,
            is_current=is_current,
            told=telling(service.archive, kept),
            marks=service.archive.marks.of(kept.id),
            topics=tuple(service.rules.topics),
            unknown_events=unknown_events(service, kept),
        )

    return pages


def unknown_events(service: Service, kept: Kept) -> list[str]:
    """Editions its text names that stand in no register."""
    register, attached = service.register, {one.event for one in kept.attached}
    return [
        id for id in kept.verdict.events if id not in attached and id not in register.events and not register.stages(id)
    ]
