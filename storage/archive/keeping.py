"""Article and verdict become rows, inside a transaction the caller holds: all of an article is kept, or nothing.

Only `storage.archive` imports this module.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, select, update

from storage.archive.doors import columns_of, published_columns
from storage.archive.loading import kept_where, load, load_one
from storage.columns import storable
from storage.materiality import touched
from storage.records import Article, Change, Kept, Touched, Verdict
from storage.revisions import compare, fills, hash_of, revise
from storage.tables import ADDRESSES, ARTICLES, COUNTERS, EVIDENCE, REVISIONS, VERDICTS


def identity(article: Article) -> ColumnElement[bool]:
    return (ARTICLES.c.outlet == article.outlet) & (ARTICLES.c.canonical_id == article.canonical_id)


def clean(article: Article) -> Article:
    """`article` as it will come back: compared in any other shape, it would seem changed at every visit."""
    texts: dict[str, Any] = {
        name: storable(value) for name, value in columns_of(article).items() if isinstance(value, str)
    }
    return replace(article, **texts)


def next_changes(connection: Connection, count: int = 1) -> int:
    """The first of `count` new change numbers. The counter's row is locked until the transaction ends, so that numbers
    are seen in the order they were given."""
    raised = update(COUNTERS).where(COUNTERS.c.name == "change").values(value=COUNTERS.c.value + count)
    return int(connection.scalar(raised.returning(COUNTERS.c.value)) or 0) - count + 1


def keep_article(
    connection: Connection, article: Article, verdict: Verdict, *, now: datetime, captured: datetime, **new: Any
) -> tuple[Change, Kept]:
    """Articles.keep inside a write; `new` are `id`, `seed` and `late` of an article never seen."""
    remembered = load_one(connection, kept_where(identity(article)))
    change = compare(remembered.article if remembered else None, article)
    if remembered is None:
        id = free_id(connection, article, new.pop("id"))
        _insert_article(connection, id, article, verdict, first_seen=now, captured=captured, **new)
    else:
        id = remembered.id
        note_address(connection, remembered, article.url)
        if change is Change.REVISED:
            _revise(connection, remembered, article, verdict, captured=captured)
    if change is not Change.SAME:
        insert_verdict(connection, id, verdict, decided=now)
    return change, load(connection, kept_where(ARTICLES.c.id == id))[0]


def knows_address(connection: Connection, kept: Kept, url: str) -> bool:
    known = select(ADDRESSES.c.url).where(ADDRESSES.c.url == url)
    return url == kept.article.url or connection.scalar(known) is not None


def note_address(connection: Connection, kept: Kept, url: str) -> None:
    if not knows_address(connection, kept, url):
        connection.execute(insert(ADDRESSES).values(url=url, article_id=kept.id))


def free_id(connection: Connection, article: Article, wished: str) -> str:
    """The id wished for or derived from the identity, longer in the rare case that another article has it."""
    derived = sha256(f"{article.outlet}\n{article.canonical_id}".encode()).hexdigest()
    wishes = (wished, *(derived[:length] for length in range(12, len(derived) + 1, 4)))
    taken = select(ARTICLES.c.id)
    return next(id for id in wishes if id and connection.scalar(taken.where(ARTICLES.c.id == id)) is None)


def _insert_article(connection: Connection, id: str, article: Article, verdict: Verdict, **columns: Any) -> None:
    values = article_columns(article, verdict) | columns | {"id": id, "revision": 1}
    connection.execute(insert(ARTICLES).values(change=next_changes(connection), **values))
    _insert_revision(connection, article, values)


def _revise(connection: Connection, kept: Kept, article: Article, verdict: Verdict, *, captured: datetime) -> None:
    merged = revise(kept.article, article)
    number, filled = kept.revision + 1, fills(kept.article, article)
    found = () if filled else touched(kept.article, kept.verdict, merged, verdict)
    # A summary that grew into its text is told again only where the text is found to say more than the summary did.
    matters = bool(found) or (filled and not _sees_the_same(kept.verdict, verdict))
    values = article_columns(merged, verdict) | {"id": kept.id, "revision": number, "captured": captured}
    counted = {"edits": kept.edits + (not filled), "matters": number if matters else kept.matters}
    change = next_changes(connection)
    connection.execute(update(ARTICLES).where(ARTICLES.c.id == kept.id).values(change=change, **counted, **values))
    _insert_revision(connection, merged, values, filled=filled, found=found)


def article_columns(article: Article, verdict: Verdict) -> dict[str, Any]:
    own = columns_of(article, without=("title", "text", "published"))
    judged = {"matched": bool(verdict.strength), "text_hash": hash_of(article.text)}
    return own | published_columns(article.published) | judged


def _insert_revision(
    connection: Connection,
    article: Article,
    row: Mapping[str, Any],
    *,
    filled: bool = False,
    found: Sequence[Touched] = (),
) -> None:
    values = {"article_id": row["id"], "number": row["revision"], "title": article.title, "text": article.text}
    values |= {"text_hash": row["text_hash"], "captured": row["captured"], "filled": filled}
    connection.execute(
        insert(REVISIONS).values(touched=[[one.what.value, one.was, one.now] for one in found], **values)
    )


def replace_verdict(connection: Connection, kept: Kept, verdict: Verdict, *, now: datetime) -> Kept:
    """The article as it stands gets `verdict`, and a new change number since search sees it."""
    values = {"matched": bool(verdict.strength), "change": next_changes(connection)}
    connection.execute(update(ARTICLES).where(ARTICLES.c.id == kept.id).values(**values))
    insert_verdict(connection, kept.id, verdict, decided=now)
    return load(connection, kept_where(ARTICLES.c.id == kept.id))[0]


def says_the_same(one: Verdict, other: Verdict) -> bool:
    """Whether readers cannot tell two verdicts apart: only the version of the rules may differ."""
    said = [(list(v.strength.items()), v.activities, v.events, v.evidence, dict(v.points)) for v in (one, other)]
    return said[0] == said[1]


def _sees_the_same(one: Verdict, other: Verdict) -> bool:
    """Whether two verdicts, on texts of different length, find the same topics, strengths, activities and events."""
    return (one.strength, one.activities, one.events) == (other.strength, other.activities, other.events)


def insert_verdict(
    connection: Connection, id: str, verdict: Verdict, *, decided: datetime, on: int | None = None
) -> None:
    """From now on this is the article's verdict: on its current text, or on the revision of that number."""
    of_article = VERDICTS.c.article_id == id
    connection.execute(update(VERDICTS).where(of_article & VERDICTS.c.current).values(current=False))
    revision = on or select(ARTICLES.c.revision).where(ARTICLES.c.id == id).scalar_subquery()
    values = {
        "rules_version": verdict.rules_version,
        "strength": dict(verdict.strength),
        "activities": list(verdict.activities),
        "points": dict(verdict.points),
        "events": list(verdict.events),
    }
    given = insert(VERDICTS).values(article_id=id, revision=revision, decided=decided, current=True, **values)
    number = connection.scalar(given.returning(VERDICTS.c.number))
    rows = [
        {"verdict": number, "position": position} | columns_of(evidence)
        for position, evidence in enumerate(verdict.evidence)
    ]
    if rows:
        connection.execute(insert(EVIDENCE), rows)
