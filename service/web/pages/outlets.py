"""Outlets and their health: whom we visit, how the last knock at each entry point ended, whom we do not visit and why."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from alerts.composing.layout import one_line
from service.assembly import Service
from service.runs.completeness import completeness
from service.web.rendering import Renderer
from storage.records import Outcome, Outlet, PointState, Visit

#: What an outlet's state is called; the key is its colour too. Those that need a look come first.
STATES = {
    "failed": "failed",
    "blocked": "refuses us",
    "partly": "answers in part",
    "waiting": "not yet visited",
    "ok": "answers",
}
ANSWERED = frozenset({Outcome.OK, Outcome.UNCHANGED})
#: Characters of a reason, and reasons given.
REASON, REASONS = 200, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """An outlet we visit, with the last visit to each of its entry points."""

    outlet: Outlet
    visits: Sequence[Visit] = ()
    #: The newest published time it ever listed.
    newest: datetime | None = None

    @property
    def state(self) -> str:
        outcomes = {visit.outcome for visit in self.visits}
        if not outcomes:
            return "waiting"
        if outcomes <= ANSWERED:
            return "ok"
        if outcomes & ANSWERED:
            return "partly"
        return "blocked" if Outcome.BLOCKED in outcomes else "failed"

    @property
    def last_visit(self) -> datetime | None:
        return max((visit.at for visit in self.visits), default=None)

    @property
    def unchanged(self) -> bool:
        """Whether every entry point said that nothing had changed since the visit before."""
        return {visit.outcome for visit in self.visits} == {Outcome.UNCHANGED}

    @property
    def listed(self) -> int:
        return sum(visit.entries for visit in self.visits)

    @property
    def reasons(self) -> list[str]:
        """Why entry points did not answer, in a line each."""
        said = (one_line(visit.why, REASON) for visit in self.visits if visit.outcome not in ANSWERED and visit.why)
        return list(dict.fromkeys(said))[:REASONS]


def router(service: Service, renderer: Renderer) -> APIRouter:
    pages = APIRouter()

    @pages.get("/outlets")
    def outlets(request: Request) -> HTMLResponse:
        visited = {outlet.key for outlet in service.outlets}
        rows = healths(service.outlets, service.archive.visits.latest(), service.archive.points.all())
        return renderer.page(
            "outlets.html",
            request,
            rows=rows,
            states=STATES,
            left_out=[
                (outlet, _why_not(outlet, bool(service.settings.only)))
                for outlet in sorted(service.all_outlets, key=lambda outlet: outlet.name)
                if outlet.key not in visited
            ],
            seen=completeness(service.archive, service.outlets, now=service.clock()),
        )

    return pages


def healths(outlets: Iterable[Outlet], visits: Iterable[Visit], points: Iterable[PointState]) -> list[Health]:
    """Those that need a look first, then by country and name."""
    by_outlet: dict[str, list[Visit]] = defaultdict(list)
    for visit in visits:
        by_outlet[visit.outlet].append(visit)
    newest: dict[str, datetime] = {}
    for point in points:
        if point.newest:
            newest[point.outlet] = max(point.newest, newest.get(point.outlet, point.newest))
    rows = [Health(outlet=o, visits=by_outlet[o.key], newest=newest.get(o.key)) for o in outlets]
    order = list(STATES)
    return sorted(rows, key=lambda row: (order.index(row.state), row.outlet.country, row.outlet.name))


def _why_not(outlet: Outlet, only_some: bool) -> str:
    if not outlet.entry_points:
        return "no entry point is known"
    if only_some:
        return "not among ENTENTE_ONLY_OUTLETS"
    return "refuses readers like us" if outlet.access == "blocked" else "switched off"
