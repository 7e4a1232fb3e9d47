"""A capture in the place of the web."""

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scrapers.errors import Blocked, FetchError, Gone, HttpFailure, NotInCapture, RedirectLoop, TooBig
from scrapers.fetching.replay import ReplayFetcher
from tests.fakes.warc import Record, write_warc

PAGE: Record = (
    "http://news.example.org/a",
    200,
    {"Content-Type": "text/html", "ETag": '"v1"'},
    b"<p>The fleets met.</p>",
)
OTHER: Record = ("https://news.example.org/b?id=2", 200, {}, b"two")
LAST: Record = ("http://news.example.org/c", 200, {}, b"three")

Suffix = pytest.mark.parametrize("suffix", [pytest.param(".warc", id="plain"), pytest.param(".warc.gz", id="packed")])


@pytest.fixture
def capture(tmp_path: Path) -> Callable[..., ReplayFetcher]:
    """A fetcher over a capture of the records given."""
    return lambda *records, **how: ReplayFetcher(write_warc(tmp_path / "press.warc.gz", records, **how))


@Suffix
def test_a_page_comes_back_as_it_was_captured(tmp_path: Path, suffix: str) -> None:
    replay = ReplayFetcher(write_warc(tmp_path / f"press{suffix}", [PAGE, OTHER]))

    page = replay.fetch(PAGE[0])

    assert page is not None
    assert (page.url, page.final_url, page.status, page.body) == (PAGE[0], PAGE[0], 200, PAGE[3])
    assert page.content_type == "text/html"
    assert page.captured == datetime(2024, 3, 5, 6, 7, 8, tzinfo=UTC)
    assert replay.addresses() == (PAGE[0], OTHER[0])
    assert replay.damaged == 0


@pytest.mark.parametrize(
    ("held", "asked"),
    [
        pytest.param("http://a.example/x", "https://a.example/x", id="https for http"),
        pytest.param("https://a.example/x", "http://a.example/x", id="http for https"),
        pytest.param("https://a.example/x", "https://a.example/x/", id="a slash too many"),
        pytest.param("https://a.example/x/", "https://a.example/x", id="a slash too few"),
        pytest.param("https://a.example", "https://a.example/", id="no path at all"),
        pytest.param("https://a.example/x", "https://a.example/x#top", id="a fragment"),
        pytest.param("https://a.example:443/x", "https://a.example/x", id="the port everybody uses"),
        pytest.param("http://a.example/x", "http://A.EXAMPLE:80/x", id="a loud host and its port"),
        pytest.param("http://a.example/%D1%8F?q=%d1%8f", "http://a.example/я?q=я", id="letters for percent-coding"),
    ],
)
def test_an_address_is_found_in_another_spelling(capture: Callable[..., ReplayFetcher], held: str, asked: str) -> None:
    page = capture((held, 200, {}, b"here")).fetch(asked)
    assert page is not None
    assert (page.url, page.final_url, page.body) == (asked, held, b"here")


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param("http://news.example.org/other", id="another path"),
        pytest.param("http://news.example.org/a?id=1", id="another query"),
        pytest.param("http://news.example.org:8080/a", id="another port"),
        pytest.param("http://example.org/a", id="another host"),
        pytest.param("http://[half", id="no address"),
        pytest.param("two\nlines", id="two lines"),
    ],
)
def test_what_was_not_captured_is_said_in_one_line(capture: Callable[..., ReplayFetcher], asked: str) -> None:
    with pytest.raises(NotInCapture) as caught:
        capture(PAGE).fetch(asked)
    assert caught.value.url == asked
    assert "press.warc.gz" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_spelling_asked_for_comes_first(capture: Callable[..., ReplayFetcher]) -> None:
    replay = capture(
        ("http://a.example/x", 200, {}, b"plain"),
        ("https://a.example/x", 200, {}, b"safe"),
        ("http://a.example/x/", 200, {}, b"slash"),
    )
    found = {address: replay.fetch(address) for address in replay.addresses()}
    assert [page.body for page in found.values() if page] == [b"plain", b"safe", b"slash"]


def test_the_last_answer_to_an_address_counts(capture: Callable[..., ReplayFetcher]) -> None:
    page = capture((PAGE[0], 503, {}, b""), (PAGE[0], 200, {}, b"old"), (PAGE[0], 200, {}, b"new")).fetch(PAGE[0])
    assert page is not None
    assert page.body == b"new"


# ------------------------------------------------------------------ the manners of the web


def test_redirects_are_followed_inside_the_capture(capture: Callable[..., ReplayFetcher]) -> None:
    replay = capture(
        ("http://news.example.org/", 301, {"Location": "https://news.example.org/"}, b""),
        ("https://news.example.org/", 302, {"Location": "/home"}, b""),
        ("https://news.example.org/home", 200, {}, b"home"),
        ("https://news.example.org/out", 302, {"Location": "https://elsewhere.example/"}, b""),
        ("https://news.example.org/loop", 302, {"Location": "/loop"}, b""),
    )
    page = replay.fetch("http://news.example.org/")
    assert page is not None
    assert (page.url, page.final_url) == ("http://news.example.org/", "https://news.example.org/home")
    with pytest.raises(NotInCapture, match="elsewhere"):
        replay.fetch("https://news.example.org/out")
    with pytest.raises(RedirectLoop):
        replay.fetch("https://news.example.org/loop")


