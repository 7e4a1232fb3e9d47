"""Whether a change of a text is material: what of its evidence, its numbers and its names it touched. Pure.

Two articles with their verdicts walk in, what was touched walks out; nothing for a change that only polishes. A sentence that only
moved to another place touched nothing. Only `storage` and tests import this module.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from storage.edits import Hunk, Token, hunks, joined, tokens
from storage.particulars import Spot, spots
from storage.records import Article, Particular, Touched, Verdict
from storage.words import Word, fold, words

#: Particulars told of one revision, and characters of each.
MOST, LONGEST = 24, 160
#: What Russian grammar puts at the end of a name.
_ENDING = re.compile("(?<=[а-я]{3})(?:[аеиоуыюяйь]|[аяоеиы]м|[ая]х|[ая]ми)$")
#: Characters of a text that are looked at: what comes after so many is a document's annex, and looking costs seconds.
FAR_ENOUGH = 100_000
#: Names that touch names: hardly ever more than two.
_ROUNDS = 4


def touched(before: Article, judged_before: Verdict, after: Article, judged_after: Verdict) -> tuple[Touched, ...]:
    """What of evidence, numbers and names differs between two texts of one article, in the order of title and text."""
    known = _names(before) | _names(after)
    found: list[Touched] = []
    for field in ("title", "text"):
        old = _side(_said(before, field), _sentences(before, judged_before, field), known)
        new = _side(_said(after, field), _sentences(after, judged_after, field), known)
        for hunk in _widened(_unmoved(hunks(old.tokens, new.tokens), old, new), old, new):
            found += _of_hunk(hunk, old, new)
    return tuple(dict.fromkeys(found))[:MOST]


@dataclass(frozen=True, slots=True)
class _Side:
    """One field of one of the two articles, and what in it would be material to change: ranges of characters."""

    text: str
    tokens: Sequence[Token]
    spots: Sequence[Spot]
    evidence: Sequence[tuple[int, int]]

    def place(self, span: tuple[int, int]) -> tuple[int, int]:
        """Where tokens stand in the text; no tokens stand at one place, before the next."""
        first, last = span
        start = self.tokens[first].start if first < len(self.tokens) else len(self.text)
        return start, self.tokens[last - 1].end if first < last else start

    def said(self, span: tuple[int, int]) -> str:
        start, end = self.place(span)
        text = " ".join(self.text[start:end].split())
        return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"

    def within(self, span: tuple[int, int], what: Particular) -> list[str]:
        start, end = self.place(span)
        first = bisect_left(self.spots, start, key=lambda spot: spot.start)
        last = bisect_right(self.spots, end, key=lambda spot: spot.end)
        return [self.text[spot.start : spot.end] for spot in self.spots[first:last] if spot.what is what]

    def across(self, edge: int) -> Spot | None:
        """The number or name that the edge before a token cuts in two."""
        if not 0 < edge < len(self.tokens):
            return None
        place = bisect_left(self.spots, self.tokens[edge - 1].end, key=lambda spot: spot.end)
        spot = self.spots[place] if place < len(self.spots) else None
        before, after = self.tokens[edge - 1], self.tokens[edge]
        return spot if spot and spot.start < before.end and after.start < spot.end else None


def _said(article: Article, field: str) -> str:
    text: str = getattr(article, field)
    return text[:FAR_ENOUGH]


def _side(text: str, evidence: Sequence[tuple[int, int]], known: Collection[str]) -> _Side:
    return _Side(text, tokens(text), spots(text, known=known), evidence)


def _names(article: Article) -> set[str]:
    """Names met inside sentences, folded: they are names at the beginning of one, too."""
    text = _said(article, "text")
    return {fold(text[spot.start : spot.end]).text for spot in spots(text) if spot.what is Particular.NAME}


def _sentences(article: Article, verdict: Verdict, field: str) -> list[tuple[int, int]]:
    """Where the sentences stand that earned the verdict."""
    text: str = getattr(article, field)
    found = set()
    for piece in verdict.evidence:
        if piece.field != field:
            continue
        begin = text.rfind(piece.sentence, 0, piece.start + len(piece.sentence))
        # A sentence that was tidied is nowhere in the text: its words are.
        is_there = begin >= 0 and begin <= piece.start
        found.add((begin, begin + len(piece.sentence)) if is_there else (piece.start, piece.end))
    return sorted(found)


# ------------------------------------------------------------------ which hunks count, and how far they reach


def _unmoved(found: Sequence[Hunk], old: _Side, new: _Side) -> list[Hunk]:
    """Without what was cut in one place and added word for word in another."""
    cut = Counter(_keys(old, hunk.cut) for hunk in found if hunk.added[0] == hunk.added[1])
    added = Counter(_keys(new, hunk.added) for hunk in found if hunk.cut[0] == hunk.cut[1])
    moved = {"cut": cut & added, "added": cut & added}
    return [hunk for hunk in found if not _is_moved(hunk, old, new, moved)]


def _is_moved(hunk: Hunk, old: _Side, new: _Side, moved: Mapping[str, Counter[tuple[str, ...]]]) -> bool:
    if hunk.added[0] == hunk.added[1]:
        side, keys = moved["cut"], _keys(old, hunk.cut)
    elif hunk.cut[0] == hunk.cut[1]:
        side, keys = moved["added"], _keys(new, hunk.added)
    else:
        return False
    side[keys] -= 1
    return side[keys] >= 0


def _keys(side: _Side, span: tuple[int, int]) -> tuple[str, ...]:
    return tuple(token.key for token in side.tokens[slice(*span)])


def _widened(found: Sequence[Hunk], old: _Side, new: _Side) -> list[Hunk]:
    """Each hunk with the whole of every number and name it touches: of 二十 and 三十 only one character differs. What grows
    together is one."""
    wide = list(found)
    for _ in range(_ROUNDS):
        grown = joined(list(_grown(wide, old, new)))
        if grown == wide:
            break
        wide = grown
    return wide


def _grown(found: Sequence[Hunk], old: _Side, new: _Side) -> Iterator[Hunk]:
    begin = 0
    for place, hunk in enumerate(found):
        end = found[place + 1].cut[0] if place + 1 < len(found) else len(old.tokens)
        left = max(_reach(old, hunk.cut[0], -1), _reach(new, hunk.added[0], -1))
        right = max(_reach(old, hunk.cut[1], 1), _reach(new, hunk.added[1], 1))
        left, right = min(left, hunk.cut[0] - begin), min(right, end - hunk.cut[1])
        begin = hunk.cut[1] + right
        yield Hunk((hunk.cut[0] - left, begin), (hunk.added[0] - left, hunk.added[1] + right))


def _reach(side: _Side, edge: int, way: int) -> int:
    """How many tokens, on the way given, belong to a number or name that the edge between two tokens cuts in two."""
    spot = side.across(edge)
    if spot is None:
        return 0
    steps = 0
    while 0 <= (place := edge + steps if way > 0 else edge - 1 - steps) < len(side.tokens):
        if not (side.tokens[place].start < spot.end and side.tokens[place].end > spot.start):
            break
        steps += 1
    return steps


# ------------------------------------------------------------------ what a hunk touched


def _of_hunk(hunk: Hunk, old: _Side, new: _Side) -> Iterator[Touched]:
    if _meets(old, hunk.cut) or _meets(new, hunk.added):
        yield Touched(Particular.EVIDENCE, old.said(hunk.cut), new.said(hunk.added))
    for what in (Particular.NUMBER, Particular.NAME):
        was, now = old.within(hunk.cut, what), new.within(hunk.added, what)
        gone, come = _beyond(was, now), _beyond(now, was)
        if gone or come:
            yield Touched(what, _listed(gone), _listed(come))


def _meets(side: _Side, span: tuple[int, int]) -> bool:
    start, end = side.place(span)
    if start == end:
        return any(first < start < last for first, last in side.evidence)
    return any(first < end and start < last for first, last in side.evidence)


def _beyond(ones: Sequence[str], others: Sequence[str]) -> list[str]:
    """Those of `ones` that `others` lack, each as often as it is lacking; an ending of grammar is no difference."""
    lacking = Counter(map(_essence, others))
    found = []
    for one in ones:
        lacking[_essence(one)] -= 1
        if lacking[_essence(one)] < 0:
            found.append(one)
    return found


def _essence(said: str) -> str:
    return " ".join(_bare(word) for word in words(said)) or said


def _bare(word: Word) -> str:
    """A word without its ending: names keep vowels that stems of other words lose, so all of them go (Китая, Китаем)."""
    bare = word.surface
    while (shorter := _ENDING.sub("", bare)) != bare:
        bare = shorter
    return word.text if bare == word.surface else bare


def _listed(said: Sequence[str]) -> str:
    whole = ", ".join(dict.fromkeys(said))
    return whole if len(whole) <= LONGEST else whole[: LONGEST - 1] + "…"
