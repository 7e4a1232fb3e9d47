"""The intake walk: due entry points, fetch, parse, read, classify, compare, keep. Outlets walk in, the archive grows.

One outlet is visited by one thread at a time; what a failing outlet costs is that outlet, and each knock ends in one line.
Called by `service/schedule.py`, the command line and the demo.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from scrapers.classifying.rules import Rules
from scrapers.errors import Blocked, Gone, HttpFailure, NotAFeed, NotAnArticle, ScrapeError
from scrapers.fetching.fetching import Fetcher
from scrapers.fetching.pacing import asked_wait, next_visit
from scrapers.parsing.addresses import canonical_id, fill_date, is_article
from scrapers.parsing.decoding import to_page
from scrapers.parsing.listing_json import data_address
from scrapers.parsing.parsing import parse, unique
from scrapers.reading.reading import read, read_entry
from service.runs.keeping import keep
from service.runs.pages import Pages, pages_of, unasked
from service.runs.watching import first_revisit
from storage.archive.archive import Archive
from storage.records import (
    Article,
    Capture,
    Change,
    Entry,
    EntryPoint,
    Fate,
    Feed,
    KnownEntry,
    Outcome,
    Outlet,
    PointState,
    Visit,
)

log = structlog.get_logger("intake")

#: Child sitemaps of one index, tries of one page.
MOST_CHILDREN, MOST_TRIES = 4, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What the walk is handed: its doors, its rules, its clock."""

    archive: Archive
    fetcher: Fetcher
    rules: Rules
    clock: Callable[[], datetime]
    #: Articles read at one outlet in one run.
    share: int = 60
    workers: int = 8
    #: Whether what matched is visited again later; a replay's pages are nobody's to visit.
    watching: bool = True
    #: Asked between two articles: a service that stops leaves the rest waiting.
    stopping: Callable[[], bool] = lambda: False
    #: Told of every visit as it ends, from the thread that made it.
    after_visits: Callable[[Sequence[Visit]], None] = lambda visits: None


#: One entry point visited: what is told of it, and what is remembered until the next time.
Knock = tuple[Visit, PointState]


def run_intake(intake: Intake, outlets: Iterable[Outlet], *, only_due: bool = True) -> list[Visit]:
    """Visit every outlet's entry points (those that are due, or all), and read what they show for the first time."""
    now = intake.clock()
    states = {(state.outlet, state.url): state for state in intake.archive.points.all()}
    waiting = intake.archive.entries.outlets_waiting(now=now)
    visits: list[Visit] = []
    with ThreadPoolExecutor(max_workers=intake.workers, thread_name_prefix="visit") as pool:
        pending = {
            pool.submit(visit_outlet, intake, outlet, due, outlet.key in waiting)
            for outlet in outlets
            if (due := _due(outlet, states, now=now, only_due=only_due))
        }
        while pending:
            # Quiet visits are written down together: a night without news costs one transaction a second, not one a knock.
            ended, pending = wait(pending, timeout=1)
            knocks = [knock for future in ended for knock in _knocks(future)]
            intake.archive.visits.record([visit for visit, _ in knocks], [state for _, state in knocks])
            visits += [visit for visit, _ in knocks]
            for visit in (visit for visit, _ in knocks):
                told = log.info if visit.outcome in (Outcome.OK, Outcome.UNCHANGED) else log.warning
                told("visited", **tell(visit))
    return visits


def _due(
    outlet: Outlet, states: Mapping[tuple[str, str], PointState], *, now: datetime, only_due: bool
) -> list[tuple[EntryPoint, PointState]]:
    """The outlet's entry points whose time has come (or all), each with what is remembered of it."""
    remembered = [
        (point, states.get((outlet.key, point.url)) or PointState(outlet=outlet.key, url=point.url, due=now))
        for point in outlet.entry_points
    ]
    return [(point, state) for point, state in remembered if not only_due or state.due <= now]


def _knocks(future: Future[list[Knock]]) -> list[Knock]:
    """What a visit came to; one that broke on us (a full disk, say) is told and costs its outlet only."""
    try:
        return future.result()
    except Exception:
        log.exception("visit not finished")
        return []


def visit_outlet(
    intake: Intake, outlet: Outlet, due: Sequence[tuple[EntryPoint, PointState]], has_waiting: bool
) -> list[Knock]:
    """Knock at each due entry point in the order given, then read what is waiting."""
    knocks = [knock(intake, outlet, point, state) for point, state in due]
    visits = [visit for visit, _ in knocks]
    if has_waiting or any(visit.entries > visit.same for visit in visits):
        visits = _with_reading(visits, read_waiting(intake, outlet), intake.archive.entries.count_waiting(outlet.key))
    intake.after_visits(visits)
    return [(visit, state) for visit, (_, state) in zip(visits, knocks, strict=True)]


