"""Turn what an entry point answered into a `Feed`: bytes walk in, records walk out; no network, no clock, no database.

`service` calls it. The bytes themselves tell what they are, since outlets serve feeds as HTML and pages as feeds; what
the entry point promised decides only whether the answer will do. Whatever the bytes, the answer is a `Feed` or NotAFeed.
"""

import gzip
import re
import zlib
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from scrapers.errors import NotAFeed, ScrapeError
from scrapers.parsing.addresses import canonical_url
from scrapers.parsing.decoding import to_page
from scrapers.parsing.describing import describe
from scrapers.parsing.feeds import parse_feed
from scrapers.parsing.json_documents import load
from scrapers.parsing.json_feed import is_json_feed, parse_json_feed
from scrapers.parsing.listing_json import parse_listing_json
from scrapers.parsing.listings import parse_listing
from scrapers.parsing.sitemaps import parse_sitemap
from storage.records import Entry, EntryPoint, Feed, Outlet, PointKind

#: Unpacked bytes of a gzip body read at most: the sitemap protocol's own limit, with room.
_MOST_BYTES = 64_000_000

_PROLOGUE = r"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^>\[]*(?:\[.*?\])?\s*>\s*)*"
_ROOT = re.compile(_PROLOGUE + r"<(?:[\w.-]+:)?([\w.-]+)", re.DOTALL | re.IGNORECASE)
#: Some put comments, text or a broken declaration before the root, so it is looked for further on as well.
_FEED_ROOT = re.compile(r"<(?:[\w.-]+:)?(rss|feed|rdf|urlset|sitemapindex)(?=[\s>/])", re.IGNORECASE)
_SITEMAPS = ("urlset", "sitemapindex")
_HEAD = 20_000


def parse(
    body: bytes,
    *,
    url: str,
    now: datetime,
    content_type: str = "",
    outlet: Outlet | None = None,
    point: EntryPoint | None = None,
    markup: bool = False,
) -> Feed:
    """What `body`, answered at `url`, lists: every entry in its own order, repeated and addressless ones included.

    `now` (aware) refuses dates that lie ahead; `outlet` gives the zone and encoding of what does not say its own, and
    tells articles from other links; `point` says what was promised and where it stands. Titles and summaries are plain
    text; with `markup` those of RSS and Atom stay as the feed gives them (sanitised HTML), for people who check a feed.
    Raises NotAFeed when it is none, or not what the point promises, and says what it looks like instead.
    """
    try:
        return _parse(body, url=url, now=now, content_type=content_type, outlet=outlet, point=point, markup=markup)
    except ScrapeError:
        raise
    except Exception as why:
        # Parsers of strangers' documents raise whatever they please (AssertionError, RecursionError, lookups of theirs);
        # to us each means the same, and none may cost more than this one visit.
        raise NotAFeed(url, looks_like=f"a document no parser can read ({type(why).__name__})") from why


def _parse(
    body: bytes,
    *,
    url: str,
    now: datetime,
    content_type: str,
    outlet: Outlet | None,
    point: EntryPoint | None,
    markup: bool,
) -> Feed:
    body = _unpacked(body, url)
    text = to_page(body, url=url, content_type=content_type, hint=outlet.encoding if outlet else "").text
    zone = outlet.timezone if outlet else "UTC"
    if text.lstrip()[:1] in ("{", "["):
        document = load(text.strip(), url=url)
        if is_json_feed(document):
            return parse_json_feed(document, url=url, now=now, zone=zone)
        return parse_listing_json(document, url=url, now=now, zone=zone, point=point)
    root = _root(text)
    if root in _SITEMAPS:
        return parse_sitemap(text, url=url, now=now, zone=zone)
    if root:
        return parse_feed(text, url=url, now=now, zone=zone, markup=markup)
    if "<" not in text or not _promises_a_page(point):
        raise NotAFeed(url, looks_like=describe(body, text))
    return parse_listing(body, text, url=url, now=now, outlet=outlet, point=point)


def _root(text: str) -> str:
    """The root element of a feed or sitemap, in lower case; nothing for other documents."""
    head = text[:_HEAD]
    first = _ROOT.match(head)
    if first and first[1].lower() in ("html", "head", "body", "script", "div"):
        return ""
    found = _FEED_ROOT.search(head)
    before = head[: found.start()].lower() if found else ""
    return found[1].lower() if found and "<html" not in before and "<body" not in before else ""


def _promises_a_page(point: EntryPoint | None) -> bool:
    """HTML answers a listing, and the page whose JSON was wanted: what the JSON would list mostly stands in it too."""
    return point is None or point.kind is PointKind.LISTING or bool(point.id_pattern)


def _unpacked(body: bytes, url: str) -> bytes:
    """Sitemaps come as gzip files; so do bodies of servers that forget to say so."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        with gzip.open(BytesIO(body)) as packed:
            unpacked = packed.read(_MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as why:
        raise NotAFeed(url, looks_like="a gzip file that is broken") from why
    if len(unpacked) > _MOST_BYTES:
        raise NotAFeed(url, looks_like=f"a gzip file of more than {_MOST_BYTES // 1_000_000} MB")
    return unpacked


def unique(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """`entries` without those that repeat an address or an id, and without those that have no address: nothing to read."""
    times = Counter(entry.guid for entry in entries if entry.guid)
    known: set[str] = set()
    kept: list[Entry] = []
    for entry in entries:
        if not entry.url:
            continue
        names = {canonical_url(entry.url).split("://", 1)[-1]}
        # Some feeds give every entry the same id: it says nothing of any, and news must not be lost to it.
        if entry.guid and times[entry.guid] <= 2:
            names.add(entry.guid)
        if not names & known:
            kept.append(entry)
        known |= names
    return tuple(kept)
