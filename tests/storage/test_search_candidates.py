"""What the index says may hold certain characters: never less than what does, and seldom much more."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from storage.records import AllOf, AnyOf, Condition, Holds, Judged, Strength
from storage.search.index import SearchIndex
from tests.fakes.articles import KeptInMemory, kept

LONG = "ң" * 70


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        pytest.param("A xylophone.", "xylophone", id="a word"),
        pytest.param("Glassxylophones.", "xylo", id="the middle of a word"),
        pytest.param("The l'xylophone", "xylophone", id="behind an apostrophe"),
        pytest.param("日本のXylophoneだ", "xylophone", id="beside kana"),
        pytest.param("Ｘｙｌｏｐｈｏｎｅ", "xylophone", id="in full width"),
        pytest.param(f"{LONG}xylophone", "xylophone", id="in a word cut off"),
        pytest.param("Russia's answer", "russia's", id="a possessive"),
        pytest.param("Two H-6 flew", "h-6", id="letters and a sign between"),
        pytest.param("中国海军演习", "海军演", id="inside a Chinese sentence"),
        pytest.param("中國海軍", "中国海军", id="traditional characters"),
        pytest.param("军", "军", id="one character"),
        pytest.param("歼20起飞", "歼20", id="characters and digits"),
        pytest.param("Учёния", "учения", id="ё"),
        pytest.param("a.b.c.", "a.b.", id="single letters"),
    ],
)
def test_what_stands_in_a_text_is_found(tmp_path: Path, text: str, letters: str) -> None:
    for place, article in enumerate((kept("one", text), kept("one", "", title=text))):
        index = SearchIndex(
            tmp_path / str(place), KeptInMemory(article, kept("other", "Nothing of the kind: 海面平静, 7."))
        )
        index.catch_up()
        assert "one" in index.candidates(Holds(letters)).ids


def test_what_does_not_stand_there_is_not_read(tmp_path: Path) -> None:
    index = SearchIndex(tmp_path, KeptInMemory(kept("one", "xylo phone"), kept("two", "海。军"), kept("three", "60 h")))
    index.catch_up()
    for letters in ("xylophone", "海军", "phonex"):
        assert index.candidates(Holds(letters)).ids == ()


NAMED = {"sun": Holds("sun"), "moon": Holds("moon")}


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        pytest.param(AllOf(), {"day", "night", "both"}, id="all there are"),
        pytest.param(AnyOf(), set(), id="none"),
        pytest.param(Judged(), {"both"}, id="those with a topic"),
        pytest.param(AnyOf((NAMED["sun"], NAMED["moon"])), {"day", "night", "both"}, id="either"),
        pytest.param(AllOf((NAMED["sun"], NAMED["moon"])), {"both"}, id="each"),
        pytest.param(AllOf((NAMED["sun"], AnyOf((NAMED["moon"], Judged())))), {"both"}, id="one inside the other"),
        pytest.param(AllOf((NAMED["sun"], AnyOf())), set(), id="one of which is never so"),
    ],
)
def test_conditions_are_put_together(tmp_path: Path, condition: Condition, found: set[str]) -> None:
    articles = (
        kept("day", "The sun."),
        kept("night", "The moon."),
        kept("both", "The sun and the moon.", strength={"sky": Strength.TIE}),
    )
    index = SearchIndex(tmp_path, KeptInMemory(*articles))
    assert index.catch_up() == 3
    answer = index.candidates(condition)
    assert set(answer.ids) == found
    assert answer.change == index.held() == 3


def test_only_those_published_since_a_day(tmp_path: Path) -> None:
    days = {"old": datetime(2025, 8, 19, 23, 59, tzinfo=UTC), "new": datetime(2025, 8, 20, tzinfo=UTC)}
    index = SearchIndex(tmp_path, KeptInMemory(*(kept(id, "sun", published=day) for id, day in days.items())))
    index.catch_up()
    assert index.candidates(Holds("sun"), since=date(2025, 8, 20)).ids == ("new",)


def test_an_empty_index_holds_nothing(tmp_path: Path) -> None:
    answer = SearchIndex(tmp_path, KeptInMemory()).candidates(AllOf())
    assert (answer.ids, answer.change) == ((), 0)
