"""Turn HTML listing pages into `Feed` values. Text walks in, records walk out; pure. Only `parsing` calls it.

An outlet's file may say where the items of a page stand. Where it does not, or where the page was rebuilt since, every
link whose address is an article's counts: a new design costs times and some titles, but not the news.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urldefrag

from bs4 import BeautifulSoup, Tag

from scrapers.errors import NotAFeed
from scrapers.parsing.addresses import canonical_url, is_article, web_address
from scrapers.parsing.dates import parse_time
from scrapers.parsing.describing import describe, wall
from scrapers.parsing.guessing import resembles_article
from storage.records import Basis, Entry, EntryPoint, Feed, Outlet, PointKind, Published

#: Longer pages list nothing a visit could read; what comes first is the newest.
_MOST_CHARACTERS = 2_000_000
#: A headline is shorter; what is longer is a teaser in the same link.
_LONGEST_TITLE = 300
#: How far up from a printed time the link it belongs to may be.
_CLIMB = 6

_HEADINGS = re.compile(r"h[1-6]")
#: Text that is no title: numbers and signs, such as the time of a post.
_NO_LETTERS = re.compile(r"[\W\d_]*")


@dataclass(slots=True)
class _Found:
    """What a page says of one article, gathered from all links to it."""

    url: str
    titles: list[str] = field(default_factory=list)
    published: Published | None = None
    content: str = ""


@dataclass(frozen=True, kw_only=True)
class _Listing:
    """A page with all that is needed to judge its links."""

    page: BeautifulSoup
    #: What relative links are relative to, and the page's own address.
    base: str
    url: str
    point: EntryPoint
    outlet: Outlet | None
    now: datetime
    zone: str

    def address(self, link: Tag) -> str:
        """Where a link leads if it leads to an article, else nothing."""
        address = urldefrag(web_address(str(link.get("href") or ""), self.base)).url
        return address if address and self._is_article(address) else ""

    def _is_article(self, address: str) -> bool:
        if self.outlet:
            return is_article(self.outlet, address, self.point)
        pattern = self.point.item_link_pattern
        return bool(re.search(pattern, address)) if pattern else resembles_article(address, self.url)

    def links(self, root: Tag, selector: str = "") -> Iterator[tuple[str, Tag]]:
        """The article links in `root`, with their addresses."""
        for element in root.select(selector or "a[href]"):
            link = element if element.get("href") else element.select_one("a[href]")
            if link and (address := self.address(link)):
                yield address, link

    def time(self, element: Tag | None) -> Published | None:
        """The time an element prints, or carries for machines."""
        if element is None:
            return None
        text = str(element.get("datetime") or "") or _text(element)
        pattern, written = self.point.item_time_pattern, self.point.item_time_format
        if pattern and (found := re.search(pattern, _text(element))):
            text = found[1] if found.re.groups else found[0]
        return parse_time(text, zone=self.zone, now=self.now, basis=Basis.FEED, formats=(written,) if written else ())


def parse_listing(
    body: bytes,
    text: str,
    *,
    url: str,
    now: datetime,
    outlet: Outlet | None = None,
    point: EntryPoint | None = None,
) -> Feed:
    """Read a page of links; `body` serves to describe it when it is none. Times without zone are the outlet's.

    Without an outlet, links that resemble articles of the same site count.
    Raises NotAFeed when no link leads to an article: a challenge, a login, an empty page, a page drawn by script.
    """
    # Whatever begins like an XML declaration makes bs4 warn; the encoding it names is past anyway.
    page = BeautifulSoup(text[:_MOST_CHARACTERS].replace("<?xml", "<?"), "lxml")
    listing = _Listing(
        page=page,
        base=_base(page, url),
        url=url,
        point=point or EntryPoint(url=url, kind=PointKind.LISTING),
        outlet=outlet,
        now=now,
        zone=outlet.timezone if outlet else "UTC",
    )
    found = _by_items(listing) or _by_links(listing, listing.point.item_link) or _by_links(listing)
    # The page of a day may list nothing in the first minutes of that day.
    may_be_empty = "YYYY" in listing.point.url and not wall(text)
    if not found and not may_be_empty:
        raise NotAFeed(url, looks_like=_complaint(body, text, page))
    entries = (
        Entry(url=one.url, title=_best(one.titles), published=one.published, content=one.content) for one in found
    )
    return Feed(url=url, kind="listing", title=_text(page.title) if page.title else "", entries=tuple(entries))


def _base(page: BeautifulSoup, url: str) -> str:
    declared = page.find("base", href=True)
    return (web_address(str(declared["href"]), url) if isinstance(declared, Tag) else "") or url


def _complaint(body: bytes, text: str, page: BeautifulSoup) -> str:
    looks = describe(body, text)
    links = len(page.find_all("a", href=True))
    return f"{looks}, none of whose {links} links leads to an article" if links and not wall(text) else looks


# ------------------------------------------------------------------ where the articles stand


def _by_items(listing: _Listing) -> Sequence[_Found]:
    """Item by item, as the outlet's file describes them."""
    point = listing.point
    found: dict[str, _Found] = {}
    for item in listing.page.select(point.item) if point.item else ():
        links = list(listing.links(item, point.item_link)) or list(listing.links(item))
        if not links and item.get("href") and (address := listing.address(item)):
            links = [(address, item)]
        if not links:
            continue
        one = _note(found, links[0][0])
        named = item.select_one(point.item_title) if point.item_title else None
        full = item.select_one(point.item_text) if point.item_text else None
        one.titles += [_text(named)] if named else _titles(link for address, link in links if address == links[0][0])
        one.content = one.content or (full.decode_contents().strip() if full else "")
        one.published = one.published or listing.time(item.select_one(point.item_time or "time[datetime]"))
        if full and not _best(one.titles):
            one.titles.append(_first_line(full))
    return list(found.values())


