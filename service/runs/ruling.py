"""Events that several outlets report: what is proposed, and an analyst's word on it. Called by the command line and the web."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from difflib import get_close_matches
from functools import partial

from service.assembly import Service
from service.errors import Unusable
from service.runs.attaching import attach_again, found_by_event
from storage.events.attaching import ties_of
from storage.events.proposing import Proposal, propose
from storage.events.reading import days_of
from storage.records import Confidence, Event, Kept, Precision, Ruling
from storage.search.query import parse_query

#: Longer names and notes belong elsewhere.
LONGEST = 2_000
#: Articles looked at around a new event, and how far from its days.
MOST, AROUND = 20_000, timedelta(days=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A proposal with the articles it rests on, the first published first."""

    proposal: Proposal
    articles: tuple[Kept, ...]


def proposals(service: Service) -> list[Proposed]:
    """What is proposed now, the latest first."""
    archive = service.archive
    found = propose(service.register, archive.attachments.sightings(), archive.rulings.list())
    kept = archive.articles.many([id for one in found for id in one.articles])
    return [_with_articles(one, tuple(kept[id] for id in one.articles if id in kept)) for one in found]


def _with_articles(proposal: Proposal, articles: tuple[Kept, ...]) -> Proposed:
    """A proposal of no series has the topics that are the main subject of its articles."""
    topics = tuple(dict.fromkeys(topic for kept in articles for topic in sorted(ties_of(kept))))
    event = replace(proposal.event, topics=proposal.event.topics or topics)
    return Proposed(proposal=replace(proposal, event=event), articles=articles)


def rule(
    service: Service,
    id: str,
    *,
    accepted: bool,
    now: datetime,
    name: str = "",
    days: str = "",
    note: str = "",
    by: str = "",
) -> Ruling:
    """Accepts or refuses a proposal, and remembers it. What is accepted is an event of this archive's register from now on.

    `name` and `days` (2027-05-03, 2027-05, 2027-05-03/2027-05-09) take the place of what the reports gave. Raises Unusable.
    """
    proposal = _proposal(service, id)
    for what, text in (("name", name), ("note", note)):
        if len(text) > LONGEST:
            raise Unusable(f"The {what} is {len(text)} characters long: use at most {LONGEST}.")
    event = _event(proposal.event, name, days, note) if accepted else proposal.event
    ruling = Ruling(id=id, accepted=accepted, event=event, articles=proposal.articles, at=now, note=note.strip(), by=by)
    service.archive.rulings.put(ruling)
    if accepted:
        _attach_around(service, event, proposal.articles)
    return ruling


def reopen(service: Service, id: str) -> None:
    """Takes a ruling back: what was accepted leaves the register, what was refused may be proposed again. Raises Unusable."""
    ruling = next((one for one in service.archive.rulings.list() if one.id == id), None)
    if ruling is None:
        raise Unusable(f"Nobody has accepted or refused {id!r}: see `entente events proposals --decided`.")
    attached = service.archive.attachments.ids_of_event(id)
    service.archive.rulings.remove(id)
    _attach(service, [*attached, *ruling.articles])


def _proposal(service: Service, id: str) -> Proposal:
    found = {one.proposal.id: one.proposal for one in proposals(service)}
    if id not in found:
        near = get_close_matches(id, found, n=1)
        hint = f"did you mean {near[0]}?" if near else "see them with `entente events proposals`."
        raise Unusable(f"No event {id!r} is proposed: {hint}")
    return found[id]


def _event(event: Event, name: str, days: str, note: str) -> Event:
    """The event as it enters the register: reported by several outlets and looked at by a person."""
    try:
        first, last, precision = days_of(days) if days.strip() else (event.first, event.last, Precision.DAY)
    except ValueError as why:
        raise Unusable(
            f"The date {why}: write 2027-05-03, 2027-05, 2027, or two of them: 2027-05-03/2027-05-09."
        ) from None
    names = {**event.names, "en": " ".join(name.split())} if name.strip() else event.names
    return replace(
        event, names=names, first=first, last=last, precision=precision, confidence=Confidence.MED, note=note.strip()
    )


def _attach_around(service: Service, event: Event, articles: tuple[str, ...]) -> None:
    """Attach what may tell of a new event: its reports, what names it, and what was published about its days on such an act."""
    ids = list(articles)
    for query in (f"event:{event.id}", _around(event)):
        hits = service.index.search(parse_query(query), limit=MOST, sort="date", now=service.clock(), counts=False).hits
        ids += [hit.id for hit in hits]
    _attach(service, ids)


def _around(event: Event) -> str:
    first, last = event.first - AROUND, event.last + AROUND
    return f"activity:{event.activity} strength:tie after:{first} before:{last}"


def _attach(service: Service, ids: list[str]) -> None:
    found_now = partial(found_by_event, service.archive, service.index, service.clock)
    attach_again(service.archive, service.register, ids, found_now=found_now)
    service.index.catch_up()
