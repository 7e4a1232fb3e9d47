"""Choose by which literal piece each form is looked for, and hold what to verify where it is found. Pure; only `matching` calls it."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import or_

from scrapers.classifying.forms import ANYTHING, BEFORE, Pattern, Piece
from scrapers.classifying.shaping import Letters, opened, openings_of, parts_words, shape_of
from scrapers.classifying.walking import WORD, Node, Tree, walk
from storage.words import Folded

#: No form runs further than this behind its piece, but by its own length.
_REACH = 90
#: Words so common in the news of our field that any other word of a form is a better one to look for.
_EVERYDAY = frozenset([
    "china", "chinese", "russia", "russian", "military", "defense", "minister", "security", "ministry", "with", "from",
    "cooperation", "international",
    "росси", "россии", "российск", "китай", "китая", "китайск", "министр", "област", "области", "участни", "участник",
    "стран", "встреч", "вопрос", "военн", "обороны", "отношени",
    "сотрудничеств", "проект", "совет", "центр", "государств", "развити", "созда", "создани", "связ", "безопасности",
    "республик", "сфер", "сфере", "национальн", "велик",
    "производств", "форум", "современн", "организаци", "руководител", "групп", "региональн",
    "中国", "俄罗斯", "合作", "联合", "北部", "西部", "东方", "中部", "安全", "军事", "中央", "坚定",
])  # fmt: skip
#: Words that stand in every text.
_LINKS = frozenset([
    "and", "of", "to", "for", "the", "on", "in", "with", "by", "at", "from", "на", "во", "из", "со", "ко", "по", "за", "от",
    "до", "об", "для", "при", "под", "над", "или", "наш",
])  # fmt: skip
#: A piece that more forms than this share would have all of them tried wherever it stands.
_CROWD = 500
#: From here on characters stand in words without ends.
NO_WORDS = "\u2e80"


class Probe:
    """A pattern as the matcher holds it: what to verify where its piece was found."""

    __slots__ = ("_regex", "asked", "concepts", "further", "is_guarded", "pattern", "piece")

    def __init__(self, pattern: Pattern, piece: Piece, concepts: tuple[int, ...], asked: int) -> None:
        self.pattern, self.piece, self.concepts = pattern, piece, concepts
        #: Bits of what the rules ask for that its concepts answer.
        self.asked = asked
        # The end is bounded, or a word a megabyte long would be read from each of its letters.
        self.further = _REACH + 2 * len(pattern.name)
        self.is_guarded = bool(pattern.not_after or pattern.not_before or pattern.exactly)
        self._regex: re.Pattern[str] | None = None

    def counts(self, folded: Folded, text: str, start: int, end: int) -> bool:
        """Whether its guards hold where it stands."""
        pattern = self.pattern
        if pattern.not_after and text.endswith(pattern.not_after, 0, start):
            return False
        if pattern.not_before and text.startswith(pattern.not_before, end):
            return False
        return not pattern.exactly or _stands_exactly(pattern.exactly, folded, start, end)

    def search(self, text: str, start: int, end: int) -> tuple[int, int] | None:
        """Where it stands around its piece at `start:end`, if it does; the long way, for forms of which no tree can be made."""
        lowest, furthest = max(0, start - self.piece.reach), end + self.further
        if any(text.find(piece.text, lowest, furthest) < 0 for piece in self.pattern.pieces):
            return None
        # Compiled late: it takes longer than most texts, and few texts come so far.
        self._regex = self._regex or re.compile(self.pattern.regex)
        match = self._regex.search(text, lowest, furthest)
        return match.span() if match and match.start() <= start and match.end() >= end else None


#: Where forms stand: start, end and the form.
Stands = list[tuple[int, int, Probe]]


class _Forms:
    """Forms that open with the same letters, as a tree to be walked from behind these."""

    __slots__ = ("are_words", "node", "odd")

    def __init__(self, probes: Iterable[Probe], letters: str) -> None:
        tree: Tree[Probe] = Tree()
        #: Those of which no tree can be made.
        self.odd: list[Probe] = []
        #: Whether the letters are a word by themselves in all of them.
        self.are_words = True
        for probe in probes:
            shape = shape_of(probe.pattern.regex)
            if shape is None:
                self.odd.append(probe)
                continue
            for opening, way in opened(shape.ways):
                if opening.startswith(letters):
                    rest = opening[len(letters) :]
                    tree.add(probe, (Letters((rest,)), *way) if rest else way, closes=shape.closes)
                    self.are_words &= shape.opens and not rest and parts_words(way)
        self.node: Node[Probe] = tree.grown()


class _Opening:
    """Forms that open with the same letters, some way before the piece by which they are found."""

    __slots__ = ("_forms", "_is_word", "_letters", "_probes")

    def __init__(self, letters: str, *, is_word: bool) -> None:
        self._letters, self._is_word = letters, is_word
        self._probes: list[Probe] = []
        # Made late: most texts hold few of the letters that pieces wait for.
        self._forms: _Forms | None = None

    def add(self, probe: Probe) -> None:
        self._probes.append(probe)

    def read(self, text: str, start: int, end: int, limit: int, reach: int) -> Stands:
        """Which forms stand around their piece at `start:end`, opening no further before it than `reach`."""
        forms = self._forms
        if forms is None:
            forms = self._forms = _Forms(self._probes, self._letters)
        stands: dict[Probe, tuple[int, int]] = {}
        letters, is_word, are_words = self._letters, self._is_word, forms.are_words
        at = text.find(letters, max(0, start - reach), start)
        while at >= 0:
            behind = at + len(letters)
            if not (is_word and at and text[at - 1] in WORD) and not (are_words and text[behind] in WORD):
                found: dict[Probe, int] = {}
                walk(forms.node, text, behind, limit, found)
                for probe, last in found.items():
                    if last >= end and at >= start - probe.piece.reach:
                        stands.setdefault(probe, (at, last))
            at = text.find(letters, at + 1, start)
        for probe in forms.odd:
            span = probe.search(text, start, end)
            if span is not None:
                stands[probe] = span
        return [(first, last, probe) for probe, (first, last) in stands.items()]


class _Reader:
    """The probes of one piece, sorted by how they are read."""

    __slots__ = ("_anywhere", "_around", "_further", "_odd", "_reach", "_whole", "_word")

    def __init__(self, piece: str, probes: Sequence[Probe]) -> None:
        self._further = max(probe.further for probe in probes)
        self._reach = max(probe.piece.reach for probe in probes)
        #: Those that are nothing but the piece.
        self._whole = [probe for probe in probes if not probe.pattern.regex]
        openers = [probe for probe in probes if probe.pattern.regex and not probe.piece.reach]
        word = _Forms([one for one in openers if one.pattern.regex.startswith(BEFORE)], piece)
        anywhere = _Forms([one for one in openers if not one.pattern.regex.startswith(BEFORE)], piece)
        self._word = word.node if openers else None
        self._anywhere = anywhere.node if any(anywhere.node) else None
        #: Those of which nobody knows how they open.
        self._odd = [*word.odd, *anywhere.odd]
        around: dict[tuple[str, bool], _Opening] = {}
        for probe in probes:
            if probe.piece.reach:
                regex = probe.pattern.regex
                known = openings_of(regex)
                for letters in known:
                    is_word = regex.startswith(BEFORE)
                    opening = around.setdefault((letters, is_word), _Opening(letters, is_word=is_word))
                    opening.add(probe)
                if not known:
                    self._odd.append(probe)
        self._around = tuple((letters, opening) for (letters, _), opening in around.items())

    def read(self, text: str, start: int, end: int) -> Stands:
        limit = min(end + self._further, len(text))
        stands = [(start, end, probe) for probe in self._whole]
        found: dict[Probe, int] = {}
        if self._word is not None and not _in_word(text, start):
            walk(self._word, text, end, limit, found)
        if self._anywhere is not None:
            walk(self._anywhere, text, end, limit, found)
        for probe, last in found.items():
            stands.append((start, last, probe))
        if self._around:
            reach = self._reach
            before = text[start - reach if start > reach else 0 : start]
            for letters, opening in self._around:
                if letters in before:
                    stands += opening.read(text, start, end, limit, reach)
        for probe in self._odd:
            span = probe.search(text, start, end)
            if span is not None:
                stands.append((*span, probe))
        return stands


def _in_word(text: str, at: int) -> bool:
    """Whether `at` stands inside a word, of any script whose words have ends."""
    letter = text[at - 1] if at else " "
    return letter < NO_WORDS and letter.isalnum()


class Probes:
    """All probes of one piece."""

    __slots__ = ("_probes", "_reader", "after", "asked", "before")

    def __init__(self, probes: Sequence[Probe]) -> None:
        self._probes = probes
        #: Bits of all that could be found where the piece stands.
        self.asked = either(probe.asked for probe in probes)
        #: Letters that may stand right before, right behind the piece for one of the probes; None: anything.
        self.before = _any_of(probe.piece.before for probe in probes)
        self.after = _any_of(probe.piece.after for probe in probes)
        # Made late: a text meets few of the pieces.
        self._reader: _Reader | None = None

    def read(self, folded: Folded, text: str, start: int, end: int) -> Stands:
        """What stands for sure around the piece at `start:end` of evened `text`."""
        if self._reader is None:
            self._reader = _Reader(text[start:end], self._probes)
        stands = self._reader.read(text, start, end)
        return [one for one in stands if not one[2].is_guarded or one[2].counts(folded, text, one[0], one[1])]


def probes_of(forms: Mapping[int, Sequence[Pattern]], asked: Sequence[int]) -> dict[str, Probes]:
    """For each piece to look for what to verify there. `asked`: by concept, bits of what the rules ask for."""
    by_piece: dict[str, list[Probe]] = defaultdict(list)
    for (pattern, piece), concepts in _owners(forms).items():
        answered = either([asked[concept] for concept in concepts])
        by_piece[piece.text].append(Probe(pattern, piece, tuple(concepts), answered))
    return {piece: Probes(probes) for piece, probes in by_piece.items()}


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
    if piece in _LINKS or piece.isdigit():
        return 0
    if piece in _EVERYDAY:
        return 1
    return min(len(piece), 5) if piece[0] < "\u2e80" else 5 * (len(piece) > 1)


_NO_LETTER = re.compile(r"[\W_]+")


def _stands_exactly(exactly: str, folded: Folded, start: int, end: int) -> bool:
    first, last = folded.span(start, end)
    stood = _NO_LETTER.sub("", folded.original[first:last])
    return stood.startswith(_NO_LETTER.sub("", exactly))
