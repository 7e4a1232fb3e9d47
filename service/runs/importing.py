"""Documents walk in from files: .txt, .html, .jsonl, .warc and .warc.gz, alone or in folders. Each is classified and kept.

One unreadable document among good ones costs that document: it is named with what is wrong, and the rest goes on.
"""

import gzip
import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapers.classifying.rules import Rules
from scrapers.errors import HttpFailure, ScrapeError
from scrapers.fetching.replay import ReplayFetcher
from scrapers.parsing.addresses import canonical_id, canonical_url
from scrapers.parsing.dates import parse_time
from scrapers.parsing.decoding import to_page
from scrapers.reading.language import detect
from scrapers.reading.reading import read
from service.runs.keeping import keep
from service.runs.seeding import put_seed, seed_of
from storage.archive.archive import Archive
from storage.errors import StorageError
from storage.records import Article, Basis, Change, Outlet, Page
from storage.seeds.repairing import repaired

#: What a file's name must end in; anything else in a folder is passed over, and refused when named outright.
SUFFIXES = (".txt", ".html", ".htm", ".jsonl", ".warc", ".warc.gz", ".jsonl.gz", ".html.gz", ".txt.gz")
#: No single text is longer; a larger one is a mistake.
LARGEST = 20_000_000
#: The outlet of documents that name none.
NOBODY = "import"


@dataclass(frozen=True, slots=True, kw_only=True)
class Importing:
    """What an import is handed."""

    archive: Archive
    rules: Rules
    clock: Callable[[], datetime]
    outlets: Mapping[str, Outlet]


@dataclass(slots=True)
class Import:
    """What became of the documents: counts, and each failure with its place and reason."""

    counts: Counter[Change] = field(default_factory=Counter)
    failed: list[tuple[str, str]] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        return {
            "added": self.counts[Change.NEW],
            "known": self.counts[Change.SAME],
            "revised": self.counts[Change.REVISED],
            "failed": [{"path": path, "why": why} for path, why in self.failed],
        }


class BadDocument(Exception):
    """One document that cannot be used; the message says what to do about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document of an import, read: the article, and the id it asks to be kept under."""

    article: Article
    id: str = ""


def run_import(
    importing: Importing, paths: Iterable[Path], *, told: Callable[[Path], None] = lambda path: None
) -> Import:
    """Keep every document under `paths`. Never raises for a document's sake."""
    result = Import()
    for path in paths:
        for file in _files(path, result):
            told(file)
            _import_file(importing, file, result)
    return result


def _files(path: Path, result: Import) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(p for p in path.rglob("*") if p.is_file() and p.name.lower().endswith(SUFFIXES))
    elif not path.exists():
        result.failed.append((str(path), "no such file or folder: check the path"))
    elif not path.name.lower().endswith(SUFFIXES):
        result.failed.append((str(path), f"cannot be imported: its name must end in one of {', '.join(SUFFIXES)}"))
    else:
        yield path


def _import_file(importing: Importing, file: Path, result: Import) -> None:
    try:
        for place, document in _documents(importing, file, result):
            _keep(importing, place, document, result)
    except (OSError, EOFError, zlib.error, BadDocument, ScrapeError) as why:
        result.failed.append((str(file), str(why)))


def _keep(importing: Importing, place: str, document: Document, result: Import) -> None:
    outlet = importing.outlets.get(document.article.outlet)
    try:
        change = keep(
            importing.archive,
            importing.rules,
            document.article,
            now=importing.clock(),
            country=outlet.country if outlet else "",
            id=document.id,
        )
    except StorageError as why:
        result.failed.append((place, str(why)))
    else:
        result.counts[change] += 1


def _documents(importing: Importing, file: Path, result: Import) -> Iterator[tuple[str, Document]]:
    name, known, now = file.name.lower(), importing.outlets, importing.clock()
    if name.endswith((".warc", ".warc.gz")):
        yield from _from_warc(known, file, now, result)
        return
    body = _body(file)
    seed = seed_of(body)
    if seed is not None:
        result.counts[put_seed(importing.archive, importing.rules, seed, repaired(seed, body), now=now)] += 1
    elif name.endswith((".jsonl", ".jsonl.gz")):
        yield from _from_json_lines(known, file, body, now, result)
    elif name.endswith((".txt", ".txt.gz")):
        yield str(file), _from_text(file, body)
    else:
        yield str(file), _from_page(to_page(body, url=file.resolve().as_uri()), known, now)


def _body(file: Path) -> bytes:
    with gzip.open(file) if file.name.lower().endswith(".gz") else file.open("rb") as stream:
        body = stream.read(LARGEST * 10 + 1)
    if len(body) > LARGEST * 10:
        raise BadDocument(f"is larger than {LARGEST * 10 // 1_000_000} MB: split it")
    return body


