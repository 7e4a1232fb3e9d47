"""What may be asked of the archive about the documents it began with. Manifest lines walk in, articles stand beside news.

Only `service` and tests call it, through `Archive.seeds`.
"""

from datetime import datetime

from sqlalchemy import Connection, RowMapping, insert, select, update

from storage.archive.database import Database
from storage.archive.doors import columns_of, published_columns, published_of
from storage.archive.keeping import clean, keep_article, replace_verdict, says_the_same
from storage.records import Article, Change, Kept, SeedDocument, Strength, Verdict
from storage.tables import OUTLETS, SEEDS

_MANIFEST_ONLY = ("repairs", "wrapped")


class Seeds:
    """The seed archive. Every method may raise ArchiveError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, document: SeedDocument, *, verdict: Verdict, text: str | None, now: datetime) -> tuple[Change, Kept]:
        """Keeps `document` as article `seed-KEY`, marked as a seed and never told as new.

        With `text` None our abstract stands for the text, and `verdict` was given to that. A text attached later makes a
        revision; a text that is missing later is not taken away. Putting the same again changes nothing.
        """
        article = clean(_article(document, text))
        with self._database.write() as connection:
            _name_outlet(connection, document)
            change, kept = keep_article(
                connection, article, verdict, now=now, captured=now, id=f"seed-{document.key}", seed=True, late=True
            )
            _put_record(connection, document, kept.id)
            # A verdict on the abstract says nothing of a text that was attached before.
            if kept.article.text == article.text and not says_the_same(kept.verdict, verdict):
                kept = replace_verdict(connection, kept, verdict, now=now)
            return change, kept

    def list(self) -> list[SeedDocument]:
        """By key; how a text is repaired only the manifest knows."""
        with self._database.read() as connection:
            return [_document(row) for row in connection.execute(select(SEEDS).order_by(SEEDS.c.key)).mappings()]


def _article(document: SeedDocument, text: str | None) -> Article:
    return Article(
        outlet=document.outlet,
        # Not the page's own: the same page met by a visit is news of its own, marked as a reprint.
        canonical_id=f"seed-{document.key}",
        url=document.url,
        title=document.title,
        text=document.abstract if text is None else text,
        byline=document.author,
        published=document.published,
        language=document.language,
        origin=document.through,
        summary_only=text is None,
    )


def _name_outlet(connection: Connection, document: SeedDocument) -> None:
    """An outlet that no file speaks of gets the name its document gives it."""
    if connection.scalar(select(OUTLETS.c.key).where(OUTLETS.c.key == document.outlet)) is None:
        values = {"key": document.outlet, "name": document.outlet_name, "country": "", "enabled": False}
        connection.execute(insert(OUTLETS).values(**values))


def _put_record(connection: Connection, document: SeedDocument, article_id: str) -> None:
    columns = columns_of(document, without=["published", *_MANIFEST_ONLY]) | published_columns(document.published)
    columns |= {"topics": dict(document.topics), "activities": list(document.activities)}
    if not connection.execute(update(SEEDS).where(SEEDS.c.key == document.key).values(**columns)).rowcount:
        connection.execute(insert(SEEDS).values(article_id=article_id, **columns))


def _document(row: RowMapping) -> SeedDocument:
    published = published_of(row)
    assert published is not None  # the column is not nullable
    composed = ("published", "topics", "activities", *_MANIFEST_ONLY)
    return SeedDocument(
        **{name: row[name] for name in SeedDocument.__dataclass_fields__ if name not in composed},
        published=published,
        topics={topic: Strength(strength) for topic, strength in row["topics"].items()},
        activities=tuple(row["activities"]),
    )
