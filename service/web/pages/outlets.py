"""Outlets and their health: whom we visit, how the last knock at each entry point ended."""

from collections import defaultdict
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from service.assembly import Service
from service.runs.completeness import completeness
from service.web.rendering import Renderer
from storage.records import Outcome, Outlet, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """An outlet with its last visits."""

    outlet: Outlet
    visits: tuple[Visit, ...]
    visited: bool

    @property
    def state(self) -> str:
        outcomes = {visit.outcome for visit in self.visits}
        if not self.visited:
            return "off"
        if not outcomes:
            return "waiting"
        if outcomes <= {Outcome.OK, Outcome.UNCHANGED}:
            return "ok"
        if outcomes & {Outcome.OK, Outcome.UNCHANGED}:
            return "partly"
        return "blocked" if Outcome.BLOCKED in outcomes else "failed"


def router(service: Service, renderer: Renderer) -> APIRouter:
    pages = APIRouter()

    @pages.get("/outlets")
    def outlets(request: Request) -> HTMLResponse:
        by_outlet: dict[str, list[Visit]] = defaultdict(list)
        for visit in service.archive.visits.latest():
            by_outlet[visit.outlet].append(visit)
        visited = {outlet.key for outlet in service.outlets}
        rows = [
            Health(outlet=outlet, visits=tuple(by_outlet[outlet.key]), visited=outlet.key in visited)
            for outlet in sorted(service.all_outlets, key=lambda o: (o.key not in visited, o.country, o.name))
        ]
        seen = completeness(service.archive, service.outlets, now=service.clock())
        return renderer.page("outlets.html", request, rows=rows, seen=seen)

    return pages
