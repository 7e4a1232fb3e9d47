"""The archive is judged anew by the rules that run now, and nobody is told. Called by `entente topics apply`.

    judge      every article whose verdict is of other rules, batch by batch; seeds keep their manifest's topics
    replace    each batch in one transaction; the old verdicts stay in the database with their version
    quiet      in the same transaction: no subscription is told of what it did not find before

What was done stays done: interrupted, the next call goes on with what is left.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from service.assembly import Service
from service.runs.judging import Judging, judged
from storage.archive.verdicts import Rejudged
from storage.records import Kept, Verdict
from storage.search.errors import QueryError
from storage.search.query import parse_query

#: Every match counts; this only bounds what one answer of the index may hold.
ALL = 1_000_000
#: Ids asked for at a time; each time what subscriptions find is asked anew.
_STRETCH = 20_000


@dataclass(slots=True)
class Reclassified:
    """Articles judged anew, those of them that differ to see, and those left because they changed meanwhile."""

    judged: int = 0
    changed: int = 0
    left: int = 0


def run_reclassifying(
    service: Service, judging: Judging, *, told: Callable[[int, int], None] = lambda done, all_: None
) -> Reclassified:
    """Put verdicts by the rules of `judging` in the place of all others. `told` hears how many of how many are done.

    Articles that come in or change meanwhile are left to the next call. Raises ArchiveError.
    """
    result, version = Reclassified(), judging.rules.version
    verdicts = service.archive.verdicts
    owed, seen, after = verdicts.count_of_other_rules(version), 0, ""
    told(0, owed)
    while not service.stop.is_set() and (ids := verdicts.of_other_rules(version, after=after, limit=_STRETCH)):
        after = ids[-1]
        service.index.catch_up()
        held, found = service.index.held(), found_now(service)
        for count, batch in judged(judging, ids, partial(rejudged, held=held)):
            put, changed = verdicts.replace(batch, found_before=found, now=service.clock())
            seen += count
            result.judged, result.changed = result.judged + put, result.changed + changed
            told(min(seen, owed), owed)
            if service.stop.is_set():
                break
    service.index.catch_up()
    result.left = verdicts.count_of_other_rules(version)
    return result


def rejudged(kept: Kept, verdict: Verdict, *, held: int) -> Rejudged | None:
    """The verdict to put; None for an article the index does not hold as it is, for nobody knows who finds it."""
    return Rejudged(kept.id, kept.change, verdict) if kept.change <= held and not kept.seed else None


def found_now(service: Service) -> dict[str, frozenset[str]]:
    """What each subscription finds in the index as it is."""
    found: dict[str, frozenset[str]] = {}
    for subscription in service.archive.subscriptions.list():
        try:
            hits = service.index.search(
                parse_query(subscription.query), limit=ALL, sort="date", now=service.clock()
            ).hits
        except QueryError:  # an older version understood it; nothing can be told by it until it is mended
            hits = ()
        found[subscription.name] = frozenset(hit.id for hit in hits)
    return found
