"""The last steps of every way in: an article is classified and kept with its verdict, from an outlet or from a file."""

from datetime import datetime, timedelta

from scrapers.classifying.classifying import classify
from scrapers.classifying.rules import Rules
from storage.archive.archive import Archive
from storage.records import Article, Change

#: Older than this when first seen is old news: archived, never told. Ministries post up to seven days late.
LATE = timedelta(days=7)


def keep(archive: Archive, rules: Rules, article: Article, *, now: datetime, country: str = "", id: str = "") -> Change:
    """Classify `article` and keep it with its verdict and evidence, all or nothing. Raises ArchiveError."""
    verdict = classify(
        rules,
        title=article.title,
        text=article.text,
        language=article.language,
        published=article.published.at.date() if article.published else None,
        country=country,
    )
    late = article.published is not None and now - article.published.at > LATE
    change, _ = archive.articles.keep(article, verdict, now=now, late=late, captured=now, id=id)
    return change
