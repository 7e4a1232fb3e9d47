"""The walk back: a page visited again for a month, edited, vanished, back again; and what a visit may cost."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from service.assembly import Service
from service.runs.intake import run_intake
from service.runs.revisiting import Met, Revisited, run_revisits
from storage.records import Kept, Outlet
from tests.fakes.house import Clock, a_feed, a_page, a_service, an_outlet, drill
from tests.fakes.outlet_server import OutletServer

NOW = datetime(2026, 11, 1, 6, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TITLE = "China and Russia begin joint exercise"

TEA = tuple(
    f"{word} exports grew in the harbour again this year, farmers told us on their way home from the market, and the weather "
    "was good for it all along the coast."
    for word in ("Tea", "Rice", "Silk")
)


@dataclass
class Desk:
    """One outlet, one service on it, and a clock in the test's hand."""

    server: OutletServer
    service: Service
    clock: Clock

    def publish(self, *numbers: int) -> None:
        links = [(self.server.url(f"/news/{number}.html"), f"{TITLE} {number}") for number in numbers]
        self.server.answer("/feed", a_feed(*links))

    def print(self, number: int, *paragraphs: str, title: str = "", **answer: str) -> None:
        self.server.answer(f"/news/{number}.html", a_page(title or f"{TITLE} {number}", *paragraphs), **answer)  # type: ignore[arg-type]

    def change(self, number: int, *paragraphs: str, **answer: object) -> None:
        """Another page, or another answer, in the place of the one that stands there."""
        self.server.forget(f"/news/{number}.html")
        if paragraphs:
            self.print(number, *paragraphs)
        else:
            self.server.answer(f"/news/{number}.html", **answer)  # type: ignore[arg-type]

    def intake(self) -> None:
        with self.service.web_fetcher() as fetcher:
            run_intake(self.service.intake(fetcher), self.service.outlets, only_due=False)

    def again(self, later: timedelta = timedelta(0)) -> list[Revisited]:
        """What a run meets, so much later."""
        self.clock.now += later
        with self.service.web_fetcher() as fetcher:
            return run_revisits(self.service.revisiting(fetcher), self.service.outlets)

    def met(self, later: timedelta = timedelta(0)) -> list[Met]:
        return [one.met for one in self.again(later)]

    @property
    def kept(self) -> Kept:
        [kept] = self.service.archive.articles.newest(limit=10)
        return kept

    def asked(self, number: int) -> int:
        return self.server.paths().count(f"/news/{number}.html")


@pytest.fixture
def server() -> Iterator[OutletServer]:
    with OutletServer() as running:
        yield running


@pytest.fixture
def open_desk(tmp_path: Path, server: OutletServer) -> Iterator[Callable[..., Desk]]:
    clock = Clock(NOW)
    opened: list[object] = []

    def desk(*, outlet: Outlet | None = None, **settings: str) -> Desk:
        press = [outlet or an_outlet(server.host, "/feed")]
        manager = a_service(tmp_path, press=press, clock=clock, hosts=[server.host], **settings)
        opened.append(manager)
        return Desk(server, manager.__enter__(), clock)

    yield desk
    for manager in reversed(opened):
        manager.__exit__(None, None, None)  # type: ignore[attr-defined]


@pytest.fixture
def desk(open_desk: Callable[..., Desk]) -> Desk:
    """One article was read; its page stands there for good, without validators."""
    opened = open_desk()
    opened.publish(1)
    opened.print(1, *drill())
    opened.intake()
    return opened