# ------------------------------------------------------------------ one kind of file each


def _from_text(file: Path, body: bytes) -> Document:
    """A text file: its first line is the title, its name the address."""
    if b"\0" in body[:1000] and not body.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadDocument("holds binary data, not text: convert it to text first")
    text = to_page(body, url=str(file), content_type="text/plain").text.strip()
    title, _, rest = text.partition("\n")
    if not text:
        raise BadDocument("is empty: nothing to import")
    return Document(
        article=Article(
            outlet=NOBODY,
            canonical_id=hashlib.sha256(body).hexdigest(),
            url=file.resolve().as_uri(),
            title=title.strip()[:300],
            text=rest.strip() or title.strip(),
            language=detect(text),
            published=None,
        )
    )


def _from_page(page: Page, known: Mapping[str, Outlet], now: datetime) -> Document:
    outlet = outlet_of(page.url, known.values())
    article = read([page], now=now, outlet=outlet)
    return Document(article=article if outlet else replace(article, outlet=NOBODY))


def outlet_of(url: str, outlets: Iterable[Outlet]) -> Outlet | None:
    """The outlet whose host serves `url`; its article pattern decides where several share one."""
    parts = urlsplit(url)
    ours = [outlet for outlet in outlets if parts.netloc in outlet.hosts or parts.hostname in outlet.hosts]
    matching = [outlet for outlet in ours if outlet.article_url_pattern and canonical_id(outlet, url)]
    return next(iter(matching or ours), None)


def _from_warc(
    known: Mapping[str, Outlet], file: Path, now: datetime, result: Import
) -> Iterator[tuple[str, Document]]:
    """The HTML pages of a capture; what else it holds (feeds, pictures, errors) is no document."""
    capture_file = ReplayFetcher(file)
    for url in capture_file.addresses():
        try:
            capture = capture_file.fetch(url)
            if capture is not None and "html" in (capture.content_type or "html"):
                page = to_page(capture.body, url=url, content_type=capture.content_type)
                yield f"{file}: {url}", _from_page(page, known, now)
        except HttpFailure:
            continue
        except ScrapeError as why:
            result.failed.append((f"{file}: {url}", str(why)))
    if capture_file.damaged:
        result.failed.append((str(file), f"{capture_file.damaged} damaged records were passed over"))


def _from_json_lines(
    known: Mapping[str, Outlet], file: Path, body: bytes, now: datetime, result: Import
) -> Iterator[tuple[str, Document]]:
    for number, line in enumerate(body.split(b"\n"), start=1):
        if not line.strip():
            continue
        place = f"{file}:{number}"
        try:
            yield place, _from_json(known, line, now)
        except BadDocument as why:
            result.failed.append((place, str(why)))


def _from_json(known: Mapping[str, Outlet], line: bytes, now: datetime) -> Document:
    """One line `{url, outlet, language, title, text, published, byline?, id?}`."""
    fields = _fields(line)
    outlet = known.get(fields["outlet"])
    published = fields["published"]
    zone = outlet.timezone if outlet else "UTC"
    when = parse_time(published, zone=zone, now=now, basis=Basis.PAGE) if published else None
    if published and when is None:
        raise BadDocument(f"published is {published!r}: write it as 2026-11-21T07:00:00Z, not in the future")
    url = fields["url"]
    text, title = fields["text"], fields["title"]
    identity = canonical_id(outlet, url) if url else fields["id"]
    if not identity:
        raise BadDocument("has neither url nor id: give it one, so that it is kept once")
    return Document(
        article=Article(
            outlet=fields["outlet"] or NOBODY,
            canonical_id=identity,
            url=canonical_url(url) if url else "",
            title=title,
            text=text,
            byline=fields["byline"],
            published=when,
            language=fields["language"].split("-")[0].lower() or detect(text or title),
        ),
        id=fields["id"],
    )


def _fields(line: bytes) -> dict[str, str]:
    try:
        value: Any = json.loads(line)
    except ValueError as why:
        raise BadDocument(f"is not JSON ({why}): write one object a line") from None
    if not isinstance(value, dict):
        raise BadDocument("is no JSON object: write {url, outlet, language, title, text, published}")
    names = ("url", "outlet", "language", "title", "text", "published", "byline", "id")
    wrong = [name for name in names if not isinstance(value.get(name, ""), str | int | None)]
    if wrong:
        raise BadDocument(f"{', '.join(wrong)} must be text")
    fields = {name: str(value.get(name) or "") for name in names}
    if not fields["text"].strip() and not fields["title"].strip():
        raise BadDocument("has neither title nor text: nothing to import")
    if len(fields["text"]) > LARGEST:
        raise BadDocument(f"text is longer than {LARGEST:,} characters: split it")
    return fields
