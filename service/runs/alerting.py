"""The alerting walk: due subscriptions, search, select, compose, claim, send. The archive walks in, mail walks out.

What has been told is decided by the ledger alone. A digest is claimed with its items in one step before it is sent, so a
crash resumes the claim under the same Message-ID and nothing is lost or sent twice.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from alerts.composing.composing import compose
from alerts.errors import AlertError, SendError
from alerts.selecting import select
from alerts.sending.sending import Sender
from alerts.slots import next_slot
from scrapers.classifying.rules import Rules
from service.runs.completeness import completeness
from service.runs.placing import placed
from storage.archive.archive import Archive
from storage.errors import StorageError
from storage.records import Digest, DigestRecord, Match, Outlet, Subscription
from storage.search.index import SearchIndex
from storage.search.query import parse_query

log = structlog.get_logger("alerting")

#: How long a claim is one process's own; far longer than any send may take.
LEASE = timedelta(minutes=10)
#: A slot missed by more than this is told as late.
PUNCTUAL = timedelta(hours=1)
#: Rests between tries; a digest is given up, aloud, when the day is over.
FIRST_REST, GIVE_UP = timedelta(minutes=2), timedelta(days=1)
#: Every match counts; this only bounds what one answer of the index may hold.
ALL = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerting:
    """What the walk is handed."""

    archive: Archive
    index: SearchIndex
    #: Asked only for articles that have no place among the stories yet.
    rules: Callable[[], Rules]
    sender: Sender
    clock: Callable[[], datetime]
    #: Names this process in the ledger.
    owner: str
    web_url: str
    mail_from: str
    contact: str
    outlets: tuple[Outlet, ...]


def run_alerting(alerting: Alerting) -> list[DigestRecord]:
    """Send what is due: first what an earlier run claimed and could not finish, then every due subscription."""
    now = alerting.clock()
    done = [_send(alerting, r) for r in alerting.archive.ledger.unfinished(now=now, owner=alerting.owner, lease=LEASE)]
    for subscription in alerting.archive.subscriptions.due(now):
        try:
            record = _answer(alerting, subscription, now)
        except (StorageError, AlertError) as why:
            log.error("digest not composed", subscription=subscription.name, why=str(why))
        else:
            done += [record] if record else []
        alerting.archive.subscriptions.move_due(subscription.name, _next_due(subscription, now))
    return done


def _next_due(subscription: Subscription, now: datetime) -> datetime:
    """The next slot; a day later where the zone is none any more, so that its complaint comes once a day."""
    try:
        return next_slot(subscription, after=now)
    except AlertError:
        return now + timedelta(days=1)


def _answer(alerting: Alerting, subscription: Subscription, now: datetime) -> DigestRecord | None:
    due = subscription.next_due or now
    digest = digest_for(alerting, subscription, due=due, now=now)
    return claim_and_send(alerting, digest, now) if digest else None


def send_now(alerting: Alerting, subscription: Subscription) -> DigestRecord | None:
    """Send what is due to be told now, whatever the hour. None when there is nothing that was not told."""
    now = alerting.clock()
    digest = digest_for(alerting, subscription, due=now, now=now)
    if digest is None or (not digest.told and _already_told_today(alerting, subscription, now)):
        return None
    return claim_and_send(alerting, digest, now)


def _already_told_today(alerting: Alerting, subscription: Subscription, now: datetime) -> bool:
    """Whether this local day had a digest: "nothing new" is news once a day, not at every call."""
    zone = ZoneInfo(subscription.zone)
    today = now.astimezone(zone).date()
    last = alerting.archive.ledger.list(subscription.name, limit=1)
    return bool(last) and last[0].digest.composed.astimezone(zone).date() == today


def digest_for(
    alerting: Alerting,
    subscription: Subscription,
    *,
    due: datetime,
    now: datetime,
    told: dict[str, int] | None = None,
) -> Digest | None:
    """The digest of what the ledger has not told yet (or of what `told` does not name); None when it should not be sent."""
    alerting.index.catch_up()
    told = alerting.archive.ledger.told(subscription.name) if told is None else told
    found = alerting.index.search(parse_query(subscription.query), limit=ALL, sort="date", now=now)
    kept = alerting.archive.articles.many([hit.id for hit in found.hits])
    # Asked after the search: whoever put a verdict there that it saw had kept it quiet by then.
    quiet = alerting.archive.ledger.quiet(subscription.name)
    matches = select(tuple(kept.values()), told=told, since=subscription.since, quiet=quiet)
    return compose(
        subscription,
        _with_stories(alerting, matches),
        completeness=completeness(alerting.archive, alerting.outlets, now=now),
        due=due,
        now=now,
        web_url=alerting.web_url,
        mail_from=alerting.mail_from,
        contact=alerting.contact if "@" in alerting.contact else "",
        late=now - due > PUNCTUAL,
    )


def _with_stories(alerting: Alerting, matches: Sequence[Match]) -> list[Match]:
    kept = placed(alerting.archive, alerting.rules, [match.kept for match in matches])
    return [replace(match, kept=one) for match, one in zip(matches, kept, strict=True)]


def claim_and_send(alerting: Alerting, digest: Digest, now: datetime) -> DigestRecord | None:
    """Claim the digest and what it tells in one step, then send it. None when another process holds that slot."""
    record = alerting.archive.ledger.claim(digest, owner=alerting.owner, now=now, lease=LEASE)
    return _send(alerting, record) if record else None


def _send(alerting: Alerting, record: DigestRecord) -> DigestRecord:
    ledger = alerting.archive.ledger
    try:
        via = alerting.sender.send(record.digest)
    except SendError as why:
        now = alerting.clock()
        next_try = _next_try(record, why, now)
        ledger.release(record.number, now=now, why=str(why), next_try=next_try)
        log.error(
            "digest not sent", subscription=record.digest.subscription, why=str(why), next_try=next_try or "given up"
        )
    else:
        ledger.mark_sent(record.number, now=alerting.clock(), via=via)
        log.info("digest sent", subscription=record.digest.subscription, items=len(record.digest.told), via=via)
    return ledger.get(record.number) or record


def _next_try(record: DigestRecord, why: SendError, now: datetime) -> datetime | None:
    if why.permanent or now - record.digest.composed > GIVE_UP:
        return None
    return now + FIRST_REST * (1 << min(record.attempts, 6))
