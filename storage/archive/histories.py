"""What may be asked of the archive about whole histories: an article with all that is remembered of it and was not derived.

What is derived (change numbers, stories, events of the register) is made anew wherever a history arrives; how often its page is
still to be visited stays behind. Only `service` and tests call it, through `Archive.histories`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, Table, delete, insert, select, tuple_, update

from storage.archive.database import Database
from storage.archive.doors import batches, columns_of
from storage.archive.keeping import (
    article_columns,
    clean,
    free_id,
    identity,
    insert_verdict,
    keep_article,
    next_changes,
    note_address,
)
from storage.archive.loading import evidence_of, kept_where, load, revisions_of, verdict_of
from storage.archive.verdicts import quiet
from storage.columns import storable
from storage.records import Absence, Change, Kept, Mark, Revision, Verdict
from storage.revisions import hash_of
from storage.tables import (
    ABSENCES,
    ADDRESSES,
    ARTICLES,
    EVIDENCE,
    MARKS,
    OUTLETS,
    REVISIONS,
    SUBSCRIPTIONS,
    VERDICTS,
)

#: Histories read at a time, so many texts are in memory at once.
_BATCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A verdict, the number of the text it was given to, and when."""

    verdict: Verdict
    revision: int
    decided: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """An article with every text it had, every verdict on them, what analysts said of these, and where else it was met."""

    kept: Kept
    #: The first one first; the last one is current.
    revisions: tuple[Revision, ...]
    judgements: tuple[Judgement, ...]
    marks: tuple[Mark, ...] = ()
    addresses: tuple[str, ...] = ()
    absences: tuple[Absence, ...] = ()

    @property
    def texts(self) -> list[tuple[str, str]]:
        """What tells two histories of one article apart: its titles and the hashes of its texts, in order."""
        return [(one.title, one.text_hash) for one in self.revisions]


