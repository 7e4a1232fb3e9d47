"""Whether an outlet can be read today: one knock at each entry point, one article read, nothing kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from scrapers.errors import ScrapeError
from scrapers.fetching.fetching import Fetcher
from scrapers.parsing.addresses import fill_date, is_article
from scrapers.parsing.decoding import to_page
from scrapers.parsing.parsing import parse, unique
from scrapers.reading.reading import read, read_entry
from storage.records import Article, Entry, EntryPoint, Outlet, rfc3339


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What one entry point gave."""

    outlet: str
    url: str
    works: bool
    entries: int = 0
    newest: datetime | None = None
    #: Length of the article tried, and its title.
    characters: int = 0
    title: str = ""
    why: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "outlet": self.outlet,
            "url": self.url,
            "works": self.works,
            "entries": self.entries,
            "newest": rfc3339(self.newest) if self.newest else None,
            "characters": self.characters,
            "title": self.title,
            "why": self.why,
        }


def check_outlet(fetcher: Fetcher, outlet: Outlet, *, now: datetime) -> list[Check]:
    """A check for each entry point. Never raises: what fails says why."""
    return [_check(fetcher, outlet, point, now) for point in outlet.entry_points]


def _check(fetcher: Fetcher, outlet: Outlet, point: EntryPoint, now: datetime) -> Check:
    entries: list[Entry] = []
    newest: datetime | None = None
    try:
        entries = _entries(fetcher, outlet, point, now)
        newest = max((entry.published.at for entry in entries if entry.published), default=None)
        article = _article(fetcher, outlet, entries[0], now) if entries else None
    except ScrapeError as why:
        return Check(outlet=outlet.key, url=point.url, works=False, entries=len(entries), newest=newest, why=str(why))
    return Check(
        outlet=outlet.key,
        url=point.url,
        works=article is not None,
        entries=len(entries),
        newest=newest,
        characters=len(article.text) if article else 0,
        title=article.title if article else "",
        why="" if article else "it lists no article of this outlet: look at the page, then correct the outlet's file",
    )


def _entries(fetcher: Fetcher, outlet: Outlet, point: EntryPoint, now: datetime) -> list[Entry]:
    url = fill_date(point.url, now.astimezone(ZoneInfo(outlet.timezone)).date())
    capture = fetcher.fetch(url, delay=outlet.delay)
    if capture is None:
        return []
    feed = parse(
        capture.body, url=capture.final_url, now=now, content_type=capture.content_type, outlet=outlet, point=point
    )
    return [entry for entry in unique(feed.entries) if entry.url and is_article(outlet, entry.url, point)]


def _article(fetcher: Fetcher, outlet: Outlet, entry: Entry, now: datetime) -> Article | None:
    if outlet.read_from_feed and (entry.content or entry.summary):
        return read_entry(entry, outlet=outlet, now=now)
    capture = fetcher.fetch(entry.url, delay=outlet.delay)
    if capture is None:
        return None
    page = to_page(capture.body, url=capture.final_url, content_type=capture.content_type, hint=outlet.encoding)
    return read([page], now=now, outlet=outlet, entry=entry)
