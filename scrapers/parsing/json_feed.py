"""Turn JSON Feed documents into `Feed` values. JSON walks in, records walk out; pure. Only `parsing` calls it.

Format: https://www.jsonfeed.org/version/1.1/ and, with one author instead of several, 1.0.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from scrapers.parsing.addresses import web_address
from scrapers.parsing.dates import parse_time
from scrapers.parsing.json_documents import dicts_of, text_of
from scrapers.parsing.plaintext import plain
from storage.records import Basis, Entry, Feed, Published


def is_json_feed(document: Any) -> bool:
    """Whether a JSON value says it is a JSON Feed."""
    return isinstance(document, dict) and "jsonfeed.org/version/" in text_of(document.get("version"))


def parse_json_feed(document: dict[str, Any], *, url: str, now: datetime, zone: str = "UTC") -> Feed:
    """Read a JSON Feed. What is of a wrong type is taken as absent."""
    return Feed(
        url=url,
        kind="json-feed",
        title=plain(text_of(document.get("title"))),
        entries=tuple(_entry(item, url=url, now=now, zone=zone) for item in dicts_of(document.get("items"))),
    )


def _entry(item: dict[str, Any], *, url: str, now: datetime, zone: str) -> Entry:
    return Entry(
        url=next(_addresses(item, url), ""),
        title=plain(text_of(item.get("title"))),
        published=_published(item, now, zone),
        summary=plain(text_of(item.get("summary"))),
        content=text_of(item.get("content_html")) or text_of(item.get("content_text")),
        byline=", ".join(dict.fromkeys(_names(item))),
        guid=text_of(item.get("id")),
    )


def _addresses(item: dict[str, Any], url: str) -> Iterator[str]:
    """The item's page, the page it is about, its id: those that are addresses."""
    for name, base in (("url", url), ("external_url", url), ("id", "")):
        if (written := text_of(item.get(name))) and (address := web_address(written, base)):
            yield address


def _published(item: dict[str, Any], now: datetime, zone: str) -> Published | None:
    for name in ("date_published", "date_modified"):
        if found := parse_time(text_of(item.get(name)), zone=zone, now=now, basis=Basis.FEED):
            return found
    return None


def _names(item: dict[str, Any]) -> Iterator[str]:
    # 1.0 has one `author`, 1.1 a list of `authors`.
    for author in dicts_of(item.get("authors")) or dicts_of([item.get("author")]):
        if name := plain(text_of(author.get("name"))):
            yield name
