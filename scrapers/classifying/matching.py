"""Find the forms of all concepts in a text at once. Folded text walks in, hits walk out. Pure; only this room calls it.

One pass of an Aho-Corasick automaton (https://doi.org/10.1145/360825.360855) finds a literal piece of every form; boundaries,
stems, capitals and guards are then read only at the places found. Concepts are numbered; what a hit stands for is a bit mask
of its concept and of every concept that includes it, so rules compare integers.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import ahocorasick_rs

from scrapers.classifying.forms import Pattern, even_out
from storage.words import Folded

#: No form is longer than this in folded text; how far before its piece a form may begin.
_REACH = 90


class Hit(NamedTuple):
    """A form found: offsets into the folded text."""

    start: int
    end: int
    #: Bits of the concept and of all that include it.
    mask: int
    concept: int


@dataclass(frozen=True, slots=True)
class _Probe:
    """A pattern as the matcher holds it: what to verify where its piece was found."""

    pattern: Pattern
    opens: bool
    concepts: tuple[int, ...]


@lru_cache(maxsize=200_000)
def _compiled(regex: str) -> re.Pattern[str]:
    # Late: a text meets few of the forms, and compiling all of them would cost every start a second.
    return re.compile(regex)


class Matcher:
    """Finds every form of every concept. `hides`: concept -> concepts whose hits it covers where they stand inside it."""

    def __init__(
        self, forms: Mapping[int, Sequence[Pattern]], masks: Sequence[int], hides: Mapping[int, int] | None = None
    ) -> None:
        self._masks = masks
        self._hides = dict(hides or {})
        by_piece: dict[str, list[_Probe]] = defaultdict(list)
        for (pattern, piece, opens), concepts in _owners(forms).items():
            by_piece[piece].append(_Probe(pattern, opens, tuple(concepts)))
        self._probes = [tuple(probes) for probes in by_piece.values()]
        self._promise = [_either(masks[c] for probe in probes for c in probe.concepts) for probes in self._probes]
        self._automaton = ahocorasick_rs.AhoCorasick(list(by_piece) or ["\0"])

    def glance(self, folded: str) -> tuple[list[tuple[int, int, int]], int]:
        """Where pieces stand in evened folded text, and the mask of all that could be found there."""
        found = self._automaton.find_matches_as_indexes(folded, overlapping=True)
        promise = self._promise
        mask = 0
        for piece in {piece for piece, _, _ in found} if promise else ():
            mask |= promise[piece]
        return found, mask

    def read(self, folded: Folded, evened: str, found: Iterable[tuple[int, int, int]], wanted: int) -> list[Hit]:
        """The hits behind what `glance` found, of concepts in `wanted`, in order of their start, the longer first."""
        hits: set[Hit] = set()
        for piece, start, end in found:
            if not self._promise[piece] & wanted:
                continue
            for probe in self._probes[piece]:
                span = self._verify(probe, folded, evened, start, end)
                if span is not None:
                    hits.update(Hit(*span, self._masks[c], c) for c in probe.concepts)
        ordered = sorted(hits, key=lambda hit: (hit.start, -hit.end, hit.concept))
        return self._unhidden(ordered) if self._hides else ordered

    def find(self, folded: Folded) -> list[Hit]:
        """All hits in a text."""
        evened = even_out(folded.text)
        found, mask = self.glance(evened)
        return self.read(folded, evened, found, mask)

    def _verify(self, probe: _Probe, folded: Folded, text: str, start: int, end: int) -> tuple[int, int] | None:
        pattern = probe.pattern
        if pattern.regex:
            regex = _compiled(pattern.regex)
            if probe.opens:
                match = regex.match(text, start)
            else:
                match = regex.search(text, max(0, start - _REACH), end + _REACH)
                while match and match.end() < end and match.start() < start:
                    match = regex.search(text, match.end(), end + _REACH)
            if match is None or match.start() > start or match.end() < end:
                return None
            start, end = match.span()
        if pattern.not_after and text.endswith(pattern.not_after, 0, start):
            return None
        if pattern.not_before and text.startswith(pattern.not_before, end):
            return None
        if pattern.exactly and not _stands_exactly(pattern.exactly, folded, start, end):
            return None
        return start, end

    def _unhidden(self, hits: list[Hit]) -> list[Hit]:
        covers = [hit for hit in hits if hit.concept in self._hides]
        if not covers:
            return hits
        return [hit for hit in hits if not any(self._covers(cover, hit) for cover in covers)]

    def _covers(self, cover: Hit, hit: Hit) -> bool:
        if not (cover.start <= hit.start and hit.end <= cover.end):
            return False
        return bool(self._hides[cover.concept] >> hit.concept & 1) and cover[:2] != hit[:2]


def _owners(forms: Mapping[int, Sequence[Pattern]]) -> dict[tuple[Pattern, str, bool], list[int]]:
    """Each pattern with the piece that finds it, and the concepts it speaks for."""
    patterns: dict[Pattern, list[int]] = defaultdict(list)
    for concept, its in forms.items():
        for pattern in dict.fromkeys(its):
            patterns[pattern].append(concept)
    shared = Counter(piece for pattern in patterns for piece, _ in pattern.pieces)
    return {(pattern, *_rarest(pattern, shared)): concepts for pattern, concepts in patterns.items()}


def _rarest(pattern: Pattern, shared: Counter[str]) -> tuple[str, bool]:
    """The piece to look for: long enough to be rare in a text, and shared by few other forms."""
    return min(pattern.pieces, key=lambda piece: (-min(_weight(piece[0]), 5), shared[piece[0]], -len(piece[0])))


def _weight(piece: str) -> int:
    return len(piece) if piece[0] < "\u2e80" else 5 * (len(piece) > 1)


def _either(masks: Iterable[int]) -> int:
    mask = 0
    for one in masks:
        mask |= one
    return mask


_NO_LETTER = re.compile(r"[\W_]+")


def _stands_exactly(exactly: str, folded: Folded, start: int, end: int) -> bool:
    first, last = folded.span(start, end)
    stood = _NO_LETTER.sub("", folded.original[first:last])
    return stood.startswith(_NO_LETTER.sub("", exactly))
