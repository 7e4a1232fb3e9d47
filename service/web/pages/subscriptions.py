"""Who is told what, and when; and how to stop it. Addresses are nobody else's business and stay out of the page."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from service.assembly import Service
from service.web.rendering import Renderer


def router(service: Service, renderer: Renderer) -> APIRouter:
    pages = APIRouter()

    @pages.get("/subscriptions")
    def subscriptions(request: Request) -> HTMLResponse:
        return renderer.page(
            "subscriptions.html",
            request,
            subscriptions=service.archive.subscriptions.list(),
            contact=service.settings.contact,
        )

    return pages
