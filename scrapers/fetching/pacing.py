"""When to knock again: politeness to an outlet, as pure decisions. Only `service` and this room's doors ask."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

#: However often an outlet failed, it is tried again after this: back-off always recovers.
LONGEST_REST = timedelta(days=1)
#: An outlet may ask for a longer rest than we would take, but a slip of its clock must not silence it for ever.
LONGEST_ASKED = timedelta(days=7)
#: A list of news that calls itself fresh for longer is served under a rule made for pictures and scripts.
LONGEST_FRESH = timedelta(hours=6)

#: An article's page is visited again so long after it was first seen: edits come early, and pages vanish late.
REVISITS = (
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=7),
    timedelta(days=30),
)
#: What is missing is looked for again so long after it was first missed, and what is gone so long after that was sure.
CONFIRMING = timedelta(days=1)
RETURNING = (timedelta(days=7), timedelta(days=30))
#: A revisit that told nothing is tried again after this, doubled each time, and so often; then the rhythm goes on.
FIRST_RETRY, MOST_RETRIES = timedelta(hours=1), 5

_MAX_AGE = re.compile(r'(?:^|[,\s])max-age\s*=\s*"?(\d+)', re.ASCII | re.IGNORECASE)
_NEVER_FRESH = re.compile(r"(?:^|[,\s])no-(?:store|cache)(?:$|[,\s])", re.IGNORECASE)


def next_visit(now: datetime, *, patience: timedelta, failures: int, asked: timedelta | None = None) -> datetime:
    """When an entry point may be visited again.

    `patience` is the rest after a good visit; each of `failures` in a row doubles it, up to `LONGEST_REST` (or
    `patience`, if that is longer). `asked` is the outlet's own wish, honoured up to `LONGEST_ASKED`.
    """
    doublings = min(failures, 16)
    rest = max(patience, min(patience * (1 << doublings), LONGEST_REST))
    return now + max(rest, min(asked or timedelta(0), LONGEST_ASKED))


def next_revisit(
    now: datetime,
    *,
    first_seen: datetime,
    missing_since: datetime | None = None,
    confirmed: datetime | None = None,
) -> datetime | None:
    """When the page of an article is due again, after a visit at `now`; None when the rhythm is over.

    Visits that were missed (an outage, a budget used up) are not made up for: one visit stands for all that were due by
    `now`. A page `missing_since` then and not yet `confirmed` as gone is also looked for a day after it was first missed.
    """
    due = [first_seen + rest for rest in REVISITS]
    if confirmed is not None:
        due += [confirmed + rest for rest in RETURNING]
    elif missing_since is not None:
        due.append(missing_since + CONFIRMING)
    return min((moment for moment in due if moment > now), default=None)


def next_retry(
    now: datetime, *, failures: int, planned: datetime | None, asked: timedelta | None = None
) -> datetime | None:
    """When a revisit that told nothing is tried again; `failures` in a row, this one among them.

    Not later than `planned`, the next visit anyway, unless the outlet `asked` for more (up to `LONGEST_ASKED`); after
    `MOST_RETRIES` nothing but that remains.
    """
    moments = [planned] if planned is not None else []
    if failures <= MOST_RETRIES:
        moments.append(next_visit(now, patience=FIRST_RETRY, failures=failures - 1))
    due = min(moments, default=None)
    return due if due is None or asked is None else max(due, now + min(asked, LONGEST_ASKED))


def asked_wait(headers: Mapping[str, str], *, now: datetime, status: int) -> timedelta | None:
    """How long the outlet asks us to stay away, or None when it does not say or says nothing sensible.

    Reads Retry-After in both its forms (RFC 9110, 10.2.3) and, on a good or unchanged answer, what is left of the
    max-age of Cache-Control (RFC 9111, 5.2.2.1). `headers` has lower-case names.
    """
    wait = _retry_after(headers.get("retry-after", "").strip(), now)
    if wait is None and (200 <= status < 300 or status == 304):
        wait = _freshness(headers)
    return wait if wait is not None and wait > timedelta(0) else None


def _retry_after(value: str, now: datetime) -> timedelta | None:
    if value.isascii() and value.isdigit():
        return _seconds(value, LONGEST_ASKED)
    try:
        moment = parsedate_to_datetime(value)
        # An HTTP date is always in GMT, even in the old form that does not say so.
        wait = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now
    except (ValueError, OverflowError):
        return None
    return min(wait, LONGEST_ASKED)


def _freshness(headers: Mapping[str, str]) -> timedelta | None:
    control = headers.get("cache-control", "")
    found = _MAX_AGE.search(control)
    if not found or _NEVER_FRESH.search(control):
        return None
    fresh = _seconds(found[1], LONGEST_ASKED)
    if fresh > LONGEST_FRESH:
        return None
    age = headers.get("age", "").strip()
    return fresh - _seconds(age, LONGEST_FRESH) if age.isascii() and age.isdigit() else fresh


def _seconds(digits: str, most: timedelta) -> timedelta:
    """A count of seconds, however absurd its length, kept within `most`."""
    return most if len(digits) > 9 else min(timedelta(seconds=int(digits)), most)
