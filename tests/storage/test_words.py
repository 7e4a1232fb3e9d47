"""What a word is, in three languages: the floor search, topics and likeness stand on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.words import fold, is_han_character, runs, terms, words


def found(query: str, text: str) -> bool:
    """Whether every term of `query` is among the terms of `text`: what a search does at its simplest."""
    return set(terms(query)) <= set(terms(text))


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        pytest.param("军演", "两国海军举行联合军演", True, id="Chinese has no spaces to lean on"),
        pytest.param("国防部", "据国防部新闻发言人介绍", True, id="a ministry inside a sentence"),
        pytest.param("軍演", "两国举行军演", True, id="traditional script finds simplified"),
        pytest.param("军演", "兩國舉行軍演", True, id="simplified script finds traditional"),
        pytest.param("演军", "两国海军举行联合军演", False, id="order matters inside a pair"),
        pytest.param("учение", "Начались учения", True, id="Russian endings move"),
        pytest.param("учения", "Совместное учение завершено", True, id="and move back"),
        pytest.param("военное", "Военными кораблями", True, id="adjectives decline too"),
        pytest.param("самолет", "Самолёты дальней авиации", True, id="е is ё"),
        pytest.param("exercise", "The exercises began", True, id="plurals are the same word"),
        pytest.param("defence", "Defense ministers met", True, id="two spellings of English"),
        pytest.param("manoeuvres", "Maneuvering at sea", True, id="in every form"),
        pytest.param("programme", "two programs", True, id="of many words"),
        pytest.param("harbour", "in the harbors", True, id="the harbour among them"),
        pytest.param("centre", "training centers", True, id="and the centre"),
        pytest.param("organisations", "an organization", True, id="and organisations"),
        pytest.param("modernize", "modernised", True, id="and verbs"),
        pytest.param("demilitarisation", "demilitarization", True, id="and whatever ends so"),
        pytest.param("учение", "Учёные открыли", False, id="an exercise is no scholar"),
        pytest.param("учения", "в учении, после учений", True, id="in any case"),
        pytest.param("Белоусов", "встреча с Белоусовым", True, id="a surname declines"),
        pytest.param("Герасимова", "Герасимов прибыл", True, id="and is found declined"),
        pytest.param("эсминец", "два эсминца", True, id="a vowel that comes and goes"),
        pytest.param("китайцы", "китаец", True, id="behind a vowel too"),
        pytest.param("тренировка", "серия тренировок", True, id="and in the plural"),
        pytest.param("China", "China’s navy", True, id="a possessive is the same word"),
        pytest.param("art", "A smart start", False, id="a word is not a piece of a word"),
        pytest.param("2002", "[28.10.2OO2] Reported", True, id="the letter O is no zero"),
        pytest.param("联合", "聯(lián)合反導(dǎo)", True, id="pinyin noise is deleted"),
        pytest.param("attache", "military attaché", True, id="accents do not divide"),
    ],
)
def test_a_word_is_found(query: str, text: str, expected: bool) -> None:
    assert found(query, text) is expected


@pytest.mark.parametrize(
    ("text", "word", "stood"),
    [
        pytest.param("聯(lián)合演習", "合", "合", id="past deleted pinyin"),
        pytest.param("Конец… «ﬁne» учёный", "учен", "учёный", id="past characters that grew"),
        pytest.param("мини\u00adстерство", "министерств", "мини\u00adстерство", id="through a soft hyphen"),
        pytest.param("Кита\u0438\u0306 рядом", "кита", "Кита\u0438\u0306", id="through combining marks"),
    ],
)
def test_offsets_lead_back_to_the_original(text: str, word: str, stood: str) -> None:
    assert stood in [text[w.start : w.end] for w in words(text) if w.text == word]


@given(st.text())
def test_folding_is_finished_after_once(text: str) -> None:
    assert fold(fold(text).text).text == fold(text).text


@given(st.text())
def test_every_folded_character_has_a_place_in_the_original(text: str) -> None:
    folded = fold(text)
    spans = [folded.span(i, i + 1) for i in range(len(folded.text))]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_words_stand_where_they_say(text: str) -> None:
    for word in words(text):
        assert word.surface in fold(text[word.start : word.end]).text


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("军演's ж-"))))
def test_runs_are_the_words_with_han_left_together(text: str) -> None:
    apart = [piece for run in runs(text) for piece in (run if is_han_character(run[0]) else [run])]
    assert apart == [word.surface for word in words(text)]
