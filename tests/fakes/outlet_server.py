"""A real HTTP server on loopback that plays an outlet: tests script what it answers and read what it was asked.

Each address holds a line of answers; each request takes the next, and the last one stays. What was not scripted is a 404.
"""

import ssl
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What one request is answered with."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    #: An iterable is sent piece by piece, without a length, until it ends or the visitor leaves; it is used up once.
    body: bytes | Iterable[bytes] = b""
    #: Validators: a request that carries one of them is answered 304, as a real outlet does.
    etag: str = ""
    last_modified: str = ""
    #: Sent as it stands, instead of all the above; then the line is closed.
    raw: bytes | Iterable[bytes] = b""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request the outlet received. Header names are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]


class OutletServer:
    """Use it in a `with` block; `url("/feed")` is an address to fetch and `host` goes into `allow_hosts`."""

    def __init__(self, *, address: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> None:
        self.asked: list[Asked] = []
        #: Set when the server closes, so that an endless answer can end with it.
        self.closing = threading.Event()
        self._answers: dict[str, list[Answer]] = defaultdict(list)
        self._lock = threading.Lock()
        self._server = _Server((address, 0), _Handler)
        self._server.outlet = self
        self._scheme = "https" if tls else "http"
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def host(self) -> str:
        """host:port, as `allow_hosts` wants it."""
        return f"{self._server.server_address[0]!s}:{self.port}"

    def url(self, path: str, *, host: str = "") -> str:
        """The address of `path`; `host` puts another name in front of the same port."""
        return f"{self._scheme}://{host}:{self.port}{path}" if host else f"{self._scheme}://{self.host}{path}"

    def answer(
        self,
        path: str,
        body: bytes | Iterable[bytes] = b"",
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        etag: str = "",
        last_modified: str = "",
        raw: bytes | Iterable[bytes] = b"",
    ) -> None:
        """Add one answer to the line of `path` (with its query, as asked for)."""
        answer = Answer(
            status=status, headers=headers or {}, body=body, etag=etag, last_modified=last_modified, raw=raw
        )
        with self._lock:
            self._answers[path].append(answer)

    def forget(self, path: str) -> None:
        """Throw away the line of `path`: the next answer given stands there alone."""
        with self._lock:
            self._answers.pop(path, None)

    def redirect(self, path: str, target: str, *, status: int = 302) -> None:
        self.answer(path, status=status, headers={"Location": target})

    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [asked.path for asked in self.asked]

    def next_answer(self, asked: Asked) -> Answer:
        """Record a request and choose what it gets. For the handler's use."""
        with self._lock:
            self.asked.append(asked)
            line = self._answers.get(asked.path)
            if not line:
                return Answer(status=404)
            return line.pop(0) if len(line) > 1 else line[0]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64
    outlet: OutletServer

    def handle_error(self, request: object, client_address: object) -> None:
        """A visitor who leaves in the middle is part of the play."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.outlet.next_answer(Asked(method="GET", path=self.path, headers=headers))
        with suppress(OSError):
            if answer.raw:
                self._write_all(answer.raw)
                self.close_connection = True
            elif _unchanged(answer, headers):
                self._head(Answer(status=304, etag=answer.etag, last_modified=answer.last_modified))
            elif isinstance(answer.body, bytes):
                self._head(answer, length=len(answer.body))
                self.wfile.write(answer.body)
            else:
                self.close_connection = True
                self._head(answer, closing=True)
                self._write_all(answer.body)

    def _head(self, answer: Answer, *, length: int | None = None, closing: bool = False) -> None:
        self.send_response(answer.status)
        for name, value in _headers(answer):
            self.send_header(name, value)
        if length is not None and "Content-Length" not in answer.headers:
            self.send_header("Content-Length", str(length))
        if closing:
            self.send_header("Connection", "close")
        self.end_headers()

    def _write_all(self, pieces: bytes | Iterable[bytes]) -> None:
        for piece in (pieces,) if isinstance(pieces, bytes) else pieces:
            if self.server.outlet.closing.is_set():
                return
            self.wfile.write(piece)

    def log_message(self, format: str, *args: object) -> None:
        """The tests read `asked` instead."""


def _headers(answer: Answer) -> Iterator[tuple[str, str]]:
    yield from answer.headers.items()
    if answer.etag:
        yield "ETag", answer.etag
    if answer.last_modified:
        yield "Last-Modified", answer.last_modified


def _unchanged(answer: Answer, asked: Mapping[str, str]) -> bool:
    # RFC 9110, 13.2.2: If-Modified-Since counts only where If-None-Match is absent.
    if "if-none-match" in asked:
        return bool(answer.etag) and asked["if-none-match"] == answer.etag
    return bool(answer.last_modified) and asked.get("if-modified-since") == answer.last_modified
