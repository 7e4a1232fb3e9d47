"""One file to the documents in it: .txt, .html, .jsonl, .warc and their .gz twins. A path walks in, `Document` values walk
out, and for each place that cannot be used a `Failed` that says why; the rest of the file goes on.

Called by `importing` and, for whose page an address is, by the command line.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapers.errors import HttpFailure, ScrapeError
from scrapers.fetching.replay import ReplayFetcher
from scrapers.parsing.addresses import canonical_id, canonical_url, is_article, is_of, web_address
from scrapers.parsing.dates import parse_time
from scrapers.parsing.decoding import to_page
from scrapers.reading.language import detect
from scrapers.reading.reading import next_page, read
from scrapers.reading.trees import plain
from service.exchange.lines import is_ours
from service.exchange.lines import read as read_line
from service.files import BadFile, BadLine, body_of, json_lines, opened
from storage.archive.histories import History
from storage.records import Article, Basis, Outlet, Page

#: What a file's name must end in; anything else in a folder is passed over, and refused when named outright.
SUFFIXES = (".txt", ".html", ".htm", ".jsonl", ".warc", ".txt.gz", ".html.gz", ".htm.gz", ".jsonl.gz", ".warc.gz")
#: The outlet of documents that name none.
NOBODY = "import"
#: Pages of one article in a capture.
_MOST_PAGES = 12
_TITLE = 300
#: Characters of a page that tell its language, past the head and the menus.
_GLANCE = 200_000
#: An id is typed on command lines, so it fits there; those of the seed archive are taken.
_LONGEST_ID = 200
_TAKEN = "seed-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document, read: where it stood, its article, the id it asks to be kept under, and when it was captured."""

    place: str
    article: Article
    id: str = ""
    captured: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """An article with its history, as another archive exported it."""

    place: str
    history: History


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """One place that cannot be used, and what to do about it."""

    place: str
    why: str


def documents_in(file: Path, known: Mapping[str, Outlet], *, now: datetime) -> Iterator[Document | Remembered | Failed]:
    """What `file` holds. Never raises for the file's sake."""
    name = file.name.lower().removesuffix(".gz")
    try:
        if name.endswith(".warc"):
            yield from _from_warc(file, known, now)
        elif name.endswith(".jsonl"):
            yield from _from_json_lines(file, known, now)
        elif name.endswith(".txt"):
            yield _from_text(file, body_of(file))
        else:
            yield _from_page([to_page(body_of(file), url=file.resolve().as_uri())], known, now, place=str(file))
    except (BadFile, ScrapeError) as why:
        yield Failed(place=str(file), why=str(why))


def outlet_of(url: str, outlets: Iterable[Outlet], *, page: Page | None = None) -> Outlet | None:
    """The outlet whose host serves `url`. Where desks share a host, the article pattern decides, then the page's language."""
    netloc = urlsplit(url).netloc if web_address(url) else ""
    ours = [outlet for outlet in outlets if outlet.hosts and is_of(outlet, url)]
    ours.sort(key=lambda outlet: (netloc not in outlet.hosts, netloc != urlsplit(outlet.homepage).netloc))
    matching = [outlet for outlet in ours if outlet.article_url_pattern and is_article(outlet, url)] or ours
    if page is not None and len(matching) > 1:
        language = detect(plain(page.text[:_GLANCE]))
        matching.sort(key=lambda outlet: language not in outlet.languages)
    return next(iter(matching), None)


# ------------------------------------------------------------------ text and pages


def _from_text(file: Path, body: bytes) -> Document:
    """A text file: its first line is the title, its name the address."""
    if b"\0" in body[:1000] and not body.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadFile("holds binary data, not text: convert it to text first")
    url = file.resolve().as_uri()
    text = to_page(body, url=url, content_type="text/plain").text.strip()
    if not text:
        raise BadFile("is empty: nothing to import")
    title, _, rest = (part.strip() for part in text.partition("\n"))
    if len(title) > _TITLE:  # a first line this long is text, and none of it may be lost
        title, rest = title[:_TITLE].rsplit(" ", 1)[0] + "…", text
    article = Article(
        outlet=NOBODY,
        canonical_id=canonical_id(None, url),
        url=url,
        title=title,
        text=rest or title,
        language=detect(text),
    )
    return Document(place=str(file), article=article)


def _from_page(
    pages: list[Page], known: Mapping[str, Outlet], now: datetime, *, place: str, captured: datetime | None = None
) -> Document:
    outlet = outlet_of(pages[0].url, known.values(), page=pages[0])
    article = read(pages, now=now, outlet=outlet)
    return Document(place=place, article=article if outlet else replace(article, outlet=NOBODY), captured=captured)


# ------------------------------------------------------------------ captures


