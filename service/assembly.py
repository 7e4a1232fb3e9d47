"""The one place where real things are built and handed over. Settings walk in, a `Service` walks out, or every complaint.

Called by the command line, the demo and the tests of whole walks.
"""

import difflib
import logging
import os
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TextIO

import structlog

from alerts.sending.outbox import OutboxSender
from alerts.sending.sending import Sender
from alerts.sending.smtp import SmtpSender
from scrapers.classifying.loading import TopicFileError, load_rules
from scrapers.classifying.rules import Rules
from scrapers.fetching.fetching import Fetcher
from scrapers.fetching.replay import ReplayFetcher
from scrapers.fetching.web import WebFetcher
from scrapers.outlets.complaints import OutletFileError
from scrapers.outlets.loading import read_outlets
from service.errors import Unusable
from service.glossary import read_glossary
from service.runs.alerting import Alerting
from service.runs.attaching import AttachedArticles, found_by_event
from service.runs.importing import Importing
from service.runs.intake import Intake
from service.runs.nightly import Nightly
from service.runs.placing import place_due
from service.runs.revisiting import Revisiting
from service.settings import Settings
from service.standing_register import StandingRegister
from service.standing_rules import StandingRules
from storage.archive.archive import Archive, open_archive
from storage.errors import StorageError
from storage.events.register import Register
from storage.records import Outlet, Visit
from storage.search.errors import IndexUnusable
from storage.search.index import SearchIndex

#: Articles placed before a visit is over: what an upgrade leaves to be placed is the upkeep's.
_PLACED_AT_ONCE = 1_000

log = structlog.get_logger("service")


def system_clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Everything built, ready to walk."""

    settings: Settings
    archive: Archive
    index: SearchIndex
    #: All outlets read, and those to be visited.
    all_outlets: tuple[Outlet, ...]
    outlets: tuple[Outlet, ...]
    #: The compiled rules, read when first asked for: most commands never ask.
    read_rules: StandingRules
    #: The register of events as its files have it, read when first asked for.
    read_register: StandingRegister
    #: Makes the nightly backups, and says whether the last one failed.
    nightly: Nightly
    clock: Callable[[], datetime] = system_clock
    #: Set when the service is told to stop; long waits end at once.
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def rules(self) -> Rules:
        """The rules in use. Raises Unusable when a topic file of the operator's cannot be used."""
        return self.read_rules()

    @property
    def register(self) -> Register:
        """The register of events with those that analysts accepted. Raises Unusable as `rules` does."""
        return self.read_register().with_rulings(self.archive.rulings.list())

    def intake(
        self,
        fetcher: Fetcher,
        *,
        after_visits: Callable[[Sequence[Visit]], None] | None = None,
        watching: bool = True,
    ) -> Intake:
        return Intake(
            archive=self.archive,
            fetcher=fetcher,
            rules=self.rules,
            clock=self.clock,
            share=self.settings.share,
            workers=self.settings.workers,
            watching=watching,
            stopping=self.stop.is_set,
            after_visits=after_visits or self._catch_up,
        )

    def revisiting(self, fetcher: Fetcher) -> Revisiting:
        return Revisiting(
            archive=self.archive,
            fetcher=fetcher,
            rules=self.rules,
            clock=self.clock,
            budget=self.settings.revisits,
            per_outlet=self.settings.revisits_per_outlet,
            workers=self.settings.workers,
            stopping=self.stop.is_set,
        )

    def catch_up(self) -> bool:
        """Let the index find what was kept since; False, and a line in the log, when its folder cannot be used.

        The index is only a mirror: what was kept stays kept, and is found as soon as the folder can be used again.
        """
        try:
            self.index.catch_up()
        except IndexUnusable as why:
            log.warning("what is new cannot be found yet", why=str(why))
            return False
        return True

    def _catch_up(self, visits: Sequence[Visit]) -> None:
        if any(visit.new or visit.revised for visit in visits):
            self.catch_up()
            self.place(most=_PLACED_AT_ONCE)

    def place(self, *, most: int | None = None, told: Callable[[int], None] = lambda done: None) -> int:
        """Find articles that were kept or changed their place among the stories; how many were looked at. Ends when told to stop."""
        return place_due(self.archive, self.read_rules, most=most, told=told, stopping=self.stop.is_set)

    def importing(self) -> Importing:
        outlets = {outlet.key: outlet for outlet in self.all_outlets}
        return Importing(archive=self.archive, rules=self.rules, clock=self.clock, outlets=outlets)

    def web_fetcher(self) -> WebFetcher:
        return WebFetcher(
            contact=self.settings.contact,
            allow_hosts=self.settings.allowed_hosts,
            now=self.clock,
            sleep=self._wait,
        )

    def _wait(self, seconds: float) -> None:
        self.stop.wait(seconds)

    def replay_fetcher(self, capture: Path) -> Fetcher:
        return ReplayFetcher(capture)

    def sender(self) -> Sender:
        chosen = self.settings
        url = chosen.smtp_url.get_secret_value()
        if url:
            return SmtpSender(url, mail_from=chosen.mail_from, contact=chosen.contact, web_url=chosen.page_url)
        return OutboxSender(
            chosen.data_dir / "outbox", mail_from=chosen.mail_from, contact=chosen.contact, web_url=chosen.page_url
        )

    def alerting(self) -> Alerting:
        return Alerting(
            archive=self.archive,
            index=self.index,
            rules=self.read_rules,
            sender=self.sender(),
            clock=self.clock,
            owner=f"{socket.gethostname()}:{os.getpid()}",
            web_url=self.settings.page_url,
            mail_from=self.settings.mail_from,
            contact=self.settings.contact,
            outlets=self.outlets,
        )

    def close(self) -> None:
        self.archive.close()


