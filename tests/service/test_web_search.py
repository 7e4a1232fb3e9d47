"""The search page as a reader works with it: the timeline, steady pages, what is alike, and what is proposed while typing."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import quote

import httpx
import pytest

from service.assembly import Service
from service.web.charting import MOST_BARS, bars
from storage.records import Published
from storage.search.results import Timeline
from tests.fakes.house import Clock, a_service
from tests.fakes.reading_room import NOW, pages_of
from tests.fakes.texts import a_verdict, an_article
from tests.service.test_web_pages import Shown


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with a_service(tmp_path_factory.mktemp("search"), clock=Clock(NOW)) as service:
        for number in range(45):
            keep(service, f"p{number:02}", "A joint patrol at sea", days=2 * number)
        keep(service, "alike-1", "Shoigu spoke of lighthouses and fog horns in Qingdao", days=1)
        keep(service, "alike-2", "Шойгу говорил в Циндао о маяках", days=2)
        service.index.catch_up()
        yield service


@pytest.fixture(scope="module")
def site(service: Service) -> Iterator[httpx.Client]:
    with pages_of(service) as base, httpx.Client(base_url=base, trust_env=False) as client:
        yield client


def keep(service: Service, id: str, text: str, *, days: int = 0) -> None:
    article = an_article(
        canonical_id=id,
        title=text,
        text=f"{text}. It ended on time.",
        published=Published(at=NOW - timedelta(days=days)),
    )
    service.archive.articles.keep(article, a_verdict(), now=NOW)


def test_a_timeline_leads_to_its_days_and_months(site: httpx.Client) -> None:
    page = Shown(site, "/search?q=patrol")
    rows = list(zip(page.texts(".timeline td a"), page.texts(".timeline td.number"), strict=True))
    assert sum(int(count) for _, count in rows) == 45
    assert len(page.tree.cssselect(".timeline svg a")) == len(rows), "a bar for each line of the table"
    month, count = rows[0]
    narrowed = Shown(site, page.link(month))
    assert narrowed.texts("h1") == [f"{count} articles found"]
    assert f"Published in: {month} ×: take this filter away" in narrowed.texts(".filters a")
    days = narrowed.texts(".timeline td a")
    assert all(day.startswith(f"{month}-") for day in days), "and within a month day by day"
    assert Shown(site, narrowed.link(days[0])).texts("h1") == ["1 article found"]


def test_pages_stay_steady_while_articles_arrive(service: Service, site: httpx.Client) -> None:
    first = Shown(site, f"/search?q={quote('title:patrol')}&sort=date")
    keep(service, "late", "A patrol that came late")
    service.index.catch_up()
    second = Shown(site, first.link("Further →"))
    third = Shown(site, second.link("Further →"))
    titles = [a.get("href") for page in (first, second, third) for a in page.tree.cssselect(".entries h2 a")]
    assert (len(titles), len(set(titles))) == (45, 45)
    assert Shown(site, third.link("← Back")).texts(".entries h2") == second.texts(".entries h2")
    assert Shown(site, f"/search?q={quote('title:patrol')}").texts("h1") == ["46 articles found"]


def test_an_article_leads_to_what_is_like_it_in_any_language(site: httpx.Client) -> None:
    hits = Shown(site, "/search?q=lighthouses").tree.cssselect(".entries h2 a")
    page = Shown(site, Shown(site, hits[0].get("href")).link("More like this"))
    assert page.texts(".entries h2") == ["Шойгу говорил в Циндао о маяках"]
    assert page.texts(".filters a") == [
        "Like: Shoigu spoke of lighthouses and fog horns in Qingdao ×: take this filter away"
    ]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        pytest.param("shoi", {"query": "Shoigu", "said": "Sergei Shoigu, person"}, id="a name"),
        pytest.param("patrol циндао", {"query": "patrol Циндао", "said": "Qingdao, place"}, id="behind a word"),
        pytest.param("seed:", {"query": "seed:no", "said": "47 articles"}, id="a field"),
    ],
)
def test_what_may_be_typed_is_proposed(site: httpx.Client, typed: str, first: dict[str, str]) -> None:
    answer = site.get("/suggest", params={"q": typed})
    assert answer.headers["content-type"] == "application/json"
    proposed = answer.json()["suggestions"][0]
    assert proposed["query"] == first["query"]
    assert first["said"].split(" ")[-1] in proposed["said"]


def test_the_box_can_be_filled_from_what_is_proposed(site: httpx.Client) -> None:
    page = Shown(site, "/search")
    box = page.tree.cssselect("input[name=q]")[0]
    assert box.get("list") == page.tree.cssselect("datalist")[0].get("id")
    script = site.get(page.tree.cssselect("script")[0].get("src"))
    assert (script.status_code, "/suggest?q=" in script.text) == (200, True)
    assert site.get("/suggest", params={"q": "x" * 20_000}).status_code == 400
    assert site.get("/suggest").json() == {"suggestions": []}


# ------------------------------------------------------------------ the chart


@pytest.mark.parametrize(
    ("per", "counts", "names"),
    [
        pytest.param("month", {}, [], id="nothing to draw"),
        pytest.param("day", {"2025-08-01": 3}, [], id="one day is no timeline"),
        pytest.param("day", {"2025-07-31": 3, "2025-08-02": 1}, ["2025-07-31", "2025-08-01", "2025-08-02"], id="days between are filled in"),
        pytest.param("month", {"2024-12": 3, "2025-02": 1}, ["2024-12", "2025-01", "2025-02"], id="and months"),
        pytest.param("month", {"2019-03": 3, "2024-11": 1, "2024-12": 1}, [f"{year}" for year in range(2019, 2025)], id="many months are told as years"),
        pytest.param("month", {"1000-01": 3, "2025-01": 1}, ["1000", "2025"], id="a wrong year does not fill the page"),
    ],
)  # fmt: skip
def test_a_chart_has_a_bar_for_each_step(per: str, counts: dict[str, int], names: list[str]) -> None:
    drawn = bars(Timeline(per, counts))  # type: ignore[arg-type]
    assert [bar.when for bar in drawn] == names
    assert len(drawn) <= 2 * MOST_BARS
    assert sum(bar.count for bar in drawn) == (sum(counts.values()) if names else 0)
    assert all(bar.height > 0 for bar in drawn if bar.count)
