"""The chronology: events by year, filtered; one event with its articles; the same as files; what is proposed, and a person's word on it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from service.assembly import Service
from service.chronology.exporting import FORMATS, exported
from service.chronology.rows import Asked, articles_of, between, by_year, rows
from service.errors import Unusable
from service.runs.ruling import proposals, reopen, rule
from service.web.pages.marks import form_of, refuse_strangers
from service.web.rendering import Renderer, event_link

#: Filters longer than this are no filters.
_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The filters as they were typed or chosen."""

    words: str = Query("", max_length=_LONGEST)
    activity: str = Query("", max_length=_LONGEST)
    topic: str = Query("", max_length=_LONGEST)
    who: str = Query("", max_length=_LONGEST)
    since: str = Query("", max_length=_LONGEST)
    until: str = Query("", max_length=_LONGEST)
    settled: str = Query("", max_length=_LONGEST)

    def asked(self) -> Asked:
        """Raises HTTPException for a date that is none."""
        asked = Asked(
            words=self.words,
            activity=self.activity,
            topic=self.topic,
            who=self.who.lower(),
            settled=self.settled in ("yes", "on", "1"),
        )
        try:
            return between(asked, self.since.strip(), self.until.strip())
        except ValueError as why:
            raise HTTPException(400, f"{why}: write a day, month or year, as 2025-08-01, 2025-08 or 2025.") from None

    @property
    def given(self) -> dict[str, str]:
        return {name: value for name in self.__dataclass_fields__ if (value := getattr(self, name).strip())}


def router(service: Service, renderer: Renderer) -> APIRouter:
    pages = APIRouter()

    @pages.get("/chronology")
    def chronology(request: Request, form: Form = Depends()) -> HTMLResponse:
        found = rows(service, form.asked())
        return renderer.page(
            "chronology.html",
            request,
            form=form,
            total=len(found),
            of=len(service.register.events),
            planned=[row for row in found if row.planned],
            years=by_year([row for row in found if not row.planned]),
            choices=choices(service),
            formats=FORMATS,
            proposed=proposals(service),
            decided=service.archive.rulings.list(),
        )

    # Before the page of one event, whose id could not be told from a file name.
    for format, media_type in FORMATS.items():
        pages.add_api_route(f"/chronology.{format}", file_of(service, format, media_type), methods=["GET"])

    @pages.get("/chronology/{id}")
    def event(request: Request, id: str) -> HTMLResponse:
        row = next((row for row in rows(service) if row.event.id == id), None)
        if row is None:
            near = service.register.near(id)
            meant = f" Did you mean {' or '.join(near)}?" if near else ""
            raise HTTPException(404, f"There is no event {id[:_LONGEST]}.{meant}")
        decided = next((one for one in service.archive.rulings.list() if one.id == id and one.accepted), None)
        return renderer.page("event.html", request, row=row, told=articles_of(service, id), decided=decided)

    @pages.post("/events")
    async def ruled(request: Request) -> RedirectResponse:
        """`event`, `say` (accept, refuse, or reopen), `name`, `date` and `note`, as a form sends them."""
        refuse_strangers(request)
        return await run_in_threadpool(_rule, service, await form_of(request))

    return pages


def file_of(service: Service, format: str, media_type: str) -> Callable[..., Response]:
    def file(form: Form = Depends()) -> Response:
        text = exported(service, rows(service, form.asked()), format)
        named = {"Content-Disposition": f'attachment; filename="chronology.{format}"'}
        return Response(text.encode("utf-8", "replace"), media_type=media_type, headers=named)

    return file


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the filters offer: only what some event has."""

    activities: list[str]
    topics: list[str]
    #: Letters of a state, and its name.
    states: list[tuple[str, str]]


def choices(service: Service) -> Choices:
    register = service.register
    events = list(register.events.values())
    states = {state for event in events for state in (*event.who, *event.observers)}
    named = [(state, register.states[state].name) for state in states if state in register.states]
    return Choices(
        activities=sorted({event.activity for event in events}),
        topics=sorted({topic for event in events for topic in event.topics}),
        states=sorted(named, key=lambda state: state[1]),
    )


def _rule(service: Service, form: Mapping[str, str]) -> RedirectResponse:
    id, say = form.get("event", ""), form.get("say", "")
    try:
        if say == "reopen":
            reopen(service, id)
        elif say in ("accept", "refuse"):
            rule(
                service,
                id,
                accepted=say == "accept",
                now=service.clock(),
                name=form.get("name", ""),
                days=form.get("date", ""),
                note=form.get("note", ""),
                by="web",
            )
        else:
            raise HTTPException(400, "A form on an event says accept, refuse or reopen.")
    except Unusable as why:
        raise HTTPException(400, str(why)) from None
    return RedirectResponse(event_link(id) if say == "accept" else "/chronology#proposed", status_code=303)