def tell(visit: Visit) -> dict[str, object]:
    """A visit as one line of a log or of JSON."""
    return {
        "outlet": visit.outlet,
        "url": visit.url,
        "outcome": visit.outcome.value,
        "entries": visit.entries,
        "new": visit.new,
        "revised": visit.revised,
        "same": visit.same,
        "capped": visit.capped,
        "failed": visit.failed,
        "why": visit.why,
    }


# ------------------------------------------------------------------ one knock at one entry point


def knock(intake: Intake, outlet: Outlet, point: EntryPoint, state: PointState) -> Knock:
    """Fetch and parse one entry point, note the entries it shows for the first time. Never raises: a failure is a visit."""
    now = intake.clock()
    visit = Visit(outlet=outlet.key, url=point.url, outcome=Outcome.OK, at=now)
    try:
        listed = _listed(intake, outlet, point, state, now)
    except ScrapeError as why:
        return _failed(visit, outlet, state, why, now)
    except Exception as why:  # a page nobody foresaw costs this entry point, not the night
        log.exception("visit broke", outlet=outlet.key, url=point.url)
        return _failed(visit, outlet, state, ScrapeError(point.url, f"{point.url} could not be read: {why!r}"), now)
    if listed is None:
        calm = replace(state, due=next_visit(now, patience=outlet.patience, failures=0), failures=0)
        return replace(visit, outcome=Outcome.UNCHANGED), replace(calm, last_visit=now, last_ok=now)
    capture, body_hash, feed = listed
    found, passed_over = _articles_of(outlet, point, feed)
    fresh = intake.archive.entries.note(outlet.key, found, point=point.url, now=now)
    newest = max((entry.published.at for _, entry in found if entry.published), default=state.newest)
    state = replace(
        state,
        due=next_visit(
            now,
            patience=outlet.patience,
            failures=0,
            asked=asked_wait(capture.headers, now=now, status=200) or feed.ttl,
        ),
        etag=capture.headers.get("etag", ""),
        last_modified=capture.headers.get("last-modified", ""),
        body_hash=body_hash,
        failures=0,
        last_visit=now,
        last_ok=now,
        newest=max(newest, state.newest) if newest and state.newest else newest,
    )
    return replace(visit, entries=len(found), same=len(found) - fresh, why=passed_over), state


def _failed(
    visit: Visit, outlet: Outlet, state: PointState, why: ScrapeError, now: datetime
) -> tuple[Visit, PointState]:
    outcome = Outcome.BLOCKED if isinstance(why, Blocked) else Outcome.FAILED
    asked = why.asked if isinstance(why, Blocked | HttpFailure) else None
    failures = state.failures + 1
    due = next_visit(now, patience=outlet.patience, failures=failures, asked=asked)
    return replace(visit, outcome=outcome, why=str(why)), replace(state, due=due, failures=failures, last_visit=now)


def _listed(
    intake: Intake, outlet: Outlet, point: EntryPoint, state: PointState, now: datetime
) -> tuple[Capture, str, Feed] | None:
    """What the entry point lists, with the hash of its body; None when nothing has changed since the last visit."""
    url = fill_date(point.url, now.astimezone(ZoneInfo(outlet.timezone)).date())
    capture = intake.fetcher.fetch(url, etag=state.etag, last_modified=state.last_modified, delay=outlet.delay)
    if capture is not None and point.id_pattern:
        capture = _behind(intake, outlet, point, capture)
    if capture is None:
        return None
    body_hash = hashlib.sha256(capture.body).hexdigest()
    if body_hash == state.body_hash:
        return None
    feed = _parsed(capture, outlet, point, now)
    for child in feed.children[:MOST_CHILDREN]:
        part = intake.fetcher.fetch(child, delay=outlet.delay)
        if part is not None:
            feed = replace(feed, entries=feed.entries + _parsed(part, outlet, point, now).entries)
    return capture, body_hash, feed


def _parsed(capture: Capture, outlet: Outlet, point: EntryPoint, now: datetime) -> Feed:
    return parse(
        capture.body, url=capture.final_url, now=now, content_type=capture.content_type, outlet=outlet, point=point
    )


def _behind(intake: Intake, outlet: Outlet, point: EntryPoint, page: Capture) -> Capture | None:
    """The JSON file behind a listing page, found by the id that stands in the page."""
    text = to_page(page.body, url=page.final_url, content_type=page.content_type, hint=outlet.encoding)
    address = data_address(text, point)
    if address is None:
        raise NotAFeed(point.url, looks_like="a page without the id of its list")
    return intake.fetcher.fetch(address, delay=outlet.delay)


