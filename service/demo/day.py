"""A whole day in a minute: the made-up press is visited morning and evening, digests go out, the archive is searched.

Everything is the real service: only the outlets are made up, served on loopback, and the clock is turned.
"""

import socket
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from alerts.slots import next_slot
from scrapers.fetching.fetching import Fetcher
from service.assembly import Service, assemble
from service.demo.press import Press
from service.demo.stories import DAY_BEFORE
from service.errors import Unusable
from service.finding import find
from service.runs.alerting import Alerting, run_alerting, send_now
from service.runs.intake import run_intake
from service.runs.revisiting import Met, Revisited, run_revisits
from service.runs.seeding import run_seeding
from service.serving import listen, show_until_stopped
from service.settings import Settings
from storage.records import DigestRecord, Subscription, Visit, WhenEmpty

#: A topic of its own, as any operator may add one: a file in a folder.
TOPICS = Path(__file__).parent / "topics"

#: The newspaper that withdraws what it printed the day before.
WITHDRAWING = "harbour-morning"

#: The day ends about now: the morning round was this long ago.
DAY = timedelta(hours=12)

SUBSCRIPTIONS = (
    Subscription(
        name="morning",
        email="analyst@example.org",
        query="topic:china-russia OR topic:sco OR topic:arms-sales",
        zone="Europe/Berlin",
    ),
    Subscription(
        name="naval desk",
        email="naval@example.org",
        query="topic:china-russia (activity:joint_exercise OR activity:joint_patrol OR activity:port_call)",
        zone="Asia/Tokyo",
        when_empty=WhenEmpty.SKIP,
    ),
    Subscription(name="ШОС", email="shos@example.org", query="topic:sco", zone="Asia/Tashkent"),
)

QUERIES = (
    "军演",
    "учения",
    "exercise",
    "strength:tie -seed:yes",
    "seed:yes",
    "topic:arms-sales",
    "changed:yes",
    "gone:yes",
)


