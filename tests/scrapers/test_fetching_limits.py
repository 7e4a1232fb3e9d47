"""What a hostile or broken outlet can do to us: nothing but cost itself one visit, told in one line."""

import tracemalloc
import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from itertools import chain, repeat

import pytest

from scrapers.errors import FetchError, ForbiddenAddress, TimedOut, TooBig, Unreachable
from scrapers.fetching.fetching import Fetcher
from scrapers.fetching.web import WebFetcher
from tests.fakes.clock import Clock
from tests.fakes.outlet_server import OutletServer

CAP = 1_000_000
#: What may be held while a body under that cap is read: the body, its pieces, and some room for the machinery.
ROOM = 4 * CAP
MEGABYTE = b"\0" * 1_000_000


@pytest.fixture
def outlet() -> Iterator[OutletServer]:
    with OutletServer() as server:
        yield server


def fetcher(outlet: OutletServer, *, clock: Clock | None = None, read: float = 5.0) -> WebFetcher:
    clock = clock or Clock()
    return WebFetcher(
        contact="desk@example.org",
        allow_hosts=[outlet.host],
        cap=CAP,
        read=timedelta(seconds=read),
        clock=clock,
        sleep=clock.sleep,
    )


@pytest.fixture
def web(outlet: OutletServer) -> Iterator[Fetcher]:
    with fetcher(outlet) as made:
        yield made


def bomb(megabytes: int, window: int) -> bytes:
    packer = zlib.compressobj(9, wbits=window)
    return b"".join(packer.compress(MEGABYTE) for _ in range(megabytes)) + packer.flush()


GZIP_BOMB = bomb(200, 31)


def bomb_in_a_bomb() -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    return packer.compress(GZIP_BOMB) + packer.flush()


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        pytest.param({}, lambda: repeat(b"<p>and on</p>" * 5000), id="a page that never ends"),
        pytest.param({}, lambda: (MEGABYTE for _ in range(50)), id="a feed of 50 MB"),
        pytest.param({"Content-Length": "50000000"}, lambda: repeat(MEGABYTE), id="a feed that admits to its 50 MB"),
        pytest.param({"Content-Encoding": "gzip"}, lambda: (GZIP_BOMB,), id="a gzip bomb"),
        pytest.param({"Content-Encoding": "deflate"}, lambda: (bomb(200, 15),), id="a deflate bomb"),
        pytest.param({"Content-Encoding": "gzip, gzip"}, lambda: (bomb_in_a_bomb(),), id="a bomb inside a bomb"),
        pytest.param({"Content-Encoding": "gzip"}, lambda: repeat(bomb(1, 31)), id="a gzip of endless members"),
    ],
)
def test_more_than_the_cap_is_refused_without_holding_it(
    outlet: OutletServer, web: Fetcher, headers: dict[str, str], body: Callable[[], Iterable[bytes]]
) -> None:
    outlet.answer("/feed", body(), headers=headers)
    outlet.answer("/warm-up", b"here")
    web.fetch(outlet.url("/warm-up"))

    tracemalloc.start()
    try:
        with pytest.raises(TooBig) as caught:
            web.fetch(outlet.url("/feed"))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert outlet.url("/feed") in str(caught.value)
    assert "1,000,000 bytes" in str(caught.value)
    assert most < ROOM


def test_a_body_of_just_the_cap_is_taken(outlet: OutletServer, web: Fetcher) -> None:
    outlet.answer("/feed", MEGABYTE)
    capture = web.fetch(outlet.url("/feed"))
    assert capture is not None
    assert len(capture.body) == CAP


@pytest.mark.parametrize(
    ("begun", "drop"),
    [
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\n", b".", id="of its body"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX-On: ", b"y", id="of its headers"),
        pytest.param(b"", b"HTTP/1.1 100 Continue\r\n\r\n", id="of promises to go on"),
    ],
)
def test_an_answer_that_drips_for_ever_meets_the_deadline(outlet: OutletServer, begun: bytes, drop: bytes) -> None:
    outlet.answer("/feed", raw=chain([begun], slow(drop, outlet)))
    # Each look at this clock costs a second, so the minute allowed is over after some sixty looks.
    with fetcher(outlet, clock=Clock(tick=1.0)) as web, pytest.raises(TimedOut, match="within 60 seconds") as caught:
        web.fetch(outlet.url("/feed"))
    assert outlet.url("/feed") in str(caught.value)


