"""When was it published? Everything a page, its feed and its address say walks in, one `Published` or none walks out.

Pure. Only this room imports it. The order of trust: the outlet's selector, JSON-LD, meta and time elements, the text above
the story, the feed, the address. But an address that carries a day overrules a page that names another one: outlets print
wrong years and refresh times, while their addresses are made once.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import chain, islice

from lxml.html import HtmlElement

from scrapers.parsing.addresses import date_in_address
from scrapers.parsing.dates import parse_time
from scrapers.reading.layouts import every, find
from scrapers.reading.metadata import Metadata
from scrapers.reading.trees import blocks
from storage.records import Basis, Entry, Layout, Outlet, Published

_METAS = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "publishdate", "publish-date",
    "publish_date", "published_time", "pubdate", "pubtime", "article.published", "mediator_published_time",
    "weibo:article:create_at", "apub:time", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "dc.date.issued",
    "dcterms.issued", "dcterms.created", "dcterms.date", "dc.date.created", "dc.date", "article:published", "rnews:datepublished",
    "displaydate", "ptime", "bt:pubdate", "date",
)  # fmt: skip
_ELEMENTS = ("time[itemprop=datePublished]", "time[pubdate]", "[itemprop=datePublished]", "article time[datetime]")
#: A line that is little more than a date, as they stand between headline and text.
_STAMP = re.compile(r"(?:19|20)\d\d|\b\d{1,2}:\d\d\b")
_LONGEST_STAMP = 80
#: So many lines after the headline may hold the stamp.
_NEAR = 12
#: More times than this no page needs to be asked for.
_MOST = 8
#: Zones and midnight editions put a page and its address a day apart.
_LEEWAY = timedelta(days=1)


def published_of(
    tree: HtmlElement,
    metadata: Metadata,
    layouts: Sequence[Layout],
    *,
    url: str,
    outlet: Outlet | None,
    entry: Entry | None,
    now: datetime,
) -> Published | None:
    """When it was published, with the outlet's zone where none is printed; None where nothing believable says so."""
    zone = outlet.timezone if outlet else "UTC"
    address = date_in_address(url)
    is_copy = bool(outlet and outlet.reprint_url_pattern and re.search(outlet.reprint_url_pattern, url))
    page = _up_to_clock_time(islice(_on_page(tree, metadata, layouts, zone, now, stamps=not is_copy), _MOST))
    feed = [entry.published] if entry and entry.published else []
    return weighed(page, feed, address, zone=zone, now=now)


def weighed(
    page: Sequence[Published], feed: Sequence[Published], address: date | None, *, zone: str, now: datetime
) -> Published | None:
    """The first of page and feed that agrees with the day in the address; where none does, that day itself."""
    dated = parse_time(address.isoformat(), zone=zone, now=now, basis=Basis.ADDRESS) if address else None
    agreeing = [one for one in (*page, *feed) if dated is None or abs(one.local.date() - dated.local.date()) <= _LEEWAY]
    if not agreeing:
        return dated
    best = agreeing[0]
    if not best.has_time:
        # The same day with a clock time says more, wherever it was read.
        same_day = (one for one in agreeing if one.has_time and one.local.date() == best.local.date())
        return next(same_day, best)
    return best


def _up_to_clock_time(found: Iterable[Published]) -> list[Published]:
    """What was found up to the first that knows the clock time, not just the day."""
    taken: list[Published] = []
    for published in found:
        taken.append(published)
        if published.has_time:
            break
    return taken


def _on_page(
    tree: HtmlElement, metadata: Metadata, layouts: Sequence[Layout], zone: str, now: datetime, *, stamps: bool
) -> Iterator[Published]:
    # A copy prints the clock of the outlet it was taken from, in a zone nobody names.
    printed = ((text, ()) for text in _near_headline(tree)) if stamps else ()
    for text, formats in chain(_said(tree, metadata, layouts), printed):
        if published := parse_time(text, zone=zone, now=now, basis=Basis.PAGE, formats=formats):
            yield published


def _said(tree: HtmlElement, metadata: Metadata, layouts: Sequence[Layout]) -> Iterator[tuple[str, Sequence[str]]]:
    for layout in layouts:
        for text in every(tree, layout.published):
            found = re.search(layout.published_pattern, text) if layout.published_pattern else None
            if found:
                yield next((group for group in found.groups() if group), found[0]), layout.published_formats
            elif not layout.published_pattern:
                yield text, layout.published_formats
    yield from ((said, ()) for said in (metadata.said("datePublished"), metadata.said("dateCreated")) if said)
    yield from ((content, ()) for name in _METAS for content in metadata.meta.get(name, ()) if content)
    yield from ((text, ()) for text in every(tree, _ELEMENTS))


def _near_headline(tree: HtmlElement) -> Iterator[str]:
    """Short lines with a year or a clock time just below (or, failing that, just above) the first headline."""
    headline = next(iter(find(tree, "h1")), None)
    page = blocks(tree)
    at = next((place for place, block in enumerate(page) if block.owner is headline), None)
    if at is None:
        return
    for block in (*page[at + 1 : at + 1 + _NEAR], *reversed(page[max(0, at - 3) : at])):
        if len(block.text) <= _LONGEST_STAMP and _STAMP.search(block.text):
            yield block.text
