"""A made-up press on loopback: each newspaper a real HTTP server of its own, so that robots rules and pacing are its own too.

The demo walks it and tests walk it. Bytes leave through loopback sockets only; the day is told, no clock is read.
"""

import hashlib
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from service.demo.feeds import ADDRESSES, LISTING_TIME, list_of, listing
from service.demo.pages import LAYOUTS, Sheet, page_of, path_of_page
from service.demo.stories import Expectation, Newspaper, Story, read_newspapers
from storage.records import EntryPoint, Outlet, PointKind


class Press:
    """All the newspapers, served while its `with` block lasts. `day` is "now" for what they print in the first round."""

    def __init__(self, *, day: datetime, round: int = 1) -> None:
        self.day = day.astimezone(UTC)
        #: 1 until `advance`, then 2; 0 is the day before.
        self.round = round
        #: Every request answered so far: address and status.
        self.answered: list[tuple[str, int]] = []
        self._servers: list[_Server] = []

    @property
    def outlets(self) -> tuple[Outlet, ...]:
        """The newspapers as outlets to visit. Known inside the block only: their addresses hold their ports."""
        return tuple(_outlet(server.paper, server.host) for server in self._servers)

    @property
    def hosts(self) -> tuple[str, ...]:
        """host:port of every newspaper, for `allow_hosts`."""
        return tuple(server.host for server in self._servers)

    @property
    def expected(self) -> Mapping[str, Expectation]:
        """What each article that can be read in this round should become, by its address."""
        return {address: story.expected for address, story in self._printed() if not story.forbidden}

    @property
    def forbidden(self) -> tuple[str, ...]:
        """Addresses that are listed and that robots rules forbid: what their feed says of them is all one can know."""
        return tuple(address for address, story in self._printed() if story.forbidden)

    def _printed(self) -> Iterator[tuple[str, Story]]:
        for server in self._servers:
            if server.paper.fails_in_round != self.round:
                for story in server.paper.stories(self.round):
                    yield server.base + story.path, story

    def advance(self, *, day: datetime | None = None) -> None:
        """Go on to the first round, in which what the day before had is withdrawn; then to the second: new stories appear,
        one is corrected and one edited without a word, the broken server is mended.

        `day` is "now" for what is new, if time has passed. Asked again, it changes nothing.
        """
        if self.round == 0:
            self.round = 1
        elif self.round == 1:
            papers = {paper.key: paper for paper in read_newspapers(self.day, later=day and day.astimezone(UTC))}
            for server in self._servers:
                server.paper = papers[server.paper.key]
            self.round = 2

    def __enter__(self) -> Self:
        self._servers = [_Server(paper, self) for paper in read_newspapers(self.day)]
        for server in self._servers:
            server.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()
            server.thread.join()
        self._servers = []


def _outlet(paper: Newspaper, host: str) -> Outlet:
    base = f"http://{host}"
    is_listing = paper.form == "listing"
    point = EntryPoint(
        url=base + ADDRESSES[paper.form][0],
        kind=PointKind.LISTING if is_listing else PointKind.FEED,
        section=paper.name,
        item="ul.news > li" if is_listing else "",
        item_link="a" if is_listing else "",
        item_time=".t" if is_listing else "",
        item_time_format=LISTING_TIME if is_listing else "",
    )
    return Outlet(
        key=paper.key,
        name=paper.name,
        country=paper.country,
        languages=(paper.language,),
        kind="made-up",
        homepage=f"{base}/",
        hosts=(host,),
        timezone=paper.timezone,
        encoding=paper.encoding,
        entry_points=(point,),
        article_url_pattern=f"^{re.escape(base)}{paper.article}",
        canonical_id=paper.article,
        layouts=LAYOUTS[paper.template],
        next_page_pattern=r"/\d+_(\d+)\.html",
        patience=timedelta(0),
        delay=timedelta(0),
    )


@dataclass(frozen=True, slots=True)
class _Answer:
    """What an address is answered with."""

    status: int
    body: bytes = b""
    content_type: str = "text/html"
    changed: datetime | None = None
    etag: str = ""

    @property
    def last_modified(self) -> str:
        return format_datetime(self.changed, usegmt=True) if self.changed else ""


class _Server(ThreadingHTTPServer):
    """One newspaper's desk."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, paper: Newspaper, press: Press) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.paper = paper
        self.press = press
        self.host = f"127.0.0.1:{self.server_address[1]}"
        self.base = f"http://{self.host}"
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def answer(self, path: str) -> _Answer:
        """What stands at `path` in this round, with validators."""
        found = self._find(path)
        tag = f'"{hashlib.sha256(found.body).hexdigest()[:20]}"'
        return replace(found, etag=tag) if found.status == 200 else found

    def _find(self, path: str) -> _Answer:
        paper, number = self.paper, self.press.round
        if path == "/robots.txt":
            return _Answer(200, paper.robots.encode(), "text/plain") if paper.robots else _Answer(404)
        if paper.fails_in_round == number:
            return _Answer(500, b"<h1>500</h1>")
        stories = paper.stories(number)
        address, content_type = ADDRESSES[paper.form]
        if path == address:
            return _Answer(200, list_of(paper, self.base, stories), content_type, _last_change(stories))
        if path == "/":
            return _Answer(200, listing(paper, self.base, stories), "text/html", _last_change(stories))
        return self._page(path, stories)

    def _page(self, path: str, stories: tuple[Story, ...]) -> _Answer:
        for story in stories:
            for number in range(1, len(story.pages) + 1):
                if path == path_of_page(story.path, number):
                    others = [other for other in stories if other is not story]
                    page = page_of(Sheet(self.paper, self.base, story, number, others))
                    return _Answer(200, page, "text/html", story.updated or story.published)
        return _Answer(404, b"<h1>404</h1>")

    def handle_error(self, request: object, client_address: object) -> None:
        """A visitor who leaves in the middle is nothing to report."""


def _last_change(stories: tuple[Story, ...]) -> datetime | None:
    return max((story.updated or story.published for story in stories), default=None)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        answer = self.server.answer(self.path.split("?", 1)[0])
        if self._has(answer):
            answer = replace(answer, status=304, body=b"")
        self.server.press.answered.append((self.server.base + self.path, answer.status))
        with suppress(OSError):
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body)))
            if answer.etag:
                self.send_header("ETag", answer.etag)
            if answer.last_modified:
                self.send_header("Last-Modified", answer.last_modified)
            self.end_headers()
            self.wfile.write(answer.body)

    def _has(self, answer: _Answer) -> bool:
        """Whether the visitor holds this very answer. RFC 9110 section 13.2.2: an ETag, where given, decides alone."""
        if answer.status != 200:
            return False
        if (known := self.headers.get("If-None-Match")) is not None:
            return answer.etag in {tag.strip() for tag in known.split(",")}
        return bool(answer.last_modified) and self.headers.get("If-Modified-Since") == answer.last_modified

    def log_message(self, format: str, *args: object) -> None:
        """The demo tells what happens itself."""
