"""Articles as rows of a spreadsheet: CSV (RFC 4180) in UTF-8. Articles walk in, bytes walk out. Pure.

It begins with a byte order mark, without which Excel takes three scripts for one garbled one. A cell that a spreadsheet would
take for a formula is made harmless. Full texts are left out: a cell holds 32,767 characters; JSON Lines carry them.
"""

import csv
import io
from collections.abc import Iterable, Iterator

from service.exchange.citations import one_line
from storage.records import Kept, rfc3339

COLUMNS = (
    "outlet_name", "outlet", "country", "language", "published", "title", "url", "byline", "topics", "strength", "activities",
    "events", "evidence", "id", "first_seen", "captured", "revision", "gone_since", "origin", "seed", "rules_version", "sha256",
)  # fmt: skip
#: What a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection"), full-width twins among them.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BOM = b"\xef\xbb\xbf"


def written(articles: Iterable[Kept]) -> Iterator[bytes]:
    yield _BOM + _row(COLUMNS)
    for kept in articles:
        yield _row([harmless(cell) for cell in _cells(kept)])


def harmless(cell: object) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe before it makes it text."""
    text = str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _row(cells: Iterable[str]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerow(cells)
    return text.getvalue().encode("utf-8", "replace")


def _cells(kept: Kept) -> list[str]:
    article, verdict = kept.article, kept.verdict
    told = {
        "outlet_name": kept.outlet_name,
        "outlet": article.outlet,
        "country": kept.country,
        "language": article.language,
        "published": rfc3339(article.published.local) if article.published else "",
        "title": one_line(article.title),
        "url": article.url,
        "byline": one_line(article.byline),
        "topics": " ".join(verdict.topics),
        "strength": " ".join(f"{topic}:{strength.value}" for topic, strength in verdict.strength.items()),
        "activities": " ".join(verdict.activities),
        "events": " ".join(verdict.events),
        "evidence": " | ".join(dict.fromkeys(one_line(piece.sentence) for piece in verdict.evidence)),
        "id": kept.id,
        "first_seen": rfc3339(kept.first_seen),
        "captured": rfc3339(kept.captured),
        "revision": str(kept.revision),
        "gone_since": rfc3339(kept.gone_since) if kept.gone_since else "",
        "origin": one_line(article.origin),
        "seed": "yes" if kept.seed else "no",
        "rules_version": verdict.rules_version,
        "sha256": kept.text_hash,
    }
    return [told[column] for column in COLUMNS]
