"""What may be asked of the archive about verdicts as such: which are of other rules, and new ones put in their place.

A verdict that other rules give later must be news to nobody: in one transaction with it each subscription that did not find
the article before gets a row in `quiet`. Only `service` and tests call it, through `Archive.verdicts`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from storage.archive.database import Database
from storage.archive.doors import batches
from storage.archive.keeping import replace_verdict, says_the_same
from storage.archive.loading import kept_where, load
from storage.records import Kept, Verdict
from storage.tables import ARTICLES, QUIET, VERDICTS


@dataclass(frozen=True, slots=True)
class Rejudged:
    """An article judged anew: as it stood then, by its change number, and the verdict."""

    id: str
    change: int
    verdict: Verdict


class Verdicts:
    """Current verdicts and their replacement. Every method may raise ArchiveError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_other_rules(self, version: str, *, after: str = "", limit: int) -> list[str]:
        """At most `limit` ids, above `after` and in order, of articles judged by rules other than `version`.

        Seeds are left out: their topics are the manifest's.
        """
        question = select(ARTICLES.c.id).join(VERDICTS, _current()).where(_other(version), ARTICLES.c.id > after)
        with self._database.read() as connection:
            return list(connection.scalars(question.order_by(ARTICLES.c.id).limit(limit)))

    def count_of_other_rules(self, version: str) -> int:
        """How many articles those are."""
        question = select(func.count()).select_from(ARTICLES).join(VERDICTS, _current()).where(_other(version))
        with self._database.read() as connection:
            return connection.scalar(question) or 0

    def replace(
        self, rejudged: Sequence[Rejudged], *, found_before: Mapping[str, Collection[str]], now: datetime
    ) -> tuple[int, int]:
        """Puts new verdicts in the place of the last ones, which stay readable: how many were put, how many differ to see.

        All in one transaction. An article that changed since it was judged is passed by. `found_before` names for each
        subscription the articles it found by the old verdicts; to all other subscriptions those that differ are no news.
        """
        put = seen = 0
        with self._database.write() as connection:
            for batch in batches(rejudged):
                ids = [one.id for one in batch]
                standing = {kept.id: kept for kept in load(connection, kept_where(ARTICLES.c.id.in_(ids)))}
                for one in batch:
                    kept = standing.get(one.id)
                    if kept is None or kept.change != one.change:
                        continue
                    put += 1
                    if says_the_same(kept.verdict, one.verdict):
                        _redate(connection, kept, one.verdict, now)
                        continue
                    seen += 1
                    replace_verdict(connection, kept, one.verdict, now=now)
                    for name in (name for name, found in found_before.items() if kept.id not in found):
                        quiet(connection, name, kept)
        return put, seen


def _current() -> ColumnElement[bool]:
    return (VERDICTS.c.article_id == ARTICLES.c.id) & VERDICTS.c.current


def _other(version: str) -> ColumnElement[bool]:
    return (VERDICTS.c.rules_version != version) & ~ARTICLES.c.seed


def _redate(connection: Connection, kept: Kept, verdict: Verdict, now: datetime) -> None:
    current = (VERDICTS.c.article_id == kept.id) & VERDICTS.c.current
    connection.execute(update(VERDICTS).where(current).values(rules_version=verdict.rules_version, decided=now))


def quiet(connection: Connection, name: str, kept: Kept) -> None:
    """Up to its revision the article is no news to that subscription."""
    row = (QUIET.c.subscription == name) & (QUIET.c.article_id == kept.id)
    if not connection.execute(update(QUIET).where(row).values(revision=kept.revision)).rowcount:
        connection.execute(insert(QUIET).values(subscription=name, article_id=kept.id, revision=kept.revision))
