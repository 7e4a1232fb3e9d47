"""Documents walk in from files, alone or in folders; each is classified and kept.

What another archive exported is not judged anew: it is kept with the history it has. One unreadable document among good ones
costs that document: it is named with its place and what is wrong, and the rest goes on.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from scrapers.classifying.rules import Rules
from service.runs.documents import SUFFIXES, Document, Failed, Remembered, documents_in
from service.runs.keeping import LATE, keep
from service.runs.seeding import put_seed, seed_text
from storage.archive.archive import Archive
from storage.errors import StorageError
from storage.records import Article, Change, Outlet, SeedDocument
from storage.seeds.manifest import read_manifest

#: Histories kept in one transaction.
BATCH = 200
#: Failures named of one file; more of them are counted.
MOST_NAMED = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Importing:
    """What an import is handed."""

    archive: Archive
    rules: Rules
    clock: Callable[[], datetime]
    outlets: Mapping[str, Outlet]


@dataclass(slots=True)
class Import:
    """What became of the documents: counts, and failures with place and reason."""

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
    importing: Importing, paths: Iterable[Path], *, told: Callable[[Path, int], None] | None = None
) -> Import:
    """Keep every document under `paths`. Never raises for a document's sake.

    `told` hears of each file with how many of its documents were dealt with, at its beginning (0) and as they are.
    """
    result = Import()
    for path in paths:
        for file in _files(path, result):
            _File(importing, file, result, told or (lambda file, done: None)).walk()
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


class _File:
    """One file on its way in. Histories gather to be kept together; documents are kept one by one."""

    def __init__(self, importing: Importing, file: Path, result: Import, told: Callable[[Path, int], None]) -> None:
        self._importing, self._file, self._result, self._told = importing, file, result, told
        self._waiting: list[Remembered] = []
        self._failures = 0

    def walk(self) -> None:
        self._told(self._file, 0)
        now = self._importing.clock()
        if (seed := _seed(self._file)) is not None:
            self._result.counts[put_seed(self._importing.archive, self._importing.rules, *seed, now=now)] += 1
            return
        for done, one in enumerate(documents_in(self._file, self._importing.outlets, now=now), start=1):
            match one:
                case Failed():
                    self._fail(one.place, one.why)
                case Remembered():
                    self._waiting.append(one)
                    if len(self._waiting) == BATCH:
                        self._keep_waiting()
                case Document():
                    self._keep(one)
            self._told(self._file, done)
        self._keep_waiting()
        if self._failures > MOST_NAMED:
            more = f"{self._failures - MOST_NAMED} more of its documents failed, and are not named here"
            self._result.failed.append((str(self._file), more))

    def _fail(self, place: str, why: str) -> None:
        self._failures += 1
        if self._failures <= MOST_NAMED:
            self._result.failed.append((place, why))

    def _keep_waiting(self) -> None:
        """All that wait, in one transaction; where it fails, none of them is kept."""
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        now = self._importing.clock()
        histories = [one.history for one in waiting]
        try:
            changes = self._importing.archive.histories.put(histories, now=now, old_before=now - LATE)
        except StorageError as why:
            for one in waiting:
                self._fail(one.place, str(why))
        else:
            self._result.counts.update(changes)

    def _keep(self, document: Document) -> None:
        self._keep_waiting()
        archive, outlet = self._importing.archive, self._importing.outlets.get(document.article.outlet)
        try:
            change = keep(
                archive,
                self._importing.rules,
                _told_apart(archive, document),
                now=self._importing.clock(),
                country=outlet.country if outlet else "",
                id=document.id,
                captured=document.captured,
                undated_is_old=True,
            )
        except StorageError as why:
            self._fail(document.place, str(why))
        else:
            self._result.counts[change] += 1


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
