"""The web pages: a service walks in, an ASGI application walks out. Read-only but for what analysts say, no script, nothing remote."""

from importlib.resources import files
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.assembly import Service
from service.web.pages import article, chronology, digests, health, marks, news, outlets, search, stories, subscriptions
from service.web.rendering import Renderer
from storage.errors import StorageError

log = structlog.get_logger("web")

#: Our own style sheet, icon and one script that asks us what to type next; a digest in a frame of ours; nothing else, from
#: nowhere else.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; "
    "frame-src 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


def create_app(service: Service) -> FastAPI:
    """The application that shows `service`."""
    app = FastAPI(title="Entente", docs_url=None, redoc_url=None, openapi_url=None)
    renderer = Renderer(service)
    for page in (health, news, search, chronology, article, outlets, digests, subscriptions, marks, stories):
        app.include_router(page.router(service, renderer))
    app.mount("/static", StaticFiles(directory=str(files("service.web").joinpath("static"))), name="static")
    app.add_middleware(FrontDoor)
    _explain_failures(app, renderer)
    return app


class FrontDoor:
    """Gives every answer our headers, and answers HEAD as it would GET: the server keeps the body to itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        asked = {**scope, "method": "GET"} if scope.get("method") == "HEAD" else scope
        await self._app(asked, receive, with_headers)


def _explain_failures(app: FastAPI, renderer: Renderer) -> None:
    """Whatever goes wrong is told on a page of ours, with what to do."""

    def told(request: Request, status: int, *why: str) -> HTMLResponse:
        answer = renderer.page("lost.html", request, status=status, code=status, why=why)
        answer.headers.update(HEADERS)
        return answer

    @app.exception_handler(HTTPException)
    def refused(request: Request, why: HTTPException) -> HTMLResponse:
        return told(request, why.status_code, str(why.detail) if why.detail != "Not Found" else "")

    @app.exception_handler(RequestValidationError)
    def misspelt(request: Request, why: RequestValidationError) -> HTMLResponse:
        return told(request, 400, *(_complaint(error) for error in why.errors()))

    @app.exception_handler(StorageError)
    def unreadable(request: Request, why: StorageError) -> HTMLResponse:
        log.error("page not shown", path=request.url.path, why=str(why))
        return told(request, 503, str(why))

    @app.exception_handler(Exception)
    def broken(request: Request, _why: Exception) -> HTMLResponse:
        return told(request, 500, "Something in Entente broke. Nothing is lost; the log says what it was.")


def _complaint(error: Any) -> str:
    """One complaint of pydantic's in a sentence: which value, and what it should be."""
    should = error["msg"].split(",")[0].replace("Input", "it")
    return f"{error['loc'][-1]} is {str(error['input'])[:60]!r}: {should}."
