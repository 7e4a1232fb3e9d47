"""Find the forms of all concepts in a text at once. Folded text walks in, hits walk out. Pure; only this room calls it.

One pass of an Aho-Corasick automaton (https://doi.org/10.1145/360825.360855) finds a literal piece of every form; boundaries,
stems, capitals and guards are then read only at the places found, and only as far as somebody asks. Concepts are numbered; what
a hit stands for is a bit mask of its concept and of every concept that includes it, so rules compare integers.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

import ahocorasick_rs

from scrapers.classifying.forms import SAME_LENGTH, Pattern, even_out
from scrapers.classifying.laid_out import Seen
from scrapers.classifying.probing import NO_WORDS, Stands, either, probes_of
from scrapers.classifying.walking import WORD
from storage.words import Folded

#: Texts are first looked at in stretches of this many characters: what stands further apart than two has no common sentence.
_STRETCH = 1024
#: So many places of a text are read. An article has hundreds; a megabyte of nothing but our words would keep others waiting.
_MOST_PLACES = 30_000


#: A piece found in a text: its number, start and end.
Found = tuple[int, int, int]


class Matcher:
    """Finds every form of every concept. `masks`: by concept, its own bit and those of all that include it; `hides`: concept ->
    concepts whose hits it covers where they stand or begin inside it; `asked`: by concept, bits of what the rules ask for."""

    def __init__(
        self,
        forms: Mapping[int, Sequence[Pattern]],
        masks: Sequence[int],
        hides: Mapping[int, int] | None = None,
        asked: Sequence[int] | None = None,
    ) -> None:
        self.masks = masks
        self._hides = dict(hides or {})
        by_piece = probes_of(forms, asked if asked is not None else [0] * len(masks))
        self.probes = tuple(by_piece.values())
        #: By piece: bits of all that could be found there.
        self.asked = [probes.asked for probes in self.probes]
        self._before = [probes.before for probes in self.probes]
        self._after = [probes.after for probes in self.probes]
        # Spellings to even out come last: few texts hold any, and only those are gone over again. This kind of automaton is
        # quick to build and nearly as quick as any.
        self._automaton = ahocorasick_rs.AhoCorasick(
            [*by_piece, *(spelling for spelling, _ in SAME_LENGTH)],
            implementation=ahocorasick_rs.Implementation.ContiguousNFA,
        )

    def glance(self, folded: Folded) -> "Glance":
        """Where pieces stand in a text."""
        text = folded.text
        found = self._automaton.find_matches_as_indexes(text, overlapping=True)
        pieces = {piece for piece, _, _ in found}
        if max(pieces, default=0) >= len(self.probes):
            text = even_out(text)
            again = self._automaton.find_matches_as_indexes(text, overlapping=True)
            found = [one for one in again if one[0] < len(self.probes)]
            pieces = {piece for piece, _, _ in found}
        return Glance(self, folded, text, found, either(map(self.asked.__getitem__, pieces)))

    def find(self, folded: Folded) -> list[Seen]:
        """All hits in a text, in order of their start, the longer first."""
        return self.glance(folded).hits()

    def standing(self, text: str, found: Iterable[Found]) -> Iterator[Found]:
        """What of `found` does not stand inside another word."""
        befores, afters, size = self._before, self._after, len(text)
        for one in found:
            piece, start, end = one
            before, after = befores[piece], afters[piece]
            if before is not None and start:
                letter = text[start - 1]
                if letter not in before and letter < NO_WORDS and letter.isalnum():
                    continue
            if after is not None and end < size:
                letter = text[end]
                if letter in WORD and letter not in after:
                    continue
            yield one

    def unhidden(self, hits: list[Seen]) -> list[Seen]:
        """Ordered hits without those that others hide."""
        if not self._hides or not any(hit.concept in self._hides for hit in hits):
            return hits
        seen: list[Seen] = []
        covers: list[Seen] = []
        for hit in hits:
            covers = [cover for cover in covers if cover.end > hit.start]
            if not any(self._covers(cover, hit) for cover in covers):
                seen.append(hit)
            if hit.concept in self._hides:
                covers.append(hit)
        return seen

    def _covers(self, cover: Seen, hit: Seen) -> bool:
        inside = cover.start <= hit.start and hit.end <= cover.end
        # A form that begins inside is cut out of it: 俄罗斯与中国 in 白俄罗斯与中国.
        if not inside and not cover.start < hit.start < cover.end:
            return False
        return bool(self._hides[cover.concept] >> hit.concept & 1) and cover[:2] != hit[:2]


class Glance:
    """A text at first glance: where pieces of forms stand. What stands there for sure is read when asked for, and once."""

    def __init__(self, matcher: Matcher, folded: Folded, text: str, found: list[Found], could: int) -> None:
        self.folded = folded
        self._matcher, self._text, self._found = matcher, text, found
        self._read: dict[Found, tuple[int, Stands]] = {}
        self._is_thinned = False
        #: Bits of what the rules ask for that could be found.
        self.could = could

    def stretches(self) -> dict[int, list[Found]]:
        """What was found, by stretch of the text, each with the next."""
        by_stretch: dict[int, list[Found]] = defaultdict(list)
        for one in self.standing():
            by_stretch[one[1] // _STRETCH].append(one)
        return {number: found + by_stretch.get(number + 1, []) for number, found in [*by_stretch.items()]}

    def standing(self) -> list[Found]:
        """What was found and does not stand inside another word: piece, start, end."""
        if not self._is_thinned:
            self._found = list(islice(self._matcher.standing(self._text, self._found), _MOST_PLACES))
            self._is_thinned = True
        return self._found

    def asked_at(self, one: Found) -> int:
        """Bits of what the rules ask for that stands for sure at one of the places found."""
        known = self._read.get(one)
        return known[0] if known is not None else self._at(one)[0]

    def hits(self) -> list[Seen]:
        """All hits, in order of their start, the longer first."""
        masks, read = self._matcher.masks, self._read
        found: set[tuple[int, int, int]] = set()
        for one in self.standing():
            for start, end, probe in (read.get(one) or self._at(one))[1]:
                for concept in probe.concepts:
                    found.add((start, -end, concept))
        return self._matcher.unhidden(
            [Seen(start, -end, masks[concept], concept) for start, end, concept in sorted(found)]
        )

    def _at(self, one: Found) -> tuple[int, Stands]:
        """What stands for sure around a piece, and the bits it answers."""
        piece, start, end = one
        stands = self._matcher.probes[piece].read(self.folded, self._text, start, end)
        bits = 0
        for _, _, probe in stands:
            bits |= probe.asked
        self._read[one] = bits, stands
        return bits, stands
