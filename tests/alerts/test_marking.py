"""Words marked where they stand, whatever stands around them."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.composing.layout import fill, one_line, width
from alerts.composing.marking import marked_sentences, passage
from storage.records import Evidence, Strength, Verdict
from tests.alerts.press import kept


def shown(text: str, marks: list[tuple[int, int]], limit: int = 80) -> str:
    return "".join(f"[{piece.text}]" if piece.marked else piece.text for piece in passage(text, marks, limit=limit))


@pytest.mark.parametrize(
    ("text", "marks", "expected"),
    [
        pytest.param("a joint drill began", [(2, 13)], "a [joint drill] began", id="in the middle"),
        pytest.param("joint drill", [(0, 11)], "[joint drill]", id="the whole"),
        pytest.param("a joint drill", [(2, 7), (5, 13)], "a [joint drill]", id="overlapping marks are one"),
        pytest.param(
            "two joint drills", [(10, 15), (4, 9)], "two [joint drill]s", id="neighbours are one, in any order"
        ),
        pytest.param("joint, drill", [(7, 12), (0, 5)], "[joint], [drill]", id="a comma keeps them apart"),
        pytest.param("a  joint\n drill", [(3, 15)], "a [joint drill]", id="white space is one space, marked or not"),
        pytest.param("两国举行联合军演。", [(4, 8)], "两国举行[联合军演]。", id="Chinese"),
        pytest.param("a \u202ejoint\u202c drill", [(3, 8)], "a [joint] drill", id="direction marks go"),
        pytest.param("short", [(3, 99)], "sho[rt]", id="a mark that ends outside"),
        pytest.param("short", [(9, 12)], "short", id="a mark that lies outside"),
        pytest.param("", [(0, 3)], "", id="nothing to mark"),
    ],
)
def test_marks_stand_on_their_words(text: str, marks: list[tuple[int, int]], expected: str) -> None:
    assert shown(text, marks) == expected


def test_a_long_sentence_is_cut_round_its_mark() -> None:
    text = "before " * 60 + "joint drill " + "after " * 60
    at = text.index("joint drill")
    cut = shown(text, [(at, at + 11)])
    assert cut.startswith("…before ")
    assert "before [joint drill] after" in cut
    assert cut.endswith("after…")
    assert width(cut) <= 90


def test_a_page_without_full_stops_is_cut_too() -> None:
    text = "字" * 5000 + "联合军演" + "字" * 5000
    cut = shown(text, [(5000, 5004)])
    assert "字[联合军演]字" in cut
    assert width(cut) <= 90


@given(
    text=st.text(max_size=400),
    marks=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), max_size=6),
    limit=st.integers(10, 120),
)
def test_any_text_with_any_marks_stays_on_one_printable_line_of_its_width(
    text: str, marks: list[tuple[int, int]], limit: int
) -> None:
    pieces = passage(text, marks, limit=limit)
    line = "".join(piece.text for piece in pieces)
    assert not set(line) & set("\n\r\t\x00\x1b\u202e\u2028")
    assert width(line) <= limit + 4
    assert all(piece.text for piece in pieces)


@given(text=st.text(max_size=300), limit=st.integers(2, 100))
def test_any_text_fits_on_one_line(text: str, limit: int) -> None:
    assert width(one_line(text, limit)) <= limit


@given(text=st.text(alphabet=st.sampled_from("ab 联，。«»—\n"), max_size=300))
def test_filling_loses_and_adds_nothing(text: str) -> None:
    filled = fill(text, columns=20, indent="> ")
    assert all(line.startswith(">") for line in filled.split("\n"))
    assert "".join(filled.replace("\n>", "").removeprefix(">").split()) == "".join(text.split())


def test_evidence_of_an_earlier_text_still_shows_its_sentence() -> None:
    moved = Evidence(
        topic="t", rule="r", form="joint drill", field="text", start=900, end=911, sentence="A joint drill was held."
    )
    article = kept(text="The text is another now.")
    article = replace(article, verdict=Verdict(strength={"t": Strength.TIE}, evidence=(moved,)))
    (sentence,) = marked_sentences(article, most=2, limit=200)
    assert [(piece.text, piece.marked) for piece in sentence] == [
        ("A ", False),
        ("joint drill", True),
        (" was held.", False),
    ]
