"""An article's address to its pages: the first and those that continue it. Called by the intake and by revisits."""

from dataclasses import dataclass, replace

import structlog

from scrapers.errors import FetchError
from scrapers.fetching.fetching import Fetcher
from scrapers.parsing.addresses import canonical_id
from scrapers.parsing.decoding import to_page
from scrapers.reading.reading import next_page
from storage.records import Capture, Outlet, Page

log = structlog.get_logger("intake")

#: Pages of one article.
MOST_PAGES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """What an article's address answered."""

    #: The first page, byte for byte.
    capture: Capture
    pages: tuple[Page, ...]
    #: False when a page that continues the article could not be had.
    whole: bool = True


def pages_of(fetcher: Fetcher, outlet: Outlet, url: str, *, etag: str = "", last_modified: str = "") -> Pages | None:
    """The pages of the article at `url`; None when they have not changed since the answer that carried these validators.

    A page missing later ends the article only. Some outlets serve the text beside the address people see: it is fetched
    there, and still goes by that address. Raises FetchError.
    """
    beside = outlet.page_url.replace("{id}", canonical_id(outlet, url)) if outlet.page_url else ""
    capture = fetcher.fetch(beside or url, etag=etag, last_modified=last_modified, delay=outlet.delay)
    if capture is None:
        return None
    page = _page(capture, outlet)
    pages = [replace(page, url=url) if beside else page]
    have = {url, page.url}
    while len(have) < MOST_PAGES and (following := next_page(page, outlet=outlet, have=have)):
        have.add(following)
        try:
            page = _page(_there(fetcher, outlet, following), outlet)
        except FetchError as why:
            log.warning("article cut short", outlet=outlet.key, url=following, why=str(why))
            return Pages(capture=capture, pages=tuple(pages), whole=False)
        pages.append(page)
        have.add(page.url)
    return Pages(capture=capture, pages=tuple(pages))


def _there(fetcher: Fetcher, outlet: Outlet, url: str) -> Capture:
    capture = fetcher.fetch(url, delay=outlet.delay)
    if capture is None:
        raise unasked(url)
    return capture


def unasked(url: str) -> FetchError:
    """304 is no answer to a request without conditions."""
    return FetchError(url, f"{url} answered that it is unchanged, though nobody asked. It is tried again later.")


def _page(capture: Capture, outlet: Outlet) -> Page:
    return to_page(capture.body, url=capture.final_url, content_type=capture.content_type, hint=outlet.encoding)
