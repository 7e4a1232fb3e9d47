"""Addresses: one spelling each, whose they are, and the date some of them carry."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.parsing.addresses import canonical_id, canonical_url, date_in_address, fill_date, is_article
from storage.records import EntryPoint, Outlet, PointKind


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        pytest.param(
            "https://a.example/n/1?utm_source=x&utm_medium=y", "https://a.example/n/1", id="campaigns are cut"
        ),
        pytest.param(
            "https://a.example/n/1?fbclid=q&gclid=r#top", "https://a.example/n/1", id="clicks and fragments too"
        ),
        pytest.param(
            "https://a.example/n/10021?from=rss&place=main1", "https://a.example/n/10021", id="who sent the reader"
        ),
        pytest.param(
            "https://a.example/list?section=2", "https://a.example/list?section=2", id="unless it says what to show"
        ),
        pytest.param(
            "https://a.example/all.aspx?PRID=21&from=x", "https://a.example/all.aspx?PRID=21&from=x", id="PRID stays"
        ),
        pytest.param(
            "http://a.example/p.htm?dtl/39000/Talks", "http://a.example/p.htm?dtl/39000/Talks", id="dtl/ stays"
        ),
        pytest.param(
            "https://a.example/v.php?id=7&b=&a=1", "https://a.example/v.php?id=7&b=&a=1", id="a query keeps its order"
        ),
        pytest.param("https://a.example/news%3A910%3ATitle", "https://a.example/news:910:Title", id="%3A is a colon"),
        pytest.param(
            "https://a.example/%7euser/%e4%b8%ad", "https://a.example/~user/%E4%B8%AD", id="escapes are alike"
        ),
        pytest.param(
            "https://a.example/новости",
            "https://a.example/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8",
            id="letters are escaped",
        ),
        pytest.param("HTTPS://A.Example:443/b/../c/./d", "https://a.example/c/d", id="host, port and dots"),
        pytest.param("http://a.example:80", "http://a.example/", id="a bare host"),
        pytest.param("http://a.example:8080/x", "http://a.example:8080/x", id="a port of its own stays"),
        pytest.param("  https://a.example/x\n", "https://a.example/x", id="white space around"),
        pytest.param("mailto:desk@a.example", "mailto:desk@a.example", id="not of the web"),
        pytest.param("http://[broken", "http://[broken", id="not an address at all"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_an_address_has_one_spelling(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


@given(st.text(max_size=60).map(lambda tail: f"https://a.example/{tail}"))
def test_the_canonical_spelling_is_final(url: str) -> None:
    assert canonical_url(canonical_url(url)) == canonical_url(url)


COURIER = Outlet(
    key="courier",
    name="Harbour Courier",
    hosts=("www.courier.example", "m.courier.example"),
    article_url_pattern=r"/news/\d{8}/[\w-]+\.html",
    canonical_id=r"(?:-(\d+)\.html|/story/(\w+))",
    not_articles=(r"/news/\d{8}/gallery-",),
)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        pytest.param("https://www.courier.example/news/20261120/quiet-sea-10021.html", "10021", id="by its number"),
        pytest.param(
            "http://m.courier.example/news/20261120/quiet-10021.html?from=m", "10021", id="the same on another host"
        ),
        pytest.param("https://courier.example/story/ab12", "ab12", id="by the second group where the first is empty"),
        pytest.param(
            "http://courier.example/about?utm_source=x", "courier.example/about", id="by its address otherwise"
        ),
    ],
)
def test_an_article_has_one_key(url: str, key: str) -> None:
    assert canonical_id(COURIER, url) == key


def test_without_an_outlet_http_and_https_are_one() -> None:
    assert canonical_id(None, "http://a.example/x") == canonical_id(None, "https://A.example/x#y") == "a.example/x"


LISTING = EntryPoint(url="https://www.courier.example/", kind=PointKind.LISTING, item_link_pattern=r"/harbour/\d+$")
RELATIVE = EntryPoint(url="https://www.courier.example/", kind=PointKind.LISTING, item_link_pattern=r"^/(?:en|ru)/")


@pytest.mark.parametrize(
    ("url", "point", "verdict"),
    [
        pytest.param("https://www.courier.example/news/20261120/a-1.html", None, True, id="host and pattern fit"),
        pytest.param("https://courier.example/news/20261120/a-1.html", None, True, id="www. makes no difference"),
        pytest.param("https://courier.example:8443/news/20261120/a-1.html", None, True, id="nor does a port"),
        pytest.param(
            "https://courier.example.evil.example/news/20261120/a-1.html",
            None,
            False,
            id="a host that only begins alike",
        ),
        pytest.param("https://mirror.example/news/20261120/a-1.html", None, False, id="a copy on another host"),
        pytest.param("https://www.courier.example/weather", None, False, id="the pattern does not fit"),
        pytest.param("https://www.courier.example/news/20261120/gallery-1.html", None, False, id="named as no article"),
        pytest.param("https://www.courier.example/harbour/12", LISTING, True, id="a list's own pattern stands in"),
        pytest.param(
            "https://www.courier.example/news/20261120/a-1.html", LISTING, False, id="and is the only one then"
        ),
        pytest.param("https://www.courier.example/ru/x", RELATIVE, True, id="a pattern may begin at the path"),
        pytest.param("ftp://www.courier.example/news/20261120/a-1.html", None, False, id="not of the web"),
        pytest.param("https://[broken/news/20261120/a-1.html", None, False, id="not an address"),
    ],
)
def test_an_outlet_knows_its_articles(url: str, point: EntryPoint | None, verdict: bool) -> None:
    assert is_article(COURIER, url, point) is verdict


def test_an_outlet_without_hosts_and_patterns_takes_any_page() -> None:
    assert is_article(Outlet(key="any", name="Any"), "https://a.example/x")


@pytest.mark.parametrize(
    ("path", "day"),
    [
        pytest.param("/20260206/0123456789abcdef0123456789abcdef/c.html", date(2026, 2, 6), id="/YYYYMMDD/"),
        pytest.param("/a/202604/02/WS69cdc9dba310d6866eb4159a.html", date(2026, 4, 2), id="/YYYYMM/DD/"),
        pytest.param("/english/2019-11/17/c_138562299.htm", date(2019, 11, 17), id="/YYYY-MM/DD/"),
        pytest.param("/news/2026-04-02/Talks-1a2b/p.html", date(2026, 4, 2), id="/YYYY-MM-DD/"),
        pytest.param("/2026/11/02/talks", date(2026, 11, 2), id="/YYYY/MM/DD/"),
        pytest.param("/Detail/2026/3/2/700123/Talks", date(2026, 3, 2), id="/YYYY/M/D/"),
        pytest.param("/wjbzhd/202603/t20260331_11884511.html", date(2026, 3, 31), id="tYYYYMMDD_"),
        pytest.param("/n3/2026/0401/c90786-20441234.html", date(2026, 4, 1), id="/YYYY/MMDD/"),
        pytest.param("/gn/2026/04-01/10123456.shtml", date(2026, 4, 1), id="/YYYY/MM-DD/"),
        pytest.param("/view/AEN20260304001234567", date(2026, 3, 4), id="letters, date, number"),
        pytest.param("/js/pdf/2024/p20240312_01.pdf", date(2024, 3, 12), id="pYYYYMMDD_"),
        pytest.param(
            "/news/china/2026/07/china-260729-courier05.htm", date(2026, 7, 29), id="a short date its year confirms"
        ),
        pytest.param("/news/china-260729-courier05.htm", None, id="a short date nothing confirms"),
        pytest.param("/page/202611/1236019.shtml", None, id="a month is no day"),
        pytest.param("/defense/20350191", None, id="a number is no date"),
        pytest.param("/20260231/x.html", None, id="the 31st of February"),
        pytest.param("/25690402/x.html", None, id="the year 2569"),
    ],
)
def test_some_addresses_carry_their_date(path: str, day: date | None) -> None:
    assert date_in_address(f"https://a.example{path}") == day


@pytest.mark.parametrize(
    ("url", "filled"),
    [
        pytest.param("http://a.example/YYYY/MM/DD/index.json", "http://a.example/2026/01/05/index.json", id="folders"),
        pytest.param("http://a.example/all/YYYYMMDD_1.xml", "http://a.example/all/20260105_1.xml", id="in one"),
        pytest.param("http://a.example/archive:YYYY-MM-DD", "http://a.example/archive:2026-01-05", id="with dashes"),
        pytest.param("http://a.example/?year=YYYY&mount=MM", "http://a.example/?year=2026&mount=01", id="in a query"),
        pytest.param(
            "http://a.example/COMMAND/YYYY/SUMMARY", "http://a.example/COMMAND/2026/SUMMARY", id="words stay words"
        ),
        pytest.param("http://a.example/DD/MM", "http://a.example/DD/MM", id="no year, no date"),
    ],
)
def test_the_day_is_filled_in(url: str, filled: str) -> None:
    assert fill_date(url, date(2026, 1, 5)) == filled
