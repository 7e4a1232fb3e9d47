"""Snippets: the piece of a text that shows why it was found, in its own spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.search.query import parse_query
from storage.search.snippets import Snippet, marks, snippet
from storage.words import words
from tests.fakes.articles import kept


def marked(text: str, query: str, width: int = 240) -> str:
    """The snippet with its marks in square brackets."""
    return shown(snippet(kept("a", text, title="not here"), parse_query(query), width=width))


def shown(piece: Snippet) -> str:
    text = piece.text
    for start, end in reversed(piece.marks):
        text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
    return text


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        pytest.param("exercise", "The Exercises began.", "The [Exercises] began.", id="a stem"),
        pytest.param("самолет", "Самолёты взлетели", "[Самолёты] взлетели", id="a Russian stem with ё"),
        pytest.param("军演", "兩國聯合軍演開始", "兩國聯合[軍演]開始", id="Chinese in the other script"),
        pytest.param("联合军演", "舉行聯(lián)合軍演。", "舉行[聯(lián)合軍演]。", id="across pinyin noise"),
        pytest.param("演", "军演", "军[演]", id="one character"),
        pytest.param("歼-20", "与歼-20战机", "与[歼-20]战机", id="a name of mixed script"),
        pytest.param("H-6K", "an H‑6K flew, H flew", "an [H‑6K] flew, H flew", id="a name whole, with its own dash"),
        pytest.param('"joint patrol"', "joint patrol, patrol", "[joint patrol], patrol", id="a phrase"),
        pytest.param(
            '"began, a joint"', "It began: a joint day", "It [began: a joint] day", id="a phrase past punctuation"
        ),
        pytest.param("exerc*", "an exercise, exerts", "an [exercise], exerts", id="a beginning"),
        pytest.param("joint-patr*", "joint patrols", "[joint patrols]", id="a beginning after a dash"),
        pytest.param("joint patrol", "patrol, joint", "[patrol], [joint]", id="each word"),
        pytest.param("joint -patrol", "joint patrol", "[joint] patrol", id="nothing that was excluded"),
        pytest.param("title:patrol joint", "joint patrol", "[joint] patrol", id="nothing that was asked of the title"),
        pytest.param("topic:sco", "sco", "sco", id="nothing for a field"),
        pytest.param("国防部 部长", "国防部长", "[国防部长]", id="places that overlap are one"),
        pytest.param("China", "China’s navy", "[China]’s navy", id="no possessive"),
        pytest.param("a", "x\n\n  a\t b", "x [a] b", id="white space is made single"),
        pytest.param("министерство", "в мини\u00adстерстве", "в [мини\u00adстерстве]", id="through a soft hyphen"),
    ],
)
def test_marks(query: str, text: str, expected: str) -> None:
    assert marked(text, query) == expected


FILLER = "Ministers spoke of trade and of many other things. "
LONG = FILLER * 9 + "On Monday the navies began a joint patrol of the strait, the first this year. " + FILLER * 9
HAN = (
    "各国部长就贸易等问题交换了意见。" * 20
    + "星期一两国海军在海峡举行了联合军演，这是今年的第一次。"
    + "会议随后结束了。" * 40
)


@pytest.mark.parametrize(
    ("text", "query", "width", "expected"),
    [
        pytest.param(
            LONG,
            "patrol",
            130,
            "…On Monday the navies began a joint [patrol] of the strait, the first this year. Ministers spoke of trade and of many other things.…",
            id="from the beginning of the sentence, when there is room",
        ),
        pytest.param(
            LONG, "patrol", 50, "…began a joint [patrol] of the strait, the first this…", id="else from a word near by"
        ),
        pytest.param(
            LONG,
            "nothing",
            50,
            "Ministers spoke of trade and of many other things.…",
            id="from the beginning, when nothing is met",
        ),
        pytest.param(LONG, "", 20, "Ministers spoke of…", id="from the beginning, when nothing was asked"),
        pytest.param("  \n Short. ", "x", 240, "Short.", id="whole, when it fits"),
        pytest.param("", "x", 240, "", id="nothing of nothing"),
        pytest.param(
            HAN,
            "军演",
            80,
            "…星期一两国海军在海峡举行了联合[军演]，这是今年的第一次。会议随后结束了。会议随后结束…",
            id="half as many of Han",
        ),
        pytest.param(
            f"A patrol. {FILLER * 9}A joint naval patrol. {FILLER * 9}",
            "joint naval patrol",
            60,
            "…A [joint] [naval] [patrol]. Ministers spoke of trade and of many…",
            id="where most of the words are",
        ),
        pytest.param("a" * 900, "a*", 20, f"[{'a' * 20}]…", id="a word wider than the room is cut"),
        pytest.param("—" * 900, "a", 20, "—" * 20 + "…", id="so are signs without end"),
    ],
)
def test_the_best_piece(text: str, query: str, width: int, expected: str) -> None:
    assert marked(text, query, width) == expected


def test_a_title_is_marked_by_what_was_asked_of_it() -> None:
    query = parse_query("title:patrol joint")
    assert marks("A joint patrol", query, in_title=True) == ((2, 7), (8, 14))
    assert marks("A joint patrol", query) == ((2, 7),)


WORDS = [
    "patrol",
    "军演",
    "учения",
    "Су-35",
    "é",
    "e\u0301",
    "聯(lián)合",
    "。",
    ". ",
    "\n",
    " ",
    "—",
    "naïve",
    "😀",
    "«",
    "»",
]


@given(
    st.lists(st.sampled_from(WORDS), max_size=120).map("".join),
    st.sampled_from(["patrol", "军演 учения", '"су 35"', "e* 联合", "nothing"]),
    st.integers(8, 60),
)
def test_no_word_is_cut_and_marks_are_where_the_words_are(text: str, query: str, width: int) -> None:
    piece = snippet(kept("a", text), parse_query(query), width=width)
    ranges = [position for mark in piece.marks for position in mark]
    assert ranges == sorted(ranges)
    assert len(set(piece.marks)) == len(piece.marks)
    spelled = {text[word.start : word.end] for word in words(text)}
    if all(len(word) <= width // 3 for word in spelled):
        inside = piece.text.strip("…")
        assert [inside[word.start : word.end] in spelled for word in words(inside)].count(False) == 0
