"""What a visit to an article's page means for the next one. What is remembered and what was met walk in, what to remember walks
out. Pure: whoever asks says what time it is. Called by the intake and by revisits.

A page is gone once it was missing at two visits at least a day apart; a page that stands there again is back at once. An error, a
refusal or a broken line says neither.
"""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

from scrapers.fetching.pacing import CONFIRMING, next_retry, next_revisit
from service.runs.pages import Pages
from storage.records import Capture, Kept, Revisit


def first_revisit(kept: Kept, *, url: str, pages: Pages) -> Revisit:
    """The revisits to come of an article that was just kept from `pages`, which `url` answered."""
    bare = Revisit(
        article=kept.id,
        outlet=kept.article.outlet,
        url=url,
        first_seen=kept.first_seen,
        due=next_revisit(kept.captured, first_seen=kept.first_seen),
    )
    return _with_validators(bare, pages)


def stood(revisit: Revisit, pages: Pages | None, *, now: datetime) -> Revisit:
    """The article stood there: as at the last visit (None), or on these pages. If it was missing, it is back."""
    calm = replace(
        revisit,
        due=next_revisit(now, first_seen=revisit.first_seen),
        visits=revisit.visits + 1,
        failures=0,
        last_visit=now,
        missing_since=None,
        confirmed=None,
        why="",
    )
    return _with_validators(calm, pages) if pages else calm


def missed(revisit: Revisit, why: str, *, now: datetime) -> Revisit:
    """The page was not there, as `why` says."""
    since = revisit.missing_since or now
    confirmed = revisit.confirmed or (now if now - since >= CONFIRMING else None)
    return replace(
        revisit,
        due=next_revisit(now, first_seen=revisit.first_seen, missing_since=since, confirmed=confirmed),
        visits=revisit.visits + 1,
        failures=0,
        last_visit=now,
        missing_since=since,
        confirmed=confirmed,
        why=why,
        # What comes back is read anew, whatever its validators say.
        etag="",
        last_modified="",
    )


def told_nothing(
    revisit: Revisit, why: str, *, now: datetime, asked: timedelta | None = None, refused: bool = False
) -> Revisit:
    """The visit told nothing of the article. A refusal is not insisted on: the rhythm goes on."""
    failures = revisit.failures + 1
    planned = next_revisit(
        now, first_seen=revisit.first_seen, missing_since=revisit.missing_since, confirmed=revisit.confirmed
    )
    due = planned if refused and asked is None else next_retry(now, failures=failures, planned=planned, asked=asked)
    return replace(revisit, due=due, failures=failures, last_visit=now, why=why)


def fingerprint(capture: Capture) -> str:
    """Tells whether a page is the same to the byte."""
    return hashlib.sha256(capture.body).hexdigest()


def _with_validators(revisit: Revisit, pages: Pages) -> Revisit:
    """With what the page said of its version. Of several pages the first speaks for itself alone: all are read again."""
    alone = len(pages.pages) == 1 and pages.whole
    headers = pages.capture.headers
    return replace(
        revisit,
        etag=headers.get("etag", "") if alone else "",
        last_modified=headers.get("last-modified", "") if alone else "",
        page_hash=fingerprint(pages.capture) if alone else "",
    )