class TurnedClock:
    """A clock one can turn on; it never runs back."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def __call__(self) -> datetime:
        return self._now

    def turn(self, ahead: timedelta) -> None:
        self._now += ahead


def run_day(settings: Settings, *, folder: Path | None, say: Callable[[str], None], leave_open: bool) -> dict[str, Any]:
    """Walk the day and tell it; with `leave_open` the web page stays until interrupted. Returns what was counted."""
    now = datetime.now(UTC).replace(microsecond=0)
    clock = TurnedClock(now - DAY - DAY_BEFORE)
    with ExitStack() as stack:
        settings, listening = _somewhere(settings) if leave_open else (settings, None)
        place = folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="entente-demo-")))
        press = stack.enter_context(Press(day=now - DAY, round=0))
        built = assemble(_demo_settings(settings, place, press), clock=clock, press=press.outlets)
        stack.callback(built.close)
        told = _walk(built, press, clock, say)
        if listening:
            show_until_stopped(
                built, listening, ready=lambda url: say(f"\nThe archive of the day is open at {url}  (Ctrl-C ends it)")
            )
    return told


def _somewhere(settings: Settings) -> tuple[Settings, socket.socket]:
    """Where the web page will be: as the settings say, or on any free port where a service is at work already."""
    try:
        listening = listen(settings.host, settings.port)
    except Unusable:
        listening = listen(settings.host, 0)
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return settings.but(bind=f"{host}:{listening.getsockname()[1]}", web_url=""), listening


def _demo_settings(settings: Settings, place: Path, press: Press) -> Settings:
    return settings.but(
        data_dir=place,
        database_url=SecretStr(""),
        outlets_dir=None,
        topics_dir=TOPICS,
        only_outlets="",
        allow_hosts=",".join(press.hosts),
        smtp_url=Settings.model_fields["smtp_url"].default,
    )


def _walk(built: Service, press: Press, clock: TurnedClock, say: Callable[[str], None]) -> dict[str, Any]:
    say(f"A made-up press of {len(press.outlets)} outlets is served on loopback; nothing else is visited.\n")
    run_seeding(built.archive, built.rules, built.settings.seed_dir, now=clock())
    say(
        f"Seed archive: {len(built.archive.seeds.list())} records, {built.index.catch_up()} searchable before any visit."
    )
    alerting = built.alerting()
    rounds: list[list[Visit]] = []
    digests: list[DigestRecord] = []
    with built.web_fetcher() as fetcher:
        revisited = _day_before(built, fetcher, press, clock, say)
        _subscribe(built, clock)
        for name in ("Morning", "Noon", "Evening"):
            rounds.append(run_intake(built.intake(fetcher), built.outlets))
            _say_round(name, clock(), rounds[-1], say)
            clock.turn(timedelta(hours=1))
            revisited += _visit_again(built, fetcher, say)
            for record in _tell(alerting):
                digests.append(record)
                say(f"  digest to {record.digest.email}: {record.digest.subject}")
            clock.turn(timedelta(hours=3))
            press.advance(day=clock())
    say("\nSearches of the archive:")
    found = {query: find(built, query).total for query in QUERIES}
    for query, total in found.items():
        say(f"  {query:45} {total} found")
    return {
        "rounds": [_counted(visits) for visits in rounds],
        "revisits": dict(Counter(one.met.value for one in revisited)),
        "digests": [{"to": r.digest.email, "subject": r.digest.subject, "items": len(r.digest.told)} for r in digests],
        "articles": built.archive.articles.count(),
        "matched": built.archive.articles.count(matched_only=True),
        "found": found,
    }


def _day_before(
    built: Service, fetcher: Fetcher, press: Press, clock: TurnedClock, say: Callable[[str], None]
) -> list[Revisited]:
    """A newspaper prints a story and withdraws it within the hour; a day later the page is sure to be gone."""
    printing = [outlet for outlet in built.outlets if outlet.key == WITHDRAWING]
    visits = run_intake(built.intake(fetcher), printing)
    say(f"\nThe day before, {clock():%H:%M} UTC: {_counted(visits)['new']} story read at {printing[0].name}")
    press.advance()
    clock.turn(timedelta(hours=1))
    revisited = _visit_again(built, fetcher, say)
    clock.turn(DAY_BEFORE - timedelta(hours=1))
    return revisited + _visit_again(built, fetcher, say)


def _visit_again(built: Service, fetcher: Fetcher, say: Callable[[str], None]) -> list[Revisited]:
    """What was read is visited again when its time has come; what changed or vanished is told."""
    revisited = run_revisits(built.revisiting(fetcher), built.outlets)
    built.index.catch_up()
    for one in revisited:
        kept = built.archive.articles.get(one.article)
        if kept and one.met in (Met.REVISED, Met.MISSING, Met.GONE):
            say(f"  visited again: {one.met.value}: {kept.article.title} ({kept.outlet_name})")
    return revisited


def _tell(alerting: Alerting) -> list[DigestRecord]:
    """What is due by the clock; and, as anyone may at any hour, what the first subscriber has not been told yet."""
    on_time = run_alerting(alerting)
    extra = send_now(alerting, alerting.archive.subscriptions.get(SUBSCRIPTIONS[0].name))
    return [*on_time, extra] if extra else on_time


def _subscribe(built: Service, clock: TurnedClock) -> None:
    """Three subscribers, due at the hour after each round wherever they live."""
    for asked in SUBSCRIPTIONS:
        due = clock() + timedelta(minutes=50)
        local = replace(
            asked, at=due.astimezone(ZoneInfo(asked.zone)).time().replace(second=0), since=clock() - timedelta(days=1)
        )
        built.archive.subscriptions.add(replace(local, next_due=next_slot(local, after=clock())))


def _counted(visits: list[Visit]) -> dict[str, int]:
    return {
        "visits": len(visits),
        "new": sum(visit.new for visit in visits),
        "revised": sum(visit.revised for visit in visits),
        "failed": sum(visit.outcome in ("failed", "blocked") for visit in visits),
    }


def _say_round(name: str, at: datetime, visits: list[Visit], say: Callable[[str], None]) -> None:
    counted = _counted(visits)
    say(f"\n{name} round, {at:%H:%M} UTC: {counted['new']} new, {counted['revised']} revised")
    for visit in visits:
        why = f" ({visit.why})" if visit.why else ""
        say(f"  {visit.outlet:24} {visit.outcome.value:10} {visit.entries:3} listed, {visit.new:2} new{why}")
