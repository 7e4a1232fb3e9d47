"""The wishes of a host (robots.txt): asked for once, obeyed everywhere, and never a reason to lose an outlet for good."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protego import Protego

from scrapers.errors import Blocked, FetchError, HttpFailure, Unreachable
from scrapers.fetching.robots import ROBOT
from scrapers.fetching.web import WebFetcher
from tests.fakes.clock import Clock
from tests.fakes.outlet_server import OutletServer

A_DAY = 24 * 3600
TEN_MINUTES = 600


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def outlet() -> Iterator[OutletServer]:
    with OutletServer() as server:
        for path in ("/feed", "/private/feed", "/старое"):
            server.answer(path, b"here")
        yield server


@pytest.fixture
def web(clock: Clock) -> Iterator[WebFetcher]:
    with WebFetcher(contact="desk@example.org", allow_hosts=["127.0.0.1"], clock=clock, sleep=clock.sleep) as fetcher:
        yield fetcher


def allowed(web: WebFetcher, url: str) -> bool:
    try:
        return web.fetch(url) is not None
    except Blocked:
        return False


@pytest.mark.parametrize(
    ("text", "path", "answer"),
    [
        pytest.param("User-agent: *\nDisallow: /private/", "/private/feed", False, id="a forbidden folder"),
        pytest.param("User-agent: *\nDisallow: /private/", "/feed", True, id="beside it"),
        pytest.param("User-agent: Entente\nDisallow: /", "/feed", False, id="forbidden to us by name"),
        pytest.param("User-agent: entente\nDisallow: /", "/feed", False, id="by name, written small"),
        pytest.param("User-agent: Other\nDisallow: /", "/feed", True, id="forbidden to another"),
        pytest.param("User-agent: *\nDisallow: /\n\nUser-agent: Entente\nAllow: /", "/feed", True, id="we are welcome"),
        pytest.param("User-agent: *\nDisallow: /\nAllow: /private/", "/private/feed", True, id="the longer rule wins"),
        pytest.param("User-agent: *\nDisallow: /*feed$", "/feed", False, id="a pattern"),
        pytest.param("User-agent: *\nDisallow:", "/feed", True, id="an empty rule"),
        pytest.param("\ufeffUser-agent: *\nDisallow: /", "/feed", False, id="a mark at the beginning"),
        pytest.param("<html><body>Not here</body></html>", "/feed", True, id="a page in its place"),
        pytest.param("", "/feed", True, id="nothing"),
    ],
)
def test_rules_are_obeyed(outlet: OutletServer, web: WebFetcher, text: str, path: str, answer: bool) -> None:
    outlet.answer("/robots.txt", text.encode())
    assert allowed(web, outlet.url(path)) is answer
    assert (path in outlet.paths()) is answer


def test_a_refusal_names_the_rules_and_says_what_to_do(outlet: OutletServer, web: WebFetcher) -> None:
    outlet.answer("/robots.txt", b"User-agent: *\nDisallow: /")
    with pytest.raises(Blocked) as caught:
        web.fetch(outlet.url("/feed"))
    assert str(caught.value).startswith(f"{outlet.url('/feed')} is forbidden to robots by {outlet.url('/robots.txt')}")


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        pytest.param(404, True, id="there are no rules"),
        pytest.param(401, True, id="the rules are locked away"),
        pytest.param(403, True, id="the rules are refused to us"),
        pytest.param(410, True, id="the rules were taken down"),
    ],
)
def test_rules_that_are_not_to_be_had_forbid_nothing(
    outlet: OutletServer, web: WebFetcher, status: int, answer: bool
) -> None:
    outlet.answer("/robots.txt", b"User-agent: *\nDisallow: /", status=status)
    assert allowed(web, outlet.url("/feed")) is answer


@pytest.mark.parametrize(
    ("status", "raw", "error"),
    [
        pytest.param(500, b"", HttpFailure, id="the host is broken"),
        pytest.param(503, b"", HttpFailure, id="the host is busy"),
        pytest.param(429, b"", Blocked, id="the host has had enough of us"),
        pytest.param(0, b"no HTTP", Unreachable, id="the line is broken"),
        pytest.param(
            0,
            b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 1\r\n\r\n.",
            FetchError,
            id="a foreign coding",
        ),
    ],
)
def test_rules_that_fail_keep_us_away_for_the_moment(
    outlet: OutletServer, web: WebFetcher, clock: Clock, status: int, raw: bytes, error: type[FetchError]
) -> None:
    outlet.answer("/robots.txt", status=status, raw=raw)
    outlet.answer("/robots.txt", b"User-agent: *\nDisallow: /private/")

    for _ in range(2):
        with pytest.raises(error, match="left alone") as caught:
            web.fetch(outlet.url("/feed"))
        assert type(caught.value) is error
        assert caught.value.url == outlet.url("/feed")
    assert outlet.paths() == ["/robots.txt"]

    clock.advance(TEN_MINUTES)
    assert web.fetch(outlet.url("/feed")) is not None
    assert not allowed(web, outlet.url("/private/feed"))


def test_rules_are_read_once_a_day(outlet: OutletServer, web: WebFetcher, clock: Clock) -> None:
    outlet.answer("/robots.txt", b"")
    outlet.answer("/robots.txt", b"User-agent: *\nDisallow: /")

    assert allowed(web, outlet.url("/feed"))
    clock.advance(A_DAY - 60)
    assert allowed(web, outlet.url("/feed"))
    clock.advance(60)
    assert not allowed(web, outlet.url("/feed"))
    assert outlet.paths().count("/robots.txt") == 2


def test_known_rules_outlive_a_failure_to_read_them_again(outlet: OutletServer, web: WebFetcher, clock: Clock) -> None:
    outlet.answer("/robots.txt", b"User-agent: *\nDisallow: /private/")
    outlet.answer("/robots.txt", status=500)

    assert allowed(web, outlet.url("/feed"))
    clock.advance(A_DAY)
    assert allowed(web, outlet.url("/feed"))
    assert not allowed(web, outlet.url("/private/feed"))


def test_rules_may_live_elsewhere(outlet: OutletServer, web: WebFetcher) -> None:
    with OutletServer() as other:
        outlet.redirect("/robots.txt", other.url("/rules"))
        other.answer("/rules", b"User-agent: *\nDisallow: /private/")
        assert allowed(web, outlet.url("/feed"))
        assert not allowed(web, outlet.url("/private/feed"))


def test_rules_that_only_redirect_forbid_nothing(outlet: OutletServer, web: WebFetcher) -> None:
    outlet.redirect("/robots.txt", "/robots.txt")
    assert allowed(web, outlet.url("/feed"))


def test_each_host_has_its_own_rules_and_a_redirect_meets_those_of_its_goal(
    outlet: OutletServer, web: WebFetcher
) -> None:
    with OutletServer() as strict:
        strict.answer("/robots.txt", b"User-agent: *\nDisallow: /")
        strict.answer("/feed", b"here")
        outlet.redirect("/away", strict.url("/feed"))
        assert allowed(web, outlet.url("/feed"))
        assert not allowed(web, outlet.url("/away"))
        assert strict.paths() == ["/robots.txt"]


def test_only_the_beginning_of_enormous_rules_is_read(outlet: OutletServer, web: WebFetcher) -> None:
    filler = b"# nothing to see here\n" * 30_000
    outlet.answer("/robots.txt", b"User-agent: *\nDisallow: /private/\n" + filler + b"Disallow: /feed\n")
    assert not allowed(web, outlet.url("/private/feed"))
    assert allowed(web, outlet.url("/feed"))


@given(st.text(alphabet="user-agent:disallow *$/%\n#crawldy0159.Ж\ufeff\x00", max_size=300), st.text(max_size=30))
def test_no_rules_upset_the_reader(text: str, path: str) -> None:
    assert Protego.parse(text).can_fetch(f"http://a.example/{path}", ROBOT) in (True, False)
