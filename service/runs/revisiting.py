"""The walk back to what was read: due revisits, fetch, read, compare, keep. Outlets walk in, revisions and absences walk out.

New articles go first: an outlet with entries waiting to be read is not visited again in the same run. What a run may ask is
bounded, all together and at each outlet; what is left over waits for the next. Called by the service, `entente fetch` and the demo.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

import structlog

from scrapers.classifying.rules import Rules
from scrapers.errors import Blocked, Gone, HttpFailure, NotAnArticle, ScrapeError
from scrapers.fetching.fetching import Fetcher
from scrapers.parsing.addresses import canonical_id
from scrapers.reading.reading import read
from scrapers.reading.vanishing import why_vanished
from service.runs.keeping import keep
from service.runs.pages import Pages, pages_of
from service.runs.watching import fingerprint, missed, stood, told_nothing
from storage.archive.archive import Archive
from storage.edits import share_kept
from storage.records import Article, Change, Kept, Outlet, Revisit

log = structlog.get_logger("revisits")

#: Two texts that share less than this are two stories: a redirect led from one to the other.
SAME_STORY = 0.3
#: Visits in a row that may tell nothing before an outlet is let be for this run.
MOST_IN_VAIN = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Revisiting:
    """What the walk is handed: its doors, its rules, its clock, and how much it may ask."""

    archive: Archive
    fetcher: Fetcher
    rules: Rules
    clock: Callable[[], datetime]
    #: Articles visited again in one run: all together, and at one outlet.
    budget: int = 200
    per_outlet: int = 10
    workers: int = 8
    #: Asked between two articles: a service that stops leaves the rest for later.
    stopping: Callable[[], bool] = lambda: False


class Met(StrEnum):
    """What a revisit met."""

    SAME = "same"
    REVISED = "revised"
    #: Not there, and not yet sure to be gone; gone; and there again after it was gone.
    MISSING = "missing"
    GONE = "gone"
    BACK = "back"
    #: Nothing was learnt of it: an error, a refusal, a broken line.
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revisited:
    """One article visited again, told in one line."""

    article: str
    outlet: str
    url: str
    at: datetime
    met: Met
    #: Whether its text had changed: what is back may be.
    revised: bool = False
    why: str = ""
    #: The rest the outlet asked for, where it did.
    asked: timedelta | None = None


def run_revisits(revisiting: Revisiting, outlets: Iterable[Outlet]) -> list[Revisited]:
    """Visit again what is due at `outlets`, side by side; at each of them one after the other."""
    now = revisiting.clock()
    busy = revisiting.archive.entries.outlets_waiting(now=now)
    free = {outlet.key: outlet for outlet in outlets if outlet.key not in busy}
    due = revisiting.archive.revisits.due(
        now=now, outlets=free, per_outlet=revisiting.per_outlet, limit=revisiting.budget
    )
    by_outlet: dict[str, list[Revisit]] = defaultdict(list)
    for revisit in due:
        by_outlet[revisit.outlet].append(revisit)
    with ThreadPoolExecutor(max_workers=revisiting.workers, thread_name_prefix="revisit") as pool:
        under_way = [pool.submit(_at_outlet, revisiting, free[key], some) for key, some in by_outlet.items()]
        return [one for future in as_completed(under_way) for one in _told(future)]


def _told(future: Future[list[Revisited]]) -> list[Revisited]:
    """What came of one outlet's revisits; one that broke on us (a full disk, say) costs that outlet only."""
    try:
        return future.result()
    except Exception:
        log.exception("revisits not finished")
        return []


def tell(one: Revisited) -> dict[str, object]:
    """A revisit as one line of a log or of JSON."""
    return {
        "article": one.article,
        "outlet": one.outlet,
        "url": one.url,
        "outcome": one.met.value,
        "revised": one.revised,
        "why": one.why,
    }


def _at_outlet(revisiting: Revisiting, outlet: Outlet, due: Sequence[Revisit]) -> list[Revisited]:
    """One after the other; an outlet that asks for a rest, or fails time after time, is let be, and the others wait too."""
    kept = revisiting.archive.articles.many([revisit.article for revisit in due])
    told: list[Revisited] = []
    for place, revisit in enumerate(due):
        if revisiting.stopping():
            break
        told.append(visit_again(revisiting, outlet, revisit, kept[revisit.article]))
        if told[-1].asked or [one.met for one in told[-MOST_IN_VAIN:]] == [Met.FAILED] * MOST_IN_VAIN:
            for other in due[place + 1 :]:
                now = revisiting.clock()
                later = told_nothing(other, f"not asked for: {told[-1].why}", now=now, asked=told[-1].asked)
                revisiting.archive.revisits.save(later, now=now)
            break
    return told


