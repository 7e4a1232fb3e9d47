"""Articles attach to events as they come in and whenever the register changes: articles walk in, attachments are kept.

The index reads articles through `AttachedArticles`, so that none is found before it is attached; nobody else need think of it.
Like the index, attachments are derived and follow the change numbers: whatever broke off, the next call goes on from there.
"""

import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime

import structlog

from service.errors import Unusable
from service.standing_register import StandingRegister
from storage.archive.archive import Archive
from storage.archive.attachments import Told
from storage.errors import ArchiveError
from storage.events.attaching import attach
from storage.events.proposing import sightings
from storage.events.register import Register
from storage.records import Kept
from storage.search.errors import QueryError
from storage.search.index import SearchIndex
from storage.search.query import parse_query

log = structlog.get_logger("events")

#: Articles read and written at a time.
BATCH = 500
#: Every match counts; this only bounds what one answer of the index may hold.
ALL = 1_000_000


#: What subscriptions that ask for events find now: name -> ids.
FoundNow = Callable[[], Mapping[str, Collection[str]]]


class AttachedArticles:
    """What the index asks of the archive's articles; before it learns of changes, what changed is attached to events."""

    def __init__(self, archive: Archive, register: StandingRegister) -> None:
        self._archive = archive
        self._register = register
        self._turn = threading.Lock()
        #: Set once there is an index to ask.
        self.found_now: FoundNow = dict
        self.changed_since = archive.articles.changed_since
        self.get = archive.articles.get
        self.identity = archive.articles.identity

    def last_change(self) -> int:
        """The number of the last visible change, attached articles counted."""
        # Whoever meets another at it does not wait: what it leaves is found the next time.
        if self._turn.acquire(blocking=False):
            try:
                attach_changed(self._archive, self._register, found_now=self.found_now)
            except (ArchiveError, Unusable) as why:  # what is there can be searched all the same
                log.warning("articles are not attached to events", why=str(why))
            finally:
                self._turn.release()
        return self._archive.articles.last_change()


def attach_changed(archive: Archive, register: StandingRegister, *, found_now: FoundNow = dict) -> int:
    """Attach what changed since the last time; all there is, if another version of the register did. How many differ to see.

    What a new register alone finds is news to nobody. Raises Unusable for files of events that cannot be used.
    """
    version = register.version()
    attachments, last = archive.attachments, archive.articles.last_change()
    reached = attachments.reached(version)
    if reached == last:
        return 0
    whole = register().with_rulings(archive.rulings.list())
    found_before = found_now() if reached is None and attachments.has_any() else {}
    after, seen = reached or 0, 0
    while batch := attachments.unread(after, BATCH):
        after = batch[-1].change
        seen += attachments.put(_told(whole, batch), version=version, reached=after, found_before=found_before)
    attachments.put((), version=version, reached=max(after, last))
    if reached is None:
        log.info("attached to events", register=version, articles=seen)
    return seen


def attach_again(archive: Archive, register: Register, ids: Iterable[str], *, found_now: FoundNow = dict) -> int:
    """Attach these articles by `register`, whatever was attached before; how many differ to see. That is news to nobody."""
    articles = list(archive.articles.many(list(dict.fromkeys(ids))).values())
    return archive.attachments.put(_told(register, articles), found_before=found_now())


def _told(register: Register, articles: Sequence[Kept]) -> list[Told]:
    told = []
    for kept in articles:
        attached = attach(register, kept) if kept.verdict.strength else ()
        told.append(Told(kept=kept, attached=attached, sightings=sightings(register, kept, attached)))
    return told


def found_by_event(archive: Archive, index: SearchIndex, now: Callable[[], datetime]) -> dict[str, frozenset[str]]:
    """What each subscription that asks for events finds in the index as it is."""
    found: dict[str, frozenset[str]] = {}
    for one in archive.subscriptions.list():
        try:
            query = parse_query(one.query)
            if "event:" in str(query):
                hits = index.search(query, limit=ALL, sort="date", now=now(), counts=False).hits
                found[one.name] = frozenset(hit.id for hit in hits)
        except QueryError:  # an older version understood it; nothing can be told by it until it is mended
            continue
    return found
