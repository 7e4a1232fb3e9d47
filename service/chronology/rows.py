"""The chronology: events of the register with the articles that tell of them, filtered. A service walks in, rows walk out.

One way for the command line, the web and the exported files, so that all show the same.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from service.assembly import Service
from storage.archive.attachments import Linked
from storage.events.reading import days_of, written_days
from storage.events.register import Register
from storage.events.spoken import needle, spoken
from storage.records import Attachment, Event, Grounds, Kept, Precision


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What of the chronology is wanted; what is empty asks for everything."""

    #: Words and "phrases" that all stand in its names, place, participants, note or id, in any of the languages.
    words: str = ""
    activity: str = ""
    topic: str = ""
    #: A state, by its two letters in lower case.
    who: str = ""
    #: It went on at some time from the first to the second day.
    since: date | None = None
    until: date | None = None
    #: Only what may be taken as a fact.
    settled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An event as readers see it."""

    event: Event
    #: As precisely as known: 2025-08-01/2025-08-05, 2014-01, 2019.
    written: str
    where: str
    participants: str
    observers: str
    linked: Linked
    #: It has not begun on the day of asking.
    planned: bool

    @property
    def query(self) -> str:
        """The search that finds its articles."""
        return f"event:{self.event.id}"

    @property
    def doubts(self) -> tuple[str, ...]:
        """Why it is not to be taken as a fact, in words for readers; nothing where it is."""
        event = self.event
        said = {
            "only announced": event.announced,
            f"{event.confidence.value} confidence": event.confidence.value == "low",
            "from memory, not checked": event.basis is Grounds.RECALL,
        }
        return tuple(words for words, holds in said.items() if holds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An article of an event, and why it is one."""

    kept: Kept
    by: Attachment


_WORDS = re.compile(r'"([^"]+)"|([^\s"]+)')
#: Articles listed with one event.
MOST_ARTICLES = 1_000


def rows(service: Service, asked: Asked | None = None) -> list[Row]:
    """The events that answer `asked`, the earliest first."""
    register, counts = service.register, service.archive.attachments.counts()
    today = service.clock().date()
    wanted = asked or Asked()
    return [
        row_of(register, event, counts.get(event.id, Linked()), today)
        for event in register.events.values()
        if answers(register, event, wanted)
    ]


def row_of(register: Register, event: Event, linked: Linked, today: date) -> Row:
    return Row(
        event=event,
        written=written_days(event),
        where=register.where(event),
        participants=register.participants(event),
        observers=register.observers(event),
        linked=linked,
        planned=event.first > today,
    )


def articles_of(service: Service, event: str) -> list[Told]:
    """Articles that tell of an event, the first published first."""
    found = service.archive.attachments.of_event(event, limit=MOST_ARTICLES)
    return [Told(kept=kept, by=one) for kept in found for one in kept.attached if one.event == event]


def answers(register: Register, event: Event, asked: Asked) -> bool:
    """Whether an event is among those asked for."""
    return (
        asked.activity in ("", event.activity)
        and (not asked.topic or asked.topic in event.topics)
        and (not asked.who or asked.who in (*event.who, *event.observers))
        and (asked.since is None or event.last >= asked.since)
        and (asked.until is None or event.first <= asked.until)
        and (event.is_settled or not asked.settled)
        and _holds(register, event, asked.words)
    )


def _holds(register: Register, event: Event, words: str) -> bool:
    if not words.strip():
        return True
    said = [*event.names.values(), register.where(event), register.participants(event), event.note]
    text = spoken(*said, event.id.replace("_", " "), event.id)
    # A quotation mark without its partner is no mark.
    parts = (phrase or word for phrase, word in _WORDS.findall(words))
    return all(text.holds(one) for one in map(needle, parts) if one)


def between(asked: Asked, first: str, last: str) -> Asked:
    """`asked` from the first to the last of these days, months or years. Raises ValueError, which says what is wrong."""
    return replace(
        asked,
        since=days_of(first)[0] if first else None,
        until=days_of(last)[1] if last else None,
    )


def in_words(event: Event) -> str:
    """The days of an event for readers, as precisely as known: 1–5 August 2025, January 2014, 2019–2021."""
    first, last = event.first, event.last
    if event.precision is Precision.YEAR:
        return _range(f"{first.year}", f"{last.year}")
    if event.precision is Precision.MONTH:
        begin = f"{first:%B}" if first.year == last.year and first.month != last.month else f"{first:%B %Y}"
        return _range(begin, f"{last:%B %Y}")
    if first == last:
        return f"{last.day} {last:%B %Y}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{last.day} {last:%B %Y}"
    begin = f"{first.day} {first:%B}" if first.year == last.year else f"{first.day} {first:%B %Y}"
    return f"{begin} – {last.day} {last:%B %Y}"


def _range(begin: str, end: str) -> str:
    return end if begin == end else f"{begin}–{end}" if begin.isdigit() else f"{begin} – {end}"


def by_year(found: Sequence[Row]) -> dict[int, list[Row]]:
    """Rows by the year they began in, the latest year first, in it the earliest event first."""
    years: dict[int, list[Row]] = {}
    for row in sorted(found, key=lambda row: -row.event.first.year):
        years.setdefault(row.event.first.year, []).append(row)
    return years
