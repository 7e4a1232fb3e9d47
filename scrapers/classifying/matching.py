"""Find the forms of all concepts in a text at once. Folded text walks in, hits walk out. Pure; only this room calls it.

One pass of an Aho-Corasick automaton (https://doi.org/10.1145/360825.360855) finds a literal piece of every form; boundaries,
stems, capitals and guards are then read only at the places found. Concepts are numbered; what a hit stands for is a bit mask
of its concept and of every concept that includes it, so rules compare integers.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import ahocorasick_rs

from scrapers.classifying.forms import ANYTHING, Pattern, Piece, even_out
from storage.words import Folded

#: No form runs further than this behind its piece.
_REACH = 90
#: Texts are first looked at in stretches of this many characters: what stands further apart than two has no common sentence.
_STRETCH = 1024


class Hit(NamedTuple):
    """A form found: offsets into the folded text."""

    start: int
    end: int
    #: Bits of the concept and of all that include it.
    mask: int
    concept: int


#: Words so common in the news of our field that any other word of a form is a better one to look for.
_EVERYDAY = frozenset(
    [
        "china",
        "chinese",
        "russia",
        "russian",
        "military",
        "defense",
        "minister",
        "security",
        "ministry",
        "with",
        "from",
        "cooperation",
        "international",
        "росси",
        "россии",
        "российск",
        "китай",
        "китая",
        "китайск",
        "министр",
        "област",
        "области",
        "участни",
        "участник",
        "стран",
        "встреч",
        "вопрос",
        "военн",
        "обороны",
        "отношени",
        "сотрудничеств",
        "проект",
        "совет",
        "центр",
        "中国",
        "俄罗斯",
        "合作",
        "联合",
        "北部",
        "西部",
        "东方",
        "中部",
        "安全",
        "军事",
    ]
)
_LINKS = frozenset(["and", "of", "to", "for", "the", "on", "in", "with", "by", "at", "from", "20", "19"])
#: A piece that more forms than this share would have all of them tried wherever it stands.
_CROWD = 64
#: Where pieces stand (piece, start, end), and the mask of all that could be found there.
Glance = tuple[list[tuple[int, int, int]], int]


@dataclass(frozen=True, slots=True)
class _Probe:
    """A pattern as the matcher holds it: what to verify where its piece was found."""

    pattern: Pattern
    piece: Piece
    #: The literal the form opens with; empty where it opens with a wildcard.
    opening: str
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
        for (pattern, piece), concepts in _owners(forms).items():
            opening = pattern.pieces[0].text if not pattern.pieces[0].reach else ""
            by_piece[piece.text].append(_Probe(pattern, piece, opening, tuple(concepts)))
        self._probes = [tuple(probes) for probes in by_piece.values()]
        self._promise = [_either(masks[c] for probe in probes for c in probe.concepts) for probes in self._probes]
        self._automaton = ahocorasick_rs.AhoCorasick(list(by_piece) or ["\0"])

    def glance(self, folded: str) -> Glance:
        """Where pieces stand in evened folded text, and the mask of all that could be found there."""
        if not self._promise:
            return [], 0
        found = self._automaton.find_matches_as_indexes(folded, overlapping=True)
        return found, _either(map(self._promise.__getitem__, {piece for piece, _, _ in found}))

    def stretches(self, found: Iterable[tuple[int, int, int]]) -> dict[int, int]:
        """The same mask by stretch of the text, each taken with the next."""
        masks: dict[int, int] = {}
        for piece, start, _ in found:
            stretch = start // _STRETCH
            masks[stretch] = masks.get(stretch, 0) | self._promise[piece]
        return _joined(masks)

    @staticmethod
    def stretches_of(hits: Iterable[Hit]) -> dict[int, int]:
        """The same of hits."""
        masks: dict[int, int] = {}
        for hit in hits:
            stretch = hit.start // _STRETCH
            masks[stretch] = masks.get(stretch, 0) | hit.mask
        return _joined(masks)

    @staticmethod
    def within(found: Iterable[tuple[int, int, int]], stretches: Collection[int]) -> list[tuple[int, int, int]]:
        """What of `found` stands in one of `stretches`, or in the next."""
        wide = {*stretches, *(stretch + 1 for stretch in stretches)}
        return [one for one in found if one[1] // _STRETCH in wide]

    def read(self, folded: Folded, text: str, found: Iterable[tuple[int, int, int]], wanted: int) -> list[Hit]:
        """The hits behind what `glance` found, of concepts in `wanted`, in order of their start, the longer first."""
        hits: set[Hit] = set()
        for piece, start, end in found:
            if not self._promise[piece] & wanted:
                continue
            before = text[start - 1] if start else " "
            in_word = before.isalnum()
            for probe in self._probes[piece]:
                if in_word and probe.piece.before not in (before, ANYTHING):
                    continue
                span = self._verify(probe, folded, text, start, end)
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
            span = _around(probe, text, start, end)
            if span is None:
                return None
            start, end = span
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
        inside = cover.start <= hit.start and hit.end <= cover.end
        # A form that begins inside is cut out of it: 俄罗斯与中国 in 白俄罗斯与中国.
        if not inside and not cover.start < hit.start < cover.end:
            return False
        return bool(self._hides[cover.concept] >> hit.concept & 1) and cover[:2] != hit[:2]


def _around(probe: _Probe, text: str, start: int, end: int) -> tuple[int, int] | None:
    """Where the form stands around its piece at `start:end`."""
    regex = _compiled(probe.pattern.regex)
    if not probe.piece.reach:
        match = regex.match(text, start)
        return match.span() if match else None
    lowest = max(0, start - probe.piece.reach)
    if not probe.opening:
        match = regex.search(text, lowest, end + _REACH)
        return match.span() if match and match.start() <= start and match.end() >= end else None
    at = text.find(probe.opening, lowest, start)
    while at >= 0:
        match = regex.match(text, at)
        if match and match.end() >= end:
            return match.span()
        at = text.find(probe.opening, at + 1, start)
    return None


def _owners(forms: Mapping[int, Sequence[Pattern]]) -> dict[tuple[Pattern, Piece], list[int]]:
    """Each pattern with the piece that finds it, and the concepts it speaks for."""
    patterns: dict[Pattern, list[int]] = defaultdict(list)
    for concept, its in forms.items():
        for pattern in dict.fromkeys(its):
            patterns[pattern].append(concept)
    shared = Counter(piece.text for pattern in patterns for piece in pattern.pieces)
    return {(pattern, _rarest(pattern, shared)): concepts for pattern, concepts in patterns.items()}


def _rarest(pattern: Pattern, shared: Counter[str]) -> Piece:
    """The piece to look for: long enough to be rare in a text, and shared by few other forms."""
    if len(pattern.pieces) == 1:
        return pattern.pieces[0]

    def cost(piece: Piece) -> tuple[int, int, int]:
        others = shared[piece.text]
        return (_CROWD * (others > _CROWD) - _weight(piece.text), others, -len(piece.text))

    return min(pattern.pieces, key=cost)


def _weight(piece: str) -> int:
    if piece in _LINKS:
        return 0
    if piece in _EVERYDAY:
        return 1
    return min(len(piece), 5) if piece[0] < "\u2e80" else 5 * (len(piece) > 1)


def _joined(masks: Mapping[int, int]) -> dict[int, int]:
    return {number: mask | masks.get(number + 1, 0) for number, mask in masks.items()}


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
