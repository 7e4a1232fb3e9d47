"""The line itself: connect only to addresses that were checked, and never past the deadline of a request.

The check stands where the connection is made. The name is resolved, every address it has is judged, and the connection
goes to a judged address, not to the name: a name that changes its mind between two look-ups (DNS rebinding) gains
nothing, while Host header and TLS name stay those of the outlet. Only `web` uses this module.
"""

import socket
import ssl
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import cast

import httpcore
import httpx

from scrapers.fetching.peers import AllowedHosts, ForbiddenPeer, is_public


def look_up(host: str, port: int) -> Sequence[str]:
    """Every address of `host`, in the system's order of preference. Raises OSError when there is none.

    The system's resolver keeps its own time limit (usually some ten seconds); the deadline cannot cut it short.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


class _Request(threading.local):
    """What the lines know of the request this thread is making."""

    #: When it must be over, on the clock of the lines.
    deadline: float = 0.0
    #: Whether a connection was opened for it; otherwise it went out on a kept one.
    connected: bool = False


class _Line(httpcore.NetworkStream):
    """A connection on which nobody waits past the deadline of whoever uses it."""

    def __init__(self, stream: httpcore.NetworkStream, left: Callable[[float | None], float]) -> None:
        self._stream = stream
        self._left = left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Line(self._stream.start_tls(ssl_context, server_hostname, self._left(timeout)), self._left)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


class _CheckedLines(httpcore.NetworkBackend):
    """Opens connections, to judged addresses only."""

    def __init__(
        self, *, allowed: AllowedHosts, resolve: Callable[[str, int], Sequence[str]], clock: Callable[[], float]
    ) -> None:
        self._allowed = allowed
        self._resolve = resolve
        self._clock = clock
        self._plain = httpcore.SyncBackend()
        self.request = _Request()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        failed: httpcore.ConnectError | httpcore.ConnectTimeout = httpcore.ConnectError(f"{host} has no address")
        for address in self._judged(host, port):
            try:
                stream = self._plain.connect_tcp(address, port, self._left(timeout), local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
            else:
                self.request.connected = True
                return _Line(stream, self._left)
        raise failed

    def _judged(self, host: str, port: int) -> Sequence[str]:
        try:
            addresses = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            # UnicodeError: a label too long for the DNS fails in its encoding, before any look-up.
            raise httpcore.ConnectError(f"the name {host} is not known ({error})") from error
        if (host, port) not in self._allowed:
            for address in addresses:
                if not is_public(address):
                    raise ForbiddenPeer(host, address)
        return addresses

    def _left(self, timeout: float | None) -> float:
        left = self.request.deadline - self._clock()
        if left <= 0:
            raise httpcore.ReadTimeout("the time for this request is over")
        return left if timeout is None else min(left, timeout)


class _Stream(httpx.SyncByteStream):
    def __init__(self, stream: Iterable[bytes]) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._stream)

    def close(self) -> None:
        if close := getattr(self._stream, "close", None):
            close()


class CheckedTransport(httpx.BaseTransport):
    """What httpx sends through: its usual pool of connections, on checked lines.

    A request carries the extension "deadline": the instant on `clock` at which it must be over, headers and body.
    Errors are those of httpcore, and ForbiddenPeer.
    """

    def __init__(
        self,
        *,
        allow_hosts: Collection[str],
        tls: ssl.SSLContext,
        resolve: Callable[[str, int], Sequence[str]],
        clock: Callable[[], float],
    ) -> None:
        self._lines = _CheckedLines(allowed=AllowedHosts(allow_hosts), resolve=resolve, clock=clock)
        # Half a minute: long enough for the pages of one visit, with a rest between each, to come over one line.
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls,
            max_connections=100,
            max_keepalive_connections=20,
            keepalive_expiry=30.0,
            network_backend=self._lines,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._lines.request.deadline = request.extensions["deadline"]
        url = request.url
        answer = self._send(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Stream(cast(Iterable[bytes], answer.stream)),
            extensions=answer.extensions,
        )

    def _send(self, request: httpcore.Request) -> httpcore.Response:
        self._lines.request.connected = False
        try:
            return self._pool.handle_request(request)
        except (httpcore.RemoteProtocolError, httpcore.ReadError, httpcore.WriteError):
            if self._lines.request.connected:
                raise
            # The outlet closed a kept line while our request was on its way: once more on a new one (RFC 9112, 9.3.1).
            return self._pool.handle_request(request)

    def close(self) -> None:
        self._pool.close()
