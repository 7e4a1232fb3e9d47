"""The wishes of a host (robots.txt, RFC 9309), read once per host and remembered. Used by both doors of this room.

An address walks in; the rest the host asks for walks out, or the error that says why the address is left alone.
"""

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

from protego import Protego

from scrapers.errors import Blocked, FetchError, HttpFailure, NotInCapture, RedirectLoop
from scrapers.fetching.answers import failure, follow
from storage.records import Capture

#: The product token outlets may address us by.
ROBOT = "Entente"
#: RFC 9309, 2.4: what was read is used for no longer than a day.
RULES_LAST = timedelta(days=1)
#: A host whose rules could not be read is not asked for them again before this.
REFUSAL_LASTS = timedelta(minutes=10)
#: A longer Crawl-delay would hold a visit for hours; two minutes is the longest that outlets we know ask for.
LONGEST_CRAWL_DELAY = timedelta(minutes=2)
#: RFC 9309, 2.5: at least 500 KiB are to be read; what stands beyond is not.
_READ = 500 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What one robots.txt said. Without a text everything is allowed."""

    text: Protego | None = None
    crawl_delay: timedelta = timedelta(0)

    def allow(self, url: str) -> bool:
        return self.text is None or bool(self.text.can_fetch(url, ROBOT))


@dataclass(slots=True)
class _Memory:
    lock: threading.Lock = field(default_factory=threading.Lock)
    rules: Rules | None = None
    refusal: FetchError | None = None
    expires: float = -math.inf


class Robots:
    """What each host allows. `clock` counts seconds and never runs back."""

    def __init__(self, *, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._memories: dict[str, _Memory] = {}

    def permit(self, url: str, ask: Callable[[str], Capture]) -> timedelta:
        """The rest the host wants between requests, if `url` may be asked for.

        `ask` makes one request, and is only used when the rules of the host are unknown or too old. Raises Blocked
        when they forbid `url`. A robots.txt that answers 4xx, or redirects without end, forbids nothing; one that
        fails (429 and 5xx, a broken line) forbids everything for the moment, and the error is the one it failed with.
        Rules known from before outlive such a failure.
        """
        parts = urlsplit(url)
        place = f"{parts.scheme}://{parts.netloc}/robots.txt"
        memory = self._memories.get(place) or self._memories.setdefault(place, _Memory())
        if memory.expires <= self._clock():
            with memory.lock:
                if memory.expires <= self._clock():
                    self._refresh(memory, place, ask)
        if memory.rules is None:
            raise _left_alone(url, memory.refusal)
        if not memory.rules.allow(url):
            raise Blocked(
                url, f"{url} is forbidden to robots by {place}. Leave it out of the outlet's file, or ask the outlet."
            )
        return memory.rules.crawl_delay

    def _refresh(self, memory: _Memory, place: str, ask: Callable[[str], Capture]) -> None:
        lasts = RULES_LAST
        try:
            memory.rules = _read(place, ask)
        except FetchError as why:
            memory.refusal, lasts = why, REFUSAL_LASTS
        memory.expires = self._clock() + lasts.total_seconds()


def _read(place: str, ask: Callable[[str], Capture]) -> Rules:
    try:
        answer = follow(place, ask)
    except (RedirectLoop, NotInCapture):
        return Rules()
    if answer.status == 429 or answer.status >= 500:
        raise failure(answer)
    if not 200 <= answer.status < 300:
        return Rules()
    text = Protego.parse(answer.body[:_READ].decode("utf-8-sig", errors="replace"))
    asked = timedelta(seconds=min(text.crawl_delay(ROBOT) or 0.0, LONGEST_CRAWL_DELAY.total_seconds()))
    return Rules(text=text, crawl_delay=asked)


def _left_alone(url: str, why: FetchError | None) -> FetchError:
    """The error of a robots.txt, told of the address that was left alone for it. A new one each time: it is raised."""
    message = f"{url} was left alone, for its robots rules are unknown: {why}"
    match why:
        case HttpFailure():
            return HttpFailure(url, message, status=why.status, asked=why.asked)
        case Blocked():
            return Blocked(url, message, asked=why.asked)
        case None:
            return FetchError(url, message)
    return type(why)(url, message)
