"""Article to Verdict, through the one public door, on texts we wrote (tests/corpus/topics) and on the shared ones."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from scrapers.classifying.classifying import MOST_EVIDENCE, classify
from scrapers.classifying.loading import load_rules
from storage.records import Strength, Verdict

CORPUS = Path(__file__).parents[1] / "corpus" / "topics"
RULES = load_rules()

Text = dict[str, Any]


def texts(name: str) -> list[Text]:
    loaded: list[Text] = yaml.safe_load((CORPUS / f"{name}.yaml").read_text(encoding="utf-8"))
    return loaded


def verdict_on(text: Text) -> Verdict:
    return classify(RULES, title=text.get("title", ""), text=text.get("text", ""), published=text.get("published"))


@pytest.mark.parametrize(
    "text", [pytest.param(one, id=f"{lang}: {one['is']}") for lang in ("en", "ru", "zh") for one in texts(lang)]
)
def test_a_text_gets_its_verdict(text: Text) -> None:
    verdict = verdict_on(text)
    assert {topic: str(strength) for topic, strength in verdict.strength.items()} == text["topics"]
    if "activity" in text:
        assert verdict.activities[0] == text["activity"]


@pytest.mark.parametrize(
    "text", [pytest.param(one, id=one["title"]) for name in ("headlines", "articles") for one in texts(name)]
)
def test_a_headline_alone_is_enough_and_an_article_is_read_as_a_whole(text: Text) -> None:
    verdict = verdict_on(text)
    assert [str(strength) for strength in verdict.strength.values()] == ["tie"] * len(text["topics"])
    assert sorted(verdict.topics) == sorted(text["topics"])
    if "activity" in text:
        assert verdict.activities[0] == text["activity"]


def test_every_exercise_and_every_activity_has_a_text_of_ours() -> None:
    verdicts = [verdict_on(text) for lang in ("en", "ru", "zh") for text in texts(lang)]
    assert {activity for verdict in verdicts for activity in verdict.activities[:1]} == set(RULES.activities)


# ------------------------------------------------------------------ long texts

DRILL = "Chinese and Russian marines held a joint exercise near Vladivostok on Tuesday."
FILLER = "The city council met to discuss the harvest and the new tram line."


def test_one_line_far_down_is_a_passing_mention() -> None:
    verdict = classify(RULES, title="Council meets", text="\n".join([*[FILLER] * 30, DRILL, *[FILLER] * 10]))
    assert verdict.strength == {"china-russia": Strength.MENTION}


def test_a_strong_paragraph_of_a_survey_is_a_tie_and_is_what_is_shown() -> None:
    paragraph = f"{DRILL} The two militaries then agreed on joint patrols."
    verdict = classify(RULES, title="Council meets", text="\n".join([*[FILLER] * 30, paragraph, *[FILLER] * 10]))
    assert verdict.strength == {"china-russia": Strength.TIE}
    assert all(evidence.sentence in paragraph for evidence in verdict.evidence)


def test_a_named_exercise_anywhere_is_a_tie() -> None:
    text = "\n".join([*[FILLER] * 30, "Ships sailed home from Joint Sea-2024.", *[FILLER] * 10])
    assert classify(RULES, title="Council meets", text=text).strength == {"china-russia": Strength.TIE}


def test_a_caption_does_not_set_the_primary_activity() -> None:
    text = (
        "The exercise ZAPAD/INTERACTION-2021 kicks off in Ningxia. Photo: agency\n\n"
        "The Chinese and Russian defense ministers met in Moscow on Tuesday and praised military cooperation."
    )
    assert (
        verdict_on({"title": "Defense ministers of China, Russia meet", "text": text}).activities[0] == "senior_meeting"
    )


def test_lines_wrapped_inside_a_sentence_are_one_sentence() -> None:
    text = "In the autumn the navies of China and\nRussia held their first joint\nexercise in the gulf."
    assert "china-russia" in classify(RULES, title="", text=text).strength


def test_a_scanned_year_and_markup_left_in_the_text_do_not_matter() -> None:
    assert "sco" in classify(RULES, title="", text="The drill Coalition-2OO3 began, said SCO officials.").strength
    text = "<p>Корабли <b>Тихоокеанского</b> флота вернулись с учения «Морское взаимодействие-2024»</p>"
    assert "china-russia" in classify(RULES, title=None, text=text).strength


# ------------------------------------------------------------------ who, when, where from


@pytest.mark.parametrize(
    ("published", "ties"),
    [
        pytest.param(date(2023, 4, 18), True, id="in office"),
        pytest.param(None, True, id="nobody knows the day"),
        pytest.param(date(2026, 5, 7), False, id="out of office for years"),
    ],
)
def test_a_name_counts_within_its_term(published: date | None, ties: bool) -> None:
    verdict = classify(RULES, title="Li Shangfu welcomed in Moscow", text="", published=published)
    assert bool(verdict.strength) is ties


@pytest.mark.parametrize(("country", "ties"), [("cn", True), ("tw", False)])
def test_the_ministry_is_read_by_the_country_of_the_outlet(country: str, ties: bool) -> None:
    verdict = classify(RULES, title="國防部:與俄方會談", text="", country=country)
    assert bool(verdict.strength) is ties


def test_the_two_militaries_are_whose_when_both_were_named() -> None:
    said = "The two militaries agreed on joint patrols."
    assert not classify(RULES, title="", text=said).strength
    assert classify(RULES, title="China and Russia mark a year of friendship", text=said).strength


# ------------------------------------------------------------------ evidence

NOISE = st.text(st.sampled_from(" .,\n-«»“”·ёЁé—…2OО0中聯俄ШaB№½\u00ad\u200b\ud800\u0301'\"(lián)"), max_size=60)
SEEDS = [
    "Joint Sea-2025",
    "российско-китайские учения",
    "中俄海军联合巡航",
    "SCO defence ministers' meeting",
    "海上聯合-2024",
]


@settings(max_examples=120, deadline=None)
@given(NOISE, st.sampled_from(SEEDS), NOISE, NOISE)
def test_evidence_stands_where_it_says(before: str, seed: str, after: str, title: str) -> None:
    fields = {"title": title, "text": f"{before} {seed} {after}"}
    verdict = classify(RULES, **fields)
    for evidence in verdict.evidence:
        assert fields[evidence.field][evidence.start : evidence.end] == evidence.form
        assert evidence.form in evidence.sentence
        assert evidence.sentence in fields[evidence.field]
    assert {evidence.topic for evidence in verdict.evidence} == set(verdict.strength)


def test_evidence_is_short_strongest_first_and_of_every_topic() -> None:
    text = "\n".join(f"{DRILL} SCO defence ministers met in city number {n}." for n in range(40))
    verdict = classify(RULES, title="Peace Mission 2021: China and other SCO armies train", text=text)
    assert len(verdict.evidence) == MOST_EVIDENCE
    assert verdict.evidence[0].field == "title"
    assert {evidence.topic for evidence in verdict.evidence} == {"china-russia", "sco"}


def test_a_verdict_names_its_rules_and_the_edition() -> None:
    verdict = classify(RULES, title="Joint Sea 2025 ends", text="")
    assert verdict.evidence[0].rule == "joint_sea-2025"
    assert verdict.rules_version == RULES.version
    assert verdict.points["china-russia"] >= 5


@pytest.mark.parametrize(
    "text",
    ["Joint Sea-2025 ended", "海上联合-2025落幕", "“海上聯合—2025”演習", "Учение «Морское взаимодействие – 2025»"],
)
def test_one_exercise_has_one_name_in_all_languages(text: str) -> None:
    assert classify(RULES, title=text, text="").evidence[0].rule == "joint_sea-2025"


# ------------------------------------------------------------------ never crash


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("\n\n \t", id="white space"),
        pytest.param("a" * 1_000_000, id="a megabyte of one letter"),
        pytest.param("." * 1_000_000, id="a megabyte of points"),
        pytest.param("中" * 400_000, id="a megabyte of one character"),
        pytest.param("\ud800\udfff" * 50, id="lone surrogates"),
        pytest.param("الصين وروسيا تجريان تدريبات عسكرية مشتركة", id="right to left, a language we do not read"),
        pytest.param("La Chine et la Russie mènent des exercices militaires conjoints", id="a fourth language"),
        pytest.param("中国Россияteamパ" * 50, id="scripts mixed without a space"),
        pytest.param("<script>{}</script>" * 100, id="markup alone"),
    ],
)
def test_no_text_breaks_it(text: str) -> None:
    assert classify(RULES, title=text[:50], text=text).strength == {}


def test_a_text_of_nothing_but_hits_ends_well() -> None:
    verdict = classify(RULES, title="", text="中俄联合军演。" * 2000)
    assert verdict.strength == {"china-russia": Strength.TIE}


@given(st.text(max_size=200), st.text(max_size=400))
@settings(max_examples=60, deadline=None)
def test_any_text_gets_some_verdict(title: str, text: str) -> None:
    assert isinstance(classify(RULES, title=title, text=text), Verdict)
