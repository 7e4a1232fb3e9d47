"""Articles into an archive as fast as the store takes them: kept one by one, each would wait for the disk."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import insert, update

from storage.archive.archive import Archive
from storage.archive.doors import batches, columns_of, published_columns
from storage.records import Article, Verdict
from storage.revisions import hash_of
from storage.tables import ARTICLES, COUNTERS, EVIDENCE, REVISIONS, VERDICTS

_TABLES = (ARTICLES, REVISIONS, VERDICTS, EVIDENCE)


def fill(archive: Archive, articles: Iterable[tuple[int, Article, Verdict, datetime]]) -> int:
    """Number (1, 2, 3 and so on), article, verdict, and when it was first seen, into an archive that held none. Bytes of text, titles included."""
    database, size = archive.articles._database, 0
    for batch in batches(articles, 5_000):
        rows: dict[Any, list[dict[str, Any]]] = {table: [] for table in _TABLES}
        for number, article, verdict, seen in batch:
            _add(rows, number, article, verdict, seen)
            size += len(article.text.encode()) + len(article.title.encode())
        with database.write() as connection:
            for table, its in rows.items():
                if its:
                    connection.execute(insert(table), its)
            connection.execute(update(COUNTERS).where(COUNTERS.c.name == "change").values(value=batch[-1][0]))
    return size


def _add(
    rows: dict[Any, list[dict[str, Any]]], number: int, article: Article, verdict: Verdict, seen: datetime
) -> None:
    id, digest = f"{number:012}", hash_of(article.text)
    rows[ARTICLES].append(
        columns_of(article, without=("title", "text", "published"))
        | published_columns(article.published)
        | {"id": id, "first_seen": seen, "captured": seen, "revision": 1, "text_hash": digest, "seed": False}
        | {"late": False, "matched": bool(verdict.strength), "change": number}
    )
    text = {"title": article.title, "text": article.text, "text_hash": digest, "captured": seen}
    rows[REVISIONS].append({"article_id": id, "number": 1, **text})
    said = columns_of(verdict, without=["evidence"])
    said |= {"strength": dict(verdict.strength), "points": dict(verdict.points)}
    said |= {name: list(value) for name, value in said.items() if isinstance(value, tuple)}
    rows[VERDICTS].append({"number": number, "article_id": id, "revision": 1, "current": True, "decided": seen, **said})
    rows[EVIDENCE] += ({"verdict": number, "position": n, **columns_of(e)} for n, e in enumerate(verdict.evidence))
