"""The part of a text that shows why it was found. A kept article and the query walk in, a piece of its text with marks out. Pure.

The piece is the original spelling; a mark covers what a word, phrase or beginning of the query met, as the index meets it.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from storage.records import Kept
from storage.search.streams import LONGEST_TOKEN, Needle, needles
from storage.search.tree import InTitle, Query, Term
from storage.words import HAN, Word, words

#: A snippet is looked for in so many characters; later ones are searched but not shown.
FAR_ENOUGH = 100_000
#: Places weighed for the best window.
MOST_PLACES = 300

_HAN = re.compile(f"[{HAN}]")
_SENTENCE_END = re.compile(r"[.!?…]['\"”»)]*\s+|[。！？；]['\"”」』]?|\n\s*")


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of text and the character ranges in it that matched. Plain text: whoever shows it as HTML escapes it."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a term of the query stands."""

    start: int
    end: int
    term: int


def snippet(kept: Kept, query: Query, *, width: int = 240) -> Snippet:
    """The best `width` characters of the text for `query` (half as many of Han): most terms, then most places, then earliest.

    Begins at the beginning when nothing is marked. Cut between words; … stands where text was left out.
    """
    text = kept.article.text[:FAR_ENOUGH]
    cut = list(words(text))
    places = _places(cut, query, in_title=False)
    start, end = _window(text, cut, places, width)
    marks = [(max(p.start, start), min(p.end, end)) for p in places if p.start < end and p.end > start]
    return _shown(kept.article.text, start, end, _merged(marks))


def marks(text: str, query: Query, *, in_title: bool = False) -> tuple[tuple[int, int], ...]:
    """Character ranges of `text` that `query` meets, in order and apart. Of a title when `in_title`, else of the body."""
    return _merged([(place.start, place.end) for place in _places(list(words(text)), query, in_title=in_title)])


def met(title: str, text: str, query: Query) -> frozenset[Term | InTitle]:
    """Which words, phrases and beginnings of `query` stand in a text or its title."""
    terms = list(query.terms())
    places = [*_places(list(words(title)), query, in_title=True), *_places(list(words(text)), query, in_title=False)]
    return frozenset(terms[place.term] for place in places)


# ------------------------------------------------------------------ where the query stands


def _places(cut: Sequence[Word], query: Query, *, in_title: bool) -> list[_Place]:
    """Every place a term stands, in order."""
    by_stream: dict[str, list[tuple[int, Needle]]] = {"stems": [], "exact": []}
    for number, term in enumerate(query.terms()):
        if isinstance(term, InTitle) and not in_title:
            continue
        for needle in needles(term.term if isinstance(term, InTitle) else term):
            by_stream[needle.stream].append((number, needle))
    tokens = {"stems": _stems, "exact": _exact}
    found = [
        place for stream, wanted in by_stream.items() if wanted for place in _met(cut, tokens[stream](cut), wanted)
    ]
    return sorted(found, key=lambda place: (place.start, place.end))


def _stems(cut: Sequence[Word]) -> list[str]:
    return [word.text for word in cut]


def _exact(cut: Sequence[Word]) -> list[str]:
    """The tokens of `streams.streams`, word by word: a Han character with its neighbour, all else as spelled."""
    following = [*(w.surface if w.is_han and w.follows else "" for w in cut[1:]), ""]
    return [
        word.surface + after if word.is_han else word.surface[:LONGEST_TOKEN]
        for word, after in zip(cut, following, strict=False)
    ]


def _met(cut: Sequence[Word], tokens: Sequence[str], wanted: Sequence[tuple[int, Needle]]) -> list[_Place]:
    whole: dict[str, list[tuple[int, Needle]]] = {}
    beginnings: list[tuple[int, Needle]] = []
    for number, needle in wanted:
        if needle.open_ended and len(needle.tokens) == 1:
            beginnings.append((number, needle))
        else:
            whole.setdefault(needle.tokens[0], []).append((number, needle))
    found: list[_Place] = []
    for at, token in enumerate(tokens):
        for number, needle in whole.get(token, ()):
            last = _last_word(tokens, at, needle)
            if last is not None:
                found.append(_Place(cut[at].start, cut[last].end, number))
        found += [
            _Place(cut[at].start, cut[at].end, n) for n, needle in beginnings if token.startswith(needle.tokens[0])
        ]
    return found


