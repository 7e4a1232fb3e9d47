"""The rest between two requests to one host, on a clock that the tests hold."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from scrapers.errors import HttpFailure
from scrapers.fetching.web import WebFetcher
from tests.fakes.clock import Clock
from tests.fakes.outlet_server import OutletServer

FIVE = timedelta(seconds=5)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def outlet() -> Iterator[OutletServer]:
    with OutletServer() as server:
        yield server


@pytest.fixture
def web(clock: Clock) -> Iterator[WebFetcher]:
    with WebFetcher(
        contact="desk@example.org",
        allow_hosts=["a.example.org", "b.example.org"],
        resolve=lambda _host, _port: ["127.0.0.1"],
        clock=clock,
        sleep=clock.sleep,
    ) as fetcher:
        yield fetcher


@pytest.fixture
def at_a(outlet: OutletServer) -> Callable[[str], str]:
    return lambda path: outlet.url(path, host="a.example.org")


def test_each_request_waits_its_rest_and_robots_count_as_one(
    outlet: OutletServer, web: WebFetcher, clock: Clock, at_a: Callable[[str], str]
) -> None:
    outlet.answer("/a", b"here")
    web.fetch(at_a("/a"), delay=FIVE)
    assert outlet.paths() == ["/robots.txt", "/a"]
    assert clock.slept == [5]
    web.fetch(at_a("/a"), delay=timedelta(seconds=60))
    assert clock.slept == [5, 60]


def test_time_that_passed_by_itself_is_not_waited_again(
    outlet: OutletServer, web: WebFetcher, clock: Clock, at_a: Callable[[str], str]
) -> None:
    outlet.answer("/a", b"here")
    web.fetch(at_a("/a"), delay=FIVE)
    clock.advance(3)
    web.fetch(at_a("/a"), delay=FIVE)
    clock.advance(30)
    web.fetch(at_a("/a"), delay=FIVE)
    assert clock.slept == [5, 2]


def test_an_unchanged_answer_counts_as_a_request(
    outlet: OutletServer, web: WebFetcher, clock: Clock, at_a: Callable[[str], str]
) -> None:
    outlet.answer("/a", b"here", etag='"v1"')
    assert web.fetch(at_a("/a"), etag='"v1"', delay=FIVE) is None
    assert web.fetch(at_a("/a"), etag='"v1"', delay=FIVE) is None
    assert clock.slept == [5, 5]


def test_a_failed_request_counts_too(
    outlet: OutletServer, web: WebFetcher, clock: Clock, at_a: Callable[[str], str]
) -> None:
    outlet.answer("/a", status=500)
    for _ in range(2):
        with pytest.raises(HttpFailure):
            web.fetch(at_a("/a"), delay=FIVE)
    assert clock.slept == [5, 5]


def test_every_hop_of_a_redirect_is_a_request(
    outlet: OutletServer, web: WebFetcher, clock: Clock, at_a: Callable[[str], str]
) -> None:
    outlet.redirect("/a", "/b")
    outlet.answer("/b", b"here")
    web.fetch(at_a("/a"), delay=FIVE)
    assert clock.slept == [5, 5]


def test_one_host_does_not_wait_for_another(
    outlet: OutletServer, web: WebFetcher, clock: Clock, at_a: Callable[[str], str]
) -> None:
    outlet.answer("/robots.txt", status=404)
    outlet.answer("/a", b"here")
    web.fetch(at_a("/a"), delay=FIVE)
    web.fetch(outlet.url("/a", host="b.example.org"), delay=FIVE)
    assert clock.slept == [5, 5]
    assert outlet.paths() == ["/robots.txt", "/a", "/robots.txt", "/a"]


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        pytest.param("Crawl-delay: 20", 20, id="it asks for more than we would give"),
        pytest.param("Crawl-delay: 1", 5, id="it asks for less"),
        pytest.param("Crawl-delay: 0.5", 5, id="it asks for half a second"),
        pytest.param("Crawl-delay: 86400", 120, id="it asks for a day and gets two minutes"),
        pytest.param("Crawl-delay: -3", 5, id="it asks for what cannot be"),
        pytest.param("Crawl-delay: soon", 5, id="it asks in words"),
    ],
)
def test_a_host_may_ask_for_a_longer_rest(
    outlet: OutletServer, web: WebFetcher, clock: Clock, at_a: Callable[[str], str], line: str, rest: int
) -> None:
    outlet.answer("/robots.txt", f"User-agent: *\n{line}\n".encode())
    outlet.answer("/a", b"here")
    web.fetch(at_a("/a"), delay=FIVE)
    web.fetch(at_a("/a"), delay=FIVE)
    assert clock.slept == [rest, rest]


def test_threads_take_turns_at_one_host(
    outlet: OutletServer, web: WebFetcher, clock: Clock, at_a: Callable[[str], str]
) -> None:
    inside = threading.Semaphore(1)
    began: list[float] = []

    def body() -> Iterator[bytes]:
        assert inside.acquire(blocking=False), "two requests at one host at a time"
        began.append(clock())
        yield b"here"
        inside.release()

    for _ in range(8):
        outlet.answer("/a", body())
    with ThreadPoolExecutor(8) as pool:
        captures = list(pool.map(lambda _: web.fetch(at_a("/a"), delay=FIVE), range(8)))

    assert [capture.body for capture in captures if capture] == [b"here"] * 8
    assert outlet.paths().count("/robots.txt") == 1
    assert sorted(began) == [5.0 * turn for turn in range(1, 9)]


def test_threads_meet_at_different_hosts(outlet: OutletServer, web: WebFetcher, at_a: Callable[[str], str]) -> None:
    both = threading.Barrier(2, timeout=10)

    def body() -> Iterator[bytes]:
        # Nobody gets past here alone.
        both.wait()
        yield b"here"

    outlet.answer("/a", body())
    outlet.answer("/b", body())
    with ThreadPoolExecutor(2) as pool:
        captures = list(pool.map(web.fetch, [at_a("/a"), outlet.url("/b", host="b.example.org")]))
    assert [capture.body for capture in captures if capture] == [b"here", b"here"]
