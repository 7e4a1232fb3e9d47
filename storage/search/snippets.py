"""The part of a text that shows why it was found. A kept article and the query walk in, a piece of its text with marks out. Pure.

The piece is the original spelling; a mark covers what a word, phrase or beginning of the query met, as the index meets it.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from storage.records import Kept
from storage.search.placing import Place, places, spans
from storage.search.tree import InTitle, Query, Term
from storage.words import HAN

#: A snippet is looked for in so many characters; later ones are searched but not shown.
FAR_ENOUGH = 100_000
#: Places weighed for the best window.
MOST_PLACES = 24

_HAN = re.compile(f"[{HAN}]")
#: What no word reaches across.
_PARTS = re.compile(rf"[\s{HAN}]")
_SENTENCE_END = re.compile(r"[.!?…]['\"”»)]*\s+|[。！？；]['\"”」』]?|\n\s*")


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of text and the character ranges in it that matched. Plain text: whoever shows it as HTML escapes it."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()


def snippet(kept: Kept, query: Query, *, width: int = 240) -> Snippet:
    """The best `width` characters of the text for `query` (half as many of Han): most terms, then most places, then earliest.

    Begins at the beginning when nothing is marked. Cut between words; … stands where text was left out.
    """
    text = kept.article.text[:FAR_ENOUGH]
    found = places(text, query, in_title=False)
    start, end = _window(text, found, width)
    marks = [(max(p.start, start), min(p.end, end)) for p in found if p.start < end and p.end > start]
    return _shown(kept.article.text, start, end, _merged(marks))


def marks(text: str, query: Query, *, in_title: bool = False) -> tuple[tuple[int, int], ...]:
    """Character ranges of `text` that `query` meets, in order and apart. Of a title when `in_title`, else of the body."""
    return _merged([(place.start, place.end) for place in places(text, query, in_title=in_title)])


def met(title: str, text: str, query: Query) -> frozenset[Term | InTitle]:
    """Which words, phrases and beginnings of `query` stand in a text or its title."""
    terms = list(query.terms())
    found = [*places(title, query, in_title=True), *places(text, query, in_title=False)]
    return frozenset(terms[place.term] for place in found)


def _merged(ranges: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


# ------------------------------------------------------------------ which piece to show


def _window(text: str, found: Sequence[Place], width: int) -> tuple[int, int]:
    """Where the best piece begins and ends."""
    if not found:
        start = len(text) - len(text.lstrip())
        return start, _end_within(text, _near(text, start, start, width), start, width)
    first, last = _best(text, found, width)
    cut = _near(text, first, last, width)
    start = _start_within(text, cut, first, width - _cost(text, first, last))
    end = _end_within(text, cut, start, width)
    # A word wider than the room is the only one ever cut.
    return start, end if _cost(text, start, last) > width else max(last, end)


def _near(text: str, first: int, last: int, width: int) -> list[tuple[int, int]]:
    """Where the words about a place begin and end, further to either side than any piece reaches. Cut between words, or the
    outermost would be halves."""
    start, end = max(0, first - width), min(len(text), last + width)
    while start > 0 and first - start < 2 * width and not _PARTS.match(text, start - 1):
        start -= 1
    while end < len(text) and end - last < 2 * width and not _PARTS.match(text, end):
        end += 1
    return [(begins + start, ends + start) for begins, ends in spans(text[start:end])]


def _best(text: str, found: Sequence[Place], width: int) -> tuple[int, int]:
    """From the first to the last place of the window that shows most."""
    best, chosen = (0, 0), (found[0].start, found[0].end)
    for number, first in enumerate(found[:MOST_PLACES]):
        reach = _reach(text, first.start, width * 3 // 4)
        inside = [place for place in found[number : number + MOST_PLACES] if place.end <= reach] or [first]
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


def _end_within(text: str, cut: Sequence[tuple[int, int]], start: int, room: int) -> int:
    """The last end of a word that the room from `start` holds, with the punctuation that clings to it."""
    reach = _reach(text, start, room)
    if reach == len(text):
        return len(text.rstrip())
    ends = [end for begins, end in cut if begins >= start and end <= reach]
    if not ends:  # one word wider than the room, or none at all
        while reach > start + 1 and unicodedata.combining(text[reach]):
            reach -= 1
        return reach
    clinging = re.compile(r"[^\w\s]*").match(text, ends[-1], reach)
    return clinging.end() if clinging else ends[-1]


def _start_within(text: str, cut: Sequence[tuple[int, int]], first: int, spare: int) -> int:
    """A good beginning before `first`: of the text or sentence in half the spare room, else of a word in a third of it."""
    low = _back(text, first, spare // 2)
    if not text[:low].strip():
        return len(text) - len(text.lstrip())
    sentences = [found.end() for found in _SENTENCE_END.finditer(text, low, first)]
    if sentences:
        return sentences[0]
    low = _back(text, first, spare // 3)
    start = next((begins for begins, _ in cut if begins >= low), first)
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