def slow(drop: bytes, outlet: OutletServer) -> Iterator[bytes]:
    while not outlet.closing.wait(0.001):
        yield drop


def test_an_outlet_that_says_nothing_is_not_waited_for(outlet: OutletServer) -> None:
    def nothing() -> Iterator[bytes]:
        outlet.closing.wait(30)
        yield b""

    outlet.answer("/feed", raw=nothing())
    with fetcher(outlet, read=0.05) as web, pytest.raises(TimedOut, match="stopped answering"):
        web.fetch(outlet.url("/feed"))


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"<html>no head</html>", id="no HTTP at all"),
        pytest.param(b"HTTP/1.1 abc OK\r\n\r\n", id="a status that is no number"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", id="half of what was promised"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", id="a negative length"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 30 + b"\r\n\r\n", id="a length beyond numbers"),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", id="chunks without a size"),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", id="a chunk cut short"),
        pytest.param(b"HTTP/1.1 200 OK\r\nbad header\r\n\r\n", id="a header without a colon"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 300_000 + b"\r\n\r\n", id="an enormous header"),
        pytest.param(b"HTTP/1.1 302 Found\r\nLocation: http://[bad\r\nContent-Length: 0\r\n\r\n", id="a mad redirect"),
        pytest.param(
            b"HTTP/1.1 302 Found\r\nLocation: http://" + b"a" * 300 + b"/\r\nContent-Length: 0\r\n\r\n",
            id="a redirect to a name too long to exist",
        ),
        pytest.param(
            b"HTTP/1.1 302 Found\r\nLocation: http://a:99999/\r\nContent-Length: 0\r\n\r\n",
            id="a port beyond all ports",
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 6\r\n\r\n\x1f\x8b\x08\x00\x00\x00",
            id="a gzip cut short",
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 6\r\n\r\n\x1f\x8bdust", id="a broken gzip"
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\nContent-Length: 4\r\n\r\n\xff\xff\xff\xff",
            id="a broken deflate",
        ),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 2\r\n\r\n..", id="a foreign coding"),
    ],
)
def test_a_broken_answer_is_one_clean_error(outlet: OutletServer, web: Fetcher, raw: bytes) -> None:
    outlet.answer("/feed", raw=raw)
    outlet.answer("/page", b"here")

    with pytest.raises(FetchError) as caught:
        web.fetch(outlet.url("/feed"))

    assert outlet.host in str(caught.value) or "://a" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert web.fetch(outlet.url("/page")) is not None


@pytest.mark.parametrize(
    ("url", "error"),
    [
        pytest.param("ftp://example.org/feed", ForbiddenAddress, id="not http"),
        pytest.param("file:///etc/passwd", ForbiddenAddress, id="a file"),
        pytest.param("/feed", ForbiddenAddress, id="a path"),
        pytest.param("", ForbiddenAddress, id="nothing"),
        pytest.param("http://desk:secret@example.org/", ForbiddenAddress, id="a password inside"),
        pytest.param("http://[::1/feed", Unreachable, id="half a bracket"),
        pytest.param("http://exa\nmple.org/", Unreachable, id="two lines"),
        pytest.param("http://example.org:port/", Unreachable, id="a port that is a word"),
    ],
)
def test_an_address_nobody_should_visit_is_refused(web: Fetcher, url: str, error: type[FetchError]) -> None:
    with pytest.raises(error) as caught:
        web.fetch(url)
    assert "\n" not in str(caught.value)


def test_an_outlet_that_is_down_is_told_in_one_line() -> None:
    with OutletServer() as outlet:
        pass
    with fetcher(outlet) as web, pytest.raises(Unreachable, match="refused") as caught:
        web.fetch(outlet.url("/feed"))
    assert outlet.url("/feed") in str(caught.value)


def test_a_kept_line_that_the_outlet_closed_costs_nothing(outlet: OutletServer, web: Fetcher) -> None:
    outlet.answer("/a", b"one")
    outlet.answer("/b", raw=iter(()))
    outlet.answer("/b", b"two")

    web.fetch(outlet.url("/a"))
    capture = web.fetch(outlet.url("/b"))

    assert capture is not None
    assert capture.body == b"two"


def test_a_new_line_that_breaks_is_not_tried_twice(outlet: OutletServer, web: Fetcher) -> None:
    outlet.answer("/robots.txt", raw=iter(()))
    with pytest.raises(Unreachable):
        web.fetch(outlet.url("/a"))
    assert outlet.paths() == ["/robots.txt"]
