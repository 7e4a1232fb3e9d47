"""Places among stories: what is alike comes together in whatever order it arrives, and a person's word stands for ever."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.archive.archive import Archive, open_archive
from storage.archive.grouping import grouped
from storage.archive.placing import COMPARED
from storage.errors import ArchiveError
from storage.records import Correction, Kept, Likeness, Link, LinkKind, Placing
from tests.fakes.texts import NOON, a_verdict, an_article

LATER = NOON + timedelta(hours=3)


def keep(archive: Archive, ids: Iterable[str]) -> list[Kept]:
    return [
        archive.articles.keep(an_article(canonical_id=id), a_verdict(), now=NOON + timedelta(minutes=place), id=id)[1]
        for place, id in enumerate(ids)
    ]


def tells(article: str, *news: str) -> Placing:
    """An article is like those that share a piece of news with it; a letter is a piece of news and its key."""
    keys = frozenset(ord(one) for one in "".join(news))
    return Placing(article=article, traits="".join(news).encode(), filed=keys, sought=keys)


def alike(one: bytes, other: bytes) -> Likeness | None:
    both = set(one) & set(other)
    return Likeness(LinkKind.COPY, min(100, 50 + len(both))) if both else None


def place(archive: Archive, *placings: Placing) -> int:
    return archive.stories.place(placings, alike)


def stories(archive: Archive, ids: Iterable[str]) -> set[str]:
    """The stories as strings of their articles."""
    return {"".join(archive.stories.members(id)) for id in ids}


def test_articles_that_are_alike_are_one_story_named_by_the_first_seen(archive: Archive) -> None:
    keep(archive, "abcd")
    assert place(archive, tells("b", "x"), tells("a", "x"), tells("c", "y")) == 3
    assert stories(archive, "abc") == {"ab", "c"}
    assert {id: archive.stories.of(id) for id in "abcd"} == {"a": "a", "b": "a", "c": "c", "d": ""}
    assert archive.stories.members("d") == []
    assert [kept.story for kept in archive.articles.many("abcd").values()] == ["a", "a", "c", ""]
    assert archive.stories.links(["a", "b", "c"]) == [Link(one="b", other="a", likeness=Likeness(LinkKind.COPY, 51))]


def test_an_article_that_is_like_two_stories_makes_them_one(archive: Archive) -> None:
    keep(archive, "abcde")
    place(archive, tells("a", "x"), tells("b", "x"), tells("c", "y"), tells("d", "y"))
    assert stories(archive, "abcd") == {"ab", "cd"}
    place(archive, tells("e", "xy"))
    assert stories(archive, "abcde") == {"abcde"}
    assert archive.stories.largest(limit=5) == [("a", 5)]
    assert archive.stories.count() == (1, 5)


NEWS = {"a": "x", "b": "xy", "c": "y", "d": "z", "e": "zw", "f": "q"}


@pytest.mark.parametrize("order", ["abcdef", "fedcba", "cafebd", "bdface"])
def test_the_order_of_arrival_changes_nothing(archive: Archive, order: str) -> None:
    keep(archive, "abcdef")
    for id in order:
        place(archive, tells(id, NEWS[id]))
    assert stories(archive, order) == {"abc", "de", "f"}


def test_what_has_not_changed_is_passed_by(archive: Archive) -> None:
    keep(archive, "ab")
    assert place(archive, tells("a", "x"), tells("b", "x")) == 2
    assert place(archive, tells("a", "x"), tells("b", "x")) == 0


def test_a_revision_that_tells_something_else_leaves_and_lets_go_what_only_it_held_together(archive: Archive) -> None:
    keep(archive, "abcd")
    place(archive, tells("a", "x"), tells("b", "xy"), tells("c", "y"), tells("d", "z"))
    assert stories(archive, "abcd") == {"abc", "d"}
    assert place(archive, tells("b", "z")) == 1
    assert stories(archive, "abcd") == {"a", "c", "bd"}
    place(archive, tells("b", "xy"))
    assert stories(archive, "abcd") == {"abc", "d"}


def test_a_million_like_it_cost_no_more_than_a_few(archive: Archive) -> None:
    ids = [f"{number:03}" for number in range(120)]
    keep(archive, ids)
    compared = 0

    def counting(one: bytes, other: bytes) -> Likeness | None:
        nonlocal compared
        compared += 1
        return alike(one, other)

    for id in ids:
        archive.stories.place([tells(id, "x")], counting)
    assert compared <= COMPARED * len(ids)
    assert len(archive.stories.members("000")) == len(ids)


def test_the_change_last_looked_at_is_remembered_and_never_goes_back(archive: Archive) -> None:
    keep(archive, "a")
    archive.stories.place([tells("a", "x")], alike, up_to=7)
    archive.stories.place([], alike, up_to=3)
    assert archive.stories.up_to() == 7


def test_an_article_nobody_kept_has_no_place(archive: Archive) -> None:
    with pytest.raises(ArchiveError):
        place(archive, tells("nobody", "x"))


# ------------------------------------------------------------------ a person's word


def said(archive: Archive) -> list[tuple[str, str, bool]]:
    return [(one.one, one.other, one.together) for one in archive.stories.corrections()]


def test_one_that_was_split_off_stays_apart_whatever_comes(archive: Archive) -> None:
    keep(archive, "abcd")
    place(archive, tells("a", "x"), tells("b", "x"), tells("c", "x"))
    archive.stories.split(["b"], at=LATER, by="ann", note="another ship")
    assert stories(archive, "abc") == {"ac", "b"}
    place(archive, tells("d", "x"))
    assert "b" not in archive.stories.members("a")
    place(archive, tells("b", "xq"))
    assert "b" not in archive.stories.members("a")
    assert said(archive) == [("a", "b", False), ("b", "c", False)]
    assert {(one.by, one.note, one.at) for one in archive.stories.corrections(["b"])} == {
        ("ann", "another ship", LATER)
    }


def test_stories_that_were_joined_stay_one(archive: Archive) -> None:
    keep(archive, "abcde")
    place(archive, tells("a", "x"), tells("b", "x"), tells("c", "y"), tells("d", "y"))
    archive.stories.join(["b", "d"], at=LATER)
    assert stories(archive, "abcd") == {"abcd"}
    place(archive, tells("b", "x1"), tells("d", "y1"), tells("e", "y"))
    assert stories(archive, "abcde") == {"abcde"}


def test_several_that_leave_are_one_story(archive: Archive) -> None:
    keep(archive, "abcd")
    place(archive, *(tells(id, "x") for id in "abcd"))
    archive.stories.split(["c", "d"], at=LATER)
    assert stories(archive, "abcd") == {"ab", "cd"}


def test_the_last_word_stands(archive: Archive) -> None:
    keep(archive, "abc")
    place(archive, *(tells(id, "x") for id in "abc"))
    archive.stories.split(["c"], at=LATER)
    archive.stories.join(["a", "c"], at=LATER + timedelta(hours=1))
    assert stories(archive, "abc") == {"abc"}
    assert said(archive) == [("a", "c", True)]
    archive.stories.split(["c"], at=LATER + timedelta(hours=2))
    assert stories(archive, "abc") == {"ab", "c"}


def test_a_word_on_articles_without_a_place_counts_when_they_get_one(archive: Archive) -> None:
    keep(archive, "abc")
    archive.stories.join(["a", "b"], at=LATER)
    place(archive, tells("a", "x"), tells("b", "y"), tells("c", "y"))
    assert stories(archive, "abc") == {"abc"}


def test_places_are_made_anew_and_what_was_said_stands(archive: Archive) -> None:
    keep(archive, "abc")
    place(archive, *(tells(id, "x") for id in "abc"))
    archive.stories.split(["b"], at=LATER)
    archive.stories.forget(form=2)
    assert (archive.stories.form(), archive.stories.up_to(), archive.stories.of("a")) == (2, 0, "")
    place(archive, *(tells(id, "x") for id in "cba"))
    assert stories(archive, "abc") == {"ac", "b"}


# ------------------------------------------------------------------ grouping


def links(pairs: Iterable[tuple[str, str]]) -> list[Link]:
    return [Link(one=one, other=other, likeness=Likeness(LinkKind.COPY, 80)) for one, other in pairs]


def corrections(pairs: Iterable[tuple[str, str]], *, together: bool) -> list[Correction]:
    return [Correction(one=one, other=other, together=together, at=NOON) for one, other in pairs]


PAIRS = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")).filter(lambda pair: pair[0] < pair[1]), max_size=7
)


@given(linked=PAIRS, apart=PAIRS, joined=PAIRS, data=st.data())
@settings(suppress_health_check=[HealthCheck.filter_too_much], max_examples=150)
def test_grouping_depends_on_what_is_linked_and_not_on_the_order(
    linked: list[tuple[str, str]], apart: list[tuple[str, str]], joined: list[tuple[str, str]], data: st.DataObject
) -> None:
    members = {id: NOON + timedelta(minutes=place) for place, id in enumerate("abcdef")}
    apart = [pair for pair in dict.fromkeys(apart) if pair not in joined]
    word = [*corrections(dict.fromkeys(joined), together=True), *corrections(apart, together=False)]
    found = grouped(members, links(linked), word)
    shuffled = data.draw(st.permutations(links(linked)))
    assert grouped(dict(reversed(members.items())), shuffled, word[::-1]) == found
    assert not [pair for pair in apart if found[pair[0]] == found[pair[1]]], "said to be apart"
    for story in set(found.values()):
        assert found[story] == story, "a story bears the name of one of its own"


def test_of_two_stories_a_word_keeps_apart_the_surer_link_gets_the_article() -> None:
    members: dict[str, object] = {}
    for order in permutations([("a", "c", LinkKind.COPY), ("b", "c", LinkKind.RETOLD)]):
        found = [Link(one=one, other=other, likeness=Likeness(kind, 60)) for one, other, kind in order]
        members = dict(grouped(dict.fromkeys("abc", NOON), found, corrections([("a", "b")], together=False)))
        assert members == {"a": "a", "b": "b", "c": "a"}


# ------------------------------------------------------------------ several at once


def test_two_openings_of_one_archive_see_the_same_stories(tmp_path: Path) -> None:
    with open_archive(tmp_path / "a.db") as one, open_archive(tmp_path / "a.db") as other:
        keep(one, "ab")
        placings: Sequence[Placing] = [tells("a", "x"), tells("b", "x")]
        assert one.stories.place(placings, alike, up_to=2) + other.stories.place(placings, alike, up_to=2) == 2
        assert one.stories.members("b") == other.stories.members("a") == ["a", "b"]
