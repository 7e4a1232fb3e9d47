"""Events that several outlets report and the register does not hold. Articles walk in as sightings, proposals walk out. Pure.

A sighting says by what an article tells of an event nobody knows: its handle. An article has some when a topic is its main
subject, its first activity is an act that can be dated, and it attaches to no event of that act. Handles, the surest first:

    named/joint_sea-2026    an edition of a known series, by its name or by the next number
    at/sanya                the act at this place (a capital is none); of a patrol also by what: at/sea_of_japan/bombers
    people/belousov+dong_jun   two people of the register who met
    with/la                 a third side that took part
    done/bombers            done with what a series of this act is done with, where nothing above is said

Articles of one handle and activity that follow each other within days are about one event; so are two handles that share an
article. A proposal needs two publishers in different words: reprints are one report, and so are two editions of one outlet.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from storage.events.attaching import LEAD, day_of, ties_of, told_text
from storage.events.register import Register, days_off, series_of
from storage.events.spoken import Spoken, Thing, named, numbers
from storage.records import Attachment, Confidence, Event, Grounds, Kept, Ruling, Sighting

#: Acts that happen on days; talk and trade are not proposed.
DATED = frozenset(
    {
        "joint_exercise", "joint_patrol", "counter_terrorism", "senior_meeting", "consultation", "port_call",
        "competition", "agreement",
    }
)  # fmt: skip
#: Reports of one event follow each other within so many days.
APART = timedelta(days=5)
#: Where its name says which event it is, longer: from the first announcement to the last review.
APART_NAMED = timedelta(days=120)
#: Publishers that must report it, in different words.
FEWEST = 2
_EDITION_OF_OUTLET = re.compile(r"[-_](?:en|ru|zh|cn|hk|english|russian|chinese)$")


def sightings(register: Register, kept: Kept, attached: Iterable[Attachment]) -> tuple[Sighting, ...]:
    """By what `kept`, which attaches to `attached`, tells of events that the register does not hold."""
    day, activity = day_of(kept), next(iter(kept.verdict.activities), "")
    if day is None or not ties_of(kept):
        return ()
    unknown = [id for id in kept.verdict.events if id not in register.events and not register.stages(id)]
    handles = [(f"named/{id}", _activity_of(register, id) or activity) for id in unknown]
    told = {register.events[one.event].activity for one in attached if _is_this_act(register, one, day)}
    if activity in DATED and activity not in told:
        handles += [(handle, activity) for handle in _handles(register, kept, activity)]
    return tuple(
        Sighting(
            article_id=kept.id, handle=handle, activity=activity, day=day, publisher=publisher(kept),
            text_hash=kept.text_hash,
        )
        for handle, activity in dict(handles).items()
    )  # fmt: skip


def publisher(kept: Kept) -> str:
    """The outlet, whatever the language of its edition."""
    return _EDITION_OF_OUTLET.sub("", kept.article.outlet)


def _is_this_act(register: Register, one: Attachment, day: date) -> bool:
    """Whether an article of that day tells of this event as news: what it recalls of other years says nothing of its own."""
    event = register.events.get(one.event)
    return event is not None and one.confidence is not Confidence.LOW and abs(days_off(event, day)) <= APART_NAMED.days


def _activity_of(register: Register, id: str) -> str:
    series = register.series.get(series_of(id)[0])
    return series.activity if series else ""


def _handles(register: Register, kept: Kept, activity: str) -> Iterator[str]:
    text = told_text(kept)
    done = {
        act: series
        for series in register.series.values()
        if series.activity == activity and ties_of(kept).intersection(series.topics)
        for act in series.told
    }
    spoken_of = named(text, [register.acts[act] for act in done])
    counted = numbers(f"{kept.article.title}\n{kept.article.text[:LEAD]}")
    for act in spoken_of:
        number = register.numbers.get(done[act.id].id, 0) + 1
        if number > 1 and number in counted:
            yield f"named/{done[act.id].id}-{number}"
    surest = [*_places(register, text, activity, spoken_of), *_sides(register, text)]
    yield from surest or (f"done/{act.id}" for act in spoken_of)


def _places(register: Register, text: Spoken, activity: str, done: Iterable[Thing]) -> Iterator[str]:
    """Places; bombers and ships that patrol one sea patrol apart."""
    with_what = [f"/{act.id}" for act in done] if activity == "joint_patrol" else []
    for place in named(text, register.places.values()):
        if not place.is_capital:
            yield from (f"at/{place.id}{what}" for what in with_what or [""])


def _sides(register: Register, text: Spoken) -> Iterator[str]:
    people = sorted(person.id for person in named(text, register.people.values()))
    yield from (f"people/{one}+{other}" for one in people for other in people if one < other)
    yield from (f"with/{state.id}" for state in named(text, register.states.values()) if state.id not in ("cn", "ru"))


# ------------------------------------------------------------------ from sightings to proposals


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An event that several outlets report. The articles are its evidence; nothing of it is settled."""

    event: Event
    articles: tuple[str, ...]
    publishers: tuple[str, ...]
    #: Why these are taken for reports of one event.
    reason: str

    @property
    def id(self) -> str:
        return self.event.id


