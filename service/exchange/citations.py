"""What a citation of an article says, for reference managers: an article walks in, a `Citation` walks out. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from storage.records import Kept, Outlet

#: Kinds of outlets whose pages are cited as web pages; the others' as newspaper articles.
_NO_PRESS = ("government", "igo", "think-tank")
#: What stands between names, in three scripts, and what stands before them.
_BETWEEN = re.compile(r"\s*(?:[,;、，；&|/]|\band\b|\bи\b|和)\s*", re.IGNORECASE)
_BEFORE = re.compile(r"^(?:by\b|text by\b|автор\w*\b|текст\b|作者|记者|文)\s*[:：]?\s*", re.IGNORECASE)
_MOST_AUTHORS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    id: str
    #: An article of a newspaper or agency; else a page of a ministry, an organization or one nobody knows.
    is_news: bool
    title: str
    #: As the byline names them, in its order: which part of a name is the family's it does not say.
    authors: tuple[str, ...]
    outlet: str
    #: At the outlet.
    published: date | None
    #: When it was captured, in UTC.
    accessed: date
    url: str
    language: str
    keywords: tuple[str, ...]
    note: str


def citation_of(kept: Kept, outlet: Outlet | None) -> Citation:
    """`outlet` is the article's, where a file speaks of it."""
    article = kept.article
    return Citation(
        id=kept.id,
        is_news=outlet is not None and outlet.kind not in ("", *_NO_PRESS),
        title=one_line(article.title) or article.url or kept.id,
        authors=tuple(_authors(article.byline)),
        outlet=one_line(kept.outlet_name),
        published=article.published.local.date() if article.published else None,
        accessed=kept.captured.date(),
        url=article.url,
        language=article.language,
        keywords=(*kept.verdict.topics, *kept.verdict.activities),
        note=". ".join(_notes(kept)),
    )


def one_line(text: str) -> str:
    """`text` without line ends or control characters, which no field of a reference holds."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _authors(byline: str) -> Iterator[str]:
    names = _BETWEEN.split(_BEFORE.sub("", one_line(byline)))
    return (name for name in names[:_MOST_AUTHORS] if name)


def _notes(kept: Kept) -> Iterator[str]:
    if kept.article.origin:
        yield f"Taken from {one_line(kept.article.origin)}"
    if kept.revision > 1:
        yield f"Revision {kept.revision} of its text"
    if kept.gone_since:
        yield f"Gone from its address since {kept.gone_since:%Y-%m-%d}"
