"""Candidate rules are tried on the archive: what they would gain, lose and change, and how often they are right.

Nothing is written. Only articles that may change are read: the search index names them (`scrapers.classifying.differing` says
why it misses none), and beside them all whose verdict is of other rules than those that run. Called by the command line.
"""

import heapq
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from functools import partial
from itertools import chain

from scrapers.classifying.differing import differing
from service.assembly import Service
from service.runs.judging import BATCH, Judging, judged
from service.runs.seeding import id_of
from storage.records import Article, Evidence, Kept, Strength, Verdict
from storage.search.documents import moment
from storage.search.query import parse_query

#: Ids asked of the archive at a time.
_MANY = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """What the candidate rules change about one article and one topic."""

    id: str
    #: Without its text.
    article: Article
    topic: str
    before: Strength | None
    after: Strength | None
    activities_before: tuple[str, ...]
    activities_after: tuple[str, ...]
    #: What earned the topic: by the new rules, or for a topic lost, by the old ones.
    evidence: tuple[Evidence, ...]
    #: When the article counts as published.
    at: datetime

    @property
    def kind(self) -> str:
        """gained, lost, or changed: kept with another strength or other activities."""
        return "gained" if self.before is None else "lost" if self.after is None else "changed"


KINDS = ("gained", "lost", "changed")


@dataclass(slots=True)
class Backtest:
    """What came out."""

    #: Articles the answer speaks for, and those that had to be read for it.
    tested: int = 0
    candidates: int = 0
    #: (topic, kind, strength) -> articles.
    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    #: kind -> the shifts to show: ties first, then the newest.
    shown: dict[str, list[Shift]] = field(default_factory=lambda: {kind: [] for kind in KINDS})

    def total(self, kind: str) -> int:
        return sum(count for (_, its, _), count in self.counts.items() if its == kind)


def run_backtest(
    service: Service,
    judging: Judging,
    *,
    since: date | None = None,
    limit: int = 20,
    told: Callable[[int, int], None] = lambda read, all_: None,
) -> Backtest:
    """Try the rules of `judging` against the kept verdicts of articles published `since` that day (UTC).

    `limit` is how many shifts of a kind are shown; all are counted. `told` hears how many of how many were read.
    """
    service.index.catch_up()
    ids = candidates(service, judging, since=since)
    result = Backtest(tested=_tested(service, since))
    told(0, len(ids))
    for count, shifts in judged(judging, ids, partial(compared, since=since)):
        result.candidates += count
        told(result.candidates, len(ids))
        _take(result, list(chain.from_iterable(shifts)), limit)
    return result


def candidates(service: Service, judging: Judging, *, since: date | None = None) -> list[str]:
    """The articles whose kept verdict may not be the one the rules of `judging` would give, each once; no seeds."""
    found = service.index.candidates(differing(service.rules, judging.rules), since=since)
    ids = dict.fromkeys(found.ids)
    ids.update(dict.fromkeys(_of_other_rules(service)))
    # What the index does not hold yet, because another process is just writing it.
    ids.update(dict.fromkeys(_not_held(service, found.change)))
    for seed in service.archive.seeds.list():
        ids.pop(id_of(seed), None)
    return list(ids)


def _of_other_rules(service: Service) -> Iterator[str]:
    after = ""
    while batch := service.archive.verdicts.of_other_rules(service.rules.version, after=after, limit=_MANY):
        yield from batch
        after = batch[-1]


def _not_held(service: Service, change: int) -> Iterator[str]:
    while batch := service.archive.articles.changed_since(change, BATCH):
        yield from (kept.id for kept in batch)
        change = batch[-1].change


def _tested(service: Service, since: date | None) -> int:
    query = parse_query("seed:no" + (f" after:{since.isoformat()}" if since else ""))
    return service.index.search(query, limit=0, now=service.clock()).total


def compared(kept: Kept, verdict: Verdict, *, since: date | None) -> list[Shift] | None:
    """What `verdict` would change about `kept`; None for nothing. Seeds keep their manifest's topics."""
    at = moment(kept)
    if kept.seed or (since is not None and at < datetime.combine(since, time.min, UTC)):
        return None
    return list(_shifts(kept, verdict, at)) or None


def _shifts(kept: Kept, verdict: Verdict, at: datetime) -> Iterator[Shift]:
    old = kept.verdict
    for topic in dict.fromkeys([*verdict.strength, *old.strength]):
        before, after = old.strength.get(topic), verdict.strength.get(topic)
        if before is after and old.activities == verdict.activities:
            continue
        earned = (verdict if after else old).evidence
        yield Shift(
            id=kept.id,
            article=replace(kept.article, text=""),
            topic=topic,
            before=before,
            after=after,
            activities_before=old.activities,
            activities_after=verdict.activities,
            evidence=tuple(piece for piece in earned if piece.topic == topic),
            at=at,
        )


def _take(result: Backtest, shifts: Sequence[Shift], limit: int) -> None:
    for shift in shifts:
        result.counts[shift.topic, shift.kind, (shift.after or shift.before or Strength.MENTION).value] += 1
    for kind in KINDS:
        shown = [*result.shown[kind], *(shift for shift in shifts if shift.kind == kind)]
        result.shown[kind] = heapq.nlargest(limit, shown, key=_rank)


def _rank(shift: Shift) -> tuple[bool, datetime, str]:
    return Strength.TIE in (shift.before, shift.after), shift.at, shift.id
