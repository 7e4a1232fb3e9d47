"""Whatever an entry point answers becomes entries, or a sentence that says what it is instead."""

import gzip
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.errors import NotAFeed
from scrapers.parsing.parsing import parse, unique
from scrapers.parsing.plaintext import plain
from storage.records import Basis, Entry, EntryPoint, Feed, Outlet, PointKind, Published

CORPUS = Path(__file__).parents[1] / "corpus" / "feeds"
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
URL = "https://courier.example/feeds/all"
COURIER = Outlet(key="courier", name="Harbour Courier", hosts=("courier.example",), timezone="Asia/Shanghai")


def corpus(name: str) -> bytes:
    return (CORPUS / name).read_bytes()


def read(body: bytes, *, url: str = URL, point: EntryPoint | None = None, markup: bool = False) -> Feed:
    return parse(body, url=url, now=NOW, outlet=COURIER, point=point, markup=markup)


def at(text: str, offset: int = 0) -> Published:
    return Published(at=datetime.fromisoformat(text).replace(tzinfo=UTC), offset_minutes=offset, basis=Basis.FEED)


# ------------------------------------------------------------------ RSS, RDF, Atom


def test_an_rss_feed_is_read() -> None:
    feed = read(corpus("harbour.rss.xml"))
    assert (feed.kind, feed.title, feed.ttl) == ("rss", "Harbour Courier & Tide Tables", timedelta(minutes=45))
    assert feed.entries[0] == Entry(
        url="https://courier.example/news/20261120/quiet-sea-10021.html?utm_source=rss",
        title='Two navies open "Quiet Sea" drill',
        published=at("2026-11-20T01:30", 480),
        summary="Ships met at dawn. Talks follow.",
        content="<p>Ships met at dawn off the cape.</p><p>Talks follow on Sunday, the harbour master said.</p>",
        byline="Mara Lindqvist",
        guid="courier-10021",
    )


def test_a_permanent_id_is_an_address_and_a_time_without_zone_is_the_outlets() -> None:
    ferry = read(corpus("harbour.rss.xml")).entries[1]
    assert ferry.url == "https://courier.example/news/20261119/ferry-10020.html"
    assert ferry.published == at("2026-11-19T10:05", 480)


def test_an_entry_without_address_stays_and_a_date_in_2569_does_not() -> None:
    notice = read(corpus("harbour.rss.xml")).entries[2]
    assert (notice.title, notice.url, notice.published) == ("Notice without an address", "", None)


def test_repeated_and_addressless_entries_are_left_out_of_the_unique_ones() -> None:
    feed = read(corpus("harbour.rss.xml"))
    assert len(feed.entries) == 4
    assert unique(feed.entries) == feed.entries[:2]


def test_an_id_that_all_entries_share_says_nothing() -> None:
    entries = [Entry(url=f"https://courier.example/{number}", guid="0") for number in range(3)]
    assert len(unique(entries)) == 3


def test_markup_stays_for_those_who_ask() -> None:
    entry = read(corpus("harbour.rss.xml"), markup=True).entries[0]
    assert entry.summary == "<p>Ships met at <b>dawn</b>.</p><p>Talks follow.</p>"
    assert read(corpus("harbour.atom.xml"), markup=True).entries[0].title == "Minister on <i>Quiet Sea</i>"


def test_an_atom_feed_is_read() -> None:
    feed = read(corpus("harbour.atom.xml"))
    first, second = feed.entries
    assert (feed.kind, feed.title) == ("atom", "Harbour Courier briefings")
    assert first.url == "https://courier.example/briefings/2026/11/20/minister.html"
    assert first.title == "Minister on Quiet Sea"
    assert first.published == at("2026-11-20T07:15", 180)
    assert first.byline == "Oleg Varga, Mara Lindqvist"
    assert first.content == "<p>The minister answered four questions about the drill.</p>"
    assert second.published == at("2026-11-18T08:00")


