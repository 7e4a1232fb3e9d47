"""What is told, in which order, and what is one story."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from alerts.selecting import group_stories, select
from storage.records import Kept, Published, Strength
from tests.alerts.press import CN_RU, COLUMN, DAWN, EXERCISE_ZH, MINISTERS_RU, PATROL, kept

LONG = "The fleets met at noon and sailed in company until the evening, as the spokesman had said they would. "


@pytest.mark.parametrize(
    ("article", "told", "outcome"),
    [
        pytest.param(kept(id="a"), {}, "new", id="never told"),
        pytest.param(kept(id="a"), {"b": 1}, "new", id="another one was told"),
        pytest.param(kept(id="a"), {"a": 1}, None, id="told"),
        pytest.param(kept(id="a", revision=3), {"a": 1}, "changed", id="told, and changed since"),
        pytest.param(kept(id="a", revision=3), {"a": 3}, None, id="told as it is now"),
        pytest.param(replace(kept(id="a", revision=3), matters=2), {"a": 2}, None, id="told, and only polished since"),
        pytest.param(replace(kept(id="a", revision=3), matters=2), {"a": 1}, "changed", id="told, changed and polished since"),
        pytest.param(kept(id="a", revision=2), {}, "new", id="changed before it was ever told"),
        pytest.param(kept(id="a", seed=True), {}, None, id="a seed is no news"),
        pytest.param(kept(id="a", late=True), {}, None, id="old news is archived, not told"),
        pytest.param(kept(id="a", first_seen=DAWN - timedelta(days=2)), {}, None, id="seen before the subscription began"),
        pytest.param(kept(id="a", first_seen=DAWN - timedelta(days=1)), {}, "new", id="seen as the subscription began"),
        pytest.param(
            kept(id="a", first_seen=DAWN - timedelta(days=2), revision=2), {"a": 1}, "changed", id="told on request, changed since"
        ),
    ],
)  # fmt: skip
def test_what_is_told(article: Kept, told: dict[str, int], outcome: str | None) -> None:
    matches = select([article], told=told, since=DAWN - timedelta(days=1))
    assert ["changed" if match.changed else "new" for match in matches] == ([outcome] if outcome else [])


def test_a_new_subscription_without_a_beginning_hears_all() -> None:
    old = kept(id="a", first_seen=datetime(2020, 1, 1, tzinfo=UTC))
    assert len(select([old], told={}, since=None)) == 1


def test_an_article_found_twice_is_told_once_as_it_is_now() -> None:
    first = kept(id="a")
    (match,) = select([first, replace(first, revision=2, matters=2), first], told={}, since=None)
    assert match.kept.revision == 2


def test_the_most_important_comes_first() -> None:
    passing = kept("Weather at sea", id="mention", strength={CN_RU: Strength.MENTION}, hours_ago=0)
    loose = kept("A search that is no topic", id="loose", strength={}, hours_ago=0)
    body_only = kept("Evening news", words=("joint exercise",), id="body", hours_ago=1)
    in_title = kept("A joint exercise begins", title_words=("joint exercise",), id="title", hours_ago=2)
    newer = kept("Joint Sea opens", title_words=("Joint Sea",), rule="joint_sea-2026", id="newer", hours_ago=3)
    older = kept("Joint Sea planned", title_words=("Joint Sea",), rule="joint_sea-2026", id="older", hours_ago=30)
    matches = select([loose, passing, body_only, older, in_title, newer], told={}, since=None)
    assert [match.kept.id for match in matches] == ["newer", "older", "title", "body", "mention", "loose"]


def test_the_order_does_not_depend_on_the_search() -> None:
    found = [PATROL, EXERCISE_ZH, MINISTERS_RU, COLUMN]
    assert select(found, told={}, since=None) == select(found[::-1], told={}, since=None)


def reprint(id: str, *, hours_ago: float, origin: str = "", has_time: bool = True) -> Kept:
    published = Published(at=DAWN - timedelta(hours=hours_ago), has_time=has_time)
    return kept("Fleets meet", LONG, id=id, outlet=id, origin=origin, published=published, story="a")


@pytest.mark.parametrize(
    ("articles", "order"),
    [
        pytest.param([reprint("a", hours_ago=1), reprint("b", hours_ago=5)], ["b", "a"], id="the earliest leads"),
        pytest.param(
            [reprint("a", hours_ago=1), reprint("b", hours_ago=5, origin="a")], ["a", "b"], id="own copy leads copy that names another"
        ),
        pytest.param(
            [reprint("a", hours_ago=4), reprint("b", hours_ago=5, has_time=False)], ["a", "b"], id="a day without a time is no early hour"
        ),
    ],
)  # fmt: skip
def test_reprints_are_one_story_under_the_first_publisher(articles: list[Kept], order: list[str]) -> None:
    (story,) = group_stories(select(articles, told={}, since=None))
    assert [match.kept.id for match in story.matches] == order


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(kept(text=LONG, id="a", story="a"), kept(text=LONG, id="b", story="b"), id="two stories, be it in the same words"),
        pytest.param(kept(text=LONG, id="a"), kept(text=LONG, id="b"), id="nobody has placed them yet"),
    ],
)  # fmt: skip
def test_the_archive_says_what_one_story_is(one: Kept, other: Kept) -> None:
    assert len(group_stories(select([one, other], told={}, since=None))) == 2


def test_a_story_stands_where_its_best_article_stood() -> None:
    weak = kept("A", LONG, id="weak", strength={CN_RU: Strength.MENTION}, hours_ago=9, story="weak")
    strong = replace(weak, id="strong", verdict=kept(text=LONG).verdict, article=replace(weak.article, origin="A"))
    between = kept("B", LONG + "B", id="between", strength={CN_RU: Strength.MENTION}, hours_ago=1)
    stories = group_stories(select([weak, between, strong], told={}, since=None))
    assert [[m.kept.id for m in story.matches] for story in stories] == [["weak", "strong"], ["between"]]
