"""Visits, entry points and the names of outlets: what a run leaves behind."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from storage.archive.archive import Archive
from storage.records import Outcome, Outlet, PointState, Visit
from tests.fakes.texts import a_verdict, an_article

NOW = datetime(2024, 7, 2, 12, 0, tzinfo=UTC)
FEED = "https://harbour-post.test/rss"


def visit(minutes: int = 0, **over: Any) -> Visit:
    whole = Visit(outlet="harbour-post", url=FEED, outcome=Outcome.OK, at=NOW + timedelta(minutes=minutes))
    return replace(whole, **over)


def state(**over: Any) -> PointState:
    return replace(PointState(outlet="harbour-post", url=FEED, due=NOW), **over)


def test_a_visit_comes_back_as_it_was_told(archive: Archive) -> None:
    told = visit(entries=9, new=3, revised=1, same=4, capped=1, failed=2, why="one timed out", outcome=Outcome.BLOCKED)
    archive.visits.add(told)
    assert archive.visits.latest() == archive.visits.since(NOW) == [told]


def test_the_latest_visit_is_the_last_of_each_entry_point(archive: Archive) -> None:
    other = "https://harbour-post.test/zh"
    archive.visits.record([visit(0), visit(0, url=other), visit(1)])
    archive.visits.add(visit(2))
    archive.visits.record([])
    assert archive.visits.latest() == [visit(2), visit(0, url=other)]


def test_visits_since_a_moment_come_in_their_order(archive: Archive) -> None:
    archive.visits.record([visit(minutes) for minutes in (5, 1, 3)])
    assert archive.visits.since(NOW + timedelta(minutes=3)) == [visit(3), visit(5)]


def test_an_entry_point_is_remembered(archive: Archive) -> None:
    assert archive.points.get("harbour-post", FEED) is None
    remembered = state(
        etag='"abc"',
        last_modified="Tue, 02 Jul 2024",
        body_hash="00ff",
        failures=2,
        last_visit=NOW,
        last_ok=NOW,
        newest=NOW,
    )
    archive.points.save(remembered)
    assert archive.points.get("harbour-post", FEED) == remembered
    archive.points.save(state(failures=0))
    assert archive.points.all() == [state(failures=0)]


def test_a_run_saves_its_visits_and_entry_points_together(archive: Archive) -> None:
    archive.points.save(state(outlet="a", failures=7))
    states = [state(outlet=outlet) for outlet in ("a", "b")]
    archive.visits.record([visit(outlet="a"), visit(outlet="b")], [state(outlet="b", failures=1), *states])
    assert archive.points.all() == states
    assert [seen.outlet for seen in archive.visits.latest()] == ["a", "b"]


HARBOUR = Outlet(key="harbour-post", name="The Harbour Post", country="SG")
RIVER = Outlet(key="river-times", name="River Times", country="CN")


def test_a_name_outlives_its_outlets_file(archive: Archive) -> None:
    archive.outlets.sync([HARBOUR, RIVER])
    archive.outlets.sync([RIVER])
    assert archive.outlets.names() == {"harbour-post": "The Harbour Post", "river-times": "River Times"}


@pytest.mark.parametrize(
    ("outlets", "changed"),
    [
        pytest.param([HARBOUR, RIVER], [], id="nothing new is told"),
        pytest.param(
            [replace(HARBOUR, name="Harbour Daily"), RIVER], ["1", "2"], id="another name is a change to its articles"
        ),
        pytest.param([replace(HARBOUR, country="MY"), RIVER], ["1", "2"], id="so is another country"),
        pytest.param([replace(HARBOUR, enabled=False), RIVER], [], id="being switched off is none"),
        pytest.param([RIVER], [], id="nor is being forgotten"),
    ],
)
def test_search_hears_of_outlets_that_changed(archive: Archive, outlets: list[Outlet], changed: list[str]) -> None:
    archive.outlets.sync([HARBOUR, RIVER])
    for outlet, name in (("harbour-post", "1"), ("river-times", "a"), ("harbour-post", "2")):
        archive.articles.keep(an_article(outlet=outlet, canonical_id=name), a_verdict(), now=NOW)
    before = archive.articles.last_change()
    archive.outlets.sync(outlets)
    assert [kept.article.canonical_id for kept in archive.articles.changed_since(before, 99)] == changed
