"""Pages we wrote ourselves become the articles they should: every layout, encoding and trap we know, without any network."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from scrapers.errors import NotAnArticle
from scrapers.parsing.decoding import to_page
from scrapers.reading.reading import next_page, read, read_entry
from storage.records import Article, Basis, Entry, Layout, Outlet, Page, Published

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
PAGES = Path(__file__).resolve().parents[1] / "corpus" / "pages"
DESCRIBED = sorted(path.stem for path in PAGES.glob("*.json"))
BEIJING = {"timezone": "Asia/Shanghai", "languages": ("zh",)}

OUTLETS = {
    outlet.key: outlet
    for outlet in (
        Outlet(
            key="plain-times",
            name="Plain Times",
            timezone="Asia/Shanghai",
            tails=("Newspaper headline:",),
            layouts=(
                Layout(
                    title=("div.article_title",),
                    body=("div.article_content div.article_right",),
                    exclude=(".picture",),
                    byline=("span.byline",),
                    published=("span.pub_time",),
                    published_pattern=r"Published:\s*([A-Z][a-z]{2} \d{1,2}, \d{4} \d{1,2}:\d{2} [AP]M)",
                    published_formats=("%b %d, %Y %I:%M %p",),
                ),
            ),
        ),
        Outlet(
            key="sea-wind",
            name="海风网",
            **BEIJING,
            tails=("责编",),
            layouts=(
                Layout(
                    body=("div.rm_txt_con > p",),
                    byline=("div.edit",),
                    byline_pattern=r"：(.*)\)",
                    published=("meta[name=publishdate]",),
                    published_formats=("%Y-%m-%d",),
                    origin=("meta[name=source]",),
                ),
            ),
        ),
        Outlet(
            key="volga-lines",
            name="Речные строки",
            timezone="Europe/Moscow",
            languages=("ru",),
            layouts=(
                Layout(
                    title=(".article__title",),
                    lead=(".article__second-title",),
                    body=("div.article__text",),
                    published=(".article__date",),
                ),
            ),
        ),
        Outlet(
            key="city-ring",
            name="环城网",
            **BEIJING,
            tails=("责编",),
            layouts=(
                Layout(
                    title=("textarea.article-title",),
                    body=("textarea.article-content",),
                    byline=("textarea.article-author",),
                    published=("textarea.article-time",),
                    origin=("textarea.article-source-name",),
                ),
            ),
        ),
        Outlet(
            key="daily-orchard",
            name="Daily Orchard",
            timezone="Asia/Shanghai",
            tails=("(Web editor:",),
            layouts=(
                Layout(
                    title=("h1",),
                    body=("#Content > p",),
                    byline=(".info_l",),
                    byline_pattern=r"By ([^|]+)",
                    published=(".info_l", "meta[name=publishdate]"),
                    published_pattern=r"(\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2})?)",
                    origin=(".info_l",),
                ),
            ),
        ),
        Outlet(
            key="moonhap",
            name="Moonhap News Agency",
            timezone="Asia/Seoul",
            title_suffix="| Moonhap News Agency",
            layouts=(
                Layout(
                    title=('meta[property="og:title"]',),
                    body=("article.story-news p",),
                    exclude=(".related-group",),
                    published=('meta[property="article:published_time"]',),
                ),
            ),
        ),
        Outlet(
            key="hill-house",
            name="Дом на холме",
            timezone="Europe/Moscow",
            layouts=(
                Layout(
                    title=("h1.entry-title",),
                    body=("[itemprop=articleBody] p",),
                    exclude=("span.read__tooltip",),
                    stop=".read__bottom",
                    published=(".read__meta time[datetime]",),
                ),
            ),
        ),
        Outlet(
            key="morning-port",
            name="晨港网",
            **BEIJING,
            title_suffix="-晨港网",
            tails=("【纠错】", "责任编辑"),
            layouts=(
                Layout(
                    title=("div.h-title",),
                    body=("#p-detail p",),
                    published=("span.h-time",),
                    published_formats=("%Y-%m-%d %H:%M:%S",),
                ),
                Layout(since=datetime(2024, 1, 1, tzinfo=UTC), title=("h1",), body=("#detail p",)),
            ),
        ),
        Outlet(
            key="reprints",
            name="Reprints.example",
            timezone="America/New_York",
            reprint_url_pattern=r"/[a-z]+-\d{6}-(?P<origin>[a-z-]+?)\d{2}\.html?",
            layouts=(Layout(body=("#content p",)),),
        ),
    )
}


def described(name: str) -> dict[str, Any]:
    expected: dict[str, Any] = json.loads((PAGES / f"{name}.json").read_text(encoding="utf-8"))
    return expected


def page(name: str, url: str) -> Page:
    return to_page((PAGES / f"{name}.html").read_bytes(), url=url)


def article(name: str) -> Article:
    expected = described(name)
    return read([page(name, expected["url"])], now=NOW, outlet=OUTLETS.get(expected.get("outlet", "")))


@pytest.mark.parametrize("name", DESCRIBED)
def test_a_page_holds_its_story_and_nothing_around_it(name: str) -> None:
    assert article(name).text.split("\n") == described(name)["text"]


@pytest.mark.parametrize("name", DESCRIBED)
def test_a_page_says_what_it_is_called_who_wrote_it_and_whom_it_copies(name: str) -> None:
    read_from, expected = article(name), described(name)
    assert {key: getattr(read_from, key) for key in ("title", "byline", "language", "origin")} == {
        key: expected[key] for key in ("title", "byline", "language", "origin")
    }


@pytest.mark.parametrize("name", DESCRIBED)
def test_a_page_says_when_it_was_published_on_its_outlets_clock(name: str) -> None:
    published, expected = article(name).published, described(name)
    assert published is not None
    assert (published.local.isoformat(), published.basis) == (expected["published"], expected["basis"])


# ------------------------------------------------------------------ several pages

BRIEFING = "http://www.lampoffice.example/gfbw/xwfyr/16400001.html"
LAMP_OFFICE = Outlet(
    key="lamp-office",
    name="灯塔办公室",
    **BEIJING,
    next_page_pattern=r"/\d{6,9}_(\d+)\.html",
    layouts=(Layout(title=("h1",), body=("#article-content",), exclude=(".caption",)),),
)


def follow(first: Page, others: dict[str, Page], outlet: Outlet) -> list[Page]:
    pages = [first]
    while (url := next_page(pages[-1], outlet=outlet, have=[one.url for one in pages])) in others:
        pages.append(others[url])
    return pages


def test_a_briefing_on_three_pages_is_one_article_without_repeated_paragraphs() -> None:
    rest = {url: page(f"briefing_zh_{n}", url) for n in (2, 3) for url in [BRIEFING.replace(".html", f"_{n}.html")]}
    whole = read(follow(page("briefing_zh_1", BRIEFING), rest, LAMP_OFFICE), now=NOW, outlet=LAMP_OFFICE)
    assert whole.url == BRIEFING
    assert whole.text.split("\n") == [
        "问：请介绍一下新灯塔的情况。",
        "答：新灯塔建在海峡最窄的地方，灯光可以照到二十海里以外。施工队一共用了三百天，其中有九十天在等风停。",
        "问：守塔的人住在哪里？",
        "答：他们住在塔下的石屋里，每个月换一次班，换班那天岛上会升起一面蓝旗。",
        "问：旧灯塔会拆掉吗？",
        "答：不会。旧灯塔将改成图书馆，所有的书都按航线的顺序摆放，欢迎大家来看。",
    ]


def test_a_further_page_may_be_short_empty_or_print_whole_what_the_last_broke_off() -> None:
    texts = (
        f"<div id=article-content><p>{PROSE}</p><p>The bell on the pier</p></div>",
        "",
        "<div id=article-content><p>The bell on the pier is rung twice.</p></div>",
    )
    pages = [Page(url=BRIEFING, text=text) for text in texts]
    assert read(pages, now=NOW, outlet=LAMP_OFFICE).text == f"{PROSE.strip()}\nThe bell on the pier is rung twice."


ORCHARD = "https://www.orchard.example/a/202604/02/WS69cdc9dba310d6866eb4159a.html"


def numbered(number: int) -> str:
    return ORCHARD.replace(".html", f"_{number}.html")


@pytest.mark.parametrize(
    ("here", "links", "have", "found"),
    [
        pytest.param(ORCHARD, [numbered(2)], [], numbered(2), id="the second page follows the first"),
        pytest.param(ORCHARD, ["WS69cdc9dba310d6866eb4159a_2.html"], [], numbered(2), id="a link may be relative"),
        pytest.param(numbered(2), [ORCHARD, numbered(3)], [ORCHARD], numbered(3), id="the third follows the second"),
        pytest.param(numbered(2), [ORCHARD], [], None, id="the last page leads nowhere"),
        pytest.param(ORCHARD, [numbered(3)], [], None, id="a page is never skipped"),
        pytest.param(ORCHARD, [numbered(2)], [numbered(2)], None, id="a page is never read twice"),
        pytest.param(
            ORCHARD, [numbered(2).replace("www.orchard", "other")], [], None, id="another host continues nothing"
        ),
        pytest.param(
            ORCHARD,
            ["/a/202604/02/WS11cdc9dba310d6866eb41500_2.html"],
            [],
            None,
            id="another article's second page is not ours",
        ),
        pytest.param(ORCHARD, ["http://[bad/x_2.html"], [], None, id="a link that is no address is passed over"),
    ],
)
def test_the_next_page_of_an_article(here: str, links: Sequence[str], have: list[str], found: str | None) -> None:
    outlet = Outlet(key="o", name="O", next_page_pattern=r"WS[0-9a-f]{24}_(\d+)\.html")
    text = "".join(f'<a href="{link}">next</a>' for link in links)
    assert next_page(Page(url=here, text=text), outlet=outlet, have=have) == found


def test_an_outlet_without_a_pattern_has_articles_of_one_page() -> None:
    assert next_page(Page(url=ORCHARD, text=f'<a href="{numbered(2)}">2</a>'), outlet=None, have=[]) is None


# ------------------------------------------------------------------ what is no article


@pytest.mark.parametrize(
    ("name", "said"),
    [
        pytest.param("photo_en", "photo, video or section page", id="a page of pictures with a caption"),
        pytest.param("section_en", "photo, video or section page", id="a section page, all links"),
        pytest.param("challenge_en", "challenge page", id="a page that wants proof of a browser"),
    ],
)
def test_a_page_without_a_story_is_refused_with_its_address_and_what_to_do(name: str, said: str) -> None:
    with pytest.raises(NotAnArticle, match=said) as refused:
        read([page(name, "https://www.example.org/x")], now=NOW)
    assert refused.value.url == "https://www.example.org/x"
    assert "https://www.example.org/x" in str(refused.value)


def test_a_layout_of_yesterday_falls_back_to_what_any_page_shows() -> None:
    outlet = Outlet(key="o", name="O", layouts=(Layout(title=(".gone",), body=(".gone p", "p[[broken")),))
    expected = described("lighthouse_en")
    found = read([page("lighthouse_en", expected["url"])], now=NOW, outlet=outlet)
    assert (found.title, found.text.split("\n")) == (expected["title"], expected["text"])


# ------------------------------------------------------------------ what the feed adds

PROSE = (
    "The ferry sails at dawn, and nobody is late, because the captain lives above the bakery and wakes the street. " * 3
)


def entry(**fields: Any) -> Entry:
    return Entry(url="https://o.example/20260304/ferry-1.html", title="Ferry <b>sails</b> at dawn", **fields)


def test_a_feed_fills_in_what_the_page_does_not_say() -> None:
    told = Published(at=datetime(2026, 3, 4, 5, 30, tzinfo=UTC), offset_minutes=60, basis=Basis.FEED)
    bare = Page(url=entry().url, text=f"<p>{PROSE}</p>")
    found = read([bare], now=NOW, entry=entry(published=told, byline="By Ada Marsh"))
    assert (found.published, found.byline) == (told, "Ada Marsh")


@pytest.mark.parametrize(
    ("day", "basis"),
    [
        pytest.param(4, Basis.FEED, id="the feed's time, when it is of the day in the address"),
        pytest.param(9, Basis.ADDRESS, id="the day in the address, when the feed names another"),
    ],
)
def test_the_address_overrules_a_time_of_another_day(day: int, basis: Basis) -> None:
    told = Published(at=datetime(2026, 3, day, 5, 30, tzinfo=UTC), basis=Basis.FEED)
    found = read([Page(url=entry().url, text=f"<p>{PROSE}</p>")], now=NOW, entry=entry(published=told))
    assert found.published is not None
    assert (found.published.basis, found.published.local.day) == (basis, 4)


@pytest.mark.parametrize(
    ("fields", "text", "is_summary"),
    [
        pytest.param({"content": f"<p>{PROSE}</p><p>Tail: x</p>"}, PROSE.strip(), False, id="full text in the feed"),
        pytest.param({"summary": "A captain &amp; a bakery."}, "A captain & a bakery.", True, id="only a summary"),
        pytest.param(
            {"content": "Ferry sails", "summary": "More."}, "More.", True, id="content that is only the title"
        ),
        pytest.param({"content": "Two words"}, "Two words", True, id="content too short to be the story"),
    ],
)
def test_an_entry_is_an_article_as_far_as_it_goes(fields: dict[str, str], text: str, is_summary: bool) -> None:
    outlet = Outlet(key="o", name="O", timezone="Europe/Moscow", languages=("en",), tails=("Tail:",))
    found = read_entry(entry(**fields), outlet=outlet, now=NOW)
    assert (found.title, found.text, found.summary_only) == ("Ferry sails at dawn", text, is_summary)
    assert (found.outlet, found.language) == ("o", "en")


def test_an_entry_without_text_is_refused() -> None:
    with pytest.raises(NotAnArticle, match="feed carries no text"):
        read_entry(entry(), outlet=Outlet(key="o", name="O"), now=NOW)
