"""Split a text into sentences and paragraphs by offsets. Text walks in, spans walk out; nothing is copied or lost.

Pure; only this room calls it. A line break ends a sentence unless the line was only wrapped; a point ends one unless it
belongs to an abbreviation, an initial or a number. A semicolon parts two statements, so it ends one as well.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

#: A paragraph longer than this is judged in parts: old pages put a whole article on one line.
LONGEST_PARAGRAPH = 6

_SHORT_WORDS = "a|an|the|of|and|in|on|to|for|with|by|at|as|or|from|its|their|between|и|в|во|на|с|со|по|о|об|от|для|за|из|к|у|при|между"
_WRAPPED = re.compile(rf"(?:[,:;]|\b(?:{_SHORT_WORDS}))\s*$", re.IGNORECASE)
_ABBREVIATIONS = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "gen",
        "lt",
        "col",
        "maj",
        "adm",
        "capt",
        "sgt",
        "st",
        "jr",
        "sr",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "no",
        "vs",
        "etc",
        "inc",
        "ltd",
        "г",
        "гг",
        "им",
        "т",
        "п",
        "д",
        "е",
        "ст",
        "см",
        "стр",
        "тыс",
        "млн",
        "млрд",
        "кв",
        "ул",
        "проф",
        "акад",
        "ген",
        "полк",
        "др",
        "пр",
        "руб",
        "чел",
        "км",
    ]
)
#: The moment of publication as pages print it. In a page flattened to one line the furniture ends there.
_STAMP = r"(?<!\d)(?:\d{1,2}[./]\d{1,2}[./]\d{4}|\d{4}-\d{1,2}-\d{1,2}|\d{4}年\d{1,2}月\d{1,2}日),?\s{0,2}\d{1,2}:\d{2}(?::\d{2})?(?!\d)"
_END = re.compile(rf"[.!?…]+[\"'»”’)\]]*(?=\s)|[。！？]+[”’」』）》]*|；|;(?=\s)|\n|{_STAMP}")
#: What parts the words of a menu: "Home | World | Defence", 首页　|　登录, "Главная > Армия".
_BAR = re.compile(r"\s+[|｜>›»•]\s+")
#: So many bars in one line make a menu of it: what stands before the last one is furniture, however it reads.
_MENU = 2
_LAST_WORD = re.compile(r"(\w+)\.$")


@dataclass(frozen=True, slots=True)
class Span:
    """A sentence of a text: offsets, and the number of its paragraph."""

    start: int
    end: int
    paragraph: int


def split(text: str) -> tuple[Span, ...]:
    """The sentences of `text` in order, without the white space around them."""
    spans: list[Span] = []
    start, paragraph, length = 0, 0, 0
    for found in _END.finditer(text):
        breaks = found.group() == "\n"
        if breaks and _is_wrapped(text, found.start()):
            continue
        if not breaks and _is_no_end(text, start, found.end()):
            continue
        length += _add(spans, text, start, found.end(), paragraph)
        start = found.end()
        if breaks or length >= LONGEST_PARAGRAPH:
            paragraph, length = paragraph + 1, 0
    _add(spans, text, start, len(text), paragraph)
    menus = tuple(_menus(text)) if _BAR.search(text) else ()
    return tuple(piece for span in spans for piece in _outside(span, menus)) if menus else tuple(spans)


def _menus(text: str) -> Iterator[tuple[int, int]]:
    """Of each line with bars, all up to the last one. A single bar is a menu's where the text has a line with more."""
    start, bars = 0, []
    for line in text.split("\n"):
        bars.append((start, [start + found.end() for found in _BAR.finditer(line)]))
        start += len(line) + 1
    if any(len(ends) >= _MENU for _, ends in bars):
        yield from ((first, ends[-1]) for first, ends in bars if ends)


def _outside(span: Span, menus: Sequence[tuple[int, int]]) -> Iterator[Span]:
    """What of a sentence stands outside the menus: all of it, the words behind the last bar, or nothing."""
    for first, last in menus:
        if span.start < last and first < span.end:
            if last < span.end:
                yield Span(last, span.end, span.paragraph)
            return
    yield span


def _add(spans: list[Span], text: str, start: int, end: int, paragraph: int) -> int:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start == end:
        return 0
    spans.append(Span(start, end, paragraph))
    return 1


def _is_wrapped(text: str, at: int) -> bool:
    """Whether the line break at `at` stands inside a sentence: a wrapped line of an old page."""
    after = text[at + 1 : at + 2]
    if after == "\n" or not after:
        return False
    if after.islower():
        return True
    return _WRAPPED.search(text, max(0, at - 24), at) is not None


def _is_no_end(text: str, start: int, end: int) -> bool:
    """Whether the point before `end` belongs to the word it follows, or no new sentence begins behind it."""
    if text[end - 1] != ".":
        return False
    word = _LAST_WORD.search(text, max(start, end - 12), end)
    if word and (len(word[1]) == 1 or word[1].lower() in _ABBREVIATIONS):
        return True
    after = text[end : end + 12].lstrip()
    return after[:1].islower()
