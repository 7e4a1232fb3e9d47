"""The made-up press as values: newspapers and their stories, read from `articles/`.

YAML walks in, frozen values walk out; no network, no clock. Only `service/demo` and tests import this module. Every story is
our own writing, and says what Entente should make of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from storage.records import Strength

_FOLDER = Path(__file__).parent / "articles"
_PAGE_BREAK = "---"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What a story is about, as whoever wrote it meant it."""

    #: topic -> tie or mention; topics it has nothing to do with are absent.
    strength: Mapping[str, Strength] = field(default_factory=dict)
    #: The primary activity; empty where the writer leaves it open.
    activity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One article as it stands on its newspaper's pages."""

    path: str
    title: str
    #: One tuple of paragraphs for each page.
    pages: tuple[tuple[str, ...], ...]
    published: datetime
    expected: Expectation
    byline: str = ""
    #: When its text was last changed, if it was.
    updated: datetime | None = None
    #: Name of the newspaper it was taken from; empty for own copy.
    origin: str = ""
    #: robots.txt forbids it.
    forbidden: bool = False

    @property
    def summary(self) -> str:
        return self.pages[0][0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Newspaper:
    """A made-up outlet and what it prints."""

    key: str
    name: str
    country: str
    language: str
    timezone: str
    #: How it lists what is new: rss, atom, json-feed or listing.
    form: str
    #: How its list writes times: offset, gmt, utc, or bare (its own clock, no zone).
    feed_time: str
    #: Which of our page templates it uses, see `pages`.
    template: str
    #: Pattern of its articles' paths; the first group is the key.
    article: str
    encoding: str = "utf-8"
    robots: str = ""
    #: The round in which its server is broken; -1 for never.
    fails_in_round: int = -1
    #: What it prints the day before, in the first round and in the second, newest first.
    rounds: tuple[tuple[Story, ...], ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def stories(self, number: int) -> tuple[Story, ...]:
        """What it prints in round `number`, 1 or 2; 0 is the day before."""
        return self.rounds[number]


#: So long before the first round is the day before.
DAY_BEFORE = timedelta(hours=26)


def read_newspapers(day: datetime, *, later: datetime | None = None) -> tuple[Newspaper, ...]:
    """Every newspaper, its stories dated a few minutes to a day before `day`; those of the second round before `later`."""
    raw = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(_FOLDER.glob("*.yaml"))]
    originals = {(paper["key"], story["path"]): (paper["name"], story) for paper in raw for story in paper["stories"]}
    days = tuple(moment.replace(second=0, microsecond=0) for moment in (day - DAY_BEFORE, day, later or day))
    return tuple(_newspaper(paper, originals, days) for paper in raw)


def _newspaper(raw: Mapping[str, Any], originals: Mapping[Any, Any], days: Sequence[datetime]) -> Newspaper:
    fields = {name: value for name, value in raw.items() if name != "stories"}
    rounds = tuple(tuple(_printed(raw["stories"], originals, days, number)) for number in range(len(days)))
    newest_first = tuple(tuple(sorted(one, key=lambda story: story.published, reverse=True)) for one in rounds)
    return Newspaper(**fields, rounds=newest_first)


def _printed(stories: Any, originals: Mapping[Any, Any], days: Sequence[datetime], number: int) -> Iterator[Story]:
    """What is printed in round `number`; `days` tell when each round is. What was withdrawn is printed until a round."""
    for raw in stories:
        first, last = raw.get("round", 1), raw.get("until", number)
        if first <= number <= last:
            story = _story(raw, originals, days[first])
            yield _revised(story, raw["revised"], days[2]) if "revised" in raw and number == 2 else story


def _story(raw: Mapping[str, Any], originals: Mapping[Any, Any], day: datetime) -> Story:
    copied = raw.get("reprint_of")
    origin, source = originals[copied["outlet"], copied["path"]] if copied else ("", raw)
    expect = dict(source["expect"])
    activity = expect.pop("activity", "")
    return Story(
        path=raw["path"],
        title=source["title"].replace("{year}", str(day.year)),
        byline=source["byline"],
        pages=_pages(source["text"].replace("{year}", str(day.year))),
        published=day - timedelta(minutes=raw["minutes"]),
        origin=origin,
        forbidden=raw.get("forbidden", False),
        expected=Expectation(strength={name: Strength(value) for name, value in expect.items()}, activity=activity),
    )


def _pages(text: str) -> tuple[tuple[str, ...], ...]:
    pages: list[tuple[str, ...]] = [()]
    for paragraph in (part.strip() for part in text.split("\n\n")):
        before, divided, after = paragraph.partition(f"\n{_PAGE_BREAK}\n")
        pages[-1] += (before,)
        if divided:
            pages.append((after,))
    return tuple(pages)


def _revised(story: Story, change: Mapping[str, Any], day: datetime) -> Story:
    def corrected(text: str) -> str:
        for old, new in change["replace"].items():
            text = text.replace(old, new)
        return text

    pages = tuple(tuple(map(corrected, page)) for page in story.pages)
    # A silent edit leaves no word of when, on the page or in the list.
    updated = day - timedelta(minutes=change["minutes"]) if "minutes" in change else None
    return replace(story, title=corrected(story.title), pages=pages, updated=updated)