class Histories:
    """Whole histories, out of the archive and into it. Every method may raise ArchiveError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> Iterator[History]:
        """Every article, the first seen first. What is kept meanwhile may or may not be among them."""
        order = (ARTICLES.c.first_seen, ARTICLES.c.id)
        question = kept_where().order_by(*order).limit(_BATCH)
        after: tuple[datetime, str] | None = None
        while True:
            with self._database.read() as connection:
                found = _load(connection, question if after is None else question.where(tuple_(*order) > after))
            yield from found
            if not found:
                return
            after = (found[-1].kept.first_seen, found[-1].kept.id)

    def of(self, ids: Collection[str]) -> Iterator[History]:
        """Those of `ids` that are known, the first seen first."""
        order: list[tuple[datetime, str]] = []
        for batch in batches(ids):
            with self._database.read() as connection:
                question = select(ARTICLES.c.first_seen, ARTICLES.c.id).where(ARTICLES.c.id.in_(batch))
                order += [(row.first_seen, row.id) for row in connection.execute(question)]
        order.sort()
        for part in batches(order, _BATCH):
            named = [id for _, id in part]
            with self._database.read() as connection:
                found = {one.kept.id: one for one in _load(connection, kept_where(ARTICLES.c.id.in_(named)))}
            yield from (found[id] for id in named if id in found)

    def put(self, histories: Sequence[History], *, now: datetime, old_before: datetime) -> list[Change]:
        """Takes histories in as they are, their ids, times and verdicts too; all of them, or none. What each was:

        NEW, where the article was not known. Where it was, REVISED if it got another text, else SAME: a history that holds
        all texts of the one here takes its place if it holds more of them, or was first seen earlier; where the two part, the
        last text of the other is kept as a further revision if it was captured later. Marks are added where there are none.
        What was published, or else first seen, before `old_before` is news to no subscription there is.
        """
        with self._database.write() as connection:
            outlets = {one.kept.article.outlet: one.kept for one in histories}
            for kept in outlets.values():
                _name_outlet(connection, kept)
            return [_put(connection, _clean(one), now, old_before) for one in histories]


# ------------------------------------------------------------------ out of the archive


def _load(connection: Connection, question: Select[Any]) -> list[History]:
    found = load(connection, question)
    ids = [kept.id for kept in found]
    revisions, judgements = revisions_of(connection, ids), _judgements(connection, ids)
    marks, absences = _grouped(connection, ids, MARKS), _grouped(connection, ids, ABSENCES)
    addresses = _addresses(connection, ids)
    return [
        History(
            kept=kept,
            revisions=tuple(revisions[kept.id]),
            judgements=tuple(judgements[kept.id]),
            marks=tuple(Mark(**row) for row in marks.get(kept.id, ())),
            addresses=tuple(addresses.get(kept.id, ())),
            absences=tuple(Absence(**row) for row in absences.get(kept.id, ())),
        )
        for kept in found
    ]


def _judgements(connection: Connection, ids: Sequence[str]) -> Mapping[str, Sequence[Judgement]]:
    found: dict[str, list[Judgement]] = defaultdict(list)
    for batch in batches(ids):
        question = select(VERDICTS).where(VERDICTS.c.article_id.in_(batch)).order_by(VERDICTS.c.number)
        rows = connection.execute(question).mappings().all()
        evidence = evidence_of(connection, [row["number"] for row in rows])
        for row in rows:
            given = verdict_of(row, evidence.get(row["number"], ()))
            judgement = Judgement(verdict=given, revision=row["revision"], decided=row["decided"])
            found[row["article_id"]].append(judgement)
    return found


def _grouped(connection: Connection, ids: Sequence[str], table: Table) -> Mapping[str, Sequence[RowMapping]]:
    """Rows of `table`, whose column `article` names the article, in the order of their keys."""
    found: dict[str, list[RowMapping]] = defaultdict(list)
    for batch in batches(ids):
        question = select(table).where(table.c.article.in_(batch)).order_by(*table.primary_key)
        for row in connection.execute(question).mappings():
            found[row["article"]].append(row)
    return found


def _addresses(connection: Connection, ids: Sequence[str]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for batch in batches(ids):
        question = select(ADDRESSES).where(ADDRESSES.c.article_id.in_(batch)).order_by(ADDRESSES.c.url)
        for row in connection.execute(question):
            found[row.article_id].append(row.url)
    return found


# ------------------------------------------------------------------ into the archive


def _clean(history: History) -> History:
    """As it will come back, so that it is known again."""
    revisions = tuple(
        replace(one, title=storable(one.title), text=storable(one.text), text_hash=hash_of(storable(one.text)))
        for one in history.revisions
    )
    return replace(history, kept=replace(history.kept, article=clean(history.kept.article)), revisions=revisions)


def _put(connection: Connection, theirs: History, now: datetime, old_before: datetime) -> Change:
    article = theirs.kept.article
    known = connection.scalar(select(ARTICLES.c.id).where(identity(article)))
    if known is None:
        id = free_id(connection, article, storable(theirs.kept.id))
        _insert(connection, id, theirs)
        change = Change.NEW
    else:
        id = known
        change = _join(connection, _load(connection, kept_where(ARTICLES.c.id == id))[0], theirs, now)
    _add_marks(connection, id, theirs)
    if change is not Change.SAME and _moment(theirs.kept) < old_before:
        _quiet_all(connection, id)
    return change


def _join(connection: Connection, ours: History, theirs: History, now: datetime) -> Change:
    """What is remembered of one article here and there becomes one history."""
    longer = len(theirs.texts) > len(ours.texts)
    if _holds(theirs.texts, ours.texts) and (longer or theirs.kept.first_seen < ours.kept.first_seen):
        _replace(connection, ours.kept.id, theirs)
        return Change.SAME if theirs.texts[-1] == ours.texts[-1] else Change.REVISED
    for url in theirs.addresses:
        note_address(connection, ours.kept, url)
    if theirs.texts[-1] in ours.texts or theirs.kept.captured <= ours.kept.captured:
        return Change.SAME
    captured, verdict = theirs.kept.captured, theirs.kept.verdict
    return keep_article(connection, theirs.kept.article, verdict, now=now, captured=captured)[0]


def _holds(more: Sequence[tuple[str, str]], less: Sequence[tuple[str, str]]) -> bool:
    """Whether all of `less` is in `more`, in the same order."""
    rest = iter(more)
    return all(one in rest for one in less)


def _insert(connection: Connection, id: str, history: History) -> None:
    connection.execute(insert(ARTICLES), {**_columns(history), "id": id, "change": next_changes(connection)})
    _insert_parts(connection, id, history)


def _replace(connection: Connection, id: str, history: History) -> None:
    """Marks and addresses stay: people and links know them."""
    of_article = select(VERDICTS.c.number).where(VERDICTS.c.article_id == id)
    connection.execute(delete(EVIDENCE).where(EVIDENCE.c.verdict.in_(of_article)))
    connection.execute(delete(VERDICTS).where(VERDICTS.c.article_id == id))
    connection.execute(delete(REVISIONS).where(REVISIONS.c.article_id == id))
    connection.execute(delete(ABSENCES).where(ABSENCES.c.article == id))
    values = {**_columns(history), "change": next_changes(connection)}
    connection.execute(update(ARTICLES).where(ARTICLES.c.id == id).values(**values))
    _insert_parts(connection, id, history)


def _columns(history: History) -> dict[str, Any]:
    kept = history.kept
    own = ("first_seen", "captured", "revision", "seed", "late", "edits", "matters", "gone_since")
    return article_columns(kept.article, kept.verdict) | {name: getattr(kept, name) for name in own}


def _insert_parts(connection: Connection, id: str, history: History) -> None:
    revisions = [
        {
            **columns_of(one, without=["touched"]),
            "article_id": id,
            "touched": None if one.touched is None else [[it.what.value, it.was, it.now] for it in one.touched],
        }
        for one in history.revisions
    ]
    connection.execute(insert(REVISIONS), revisions)
    for judgement in history.judgements:
        insert_verdict(connection, id, judgement.verdict, decided=judgement.decided, on=judgement.revision)
    if history.absences:
        connection.execute(insert(ABSENCES), [columns_of(replace(one, article=id)) for one in history.absences])
    for url in history.addresses:
        note_address(connection, history.kept, url)


def _add_marks(connection: Connection, id: str, history: History) -> None:
    if not history.marks:
        return
    there = set(connection.scalars(select(MARKS.c.topic).where(MARKS.c.article == id)))
    rows = [columns_of(replace(mark, article=id)) for mark in history.marks if mark.topic not in there]
    if rows:
        connection.execute(insert(MARKS), rows)


def _name_outlet(connection: Connection, kept: Kept) -> None:
    """An outlet that no file here speaks of has the name it had there."""
    key = kept.article.outlet
    named = kept.outlet_name not in ("", key) or kept.country
    if named and connection.scalar(select(OUTLETS.c.key).where(OUTLETS.c.key == key)) is None:
        values = {"key": key, "name": storable(kept.outlet_name), "country": kept.country, "enabled": False}
        connection.execute(insert(OUTLETS).values(**values))


def _quiet_all(connection: Connection, id: str) -> None:
    names = connection.scalars(select(SUBSCRIPTIONS.c.name)).all()
    for kept in load(connection, kept_where(ARTICLES.c.id == id)) if names else ():
        for name in names:
            quiet(connection, name, kept)


def _moment(kept: Kept) -> datetime:
    return kept.article.published.at if kept.article.published else kept.first_seen
