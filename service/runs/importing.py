"""Documents walk in from files, alone or in folders; each is classified and kept.

One unreadable document among good ones costs that document: it is named with what is wrong, and the rest goes on.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from scrapers.classifying.rules import Rules
from service.runs.documents import SUFFIXES, Document, Failed, documents_in
from service.runs.keeping import keep
from service.runs.seeding import put_seed, seed_text
from storage.archive.archive import Archive
from storage.errors import StorageError
from storage.records import Article, Change, Outlet, SeedDocument
from storage.seeds.manifest import read_manifest


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
    now = importing.clock()
    if (seed := _seed(file)) is not None:
        result.counts[put_seed(importing.archive, importing.rules, *seed, now=now)] += 1
        return
    for one in documents_in(file, importing.outlets, now=now):
        if isinstance(one, Failed):
            result.failed.append((one.place, one.why))
        else:
            _keep(importing, one, result)


def _told_apart(archive: Archive, document: Document) -> Article:
    """The article under an identity of its own: documents with ids of their own may share one address (#1, #2...)."""
    article = document.article
    known = archive.articles.find(article.outlet, article.canonical_id) if document.id else None
    return replace(article, canonical_id=document.id) if known and known.id != document.id else article


def _seed(file: Path) -> tuple[SeedDocument, str] | None:
    try:
        return seed_text(file, read_manifest())
    except OSError:  # what cannot be read is told with the documents
        return None


def _keep(importing: Importing, document: Document, result: Import) -> None:
    outlet = importing.outlets.get(document.article.outlet)
    try:
        change = keep(
            importing.archive,
            importing.rules,
            _told_apart(importing.archive, document),
            now=importing.clock(),
            country=outlet.country if outlet else "",
            id=document.id,
            captured=document.captured,
            undated_is_old=True,
        )
    except StorageError as why:
        result.failed.append((document.place, str(why)))
    else:
        result.counts[change] += 1
