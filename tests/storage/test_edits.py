"""What changed between two texts: words where words changed, Han by characters, nothing where only type or furniture moved."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.edits import Edit, diff, reads_the_same, share_kept

MARKS = {Edit.SAME: "{now}", Edit.CUT: "[-{was}-]", Edit.ADDED: "{{+{now}+}}"}


def told(before: str, after: str) -> str:
    """The difference as wdiff writes it."""
    return "".join(MARKS[piece.edit].format(was=piece.was, now=piece.now) for piece in diff(before, after))


@pytest.mark.parametrize(
    ("before", "after", "difference"),
    [
        pytest.param("It opens.", "It opens.", "It opens.", id="nothing changed"),
        pytest.param("", "", "", id="two empty texts"),
        pytest.param("", "It opens.", "{+It opens.+}", id="a text where there was none"),
        pytest.param("It opens.", "", "[-It opens.-]", id="no text where there was one"),
        pytest.param(
            "Eight warships met on Monday.",
            "Ten warships met on Tuesday.",
            "[-Eight-]{+Ten+} warships met on [-Monday-]{+Tuesday+}.",
            id="en: words in the place of words",
        ),
        pytest.param(
            "The fleet sailed.", "The whole fleet sailed.", "The {+whole +}fleet sailed.", id="en: a word more"
        ),
        pytest.param(
            "Over 1,200 troops", "Over 1,300 troops", "Over [-1,200-]{+1,300+} troops", id="en: a number is one word"
        ),
        pytest.param(
            "Over 1,200 troops", "Over 1200 troops", "Over 1200 troops", id="en: a comma among thousands is type"
        ),
        pytest.param(
            "They met. Tea was served. They left.",
            "They met. They left.",
            "They met. [-Tea was served. -]They left.",
            id="en: a sentence less",
        ),
        pytest.param(
            "They met. They left.",
            "They left. They met.",
            "{+They left. +}They met.[-They left.-]",
            id="en: a sentence moved",
        ),
        pytest.param(
            "Министр обороны Сергей Шойгу сказал, что учения пройдут в июле.",
            "Министр обороны Андрей Белоусов сказал, что учения пройдут в августе.",
            "Министр обороны [-Сергей Шойгу-]{+Андрей Белоусов+} сказал, что учения пройдут в [-июле-]{+августе+}.",
            id="ru: words in the place of words",
        ),
        pytest.param("Всё решено", "Все решено — сегодня", "Все решено {+— сегодня+}", id="ru: ё set as е is type"),
        pytest.param(
            "国防部长董军出席演习。",
            "国防部长李尚福出席演习。",
            "国防部长[-董军-]{+李尚福+}出席演习。",
            id="zh: characters in the place of characters",
        ),
        pytest.param(
            "两国海军举行军演", "两国海军举行联合军演", "两国海军举行{+联合+}军演", id="zh: two characters more"
        ),
        pytest.param("共二十艘舰艇", "共三十艘舰艇", "共[-二-]{+三+}十艘舰艇", id="zh: one character of a number"),
        pytest.param(
            "兩國海軍舉行軍演。",
            "两国海军举行演习。",
            "两国海军举行[-軍-]演{+习+}。",
            id="zh: script is type, words are not",
        ),
        pytest.param(
            "He said “no” – twice...",
            "He said «no» - three times…",
            "He said «no» - [-twice-]{+three times+}…",
            id="quotes, dashes and dots",
        ),
        pytest.param("One two\nthree", "One  two three\n\nfour", "One  two three\n\n{+four+}", id="white space"),
        pytest.param(
            "Updated: 10:00 GMT\nIt opens.\nViews: 12",
            "Updated: 11:30 GMT\nIt shuts.\nViews: 99\nShare: 5",
            "Updated: 11:30 GMT\nIt [-opens-]{+shuts+}.\nViews: 99\nShare: 5",
            id="furniture beside a real change",
        ),
        pytest.param(
            "The sun rose over the bay and gulls cried.",
            "Parliament adopted a budget for roads last week.",
            "[-The sun rose over the bay and gulls cried.-]{+Parliament adopted a budget for roads last week.+}",
            id="what has nothing in common is replaced whole",
        ),
    ],
)
def test_a_difference_reads_as_an_editor_would_mark_it(before: str, after: str, difference: str) -> None:
    assert told(before, after) == difference


WORDS = st.sampled_from(
    [
        *(
            "navy",
            "The ",
            "drill",
            " ",
            "\n",
            ".",
            "海",
            "军",
            "演",
            "учения",
            "ё",
            "“",
            '"',
            "—",
            "-",
            "...",
            "1,200",
            "12",
        ),
        *("'", "\u0301", "\u200b", "Updated: 10:00\n", "Views: 5\n", "By Li Wei\n"),
    ]
)
TEXTS = st.one_of(st.lists(WORDS, max_size=40).map("".join), st.text(max_size=60))


@given(before=TEXTS, after=TEXTS)
def test_applying_a_difference_to_the_old_text_gives_the_new_and_back(before: str, after: str) -> None:
    pieces = diff(before, after)
    assert "".join(piece.was for piece in pieces) == before
    assert "".join(piece.now for piece in pieces) == after
    assert all(piece.edit is Edit.SAME or bool(piece.was) != bool(piece.now) for piece in pieces)
    assert (not any(piece.edit is not Edit.SAME for piece in pieces)) == reads_the_same(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("word " * 60_000, "word " * 59_999 + "other", id="one word a thousand times over"),
        pytest.param("中俄" * 60_000, "俄中" * 60_000, id="two characters"),
        pytest.param("The navy met. " * 8_000, "The army met. " * 8_000, id="one sentence"),
        pytest.param(
            " ".join(map(str, range(50_000))), " ".join(map(str, range(50_000, 0, -1))), id="all of it turned round"
        ),
    ],
)
def test_long_texts_are_compared_all_the_same(before: str, after: str) -> None:
    pieces = diff(before, after)
    assert "".join(piece.was for piece in pieces) == before
    assert "".join(piece.now for piece in pieces) == after


def test_how_much_of_a_text_is_kept() -> None:
    text = "The navies of both countries left harbour in the morning and returned at dusk."
    assert share_kept(text, text) == 1
    assert share_kept(text, f"{text} The weather was fine.") == 1
    assert share_kept(text, text.replace("morning", "night")) > 0.7
    assert share_kept(text, "Tea exports from the coast grew again, farmers said on the market.") < 0.1
    assert share_kept("", "") == 0


def test_real_articles_are_compared_to_the_letter(shared: Path) -> None:
    """Each real article beside the next one, and beside itself set in other type with a sentence less."""
    known = json.loads((shared / "fixtures/articles/ground-truth.json").read_text(encoding="utf-8"))
    texts = [text for value in known.values() if (text := _text(value))]
    assert len(texts) > 20
    for one, other in pairwise(texts):
        pieces = diff(one, other)
        assert "".join(piece.was for piece in pieces) == one
        assert "".join(piece.now for piece in pieces) == other
    for text in texts:
        lines = text.replace('"', "“").replace(" - ", " — ").split("\n")
        shorter = "  \n".join([*lines[: len(lines) // 2], *lines[len(lines) // 2 + 1 :]])
        added = "".join(piece.now for piece in diff(text, shorter) if piece.edit is Edit.ADDED)
        assert added == "", "type counts for nothing, and nothing was added"


def _text(value: object) -> str:
    text = value.get("articleBody") or value.get("text") if isinstance(value, dict) else value
    return text if isinstance(text, str) else ""