def test_a_page_is_visited_again_in_a_rhythm_that_decays_over_a_month(desk: Desk) -> None:
    visited = []
    for later in [*[HOUR] * 26, *[DAY] * 38]:
        if desk.again(later):
            visited.append(desk.clock.now - NOW)
    on_time = [HOUR, 6 * HOUR, DAY]
    assert visited[:3] == on_time
    assert [rest // DAY for rest in visited[3:]] == [3, 7, 30], "looked for once a day, found due once each"
    assert len(desk.service.archive.articles.revisions(desk.kept.id)) == 1


def test_an_unchanged_page_says_so_in_one_answer_without_a_body(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    desk.publish(1)
    desk.print(1, *drill(), etag='"1"', last_modified="Sun, 01 Nov 2026 05:00:00 GMT")
    desk.intake()
    assert desk.met(HOUR) == [Met.SAME]
    assert desk.met(5 * HOUR) == [Met.SAME]
    asked = [request.headers for request in desk.server.asked if request.path == "/news/1.html"]
    assert ["if-none-match" in headers for headers in asked] == [False, True, True]
    assert asked[2]["if-none-match"] == '"1"', "304 leaves the validators as they were"


def test_an_edit_is_a_revision_that_says_what_it_touched(desk: Desk) -> None:
    desk.change(1, *(line.replace("Sea of Japan", "Yellow Sea") for line in drill()))
    assert desk.met(HOUR) == [Met.REVISED]
    kept = desk.kept
    first, second = desk.service.archive.articles.revisions(kept.id)
    assert ("Sea of Japan" in first.text, "Yellow Sea" in second.text) == (True, True)
    assert (kept.edits, kept.matters, second.captured) == (1, 2, desk.clock.now)
    assert ("Sea of Japan", "Yellow Sea") in {(one.was, one.now) for one in second.touched or ()}


def test_furniture_that_moves_is_no_edit(desk: Desk) -> None:
    later = []
    for minute, rest in enumerate((HOUR, 5 * HOUR, 18 * HOUR)):
        desk.change(1, f"Updated: 10:0{minute} GMT", *drill(), f"Views: {minute * 17}", "Related: Weather at sea")
        later += desk.met(rest)
    assert later == [Met.SAME] * 3
    assert desk.kept.edits == 0


GONE: dict[str, dict[str, object]] = {
    "a page that answers 404": {"status": 404},
    "a page that answers 410": {"status": 410},
    "a page that leads to the front page": {"status": 302, "headers": {"Location": "/"}},
    "a page that leads to the front of its section": {"status": 301, "headers": {"Location": "/news/"}},
    "a page that says under 200 that it is not found": {"body": a_page("Page not found", "Try the front page.")},
    "the same in Russian": {"body": a_page("Страница не найдена", "Запрошенная страница удалена или перенесена.")},
    "the same in Chinese": {"body": a_page("出错了", "抱歉，您访问的页面不存在。")},
    "a page that leads to another story": {"status": 302, "headers": {"Location": "/news/2.html"}},
}


@pytest.mark.parametrize("answer", GONE.values(), ids=GONE)
def test_a_vanished_page_is_gone_after_two_confirmations_a_day_apart(desk: Desk, answer: dict[str, object]) -> None:
    desk.server.answer("/", b"<html><head><title>The Gazette</title></head><body><h1>The Gazette</h1></body></html>")
    desk.server.answer("/news/", b"<html><head><title>News</title></head><body><h1>News</h1></body></html>")
    desk.print(2, *TEA, title="Tea exports grow")
    desk.change(1, **answer)
    assert desk.met(HOUR) == [Met.MISSING]
    assert desk.met(5 * HOUR) == [Met.MISSING], "six hours later it is missing still, which confirms nothing"
    assert desk.kept.gone_since is None
    assert desk.met(18 * HOUR) == [Met.MISSING], "the rhythm's own day ends an hour before the day since it was missed"
    assert desk.met(HOUR) == [Met.GONE]
    kept = desk.kept
    assert (kept.gone_since, kept.edits) == (NOW + HOUR, 0)
    assert "number 1" in kept.article.text, "its text stays"
    [absence] = desk.service.archive.revisits.absences(kept.id)
    assert (absence.since, absence.confirmed, absence.back) == (NOW + HOUR, NOW + 25 * HOUR, None)
    assert absence.why


def test_what_comes_back_is_back_and_its_absence_remembered(desk: Desk) -> None:
    desk.change(1, status=404)
    assert [desk.met(HOUR), desk.met(DAY)] == [[Met.MISSING], [Met.GONE]]
    assert desk.met(2 * DAY) == [Met.GONE]
    desk.change(1, *drill())
    assert desk.met(4 * DAY) == [Met.BACK]
    kept = desk.kept
    [absence] = desk.service.archive.revisits.absences(kept.id)
    assert (kept.gone_since, absence.back) == (None, desk.clock.now)


def test_what_vanished_at_the_end_of_the_rhythm_is_still_confirmed_and_looked_for(desk: Desk) -> None:
    for later in (HOUR, 5 * HOUR, 18 * HOUR, 2 * DAY, 4 * DAY):
        desk.again(later)
    desk.change(1, status=404)
    assert desk.met(23 * DAY) == [Met.MISSING]
    assert desk.met(DAY) == [Met.GONE]
    visited = []
    for _day in range(60):
        if desk.again(DAY):
            visited.append(desk.clock.now - NOW)
    assert visited == [38 * DAY, 61 * DAY], "a week and a month after it was sure"


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param({"status": 403}, id="a refusal"),
        pytest.param({"status": 500}, id="an error of the server's"),
        pytest.param({"status": 503, "headers": {"Retry-After": "60"}}, id="a server that is busy"),
        pytest.param({"raw": b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\nhalf"}, id="a line that breaks"),
        pytest.param({"body": b"<html><title>Just a moment...</title>Checking your browser</html>"}, id="a challenge"),
        pytest.param({"body": b"<html><title>Log in</title><h1>Log in</h1>Log in to read on.</html>"}, id="a login"),
        pytest.param({"body": b""}, id="nothing at all"),
    ],
)
def test_what_tells_nothing_is_no_sign_that_a_page_vanished(desk: Desk, answer: dict[str, object]) -> None:
    desk.change(1, **answer)
    for _ in range(12):
        assert set(desk.met(12 * HOUR)) <= {Met.FAILED}
    kept = desk.kept
    revisit = desk.service.archive.revisits.get(kept.id)
    assert revisit is not None
    assert (kept.gone_since, kept.revision, revisit.missing_since) == (None, 1, None)
    assert revisit.failures > 1
    assert revisit.why


def test_robots_rules_are_heard_on_the_way_back_too(open_desk: Callable[..., Desk], server: OutletServer) -> None:
    desk = open_desk()
    desk.publish(1)
    desk.print(1, *drill())
    desk.intake()
    server.answer("/robots.txt", b"User-agent: *\nDisallow: /news/")
    asked = desk.asked(1)
    assert desk.met(HOUR) == [Met.FAILED]
    assert desk.asked(1) == asked


def test_after_an_outage_missed_visits_are_one_visit(desk: Desk) -> None:
    assert desk.met(5 * DAY) == [Met.SAME]
    assert desk.met(HOUR) == []
    assert desk.met(2 * DAY) == [Met.SAME], "and the rhythm goes on: a week after it was first seen"


def test_a_page_out_of_reach_is_tried_again_soon_and_then_left_to_the_rhythm(desk: Desk) -> None:
    desk.change(1, status=500)
    tries = []
    for _ in range(24 * 4):
        if desk.again(HOUR / 4):
            tries.append((desk.clock.now - NOW) / HOUR)
    assert tries == [1, 2, 4, 6, 14, 24]


def test_a_run_asks_no_more_than_its_budget_and_leaves_the_rest_for_the_next(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk(revisits="3", revisits_per_outlet="2")
    desk.publish(*range(5))
    for number in range(5):
        desk.print(number, *drill(number))
    desk.intake()
    assert [len(desk.again(later)) for later in (10 * DAY, HOUR / 12, HOUR / 12, HOUR / 12)] == [2, 2, 1, 0]
    assert [desk.asked(number) for number in range(5)] == [2] * 5, "each once to be read, and once again"


def test_an_outlet_that_fails_is_let_be_and_the_others_are_not(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    desk.publish(*range(5))
    for number in range(5):
        desk.print(number, *drill(number))
    desk.intake()
    for number in range(5):
        desk.change(number, status=500)
    assert desk.met(DAY) == [Met.FAILED] * 2
    assert sum(desk.asked(number) for number in range(5)) == 5 + 2
    assert desk.met(HOUR / 2) == []
    for number in range(5):
        desk.change(number, *drill(number))
    assert desk.met(HOUR / 2) == [Met.SAME] * 5


def test_an_outlet_that_asks_for_a_rest_gets_it_for_all_its_pages(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    desk.publish(1, 2)
    desk.print(1, *drill(1))
    desk.print(2, *drill(2))
    desk.intake()
    for number in (1, 2):
        desk.change(number, status=503, headers={"Retry-After": str(6 * 3600)})
    assert desk.met(DAY) == [Met.FAILED]
    assert desk.met(5 * HOUR) == []
    desk.change(1, *drill(1))
    desk.change(2, *drill(2))
    assert desk.met(HOUR) == [Met.SAME] * 2


def test_what_was_kept_when_a_service_died_is_visited_again_all_the_same(desk: Desk) -> None:
    kept = desk.kept
    with closing(sqlite3.connect(desk.service.settings.data_dir / "entente.db")) as database:
        database.execute("DELETE FROM revisit")
        database.execute("UPDATE entry SET fate = 'waiting'")
        database.commit()
    desk.intake()
    assert desk.kept == kept
    assert desk.met(HOUR) == [Met.SAME]


def test_revisits_may_be_switched_off(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk(revisits="0")
    desk.publish(1)
    desk.print(1, *drill())
    desk.intake()
    assert desk.again(DAY) == []


def test_new_articles_go_first(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk(share="1")
    desk.publish(1, 2)
    desk.print(1, *drill(1))
    desk.print(2, *drill(2))
    desk.intake()
    assert desk.again(HOUR) == [], "the second waits to be read"
    desk.intake()
    assert desk.met() == [Met.SAME]


def test_a_restart_forgets_nothing(desk: Desk, open_desk: Callable[..., Desk]) -> None:
    desk.change(1, status=404)
    assert desk.met(HOUR) == [Met.MISSING]
    again = open_desk()
    assert again.met(DAY) == [Met.GONE]
    assert again.met() == []


def test_what_matched_nothing_is_not_visited_again(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    desk.publish(1)
    desk.print(1, *TEA, title="Tea exports grow")
    desk.intake()
    assert desk.service.archive.articles.count() == 1
    assert desk.again(DAY) == []


def test_pages_that_continue_a_story_are_read_again_and_one_that_fails_cuts_nothing(
    open_desk: Callable[..., Desk], server: OutletServer
) -> None:
    outlet = replace(an_outlet(server.host, "/feed"), next_page_pattern=r"/news/1_(\d+)\.html")
    first, second = drill()
    onward = f"</article><a href='{server.url('/news/1_2.html')}'>Next</a>".encode()
    desk = open_desk(outlet=outlet)
    desk.publish(1)
    server.answer("/news/1.html", a_page(TITLE, first).replace(b"</article>", onward), etag='"1"')
    server.answer("/news/1_2.html", a_page(TITLE, second))
    server.answer("/news/1_2.html", status=500)
    server.answer("/news/1_2.html", a_page(TITLE, second.replace("rescue", "mine clearing")))
    desk.intake()
    assert desk.met(HOUR) == [Met.FAILED], "half a story is no edit"
    assert desk.met(HOUR) == [Met.REVISED], "the first page alone would have said it is unchanged"
    assert "mine clearing" in desk.kept.article.text
