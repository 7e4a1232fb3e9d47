"""Outlet to archive through real doors: what goes well, what goes wrong, and what a failure costs."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import repeat
from pathlib import Path

import pytest

from service.assembly import Service
from service.runs.intake import run_intake
from storage.records import Fate, Outcome, PointKind, Visit
from tests.fakes.house import Clock, a_feed, a_page, a_service, an_outlet, drill
from tests.fakes.outlet_server import OutletServer

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def server() -> Iterator[OutletServer]:
    with OutletServer() as running:
        yield running


def visit(service: Service, *, only_due: bool = False) -> list[Visit]:
    with service.web_fetcher() as fetcher:
        return run_intake(service.intake(fetcher), service.outlets, only_due=only_due)


def test_a_new_article_is_read_judged_and_found(tmp_path: Path, server: OutletServer, clock: Clock) -> None:
    server.answer("/feed", a_feed((server.url("/news/1"), "Joint exercise begins")))
    server.answer(
        "/news/1", a_page("China and Russia begin joint exercise", *drill(), published="2026-11-21T05:00:00Z")
    )
    with a_service(tmp_path, press=[an_outlet(server.host, "/feed")], clock=clock, hosts=[server.host]) as service:
        [made] = visit(service)
        assert (made.outcome, made.entries, made.new) == (Outcome.OK, 1, 1)
        [kept] = service.archive.articles.newest(limit=10)
        assert kept.article.title == "China and Russia begin joint exercise"
        assert kept.verdict.topics == ("china-russia",)
        assert kept.verdict.activities[0] == "joint_exercise"
        assert service.index.catch_up() == 0, "what was kept is findable at once"


def test_an_unchanged_feed_costs_one_request(tmp_path: Path, server: OutletServer, clock: Clock) -> None:
    server.answer("/feed", a_feed((server.url("/news/1"), "Joint exercise begins")), etag='"1"')
    server.answer("/news/1", a_page("Joint exercise begins", *drill()))
    with a_service(tmp_path, press=[an_outlet(server.host, "/feed")], clock=clock, hosts=[server.host]) as service:
        visit(service)
        asked = len(server.asked)
        [again] = visit(service)
    assert again.outcome is Outcome.UNCHANGED
    assert [a.path for a in server.asked[asked:] if a.path != "/robots.txt"] == ["/feed"]


def test_an_edited_article_is_a_revision_and_both_texts_stay(
    tmp_path: Path, server: OutletServer, clock: Clock
) -> None:
    server.answer("/feed", a_feed((server.url("/news/1"), "Joint exercise begins")))
    server.answer("/feed", a_feed((server.url("/news/1"), "Joint exercise begins (updated)")))
    server.answer("/news/1", a_page("Joint exercise begins", *drill(1)))
    server.answer("/news/1", a_page("Joint exercise begins (updated)", *drill(2)))
    with a_service(tmp_path, press=[an_outlet(server.host, "/feed")], clock=clock, hosts=[server.host]) as service:
        visit(service)
        [again] = visit(service)
        [kept] = service.archive.articles.newest(limit=10)
        texts = [revision.text for revision in service.archive.articles.revisions(kept.id)]
    assert (again.new, again.revised) == (0, 1)
    assert ["number 1" in texts[0], "number 2" in texts[1]] == [True, True]


def test_pages_of_one_article_are_joined(tmp_path: Path, server: OutletServer, clock: Clock) -> None:
    outlet = replace(an_outlet(server.host, "/feed"), next_page_pattern=r"/news/1_(\d+)\.html")
    first, second = drill()
    onward = f"</article><a href='{server.url('/news/1_2.html')}'>Next</a>".encode()
    server.answer("/feed", a_feed((server.url("/news/1.html"), "Joint exercise begins")))
    server.answer("/news/1.html", a_page("Joint exercise begins", first).replace(b"</article>", onward))
    server.answer("/news/1_2.html", a_page("Joint exercise begins", second))
    with a_service(tmp_path, press=[outlet], clock=clock, hosts=[server.host]) as service:
        visit(service)
        [kept] = service.archive.articles.newest(limit=10, matched_only=False)
    assert first in kept.article.text
    assert second in kept.article.text


@pytest.mark.parametrize(
    ("answer", "outcome", "why"),
    [
        pytest.param({"status": 500}, Outcome.FAILED, "500", id="a server error"),
        pytest.param({"status": 404}, Outcome.FAILED, "404", id="a feed that moved away"),
        pytest.param({"status": 403}, Outcome.BLOCKED, "403", id="a bot wall"),
        pytest.param({"body": b"Hello, world"}, Outcome.FAILED, "not a feed", id="not a feed"),
        pytest.param({"body": a_feed()[:60]}, Outcome.FAILED, "not a feed", id="half a feed"),
        pytest.param({"body": b""}, Outcome.FAILED, "not a feed", id="nothing at all"),
        pytest.param({"body": repeat(b" " * 65536, 800)}, Outcome.FAILED, "larger than", id="a feed of 50 MB"),
    ],
)
def test_what_a_bad_entry_point_costs(
    tmp_path: Path, server: OutletServer, clock: Clock, answer: dict[str, object], outcome: Outcome, why: str
) -> None:
    server.answer("/bad", **answer)  # type: ignore[arg-type]
    server.answer("/feed", a_feed((server.url("/news/1"), "Joint exercise begins")))
    server.answer("/news/1", a_page("Joint exercise begins", *drill()))
    press = [an_outlet(server.host, "/bad", key="broken"), an_outlet(server.host, "/feed", key="sound")]
    with a_service(tmp_path, press=press, clock=clock, hosts=[server.host]) as service:
        broken, sound = sorted(visit(service), key=lambda made: made.outlet)
    assert broken.outcome is outcome
    assert why in broken.why
    assert "\n" not in broken.why
    assert (sound.outcome, sound.new) == (Outcome.OK, 1), "the failure is told, and the rest goes on"


def test_an_entry_without_link_and_a_double_one_cost_nothing(
    tmp_path: Path, server: OutletServer, clock: Clock
) -> None:
    link = server.url("/news/1")
    server.answer("/feed", a_feed((link, "Joint exercise begins"), ("", "No link"), (link, "Joint exercise begins")))
    server.answer("/news/1", a_page("Joint exercise begins", *drill()))
    with a_service(tmp_path, press=[an_outlet(server.host, "/feed")], clock=clock, hosts=[server.host]) as service:
        [made] = visit(service)
    assert (made.entries, made.new) == (1, 1)
    assert "1 without a link" in made.why


def test_a_page_from_the_year_2569_takes_its_date_from_elsewhere(
    tmp_path: Path, server: OutletServer, clock: Clock
) -> None:
    server.answer("/feed", a_feed((server.url("/news/20261120/1"), "Joint exercise begins")))
    server.answer("/news/20261120/1", a_page("Joint exercise begins", *drill(), published="2569-11-20T05:00:00Z"))
    with a_service(tmp_path, press=[an_outlet(server.host, "/feed")], clock=clock, hosts=[server.host]) as service:
        visit(service)
        [kept] = service.archive.articles.newest(limit=10)
    assert kept.article.published is not None
    assert kept.article.published.local.date().isoformat() == "2026-11-20"


def test_old_news_that_arrives_late_is_kept_and_marked(tmp_path: Path, server: OutletServer, clock: Clock) -> None:
    server.answer("/feed", a_feed((server.url("/news/1"), "Joint exercise began")))
    server.answer("/news/1", a_page("Joint exercise began", *drill(), published="2019-08-01T05:00:00Z"))
    with a_service(tmp_path, press=[an_outlet(server.host, "/feed")], clock=clock, hosts=[server.host]) as service:
        visit(service)
        [kept] = service.archive.articles.newest(limit=10)
    assert kept.late


def test_a_flood_is_read_in_shares_and_nothing_is_lost(tmp_path: Path, server: OutletServer, clock: Clock) -> None:
    links = [server.url(f"/news/{number}") for number in range(5)]
    server.answer("/feed", a_feed(*((link, f"Joint exercise {link[-1]} begins") for link in links)), etag='"5"')
    for number in range(5):
        server.answer(f"/news/{number}", a_page(f"Joint exercise {number} begins", *drill(number)))
    press = [an_outlet(server.host, "/feed")]
    with a_service(tmp_path, press=press, clock=clock, hosts=[server.host], share="2") as service:
        rounds = [visit(service)[0] for _ in range(4)]
        kept = service.archive.articles.count()
    assert [(made.new, made.capped) for made in rounds] == [(2, 3), (2, 1), (1, 0), (0, 0)]
    assert kept == 5


def test_a_page_that_fails_is_tried_again_and_given_up_aloud(
    tmp_path: Path, server: OutletServer, clock: Clock
) -> None:
    server.answer("/feed", a_feed((server.url("/news/1"), "Joint exercise begins")))
    server.answer("/news/1", status=500)
    with a_service(tmp_path, press=[an_outlet(server.host, "/feed")], clock=clock, hosts=[server.host]) as service:
        fates = []
        for _ in range(5):
            visit(service)
            known = service.archive.entries.by_url(server.url("/news/1"))
            assert known is not None
            fates.append(known.fate)
            clock.now += timedelta(days=2)
    assert fates == [Fate.WAITING, Fate.WAITING, Fate.WAITING, Fate.FAILED, Fate.FAILED]
    assert "500" in known.why


def test_what_is_not_due_is_not_visited(tmp_path: Path, server: OutletServer, clock: Clock) -> None:
    server.answer("/feed", a_feed((server.url("/news/1"), "Joint exercise begins")))
    server.answer("/news/1", a_page("Joint exercise begins", *drill()))
    with a_service(tmp_path, press=[an_outlet(server.host, "/feed")], clock=clock, hosts=[server.host]) as service:
        assert len(visit(service, only_due=True)) == 1
        assert visit(service, only_due=True) == [], "a restart floods nobody"
        clock.now += timedelta(minutes=31)
        assert len(visit(service, only_due=True)) == 1


def test_a_listing_page_is_as_good_as_a_feed(tmp_path: Path, server: OutletServer, clock: Clock) -> None:
    listing = f"<html><body><ul><li><a href='{server.url('/news/1')}'>Joint exercise begins in the sea</a></li></ul></body></html>"
    server.answer("/list", listing.encode(), headers={"Content-Type": "text/html"})
    server.answer("/news/1", a_page("Joint exercise begins", *drill()))
    press = [an_outlet(server.host, "/list", kind=PointKind.LISTING)]
    with a_service(tmp_path, press=press, clock=clock, hosts=[server.host]) as service:
        [made] = visit(service)
    assert (made.outcome, made.new) == (Outcome.OK, 1)


def test_a_private_address_behind_a_redirect_is_refused(tmp_path: Path, server: OutletServer, clock: Clock) -> None:
    server.redirect("/feed", "http://10.0.0.1/feed")
    with a_service(tmp_path, press=[an_outlet(server.host, "/feed")], clock=clock, hosts=[server.host]) as service:
        [made] = visit(service)
    assert made.outcome is Outcome.FAILED
    assert "10.0.0.1" in made.why
