"""The digests of the past, exactly as sent, and their fate."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, PlainTextResponse

from service.assembly import Service
from service.web.rendering import Renderer
from storage.records import DigestRecord

#: A digest is shown as sent: its own styles, no script, no form, nothing fetched from elsewhere.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
MOST = 100


def router(service: Service, renderer: Renderer) -> APIRouter:
    pages = APIRouter()

    def record_of(number: int) -> DigestRecord:
        record = service.archive.ledger.get(number)
        if record is None:
            raise HTTPException(404, f"There is no digest {number}.")
        return record

    @pages.get("/digests")
    def digests(request: Request) -> HTMLResponse:
        return renderer.page(
            "digests.html",
            request,
            records=service.archive.ledger.list(limit=MOST),
            subscriptions=service.archive.subscriptions.list(),
        )

    @pages.get("/digests/{number}")
    def digest(request: Request, number: int) -> HTMLResponse:
        return renderer.page("digest.html", request, record=record_of(number))

    @pages.get("/digests/{number}/html")
    def html(number: int) -> HTMLResponse:
        return HTMLResponse(record_of(number).digest.html, headers={"Content-Security-Policy": POLICY})

    @pages.get("/digests/{number}/text")
    def text(number: int) -> PlainTextResponse:
        return PlainTextResponse(record_of(number).digest.text)

    return pages
