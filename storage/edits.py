"""What changed between two texts, word by word; Han character by character. Two texts walk in, their differences walk out. Pure.

Only `storage`, `service` and tests import this module. Typesetting counts for nothing: white space, capitals, how quotes and
dashes are set, and what `passing` knows to come and go. Putting the pieces together gives either text back to the letter:

    "".join(piece.was for piece in diff(before, after)) == before
    "".join(piece.now for piece in diff(before, after)) == after

Sentences are compared first, then the words of those that differ; where two stretches have little in common, or are too long to
be compared, one stands as replaced by the other.
"""

import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance import Indel

from storage.passing import passing
from storage.words import HAN, fold

#: Pairs of sentences or words compared at once, a bit of memory each: two stretches of 20,000 words take 0.1 s and 50 MB.
MOST_PAIRS = 400_000_000
#: Two stretches with fewer words in common than this share of the shorter are no versions of each other.
LEAST_KEPT = 0.5
#: Characters of the small words (of, и, 的) that are drowned between two replacements.
_SMALL = 3

_MARKS = "\u0300-\u036f\u00ad\u200b-\u200f\u2060\ufeff"
_LETTERS = rf"[^\W\d_{HAN}{_MARKS}]"
_WORD = re.compile(
    rf"[{HAN}]|\d+(?:[.,:]\d+)*|{_LETTERS}(?:{_LETTERS}|[{_MARKS}])*(?:['’ʼ]{_LETTERS}(?:{_LETTERS}|[{_MARKS}])*)*"
    r"|[-‐‑‒–—―−]+|\.{2,}|…+|[^\s]"
)
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_SENTENCE_END = frozenset(".!?。!?…;；\n")


class Edit(StrEnum):
    SAME = "same"
    CUT = "cut"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of both texts. What is the SAME may be set in other type; what was CUT has no `now`, what was ADDED no `was`."""

    edit: Edit
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number, a Han character or a sign: where it stands, and what it is compared by."""

    start: int
    end: int
    key: str


@dataclass(frozen=True, slots=True)
class Hunk:
    """Tokens of the text before that were cut and, in their place, tokens of the text after: half-open ranges of numbers."""

    cut: tuple[int, int]
    added: tuple[int, int]


def diff(before: str, after: str) -> tuple[Piece, ...]:
    """What became of `before`, in the order of the text."""
    old, new = tokens(before), tokens(after)
    return tuple(_pieces(_Cut(before, old), _Cut(after, new), hunks(old, new)))


def reads_the_same(before: str, after: str) -> bool:
    """Whether nothing changed but type and furniture."""
    return [token.key for token in tokens(before)] == [token.key for token in tokens(after)]


def share_kept(before: str, after: str) -> float:
    """How much of the shorter text stands in the other, by pairs of neighbouring words: 0 for texts that have nothing to do
    with each other, 1 for a text and a part of it."""
    old, new = ({*pairwise(token.key for token in tokens(text))} for text in (before, after))
    return len(old & new) / max(1, min(len(old), len(new)))


def tokens(text: str) -> list[Token]:
    """What of `text` is compared. What stands between two tokens counts for nothing."""
    found: list[Token] = []
    skipped = iter([*passing(text), (len(text), len(text))])
    skip = next(skipped)
    for word in _WORD.finditer(text):
        start, end = word.span()
        while start >= skip[1] < len(text):
            skip = next(skipped)
        if not skip[0] <= start < skip[1] and (key := _key(word[0])):
            found.append(Token(start, end, key))
    return found


@lru_cache(maxsize=50_000)
def _key(word: str) -> str:
    """What a token is compared by; empty for one that is nothing but invisible signs."""
    if word[0] in "-‐‑‒–—―−":
        return "-"
    if word[0] == "…" or word.startswith(".."):
        return "…"
    folded = fold(word).text.strip()
    if folded in ("'", '"'):
        return '"'
    return folded.replace(",", "") if _GROUPED.fullmatch(folded) else folded


# ------------------------------------------------------------------ which tokens changed


def hunks(old: Sequence[Token], new: Sequence[Token]) -> list[Hunk]:
    """The stretches that differ, in order; at least one token stands unchanged between two of them."""
    a, b = [token.key for token in old], [token.key for token in new]
    fine = [hunk for one in _by_sentences(a, b) for hunk in _by_words(a, b, one)]
    return _readable(joined(fine), old)


def _by_sentences(a: Sequence[str], b: Sequence[str]) -> list[Hunk]:
    ones, others = _sentences(a), _sentences(b)
    found = _compared([tuple(a[x:y]) for x, y in ones], [tuple(b[x:y]) for x, y in others])
    return joined([Hunk(_span(ones, i1, i2, len(a)), _span(others, j1, j2, len(b))) for i1, i2, j1, j2 in found])


def _sentences(keys: Sequence[str]) -> list[tuple[int, int]]:
    ends = [place + 1 for place, key in enumerate(keys) if key in _SENTENCE_END]
    return [(x, y) for x, y in zip([0, *ends], [*ends, len(keys)], strict=True) if x < y]


def _span(units: Sequence[tuple[int, int]], first: int, last: int, end: int) -> tuple[int, int]:
    """The tokens of units `first` to `last`; for none of them, the place where they would stand."""
    start = units[first][0] if first < len(units) else end
    return (start, units[last - 1][1]) if first < last else (start, start)


