"""Articles on several pages: where the next one is, and how their texts are joined. Pages walk in, an address or lines walk out.

Pure. Only this room imports it; `reading` hands `next_page` on.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from urllib.parse import urljoin, urlsplit

from scrapers.parsing.addresses import canonical_url
from scrapers.reading.prose import letters, weight
from scrapers.reading.trees import tree_of
from storage.records import Outlet, Page

#: How the Chinese ministries' pages tell how many there are: createManuscriptPageHTML("div_currpage", 3, "16400000", "html")
_PAGE_COUNT = re.compile(r"(?:createManuscriptPageHTML|createPageHTML)\s*\(([^)]{0,200})\)")
#: The number of a further page at the end of a file's name: c_123_2.htm, WS6893_2.html, 16390000-2.shtml
_NUMBER = re.compile(r"(?<=[0-9a-zA-Z])[_-](\d{1,2})(?=\.\w{3,5}$)")


def next_page(page: Page, *, outlet: Outlet | None, have: Collection[str]) -> str | None:
    """The address of the page after `page` in the same article, or None.

    `have` holds the addresses read so far, which are never given again. Only pages of the same host and the same name
    count, only the one number after this page's, so a chain of pages can neither turn back nor lead away.
    """
    pattern = outlet.next_page_pattern if outlet else ""
    if not pattern:
        return None
    here = canonical_url(page.url)
    read = {canonical_url(url) for url in (*have, page.url)}
    for url in _candidates(page):
        address = canonical_url(url)
        if address in read or _number(address, pattern) != _number(here, pattern) + 1:
            continue
        if _name(address) == _name(here):
            return address
    return None


def _candidates(page: Page) -> Iterator[str]:
    """Addresses the page links to, then the one its script would make."""
    tree = tree_of(page.text)
    if tree is not None:
        for link in tree.iter("a", "link"):
            if address := _absolute(page.url, link.get("href") or ""):
                yield address
    if found := _PAGE_COUNT.search(page.text):
        count = next((int(number) for number in re.findall(r"(?<!\w)\d{1,2}(?!\w)", found[1])), 0)
        stem, number = _split(page.url)
        if number < count:
            yield re.sub(r"(\.\w{3,5})$", rf"_{number + 1}\1", stem)


def _absolute(base: str, href: str) -> str:
    try:
        return urljoin(base, href.strip())
    except ValueError:
        return ""


def _split(url: str) -> tuple[str, int]:
    """An address without its page number, and the number; a first page has none and counts as 1."""
    bare = url.split("?", 1)[0].split("#", 1)[0]
    found = _NUMBER.search(bare)
    return (bare[: found.start()] + bare[found.end() :], int(found[1])) if found else (bare, 1)


def _number(url: str, pattern: str) -> int:
    found = re.search(pattern, url)
    digits = next((group for group in found.groups() if group and group.isdigit()), "") if found else ""
    return int(digits) if digits else 1


def _name(url: str) -> tuple[str, str]:
    """Host and path of an article without the number of its page; http and https are one."""
    parts = urlsplit(_split(url)[0])
    return parts.netloc.removeprefix("www."), parts.path


#: A line lighter than this may rightly stand twice ("Q:", "* * *").
_FURNITURE = 20


def joined(pages: Sequence[Sequence[str]]) -> list[str]:
    """The paragraphs of all pages in order; what a page repeats of those before it is left out."""
    lines: list[str] = []
    known: set[str] = set()
    for page in pages:
        fresh = [line for line in page if letters(line) not in known]
        if lines and fresh and fresh[0].startswith(lines[-1]):
            # A paragraph broken off at the end of a page is printed whole on the next.
            lines.pop()
        lines.extend(fresh)
        known.update(letters(line) for line in page if weight(line) >= _FURNITURE)
    return lines
