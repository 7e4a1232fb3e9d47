"""Whether the service lives (`/healthz`) and can answer (`/readyz`), for machines."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from service.assembly import Service
from service.web.rendering import Renderer


def router(service: Service, _renderer: Renderer) -> APIRouter:
    pages = APIRouter()

    @pages.get("/healthz")
    def healthz() -> JSONResponse:
        return JSONResponse({"status": "ok"})

    @pages.get("/readyz")
    def readyz() -> JSONResponse:
        try:
            articles = service.archive.articles.count()
        except Exception as why:  # whatever it is, the service cannot answer
            return JSONResponse({"status": "unready", "why": str(why)}, status_code=503)
        # It goes on by what stood before; whoever watches the service is to know that it is not what the files say.
        standing = {
            "topics_refused": service.read_rules.refused,
            "events_refused": service.read_register.refused,
            "backup_failed": service.nightly.failed,
        }
        refused = {name: why for name, why in standing.items() if why}
        return JSONResponse({"status": "ready", "articles": articles, **refused})

    return pages
