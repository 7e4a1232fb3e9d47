"""One article: its text with the evidence marked, its revisions and what changed between any two of them, and who else told
the same story."""

from collections.abc import Sequence

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response
from markupsafe import escape

from service.assembly import Service
from service.diffs import NoSuchRevision, around_changes, diff_of
from service.diffs import paragraphs as paragraphs_of
from service.stories import telling
from service.web.marking import marked_changes, marked_title, paragraphs, passages
from service.web.rendering import Renderer
from storage.records import Kept, Revision


def router(service: Service, renderer: Renderer) -> APIRouter:
    pages = APIRouter()

    def kept_as(id: str) -> Kept:
        kept = service.archive.articles.get(id) or service.archive.articles.get(id.rstrip("/"))
        if kept is None:
            raise HTTPException(404, f"No article has the id {id}.")
        return kept

    def changes(
        request: Request, kept: Kept, revisions: Sequence[Revision], before: int, after: int | None
    ) -> Response:
        try:
            told = diff_of(revisions, before, after)
        except NoSuchRevision as why:
            raise HTTPException(404, f"Article {kept.id}: {why}") from None
        return renderer.page(
            "changes.html",
            request,
            kept=kept,
            revisions=revisions,
            told=told,
            title=[marked_changes(line) for line in paragraphs_of(told.title)],
            lines=[
                line if isinstance(line, int) else marked_changes(line)
                for line in around_changes(paragraphs_of(told.text))
            ],
        )

    # A path, for an imported id may hold a slash.
    @pages.get("/articles/{id:path}")
    def article(
        request: Request,
        id: str,
        revision: int | None = Query(None, ge=1),
        before: int | None = Query(None, ge=1, alias="from"),
    ) -> Response:
        kept = kept_as(id)
        revisions = service.archive.articles.revisions(kept.id)
        if before is not None:
            return changes(request, kept, revisions, before, revision)
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
            absences=service.archive.revisits.absences(kept.id),
            revisit=service.archive.revisits.get(kept.id),
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