def propose(register: Register, seen: Iterable[Sighting], rulings: Iterable[Ruling] = ()) -> tuple[Proposal, ...]:
    """What is proposed now, the latest first. What an analyst has ruled on is proposed no more."""
    ruled = list(rulings)
    found = [_proposal(register, reports) for reports in _events(seen) if _is_reported_widely(reports)]
    new = [one for one in found if one.id not in register.events and not any(_same(ruling, one) for ruling in ruled)]
    unique = {one.id: one for one in sorted(new, key=lambda one: len(one.articles))}
    return tuple(sorted(unique.values(), key=lambda one: (one.event.first, one.id), reverse=True))


def _same(ruling: Ruling, proposal: Proposal) -> bool:
    """Whether a ruling was about this proposal: its id, or most of its articles, for ids move with the first report."""
    if ruling.id == proposal.id:
        return True
    shared = len(set(ruling.articles) & set(proposal.articles))
    return ruling.event.activity == proposal.event.activity and 2 * shared > min(
        len(ruling.articles), len(proposal.articles)
    )


def _events(seen: Iterable[Sighting]) -> list[list[Sighting]]:
    """Sightings gathered by the event they are of."""
    clusters = [cluster for one in _by_handle(seen) for cluster in _apart(one)]
    # A handle that one article alone shares with others would join what does not belong together.
    wide = [cluster for cluster in clusters if _is_reported_widely(cluster)]
    return _joined(wide)


def _by_handle(seen: Iterable[Sighting]) -> list[list[Sighting]]:
    found: dict[tuple[str, str], list[Sighting]] = defaultdict(list)
    for one in seen:
        found[one.activity, one.handle].append(one)
    return list(found.values())


def _apart(sightings: Iterable[Sighting]) -> list[list[Sighting]]:
    """Sightings of one handle, parted where a pause is too long for reports of one event."""
    parted: list[list[Sighting]] = []
    for one in sorted(sightings, key=lambda one: (one.day, one.article_id)):
        pause = APART_NAMED if one.handle.startswith("named/") else APART
        if parted and one.day - parted[-1][-1].day <= pause:
            parted[-1].append(one)
        else:
            parted.append([one])
    return parted


def _is_reported_widely(reports: Sequence[Sighting]) -> bool:
    """Whether enough publishers tell it in words of their own."""
    publishers: dict[str, str] = {}
    taken: set[str] = set()
    for one in reports:
        if one.publisher not in publishers and (not one.text_hash or one.text_hash not in taken):
            publishers[one.publisher] = one.article_id
            taken.add(one.text_hash)
    return len(publishers) >= FEWEST


def _joined(clusters: Sequence[list[Sighting]]) -> list[list[Sighting]]:
    """Clusters of one activity that share an article are one."""
    by_article: dict[tuple[str, str], int] = {}
    joined: dict[int, list[Sighting]] = {}
    for number, cluster in enumerate(clusters):
        keys = {(one.activity, one.article_id) for one in cluster}
        met = sorted({by_article[key] for key in keys if key in by_article})
        joined[number] = [*cluster, *(one for other in met for one in joined.pop(other))]
        for one in joined[number]:
            by_article[one.activity, one.article_id] = number
    return list(joined.values())


_SUREST = ("named/", "at/", "people/", "with/", "done/")