def visit_again(revisiting: Revisiting, outlet: Outlet, revisit: Revisit, kept: Kept) -> Revisited:
    """Fetch the article's page again and keep what it says now. Never raises for the page's sake."""
    change, asked = Change.SAME, None
    try:
        pages = _changed_pages(revisiting, outlet, revisit)
        if pages is not None:
            change = _keep(revisiting, outlet, revisit, kept, pages)
        after = stood(revisit, pages, now=revisiting.clock())
    except Gone as why:
        after = missed(revisit, f"{revisit.url} answered {why.status}", now=revisiting.clock())
    except _Vanished as why:
        after = missed(revisit, str(why), now=revisiting.clock())
    except Exception as why:
        if not isinstance(why, ScrapeError):
            log.exception("revisit broke", article=kept.id, url=revisit.url)
        asked = why.asked if isinstance(why, Blocked | HttpFailure) else None
        after = told_nothing(
            revisit,
            str(why) or repr(why),
            now=revisiting.clock(),
            asked=asked,
            refused=isinstance(why, Blocked),
        )
    revisiting.archive.revisits.save(after, now=revisiting.clock())
    told = Revisited(
        article=kept.id,
        outlet=outlet.key,
        url=revisit.url,
        at=revisiting.clock(),
        met=_met(revisit, after, change),
        revised=change is Change.REVISED,
        why=after.why,
        asked=asked,
    )
    (log.warning if told.met is Met.FAILED else log.info)("revisited", **tell(told))
    return told


class _Vanished(ScrapeError):
    """The address answered, but not with the story."""


def _met(before: Revisit, after: Revisit, change: Change) -> Met:
    if after.failures:
        return Met.FAILED
    if after.missing_since:
        return Met.GONE if after.confirmed else Met.MISSING
    if before.confirmed:
        return Met.BACK
    return Met.REVISED if change is Change.REVISED else Met.SAME


def _changed_pages(revisiting: Revisiting, outlet: Outlet, revisit: Revisit) -> Pages | None:
    """The pages of the article; None when they say that they are as they were, or are to the byte."""
    pages = pages_of(revisiting.fetcher, outlet, revisit.url, etag=revisit.etag, last_modified=revisit.last_modified)
    if pages is None or (len(pages.pages) == 1 and fingerprint(pages.capture) == revisit.page_hash):
        return None
    if not pages.whole:
        raise ScrapeError(
            revisit.url, f"{revisit.url} was answered in part: a page that continues it could not be had."
        )
    return pages


def _keep(revisiting: Revisiting, outlet: Outlet, revisit: Revisit, kept: Kept, pages: Pages) -> Change:
    """What the pages say now, kept as a revision if it differs. Raises _Vanished where they are no longer the story's."""
    now = revisiting.clock()
    # The address answered, whatever name the page gives itself.
    landed = replace(pages.pages[0], url=pages.capture.final_url) if not outlet.page_url else pages.pages[0]
    if vanished := why_vanished(landed, asked=revisit.url, title=kept.article.title, outlet=outlet):
        raise _Vanished(revisit.url, vanished)
    known = revisiting.archive.entries.get(outlet.key, kept.article.canonical_id)
    try:
        article = read(pages.pages, now=now, outlet=outlet, entry=known.entry if known else None)
    except NotAnArticle as why:
        raise ScrapeError(revisit.url, str(why)) from why
    if _is_another(article, kept.article, landed=landed.url, asked=revisit.url, outlet=outlet):
        raise _Vanished(revisit.url, f"{revisit.url} leads to {landed.url}, another story")
    named = replace(article, canonical_id=kept.article.canonical_id, url=kept.article.url)
    return keep(
        revisiting.archive,
        revisiting.rules,
        named,
        now=now,
        country=outlet.country,
        captured=pages.capture.captured,
    )


def _is_another(article: Article, kept: Article, *, landed: str, asked: str, outlet: Outlet) -> bool:
    """Whether a redirect led to a story of its own."""
    if canonical_id(outlet, landed) == canonical_id(outlet, asked):
        return False
    return share_kept(kept.text, article.text) < SAME_STORY


def counted(told: Iterable[Revisited]) -> Mapping[str, int]:
    """How many met what; `revised` counts what is back with another text, too."""
    counts = dict.fromkeys((met.value for met in Met), 0)
    for one in told:
        counts[one.met.value] += 1
        if one.revised and one.met is not Met.REVISED:
            counts[Met.REVISED.value] += 1
    return counts