def _last_word(tokens: Sequence[str], at: int, needle: Needle) -> int | None:
    """The last word that `needle`, begun at `at`, covers; None when it does not stand there."""
    last = at + len(needle.tokens) - 1
    if last >= len(tokens) or tuple(tokens[at:last]) != needle.tokens[:-1]:
        return None
    token, wanted = tokens[last], needle.tokens[-1]
    if token != wanted and not (needle.open_ended and token.startswith(wanted)):
        return None
    # A pair of Han covers the next character too.
    return last + 1 if len(wanted) == 2 and _HAN.match(wanted) else last


def _merged(ranges: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


# ------------------------------------------------------------------ which piece to show


def _window(text: str, cut: Sequence[Word], places: Sequence[_Place], width: int) -> tuple[int, int]:
    """Where the best piece begins and ends."""
    if not places:
        start = len(text) - len(text.lstrip())
        return start, _end_within(text, cut, start, width)
    first, last = _best(text, places, width)
    start = _start_within(text, cut, first, width - _cost(text, first, last))
    end = _end_within(text, cut, start, width)
    # A word wider than the room is the only one ever cut.
    return start, end if _cost(text, start, last) > width else max(last, end)


def _best(text: str, places: Sequence[_Place], width: int) -> tuple[int, int]:
    """From the first to the last place of the window that shows most."""
    best, chosen = (0, 0), (places[0].start, places[0].end)
    for number, first in enumerate(places[:MOST_PLACES]):
        reach = _reach(text, first.start, width * 3 // 4)
        inside = [place for place in places[number : number + MOST_PLACES] if place.end <= reach] or [first]
        value = len({place.term for place in inside}), len(inside)
        if value > best:
            best, chosen = value, (first.start, max(place.end for place in inside))
    return chosen


def _cost(text: str, start: int, end: int) -> int:
    """Room a piece takes: Han is twice as wide."""
    return end - start + len(_HAN.findall(text, start, end))


def _reach(text: str, start: int, room: int) -> int:
    """How far from `start` the room goes."""
    end = min(len(text), start + room)
    while end > start and _cost(text, start, end) > room:
        end -= max(1, (_cost(text, start, end) - room) // 2)
    return end


def _end_within(text: str, cut: Sequence[Word], start: int, room: int) -> int:
    """The last end of a word that the room from `start` holds, with the punctuation that clings to it."""
    reach = _reach(text, start, room)
    if reach == len(text):
        return len(text.rstrip())
    ends = [
        word.end
        for word in cut[bisect_left(cut, start, key=lambda w: w.start) : bisect_right(cut, reach, key=lambda w: w.end)]
    ]
    if not ends:  # one word wider than the room, or none at all
        while reach > start + 1 and unicodedata.combining(text[reach]):
            reach -= 1
        return reach
    clinging = re.compile(r"[^\w\s]*").match(text, ends[-1], reach)
    return clinging.end() if clinging else ends[-1]


def _start_within(text: str, cut: Sequence[Word], first: int, spare: int) -> int:
    """A good beginning before `first`: of the text or sentence in half the spare room, else of a word in a third of it."""
    low = _back(text, first, spare // 2)
    if not text[:low].strip():
        return len(text) - len(text.lstrip())
    sentences = [found.end() for found in _SENTENCE_END.finditer(text, low, first)]
    if sentences:
        return sentences[0]
    low = _back(text, first, spare // 3)
    start = next((word.start for word in cut[bisect_left(cut, low, key=lambda w: w.start) :]), first)
    clinging = re.search(r"[^\w\s]*$", text[low:start])
    return start - len(clinging[0]) if clinging else start


def _back(text: str, end: int, room: int) -> int:
    """How far back from `end` the room goes."""
    start = max(0, end - max(0, room))
    while start < end and _cost(text, start, end) > room:
        start += max(1, (_cost(text, start, end) - room) // 2)
    return start


def _shown(text: str, start: int, end: int, found: Sequence[tuple[int, int]]) -> Snippet:
    """The piece with its white space made single, and its marks where they then stand."""
    before = "…" if text[:start].strip() else ""
    after = "…" if text[end:].strip() else ""

    def place(at: int) -> int:
        return len(before) + len(re.sub(r"\s+", " ", text[start:at]))

    piece = re.sub(r"\s+", " ", text[start:end])
    return Snippet(f"{before}{piece}{after}", tuple((place(a), place(b)) for a, b in found))
