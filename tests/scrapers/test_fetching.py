"""Fetching from a real server on loopback: what comes in, what is unchanged, what every status means."""

import gzip
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from scrapers.errors import Blocked, FetchError, Gone, HttpFailure, RedirectLoop
from scrapers.fetching.fetching import Fetcher
from scrapers.fetching.web import WebFetcher
from tests.fakes.clock import Clock
from tests.fakes.outlet_server import OutletServer

NOW = datetime(2024, 3, 5, 12, 0, tzinfo=UTC)


@pytest.fixture
def outlet() -> Iterator[OutletServer]:
    with OutletServer() as server:
        yield server


@pytest.fixture
def web(outlet: OutletServer) -> Iterator[Fetcher]:
    clock = Clock()
    with WebFetcher(
        contact="desk@example.org", allow_hosts=[outlet.host], now=lambda: NOW, clock=clock, sleep=clock.sleep
    ) as fetcher:
        yield fetcher


def test_an_answer_comes_in_whole(outlet: OutletServer, web: Fetcher) -> None:
    body = "两国海军举行联合军演".encode("gb18030")
    outlet.answer("/a?id=1", body, headers={"Content-Type": "text/html; charset=gbk", "X-Twice": "one"})

    capture = web.fetch(outlet.url("/a?id=1"))

    assert capture is not None
    assert (capture.url, capture.final_url) == (outlet.url("/a?id=1"), outlet.url("/a?id=1"))
    assert (capture.status, capture.body, capture.captured) == (200, body, NOW)
    assert capture.content_type == "text/html; charset=gbk"
    assert capture.headers["x-twice"] == "one"


def test_blanks_around_an_address_are_no_part_of_it(outlet: OutletServer, web: Fetcher) -> None:
    outlet.answer("/a", b"here")
    capture = web.fetch(f" {outlet.url('/a')} ")
    assert capture is not None
    assert capture.final_url == outlet.url("/a")


def test_the_outlet_sees_who_we_are_and_no_browser(outlet: OutletServer, web: Fetcher) -> None:
    outlet.answer("/a", headers={"Set-Cookie": "visitor=7"})
    web.fetch(outlet.url("/a"))
    web.fetch(outlet.url("/a"))

    for asked in outlet.asked:
        assert asked.headers["user-agent"] == "Entente (news monitor; desk@example.org)"
        assert asked.headers["accept-encoding"] == "gzip, deflate"
        assert "cookie" not in asked.headers


@pytest.mark.parametrize(
    "contact", [pytest.param("письмо@пример.рф", id="no ASCII"), pytest.param("a\r\nHost: b", id="two lines")]
)
def test_a_contact_that_cannot_stand_in_a_header_is_refused(contact: str) -> None:
    with pytest.raises(ValueError, match="contact"):
        WebFetcher(contact=contact)


RAW = b"The fleets met at sea. " * 50
DEFLATED = zlib.compressobj(wbits=-15)


@pytest.mark.parametrize(
    ("encoding", "sent"),
    [
        pytest.param("gzip", gzip.compress(RAW), id="gzip"),
        pytest.param("x-gzip", gzip.compress(RAW), id="gzip by its old name"),
        pytest.param("gzip", gzip.compress(RAW[:99]) + gzip.compress(RAW[99:]), id="gzip in two members"),
        pytest.param("gzip", gzip.compress(RAW) + b"\0" * 32, id="gzip with padding"),
        pytest.param("deflate", zlib.compress(RAW), id="deflate as written in the standard"),
        pytest.param("deflate", DEFLATED.compress(RAW) + DEFLATED.flush(), id="deflate as many send it"),
        pytest.param("deflate, gzip", gzip.compress(zlib.compress(RAW)), id="one inside the other"),
        pytest.param("identity", RAW, id="not packed, and said so"),
        pytest.param("utf-8", RAW, id="a charset in the wrong header"),
        pytest.param("gzip", RAW, id="said to be packed and is not"),
    ],
)
def test_bodies_are_unpacked(outlet: OutletServer, web: Fetcher, encoding: str, sent: bytes) -> None:
    outlet.answer("/a", sent, headers={"Content-Encoding": encoding})
    outlet.answer("/b", (sent[i : i + 1] for i in range(len(sent))), headers={"Content-Encoding": encoding})

    for path in ("/a", "/b"):
        capture = web.fetch(outlet.url(path))
        assert capture is not None
        assert capture.body == RAW
        assert "content-encoding" not in capture.headers


def test_an_empty_packed_body_is_empty(outlet: OutletServer, web: Fetcher) -> None:
    outlet.answer("/a", b"", headers={"Content-Encoding": "gzip"})
    capture = web.fetch(outlet.url("/a"))
    assert capture is not None
    assert capture.body == b""


# ------------------------------------------------------------------ unchanged


def test_an_unchanged_address_answers_nothing(outlet: OutletServer, web: Fetcher) -> None:
    outlet.answer("/feed", b"one", etag='"v1"', last_modified="Tue, 05 Mar 2024 06:00:00 GMT")
    first = web.fetch(outlet.url("/feed"))
    assert first is not None

    assert web.fetch(outlet.url("/feed"), etag=first.headers["etag"]) is None
    assert web.fetch(outlet.url("/feed"), last_modified=first.headers["last-modified"]) is None
    assert web.fetch(outlet.url("/feed"), etag='"v0"') is not None
    assert outlet.asked[2].headers["if-none-match"] == '"v1"'
    assert outlet.asked[3].headers["if-modified-since"] == "Tue, 05 Mar 2024 06:00:00 GMT"
    assert "if-none-match" not in outlet.asked[1].headers


