"""How forms are looked for: the notation of docs/topics.md, language by language."""

import pytest

from scrapers.classifying import forms
from scrapers.classifying.forms import BadForm, Pattern
from scrapers.classifying.loading import load_rules
from scrapers.classifying.matching import Matcher
from scrapers.classifying.sentences import split
from storage.words import fold

RULES = load_rules()


def found(patterns: tuple[Pattern, ...], text: str) -> list[str]:
    folded = fold(text)
    hits = Matcher({0: patterns}, [1]).find(folded)
    return [text[slice(*folded.span(hit.start, hit.end))] for hit in hits]


@pytest.mark.parametrize(
    ("form", "text", "hit"),
    [
        pytest.param(
            "joint exercise", "Two JOINT EXERCISES began", "JOINT EXERCISES", id="case is free, a plural is understood"
        ),
        pytest.param("Chinese navy", "the Chinese navy's pride", "Chinese navy's", id="a possessive is understood"),
        pytest.param("art", "a smart start", "", id="a word is not a piece of a word"),
        pytest.param("Joint-2003", "Joint 2003 began", "Joint 2003", id="a dash is a space"),
        pytest.param("Joint-2003", "Joint2003 began", "Joint2003", id="a dash is nothing"),
        pytest.param("Zapad/Interaction", "ZAPAD-INTERACTION", "ZAPAD-INTERACTION", id="a slash is a dash"),
        pytest.param("Joint Sea", "“Joint\nSea”", "Joint\nSea", id="a line may break inside"),
        pytest.param("defense minister", "the defence minister", "defence minister", id="British and American are one"),
        pytest.param("maneuvers", "naval manoeuvres", "manoeuvres", id="also where they differ in length"),
        pytest.param(
            "anti-terrorist drill", "a counterterrorism drill", "counterterrorism drill", id="one act, four spellings"
        ),
        pytest.param("visit*", "he visited", "visited", id="a star is any run of letters"),
        pytest.param("H-6", "an H6 flew", "H6", id="a name of single letters"),
    ],
)
def test_english(form: str, text: str, hit: str) -> None:
    assert found(forms.english(form), text) == ([hit] if hit else [])


@pytest.mark.parametrize(("text", "hits"), [("PLAN ships", ["PLAN"]), ("plan ships", []), ("Plan ships", [])])
def test_capitals_are_asked_for_where_the_file_says_so(text: str, hits: list[str]) -> None:
    assert found(forms.english("PLAN", capitals=True), text) == hits


@pytest.mark.parametrize(
    ("stem", "text", "hit"),
    [
        pytest.param(
            "совместн* учени*", "о совместных учениях флотов", "совместных учениях", id="endings move inside a phrase"
        ),
        pytest.param(
            "совместн* (военн* )?учени*", "совместные военные учения", "совместные военные учения", id="what may stand"
        ),
        pytest.param("совместн* (военн* )?учени*", "совместное учение", "совместное учение", id="what may be missing"),
        pytest.param("ВС КНР|НОАК", "бойцы НОАК", "НОАК", id="one of several"),
        pytest.param(
            "раунд* ~ консультаци*", "раунд новых консультаций", "раунд новых консультаций", id="one word between"
        ),
        pytest.param("раунд* ~ консультаци*", "раунд консультаций", "раунд консультаций", id="or none"),
        pytest.param(
            "Взаимодействи*-2003", "«Взаимодействия — 2003»", "Взаимодействия — 2003", id="any dash, with spaces"
        ),
        pytest.param("сил* зла", "сила, зла", "", id="a comma parts"),
        pytest.param("Королев*", "Королёв", "Королёв", id="ё is е"),
        pytest.param("кита*", "антикитайский", "", id="a word begins where it begins"),
    ],
)
def test_russian_stems(stem: str, text: str, hit: str) -> None:
    assert found(forms.russian_stem(stem, stem), text) == ([hit] if hit else [])


@pytest.mark.parametrize(("text", "hits"), [("страны ШОС", ["ШОС"]), ("шос", []), ("ШОСа", []), ("про ПРО", [])])
def test_russian_abbreviations_stand_as_written(text: str, hits: list[str]) -> None:
    assert found(forms.russian("ШОС"), text) == hits


@pytest.mark.parametrize(("text", "hits"), [("с Ван И беседовал", ["Ван И"]), ("ван и беседа", [])])
def test_a_name_that_is_also_plain_words_asks_for_its_capitals(text: str, hits: list[str]) -> None:
    assert found(forms.russian_stem("Ван И", "Ван И", capitals=True), text) == hits


