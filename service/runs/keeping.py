"""The last steps of every way in: an article is classified and kept with its verdict, from an outlet or from a file."""

from datetime import datetime, timedelta

from scrapers.classifying.classifying import classify
from scrapers.classifying.rules import Rules
from storage.archive.archive import Archive
from storage.records import Article, Change, Verdict

#: Older than this when first seen is old news: archived, never told. Ministries post up to seven days late.
LATE = timedelta(days=7)


def keep(
    archive: Archive,
    rules: Rules,
    article: Article,
    *,
    now: datetime,
    country: str = "",
    id: str = "",
    captured: datetime | None = None,
    undated_is_old: bool = False,
) -> Change:
    """Classify `article` and keep it with its verdict and evidence, all or nothing. Raises ArchiveError.

    What an outlet shows undated is new when we first see it; what a file brings undated is not (`undated_is_old`).
    """
    verdict = verdict_of(rules, article, country=country)
    late = now - article.published.at > LATE if article.published else undated_is_old
    change, _ = archive.articles.keep(article, verdict, now=now, late=late, captured=captured or now, id=id)
    return change


def verdict_of(rules: Rules, article: Article, *, country: str) -> Verdict:
    """What `rules` say of `article`; `country` is its outlet's. The one way, so that to judge again changes nothing."""
    return classify(
        rules,
        title=article.title,
        text=article.text,
        language=article.language,
        published=article.published.at.date() if article.published else None,
        country=country,
    )
