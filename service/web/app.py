"""The web pages: a service walks in, an ASGI application walks out. Read-only, server-rendered, no script, nothing remote."""

from importlib.resources import files

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware.base import RequestResponseEndpoint

from service.assembly import Service
from service.web.pages import article, digests, health, news, outlets, search, subscriptions
from service.web.rendering import Renderer

#: Our own style sheet and pictures; a digest is shown in a frame of ours; nothing else, from nowhere else.
POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; form-action 'self'; "
    "frame-src 'self'; frame-ancestors 'self'; base-uri 'none'"
)


def create_app(service: Service) -> FastAPI:
    """The application that shows `service`."""
    app = FastAPI(title="Entente", docs_url=None, redoc_url=None, openapi_url=None)
    renderer = Renderer(service)
    for page in (health, news, search, article, outlets, digests, subscriptions):
        app.include_router(page.router(service, renderer))
    app.mount("/static", StaticFiles(directory=str(files("service.web").joinpath("static"))), name="static")

    @app.middleware("http")
    async def careful(request: Request, call_next: RequestResponseEndpoint) -> Response:
        response = await call_next(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    @app.exception_handler(HTTPException)
    def lost(request: Request, why: HTTPException) -> HTMLResponse:
        return renderer.page("lost.html", request, status=why.status_code, why=str(why.detail))

    return app
