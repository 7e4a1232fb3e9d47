"""Whatever comes, reading ends with an article or with NotAnArticle: never with a traceback, never with a garbled text."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrapers.errors import NotAnArticle
from scrapers.outlets.loading import read_outlets
from scrapers.reading.reading import next_page, read, read_entry
from scrapers.reading.trees import select, tree_of
from storage.records import Article, Entry, Layout, Outlet, Page

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
URL = "https://www.quay.example/20261120/ferry_1.html"
PROSE = (
    "The ferry sails at dawn, and nobody is late, because the captain lives above the bakery and wakes the street. " * 3
)
ANY = Outlet(
    key="any",
    name="Any",
    next_page_pattern=r"_(\d+)\.html",
    layouts=(Layout(title=("h1.t",), body=("div p", "textarea"), stop="hr", exclude=("i",), published=("time",)),),
)


def outcome(text: str, outlet: Outlet | None = None) -> Article | None:
    try:
        return read([Page(url=URL, text=text)], now=NOW, outlet=outlet)
    except NotAnArticle:
        return None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="an empty page"),
        pytest.param(" \n\t ", id="white space"),
        pytest.param("\0\0\0", id="NUL bytes"),
        pytest.param("<!-- nothing -->", id="a comment"),
        pytest.param("<![\0\n&", id="a broken declaration"),
        pytest.param("a" * 1_000_000, id="a megabyte of one character"),
        pytest.param("<" * 100_000, id="a hundred thousand brackets"),
        pytest.param("<frameset><frame src=x></frameset>", id="a frameset"),
        pytest.param(
            "".join(f"<a href=/{n}>One headline of many, number {n}</a> " for n in range(3_000)), id="only links"
        ),
        pytest.param("<p>x" + " \t" * 200_000, id="a lot of nothing"),
        pytest.param("<div>" * 10_000 + PROSE, id="ten thousand nested elements"),
    ],
)
def test_what_holds_no_story_is_refused(text: str) -> None:
    with pytest.raises(NotAnArticle, match=URL):
        read([Page(url=URL, text=text)], now=NOW)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<div>" * 1_000 + f"<p>{PROSE}</p>", id="a thousand nested elements"),
        pytest.param("<table>" * 1_000 + f"<p>{PROSE}</p>", id="a thousand nested tables"),
        pytest.param('<script type="application/ld+json">' + "[" * 100_000 + f"</script><p>{PROSE}", id="deep JSON-LD"),
        pytest.param(
            '<script type="application/ld+json">{"@type": ["NewsArticle", null], "author": [1, {"name": {"name": []}}], '
            f'"headline": 5, "datePublished": {{}}, "articleBody": []}}</script><p>{PROSE}',
            id="JSON-LD of the wrong types",
        ),
        pytest.param(f'<?xml version="1.0" encoding="gbk"?><html><body><p>{PROSE}', id="an XML declaration"),
        pytest.param(f"<title>{' - ' * 50_000}</title><p>{PROSE}", id="a title of separators"),
        pytest.param(f"<p>{PROSE}</p><p>{'a@' * 50_000}</p>", id="almost a mail address"),
        pytest.param(f"<p>{PROSE}</p>" + "<h1>x y</h1>" * 5_000, id="five thousand headlines"),
    ],
)
def test_a_story_is_found_in_spite_of_what_surrounds_it(text: str) -> None:
    assert PROSE[:100] in read([Page(url=URL, text=text)], now=NOW).text


def test_characters_that_cannot_be_kept_are_left_out() -> None:
    found = outcome(f"<h1>Fe\x01rry</h1><p>\ud800{PROSE}\x1b\x00\u200b\ufffe</p>", ANY)
    assert found is not None
    assert found.text == PROSE.strip()
    assert found.text.encode()
    assert found.title.encode()


def test_no_page_at_all_is_refused() -> None:
    with pytest.raises(NotAnArticle, match="no page was given"):
        read([], now=NOW)


@pytest.mark.parametrize("outlet", read_outlets(), ids=lambda outlet: outlet.key)
def test_every_selector_of_our_outlets_is_one_that_reading_understands(outlet: Outlet) -> None:
    tree = tree_of("<p>x</p>")
    assert tree is not None
    for layout in outlet.layouts:
        fields = (
            layout.title,
            layout.body,
            layout.lead,
            layout.byline,
            layout.published,
            layout.exclude,
            layout.origin,
        )
        for css in filter(None, (*(css for field in fields for css in field), layout.stop)):
            assert select(tree, css) in ([], [*tree.iter("p")])


PIECES = st.sampled_from(
    [
        "<p>", "</p>", "<div>", "</div>", "<article>", "<h1 class=t>", "</h1>", "<a href='x_2.html'>", "</a>", "<br>", "<hr>",
        "<i>", "<table><tr><td>", "<li>", "<script type='application/ld+json'>", "</script>", '{"@type":"NewsArticle",',
        '"articleBody":"', '"}', "<textarea>", "</textarea>", "&lt;p&gt;", "&#0;", "&#xd800;", "<!--", "-->", "<![CDATA[",
        "<time datetime=", "2026-11-20", "<meta name=author content=", "<title>", "来源：", "责编：", "(END)", PROSE, "军演" * 40,
        "учение " * 20, "\ud800", "\x00",
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=20)), max_size=25).map("".join))
def test_no_page_ends_otherwise(text: str) -> None:
    for outlet in (None, ANY):
        found = outcome(text, outlet)
        if found is not None:
            assert found.title
            assert found.text.strip() == found.text
            assert f"{found.title}{found.text}{found.byline}{found.origin}".encode()
    next_page(Page(url=URL, text=text), outlet=ANY, have=[])


@settings(max_examples=100, deadline=None)
@given(
    content=st.lists(st.one_of(PIECES, st.text(max_size=20)), max_size=8).map("".join),
    summary=st.text(),
    title=st.text(),
    url=st.text(),
)
def test_no_entry_ends_otherwise(content: str, summary: str, title: str, url: str) -> None:
    try:
        found = read_entry(Entry(url=url, title=title, summary=summary, content=content), outlet=ANY, now=NOW)
    except NotAnArticle:
        return
    assert found.text
    assert f"{found.title}{found.text}".encode()
