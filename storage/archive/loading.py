"""Rows of an article become one `Kept`: two questions for any number of articles, never one each.

Only `storage.archive` imports this module.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, select

from storage.archive.doors import batches, published_of
from storage.records import (
    Article,
    Attachment,
    Evidence,
    Kept,
    Particular,
    Revision,
    Strength,
    Touched,
    Verdict,
    surest_first,
)
from storage.tables import ARTICLES, ATTACHMENTS, EVIDENCE, OUTLETS, REVISIONS, STORY_PLACES, VERDICTS

#: Built once: the building costs as much as the asking. Every join is an outer one, although text and verdict are always
#: there: so the article comes first in any plan, and the order asked for comes from its indexes.
_KEPT = (
    select(
        ARTICLES,
        REVISIONS.c.title,
        REVISIONS.c.text,
        VERDICTS.c.number.label("verdict"),
        VERDICTS.c.strength,
        VERDICTS.c.activities,
        VERDICTS.c.points,
        VERDICTS.c.events,
        VERDICTS.c.rules_version,
        OUTLETS.c.name.label("outlet_name"),
        OUTLETS.c.country,
        STORY_PLACES.c.story,
    )
    .outerjoin(REVISIONS, (REVISIONS.c.article_id == ARTICLES.c.id) & (REVISIONS.c.number == ARTICLES.c.revision))
    .outerjoin(VERDICTS, (VERDICTS.c.article_id == ARTICLES.c.id) & VERDICTS.c.current)
    .outerjoin(OUTLETS, OUTLETS.c.key == ARTICLES.c.outlet)
    .outerjoin(STORY_PLACES, STORY_PLACES.c.article == ARTICLES.c.id)
)


def kept_where(*conditions: ColumnElement[bool]) -> Select[Any]:
    """The question for articles as they stand now; order and limit are the caller's."""
    return _KEPT.where(*conditions)


def load(connection: Connection, question: Select[Any]) -> list[Kept]:
    """What `question` (see kept_where) finds, in its order."""
    rows = connection.execute(question).mappings().all()
    evidence = evidence_of(connection, [row["verdict"] for row in rows])
    # Only what has a topic attaches to events.
    attached = attached_to(connection, [row["id"] for row in rows if row["matched"]])
    # Few are ever revised.
    earlier = revisions_of(connection, [row["id"] for row in rows if row["revision"] > 1])
    return [
        _kept(row, evidence.get(row["verdict"], ()), attached.get(row["id"], ()), earlier.get(row["id"], ())[:-1])
        for row in rows
    ]


def load_one(connection: Connection, question: Select[Any]) -> Kept | None:
    return next(iter(load(connection, question.limit(1))), None)


def evidence_of(connection: Connection, verdicts: Sequence[int]) -> Mapping[int, Sequence[Evidence]]:
    found: dict[int, list[Evidence]] = defaultdict(list)
    for batch in batches(verdicts):
        question = (
            select(EVIDENCE).where(EVIDENCE.c.verdict.in_(batch)).order_by(EVIDENCE.c.verdict, EVIDENCE.c.position)
        )
        for verdict, _position, topic, rule, form, field, start, end, sentence in connection.execute(question):
            found[verdict].append(
                Evidence(topic=topic, rule=rule, form=form, field=field, start=start, end=end, sentence=sentence)
            )
    return found


def attached_to(connection: Connection, ids: Sequence[str]) -> Mapping[str, Sequence[Attachment]]:
    """The attachments of these articles, the surest first."""
    found: dict[str, list[Attachment]] = defaultdict(list)
    for batch in batches(ids):
        question = select(ATTACHMENTS).where(ATTACHMENTS.c.article_id.in_(batch))
        for article, event, how, confidence, reason in connection.execute(question):
            found[article].append(Attachment(event=event, how=how, confidence=confidence, reason=reason))
    for attachments in found.values():
        attachments.sort(key=surest_first)
    return found


def revisions_of(connection: Connection, ids: Collection[str]) -> Mapping[str, Sequence[Revision]]:
    """Every text these articles have had, the first one first."""
    found: dict[str, list[Revision]] = defaultdict(list)
    for batch in batches(ids):
        question = select(REVISIONS).where(REVISIONS.c.article_id.in_(batch))
        for row in connection.execute(question.order_by(REVISIONS.c.article_id, REVISIONS.c.number)).mappings():
            found[row["article_id"]].append(_revision(row))
    return found


def _revision(row: RowMapping) -> Revision:
    own = ("number", "title", "text", "text_hash", "captured", "filled")
    touched = row["touched"]
    return Revision(
        **{name: row[name] for name in own},
        touched=None if touched is None else tuple(Touched(Particular(what), *said) for what, *said in touched),
    )


def _kept(
    row: RowMapping, evidence: Sequence[Evidence], attached: Sequence[Attachment], earlier: Sequence[Revision]
) -> Kept:
    return Kept(
        id=row["id"],
        article=_article(row),
        verdict=verdict_of(row, evidence),
        first_seen=row["first_seen"],
        captured=row["captured"],
        revision=row["revision"],
        text_hash=row["text_hash"],
        seed=row["seed"],
        late=row["late"],
        outlet_name=row["outlet_name"] or row["outlet"],
        country=row["country"] or "",
        story=row["story"] or "",
        change=row["change"],
        edits=row["edits"],
        matters=row["matters"],
        gone_since=row["gone_since"],
        earlier=tuple(earlier),
        attached=tuple(attached),
    )


def _article(row: RowMapping) -> Article:
    return Article(
        outlet=row["outlet"],
        canonical_id=row["canonical_id"],
        url=row["url"],
        title=row["title"],
        text=row["text"],
        byline=row["byline"],
        published=published_of(row),
        language=row["language"],
        origin=row["origin"],
        summary_only=row["summary_only"],
    )


def verdict_of(row: RowMapping, evidence: Sequence[Evidence]) -> Verdict:
    return Verdict(
        strength={topic: Strength(strength) for topic, strength in row["strength"].items()},
        activities=tuple(row["activities"]),
        events=tuple(row["events"]),
        evidence=tuple(evidence),
        points=row["points"],
        rules_version=row["rules_version"],
    )
