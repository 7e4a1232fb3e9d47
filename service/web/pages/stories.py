"""An analyst's word on a story, from the form on an article's page: two articles are one story, or one leaves. No script."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse

from service.assembly import Service
from service.errors import Unusable
from service.stories import meant
from service.web.pages.marks import form_of, refuse_strangers
from service.web.rendering import Renderer, article_link


def router(service: Service, _renderer: Renderer) -> APIRouter:
    pages = APIRouter()

    @pages.post("/stories")
    async def correct(request: Request) -> RedirectResponse:
        """`article`, `other` (id or address), `say` (join, split) and `note`, as a form sends them."""
        refuse_strangers(request)
        form = await form_of(request)
        try:
            article, other = meant(service.archive, [form.get("article", "")])[0], form.get("other", "").strip()
            _say(
                service, article, meant(service.archive, [other])[0], form.get("say", ""), form.get("note", "").strip()
            )
        except Unusable as why:
            raise HTTPException(400, str(why)) from None
        return RedirectResponse(f"{article_link(article)}#story", status_code=303)

    return pages


def _say(service: Service, article: str, other: str, say: str, note: str) -> None:
    stories, now = service.archive.stories, service.clock()
    if say == "split":
        stories.split([other], at=now, by="web", note=note)
    elif say == "join" and other != article:
        stories.join([article, other], at=now, by="web", note=note)
    else:
        raise Unusable("A word on a story says join or split, and joins two articles.")