def test_robots_rules_are_not_asked_with_the_validators_of_a_page(outlet: OutletServer, web: Fetcher) -> None:
    outlet.answer("/feed", b"one", etag='"v1"')
    web.fetch(outlet.url("/feed"), etag='"v1"')
    assert outlet.paths() == ["/robots.txt", "/feed"]
    assert "if-none-match" not in outlet.asked[0].headers


@pytest.mark.parametrize("validator", [pytest.param('"é"', id="letters"), pytest.param('"a\nb"', id="two lines")])
def test_a_validator_that_cannot_be_sent_is_left_out(outlet: OutletServer, web: Fetcher, validator: str) -> None:
    outlet.answer("/feed", b"one")
    assert web.fetch(outlet.url("/feed"), etag=validator, last_modified=validator) is not None
    assert "if-none-match" not in outlet.asked[-1].headers


# ------------------------------------------------------------------ statuses


@pytest.mark.parametrize(
    ("status", "headers", "error", "asked"),
    [
        pytest.param(404, {}, Gone, None, id="not there"),
        pytest.param(410, {}, Gone, None, id="taken down"),
        pytest.param(401, {}, Blocked, None, id="wants a login"),
        pytest.param(403, {}, Blocked, None, id="refuses us"),
        pytest.param(451, {}, Blocked, None, id="may not by law"),
        pytest.param(403, {"Retry-After": "60"}, Blocked, 60, id="refuses us for a minute"),
        pytest.param(429, {}, Blocked, None, id="too many, and no word of when to return"),
        pytest.param(429, {"Retry-After": "60"}, HttpFailure, 60, id="too many, come back in a minute"),
        pytest.param(503, {"Retry-After": "60"}, HttpFailure, 60, id="busy, come back in a minute"),
        pytest.param(503, {}, HttpFailure, None, id="busy"),
        pytest.param(503, {"cf-mitigated": "challenge", "Retry-After": "60"}, Blocked, 60, id="a wall, as busy"),
        pytest.param(200, {"cf-mitigated": "challenge"}, Blocked, None, id="a wall, as if all were well"),
        pytest.param(202, {"x-amzn-waf-action": "challenge"}, Blocked, None, id="another wall"),
        pytest.param(500, {}, HttpFailure, None, id="broken"),
        pytest.param(304, {}, HttpFailure, None, id="unchanged, though nobody asked"),
        pytest.param(302, {}, HttpFailure, None, id="a redirect to nowhere"),
        pytest.param(400, {}, HttpFailure, None, id="does not understand"),
    ],
)
def test_every_other_status_is_an_error_that_says_what_to_do(
    outlet: OutletServer, web: Fetcher, status: int, headers: dict[str, str], error: type[FetchError], asked: int | None
) -> None:
    outlet.answer("/a", b"", status=status, headers=headers)

    with pytest.raises(FetchError) as caught:
        web.fetch(outlet.url("/a"))

    assert type(caught.value) is error
    assert caught.value.url == outlet.url("/a")
    assert str(caught.value).startswith(outlet.url("/a"))
    assert "\n" not in str(caught.value)
    assert isinstance(caught.value, HttpFailure | Blocked)
    assert caught.value.asked == (None if asked is None else timedelta(seconds=asked))
    if isinstance(caught.value, HttpFailure):
        assert caught.value.status == status


# ------------------------------------------------------------------ redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed(outlet: OutletServer, web: Fetcher, status: int) -> None:
    outlet.redirect("/old", "new?page=1#top", status=status)
    outlet.answer("/new?page=1", b"here")

    capture = web.fetch(outlet.url("/old"))

    assert capture is not None
    assert (capture.url, capture.final_url) == (outlet.url("/old"), outlet.url("/new?page=1"))
    assert capture.body == b"here"


def test_five_redirects_are_walked_and_no_more(outlet: OutletServer, web: Fetcher) -> None:
    for step in range(6):
        outlet.redirect(f"/{step}", f"/{step + 1}")
    outlet.answer("/6", b"here")

    assert web.fetch(outlet.url("/1")) is not None
    with pytest.raises(RedirectLoop, match="/0 redirects without end"):
        web.fetch(outlet.url("/0"))


def test_a_redirect_loop_ends_at_its_second_turn(outlet: OutletServer, web: Fetcher) -> None:
    outlet.redirect("/a", "/b")
    outlet.redirect("/b", "/a")
    with pytest.raises(RedirectLoop) as caught:
        web.fetch(outlet.url("/a"))
    assert caught.value.url == outlet.url("/a")
    assert outlet.paths() == ["/robots.txt", "/a", "/b"]


def test_an_error_behind_a_redirect_names_both_addresses(outlet: OutletServer, web: Fetcher) -> None:
    outlet.redirect("/a", "/b")
    with pytest.raises(Gone) as caught:
        web.fetch(outlet.url("/a"))
    assert caught.value.url == outlet.url("/a")
    assert outlet.url("/b") in str(caught.value)
