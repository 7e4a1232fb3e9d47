"""Which changes are material: those of evidence, numbers and names; and which only polish."""

from itertools import pairwise

import pytest

from storage.materiality import touched
from storage.particulars import spots
from storage.records import Article, Evidence, Verdict
from tests.fakes.texts import an_article

PATROL = (
    "Eight warships left harbour on Monday. China and Russia began a joint patrol in the bay. "
    "The weather was fine, said Shoigu. Ships of both fleets took part."
)


def judged(article: Article) -> Verdict:
    """A verdict earned by each sentence, and a title, that holds a joint patrol."""
    evidence = []
    for field, text in (("title", article.title), ("text", article.text)):
        for form in ("joint patrol", "联合巡航", "совместное патрулирование"):
            start = text.find(form)
            if start >= 0:
                begin = (
                    max(text.rfind(stop, 0, start) + len(stop) for stop in (". ", "。"))
                    if "." in text[:start] or "。" in text[:start]
                    else 0
                )
                end = min([place + 1 for stop in ".。" if (place := text.find(stop, start)) >= 0], default=len(text))
                evidence.append(
                    Evidence(
                        topic="t",
                        rule="r",
                        form=form,
                        field=field,
                        start=start,
                        end=start + len(form),
                        sentence=text[begin:end],
                    )
                )
    return Verdict(evidence=tuple(evidence))


def told(before: str, after: str, *, titles: tuple[str, str] = ("News", "News")) -> list[str]:
    old, new = an_article(text=before, title=titles[0]), an_article(text=after, title=titles[1])
    return [f"{one.what.value}: {one.was} > {one.now}" for one in touched(old, judged(old), new, judged(new))]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        pytest.param("Eight", "Ten", ["number: Eight > Ten"], id="a number in words"),
        pytest.param("on Monday", "on Tuesday", ["number: Monday > Tuesday"], id="a day"),
        pytest.param("Shoigu", "Belousov", ["name: Shoigu > Belousov"], id="a name"),
        pytest.param(
            "in the bay", "in the outer bay", ["evidence:  > outer"], id="a word more in the sentence of the evidence"
        ),
        pytest.param(" in the bay", "", ["evidence: in the bay > "], id="words less in it"),
        pytest.param("began a", "did not begin a", ["evidence: began > did not begin"], id="the opposite of it"),
        pytest.param("fine", "splendid", [], id="an adjective elsewhere"),
        pytest.param(
            "Ships of both", "Vessels of both", [], id="the first word of a sentence is no name for its capital"
        ),
        pytest.param("took part.", "took part. Nothing else happened.", [], id="a sentence more that names nobody"),
        pytest.param(
            "took part.", "took part. Nothing else happened in Minsk.", ["name:  > Minsk"], id="and one that does"
        ),
    ],
)
def test_what_a_change_touches(old: str, new: str, found: list[str]) -> None:
    assert told(PATROL, PATROL.replace(old, new)) == found


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        pytest.param("共二十艘舰艇。", "共三十艘舰艇。", ["number: 二十 > 三十"], id="zh: a number is told whole"),
        pytest.param("共二十艘舰艇。", "共二艘舰艇。", ["number: 二十 > 二"], id="zh: a number cut short"),
        pytest.param("共12艘舰艇。", "共十二艘舰艇。", ["number: 12 > 十二"], id="zh: digits for words"),
        pytest.param(
            "国防部长董军出席。", "国防部长李尚福出席。", ["name: 董军 > 李尚福"], id="zh: a person by the title"
        ),
        pytest.param(
            "会谈在青岛举行。", "会谈在大连举行。", ["name: 青岛 > 大连"], id="zh: a place by what happened there"
        ),
        pytest.param(
            "绍伊古表示感谢。",
            "别洛乌索夫表示感谢。",
            ["name: 绍伊古 > 别洛乌索夫"],
            id="zh: a foreign name by its sounds",
        ),
        pytest.param("演习周三开始。", "演习周四开始。", ["number: 周三 > 周四"], id="zh: a day"),
        pytest.param("天气很好，大家高兴。", "天气不错，大家高兴。", [], id="zh: words that name nothing"),
        pytest.param("双方一起训练，十分顺利。", "双方共同训练，非常顺利。", [], id="zh: 一起 and 十分 are no numbers"),
        pytest.param("中俄开始联合巡航。天气好。", "中俄开始联合巡航。天气很好。", [], id="zh: beside the evidence"),
        pytest.param(
            "中俄开始联合巡航。", "中俄将开始联合巡航。", ["evidence:  > 将"], id="zh: in the sentence of the evidence"
        ),
        pytest.param(
            "Вышли восемь кораблей.", "Вышли десять кораблей.", ["number: восемь > десять"], id="ru: a number in words"
        ),
        pytest.param(
            "Учения пройдут в июле.", "Учения пройдут в августе.", ["number: июле > августе"], id="ru: a month"
        ),
        pytest.param(
            "Министр Сергей Шойгу прибыл.",
            "Министр Андрей Белоусов прибыл.",
            ["name: Министр Сергей Шойгу > Министр Андрей Белоусов"],
            id="ru: a name",
        ),
        pytest.param(
            "Вышли корабли Китая.", "Вышли корабли, данные Китаем.", [], id="ru: another ending is the same name"
        ),
        pytest.param("Погода хорошая.", "Погода отличная.", [], id="ru: an adjective"),
        pytest.param(
            "3 ships and 5 planes came.",
            "5 ships and 3 planes came.",
            ["number: 3 > 5", "number: 5 > 3"],
            id="two numbers that changed places",
        ),
        pytest.param(
            "Shoigu came. Five ships left.",
            "Five ships left. Shoigu came.",
            [],
            id="a sentence that moved touches nothing",
        ),
        pytest.param(
            "They met in the Sea of Japan.",
            "They met in the Yellow Sea.",
            ["name: Sea of Japan > Yellow Sea"],
            id="a name of words",
        ),
    ],
)
def test_what_a_change_touches_in_three_languages(before: str, after: str, found: list[str]) -> None:
    assert told(before, after) == found


def test_a_title_is_evidence_and_holds_names_too() -> None:
    titles = ("China joins joint patrol", "China leaves joint patrol")
    assert told("A.", "A.", titles=titles) == ["evidence: joins > leaves"]
    assert told("A.", "A.", titles=("Talks in Minsk", "Talks in Astana")) == ["name: Minsk > Astana"]


def test_capitals_of_a_headline_are_no_names() -> None:
    titles = ("Two Navies Begin Large Drill Today In Bay", "Two Navies Start Large Drill Today In Bay")
    assert told("A.", "A.", titles=titles) == []


def test_a_flood_of_changes_is_told_in_part() -> None:
    before = " ".join(f"On day {number} they saw Town{number}." for number in range(200))
    found = touched(an_article(text=before), Verdict(), an_article(text=before.replace("Town", "Ville")), Verdict())
    assert 10 <= len(found) <= 30
    assert all(len(one.was) <= 160 for one in found)


def test_spots_stand_in_order_and_apart() -> None:
    text = "On 3 July Sergei Shoigu met 董军上将 near Type 055 ships; “和平使命-2021” began, 二十艘."
    found = spots(text)
    assert [(spot.start, spot.end) for spot in found] == sorted((spot.start, spot.end) for spot in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert {"Sergei Shoigu", "董军", "055", "“和平使命-2021”", "二十"} <= {
        text[spot.start : spot.end] for spot in found
    }
