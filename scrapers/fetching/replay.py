"""A capture in the place of the web: every address is answered from a WARC file, with the manners of the web kept.

Nothing is resolved, connected to or waited for. Only `service` and tests build a `ReplayFetcher`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

from scrapers.errors import FetchError, NotInCapture
from scrapers.fetching.answers import NOT_MODIFIED, follow, one_line, settle
from scrapers.fetching.bodies import read_body
from scrapers.fetching.robots import Robots
from scrapers.fetching.warc import Damage, Damaged, Place, Record, Warc
from scrapers.fetching.web import BODY_CAP
from storage.records import Capture

_DEFAULT_PORTS = (None, 80, 443)
#: Damaged records whose places are remembered.
_MOST_DAMAGE = 100


@dataclass(frozen=True, slots=True)
class _Held:
    url: str
    status: int
    place: Place


class ReplayFetcher:
    """A `Fetcher` that answers from a capture. Safe to share between threads.

    An address is looked for as it is written, then without what tells no two pages apart: http or https, a default
    port, the fragment, a slash at the end, percent-coding. Of several answers to one address the last counts. `response`
    and `resource` records answer; `revisit` records and 304 answers hold no page and are passed over. A captured
    robots.txt is obeyed; where there is none everything is allowed. A validator that the captured answer carries makes
    it "unchanged", as on the web.
    """

    def __init__(self, warc: Path, *, cap: int = BODY_CAP) -> None:
        """Reads the capture through once. Raises FetchError when it is no readable WARC file, or holds no answer."""
        self._path = warc
        self._cap = cap
        #: The places of the first damaged records, and how many were passed over.
        self.damage: list[Damage] = []
        self.damaged = 0
        self._exact: dict[str, _Held] = {}
        self._loose: dict[tuple[str, ...], _Held] = {}
        # Rules of a capture do not grow old.
        self._robots = Robots(clock=lambda: 0.0)
        try:
            self._warc = Warc(warc)
            sound = self._index(self._warc.scan())
            self._modified = datetime.fromtimestamp(warc.stat().st_mtime, UTC)
        except OSError as error:
            raise _unusable(warc, f"cannot be read ({error.strerror or error})") from error
        if not self._exact:
            raise _unusable(
                warc,
                "is no WARC file, or damaged throughout" if self.damaged and not sound else "holds no captured page",
            )

    def addresses(self) -> tuple[str, ...]:
        """Every address with an answer of its own, in the order of the capture."""
        return tuple(self._exact)

    def fetch(
        self, url: str, *, etag: str = "", last_modified: str = "", delay: timedelta = timedelta(seconds=5)
    ) -> Capture | None:
        """See `Fetcher.fetch`; raises NotInCapture for an address the capture does not hold."""
        del delay  # A file is not worn out by being asked.

        def ask(address: str) -> Capture:
            held = self._find(address)
            self._robots.permit(address, self._answer)
            return self._open(held, address)

        answer = settle(follow(url, ask), conditional=False)
        return None if answer is not None and _unchanged(answer, etag, last_modified) else answer

    def _index(self, found: Iterable[tuple[Place, Record] | Damage]) -> int:
        """Remember what answers; the number of sound records, whatever their kind."""
        sound = 0
        for one in found:
            if isinstance(one, Damage):
                self.damaged += 1
                if self.damaged <= _MOST_DAMAGE:
                    self.damage.append(one)
                continue
            sound += 1
            place, record = one
            if record.kind not in ("response", "resource") or not record.url or record.status == NOT_MODIFIED:
                continue
            held = _Held(record.url, record.status, place)
            self._exact[record.url] = held
            key = _loose_key(record.url)
            # A redirect from http to https must not stand in the way of the page it leads to.
            if held.status < 300 or key not in self._loose or self._loose[key].status >= 300:
                self._loose[key] = held
        return sound

    def _find(self, url: str) -> _Held:
        held = self._exact.get(url) or self._loose.get(_loose_key(url))
        if held is None:
            raise NotInCapture(
                url,
                f"{one_line(url)} is not in the capture {self._path.name}. Capture it too, or leave its outlet out of the run.",
            )
        return held

    def _answer(self, url: str) -> Capture:
        return self._open(self._find(url), url)

    def _open(self, held: _Held, url: str) -> Capture:
        try:
            with self._warc.open(held.place) as (record, pieces):
                encoding = record.headers.get("content-encoding", "")
                body = read_body(url, pieces, encoding=encoding, cap=self._cap)
        except (OSError, Damaged) as error:
            raise FetchError(
                url, f"{url} can no longer be read from the capture {self._path.name} ({error}). Restore the file."
            ) from error
        return Capture(
            url=url,
            final_url=held.url,
            status=record.status,
            headers=record.headers,
            body=body,
            captured=_moment(record.date) or self._modified,
        )


def _loose_key(url: str) -> tuple[str, ...]:
    try:
        parts = urlsplit(url.strip())
        port = "" if parts.port in _DEFAULT_PORTS else str(parts.port)
    except ValueError:
        return (url,)
    return (parts.hostname or "", port, unquote(parts.path).rstrip("/"), unquote(parts.query))


def _unchanged(answer: Capture, etag: str, last_modified: str) -> bool:
    # RFC 9110, 13.2.2: the date counts only where no etag was sent.
    if etag:
        return answer.headers.get("etag") == etag
    return bool(last_modified) and answer.headers.get("last-modified") == last_modified


def _moment(date: str) -> datetime | None:
    """WARC-Date is RFC 3339 in UTC (ISO 28500, 5.4); None where it is not."""
    try:
        moment = datetime.fromisoformat(date)
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _unusable(warc: Path, why: str) -> FetchError:
    return FetchError(str(warc), f"{warc} {why}. Give a .warc or .warc.gz file of captured pages.")