def _articles_of(outlet: Outlet, point: EntryPoint, feed: Feed) -> tuple[list[tuple[str, Entry]], str]:
    """The entries that are this outlet's articles, each with its stable key; and what was passed over, in words."""
    found: dict[str, Entry] = {}
    passed: Counter[str] = Counter({"without a link": sum(not entry.url for entry in feed.entries)})
    for entry in unique(feed.entries):
        if not is_article(outlet, entry.url, point):
            passed["no article of this outlet"] += 1
        else:
            found.setdefault(canonical_id(outlet, entry.url), entry)
    return list(found.items()), ", ".join(f"{count} {what}" for what, count in passed.items() if count)


# ------------------------------------------------------------------ reading what is waiting


def read_waiting(intake: Intake, outlet: Outlet) -> Counter[tuple[str, str]]:
    """Read this outlet's share of waiting entries, newest first. Returns counts by (entry point, what became of it)."""
    tally: Counter[tuple[str, str]] = Counter()
    for known in intake.archive.entries.waiting(outlet.key, now=intake.clock(), limit=intake.share):
        if intake.stopping():
            break
        tally[known.point, read_one(intake, outlet, known)] += 1
    return tally


def _with_reading(visits: list[Visit], tally: Counter[tuple[str, str]], left: int) -> list[Visit]:
    """The visits with what was read under each; entries of an entry point not visited now count with the first."""
    urls = {visit.url for visit in visits}
    counts: Counter[tuple[str, str]] = Counter()
    for (url, fate), count in tally.items():
        counts[url if url in urls else visits[0].url, fate] += count
    read_ = [
        replace(
            visit,
            new=counts[visit.url, Change.NEW],
            revised=counts[visit.url, Change.REVISED],
            same=visit.same + counts[visit.url, Change.SAME],
            failed=counts[visit.url, Fate.FAILED],
        )
        for visit in visits
    ]
    return [replace(read_[0], capped=left), *read_[1:]]


def read_one(intake: Intake, outlet: Outlet, known: KnownEntry) -> str:
    """Read, classify and keep one entry. Returns the change it made, or the fate it met."""
    now = intake.clock()
    entries = intake.archive.entries
    try:
        article, pages = article_of(intake, outlet, known.entry, now)
    except (Gone, NotAnArticle) as why:
        entries.settle(outlet.key, known.canonical_id, Fate.DROPPED, now=now, why=str(why))
        return Fate.DROPPED
    except Exception as why:
        return _try_later(intake, outlet, known, why, now)
    named = replace(article, canonical_id=known.canonical_id)
    captured = pages.capture.captured if pages else now
    change = keep(intake.archive, intake.rules, named, now=now, country=outlet.country, captured=captured)
    if intake.watching and pages:
        _watch(intake, known, outlet, pages)
    entries.settle(outlet.key, known.canonical_id, Fate.KEPT, now=now)
    return change


def _watch(intake: Intake, known: KnownEntry, outlet: Outlet, pages: Pages) -> None:
    """What matched is visited again: outlets edit, and pages vanish."""
    kept = intake.archive.articles.find(outlet.key, known.canonical_id)
    if kept and kept.verdict.strength and not kept.seed:
        intake.archive.revisits.watch(first_revisit(kept, url=known.entry.url, pages=pages))


def _try_later(intake: Intake, outlet: Outlet, known: KnownEntry, why: Exception, now: datetime) -> str:
    """A page that could not be had or read waits longer each time, and is given up aloud after a few tries."""
    if not isinstance(why, ScrapeError):
        log.exception("article broke", outlet=outlet.key, url=known.entry.url)
    again = known.attempts + 1 < MOST_TRIES
    intake.archive.entries.settle(
        outlet.key,
        known.canonical_id,
        Fate.WAITING if again else Fate.FAILED,
        now=now,
        why=str(why) or repr(why),
        next_try=next_visit(now, patience=outlet.patience, failures=known.attempts + 1) if again else None,
    )
    log.warning("article not read", outlet=outlet.key, url=known.entry.url, again=again, why=str(why))
    return Fate.FAILED


def article_of(intake: Intake, outlet: Outlet, entry: Entry, now: datetime) -> tuple[Article, Pages | None]:
    """The article behind an entry, and the pages it was read from; none where only the feed was to be had.

    Raises the ScrapeError that stood in the way."""
    if outlet.read_from_feed and (entry.content or entry.summary):
        return read_entry(entry, outlet=outlet, now=now), None
    try:
        pages = pages_of(intake.fetcher, outlet, entry.url)
        if pages is None:
            raise unasked(entry.url)
        return read(pages.pages, now=now, outlet=outlet, entry=entry), pages
    except (Blocked, NotAnArticle):
        if not (entry.content or entry.summary):
            raise
        return read_entry(entry, outlet=outlet, now=now), None
