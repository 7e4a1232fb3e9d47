"""The register: every event it holds, the series they belong to, and the words by which texts speak of them. Frozen values.

`reading` makes one from files; `service` adds what analysts accepted. An id that is not in the register may still be known
as an edition of a series: verdicts name editions that nobody has written down yet.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from difflib import get_close_matches

from storage.events.spoken import Thing
from storage.records import Event, Ruling

#: An edition behind its series: a year with its stage, or a number.
_EDITION = re.compile(r"(?P<series>[a-z][a-z0-9_]*)-(?:(?P<year>\d{4})(?P<stage>I{1,3})?|(?P<number>\d{1,3}))")
LANGUAGES = ("en", "ru", "zh")


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """What the editions of one series have in common. In names stand {year}, {n} and {nth}."""

    id: str
    names: Mapping[str, str]
    activity: str
    topics: tuple[str, ...]
    who: tuple[str, ...] = ()
    told: tuple[str, ...] = ()

    def named(self, edition: str) -> dict[str, str]:
        """Names of the edition, by language."""
        found = _EDITION.fullmatch(f"{self.id}-{edition}")
        year, stage, number = (found["year"], found["stage"], found["number"]) if found else (edition, None, None)
        given = {
            "year": f"{year} ({stage})" if stage else year or "",
            "n": number or "",
            "nth": _nth(int(number)) if number else "",
        }
        return {language: name.format_map(given) for language, name in self.names.items()}


def series_of(id: str) -> tuple[str, str]:
    """The series and the edition that an event's id names; two empty words where it has another shape."""
    found = _EDITION.fullmatch(id)
    return (found["series"], id.removeprefix(found["series"] + "-")) if found else ("", "")


def _nth(number: int) -> str:
    ending = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """All that is known of events."""

    #: By id, the earliest first.
    events: Mapping[str, Event]
    series: Mapping[str, Series]
    places: Mapping[str, Thing]
    states: Mapping[str, Thing]
    people: Mapping[str, Thing]
    acts: Mapping[str, Thing]
    #: Sets of states under one name (sco10), the largest first.
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: Events by the articles an analyst accepted them on.
    accepted_on: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: Changes with the files it was read from; not with what analysts accept.
    version: str = ""
    #: The highest number of each series whose editions are counted.
    numbers: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        counted: dict[str, int] = {}
        for event in self.events.values():
            if event.number:
                series = series_of(event.id)[0]
                counted[series] = max(event.number, counted.get(series, 0))
        object.__setattr__(self, "numbers", counted)

    def with_rulings(self, rulings: Iterable[Ruling]) -> "Register":
        """This register with the events that analysts accepted; an id the files hold is theirs."""
        accepted = [ruling for ruling in rulings if ruling.accepted and ruling.id not in self.events]
        if not accepted:
            return self
        found: dict[str, tuple[str, ...]] = {}
        for ruling in accepted:
            for article in ruling.articles:
                found[article] = (*found.get(article, ()), ruling.id)
        events = in_order([*self.events.values(), *(ruling.event for ruling in accepted)])
        return replace(self, events=events, accepted_on=found)

    def name(self, id: str, language: str = "en") -> str:
        """What readers call an event; an id that nobody knows stands for itself."""
        event = self.events.get(id)
        if event is not None:
            return event.names.get(language) or event.names["en"]
        series, edition = series_of(id)
        names = self.series[series].named(edition) if series in self.series else {}
        return names.get(language) or names.get("en") or id

    def knows(self, id: str) -> bool:
        """Whether it is an event of the register, or an edition of a series that could be one; also as queries fold ids."""
        return id in self.events or series_of(id.replace("-", "_", id.count("-") - 1))[0] in self.series

    def stages(self, id: str) -> list[Event]:
        """The events an id stands for that names a year of two stages without saying which."""
        return [self.events[id + stage] for stage in ("I", "II", "III") if id + stage in self.events]

    def near(self, id: str) -> list[str]:
        """Ids that one misspelt may have been meant for, the likeliest first."""
        return get_close_matches(id.lower().replace("-", "_"), list(self.events), n=3, cutoff=0.6)

    def about(self, day: date, *, before: int, after: int) -> list[Event]:
        """Events on whose days, or so many days before or after, `day` is."""
        earliest, latest = day - timedelta(days=after), day + timedelta(days=before)
        return [event for event in self.events.values() if event.last >= earliest and event.first <= latest]

    def participants(self, event: Event) -> str:
        """Who took part, for readers: a set of states by its name, few by theirs."""
        return self._states(event.who)

    def observers(self, event: Event) -> str:
        return self._states(event.observers)

    def _states(self, codes: tuple[str, ...]) -> str:
        for group, members in self.groups.items():
            if len(codes) > 4 and set(codes) == set(members):
                return f"the {len(members)} members of the SCO" if group.startswith("sco") else group
        return ", ".join(self.states[code].name if code in self.states else code.upper() for code in codes)

    def where(self, event: Event) -> str:
        return ", ".join(self.places[place].name for place in event.places if place in self.places)


def in_order(events: Iterable[Event]) -> dict[str, Event]:
    """By id, the earliest first; what is known to the day before what is known to the month it began in."""
    ordered = sorted(events, key=lambda e: (e.first, e.precision != "day", e.last, e.id))
    return {event.id: event for event in ordered}


def days_off(event: Event, day: date) -> int:
    """Days from the event to `day`: below 0 before it began, above 0 after it ended, 0 while it went on."""
    if day < event.first:
        return (day - event.first).days
    return max(0, (day - event.last).days)
