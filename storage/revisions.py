"""New, revised or the same? An article and what is remembered of it walk in, a decision walks out. Pure.

Only `storage` and tests import this module.
"""

from dataclasses import replace
from hashlib import sha256

from storage.edits import reads_the_same
from storage.records import Article, Change, Published
from storage.words import fold


def compare(remembered: Article | None, article: Article) -> Change:
    """What `article` is to an archive that remembers `remembered` of the same identity.

    Only what a reader would notice counts: whitespace, case, quotes and dashes are the typesetter's; counters, clocks of
    the last update, credits and invitations are the page's (`storage.passing`). A page that gives only a summary (or
    nothing) today never replaces the full text of yesterday; a full text replaces a summary, as a revision like any other.
    """
    if remembered is None:
        return Change.NEW
    if _is_thin(article) and not _is_thin(remembered):
        return Change.SAME
    same = _alike(remembered.title, article.title) and _alike(remembered.text, article.text)
    return Change.SAME if same else Change.REVISED


def fills(remembered: Article, article: Article) -> bool:
    """Whether `article` revises `remembered` by our reading more of it: a full text in the place of a summary."""
    return _is_thin(remembered) and not _is_thin(article)


def revise(remembered: Article, article: Article) -> Article:
    """What the archive holds after `article` revised `remembered`: identity and address stay those first met.

    So does the published time, unless there was none or only the day was known: an outlet that moves its clock with every
    correction would make old news young.
    """
    return replace(
        article,
        outlet=remembered.outlet,
        canonical_id=remembered.canonical_id,
        url=remembered.url,
        byline=article.byline or remembered.byline,
        language=article.language or remembered.language,
        origin=article.origin or remembered.origin,
        published=_published(remembered.published, article.published),
    )


def hash_of(text: str) -> str:
    """SHA-256, in hex, of what compare() sees of `text`: equal for a reprint set in other type."""
    return sha256(_essence(text).encode("utf-8")).hexdigest()


def _alike(one: str, other: str) -> bool:
    return one == other or _essence(one) == _essence(other) or reads_the_same(one, other)


def _essence(text: str) -> str:
    # No whitespace at all: Chinese pages break lines inside sentences.
    return "".join(fold(text).text.split())


def _is_thin(article: Article) -> bool:
    return article.summary_only or not article.text.strip()


def _published(remembered: Published | None, now: Published | None) -> Published | None:
    if remembered is None or now is None:
        return remembered or now
    return now if now.has_time and not remembered.has_time else remembered