def _by_links(listing: _Listing, selector: str = "") -> Sequence[_Found]:
    """Link by link; a printed time belongs to the one article that shares the nearest box with it."""
    found: dict[str, _Found] = {}
    for address, link in listing.links(listing.page, selector):
        named = link.select_one(listing.point.item_title) if listing.point.item_title else None
        _note(found, address).titles += [_text(named)] if named else _titles([link])
    for element in listing.page.select(listing.point.item_time or "time[datetime]") if found else ():
        for box in list(element.parents)[:_CLIMB]:
            near = {canonical_url(address) for address, _ in listing.links(box)} & found.keys()
            if near:
                for one in (found[address] for address in near if len(near) == 1):
                    one.published = one.published or listing.time(element)
                break
    return list(found.values())


def _note(found: dict[str, _Found], address: str) -> _Found:
    return found.setdefault(canonical_url(address), _Found(address))


# ------------------------------------------------------------------ titles


def _titles(links: Iterable[Tag]) -> list[str]:
    """All that links say of what they lead to: a heading or else their text, their tooltips, the words for pictures."""
    said: list[str] = []
    for link in links:
        heading = link.find(_HEADINGS)
        said += [_text(heading if isinstance(heading, Tag) else link), str(link.get("title") or "")]
        said += [str(picture.get("alt") or "") for picture in link.find_all("img", alt=True)]
    return [" ".join(text.split()) for text in said]


def _best(titles: Sequence[str]) -> str:
    """The longest that can be a title: shorter ones are "Read more", or cut off."""
    real = [title for title in titles if not _NO_LETTERS.fullmatch(title)]
    return max(
        (title for title in real if len(title) <= _LONGEST_TITLE), key=len, default=min(real, key=len, default="")
    )


def _first_line(element: Tag) -> str:
    """The first line of a post that has no title."""
    line = next((line for line in element.get_text("\n").splitlines() if not _NO_LETTERS.fullmatch(line)), "")
    line = " ".join(line.split())
    return line if len(line) <= _LONGEST_TITLE else line[: _LONGEST_TITLE - 1].rsplit(" ", 1)[0] + "…"


def _text(element: Tag) -> str:
    return " ".join(element.get_text().split())
