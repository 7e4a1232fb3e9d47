"""Turn pages into articles. Pages walk in, an `Article` walks out, or `NotAnArticle` says why there is none.

Pure: no network, no clock, no database; `now` is told. `service` calls it, and tests. Each page is parsed once.

    page | the outlet's layouts, else find_prose | furniture cut | title, byline, time, origin, language | Article
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml.html import HtmlElement

from scrapers.errors import NotAnArticle
from scrapers.parsing.addresses import canonical_id, canonical_url, date_in_address
from scrapers.reading.following import joined, next_page
from scrapers.reading.furniture import without_furniture
from scrapers.reading.headlines import byline_of, title_of
from scrapers.reading.language import detect
from scrapers.reading.layouts import ENOUGH, fitting, newest_first
from scrapers.reading.metadata import Metadata, metadata_of
from scrapers.reading.origins import origin_in, origin_of
from scrapers.reading.prose import find_prose, weight
from scrapers.reading.times import published_of, weighed
from scrapers.reading.trees import plain, printable, squeeze, tree_of
from storage.records import Article, Entry, Layout, Outlet, Page

__all__ = ["next_page", "read", "read_entry"]

#: What pages say that stand between us and the story. They are short; a story that quotes such words is not.
_CHALLENGE = re.compile(
    r"checking (?:if the site|your browser)|enable javascript|verify(?:ing)? (?:that )?you are (?:a )?human|are you a robot|"
    r"access denied|just a moment|attention required|ddos protection|unusual traffic|проверка браузера|включите javascript|"
    r"подтвердите, что вы не робот|доступ ограничен|安全验证|访问(?:验证|受限|被拒绝)|请开启javascript|滑动验证",
    re.IGNORECASE,
)
_CHALLENGE_WEIGHT = 1_500
#: Any real text of that size is written with more than so many different characters.
_LETTERS = 10


@dataclass(frozen=True, slots=True)
class _Read:
    """One page, read as far as one page goes."""

    tree: HtmlElement
    metadata: Metadata
    layouts: Sequence[Layout]
    title: str
    byline: str
    #: Paragraphs with the furniture that names editors and origins still there, and without.
    raw: Sequence[str]
    lines: Sequence[str]


def read(pages: Sequence[Page], *, now: datetime, outlet: Outlet | None = None, entry: Entry | None = None) -> Article:
    """The article on `pages`, the first of which is its address; further ones continue it.

    `entry` is how a feed or listing announced it and fills in what the page does not say. Raises NotAnArticle for a page
    without prose: photo, video, section and challenge pages end there.
    """
    url = pages[0].url if pages else (entry.url if entry else "")
    if not pages:
        raise NotAnArticle(url, f"{url}: no page was given to read. Fetch the page first.")
    first = _read_page(pages[0], outlet, entry)
    if first is None:
        raise NotAnArticle(url, f"{url} answered with an empty page. Open it in a browser; try again later.")
    further = (_read_page(page, outlet, entry, is_further=True) for page in pages[1:])
    lines = joined([first.lines, *(one.lines for one in further if one)])
    text = "\n".join(lines)
    _must_be_prose(url, first.title, text)
    return Article(
        outlet=outlet.key if outlet else "",
        canonical_id=canonical_id(outlet, url),
        url=canonical_url(url),
        title=first.title or _opening(lines),
        text=text,
        byline=first.byline,
        published=published_of(first.tree, first.metadata, first.layouts, url=url, outlet=outlet, entry=entry, now=now),
        language=detect(f"{first.title}\n{text}", declared=first.metadata.language, expected=_languages(outlet)),
        origin=origin_of(first.tree, first.metadata, first.layouts, outlet=outlet, url=url, lines=first.raw),
    )


def _read_page(page: Page, outlet: Outlet | None, entry: Entry | None, *, is_further: bool = False) -> _Read | None:
    """The page as far as it goes alone; None for an empty one. The last of several may hold a line or two."""
    tree = tree_of(page.text)
    if tree is None:
        return None
    metadata = metadata_of(tree)
    layouts, raw = fitting(tree, newest_first(outlet), least=1 if is_further else ENOUGH)
    title = title_of(tree, metadata, layouts, url=page.url, outlet=outlet, fallback=entry.title if entry else "")
    byline = byline_of(tree, metadata, layouts, url=page.url, outlet=outlet, fallback=entry.byline if entry else "")
    raw = raw or find_prose(tree, metadata)
    lines = without_furniture(
        raw,
        titles=(title, metadata.first("og:title"), metadata.said("headline"), *([entry.title] if entry else ())),
        tails=outlet.tails if outlet else (),
        signatures=(byline, *_signatures(outlet)),
    )
    return _Read(tree, metadata, layouts, title, byline, raw, lines)


def _signatures(outlet: Outlet | None) -> tuple[str, ...]:
    return (outlet.name, outlet.name.split("(", 1)[0]) if outlet else ()


def _languages(outlet: Outlet | None) -> tuple[str, ...]:
    return outlet.languages if outlet else ()


def _must_be_prose(url: str, title: str, text: str) -> None:
    said = f"{title}\n{text}"
    if weight(said) < _CHALLENGE_WEIGHT and _CHALLENGE.search(said):
        raise NotAnArticle(
            url, f"{url} answered with a challenge page, not its story. Try later or read the outlet's feed instead."
        )
    if weight(text) < ENOUGH or len(set(text)) < _LETTERS:
        what = "no prose" if not text else f"only {len(text)} characters of text"
        raise NotAnArticle(
            url,
            f"{url} holds {what}: a photo, video or section page. Open it in a browser; "
            "if its story is there, correct the body selector in the outlet's file.",
        )


def _opening(lines: Sequence[str]) -> str:
    """A title for what has none: its first words."""
    return lines[0] if len(lines[0]) <= 100 else lines[0][:100].rsplit(" ", 1)[0] + "…"


def read_entry(entry: Entry, *, outlet: Outlet, now: datetime) -> Article:
    """The article as far as its feed tells it: from the full text it carries, else from its summary.

    For outlets whose pages are blocked or add nothing. Raises NotAnArticle for an entry without any text.
    """
    body = plain(entry.content)
    summary_only = weight(body) < ENOUGH
    lines = (body if not summary_only else (plain(entry.summary) or body)).splitlines()
    title = squeeze(plain(entry.title))
    raw = [squeeze(printable(line)) for line in lines]
    lines = without_furniture(raw, titles=(title,), tails=outlet.tails, signatures=_signatures(outlet))
    if not lines:
        raise NotAnArticle(
            entry.url, f"{entry.url}: its feed carries no text. Read the page instead: set read_from_feed to false."
        )
    text = "\n".join(lines)
    return Article(
        outlet=outlet.key,
        canonical_id=canonical_id(outlet, entry.url),
        url=canonical_url(entry.url),
        title=title or _opening(lines),
        text=text,
        byline=squeeze(entry.byline),
        published=weighed(
            [], [entry.published] if entry.published else [], date_in_address(entry.url), zone=outlet.timezone, now=now
        ),
        language=detect(f"{title}\n{text}", expected=_languages(outlet)),
        origin=origin_in(raw, outlet=outlet, url=entry.url),
        summary_only=summary_only,
    )
