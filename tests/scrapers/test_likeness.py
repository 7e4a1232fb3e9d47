"""Are two texts alike? Copies, parts, headlines, retellings and translations are; forms filled in anew are not."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.classifying.loading import load_rules
from scrapers.classifying.people import people_of
from scrapers.reading.likeness import alike, alike_packed
from scrapers.reading.shingles import SKETCH, pieces, shared, shingles
from scrapers.reading.traits import Recognised, recognised, unpack
from storage.records import Article, LinkKind

MONDAY = date(2026, 3, 2)

EN = (
    "Three frigates of two navies left the outer harbour on Monday morning under one command, the naval press office said. "
    "They will escort grain ships through the gulf for forty days and call at two ports on the way back. Captain Orlan Veit, "
    "who leads the group, said the crews had practised signals, refuelling and boarding since January."
)
EN_MORE = " Two tankers follow at a distance of ten miles. Families watched from the old mole, where a band played until noon."
RU = (
    "Инженерный батальон навёл через реку Студёную понтонный мост длиной 268 метров, сообщили в пресс-службе гарнизона. По мосту "
    "уже прошла первая колонна: двадцать грузовиков с мукой и топливом. Майор Глеб Сурин рассказал, что работа заняла девять часов."
)
ZH = "由两国海军三艘护卫舰组成的编队2日上午从北湾外港启航，前往海湾执行为期四十天的运粮船护航任务。编队指挥员韦特上校介绍，官兵自一月起开展了训练。"
ZH_OLD = "由兩國海軍三艘護衛艦組成的編隊2日上午從北灣外港啟航，前往海灣執行為期四十天的運糧船護航任務。編隊指揮員韋特上校介紹，官兵自一月起開展了訓練。"


def one(title: str = "Frigates sail", text: str = EN, *, outlet: str = "a", day: int = 0, **over: Any) -> Recognised:
    """An article so many days after Monday."""
    said = {name: over.pop(name) for name in ("events", "activities", "people") if name in over}
    article = Article(outlet=outlet, canonical_id="1", url="https://a.test/1", title=title, text=text, language="en")
    return recognised(replace(article, **over), day=MONDAY + timedelta(days=day), **said)


def count(number: int, ward: int) -> str:
    """The daily report of the fever, a form filled in."""
    return (
        f"The island ward reported {number} new cases of marsh fever on Monday, the health office said in its daily report. Of "
        f"these, {number - ward} were found in the lower town and {ward} on the farms. A total of {number * 20} people are being "
        "treated. The office asked residents to boil water and to keep children away from the ponds."
    )


ALIKE = [
    pytest.param(one(), one(outlet="b", day=9), LinkKind.COPY, id="the same words"),
    pytest.param(one(text=EN + EN_MORE), one(text=EN, outlet="b"), LinkKind.COPY, id="a few sentences less"),
    pytest.param(one(text=EN + EN_MORE * 3), one(text=EN[:220], outlet="b"), LinkKind.SHORTENED, id="the beginning of it"),
    pytest.param(one(text=RU), one(text="МОСТ, 2 марта. /АГ/. " + RU.replace("ё", "е"), outlet="b"), LinkKind.COPY, id="Russian behind a dateline, without ё"),
    pytest.param(one(text=ZH, language="zh"), one(text=ZH_OLD + "（来源：江声社）", outlet="b", language="zh"), LinkKind.COPY, id="Chinese in the other script"),
    pytest.param(one(text=EN + EN_MORE), one(text=EN_MORE + EN_MORE.upper() + EN.replace("the ", "a "), outlet="b", origin="a"), LinkKind.SHORTENED, id="less of it where the origin is named"),
    pytest.param(one("Icebreaker frees eleven trawlers", ""), one("Icebreaker frees eleven trawlers", "", outlet="b", day=4), LinkKind.HEADLINE, id="a headline and its echo"),
    pytest.param(one("Coast guard: Icebreaker frees eleven trawlers", ""), one("Icebreaker frees eleven trawlers: coast guard", "", outlet="b"), LinkKind.HEADLINE, id="a headline turned round"),
    pytest.param(one("Icebreaker frees eleven trawlers", ""), one("Update: Icebreaker frees eleven trawlers", "", outlet="b"), LinkKind.HEADLINE, id="a headline behind a label"),
    pytest.param(one("Icebreaker frees eleven trawlers", EN), one("Icebreaker frees eleven trawlers", "", outlet="b"), LinkKind.HEADLINE, id="a headline and the whole text under it"),
    pytest.param(one("Icebreaker frees eleven trawlers", "Icebreaker frees eleven trawlers."), one("Icebreaker frees eleven trawlers", outlet="b"), LinkKind.HEADLINE, id="a text that says only its headline"),
    pytest.param(
        one("Veit's frigates to guard grain ships in the gulf for forty days", EN),
        one("Three frigates under Captain Veit sail for the gulf", "A group of frigates led by Captain Orlan Veit has set out to escort grain ships through the gulf. Veit told reporters that the frigates and their crews would stay forty days and call at two ports.", outlet="b", day=1),
        LinkKind.RETOLD, id="the same news in other words",
    ),
    pytest.param(
        one(events=("joint_sea-2026",), activities=("joint_exercise",)),
        one("海上联合", ZH, outlet="b", language="zh", events=("joint_sea-2026",), activities=("joint_exercise",), day=1),
        LinkKind.TRANSLATED, id="the same event in another language",
    ),
    pytest.param(
        one(activities=("senior_meeting",), people=("belousov", "dong_jun")),
        one("Видеосвязь", RU, outlet="b", language="ru", activities=("senior_meeting",), people=("dong_jun", "belousov")),
        LinkKind.TRANSLATED, id="the same two people on the same day in another language",
    ),
]  # fmt: skip

APART = [
    pytest.param(one("Ward reports 54 cases", count(54, 23)), one("Ward reports 61 cases", count(61, 21), outlet="b", day=1), id="the report of another day"),
    pytest.param(one("Ward reports cases", count(54, 23)), one("Ward reports cases", count(61, 21), outlet="b", day=1), id="another day under the same headline"),
    pytest.param(one("Ward reports 54 new cases", ""), one("Ward reports 61 new cases", "", outlet="b"), id="headlines that differ by a number"),
    pytest.param(one("Market exchange rates -- March 5", ""), one("Market exchange rates -- March 6", "", outlet="b", day=1), id="headlines that differ by a day"),
    pytest.param(one("Ward reports new cases Friday", ""), one("Ward reports new cases Saturday", "", outlet="b", day=1), id="headlines that differ by a weekday"),
    pytest.param(one("Сводка о паводке № 12", "", language="ru"), one("Сводка о паводке № 13", "", outlet="b", day=1, language="ru"), id="numbered reports"),
    pytest.param(one("破冰船解救十一艘渔船", "", language="zh"), one("破冰船解救十二艘渔船", "", outlet="b", language="zh"), id="Chinese numerals"),
    pytest.param(one("Stocks up as main session opens", ""), one("Stocks down as main session opens", "", outlet="b"), id="headlines that say the contrary"),
    pytest.param(one("Minister meets Pakistani army chief in the capital", ""), one("Minister meets Kazakh army chief in the capital", "", outlet="b"), id="headlines about somebody else"),
    pytest.param(one("Games of the north: chess", ""), one("Games of the north: skiing", "", outlet="b"), id="parts of a series"),
    pytest.param(one("Stocks up as main session opens", ""), one("Stocks up as main session opens", "", day=1), id="a column of one outlet"),
    pytest.param(one("Icebreaker frees eleven trawlers", ""), one("Icebreaker frees eleven trawlers", "", outlet="b", day=30), id="the same headline a month later"),
    pytest.param(one("One", "Photo: agency"), one("Two", "Photo: agency", outlet="b"), id="a caption under two headlines"),
    pytest.param(one("A", ""), one("A", "", outlet="b"), id="a headline that says nothing"),
    pytest.param(one("", ""), one("", "", outlet="b"), id="nothing at all"),
    pytest.param(one(), one("Frigates", EN_MORE * 2, outlet="b"), id="other words"),
    pytest.param(
        one(events=("joint_sea-2026",), activities=("joint_exercise",)),
        one("海上联合", ZH, outlet="b", language="zh", events=("joint_sea-2026",), activities=("joint_exercise",), day=3),
        id="the same event days later in another language",
    ),
    pytest.param(
        one(activities=("senior_meeting",), people=("belousov", "dong_jun")),
        one("Видеосвязь", RU, outlet="b", language="ru", activities=("senior_meeting",), people=("belousov", "zhang_youxia")),
        id="one of the two met somebody else",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("here", "there", "kind"), ALIKE)
def test_alike(here: Recognised, there: Recognised, kind: LinkKind) -> None:
    found = alike(here.traits, there.traits)
    assert found is not None
    assert found.kind is kind
    assert 1 <= found.strength <= 100
    assert alike(there.traits, here.traits) == found, "whichever comes first"
    assert alike_packed(here.traits.pack(), there.traits.pack()) == found
    assert here.sought & there.filed, "and they meet under a key"
    assert there.sought & here.filed


@pytest.mark.parametrize(("here", "there"), APART)
def test_not_alike(here: Recognised, there: Recognised) -> None:
    assert alike(here.traits, there.traits) is None
    assert alike(there.traits, here.traits) is None


@given(
    title=st.text(max_size=80),
    text=st.text(max_size=400),
    day=st.dates(),
    ids=st.lists(st.text(max_size=9), max_size=12),
)
def test_any_text_has_traits_that_come_back_from_the_archive(title: str, text: str, day: date, ids: list[str]) -> None:
    article = Article(outlet="a", canonical_id="1", url="https://a.test", title=title, text=text)
    found = recognised(article, day=day, events=ids, activities=ids, people=ids)
    assert unpack(found.traits.pack()) == found.traits
    assert found.filed <= found.sought
    assert len(found.filed) < 40, "so many, whatever the text"
    assert all(0 <= key < 1 << 63 for key in found.sought)


def test_a_long_text_costs_the_archive_no_more_than_a_short_one() -> None:
    text = " ".join(f"word{number}" for number in range(9_000))
    assert len(one(text=text).traits.pack()) < 1_200
    assert len(one(text=text).filed) <= len(one().filed) + 2


@pytest.mark.parametrize("share", [10, 30, 50, 80, 100])
def test_a_sketch_tells_how_much_of_a_text_stands_in_another(share: int) -> None:
    whole = shingles([f"word{number}" for number in range(1_000)])
    part = shingles([f"{'word' if number < share * 5 else 'other'}{number}" for number in range(500)])
    sketches = [(sorted(one)[:SKETCH], len(one) <= SKETCH) for one in (whole, part)]
    both, _, there = shared(*sketches[0], *sketches[1])
    assert abs(100 * both / there - share) < 20


def test_shingles_are_of_words_and_of_characters() -> None:
    assert len(shingles(pieces("the navies of two states met"))) == 3
    assert len(shingles(pieces("两国海军举行联合军演"))) == 5
    assert shingles(pieces("The NAVIES of two states' met")) == shingles(pieces("the navy of two state met"))


@pytest.mark.parametrize(
    ("text", "people"),
    [
        pytest.param("Chinese Defense Minister Dong Jun met his Russian counterpart Andrei Belousov in Beijing for military talks.", {"dong_jun", "belousov"}, id="English"),
        pytest.param("Министр обороны России Андрей Белоусов и министр обороны Китая Дун Цзюнь провели военные переговоры.", {"dong_jun", "belousov"}, id="Russian"),
        pytest.param("中国国防部长董军同俄罗斯国防部长别洛乌索夫举行会谈，就两军合作交换意见。", {"dong_jun", "belousov"}, id="Chinese"),
        pytest.param("A lighthouse keeper retired.", set(), id="nobody of ours"),
    ],
)  # fmt: skip
def test_office_holders_have_one_name_in_every_language(text: str, people: set[str]) -> None:
    found = people_of(load_rules(), title="", text=text, published=date(2025, 6, 26), country="")
    assert people <= set(found) if people else not found