def _from_warc(file: Path, known: Mapping[str, Outlet], now: datetime) -> Iterator[Document | Failed]:
    """The articles of a capture; what else it holds (feeds, listings, pictures, errors) is no document."""
    capture = ReplayFetcher(file)
    joined: set[str] = set()
    for url in capture.addresses():
        place = f"{file}: {url}"
        outlet = outlet_of(url, known.values())
        if url in joined or (outlet and not is_article(outlet, url)):
            continue
        try:
            answer = capture.fetch(url)
            if answer is not None and "html" in (answer.content_type or "html"):
                pages = _pages(capture, to_page(answer.body, url=url, content_type=answer.content_type), outlet)
                joined.update(page.url for page in pages)
                yield _from_page(pages, known, now, place=place, captured=answer.captured)
        except HttpFailure:
            continue
        except ScrapeError as why:
            yield Failed(place=place, why=str(why))
    for damage in capture.damage:
        reason = f"a damaged record was passed over ({damage.reason}): capture its page again"
        yield Failed(place=f"{file}: byte {damage.at}", why=reason)
    if rest := capture.damaged - len(capture.damage):
        yield Failed(place=str(file), why=f"{rest} more damaged records were passed over: capture it again")


def _pages(capture: ReplayFetcher, first: Page, outlet: Outlet | None) -> list[Page]:
    """The page and those of the capture that continue it."""
    pages = [first]
    while len(pages) < _MOST_PAGES and (url := next_page(pages[-1], outlet=outlet, have=[p.url for p in pages])):
        try:
            answer = capture.fetch(url)
        except ScrapeError:
            break
        if answer is None:
            break
        pages.append(to_page(answer.body, url=url, content_type=answer.content_type))
    return pages


# ------------------------------------------------------------------ JSON Lines


def _from_json_lines(
    file: Path, known: Mapping[str, Outlet], now: datetime
) -> Iterator[Document | Remembered | Failed]:
    with opened(file) as stream:
        for number, value in json_lines(stream):
            place = f"{file}:{number}"
            try:
                if isinstance(value, BadLine):
                    raise value
                if is_ours(value):
                    yield Remembered(place=place, history=read_line(value))
                else:
                    yield _from_json(place, _fields(value), known, now)
            except BadLine as why:
                yield Failed(place=place, why=str(why))


def _from_json(place: str, fields: Mapping[str, str], known: Mapping[str, Outlet], now: datetime) -> Document:
    """One line `{url, outlet, language, title, text, published, byline?, id?}`.

    The address is its identity, as it is of what we fetch; where it is none of the web's, it only tells where the text
    is from, and the id is.
    """
    url, text, title, id = fields["url"], fields["text"], fields["title"], fields["id"]
    if url and not id and not web_address(url):
        raise BadLine(f"url is {url[:200]!r}: write an http or https address, or give an id as well")
    if not id.isprintable() or len(id) > _LONGEST_ID or id.startswith(_TAKEN):
        raise BadLine(
            f"id is {id[:200]!r}: use at most {_LONGEST_ID} printable characters, not beginning with {_TAKEN}"
        )
    if not url and not id:
        raise BadLine("has neither url nor id: give it one, so that it is kept once")
    outlet = known.get(fields["outlet"]) if fields["outlet"] else outlet_of(url, known.values())
    language = fields["language"].split("-")[0].lower()
    published = whole_date(fields["published"])
    zone = outlet.timezone if outlet else "UTC"
    when = parse_time(published, zone=zone, now=now, basis=Basis.PAGE) if published else None
    if published and when is None:
        raise BadLine(f"published is {published[:200]!r}: write it as 2026-11-21T07:00:00Z, not in the future")
    article = Article(
        outlet=outlet.key if outlet else fields["outlet"] or NOBODY,
        canonical_id=canonical_id(outlet, url) if web_address(url) else id,
        url=canonical_url(url) if url else "",
        title=title,
        text=text,
        byline=fields["byline"],
        published=when,
        language=language if re.fullmatch("[a-z]{2,3}", language) else detect(text or title),
    )
    return Document(place=place, article=article, id=id)


def whole_date(written: str) -> str:
    """A year or a month, which is all that some corpora know, as its first day; anything else as it was written."""
    return written + "-01" * (3 - len(written.split("-"))) if re.fullmatch(r"\d{4}(-\d\d)?", written) else written


def _fields(line: Mapping[str, Any]) -> dict[str, str]:
    # Corpora often say lang and date.
    also = {
        "language": line.get("language") or line.get("lang"),
        "published": line.get("published") or line.get("date"),
    }
    value = {**line, **also}
    names = ("url", "outlet", "language", "title", "text", "published", "byline", "id")
    wrong = [name for name in names if not isinstance(value.get(name), str | int | None)]
    if wrong:
        raise BadLine(f"{', '.join(wrong)} must be text")
    fields = {name: "" if value.get(name) is None else str(value[name]).strip() for name in names}
    if not fields["text"] and not fields["title"]:
        raise BadLine("has neither title nor text: nothing to import")
    return fields
