"""Choose by which literal piece each form is looked for, and hold what to verify where it is found. Pure; only `matching` calls it."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import or_

from scrapers.classifying.forms import ANYTHING, Pattern, Piece
from storage.words import Folded

#: No form runs further than this behind its piece, but by its own length.
_REACH = 90
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
_CROWD = 500
#: More forms than this that open with one piece are looked at together first.
_FEW = 3
#: Letters and digits of the scripts whose words have ends.
WORD = frozenset("abcdefghijklmnopqrstuvwxyzабвгдежзийклмнопрстуфхцчшщъыьэюя0123456789")


class Probe:
    """A pattern as the matcher holds it: what to verify where its piece was found."""

    __slots__ = ("_further", "_opening", "_pattern", "_regex", "asked", "before", "concepts", "is_opener", "reach")

    def __init__(self, pattern: Pattern, piece: Piece, concepts: tuple[int, ...], asked: int) -> None:
        self._pattern = pattern
        #: See Piece.
        self.before, self.reach = piece.before, piece.reach
        self.concepts = concepts
        #: Bits of what the rules ask for that its concepts answer.
        self.asked = asked
        self.is_opener = bool(pattern.regex) and not piece.reach
        # The literal the form opens with; empty where it opens with a wildcard.
        self._opening = pattern.pieces[0].text if not pattern.pieces[0].reach else ""
        # The end is bounded, or a word a megabyte long would be read from each of its letters.
        self._further = _further(pattern)
        # Compiled late: a text meets few of the forms, and compiling all of them would cost every start a second.
        self._regex: re.Pattern[str] | None = None

    def stands(self, folded: Folded, text: str, start: int, end: int) -> tuple[int, int] | None:
        """Where the form stands around its piece at `start:end` of evened `text`, if it does."""
        pattern = self._pattern
        if pattern.regex:
            regex = self._regex
            if regex is None:
                regex = self._regex = re.compile(pattern.regex)
            match = (
                regex.match(text, start, end + self._further)
                if not self.reach
                else self._around(regex, text, start, end)
            )
            if match is None:
                return None
            start, end = match.span()
        if pattern.not_after and text.endswith(pattern.not_after, 0, start):
            return None
        if pattern.not_before and text.startswith(pattern.not_before, end):
            return None
        if pattern.exactly and not _stands_exactly(pattern.exactly, folded, start, end):
            return None
        return start, end

    def _around(self, regex: re.Pattern[str], text: str, start: int, end: int) -> re.Match[str] | None:
        lowest, furthest = max(0, start - self.reach), end + self._further
        if not self._opening:
            match = regex.search(text, lowest, furthest)
            return match if match and match.start() <= start and match.end() >= end else None
        at = text.find(self._opening, lowest, start)
        while at >= 0:
            match = regex.match(text, at, furthest)
            if match and match.end() >= end:
                return match
            at = text.find(self._opening, at + 1, start)
        return None


def _further(pattern: Pattern) -> int:
    return _REACH + 2 * len(pattern.name)


class Probes:
    """All probes of one piece. Where many forms open with it, one look tells when none of them stands there."""

    def __init__(self, owners: Sequence[tuple[Pattern, Piece, Probe]]) -> None:
        self._all = tuple(probe for _, _, probe in owners)
        openers = [pattern for pattern, _, probe in owners if probe.is_opener]
        together = _FEW < len(openers) < _CROWD
        self._openers = "|".join(dict.fromkeys(pattern.regex for pattern in openers)) if together else ""
        self._others = tuple(probe for probe in self._all if not probe.is_opener)
        self._further = max(map(_further, openers), default=0)
        self._regex: re.Pattern[str] | None = None
        #: Bits of all that could be found where the piece stands.
        self.asked = either(probe.asked for probe in self._all)
        #: Letters that may stand right before, right behind the piece for one of the probes; None: anything.
        self.before = _any_of(piece.before for _, piece, _ in owners)
        self.after = _any_of(piece.after for _, piece, _ in owners)

    def likely(self, text: str, start: int, end: int) -> tuple[Probe, ...]:
        """Those worth trying where the piece stands at `start:end` of evened text."""
        if self._openers:
            self._regex = self._regex or re.compile(self._openers)
            if not self._regex.match(text, start, end + self._further):
                return self._others
        return self._all


def probes_of(forms: Mapping[int, Sequence[Pattern]], asked: Sequence[int]) -> dict[str, Probes]:
    """For each piece to look for what to verify there. `asked`: by concept, bits of what the rules ask for."""
    by_piece: dict[str, list[tuple[Pattern, Piece, Probe]]] = defaultdict(list)
    for (pattern, piece), concepts in _owners(forms).items():
        answered = either([asked[concept] for concept in concepts])
        by_piece[piece.text].append((pattern, piece, Probe(pattern, piece, tuple(concepts), answered)))
    return {piece: Probes(owners) for piece, owners in by_piece.items()}


def _any_of(letters: Iterable[str]) -> str | None:
    together = "".join(letters)
    return None if ANYTHING in together else together


def either(masks: Iterable[int]) -> int:
    """All bits of any of `masks`."""
    return reduce(or_, masks, 0)


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


_NO_LETTER = re.compile(r"[\W_]+")


def _stands_exactly(exactly: str, folded: Folded, start: int, end: int) -> bool:
    first, last = folded.span(start, end)
    stood = _NO_LETTER.sub("", folded.original[first:last])
    return stood.startswith(_NO_LETTER.sub("", exactly))
