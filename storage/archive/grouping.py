"""Which articles are one story: what links them and what a person said of them walk in, a story for each walks out. Pure.

Stories are what links hang together. A person's word comes first: those said to be one story are, and no link joins two
stories that hold a pair said to be apart; the surest links are followed first, so that the order of arrival decides nothing.
Only `storage.archive` imports this module.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from storage.records import Correction, Link, LinkKind

_SUREST = {kind: place for place, kind in enumerate(LinkKind)}


def grouped(
    members: Mapping[str, datetime], links: Iterable[Link], corrections: Iterable[Correction]
) -> dict[str, str]:
    """Article -> story, which is named by its article first seen. `members` are articles with when they were first seen."""
    said = [one for one in corrections if one.one in members and one.other in members]
    groups = _Groups(members, [one for one in said if not one.together])
    for one in sorted((one for one in said if one.together), key=lambda one: (one.one, one.other)):
        groups.join(one.one, one.other)
    for link in sorted(links, key=_order):
        groups.join(link.one, link.other)
    return groups.named()


def first_of(members: Mapping[str, datetime]) -> str:
    """The one first seen; the smallest id of several."""
    return min(members, key=lambda id: (members[id], id))


def _order(link: Link) -> tuple[int, int, list[str]]:
    return _SUREST[link.likeness.kind], -link.likeness.strength, sorted((link.one, link.other))


class _Groups:
    """Sets of articles that grow together, unless a pair of them was said to be apart."""

    def __init__(self, members: Mapping[str, datetime], apart: Iterable[Correction]) -> None:
        self._members = members
        self._group = {id: {id} for id in members}
        self._against: dict[str, set[str]] = {id: set() for id in members}
        for one in apart:
            self._against[one.one].add(one.other)
            self._against[one.other].add(one.one)

    def join(self, one: str, other: str) -> None:
        ours, theirs = self._group[one], self._group[other]
        if ours is theirs or any(not self._against[id].isdisjoint(theirs) for id in ours):
            return
        if len(ours) < len(theirs):
            ours, theirs = theirs, ours
        ours |= theirs
        for id in theirs:
            self._group[id] = ours

    def named(self) -> dict[str, str]:
        names: dict[int, str] = {}
        for group in self._group.values():
            if id(group) not in names:
                names[id(group)] = first_of({member: self._members[member] for member in group})
        return {member: names[id(group)] for member, group in self._group.items()}
