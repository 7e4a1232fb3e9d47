"""Turn the JSON behind listing pages into `Feed` values. JSON walks in, records walk out; pure.

`parsing` calls `parse_listing_json`; the intake asks `data_address` where a listing page keeps its JSON. Outlets invent
these documents: some say in their file which key means what, and for the rest the usual names are tried.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from scrapers.errors import NotAFeed
from scrapers.parsing.addresses import web_address
from scrapers.parsing.dates import parse_time
from scrapers.parsing.json_documents import text_of
from scrapers.parsing.plaintext import plain
from scrapers.parsing.wholeness import MOST_ENTRIES
from storage.records import Basis, Entry, EntryPoint, Feed, Page

#: Our word -> the keys outlets use for it, the surest first (WordPress, Xinhua and their like).
_USUAL = {
    "url": ("url", "link", "publishUrl", "linkUrl", "href", "permalink"),
    "title": ("title", "headline", "showTitle", "name"),
    "published": ("published", "publishTime", "date", "pubDate", "publishedAt", "datePublished", "created_at", "time"),
    "summary": ("summary", "excerpt", "description", "lead", "brief"),
    "text": ("content", "text", "body"),
    "byline": ("byline", "author"),
}
#: Lists of articles stand at most this deep: {"data": {"pages": [{"articles": [...]}]}}.
_DEEPEST = 8


def data_address(page: Page, point: EntryPoint) -> str | None:
    """Where the JSON behind a listing page is, from the id the page holds; None if it holds none."""
    if not (point.id_pattern and point.data_url):
        return None
    found = re.search(point.id_pattern, page.text)
    return point.data_url.replace("{id}", next((group for group in found.groups() if group), "")) if found else None


def parse_listing_json(
    document: Any, *, url: str, now: datetime, zone: str = "UTC", point: EntryPoint | None = None
) -> Feed:
    """Read a JSON listing. `zone` is the IANA zone of times printed without one; `point` says which key means what.

    Raises NotAFeed when nothing in it has both an address and a title.
    """
    named: Mapping[str, str] = point.item_fields if point else {}
    fields = {ours: (named[ours],) if named.get(ours) else usual for ours, usual in _USUAL.items()}
    start = _at(document, point.items_key) if point and point.items_key else document
    items = [item for item in _items(start, fields) if web_address(_first(item, fields["url"]), url)]
    if not items and not _is_empty_list(start):
        keys = f" (its keys: {', '.join(list(document)[:8])})" if isinstance(document, dict) else ""
        raise NotAFeed(url, looks_like=f"JSON without a list of articles{keys}")
    return Feed(
        url=url,
        kind="listing-json",
        entries=tuple(_entry(item, fields, url=url, now=now, zone=zone) for item in items[:MOST_ENTRIES]),
    )


def _entry(item: dict[str, Any], fields: Mapping[str, tuple[str, ...]], *, url: str, now: datetime, zone: str) -> Entry:
    return Entry(
        url=web_address(_first(item, fields["url"]), url),
        title=plain(_first(item, fields["title"])),
        published=parse_time(_first(item, fields["published"]), zone=zone, now=now, basis=Basis.FEED),
        summary=plain(_first(item, fields["summary"])),
        content=_first(item, fields["text"]),
        byline=plain(_first(item, fields["byline"])),
    )


def _first(item: dict[str, Any], keys: tuple[str, ...]) -> str:
    return next((text for key in keys if (text := text_of(_at(item, key)))), "")


def _at(value: Any, path: str) -> Any:
    """What stands at `path`, a key or several joined by dots; None where the way ends before."""
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _items(value: Any, fields: Mapping[str, tuple[str, ...]], depth: int = 0) -> Iterator[dict[str, Any]]:
    """Every object with an address and a title, in the order of the document; what is inside one belongs to it."""
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        if _first(value, fields["url"]) and _first(value, fields["title"]):
            yield value
            return
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from _items(inner, fields, depth + 1)


def _is_empty_list(value: Any) -> bool:
    """A list that is there and holds nothing: a quiet day, not a wrong address."""
    return isinstance(value, list) and not value