def test_a_redirect_to_its_twin_does_not_hide_the_page(capture: Callable[..., ReplayFetcher]) -> None:
    replay = capture(
        ("https://a.example/x", 200, {}, b"here"),
        ("http://a.example/x", 301, {"Location": "https://a.example/x"}, b""),
    )
    for spelling in ("http://a.example/x", "https://a.example/x", "http://a.example/x/"):
        page = replay.fetch(spelling)
        assert page is not None
        assert page.body == b"here"


@pytest.mark.parametrize(
    ("status", "error"),
    [
        pytest.param(404, Gone, id="not there"),
        pytest.param(403, Blocked, id="refused"),
        pytest.param(500, HttpFailure, id="broken"),
    ],
)
def test_a_captured_failure_fails_again(
    capture: Callable[..., ReplayFetcher], status: int, error: type[FetchError]
) -> None:
    with pytest.raises(error):
        capture((PAGE[0], status, {}, b"no")).fetch(PAGE[0])


def test_validators_of_the_captured_answer_make_it_unchanged(capture: Callable[..., ReplayFetcher]) -> None:
    day = "Tue, 05 Mar 2024 06:00:00 GMT"
    replay = capture((PAGE[0], 200, {"ETag": '"v1"', "Last-Modified": day}, b"one"))
    assert replay.fetch(PAGE[0], etag='"v1"') is None
    assert replay.fetch(PAGE[0], last_modified=day) is None
    assert replay.fetch(PAGE[0], etag='"v0"', last_modified=day) is not None
    assert replay.fetch(PAGE[0]) is not None


def test_captured_robots_rules_are_obeyed(capture: Callable[..., ReplayFetcher]) -> None:
    rules: Record = ("https://news.example.org/robots.txt", 200, {}, b"User-agent: *\nDisallow: /b")
    replay = capture(rules, PAGE, OTHER)
    assert replay.fetch(PAGE[0]) is not None
    with pytest.raises(Blocked, match=r"robots\.txt"):
        replay.fetch(OTHER[0])


# ------------------------------------------------------------------ kinds of records and bodies


def test_resource_records_answer_and_other_kinds_do_not(capture: Callable[..., ReplayFetcher]) -> None:
    page = capture(("http://a.example/f.xml", 200, {"Content-Type": "application/rss+xml"}, b"<rss/>"), kind="resource")
    feed = page.fetch("http://a.example/f.xml")
    assert feed is not None
    assert (feed.status, feed.content_type, feed.body) == (200, "application/rss+xml", b"<rss/>")


def test_a_revisit_and_an_unchanged_answer_hold_no_page(tmp_path: Path) -> None:
    path = write_warc(tmp_path / "press.warc", [PAGE, (PAGE[0], 304, {}, b"")])
    again = write_warc(tmp_path / "again.warc", [(PAGE[0], 200, {}, b"")]).read_bytes()
    path.write_bytes(path.read_bytes() + again.replace(b"WARC-Type: response", b"WARC-Type: revisit "))
    page = ReplayFetcher(path).fetch(PAGE[0])
    assert page is not None
    assert page.body == PAGE[3]


CHUNKED = b"5\r\nThe f\r\n9;x=y\r\nleets met\r\n0\r\n\r\n"


@pytest.mark.parametrize(
    ("headers", "sent"),
    [
        pytest.param({"Content-Encoding": "gzip"}, gzip.compress(b"The fleets met"), id="packed"),
        pytest.param({"Content-Encoding": "gzip"}, b"The fleets met", id="unpacked by the crawler, header kept"),
        pytest.param({"Transfer-Encoding": "chunked"}, CHUNKED, id="in chunks"),
        pytest.param({"Transfer-Encoding": "chunked"}, b"The fleets met", id="joined by the crawler, header kept"),
        pytest.param(
            {"Transfer-Encoding": "chunked", "Content-Encoding": "gzip"},
            b"%x\r\n%b\r\n0\r\n\r\n" % (len(gzip.compress(b"The fleets met")), gzip.compress(b"The fleets met")),
            id="packed, then in chunks",
        ),
    ],
)
def test_bodies_are_as_the_page_was(
    capture: Callable[..., ReplayFetcher], headers: dict[str, str], sent: bytes
) -> None:
    page = capture((PAGE[0], 200, headers, sent)).fetch(PAGE[0])
    assert page is not None
    assert page.body == b"The fleets met"
    assert not {"content-encoding", "transfer-encoding", "content-length"} & set(page.headers)


def test_a_captured_bomb_is_refused(tmp_path: Path) -> None:
    path = write_warc(
        tmp_path / "press.warc.gz", [(PAGE[0], 200, {"Content-Encoding": "gzip"}, gzip.compress(b"\0" * 99_999))]
    )
    with pytest.raises(TooBig):
        ReplayFetcher(path, cap=10_000).fetch(PAGE[0])


# ------------------------------------------------------------------ damage


