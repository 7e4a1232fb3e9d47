"""Turn RSS, RDF and Atom documents into `Feed` values. Text walks in, records out; pure. Only `parsing` calls it."""

import re
from calendar import timegm
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import feedparser

from scrapers.errors import NotAFeed
from scrapers.parsing.addresses import web_address
from scrapers.parsing.dates import EARLIEST, LEEWAY, parse_time
from scrapers.parsing.plaintext import plain, without_controls
from scrapers.parsing.wholeness import whole_entries
from storage.records import Basis, Entry, Feed, Published

_ENTRY = "item|entry"
_OPENED = re.compile(r"<(?:[\w.-]+:)?(?:item|entry)[\s>]", re.IGNORECASE)

#: Where feeds carry the whole text beside content:encoded and atom:content (Yandex's news format).
_FULL_TEXT = ("yandex_full-text", "full-text", "fulltext")

#: https://web.resource.org/rss/1.0/modules/syndication/
_PERIODS = {"hourly": 1, "daily": 24, "weekly": 24 * 7, "monthly": 24 * 30, "yearly": 24 * 365}


def parse_feed(text: str, *, url: str, now: datetime, zone: str = "UTC", markup: bool = False) -> Feed:
    """Read a feed. `zone` is the IANA zone of times printed without one.

    Titles and summaries are plain text; with `markup` they stay as feedparser gives them, sanitised HTML. An entry
    without a usable address has an empty `url`. Of a feed that breaks off, the whole entries are read.
    Raises NotAFeed when it is no feed, or one of whose entries none can be read.
    """
    body, cut = whole_entries(without_controls(text).lstrip(), entry=_ENTRY)
    if cut and not body:
        raise NotAFeed(url, looks_like="a feed that breaks off before its first entry ends")
    # A file object on purpose: given bare bytes or text, feedparser first tries them as a file name or an address.
    # Our own decoding goes before any declaration, so the header says what the bytes are now.
    headers = {"content-location": url, "content-type": "application/xml; charset=utf-8"}
    raw: Any = feedparser.parse(BytesIO(body.encode("utf-8")), response_headers=headers)
    version = str(raw.get("version") or "")
    if not version:
        raise NotAFeed(url, looks_like="an XML document that only resembles a feed")
    if not raw.entries and _OPENED.search(body):
        raise NotAFeed(url, looks_like="a broken feed none of whose entries can be read")
    return Feed(
        url=url,
        kind="atom" if version.startswith("atom") else "rss",
        title=plain(str(raw.feed.get("title", ""))),
        entries=tuple(_entry(entry, now=now, zone=zone, markup=markup) for entry in raw.entries),
        ttl=_ttl(raw.feed),
    )


def _entry(raw: Mapping[str, Any], *, now: datetime, zone: str, markup: bool) -> Entry:
    written = str if markup else plain
    return Entry(
        url=_address(raw),
        title=written(str(raw.get("title", ""))),
        published=_published(raw, now, zone),
        summary=written(str(raw.get("summary", ""))),
        content=_content(raw),
        byline=_byline(raw),
        guid=str(raw.get("id", "")).strip(),
    )


def _address(raw: Mapping[str, Any]) -> str:
    """The entry's own link; the address a feed service hides; the id where it is an address; else nothing."""
    for name in ("feedburner_origlink", "link", "id"):
        if address := web_address(str(raw.get(name, ""))):
            return address
    return ""


def _published(raw: Mapping[str, Any], now: datetime, zone: str) -> Published | None:
    for name in ("published", "updated", "created"):
        # Membership first: feedparser answers "updated" with "published", and warns that it will not for ever.
        if name not in raw:
            continue
        if found := parse_time(str(raw[name]), zone=zone, now=now, basis=Basis.FEED):
            return found
        parsed = raw.get(f"{name}_parsed")
        if parsed and EARLIEST.year <= parsed[0] <= now.year + 1:
            at = datetime.fromtimestamp(timegm(parsed), UTC)
            if at <= now + LEEWAY:
                return Published(at=at, basis=Basis.FEED)
    return None


def _content(raw: Mapping[str, Any]) -> str:
    """The longest full text the entry carries."""
    texts = [str(part.get("value", "")) for part in raw.get("content", ())]
    texts += [str(raw.get(name, "")) for name in _FULL_TEXT]
    return max(texts, key=len).strip()


def _byline(raw: Mapping[str, Any]) -> str:
    names = dict.fromkeys(_names(raw))
    return ", ".join(names) or plain(str(raw.get("author", "")))


def _names(raw: Mapping[str, Any]) -> Iterator[str]:
    for author in raw.get("authors", ()):
        if name := plain(str(author.get("name", ""))):
            yield name


def _ttl(feed: Mapping[str, Any]) -> timedelta | None:
    """RSS `ttl` in minutes, else sy:updatePeriod divided by sy:updateFrequency."""
    if minutes := _positive(feed.get("ttl")):
        return timedelta(minutes=minutes)
    hours = _PERIODS.get(str(feed.get("sy_updateperiod", "")).strip().lower())
    return timedelta(hours=hours) / (_positive(feed.get("sy_updatefrequency")) or 1) if hours else None


def _positive(written: Any) -> int:
    """A small positive number, or 0 for anything else."""
    text = str(written or "").strip()
    return int(text) if re.fullmatch(r"[0-9]{1,6}", text) else 0
