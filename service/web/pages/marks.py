"""An analyst's word on a verdict, from the form on an article's page: put, taken back, and then the page again. No script.

A form of another site must not mark in a reader's name: browsers say where a form was sent from, and only ours are taken.
"""

from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse

from service.assembly import Service
from service.errors import Unusable
from service.runs.marking import put_mark
from service.web.rendering import Renderer, article_link

#: More than the longest note in the longest spelling of its characters.
_LARGEST = 30_000


def router(service: Service, _renderer: Renderer) -> APIRouter:
    pages = APIRouter()

    @pages.post("/marks")
    async def mark(request: Request) -> RedirectResponse:
        """`article`, `topic`, `say` (right, wrong, or back to take it back) and `note`, as a form sends them."""
        refuse_strangers(request)
        form = await form_of(request)
        id, topic, say = form.get("article", ""), form.get("topic", ""), form.get("say", "")
        if service.archive.articles.get(id) is None:
            raise HTTPException(404, f"No article has the id {id[:200]}.")
        if say == "back":
            service.archive.marks.remove(id, topic)
        elif say in ("right", "wrong"):
            _put(service, id, topic, right=say == "right", note=form.get("note", ""))
        else:
            raise HTTPException(400, "A mark says right, wrong or back.")
        return RedirectResponse(f"{article_link(id)}#marks", status_code=303)

    return pages


def _put(service: Service, id: str, topic: str, *, right: bool, note: str) -> None:
    try:
        put_mark(
            service.archive, service.rules, id, topic, right=right, now=service.clock(), note=note.strip(), by="web"
        )
    except Unusable as why:
        raise HTTPException(400, str(why)) from None


def refuse_strangers(request: Request) -> None:
    """Raises 403 for a form that was not sent from a page of ours.

    Sec-Fetch-Site says it (https://www.w3.org/TR/fetch-metadata/); browsers leave it out where the pages come over plain
    HTTP from another machine, and then Origin must name the host that was asked (RFC 6454).
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin", "")
    ours = site == "same-origin" if site else urlsplit(origin).netloc == request.headers.get("host") and origin != ""
    if not ours:
        raise HTTPException(
            403, "This form was not sent from a page of Entente: open the article here and mark it there."
        )


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a small form, the last of each name. Raises 413 for a large one."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _LARGEST:
            raise HTTPException(413, "That is too much for a form of ours: write a shorter note.")
    fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=20)
    return {name: values[-1] for name, values in fields.items()}