def damaged_length(whole: bytes) -> bytes:
    return whole.replace(b"Content-Length: ", b"Content-Length: 9", 1)


def damaged_short(whole: bytes) -> bytes:
    start = whole.index(b"Content-Length: ") + len(b"Content-Length: ")
    return whole[:start] + b"1" + whole[whole.index(b"\r\n", start) :]


def damaged_head(whole: bytes) -> bytes:
    return whole.replace(b"HTTP/1.1 200 OK", b"HTTP/1.1 ??? OK", 1)


def damaged_name(whole: bytes) -> bytes:
    return whole.replace(b"WARC/1.", b"DUST/1.", 1)


def damaged_middle(whole: bytes) -> bytes:
    half = len(whole) // 2
    return whole[:half] + bytes(255 - byte for byte in whole[half : half + 40]) + whole[half + 40 :]


def damaged_end(whole: bytes) -> bytes:
    return whole[: len(whole) - len(whole) // 3]


@pytest.mark.parametrize("where", [0, 1, 2], ids=["the first record", "one in the middle", "the last record"])
@pytest.mark.parametrize(
    ("suffix", "damage"),
    [
        pytest.param(".warc", damaged_length, id="a length too long"),
        pytest.param(".warc", damaged_short, id="a length too short"),
        pytest.param(".warc", damaged_head, id="a mad HTTP head"),
        pytest.param(".warc", damaged_name, id="a mad WARC head"),
        pytest.param(".warc", damaged_end, id="an end cut off"),
        pytest.param(".warc.gz", damaged_middle, id="packed, with flipped bits"),
        pytest.param(".warc.gz", damaged_end, id="packed, with an end cut off"),
    ],
)
def test_a_damaged_record_costs_that_record_only(
    tmp_path: Path, suffix: str, damage: Callable[[bytes], bytes], where: int
) -> None:
    records = [PAGE, OTHER, LAST]
    parts = [write_warc(tmp_path / f"{n}{suffix}", [record]).read_bytes() for n, record in enumerate(records)]
    parts[where] = damage(parts[where])
    path = tmp_path / f"press{suffix}"
    path.write_bytes(b"".join(parts))

    replay = ReplayFetcher(path)

    assert replay.damaged == 1
    for number, (url, _, _, body) in enumerate(records):
        if number == where:
            with pytest.raises(NotInCapture):
                replay.fetch(url)
        else:
            page = replay.fetch(url)
            assert page is not None
            assert page.body == body


def test_records_packed_as_one_are_read_too(tmp_path: Path) -> None:
    plain = write_warc(tmp_path / "plain.warc", [PAGE, OTHER, LAST])
    path = tmp_path / "press.warc.gz"
    path.write_bytes(gzip.compress(plain.read_bytes()))
    replay = ReplayFetcher(path)
    for url, _, _, body in (LAST, PAGE, OTHER):
        page = replay.fetch(url)
        assert page is not None
        assert page.body == body


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"", "holds no captured page", id="an empty file"),
        pytest.param(b"Dear reader,\n\nthis is a letter.\n", "is no WARC file", id="a letter"),
        pytest.param(gzip.compress(b"a letter"), "is no WARC file", id="a packed letter"),
        pytest.param(b"\x1f\x8b\x08 dust and dust", "is no WARC file", id="dust"),
        pytest.param(
            b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\n", "no captured page", id="a head"
        ),
    ],
)
def test_a_file_without_answers_is_refused_by_name(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "press.warc"
    path.write_bytes(content)
    with pytest.raises(FetchError, match=said) as caught:
        ReplayFetcher(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("name", [pytest.param("none.warc", id="no such file"), pytest.param("", id="a folder")])
def test_a_file_that_cannot_be_read_is_refused_by_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(FetchError, match="cannot be read"):
        ReplayFetcher(tmp_path / name)


def test_a_capture_taken_away_later_is_a_clean_error(tmp_path: Path) -> None:
    path = write_warc(tmp_path / "press.warc.gz", [PAGE])
    replay = ReplayFetcher(path)
    path.unlink()
    with pytest.raises(FetchError, match="Restore the file"):
        replay.fetch(PAGE[0])


# ------------------------------------------------------------------ real input


def test_every_real_page_comes_back_byte_for_byte(shared: Path, tmp_path: Path) -> None:
    lines = (shared / "fixtures" / "MANIFEST.jsonl").read_text(encoding="utf-8").splitlines()
    bodies: dict[str, bytes] = {}
    for line in lines:
        entry = json.loads(line)
        file = shared / "fixtures" / entry["path"]
        if (entry.get("url") or "").startswith("http") and "page" in entry["kind"]:
            raw = file.read_bytes()
            bodies[entry["url"]] = gzip.decompress(raw) if file.suffix == ".gz" else raw
    records: list[Record] = [(url, 200, {"Content-Type": "text/html"}, body) for url, body in bodies.items()]

    replay = ReplayFetcher(write_warc(tmp_path / "press.warc.gz", records))

    assert len(bodies) > 100
    found = {url: replay.fetch(url) for url in bodies}
    assert [url for url, page in found.items() if page is None or page.body != bodies[url]] == []