def test_an_rdf_feed_is_read() -> None:
    feed = read(corpus("harbour.rdf.xml"))
    assert (feed.kind, feed.ttl) == ("rss", timedelta(hours=12))
    assert [(entry.url, entry.title) for entry in feed.entries] == [
        ("https://courier.example/tides/88", "Spring tide on Sunday")
    ]


@pytest.mark.parametrize(
    ("encoding", "declared", "header", "title"),
    [
        pytest.param("cp1251", "windows-1251", "", "Учение «Тихое море» началось", id="windows-1251"),
        pytest.param("koi8-r", "koi8-r", "", "Учение в море началось на рассвете", id="KOI8-R"),
        pytest.param("gb18030", "gb2312", "", "两国海军举行联合演习", id="gb18030 called gb2312"),
        pytest.param("utf-8", "gb2312", "", "两国海军举行联合演习", id="UTF-8 called gb2312"),
        pytest.param(
            "utf-8", "windows-1251", "text/xml; charset=windows-1251", "Учение началось", id="UTF-8 called 1251 twice"
        ),
        pytest.param("big5", "big5", "", "兩國海軍舉行聯合演習", id="Big5"),
        pytest.param("utf-16", "utf-16", "", "Учение началось", id="UTF-16"),
        pytest.param("utf-8", "invalid", "", "Учение началось", id="an encoding that does not exist"),
    ],
)
def test_a_feed_is_read_in_any_encoding(encoding: str, declared: str, header: str, title: str) -> None:
    body = (
        f'<?xml version="1.0" encoding="{declared}"?><rss version="2.0"><channel><title>{title}</title>'
        f"<item><title>{title}</title><link>https://courier.example/1</link></item></channel></rss>"
    )
    feed = parse(body.encode(encoding), url=URL, now=NOW, content_type=header)
    assert (feed.title, feed.entries[0].title) == (title, title)


@pytest.mark.parametrize(
    ("inside", "ttl"),
    [
        pytest.param("<ttl>60</ttl>", timedelta(hours=1), id="minutes"),
        pytest.param("<ttl>soon</ttl>", None, id="no number"),
        pytest.param("<ttl>-5</ttl>", None, id="less than nothing"),
        pytest.param("", None, id="unsaid"),
    ],
)
def test_a_feed_says_how_long_to_wait(inside: str, ttl: timedelta | None) -> None:
    assert read(f'<rss version="2.0"><channel><title>x</title>{inside}</channel></rss>'.encode()).ttl == ttl


def test_a_quiet_feed_is_a_feed() -> None:
    assert read(b'<rss version="2.0"><channel><title>Quiet</title></channel></rss>').entries == ()


def item(number: int) -> str:
    return f"<item><title>News {number}</title><link>https://courier.example/{number}</link></item>\n"


def test_of_half_a_feed_the_whole_entries_are_read() -> None:
    whole = f'<rss version="2.0"><channel><title>x</title>{"".join(map(item, range(5)))}</channel></rss>'
    feed = read(whole[: whole.index("News 4") + 3].encode())
    assert [entry.title for entry in feed.entries] == ["News 0", "News 1", "News 2", "News 3"]


def test_a_feed_of_fifty_megabytes_gives_its_newest_entries() -> None:
    padded = item(1).replace("News", "News " + "x" * 5_000)
    body = f'<rss version="2.0"><channel><title>x</title>{padded * 10_000}</channel></rss>'.encode()
    assert len(body) > 50_000_000
    assert 500 < len(read(body).entries) <= 2_000


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param("<title>a\x0bb</title>", id="a control character"),
        pytest.param("<title>a &nbsp; &mdash; b</title>", id="entities of HTML"),
        pytest.param("<title>a & b</title>", id="a bare ampersand"),
        pytest.param("<title>a</title><description><![\0\n&</description>", id="what makes html.parser stumble"),
        pytest.param("<title>a</title><description>" + "<b>" * 3_000 + "</description>", id="elements without end"),
    ],
)
def test_a_broken_entry_does_not_cost_the_feed(broken: str) -> None:
    body = f'<rss version="2.0"><channel><item>{broken}<link>https://courier.example/1</link></item></channel></rss>'
    assert read(body.encode()).entries[0].title.startswith("a")


