"""Entries: what is unknown waits, what is known costs nothing, what changed is read again."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from storage.archive.archive import Archive
from storage.records import Basis, Entry, Fate, Published

NOW = datetime(2024, 7, 2, 12, 0, tzinfo=UTC)
FEED = "https://harbour-post.test/rss"
LISTING = "https://harbour-post.test/world"


def entry(name: str = "bridge", **over: Any) -> tuple[str, Entry]:
    fields: dict[str, Any] = {"url": f"https://harbour-post.test/{name}", "title": f"The {name}"}
    return name, Entry(**fields | over)


def published(hour: int) -> Published:
    return Published(at=NOW.replace(hour=hour), offset_minutes=480, basis=Basis.FEED)


def note(archive: Archive, *found: tuple[str, Entry], point: str = FEED, now: datetime = NOW) -> int:
    return archive.entries.note("harbour-post", found, point=point, now=now)


def waiting(archive: Archive, *, now: datetime = NOW, limit: int = 99) -> list[str]:
    return [known.canonical_id for known in archive.entries.waiting("harbour-post", now=now, limit=limit)]


def settle(archive: Archive, name: str, fate: Fate, *, next_try: datetime | None = None, why: str = "") -> None:
    archive.entries.settle("harbour-post", name, fate, now=NOW, why=why, next_try=next_try)


def test_an_entry_comes_back_as_it_was_noted(archive: Archive) -> None:
    _, given = entry(
        published=published(9), summary="They meet.", content="<p>They meet.</p>", byline="Li Wei", guid="tag:1"
    )
    assert note(archive, ("bridge", given)) == 1
    known = archive.entries.get("harbour-post", "bridge")
    assert known is not None
    assert known.entry == given
    assert (known.point, known.first_seen, known.fate, known.attempts) == (FEED, NOW, Fate.WAITING, 0)
    assert archive.entries.by_url(given.url) == known
    assert archive.entries.by_url("https://harbour-post.test/unknown") is None


def test_a_known_entry_is_not_read_twice(archive: Archive) -> None:
    assert note(archive, entry("a"), entry("b")) == 2
    settle(archive, "a", Fate.KEPT)
    assert note(archive, entry("a"), entry("b"), entry("c")) == 1
    assert waiting(archive) == ["b", "c"]


def test_an_entry_listed_twice_is_one_entry(archive: Archive) -> None:
    assert note(archive, entry("a", title="First"), entry("a", title="Second")) == 1
    (known,) = archive.entries.waiting("harbour-post", now=NOW, limit=9)
    assert known.entry.title == "First"


@pytest.mark.parametrize(
    ("before", "after", "point", "is_read_again"),
    [
        pytest.param({}, {"title": "The bridge shuts"}, FEED, True, id="another headline"),
        pytest.param({}, {"summary": "It shuts."}, FEED, True, id="another summary"),
        pytest.param({}, {"content": "<p>It shuts.</p>"}, FEED, True, id="another text in the feed"),
        pytest.param({}, {"title": "the  BRIDGE"}, FEED, False, id="the same headline in capitals"),
        pytest.param({}, {"title": "Bridge | Harbour"}, LISTING, False, id="other words at another entry point"),
        pytest.param(
            {"published": published(9)},
            {"published": published(10)},
            FEED,
            False,
            id="a clock that runs with every visit",
        ),
        pytest.param(
            {"title": "", "published": published(9)},
            {"title": "", "published": published(10)},
            FEED,
            True,
            id="a sitemap that has nothing but the time",
        ),
    ],
)
@pytest.mark.parametrize("fate", [Fate.KEPT, Fate.DROPPED, Fate.FAILED])
def test_a_settled_entry_is_read_again_when_its_words_change(
    archive: Archive, before: dict[str, Any], after: dict[str, Any], point: str, is_read_again: bool, fate: Fate
) -> None:
    note(archive, entry(**before))
    settle(archive, "bridge", fate, why="tried")
    assert note(archive, entry(**after), point=point) == int(is_read_again)
    assert waiting(archive) == (["bridge"] if is_read_again else [])
    if is_read_again:
        known = archive.entries.get("harbour-post", "bridge")
        assert known is not None
        assert (known.attempts, known.why, known.first_seen) == (0, "", NOW)


def test_those_known_longest_are_read_first_and_of_one_visit_the_newest(archive: Archive) -> None:
    note(archive, entry("dateless"), entry("old", published=published(8)), entry("new", published=published(9)))
    note(archive, entry("next", published=published(10)), now=NOW + timedelta(hours=1))
    assert waiting(archive) == ["new", "old", "dateless", "next"]
    assert waiting(archive, limit=2) == ["new", "old"]
    assert archive.entries.count_waiting("harbour-post") == 4


def test_another_try_waits_for_its_time(archive: Archive) -> None:
    note(archive, entry("a"))
    settle(archive, "a", Fate.WAITING, next_try=NOW + timedelta(hours=1), why="timed out")
    assert waiting(archive) == []
    assert archive.entries.count_waiting("harbour-post") == 1
    assert waiting(archive, now=NOW + timedelta(hours=1)) == ["a"]
    known = archive.entries.get("harbour-post", "a")
    assert known is not None
    assert (known.attempts, known.why, known.settled) == (1, "timed out", NOW)


def test_the_full_text_of_a_feed_is_not_kept_twice(archive: Archive) -> None:
    note(archive, entry("a", content="<p>All of it.</p>"))
    settle(archive, "a", Fate.KEPT)
    known = archive.entries.get("harbour-post", "a")
    assert known is not None
    assert (known.fate, known.entry.content, known.entry.title) == (Fate.KEPT, "", "The a")
    assert note(archive, entry("a", content="<p>All of it.</p>")) == 0


def test_outlets_do_not_share_their_entries(archive: Archive) -> None:
    note(archive, entry("a"))
    assert archive.entries.note("river-times", [entry("a")], point=FEED, now=NOW) == 1
    archive.entries.settle("river-times", "a", Fate.DROPPED, now=NOW)
    assert waiting(archive) == ["a"]


def test_a_feed_longer_than_one_question_may_be(archive: Archive) -> None:
    found = [entry(str(number)) for number in range(1203)]
    assert note(archive, *found) == 1203
    assert note(archive, *found) == 0
    assert archive.entries.count_waiting("harbour-post") == 1203


def test_settling_an_entry_nobody_noted_is_passed_by(archive: Archive) -> None:
    settle(archive, "unknown", Fate.KEPT)
    assert archive.entries.get("harbour-post", "unknown") is None