@pytest.mark.parametrize(
    ("form", "text", "hit"),
    [
        pytest.param("联合军演", "两国海军举行联合军演。", "联合军演", id="no spaces to lean on"),
        pytest.param("联合军演", "兩國舉行聯合軍演", "聯合軍演", id="traditional characters"),
        pytest.param("联合", "聯(lián)合演習", "聯(lián)合", id="pinyin left in by a mirror"),
        pytest.param("北部·联合", "北部联合-2024", "北部联合", id="a dot is nothing"),
        pytest.param("导弹防御", "飛彈防禦", "飛彈防禦", id="the wording of Taiwan"),
        pytest.param("苏-35", "苏35战机", "苏35", id="a character and a number"),
    ],
)
def test_chinese(form: str, text: str, hit: str) -> None:
    assert found(forms.chinese(form), text) == [hit]


def test_chinese_guards_look_before_and_behind() -> None:
    guarded = forms.chinese("中俄", not_after=("冲突",), not_before=("罗斯",))
    assert [found(guarded, text) for text in ("中俄军演", "冲突中俄军", "其中俄罗斯")] == [["中俄"], [], []]


@pytest.mark.parametrize(
    ("read", "reason"),
    [
        pytest.param(lambda: forms.english("  "), "empty form", id="nothing at all"),
        pytest.param(lambda: forms.english("to"), "shorter than 3 letters", id="two Latin letters"),
        pytest.param(lambda: forms.english("中国"), "write it under zh", id="Chinese under en"),
        pytest.param(lambda: forms.russian("Я"), "shorter than 2 letters", id="one Cyrillic letter"),
        pytest.param(lambda: forms.russian_stem("а", "(а|б"), "without ')'", id="a group left open"),
        pytest.param(lambda: forms.russian_stem("а", "аб)"), "without '('", id="a group never opened"),
        pytest.param(lambda: forms.russian_stem("а", "аб?"), "follows no ')'", id="a question mark on its own"),
        pytest.param(
            lambda: forms.russian_stem("а", "аб|*"), "shorter than 2 letters", id="an alternative that is all"
        ),
        pytest.param(lambda: forms.russian_stem("а", "(аа|бб)" * 12), "too many forms", id="alternatives without end"),
        pytest.param(lambda: forms.russian_stem("а", "аа*б*в*г*д*е*ж*"), "more than 6 stars", id="stars without end"),
        pytest.param(lambda: forms.english("a*b*c*d*e*f*g*hh"), "more than 6 stars", id="stars without end in English"),
        pytest.param(lambda: forms.chinese("中"), "shorter than 2 characters", id="one character"),
    ],
)
def test_what_cannot_be_looked_for_is_refused(read: object, reason: str) -> None:
    assert callable(read)
    with pytest.raises(BadForm) as why:
        read()
    assert reason in str(why.value)


#: Without what hides and what is hidden: a form is to be found, whatever else stands in it.
BARE = Matcher({RULES.numbers[id_]: one.patterns for id_, one in RULES.concepts.items()}, [1] * len(RULES.numbers))


@pytest.mark.parametrize("id_", [id_ for id_, concept in RULES.concepts.items() if concept.patterns])
def test_every_form_of_a_concept_matches_its_own_lemma(id_: str) -> None:
    missed = [
        name
        for name in dict.fromkeys(pattern.name for pattern in RULES.concepts[id_].patterns)
        if RULES.numbers[id_] not in {hit.concept for hit in BARE.find(fold(name.replace("*", "")))}
    ]
    assert missed == []


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        pytest.param("One. Two.", ["One.", "Two."], id="points"),
        pytest.param("Gen. Li met Mr. Ivanov.", ["Gen. Li met Mr. Ivanov."], id="titles"),
        pytest.param("The U.S. fleet left. Ships sailed.", ["The U.S. fleet left.", "Ships sailed."], id="initials"),
        pytest.param(
            "В 2024 г. начались. Затем ушли.", ["В 2024 г. начались.", "Затем ушли."], id="Russian abbreviations"
        ),
        pytest.param(
            "中俄演习。双方满意！“好。”他说", ["中俄演习。", "双方满意！", "“好。”", "他说"], id="Chinese points"
        ),
        pytest.param("the navies of\nChina met", ["the navies of\nChina met"], id="a wrapped line"),
        pytest.param("Title\nText begins", ["Title", "Text begins"], id="a line of its own"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert [text[span.start : span.end] for span in split(text)] == sentences