def assemble(
    settings: Settings, *, clock: Callable[[], datetime] = system_clock, press: Sequence[Outlet] | None = None
) -> Service:
    """Build the service; `press` takes the place of all outlets. Raises Unusable with every complaint at once."""
    archive: Archive | None = None
    outlets, complaints = _outlets_of(settings)
    outlets = tuple(press) if press is not None else outlets
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        archive = open_archive(settings.database)
    except OSError as why:
        complaints.append(
            f"ENTENTE_DATA_DIR {settings.data_dir} cannot be written ({why}): give this user the right to."
        )
    except StorageError as why:
        complaints.append(str(why))
    if archive is None or complaints:
        raise Unusable(*complaints)
    archive.outlets.sync(outlets)
    register = StandingRegister(settings.events_dir)
    stop = threading.Event()
    return Service(
        settings=settings,
        archive=archive,
        index=index_of(archive, settings, clock, register),
        all_outlets=outlets,
        outlets=visited(outlets, settings.only),
        read_rules=StandingRules(partial(read_rules_of, settings), settings.topics_dir),
        read_register=register,
        nightly=Nightly(settings, clock, stopping=stop.is_set),
        clock=clock,
        stop=stop,
    )


def read_outlets_of(settings: Settings) -> tuple[Outlet, ...]:
    """All outlets, ours and the operator's. Raises Unusable."""
    outlets, complaints = _outlets_of(settings)
    if complaints:
        raise Unusable(*complaints)
    return outlets


def check_rooms(settings: Settings) -> None:
    """What the service must be sure of before it starts. Raises Unusable with the complaints of outlets, topics and events at once."""
    _, complaints = _outlets_of(settings)
    for read in (partial(read_rules_of, settings), StandingRegister(settings.events_dir)):
        try:
            read()
        except Unusable as why:
            complaints += why.complaints
    if complaints:
        raise Unusable(*complaints)


def _outlets_of(settings: Settings) -> tuple[tuple[Outlet, ...], list[str]]:
    try:
        outlets = read_outlets(extra=settings.outlets_dir)
    except OutletFileError as why:
        return (), [str(why)]
    return outlets, _unknown_outlets(outlets, settings.only)


def read_rules_of(settings: Settings) -> Rules:
    """The compiled rules, the operator's topics among them. Raises Unusable."""
    try:
        return load_rules(extra=settings.topics_dir)
    except TopicFileError as why:
        raise Unusable(str(why)) from None


def index_of(
    archive: Archive, settings: Settings, clock: Callable[[], datetime], register: StandingRegister
) -> SearchIndex:
    """The index of `archive`, whose articles attach to events before they can be found."""
    articles = AttachedArticles(archive, register)
    names = partial(read_glossary, extra=settings.topics_dir)
    index = SearchIndex(settings.data_dir / "index", articles, names=names, members=archive.stories.members)
    articles.found_now = partial(found_by_event, archive, index, clock)
    return index


def visited(outlets: Sequence[Outlet], only: Sequence[str]) -> tuple[Outlet, ...]:
    """Those to visit: the ones named, or all that are enabled; in either case with somewhere to knock."""
    chosen = [replace(o, enabled=True) for o in outlets if o.key in only] if only else [o for o in outlets if o.enabled]
    return tuple(outlet for outlet in chosen if outlet.entry_points)


def _unknown_outlets(outlets: Sequence[Outlet], only: Sequence[str]) -> list[str]:
    keys = [outlet.key for outlet in outlets]
    return [
        f"ENTENTE_ONLY_OUTLETS names {key!r}, which is no outlet: "
        + (f"did you mean {near[0]}?" if near else "see `entente outlets list`.")
        for key in only
        if key not in keys
        for near in [difflib.get_close_matches(key, keys, n=1)]
    ]


def configure_logging(level: str, *, as_json: bool, stream: TextIO | None = None) -> None:
    """Log lines on standard error, or on `stream`: for people on a terminal, as JSON for machines."""
    stream = stream or sys.stderr
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False)
            if as_json
            else structlog.dev.ConsoleRenderer(colors=stream.isatty()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(name)s: %(message)s", force=True)
