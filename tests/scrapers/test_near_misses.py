"""Why not: which rules came near, what was missing, what stood in the way, told by what decides the verdict."""

import json
from dataclasses import asdict
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrapers.classifying.classifying import classify
from scrapers.classifying.explaining import MOST_PER_TOPIC, NearMiss, Outcome, explain
from scrapers.classifying.loading import load_rules
from scrapers.classifying.rules import Rules

RULES = load_rules()

#: A topic small enough to know every rule of.
SMALL = """
concepts:
  drum: {en: [brass drum]}
  horn: {en: [silver horn]}
  bell: {en: [church bell]}
  rain: {en: [heavy rain]}
  robot: {en: [machine writer]}
  paper: {en: [town gazette]}
exercises:
  fair: {en: [Summer Fair], activity: joint_exercise, topics: {band: [bell]}, guard: [capitals year], not_years: [1999], doubtful: [2031]}
topic: band
rules:
  - {id: both, all: [drum, horn], unless: [rain]}
  - {id: close, all: [drum, bell], near: phrase}
vetoes: [china_seas]
lowers: {rosoboronexport: 5}
demotes: [history]
unsourced: [robot]
sources: [paper]
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Rules:
    path = tmp_path_factory.mktemp("topics") / "band.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return load_rules(extra=path)


def told(rules: Rules, rule: str, text: str, **more: Any) -> NearMiss:
    found = [one for one in explain(rules, title="", text=text, **more) if one.topic == "band" and one.rule == rule]
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("rule", "text", "outcome", "reason"),
    [
        pytest.param("both", "A brass drum.", Outcome.MISSING, "horn is missing", id="one of two is there"),
        pytest.param(
            "both", "A brass drum and a silver horn.", Outcome.FIRED, "it fired for 6 points", id="all is there"
        ),
        pytest.param(
            "both",
            "He came with a brass drum. She came with a silver horn.",
            Outcome.APART,
            "not in one sentence",
            id="in two sentences",
        ),
        pytest.param(
            "close",
            "A brass drum was carried up the long hill to the church bell.",
            Outcome.APART,
            "not in one phrase",
            id="too far apart",
        ),
        pytest.param(
            "both",
            "A brass drum and a silver horn in heavy rain.",
            Outcome.UNLESS,
            "«heavy rain» (rain): undoes the rule",
            id="undone",
        ),
        pytest.param(
            "both",
            "A brass drum and a silver horn on the East China Sea.",
            Outcome.VETO,
            "«East China Sea» (china_seas): vetoed by the topic",
            id="vetoed",
        ),
        pytest.param(
            "both",
            "A brass drum and a silver horn for Rosoboronexport.",
            Outcome.LOWERED,
            "takes 5 points",
            id="lowered to nothing",
        ),
        pytest.param(
            "both",
            "A brass drum and a silver horn of the Cold War.",
            Outcome.FIRED,
            "«Cold War» (history): leaves a mention",
            id="demoted",
        ),
        pytest.param(
            "both",
            "A machine writer saw a brass drum and a silver horn.",
            Outcome.HELD,
            "names no source",
            id="held for want of a source",
        ),
        pytest.param(
            "fair", "The Summer Fair opens.", Outcome.MISSING, "wants capitals and year", id="a name unguarded"
        ),
        pytest.param(
            "fair", "The Summer Fair 1999 opens.", Outcome.MISSING, "1999 does not count", id="another edition"
        ),
        pytest.param(
            "fair", "The Summer Fair 2024 opens.", Outcome.NOT_CARRIED, "must name bell", id="carried by none"
        ),
        pytest.param("fair", "The Summer Fair 2031 opens.", Outcome.DOUBTFUL, "unsure sources", id="a rumour"),
    ],
)
def test_a_rule_is_told_with_what_decided_it(small: Rules, rule: str, text: str, outcome: Outcome, reason: str) -> None:
    miss = told(small, rule, text)
    assert miss.outcome is outcome
    assert reason in miss.reason


def test_a_name_out_of_office_is_told_as_such() -> None:
    misses = explain(RULES, title="Li Shangfu welcomed in Moscow", text="", published=date(2026, 5, 7))
    meets = next(miss for miss in misses if miss.rule == "chinese-office-meets")
    assert meets.missing == (("cn_office",),)
    assert [(spotted.concept, spotted.why) for spotted in meets.against] == [
        ("li_shangfu", "out of office on that day")
    ]


def test_points_stand_beside_their_thresholds(small: Rules) -> None:
    text = "\n".join(["The council met and spoke of trams.", *["Bread was dear that year in town."] * 20])
    miss = told(small, "both", f"{text}\nThen came a brass drum and a silver horn.")
    assert (miss.points, miss.topic_points, miss.mention, miss.tie) == (3, 3, 2, 5)
    assert str(miss.strength) == "mention"


def test_the_nearest_comes_first_and_few_are_told() -> None:
    text = "China and Russia held a joint exercise off Taiwan. China and Russia spoke of talks. Shoigu visited. " * 3
    misses = explain(RULES, title="", text=text)
    assert [miss.outcome for miss in misses][:1] == [Outcome.FIRED]
    fired = [miss.outcome is Outcome.FIRED for miss in misses]
    assert fired == sorted(fired, reverse=True)
    topics = [miss.topic for miss in misses]
    assert max(topics.count(topic) for topic in topics) <= MOST_PER_TOPIC


@pytest.mark.parametrize(
    "text", ["", "Bread is dearer.", "面包涨价了。", "\ud800" * 9], ids=["nothing", "en", "zh", "halves"]
)
def test_of_a_text_about_nothing_nothing_is_told(text: str) -> None:
    assert explain(RULES, title=text, text=text) == ()


def test_what_is_told_can_be_written_as_json() -> None:
    misses = explain(RULES, title="Vostok-2022 began", text="China sent a note. 白俄罗斯 attends.")
    assert misses
    assert json.loads(json.dumps([asdict(miss) for miss in misses]))[0]["outcome"] in list(Outcome)


def test_what_is_cut_out_of_another_name_is_not_seen() -> None:
    assert not classify(RULES, title="白俄罗斯与中国举行联合演习", text="").strength
    assert classify(RULES, title="俄罗斯与中国举行联合演习", text="").strength


TEXTS = st.lists(
    st.sampled_from(
        [
            "China",
            "Russia",
            "Joint Sea",
            "-2025",
            " exercise ",
            "中俄",
            "演习",
            "。",
            ". ",
            "\n",
            "Учения",
            " ШОС ",
            "<b>",
            "…",
        ]
    ),
    max_size=14,
).map("".join)


@settings(max_examples=80, deadline=None)
@given(TEXTS, TEXTS)
def test_it_tells_what_the_verdict_says(title: str, text: str) -> None:
    verdict = classify(RULES, title=title, text=text)
    misses = explain(RULES, title=title, text=text)
    fields = {"title": title, "text": text}
    for miss in misses:
        assert miss.strength == verdict.strength.get(miss.topic)
        for spotted in (*miss.found, *miss.against):
            assert fields[spotted.field][spotted.start : spotted.end] == spotted.form
            assert spotted.form in spotted.sentence
    shown = {(evidence.topic, evidence.rule) for evidence in verdict.evidence}
    fired = {(miss.topic, miss.rule) for miss in misses if miss.outcome is Outcome.FIRED}
    assert {topic for topic, _ in shown} <= {topic for topic, _ in fired}
