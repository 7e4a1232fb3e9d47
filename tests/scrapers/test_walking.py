"""Forms are walked step by step; Python's `re` says where they stand."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrapers.classifying.forms import Pattern, chinese, english, russian_stem
from scrapers.classifying.loading import load_rules
from scrapers.classifying.shaping import shape_of
from scrapers.classifying.walking import Tree, walk

#: One expression of every build: of a hundred made alike one tells as much as all.
EXPRESSIONS = list(
    {
        re.sub(r"[a-zа-я\u4e00-\u9fff]+", "x", pattern.regex): pattern.regex
        for concept in load_rules().concepts.values()
        for pattern in concept.patterns
        if pattern.regex
    }.values()
)


def ends(expressions: list[str], text: str) -> dict[str, int]:
    """Where each of the expressions, walked together from the start of the text, ends."""
    tree: Tree[str] = Tree()
    for regex in expressions:
        shape = shape_of(regex)
        assert shape
        for way in shape.ways:
            tree.add(regex, way, closes=shape.closes)
    found: dict[str, int] = {}
    walk(tree.grown(), text, 0, len(text), found)
    return found


@st.composite
def texts(draw: st.DrawFn) -> tuple[list[str], str]:
    """A few expressions, and a text that begins as one of them would have it, or nearly."""
    expressions = draw(st.lists(st.sampled_from(EXPRESSIONS), min_size=1, max_size=4, unique=True))
    bare = re.sub(r"\(\?<!\[[^\]]*\]\)|\(\?!\[[^\]]*\]\)", "", expressions[0]).replace(
        r"[^\s,.;:!?、]{0,6}?", "(?:军|x){0,3}"
    )
    text = draw(
        st.from_regex(
            bare,
            fullmatch=True,
            alphabet=st.sampled_from(
                "abcdefghijklmnopqrstuvwxyzабвгдежзийклмнопрстуфхцчшщъыьэюя0123456789 -\"'·/军的俄中"
                + "".join(set(bare))
            ),
        )
    )
    behind = draw(st.text(alphabet="s'e -\"я1军", max_size=3))
    drop = draw(st.integers(min_value=-3, max_value=max(0, len(text) - 1)))
    return expressions, (text[:drop] + text[drop + 1 :] if drop >= 0 else text) + behind


@settings(max_examples=300, deadline=None)
@given(texts())
def test_a_form_ends_where_its_expression_says(drawn: tuple[list[str], str]) -> None:
    expressions, text = drawn
    walked = [regex for regex in expressions if shape_of(regex)]
    matches = {regex: re.match(regex, text) for regex in walked}
    assert ends(walked, text) == {regex: match.end() for regex, match in matches.items() if match}


@pytest.mark.parametrize(
    ("pattern", "text", "end"),
    [
        pytest.param(english("joint drill"), "joint-drills'", 13, id="a plural and its apostrophe belong to the form"),
        pytest.param(english("Russian * drills"), "russian navy drills", 19, id="a star is any word"),
        pytest.param(english("Russian * drills"), "russian drills", 14, id="or none"),
        pytest.param(english("maneuvers"), "manoeuvres", 10, id="two spellings of one word"),
        pytest.param(
            russian_stem("", "росси* ~ корабл*"), "российский боевой корабль", 25, id="a word may stand between"
        ),
        pytest.param(russian_stem("", "росси* ~ корабл*"), "российский корабль", 18, id="and may not"),
        pytest.param(russian_stem("", "воен*мор*"), "военно-морской", None, id="a star stops where its word does"),
        pytest.param(russian_stem("", "воен*мор*"), "военмор", 7, id="a star leaves letters to what follows"),
        pytest.param(chinese("图-95"), "图95", 3, id="a dash may be left out"),
        pytest.param(english("drill"), "drilling", None, id="a word is not a piece of a word"),
    ],
)
def test_a_form_stands(pattern: tuple[Pattern, ...], text: str, end: int | None) -> None:
    assert ends([pattern[0].regex], text).get(pattern[0].regex) == end


def test_nearly_all_forms_are_walked() -> None:
    """What is left to `re` is compiled when met, which a single text would wait for."""
    assert sum(1 for regex in EXPRESSIONS if shape_of(regex)) > 0.9 * len(EXPRESSIONS)
