"""What is cut from a text, what its page calls it, whom it was taken from and when: one small page for each case."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from scrapers.reading.reading import read
from storage.records import Article, Layout, Outlet, Page

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
URL = "https://www.quay.example/news/ferry-and-bakery"
FIRST = "The ferry sails at dawn, and nobody is late, because the captain lives above the bakery and wakes the street."
SECOND = (
    "On Sundays it waits a quarter of an hour, so that those who sang too long the night before may still catch it."
)
QUAY = Outlet(
    key="quay",
    name="The Quay (English)",
    timezone="Asia/Shanghai",
    title_suffix="| The Quay",
    tails=("Editor: harbour", "TOP STORIES", "来源："),
    layouts=(Layout(body=("#story",), published=(".when",), byline=(".who",), origin=(".from",)),),
)


def story(*paragraphs: str, before: str = "", head: str = "", outlet: Outlet = QUAY, url: str = URL) -> Article:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    text = f"<html><head>{head}</head><body>{before}<div id=story>{body}</div></body></html>"
    return read([Page(url=url, text=text)], now=NOW, outlet=outlet)


@pytest.mark.parametrize(
    ("paragraphs", "kept"),
    [
        pytest.param([FIRST, SECOND, "Editor: harbour"], [FIRST, SECOND], id="the outlet's own tail"),
        pytest.param([FIRST, SECOND, "TOP STORIES", "Gulls close the market"], [FIRST, SECOND], id="and all behind it"),
        pytest.param(
            ["来源：码头报", FIRST, SECOND], [FIRST, SECOND], id="a tail that stands at the top cuts only itself"
        ),
        pytest.param([FIRST, f"{SECOND} (Web editor: Zhang, Li)"], [FIRST, SECOND], id="an editor in brackets"),
        pytest.param([FIRST, SECOND, "(Web editor: Zhang, Li)"], [FIRST, SECOND], id="an editor on a line of his own"),
        pytest.param(
            [FIRST, SECOND, "【纠错】【责任编辑：石头】"], [FIRST, SECOND], id="a Chinese editor and a button"
        ),
        pytest.param([FIRST, SECOND, "责编：周航"], [FIRST, SECOND], id="a Chinese editor, short"),
        pytest.param([FIRST, SECOND, "keeper@quay.example", "(END)"], [FIRST, SECOND], id="a mail address and an END"),
        pytest.param([FIRST, f"{SECOND} (END)"], [FIRST, SECOND], id="an END at the end of a sentence"),
        pytest.param([FIRST, SECOND, "-0-0-0-"], [FIRST, SECOND], id="a press office's zeros"),
        pytest.param([FIRST, SECOND, "1310001234567890"], [FIRST, SECOND], id="a bare page number"),
        pytest.param([FIRST, SECOND, "The Quay"], [FIRST, SECOND], id="the outlet's signature"),
        pytest.param(
            [FIRST, SECOND, "The post Ferry waits appeared first on The Quay."],
            [FIRST, SECOND],
            id="a blog's last line",
        ),
        pytest.param(
            [FIRST, f"{SECOND} Write to keeper@quay.example"],
            [FIRST, f"{SECOND} Write to keeper@quay.example"],
            id="an address inside a sentence stays",
        ),
        pytest.param([FIRST, "Read more: the bakery", SECOND], [FIRST, SECOND], id="an invitation in the middle"),
        pytest.param([FIRST, "Читайте также: пекарня", SECOND], [FIRST, SECOND], id="a Russian invitation"),
        pytest.param(
            [FIRST, f"Read more books, says the captain. {SECOND} {SECOND}", SECOND, FIRST[:60]],
            [FIRST, f"Read more books, says the captain. {SECOND} {SECOND}", SECOND, FIRST[:60]],
            id="a whole paragraph is never an invitation",
        ),
        pytest.param(
            [FIRST, "Editor: a hard trade, he said.", SECOND, SECOND.upper(), FIRST.upper()],
            [FIRST, "Editor: a hard trade, he said.", SECOND, SECOND.upper(), FIRST.upper()],
            id="words like a tail in the middle stay",
        ),
    ],
)
def test_furniture_is_cut_and_the_story_is_not(paragraphs: Sequence[str], kept: Sequence[str]) -> None:
    assert story(*paragraphs).text.split("\n") == kept


@pytest.mark.parametrize(
    ("before", "head", "title"),
    [
        pytest.param("<h1>Ferry waits</h1>", "<title>Ferry waits | The Quay</title>", "Ferry waits", id="the heading"),
        pytest.param(
            "<h1>The Quay</h1>", "<title>Ferry waits | The Quay</title>", "Ferry waits", id="not the site's own name"
        ),
        pytest.param("", '<meta property="og:title" content="Ferry waits">', "Ferry waits", id="og:title"),
        pytest.param("", "<title>Ferry waits - quay.example</title>", "Ferry waits", id="without the host"),
        pytest.param("", "<title>The Quay | Ferry waits</title>", "Ferry waits", id="without a name in front"),
        pytest.param(
            "<h1>Ferry waits for singers</h1>",
            "<title>Ferry waits for singers - World - The Quay</title>",
            "Ferry waits for singers",
            id="without its section",
        ),
        pytest.param("", "<title>轮渡等候歌手-海风网</title>", "轮渡等候歌手", id="without a Chinese site's name"),
        pytest.param(
            "", "<title>State-of-the-art ferry</title>", "State-of-the-art ferry", id="hyphens are no separators"
        ),
    ],
)
def test_a_title_is_the_headline_alone(before: str, head: str, title: str) -> None:
    assert story(FIRST, SECOND, before=before, head=head).title == title


@pytest.mark.parametrize(
    ("written", "byline"),
    [
        pytest.param("By Ada Marsh", "Ada Marsh", id="without By"),
        pytest.param("作者：何知秋", "何知秋", id="without 作者"),
        pytest.param("Автор: Вера Лесная", "Вера Лесная", id="without Автор"),
        pytest.param("The Quay", "", id="the outlet is nobody's name"),
        pytest.param("admin", "", id="nor is an account"),
        pytest.param("https://www.quay.example/authors/7", "", id="nor an address"),
        pytest.param("105092", "", id="nor a number"),
    ],
)
def test_a_byline_is_a_name(written: str, byline: str) -> None:
    assert story(FIRST, SECOND, before=f"<div class=who>{written}</div>").byline == byline


XINHUA = Outlet(key="xinhua-zh-military", name="Xinhua (Chinese), military and general desks", layouts=QUAY.layouts)


@pytest.mark.parametrize(
    ("opening", "before", "outlet", "origin"),
    [
        pytest.param("BEIJING, July 29 (Xinhua) -- It waits.", "", QUAY, "Xinhua", id="an English dateline"),
        pytest.param("新华社北京7月29日电 渡轮等候。", "", QUAY, "新华社", id="a Chinese dateline"),
        pytest.param("新华社北京7月29日电 渡轮等候。", "", XINHUA, "", id="own copy has no origin"),
        pytest.param("MOSCOW, March 8. /TASS/. It waits.", "", QUAY, "TASS", id="a Russian agency's dateline"),
        pytest.param("МОСКВА, 8 мар - РИА Новости. Он ждёт.", "", QUAY, "РИА Новости", id="the same in Russian"),
        pytest.param("It waits (a little).", "", QUAY, "", id="a bracket is no dateline"),
        pytest.param("It waits.", "<div class=from>来源：码头报</div>", QUAY, "码头报", id="a named source"),
        pytest.param("It waits.", "<div class=from>Source: The Quay</div>", QUAY, "", id="naming itself"),
        pytest.param(
            "It waits.", "<div class=who>2026-07-29 10:02:11 Xinhua Editor: Li Yan</div>", QUAY, "Xinhua",
            id="an agency in a line of credits",
        ),
        pytest.param("Source: Kyodo | Editor: Li", "", QUAY, "Kyodo", id="a line of the text"),
    ],
)  # fmt: skip
def test_an_origin_is_somebody_else(opening: str, before: str, outlet: Outlet, origin: str) -> None:
    assert story(opening, FIRST, SECOND, before=before, outlet=outlet).origin == origin


@pytest.mark.parametrize(
    ("path", "head", "before", "published", "basis"),
    [
        pytest.param(
            "/news/1", '<meta property="article:published_time" content="2026-05-07T18:37:07Z">', "",
            "2026-05-07T18:37:07+00:00", "page", id="a meta element",
        ),
        pytest.param(
            "/news/1", "", "<div class=when>2026/5/7 18:37:07</div>", "2026-05-07T18:37:07+08:00", "page",
            id="the outlet's selector, on the outlet's clock",
        ),
        pytest.param(
            "/news/1", "", "<h1>Ferry</h1><p>Updated 7 May 2026, 18:37</p>", "2026-05-07T18:37:00+08:00", "page",
            id="a line under the headline",
        ),
        pytest.param(
            "/news/1", '<meta name="publishdate" content="2026-05-07">', "<h1>Ferry</h1><i>2026-05-07 18:37</i>",
            "2026-05-07T18:37:00+08:00", "page", id="the clock time of the same day says more than the day",
        ),
        pytest.param(
            "/20260507/ferry.html", '<meta name="publishdate" content="2026-05-08">', "",
            "2026-05-08T00:00:00+08:00", "page", id="a day apart from the address is the same night",
        ),
        pytest.param(
            "/20260507/ferry.html", '<meta name="publishdate" content="2026-06-30">', "",
            "2026-05-07T00:00:00+08:00", "address", id="weeks apart, the address is right",
        ),
        pytest.param(
            "/20260507/ferry.html", '<meta name="publishdate" content="2569-05-07">', "",
            "2026-05-07T00:00:00+08:00", "address", id="a year that cannot be is no year",
        ),
    ],
)  # fmt: skip
def test_the_time_is_the_surest_the_page_has(path: str, head: str, before: str, published: str, basis: str) -> None:
    found = story(FIRST, SECOND, before=before, head=head, url=f"https://www.quay.example{path}").published
    assert found is not None
    assert (found.local.isoformat(), found.basis) == (published, basis)


def test_nothing_believable_leaves_the_time_unknown() -> None:
    assert story(FIRST, SECOND, before="<div class=when>soon</div>").published is None


# ------------------------------------------------------------------ the three readers of unknown pages

THIRD = "The bakery opens for the crew at four, and for everybody else when the bell on the pier is rung three times."


def unknown(text: str) -> list[str]:
    return read([Page(url=URL, text=text)], now=NOW).text.split("\n")


def test_the_publishers_own_body_is_broken_as_the_page_breaks_it() -> None:
    said = f'{{"@type": "NewsArticle", "articleBody": "{FIRST} {SECOND} {THIRD}"}}'
    parts = "".join(f"<div><span>{part}</span></div>" for part in (FIRST, "Buy our mug now and drink", SECOND, THIRD))
    assert unknown(f'<script type="application/ld+json">{said}</script><main>{parts}</main>') == [
        FIRST,
        SECOND,
        THIRD,
    ]


def test_a_teaser_in_the_metadata_does_not_shorten_the_story() -> None:
    said = f'{{"@type": "NewsArticle", "articleBody": "{FIRST} {SECOND}"}}'
    more = [FIRST, SECOND, *(f"{number} {THIRD} {THIRD}" for number in ("One.", "Two.", "Three."))]
    page = "".join(f"<p>{part}</p>" for part in more)
    assert unknown(f'<script type="application/ld+json">{said}</script><article>{page}</article>') == more


def test_words_that_are_links_stay_in_their_sentences() -> None:
    linked = SECOND.replace("Sundays", '<span class="link"><a href="/s">Sundays</a></span>')
    assert unknown(f"<article><h1>Ferry</h1><p>{FIRST}</p><p>{linked}</p><p>{THIRD}</p></article>") == [
        FIRST,
        SECOND,
        THIRD,
    ]


def test_a_page_wrapped_in_a_form_is_still_a_page() -> None:
    assert unknown(f"<form><div id=ctl00><p>{FIRST}</p><p>{SECOND}</p></div></form>") == [FIRST, SECOND]
