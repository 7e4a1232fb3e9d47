"""What the rules ask for, in few bits: each group of concepts any rule wants is one. Pure; only this room calls it.

Most texts are done with after one glance: no rule finds all it asks for in one place. That question is asked often, so it is asked
in integers of a hundred bits instead of one for every concept.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Need:
    """What one rule asks for."""

    #: All its groups.
    bits: int
    #: The same one by one, those first that the fewest forms can answer.
    apart: tuple[int, ...]
    #: Whether they may stand anywhere in the text.
    anywhere: bool


@dataclass(frozen=True, slots=True)
class Needs:
    """What all rules ask for."""

    #: By bit: the mask of the group.
    groups: tuple[int, ...]
    rules: tuple[Need, ...]

    def answered(self, mask: int) -> int:
        """Bits of the groups of which `mask`, a mask of concepts, holds one."""
        bits = 0
        for number, group in enumerate(self.groups):
            if mask & group:
                bits |= 1 << number
        return bits

    def could_be_met(self, could: int) -> bool:
        """Whether these bits are all that some rule asks for."""
        for need in self.rules:
            bits = need.bits
            if could & bits == bits:
                return True
        return False

    def met(self, could: int, names: Callable[[int], int], rules: Iterable[Need] | None = None) -> Iterator[Need]:
        """Those of `rules` (all, if left out) that find all they ask for. `could`: bits that might be answered; `names(bit)`
        reads on until something answers the bit and returns all bits that does, none if nothing does. It is asked as little as
        possible."""
        sure = absent = 0
        for need in self.rules if rules is None else rules:
            bits = need.bits
            if could & bits != bits or absent & bits:
                continue
            for bit in need.apart:
                if not sure & bit:
                    found = names(bit)
                    if not found:
                        absent |= bit
                        break
                    sure |= found
            else:
                yield need


def needs_of(rules: Iterable[tuple[Sequence[int], bool]], forms: Sequence[int]) -> Needs:
    """The needs of rules, each given as masks of its groups and whether they may stand anywhere. `forms`: for each form of any
    concept the mask it stands for."""
    wanted = [(tuple(dict.fromkeys(groups)), anywhere) for groups, anywhere in rules]
    groups = tuple(dict.fromkeys(group for its, _ in wanted for group in its))
    bits = {group: 1 << number for number, group in enumerate(groups)}
    common = {group: sum(1 for mask in forms if mask & group) for group in groups}
    found = {}
    for its, anywhere in wanted:
        apart = tuple(bits[group] for group in sorted(its, key=common.__getitem__))
        found[sum(apart), anywhere] = Need(sum(apart), apart, anywhere)
    return Needs(groups, tuple(found.values()))
