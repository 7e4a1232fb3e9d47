"""What the rules ask for, in few bits: each group of concepts any rule wants is one. Pure; only this room calls it.

Most texts are done with after one glance: no rule finds all it asks for in one place. That question is asked often, so it is asked
in integers of a hundred bits instead of one for every concept.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Need:
    """What one rule asks for."""

    #: All its groups.
    bits: int
    #: The same one by one, those first that most rules ask for: one that is missing answers for all of these.
    apart: tuple[int, ...]
    #: Whether they may stand anywhere in the text.
    anywhere: bool


@dataclass(frozen=True, slots=True)
class Needs:
    """What all rules ask for."""

    #: By bit: the mask of the group.
    groups: tuple[int, ...]
    rules: tuple[Need, ...]
    #: The same by the bit that the fewest forms can answer, and all those bits.
    by_telling: Mapping[int, tuple[Need, ...]]
    telling: int

    def answered(self, mask: int) -> int:
        """Bits of the groups of which `mask`, a mask of concepts, holds one."""
        bits = 0
        for number, group in enumerate(self.groups):
            if mask & group:
                bits |= 1 << number
        return bits

    def bits_of(self, groups: Iterable[int]) -> int:
        """The bits of these groups, each of which some rule asks for."""
        return sum(1 << self.groups.index(group) for group in set(groups))

    def within(self, could: int) -> list[Need]:
        """What asks for nothing but these bits."""
        met, rest = [], could & self.telling
        while rest:
            bit = rest & -rest
            rest ^= bit
            for need in self.by_telling[bit]:
                if could & need.bits == need.bits:
                    met.append(need)
        return met


def needs_of(rules: Iterable[tuple[Sequence[int], bool]], forms: Mapping[int, int]) -> Needs:
    """The needs of rules, each given as masks of its groups and whether they may stand anywhere. `forms`: how many forms stand for a
    mask."""
    wanted = [(tuple(dict.fromkeys(groups)), anywhere) for groups, anywhere in rules]
    groups = tuple(dict.fromkeys(group for its, _ in wanted for group in its))
    bits = {group: 1 << number for number, group in enumerate(groups)}
    common = {bits[group]: sum(count for mask, count in forms.items() if mask & group) for group in groups}
    shared = Counter(bits[group] for its, _ in wanted for group in its)
    found = {}
    for its, anywhere in wanted:
        apart = tuple(sorted((bits[group] for group in its), key=lambda bit: (-shared[bit], common[bit])))
        found[sum(apart), anywhere] = Need(sum(apart), apart, anywhere)
    by_telling: dict[int, tuple[Need, ...]] = {}
    for need in found.values():
        telling = min(need.apart, key=common.__getitem__)
        by_telling[telling] = (*by_telling.get(telling, ()), need)
    return Needs(groups, tuple(found.values()), by_telling, sum(by_telling))
