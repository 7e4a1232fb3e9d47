"""Texts nobody would write: markup left in, scripts mixed, halves of characters, other languages, megabytes of one thing."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrapers.classifying.classifying import classify
from scrapers.classifying.explaining import explain
from scrapers.classifying.loading import load_rules
from scrapers.classifying.markup import strip
from storage.records import Verdict

RULES = load_rules()


def forms(verdict: Verdict, text: str) -> list[str]:
    """The forms shown, each checked to stand where it says."""
    for evidence in verdict.evidence:
        assert text[evidence.start : evidence.end] == evidence.form
        assert evidence.form in evidence.sentence
        assert evidence.sentence in text
    return [evidence.form for evidence in verdict.evidence]


# ------------------------------------------------------------------ markup


@pytest.mark.parametrize(
    ("text", "form"),
    [
        pytest.param(
            "Chinese and Russian navies hold joint <b>exercise</b>", "joint <b>exercise", id="a tag in a form"
        ),
        pytest.param("<h1>Joint&nbsp;Sea-2025 opens</h1>", "Joint&nbsp;Sea", id="a space by its name"),
        pytest.param("Joint Sea&#8211;2025 opens", "Joint Sea", id="a dash by its number"),
        pytest.param(
            "учение «Морское <i>взаимо</i>действие-2025»", "Морское <i>взаимо</i>действие", id="inside a word"
        ),
        pytest.param("учение «Морское<br/>взаимодействие-2025»", "Морское<br/>взаимодействие", id="a break is a space"),
        pytest.param(
            '<p class="a">中俄<a href="/x?a=1&b=2">海军</a>联合演习</p>', "联合演习", id="a link with an address"
        ),
        pytest.param("海上<!-- advert -->联合-2025演习", "海上<!-- advert -->联合-", id="a comment"),
        pytest.param(
            "海上<script>if (a<b) { 1 }</script>联合-2025演习",
            "海上<script>if (a<b) { 1 }</script>联合-",
            id="a script",
        ),
    ],
)
def test_markup_parts_no_words(text: str, form: str) -> None:
    verdict = classify(RULES, title="", text=text)
    assert dict(verdict.strength) == {"china-russia": "tie"}
    assert form in forms(verdict, text)


@pytest.mark.parametrize(
    "hidden",
    [
        pytest.param("<script>{}</script>", id="a script"),
        pytest.param("<STYLE type='x'>{}</STYLE >", id="a style, in capitals"),
        pytest.param("<!-- {} -->", id="a comment"),
        pytest.param("<img alt='{}'>", id="an attribute"),
    ],
)
def test_what_a_page_hides_is_no_news(hidden: str) -> None:
    said = "China and Russia held the joint exercise Joint Sea-2025."
    assert not classify(RULES, title="", text=f"Bread is dearer. {hidden.format(said)} So is milk.").strength
    assert classify(RULES, title="", text=f"Bread is dearer. {hidden.format('')} {said}").strength


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<script>Joint Sea-2025 opens", id="a script that never ends"),
        pytest.param("</script>Joint Sea-2025 opens</p>", id="an end of nothing"),
        pytest.param("<!-- Joint Sea-2025 opens", id="a comment that never ends"),
        pytest.param("--> Joint Sea-2025 opens", id="an end of no comment"),
        pytest.param("<Joint Sea-2025> opens", id="words in angle brackets"),
        pytest.param("1 < 2, a<b and Joint Sea-2025 opens &c; &#99999999;", id="signs that are no markup"),
        pytest.param("&lt;p&gt;Joint Sea-2025 opens&lt;/p&gt;", id="markup written out"),
    ],
)
def test_what_only_looks_like_markup_hides_nothing(text: str) -> None:
    verdict = classify(RULES, title="", text=text)
    assert verdict.events == ("joint_sea-2025",)
    forms(verdict, text)


MARKS = st.sampled_from(
    ["<b>", "</b>", "<i class='x'>", "</span>", "<!-- x -->", "<script>1</script>", "<o:p>", "&zwj;", "&shy;"]
)
SAID = ["中俄", "海军", "联合", "军演", "开始", "。", "Joint", " ", "Sea", "-2025", " ", "ends", "."]


@settings(max_examples=60, deadline=None)
@given(st.lists(MARKS, min_size=len(SAID), max_size=len(SAID)))
def test_a_text_is_judged_alike_with_markup_and_without(marks: list[str]) -> None:
    text = "".join(mark + word for mark, word in zip(marks, SAID, strict=True))
    bare, marked = classify(RULES, title="", text="".join(SAID)), classify(RULES, title="", text=text)
    assert (marked.strength, marked.activities, marked.events) == (bare.strength, bare.activities, bare.events)
    shown = [re.sub("[\u200d\u00ad]", "", strip(form).text) for form in forms(marked, text)]
    assert shown == forms(bare, "".join(SAID))


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.sampled_from(["<", ">", "/", "p", "b", "script", "!--", "-->", "&", "amp;", "#", "9;", " ", "ы", "中"]),
        max_size=40,
    ).map("".join)
)
def test_plain_text_leads_back_to_where_it_stood(text: str) -> None:
    plain = strip(text)
    for at, letter in enumerate(plain.text):
        start, end = plain.span(at, at + 1)
        assert 0 <= start < end <= len(text)
        assert text[start:end] == letter or text[start] in "<&"


# ------------------------------------------------------------------ scripts and languages


@pytest.mark.parametrize(
    ("text", "form"),
    [
        pytest.param("中国PLA与俄军在京举行联合演习", "联合演习", id="Latin between characters"),
        pytest.param("在莫斯科SCO国防部长会议开幕", "SCO", id="an abbreviation between characters"),
        pytest.param("Joint\ud800Sea-2025 opens", "Joint\ud800Sea", id="half a character"),
        pytest.param(
            "\u202bJoint\u200f Sea-2025\u202c تنطلق مناورات", "Joint\u200f Sea", id="right to left around a name"
        ),
        pytest.param("Чжан Юся与Shoigu在京会晤", "Shoigu", id="three scripts in a line"),
    ],
)
def test_scripts_may_be_mixed(text: str, form: str) -> None:
    verdict = classify(RULES, title="", text=text)
    assert verdict.strength
    assert form in forms(verdict, text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("La Chine et la Russie ont mené des exercices navals conjoints.", id="French"),
        pytest.param("China und Russland halten ein gemeinsames Marinemanöver ab.", id="German"),
        pytest.param("Çin ve Rusya ortak deniz tatbikatı düzenledi.", id="Turkish"),
        pytest.param("中国とロシアの海軍が合同演習を行った。", id="Japanese"),
        pytest.param("중국과 러시아 해군이 연합훈련을 실시했다.", id="Korean"),
        pytest.param("Росія і Китай провели спільні морські навчання.", id="Ukrainian"),
        pytest.param("Ресей мен Қытай бірлескен теңіз жаттығуын өткізді.", id="Kazakh"),
        pytest.param("Русија и Кина одржале су заједничку поморску вежбу.", id="Serbian"),
        pytest.param("چین و روسیه رزمایش مشترک دریایی برگزار کردند.", id="Persian"),
        pytest.param("चीन और रूस ने संयुक्त नौसैनिक अभ्यास किया।", id="Hindi"),
    ],
)
def test_a_language_we_do_not_read_ends_with_no_topic(text: str) -> None:
    verdict = classify(RULES, title=text, text=text)
    assert (dict(verdict.strength), verdict.activities, verdict.events, verdict.evidence) == ({}, (), (), ())


# ------------------------------------------------------------------ size: each of these once took minutes, or would


@pytest.mark.parametrize(
    "unit",
    [
        pytest.param("中俄联合军演。", id="sentences of nothing but hits"),
        pytest.param("中俄联合军演", id="one sentence of nothing but hits"),
        pytest.param("Joint Sea-2025. ", id="names of exercises"),
        pytest.param("China, Russia joint exercise ", id="one English sentence"),
        pytest.param("白俄罗斯", id="names that hide others"),
        pytest.param("раунд-", id="words joined by dashes"),
        pytest.param("учени", id="one word"),
        pytest.param("<script>", id="scripts that never end"),
        pytest.param("<p ", id="tags that never end"),
        pytest.param("&amp;", id="entities"),
        pytest.param("е\u0301", id="letters with accents set on"),
    ],
)
def test_half_a_megabyte_of_one_thing_ends_well(unit: str) -> None:
    text = unit * (500_000 // len(unit.encode()))
    verdict = classify(RULES, title="", text=text)
    assert set(verdict.strength) <= {"china-russia"}
    assert len(text) > 40_000


@pytest.mark.parametrize(
    "text", [None, "", " \n\t", "\ufeff", "\0"], ids=["none", "empty", "blank", "a mark", "a zero"]
)
def test_no_text_is_no_topic(text: str | None) -> None:
    assert classify(RULES, title=text, text=text) == Verdict(rules_version=RULES.version)
    assert explain(RULES, title=text, text=text) == ()