def test_entities_do_not_explode_and_files_are_not_read() -> None:
    lines = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    body = (
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "lol">{lines}<!ENTITY f SYSTEM "file:///etc/hostname">]>'
        '<rss version="2.0"><channel><item><title>A&a11;B&f;</title><link>https://courier.example/1</link></item></channel></rss>'
    )
    assert len(read(body.encode()).entries[0].title) < 100


# ------------------------------------------------------------------ JSON


def test_a_json_feed_is_read() -> None:
    feed = read(corpus("harbour.feed.json"))
    first, second, third = feed.entries
    assert (feed.kind, feed.title) == ("json-feed", "Harbour Courier, in JSON")
    assert first == Entry(
        url="https://courier.example/news/20261120/quiet-sea-10021.html",
        title="Two navies open drill",
        published=at("2026-11-20T01:30", 480),
        summary="Ships met at dawn",
        content="<p>Ships met at dawn off the cape.</p>",
        byline="Mara Lindqvist",
        guid="10021",
    )
    assert (second.url, second.byline) == ("https://courier.example/notes/7", "Oleg Varga")
    assert second.content == "A note without a title"
    assert (third.url, third.title, third.published, third.guid) == ("https://courier.example/feeds/12", "", None, "8")


# ------------------------------------------------------------------ sitemaps


def test_a_sitemap_is_read_the_newest_first() -> None:
    feed = read(corpus("harbour.urlset.xml"))
    assert feed.kind == "sitemap"
    assert feed.entries == (
        Entry(
            url="https://courier.example/news/20261120/quiet-sea-10021.html?a=1&b=2",
            title="Two navies open drill",
            published=at("2026-11-20T01:30", 480),
        ),
        # When a page last changed is not when it was published.
        Entry(url="https://courier.example/news/20261118/old-10001.html"),
    )


def test_an_index_of_sitemaps_names_its_children_the_newest_first() -> None:
    feed = read(gzip.compress(corpus("harbour.index.xml")))
    assert feed.children == ("https://courier.example/sitemap-2026.xml", "https://courier.example/sitemap-2025.xml")
    assert feed.entries == ()


def test_of_half_a_sitemap_the_whole_entries_are_read() -> None:
    whole = corpus("harbour.urlset.xml")
    feed = read(whole[: whole.index(b"quiet-sea")])
    assert [entry.url for entry in feed.entries] == ["https://courier.example/news/20261118/old-10001.html"]


# ------------------------------------------------------------------ what is no feed

FEED = EntryPoint(url=URL, kind=PointKind.FEED)