def _proposal(register: Register, reports: Sequence[Sighting]) -> Proposal:
    handles = _handles_of(reports)
    first, last = min(one.day for one in reports), max(one.day for one in reports)
    articles = tuple(
        dict.fromkeys(one.article_id for one in sorted(reports, key=lambda one: (one.day, one.article_id)))
    )
    publishers = tuple(sorted({one.publisher for one in reports}))
    return Proposal(
        event=_event(register, handles, reports[0].activity, first, last),
        articles=articles,
        publishers=publishers,
        reason=_reason(register, handles, articles, publishers, first, last),
    )


def _handles_of(reports: Iterable[Sighting]) -> list[tuple[str, str]]:
    """Kind and value of the handles, the surest first and then the commonest."""
    counted: dict[str, int] = defaultdict(int)
    for one in reports:
        counted[one.handle] += 1
    ordered = sorted(counted, key=lambda h: (_SUREST.index(h.partition("/")[0] + "/"), -counted[h], h))
    parted = [(kind, value.partition("/")) for kind, _, value in (handle.partition("/") for handle in ordered)]
    done = [("done", what) for _, (_, _, what) in parted if what]
    return list(dict.fromkeys([*((kind, value) for kind, (value, _, _) in parted), *done]))


def _event(register: Register, handles: Sequence[tuple[str, str]], activity: str, first: date, last: date) -> Event:
    """What the reports say of it: days are those of the reports, and topics those of its series, if it is of one."""
    kind, value = handles[0]
    series_id, edition = series_of(value) if kind == "named" else ("", "")
    series = register.series.get(series_id)
    places = tuple(place for kind, place in handles if kind == "at")
    people = tuple(dict.fromkeys(person for kind, pair in handles if kind == "people" for person in pair.split("+")))
    sides = tuple(state for kind, state in handles if kind == "with")
    done = tuple(act for kind, act in handles if kind == "done")
    what = f"_{done[0]}" if done and kind == "at" and activity == "joint_patrol" else ""
    id = value if series else f"{activity}_{_plain(value + what)}_{first:%m%d}-{first.year}"
    names = series.named(edition) if series else {"en": _described(register, activity, handles, first)}
    return Event(
        id=id, names=names, activity=activity, first=first, last=last,
        topics=series.topics if series else (),
        who=(series.who if series else ()) or ("cn", "ru", *sides),
        places=places, people=people, told=series.told if series else done[:1],
        number=int(edition) if edition and len(edition) < 4 else 0,
        confidence=Confidence.LOW, basis=Grounds.REPORTED,
    )  # fmt: skip


def _plain(value: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", value.lower()).strip("_") or "event"


def _described(register: Register, activity: str, handles: Sequence[tuple[str, str]], first: date) -> str:
    said = [word for kind, value in handles[:1] for word in [_spoken(register, kind, value)] if word]
    return f"{activity.replace('_', ' ').capitalize()}, {', '.join([*said, f'{first:%B %Y}'])}"


def _spoken(register: Register, kind: str, value: str) -> str:
    """A handle for readers."""
    among: Mapping[str, Mapping[str, object]] = {
        "at": register.places, "with": register.states, "done": register.acts,
    }  # fmt: skip
    if kind == "people":
        return " and ".join(register.people[one].name for one in value.split("+") if one in register.people)
    if kind == "named":
        return register.name(value)
    thing = among[kind].get(value)
    return getattr(thing, "name", value)


_SAID = {
    "named": "name it",
    "at": "place it at",
    "people": "tell of",
    "with": "name as a third side",
    "done": "speak of",
}


def _reason(
    register: Register, handles: Sequence[tuple[str, str]], articles: Sequence[str], publishers: Sequence[str],
    first: date, last: date,
) -> str:  # fmt: skip
    days = f"on {first}" if first == last else f"from {first} to {last}"
    by_kind: dict[str, list[str]] = defaultdict(list)
    for kind, value in handles:
        by_kind[kind].append(_spoken(register, kind, value))
    shared = "; ".join(f"{_SAID[kind]} {', '.join(words)}" for kind, words in by_kind.items())
    return f"{len(articles)} articles of {len(publishers)} publishers {days}: they {shared}."
