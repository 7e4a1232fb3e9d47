"""Turn sitemaps into `Feed` values: urlset, index and Google's news extension. Text walks in, records walk out; pure.

Only `parsing` calls it. Format: https://www.sitemaps.org/protocol.html and
https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, NamedTuple

from lxml import etree

from scrapers.errors import NotAFeed
from scrapers.parsing.addresses import web_address
from scrapers.parsing.dates import parse_time
from scrapers.parsing.plaintext import plain, without_controls
from scrapers.parsing.wholeness import MOST_ENTRIES, whole_entries
from storage.records import Basis, Entry, Feed, Published

#: The protocol's own limit is 50 MB; its files are flat, so they cost little more than their bytes.
_MOST_CHARACTERS = 55_000_000
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


class _Row(NamedTuple):
    """One <url> or <sitemap>."""

    address: str
    title: str
    published: Published | None
    changed: Published | None

    @property
    def newest(self) -> datetime:
        known = self.published or self.changed
        return known.at if known else _LONG_AGO


def parse_sitemap(text: str, *, url: str, now: datetime, zone: str = "UTC") -> Feed:
    """Read a sitemap, the newest first: its own order means nothing, and only the newest few thousand are of use.

    `lastmod` says when a page changed, so it orders the entries but is no published time.
    Raises NotAFeed for one that breaks off before its first entry ends.
    """
    body, _ = whole_entries(without_controls(text).lstrip(), entry="url|sitemap", most=_MOST_CHARACTERS)
    if not body:
        raise NotAFeed(url, looks_like="a sitemap that breaks off before its first entry ends")
    # A declaration names the encoding the bytes came in; they are UTF-8 by now.
    body = re.sub(r"^<\?xml.*?\?>", "", body, count=1, flags=re.DOTALL)
    rows: dict[str, list[_Row]] = {"url": [], "sitemap": []}
    for kind, row in _rows(body.encode("utf-8"), now=now, zone=zone):
        rows[kind].append(row)
    newest = {kind: sorted(found, key=lambda row: row.newest, reverse=True) for kind, found in rows.items()}
    return Feed(
        url=url,
        kind="sitemap",
        entries=tuple(
            Entry(url=row.address, title=row.title, published=row.published) for row in newest["url"][:MOST_ENTRIES]
        ),
        children=tuple(row.address for row in newest["sitemap"][:MOST_ENTRIES]),
    )


def _rows(body: bytes, *, now: datetime, zone: str) -> Iterator[tuple[str, _Row]]:
    """Each <url> and <sitemap> with a usable address, forgetting it once read: the file may hold 50,000."""
    events = etree.iterparse(
        BytesIO(body),
        events=("end",),
        tag=("{*}url", "{*}sitemap"),
        recover=True,
        resolve_entities=False,
        no_network=True,
    )
    for _, element in events:
        told = _told(element)
        if address := web_address(told.get("loc", "")):
            dates = (
                parse_time(told.get(name, ""), zone=zone, now=now, basis=Basis.FEED)
                for name in ("publication_date", "lastmod")
            )
            yield _local_name(element), _Row(address, plain(told.get("title", "")), *dates)
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def _told(element: Any) -> dict[str, str]:
    """The texts inside an entry by the local names of their elements; the titles of its pictures are not its own."""
    told: dict[str, str] = {}
    for inner in element.iter("{*}loc", "{*}lastmod", "{*}publication_date", "{*}title"):
        if _local_name(inner.getparent()) not in ("image", "video"):
            told.setdefault(_local_name(inner), (inner.text or "").strip())
    return told


def _local_name(element: Any) -> str:
    """Without its namespace, or without the prefix of one that was never declared."""
    return re.split("[}:]", str(element.tag))[-1]