@pytest.mark.parametrize(
    ("body", "looks_like"),
    [
        pytest.param(b"", "nothing at all", id="nothing"),
        pytest.param(b" \n ", "nothing at all", id="white space"),
        pytest.param(b"hello world", "11 bytes of text: 'hello world'", id="eleven bytes"),
        pytest.param(b"%PDF-1.7 ...", "a PDF", id="a PDF"),
        pytest.param(
            b"<html><title>Just a moment...</title><p>Checking</html>", "a Cloudflare challenge page", id="a challenge"
        ),
        pytest.param("<html><title>x</title><p>请完成安全验证</html>".encode(), "a captcha page", id="a captcha"),
        pytest.param(b"<form><input name=u><input type='password'></form>", "a login page", id="a login"),
        pytest.param(
            b"<html><title>404 Not Found</title></html>", "a page that says nothing was found", id="not found"
        ),
        pytest.param(
            b"<html><title>Weather</title><p>Rain</p></html>", "an HTML page titled 'Weather'", id="another page"
        ),
        pytest.param(
            b"<html><div id=app></div></html>", "without text (drawn by script?)", id="a page drawn by script"
        ),
        pytest.param(b"<?xml version='1.0'?><opml/>", "an XML document whose root is <opml>", id="other XML"),
        pytest.param(b'{"a": 1}', "JSON without a list of articles (its keys: a)", id="other JSON"),
        pytest.param(b'{"items": [{"id": "1"', "JSON that breaks at line 1", id="half a JSON document"),
        pytest.param(b"[" * 100_000, "JSON no reader would take", id="JSON without end"),
        pytest.param(b"<rss version='2.0'><channel><item><title>x", "a feed that breaks off", id="half an entry"),
        pytest.param(b"<urlset><url><loc>https://cou", "a sitemap that breaks off", id="half a sitemap entry"),
        pytest.param(
            b"<?xml?xml version='1.0'?><rss x:version=2.0><x:channel><x:item><x:title>a</x:title></x:item></x:channel></rss>",
            "a broken feed none of whose entries can be read",
            id="a feed nobody can read",
        ),
        pytest.param(gzip.compress(b"<urlset>" * 100)[:-9], "a gzip file that is broken", id="half a gzip file"),
        pytest.param(gzip.compress(bytes(70_000_000)), "a gzip file of more than 64 MB", id="a gzip file that swells"),
    ],
)
def test_what_is_no_feed_says_what_it_is(body: bytes, looks_like: str) -> None:
    with pytest.raises(NotAFeed) as refused:
        read(body, point=FEED)
    assert looks_like in refused.value.looks_like
    assert URL in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_page_of_links_is_no_feed_where_a_feed_was_promised() -> None:
    with pytest.raises(NotAFeed, match=r"Military \| Harbour Courier"):
        read(corpus("harbour.listing.html"), point=FEED)


@given(st.binary(max_size=400))
def test_no_bytes_raise_anything_else(body: bytes) -> None:
    with suppress(NotAFeed):
        assert isinstance(parse(body, url=URL, now=NOW), Feed)


PIECES = [
    *(
        "<rss version='2.0'>",
        "<channel>",
        "<item>",
        "</item>",
        "<title>",
        "</title>",
        "<link>",
        "</link>",
        "</rss>",
        "<feed>",
    ),
    *(
        "<entry>",
        "</entry>",
        "<![CDATA[",
        "]]>",
        "<![\0\n&",
        "&#0;",
        "&#x110000;",
        "<!DOCTYPE x [",
        "<?xml",
        "?>",
        "<!--",
    ),
    *(
        "<html>",
        "<a href='/2026/11/02/x'>",
        "<base href='http://['>",
        "{",
        "[",
        '"items":',
        "<urlset>",
        "<url><loc>",
        "\x0b",
    ),
    *(
        "http://x.example/1",
        "2026-11-20",
        "<pubDate>",
        "</pubDate>",
        "<time datetime='2026-13-99'>",
        "\ufffe",
        "é",
        "中",
    ),
]


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_no_heap_of_markup_raises_anything_else(text: str) -> None:
    with suppress(NotAFeed):
        assert isinstance(parse(text.encode("utf-8", "surrogatepass"), url=URL, now=NOW), Feed)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        pytest.param("<p>One.</p><p>Two.</p>", "One. Two.", id="paragraphs are apart"),
        pytest.param("a <b>b</b>c", "a bc", id="letters of one word stay together"),
        pytest.param("x<script>no()</script><!-- nor this -->y", "xy", id="nobody reads scripts"),
        pytest.param("1 < 2 &amp; 3 > 2", "1 < 2 & 3 > 2", id="signs that are no tags"),
        pytest.param("联合<br/>演习", "联合 演习", id="a line break"),
        pytest.param("  a\n\t b\u00a0c ", "a b c", id="white space"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_markup_becomes_one_line_of_text(markup: str, text: str) -> None:
    assert plain(markup) == text
