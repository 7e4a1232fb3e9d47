"""Listing pages and the JSON behind them become entries, with the outlet's selectors and without."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from scrapers.errors import NotAFeed
from scrapers.parsing.listing_json import data_address
from scrapers.parsing.parsing import parse
from storage.records import Basis, Entry, EntryPoint, Feed, Outlet, Page, PointKind, Published

CORPUS = Path(__file__).parents[1] / "corpus" / "feeds"
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
URL = "https://courier.example/military/"
COURIER = Outlet(
    key="courier",
    name="Harbour Courier",
    hosts=("courier.example",),
    timezone="Asia/Shanghai",
    article_url_pattern=r"/page/\d{6}/\d+\.shtml$",
    not_articles=(r"/galleries/",),
)
SELECTED = EntryPoint(
    url=URL,
    kind=PointKind.LISTING,
    item_link="a.headline",
    item_time=".when",
    item_time_pattern=r"\|\s*(\d{4}/\d{1,2}/\d{1,2} \d{1,2}:\d{2}:\d{2})",
    item_time_format="%Y/%m/%d %H:%M:%S",
)
BOXED = EntryPoint(url=URL, kind=PointKind.LISTING, item=".box", item_title="h3", item_time=".when")


def corpus(name: str) -> bytes:
    return (CORPUS / name).read_bytes()


def read(point: EntryPoint | None = None, *, outlet: Outlet | None = COURIER, body: bytes | None = None) -> Feed:
    return parse(body or corpus("harbour.listing.html"), url=URL, now=NOW, outlet=outlet, point=point)


def at(text: str, offset: int = 480) -> Published:
    return Published(at=datetime.fromisoformat(text).replace(tzinfo=UTC), offset_minutes=offset, basis=Basis.FEED)


def test_the_links_an_outlet_points_at_are_the_entries() -> None:
    feed = read(SELECTED)
    assert (feed.kind, feed.title) == ("listing", "Military | Harbour Courier")
    assert [(entry.url, entry.title, entry.published) for entry in feed.entries] == [
        (
            "https://courier.example/page/202611/10021.shtml?from=front",
            'Two navies open "Quiet Sea" drill',
            at("2026-11-02T01:07:05"),
        ),
        ("https://courier.example/page/202611/10020.shtml", "Ferry timetable changes", at("2026-11-01T10:30")),
        (
            "https://courier.example/page/202611/10019.shtml",
            "A headline that the page cuts off before its end",
            Published(at=datetime(2026, 11, 19, 16, tzinfo=UTC), offset_minutes=480, basis=Basis.FEED, has_time=False),
        ),
    ]


def test_items_are_read_box_by_box() -> None:
    titles = [entry.title for entry in read(BOXED).entries]
    assert titles == [
        'Two navies open "Quiet Sea" drill',
        "Ferry timetable changes",
        "A headline that the page cuts off before its end",
    ]


def test_a_title_and_a_time_are_found_inside_the_link_that_holds_them() -> None:
    page = b"""<ul><li><a href="/page/202611/1.shtml"><div class="title"><h3>Quiet Sea opens</h3></div><p>A teaser that is
        longer than its headline</p><small class="time">2026-11-20 09:30</small></a></li>
        <li><a href="/page/202611/2.shtml"><div class="title"><h3>Ferry stops</h3></div></a></li></ul>"""
    point = EntryPoint(url=URL, kind=PointKind.LISTING, item_title="a > div.title h3", item_time="small.time")
    assert [(entry.title, entry.published) for entry in read(point, body=page).entries] == [
        ("Quiet Sea opens", at("2026-11-20T01:30")),
        ("Ferry stops", None),
    ]


def test_a_time_that_several_links_share_is_nobodys() -> None:
    page = b"""<div><a href="/page/202611/1.shtml">One</a> <a href="/page/202611/2.shtml">Two</a>
        <time datetime="2026-11-20T01:30:00Z">today</time></div>"""
    assert [entry.published for entry in read(body=page).entries] == [None, None]


def test_without_selectors_every_article_link_counts_once() -> None:
    feed = read()
    assert [entry.url.rsplit("/", 1)[-1] for entry in feed.entries] == [
        "10021.shtml",
        "10020.shtml",
        "10019.shtml",
        "10001.shtml",
    ]
    assert feed.entries[0].title == 'Two navies open "Quiet Sea" drill'


def test_selectors_of_a_page_that_was_rebuilt_cost_no_news() -> None:
    rebuilt = EntryPoint(url=URL, kind=PointKind.LISTING, item="div.gone", item_link="a.gone", item_time="i.gone")
    assert len(read(rebuilt).entries) == 4


def test_the_pattern_of_a_list_decides_where_it_has_one() -> None:
    only_one = EntryPoint(url=URL, kind=PointKind.LISTING, item_link_pattern=r"/page/202610/\d+")
    assert [entry.title for entry in read(only_one).entries] == ["Most read: the old lighthouse"]


def test_of_an_unknown_site_links_that_resemble_articles_count() -> None:
    page = b"""<html><body><a href="/">Home</a><a href="/tag/navy-ships-and-ports">Tag</a><a href="/about-us">About</a>
        <a href="/2026/11/20/quiet-sea">Quiet Sea opens</a><a href="/world/two-navies-open-a-drill">Two navies</a>
        <a href="/story/1002113">By number</a><a href="https://other.example/2026/11/20/x">Elsewhere</a>
        <a href="/img/20261120/a.jpg">Picture</a></body></html>"""
    feed = read(outlet=None, body=page)
    assert [entry.title for entry in feed.entries] == ["Quiet Sea opens", "Two navies", "By number"]


def test_posts_without_titles_take_their_first_line_and_bring_their_text() -> None:
    office = Outlet(key="office", name="Office", hosts=("posts.example",), article_url_pattern=r"/office/\d+$")
    point = EntryPoint(
        url="https://posts.example/s/office",
        kind=PointKind.LISTING,
        item=".post",
        item_link="a.date",
        item_time="a.date time[datetime]",
        item_text=".text",
    )
    feed = parse(corpus("harbour.posts.html"), url=point.url, now=NOW, outlet=office, point=point)
    assert feed.entries == (
        Entry(
            url="https://posts.example/office/501",
            title="⚓️ Учение «Тихое море» началось",
            published=at("2026-11-20T06:30", 0),
            content="⚓️ Учение «Тихое море» началось<br/>Корабли вышли из порта на рассвете.",
        ),
        Entry(
            url="https://posts.example/office/502",
            title="Паром отменён до понедельника",
            published=at("2026-11-20T08:00", 0),
            content="Паром отменён до понедельника",
        ),
    )


@pytest.mark.parametrize(
    ("body", "looks_like"),
    [
        pytest.param(
            b"<html><title>News</title><a href='/a'>A</a><a href='/b'>B</a></html>",
            "none of whose 2 links",
            id="other links",
        ),
        pytest.param(
            b"<html><title>DDoS-Guard</title><a href='/a'>A</a></html>",
            "a DDoS guard's challenge page",
            id="a challenge",
        ),
        pytest.param(b"<html><body></body></html>", "drawn by script", id="an empty page"),
    ],
)
def test_a_page_without_articles_says_what_it_is(body: bytes, looks_like: str) -> None:
    with pytest.raises(NotAFeed) as refused:
        read(body=body)
    assert looks_like in refused.value.looks_like


def test_a_page_of_one_day_may_be_empty() -> None:
    daily = EntryPoint(url="https://courier.example/archive/YYYY-MM-DD", kind=PointKind.LISTING)
    assert read(daily, body=b"<html><title>Archive</title><p>Nothing yet</p></html>").entries == ()


# ------------------------------------------------------------------ JSON behind listings


def test_wordpress_posts_are_read_without_being_described() -> None:
    star = Outlet(key="star", name="Star", hosts=("star.example",), timezone="Europe/Moscow")
    feed = parse(corpus("wordpress.json"), url="http://star.example/wp-json/wp/v2/posts", now=NOW, outlet=star)
    assert feed.kind == "listing-json"
    assert feed.entries[0] == Entry(
        url="http://star.example/?p=31",
        title="Учение «Тихое море»",
        published=at("2026-11-20T09:45", 180),
        summary="Корабли вышли из порта.",
        content="<p>Корабли вышли из порта на рассвете.</p>",
    )
    assert len(feed.entries) == 2


DATA = EntryPoint(
    url="https://courier.example/list/latest.htm",
    kind=PointKind.LISTING_JSON,
    items_key="datasource",
    item_fields={"title": "title", "url": "publishUrl", "published": "publishTime", "byline": "author"},
    id_pattern=r"datasource:\s*[\"']?([0-9a-f]{32})",
    data_url="https://courier.example/list/ds_{id}.json",
)


@pytest.mark.parametrize("point", [pytest.param(DATA, id="described"), pytest.param(None, id="not described")])
def test_the_json_behind_a_listing_is_read(point: EntryPoint | None) -> None:
    feed = parse(
        corpus("datasource.json"), url="https://courier.example/list/ds_1.json", now=NOW, outlet=COURIER, point=point
    )
    assert [entry.title for entry in feed.entries] == ["两国海军举行联合演练", "渡轮时刻调整"]
    first = feed.entries[0]
    assert first.url == "https://courier.example/20261120/0123456789abcdef0123456789abcdef/c.html"
    assert (first.published, first.byline) == (at("2026-11-20T01:30"), "李海")


def test_lists_inside_lists_are_found() -> None:
    body = b'{"data": {"pages": [{"name": "one", "articles": [{"headline": "A", "href": "/a"}]}, {"articles": [{"headline": "B", "href": "/b"}]}]}}'
    assert [entry.title for entry in read(body=body).entries] == ["A", "B"]


def test_an_empty_list_is_a_quiet_day_and_a_missing_one_a_wrong_address() -> None:
    assert read(DATA, body=b'{"datasource": []}').entries == ()
    with pytest.raises(NotAFeed, match="its keys: error"):
        read(DATA, body=b'{"error": "no such list"}')


def test_a_page_tells_where_its_json_is() -> None:
    page = Page(url=DATA.url, text="<script>var list = {datasource: '0123456789abcdef0123456789abcdef'}</script>")
    assert data_address(page, DATA) == "https://courier.example/list/ds_0123456789abcdef0123456789abcdef.json"
    assert data_address(Page(url=DATA.url, text="<p>rebuilt</p>"), DATA) is None
    assert data_address(page, SELECTED) is None


def test_the_links_of_the_page_serve_where_its_json_is_not_to_be_had() -> None:
    assert len(read(DATA).entries) == 4
