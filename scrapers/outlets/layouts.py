"""Read where an outlet's pages keep what we read: one `Layout` for each generation of its pages, and the furniture to cut.

Only `scrapers/outlets` imports this module.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from scrapers.outlets.fields import Fields
from storage.records import Layout

#: Words of the catalogue that need nothing here: JSON-LD is read on every page before selectors are tried, the date in a feed
#: is the feed's to tell, and nobody asks for a page's section or place.
_ASIDES = ("title_jsonld", "published_jsonld", "published_feed", "section", "place", "dateline_pattern", "checked")


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read an outlet's pages."""

    layouts: tuple[Layout, ...] = ()
    tails: tuple[str, ...] = ()
    title_suffix: str = ""
    next_page_pattern: str = ""


def read_layouts(outlet: Fields, zone: ZoneInfo) -> Reading:
    """The layouts under `article`, newest first; a list gives more generations than the `*_old` fields can."""
    layouts: list[Layout] = []
    tails: list[str] = []
    suffixes: list[str] = []
    next_pages: list[str] = []
    for article in outlet.rows("article"):
        layouts += [layout for layout in (_current(article, zone), *_older(article)) if _says_something(layout)]
        tails += article.texts("tails")
        suffixes.append(article.text("title_suffix"))
        next_pages.append(article.pattern("next_page_pattern", group="the page number"))
        article.close(_ASIDES)
    return Reading(tuple(layouts), tuple(tails), next(filter(None, suffixes), ""), next(filter(None, next_pages), ""))


def _current(article: Fields, zone: ZoneInfo) -> Layout:
    since = article.day("since")
    return Layout(
        since=datetime.combine(since, time(), tzinfo=zone) if since else None,
        title=article.selectors("title", "title_fallback"),
        body=article.selectors("body", "body_fallback"),
        lead=article.selectors("lead"),
        byline=article.selectors("byline"),
        # What a page says to machines comes before what it prints.
        published=(*_meta(article), *article.selectors("published", "published_fallback")),
        published_pattern=article.pattern("published_pattern", group="the time"),
        published_formats=article.formats("published_format", "published_alt_format", "published_text_format"),
        byline_pattern=article.pattern("byline_pattern", group="the name"),
        exclude=article.selectors("body_exclude"),
        stop=article.selector("body_stop"),
        origin=article.selectors("source", "source_meta"),
    )


def _older(article: Fields) -> Iterator[Layout]:
    """The generation before, from the `*_old` fields; what was cut from the new pages is cut from the old as well."""
    old = Layout(
        title=article.selectors("title_old"),
        body=article.selectors("body_old"),
        byline=article.selectors("byline_old"),
        published=article.selectors("published_old"),
        published_formats=article.formats("published_old_format"),
        exclude=article.selectors("body_exclude"),
    )
    if old.title or old.body or old.byline or old.published:
        yield old


def _says_something(layout: Layout) -> bool:
    return bool(
        layout.title
        or layout.body
        or layout.lead
        or layout.byline
        or layout.published
        or layout.origin
        or layout.exclude
    )


def _meta(article: Fields) -> tuple[str, ...]:
    """A bare name under `published_meta`, wherever pages keep such names."""
    names = article.texts("published_meta")
    usable = [name for name in names if '"' not in name and "\\" not in name]
    if len(usable) < len(names):
        article.complain("published_meta", "it holds a quote or a backslash", "write the bare name of the meta element")
    return tuple(f'meta[{where}="{name}"]' for name in usable for where in ("name", "property", "itemprop"))
