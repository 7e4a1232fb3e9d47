"""The door to the web: an address walks in, what it answered walks out, politely and with every limit held.

Every request, redirects and robots.txt among them, goes the same way: the address is checked, the robots rules of its
host are asked, its turn at the host is waited for, the connection is made to a judged address only, and the answer is
read under caps and a deadline. Only `service` builds a `WebFetcher`; build one and keep it, for it remembers robots
rules for a day. Proxies named in the environment are not used: behind one nobody could say where a request went.
"""

import ssl
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Self

import httpcore
import httpx

from scrapers.errors import ForbiddenAddress, TimedOut
from scrapers.fetching.answers import NOT_MODIFIED, broken, follow, one_line, settle
from scrapers.fetching.bodies import check_length, read_body
from scrapers.fetching.network import CheckedTransport, look_up
from scrapers.fetching.peers import ForbiddenPeer
from scrapers.fetching.robots import ROBOT, Robots
from scrapers.fetching.turns import Turns
from storage.records import Capture

#: Both as sent and as unpacked; the largest real pages and feeds are a tenth of it.
BODY_CAP = 10_000_000


def _utc_now() -> datetime:
    return datetime.now(UTC)


@cache
def _public_tls() -> ssl.SSLContext:
    """Trust in the public authorities. Reading their list costs more than a hundred requests, so it is read once."""
    return httpx.create_ssl_context()


class WebFetcher:
    """A `Fetcher` that asks the web. Safe to share between threads; a context manager that closes its connections."""

    def __init__(
        self,
        *,
        contact: str,
        allow_hosts: Collection[str] = (),
        connect: timedelta = timedelta(seconds=10),
        read: timedelta = timedelta(seconds=20),
        total: timedelta = timedelta(seconds=60),
        cap: int = BODY_CAP,
        tls: ssl.SSLContext | None = None,
        now: Callable[[], datetime] = _utc_now,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        resolve: Callable[[str, int], Sequence[str]] = look_up,
    ) -> None:
        """`contact` is the address outlets may write to; every request carries it.

        `allow_hosts` names private hosts that may be visited, as "host" or "host:port". `connect` and `read` bound one
        step of the line, `total` one request from its first byte to its last, redirects counted anew. `cap` is in
        bytes. `now` tells the time of day (aware, UTC), `clock` counts seconds and never runs back, `sleep` waits
        between requests to one host. Raises ValueError for a contact that cannot stand in a header and
        for an allowed host that is none.
        """
        self._total = total.total_seconds()
        self._cap = cap
        self._now = now
        self._clock = clock
        self._turns = Turns(clock=clock, sleep=sleep)
        self._robots = Robots(clock=clock)
        self._client = httpx.Client(
            transport=CheckedTransport(allow_hosts=allow_hosts, tls=tls or _public_tls(), resolve=resolve, clock=clock),
            headers={"User-Agent": _user_agent(contact), "Accept": "*/*", "Accept-Encoding": "gzip, deflate"},
            timeout=httpx.Timeout(read.total_seconds(), connect=connect.total_seconds()),
            # No cookie is ever taken: an outlet sees the same stranger each time.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._client.close()

    def fetch(
        self, url: str, *, etag: str = "", last_modified: str = "", delay: timedelta = timedelta(seconds=5)
    ) -> Capture | None:
        """See `Fetcher.fetch`."""
        conditions = _conditions(etag, last_modified)

        def ask(address: str) -> Capture:
            place = _checked(address)
            crawl_delay = self._robots.permit(str(place), partial(self._ask, conditions={}, delay=delay))
            return self._exchange(place, conditions, max(delay, crawl_delay))

        return settle(follow(url, ask), conditional=bool(conditions))

    def _ask(self, address: str, conditions: Mapping[str, str], delay: timedelta) -> Capture:
        return self._exchange(_checked(address), conditions, delay)

    def _exchange(self, address: httpx.URL, conditions: Mapping[str, str], delay: timedelta) -> Capture:
        """One request and its answer, whatever its status. Nothing but a FetchError comes out otherwise."""
        url = str(address)
        with self._turns.turn(address.host, delay):
            deadline = self._clock() + self._total
            request = self._client.build_request("GET", address, headers=conditions, extensions={"deadline": deadline})
            try:
                return self._send(url, request)
            except ForbiddenPeer as error:
                raise _forbidden(url, f"{error}, which is not on the public internet") from error
            except (httpcore.TimeoutException, httpx.TimeoutException) as error:
                raise self._timed_out(url, over=self._clock() >= deadline) from error
            except (httpcore.NetworkError, httpcore.ProtocolError, httpx.HTTPError, httpx.StreamError) as error:
                raise broken(url, error) from error

    def _send(self, url: str, request: httpx.Request) -> Capture:
        response = self._client.send(request, stream=True)
        try:
            headers, body = dict(response.headers.items()), b""
            if response.is_success:
                check_length(url, headers.get("content-length", ""), self._cap)
                encoding = headers.get("content-encoding", "")
                body = read_body(url, response.iter_raw(), encoding=encoding, cap=self._cap)
            elif response.status_code == NOT_MODIFIED:
                # It has no body; reading to its end leaves the line open for the next request.
                read_body(url, response.iter_raw(), encoding="", cap=self._cap)
        finally:
            response.close()
        return Capture(
            url=url, final_url=url, status=response.status_code, headers=headers, body=body, captured=self._now()
        )

    def _timed_out(self, url: str, *, over: bool) -> TimedOut:
        what = f"did not end within {self._total:g} seconds" if over else "stopped answering"
        return TimedOut(url, f"{url} {what}; nothing of it was kept. It is tried again at the next visit.")


def _checked(url: str) -> httpx.URL:
    try:
        address = httpx.URL(url.strip())
    except (httpx.InvalidURL, ValueError) as error:
        raise broken(url, f"it is no address ({error})") from error
    if address.scheme not in ("http", "https") or not address.host:
        raise _forbidden(url, "it is no http or https address")
    if address.userinfo:
        raise _forbidden(url, "it carries a user name or password")
    return address


def _forbidden(url: str, why: str) -> ForbiddenAddress:
    return ForbiddenAddress(
        url,
        f"{one_line(url)} is not visited: {why}. Correct the address; if it is a test host of yours, name it in ENTENTE_ALLOW_HOSTS.",
    )


def _conditions(etag: str, last_modified: str) -> dict[str, str]:
    """Validators as headers. What cannot stand in a header came from a broken outlet and is left out."""
    given = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in given.items() if value and _fits_a_header(value)}


def _user_agent(contact: str) -> str:
    if not _fits_a_header(contact):
        raise ValueError(
            f"The contact {contact!r} cannot stand in a request: use a mail or web address in plain ASCII letters."
        )
    return f"{ROBOT} (news monitor; {contact.strip()})" if contact.strip() else f"{ROBOT} (news monitor)"


def _fits_a_header(value: str) -> bool:
    return value.isascii() and value.isprintable()
