"""The seed archive walks in: manifest records always, their full text where the operator has put the documents.

Called at start, before any request is made to an outlet, so that the seeds are searchable first.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import structlog

from scrapers.classifying.classifying import classify
from scrapers.classifying.rules import Rules
from storage.archive.archive import Archive
from storage.records import Change, Evidence, SeedDocument, Verdict
from storage.seeds.manifest import read_manifest
from storage.seeds.repairing import repaired

log = structlog.get_logger("seeding")

#: Far above any seed document; a larger file in the folder is something else.
LARGEST = 5_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeding:
    """What became of the seed archive: keys with full text, keys without, and files nobody recognised."""

    attached: tuple[str, ...]
    missing: tuple[str, ...]
    unknown: tuple[str, ...]


def run_seeding(archive: Archive, rules: Rules, folder: Path, *, now: datetime) -> Seeding:
    """Put the five seed documents into the archive, attaching each text whose file is recognised by its hash."""
    documents = read_manifest()
    texts, unknown = _texts(folder, documents)
    for document in documents:
        put_seed(archive, rules, document, texts.get(document.key), now=now)
    attached = tuple(document.key for document in documents if document.key in texts)
    missing = tuple(document.key for document in documents if document.key not in texts)
    for name in unknown:
        log.info("no seed document", file=name, remedy="import it with: entente import FILE")
    log.info("seed archive", records=len(documents), with_text=len(attached), folder=str(folder))
    return Seeding(attached=attached, missing=missing, unknown=unknown)


def seed_if_missing(archive: Archive, rules: Callable[[], Rules], folder: Path, *, now: datetime) -> None:
    """Run the seeding if a record is missing, or a text whose document now lies in the folder. Cheap when all is there."""
    documents = read_manifest()
    kept = archive.articles.many([id_of(document) for document in documents])
    without_text = [
        document for document in documents if (seed := kept.get(id_of(document))) and seed.article.summary_only
    ]
    if len(kept) < len(documents) or (without_text and _texts(folder, without_text)[0]):
        run_seeding(archive, rules(), folder, now=now)


def put_seed(archive: Archive, rules: Rules, document: SeedDocument, text: str | None, *, now: datetime) -> Change:
    """Keep one seed document's record, with its repaired text when there is one; a text once attached stays."""
    both = f"[Our abstract] {document.abstract}\n\n{text}" if text else None
    change, _ = archive.seeds.put(document, verdict=_verdict(rules, document, both), text=both, now=now)
    return change


def id_of(document: SeedDocument) -> str:
    """The id of a seed document's article."""
    return f"seed-{document.key}"


def seed_text(path: Path, documents: Sequence[SeedDocument]) -> tuple[SeedDocument, str] | None:
    """The one of `documents` that the file at `path` is, whatever its name, with its repaired text. Raises OSError."""
    if path.stat().st_size > LARGEST:
        return None
    body = path.read_bytes()
    digest = hashlib.sha256(body).hexdigest()
    found = next((document for document in documents if document.sha256 == digest), None)
    return (found, repaired(found, body)) if found else None


def _texts(folder: Path, documents: Sequence[SeedDocument]) -> tuple[dict[str, str], tuple[str, ...]]:
    texts: dict[str, str] = {}
    unknown: list[str] = []
    for path in _files(folder):
        try:
            found = seed_text(path, documents)
        except OSError as why:
            log.warning("seed file not read", file=str(path), why=str(why))
            continue
        if found is None:
            unknown.append(path.name)
        else:
            texts[found[0].key] = found[1]
    return texts, tuple(unknown)


def _files(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))


def _verdict(rules: Rules, document: SeedDocument, text: str | None) -> Verdict:
    """The manifest's topics and activities, with the evidence our rules find for them in what can be read."""
    found = classify(
        rules,
        title=document.title,
        text=text or document.abstract,
        language=document.language,
        published=document.published.at.date(),
    )
    return replace(
        found,
        strength=dict(document.topics),
        activities=document.activities,
        evidence=tuple(_of(found.evidence, document.topics)),
        points={topic: points for topic, points in found.points.items() if topic in document.topics},
    )


def _of(evidence: Iterable[Evidence], topics: Iterable[str]) -> Iterator[Evidence]:
    wanted = set(topics)
    return (piece for piece in evidence if piece.topic in wanted)