def _by_words(a: Sequence[str], b: Sequence[str], hunk: Hunk) -> list[Hunk]:
    (i1, i2), (j1, j2) = hunk.cut, hunk.added
    found = _compared(a[i1:i2], b[j1:j2])
    kept = i2 - i1 - sum(x2 - x1 for x1, x2, _, _ in found)
    if kept < LEAST_KEPT * min(i2 - i1, j2 - j1):
        return [hunk]
    return [Hunk((i1 + x1, i1 + x2), (j1 + y1, j1 + y2)) for x1, x2, y1, y2 in found]


def _compared(a: Sequence[Hashable], b: Sequence[Hashable]) -> list[tuple[int, int, int, int]]:
    """Ranges of `a` replaced by ranges of `b`, so that as much as can be stands in both; one for all where that is too dear."""
    first = _common(a, b)
    last = _common(a[first:][::-1], b[first:][::-1])
    a, b = a[first : len(a) - last], b[first : len(b) - last]
    if not a and not b:
        return []
    if len(a) * len(b) > MOST_PAIRS:
        return [(first, first + len(a), first, first + len(b))]
    numbers: dict[Hashable, int] = {}
    ours, theirs = ([numbers.setdefault(unit, len(numbers)) for unit in units] for units in (a, b))
    return [
        (first + code.src_start, first + code.src_end, first + code.dest_start, first + code.dest_end)
        for code in Indel.opcodes(ours, theirs)
        if code.tag != "equal"
    ]


def _common(a: Sequence[Hashable], b: Sequence[Hashable]) -> int:
    """How many units both begin with."""
    return next((place for place, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def joined(found: Sequence[Hunk]) -> list[Hunk]:
    """Hunks that touch as one."""
    whole: list[Hunk] = []
    for hunk in found:
        if whole and whole[-1].cut[1] == hunk.cut[0] and whole[-1].added[1] == hunk.added[0]:
            last = whole.pop()
            hunk = Hunk((last.cut[0], hunk.cut[1]), (last.added[0], hunk.added[1]))
        whole.append(hunk)
    return whole


def _readable(found: Sequence[Hunk], old: Sequence[Token]) -> list[Hunk]:
    """A small word that stayed between words that were replaced is no help to a reader: it goes with them."""
    readable: list[Hunk] = []
    for hunk in found:
        while readable and _drowns(readable[-1], hunk, old):
            last = readable.pop()
            hunk = Hunk((last.cut[0], hunk.cut[1]), (last.added[0], hunk.added[1]))
        readable.append(hunk)
    return readable


def _drowns(one: Hunk, other: Hunk, old: Sequence[Token]) -> bool:
    between = old[one.cut[1] : other.cut[0]]
    if len(between) > 2 or sum(token.end - token.start for token in between) > _SMALL:
        return False
    sides = (one.cut, one.added, other.cut, other.added)
    return all(last - first >= len(between) for first, last in sides)


# ------------------------------------------------------------------ how it is shown


@dataclass(frozen=True, slots=True)
class _Cut:
    """A text and its tokens; a token's stretch reaches to the next one, the first token's begins with the text."""

    text: str
    tokens: Sequence[Token]

    def begin(self, token: int) -> int:
        if token == 0:
            return 0
        return self.tokens[token].start if token < len(self.tokens) else len(self.text)

    @property
    def wordless(self) -> str:
        """The whole text, where there is no token to hold it."""
        return "" if self.tokens else self.text

    def stretch(self, first: int, last: int) -> str:
        return self.text[self.begin(first) : self.begin(last)]

    def gap(self, first: int, last: int) -> str:
        """What stands between the last of these tokens and the next."""
        return self.text[self.tokens[last - 1].end : self.begin(last)] if first < last else ""


def _pieces(old: _Cut, new: _Cut, changed: Sequence[Hunk]) -> Iterator[Piece]:
    at_old = at_new = 0
    gaps = ("", "")
    for hunk in changed:
        yield from _same(gaps, old.stretch(at_old, hunk.cut[0]), new.stretch(at_new, hunk.added[0]))
        # Where a word took the place of another, the space behind them is neither's.
        both = hunk.cut[0] < hunk.cut[1] and hunk.added[0] < hunk.added[1]
        gaps = (old.gap(*hunk.cut), new.gap(*hunk.added)) if both else ("", "")
        cut, added = old.stretch(*hunk.cut), new.stretch(*hunk.added)
        if cut := cut.removesuffix(gaps[0]):
            yield Piece(Edit.CUT, cut, "")
        if added := added.removesuffix(gaps[1]):
            yield Piece(Edit.ADDED, "", added)
        at_old, at_new = hunk.cut[1], hunk.added[1]
    rest = old.stretch(at_old, len(old.tokens)), new.stretch(at_new, len(new.tokens))
    yield from _same(gaps, rest[0] + old.wordless, rest[1] + new.wordless)


def _same(gaps: tuple[str, str], was: str, now: str) -> Iterator[Piece]:
    was, now = gaps[0] + was, gaps[1] + now
    if was or now:
        yield Piece(Edit.SAME, was, now)
