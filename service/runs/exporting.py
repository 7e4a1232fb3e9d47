"""What a search finds walks out as a file: a query walks in, bytes walk out, so many articles in memory as one reading brings.

Called by the command line.
"""

import gzip
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from service.assembly import Service
from service.exchange import bibtex, cells, lines, ris, warc
from service.exchange.citations import citation_of
from service.finding import find
from storage.archive.histories import History
from storage.records import rfc3339
from storage.search.query import parse_query

#: Bytes gathered before they are packed.
_BLOCK = 1 << 16


class Format(StrEnum):
    JSONL = "jsonl"
    CSV = "csv"
    RIS = "ris"
    BIBTEX = "bibtex"
    WARC = "warc"


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """How many articles there are, and the file piece by piece."""

    total: int
    pieces: Iterator[bytes]


def run_export(service: Service, text: str, format: Format, *, packed: bool = False) -> Export:
    """The articles that the query `text` finds, the first seen first; with an empty query all there are.

    `packed` makes it gzip. Raises QueryError. What the pieces read may raise ArchiveError.
    """
    query = parse_query(text)
    if query.root is None:
        total, histories = service.archive.articles.count(), service.archive.histories.all()
    else:
        service.index.catch_up()
        found = find(service, text, limit=0, counts=False)
        # By date, which costs no ranking; the order is the archive's own.
        hits = service.index.search(
            query, limit=found.total, sort="date", now=service.clock(), as_of=found.as_of, counts=False
        ).hits
        total, histories = len(hits), service.archive.histories.of([hit.id for hit in hits])
    pieces = _written(service, histories, format, packed=packed)
    # A WARC packs each record by itself.
    return Export(total=total, pieces=_packed(pieces) if packed and format is not Format.WARC else pieces)


def _written(service: Service, histories: Iterator[History], format: Format, *, packed: bool) -> Iterator[bytes]:
    outlets = {outlet.key: outlet for outlet in service.all_outlets}
    citations = (citation_of(one.kept, outlets.get(one.kept.article.outlet)) for one in histories)
    match format:
        case Format.JSONL:
            return map(lines.written, histories)
        case Format.CSV:
            return cells.written(one.kept for one in histories)
        case Format.RIS:
            return ris.written(citations)
        case Format.BIBTEX:
            return bibtex.written(citations)
        case Format.WARC:
            return warc.written(histories, now=rfc3339(service.clock()), packed=packed)


def _packed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Gzip (RFC 1952) without a time, so that the same articles are the same file."""
    out = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=out, mtime=0) as file:
        for piece in pieces:
            file.write(piece)
            if out.tell() > _BLOCK:
                yield out.getvalue()
                out.seek(0)
                out.truncate()
    yield out.getvalue()
