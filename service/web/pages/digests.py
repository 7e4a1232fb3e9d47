"""The digests of the past, exactly as sent, and their fate."""

from fastapi import APIRouter, HTTPException, Path, Request
from fastapi.responses import HTMLResponse, PlainTextResponse

from service.assembly import Service
from service.web.rendering import Renderer
from storage.records import DigestRecord

#: A digest is shown as sent: its own styles, no script, no form, nothing fetched from elsewhere.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)
MOST = 100
#: Digests are numbered from 1; no store counts further than this.
NUMBER = Path(ge=1, le=2**31 - 1)


def router(service: Service, renderer: Renderer) -> APIRouter:
    pages = APIRouter()

    def record_of(number: int) -> DigestRecord:
        record = service.archive.ledger.get(number)
        if record is None:
            raise HTTPException(404, f"There is no digest {number}.")
        return record

    @pages.get("/digests")
    def digests(request: Request) -> HTMLResponse:
        return renderer.page("digests.html", request, records=service.archive.ledger.list(limit=MOST), most=MOST)

    @pages.get("/digests/{number}")
    def digest(request: Request, number: int = NUMBER) -> HTMLResponse:
        record = record_of(number)
        return renderer.page("digest.html", request, record=record, height=height(record.digest.text))

    @pages.get("/digests/{number}/html")
    def html(number: int = NUMBER) -> HTMLResponse:
        return HTMLResponse(record_of(number).digest.html, headers={"Content-Security-Policy": POLICY})

    @pages.get("/digests/{number}/text")
    def text(number: int = NUMBER) -> PlainTextResponse:
        return PlainTextResponse(record_of(number).digest.text)

    return pages


def height(text: str) -> int:
    """About how high, in CSS pixels, the HTML of a mail with this plain text is: a frame cannot ask without a script."""
    return min(max(480, 26 * text.count("\n")), 12_000)
