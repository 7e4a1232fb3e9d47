"""Conditions a text must meet for forms to stand in it, put together and kept small. Pure; only this room calls it.

Every condition made here may be wider than it need be, never narrower: whoever asks with it misses nothing.
"""

from collections.abc import Iterable
from functools import lru_cache

from scrapers.classifying.forms import SAME_LENGTH, Pattern
from storage.records import AllOf, AnyOf, Condition, Holds

NONE = AnyOf()
ALL = AllOf()

#: A part of an `AllOf` that asks for more pieces than this is left out where another narrows enough.
_NARROW = 120


def standing(patterns: Iterable[Pattern]) -> Condition:
    """One of `patterns` may stand in the text."""
    return any_of(all_of(any_of(map(Holds, spellings(p.text))) for p in pattern.pieces) for pattern in patterns)


@lru_cache(maxsize=20_000)
def spellings(piece: str) -> tuple[str, ...]:
    """The ways `piece` may stand in folded text before that is evened out (see forms.even_out), itself first."""
    known = [piece]
    for one in known:
        for spelling, ours in SAME_LENGTH:
            for at in range(1 - len(ours), len(one)):
                first, last = max(at, 0), min(at + len(ours), len(one))
                if one[first:last] == ours[first - at : last - at]:
                    other = one[:first] + spelling[first - at : last - at] + one[last:]
                    if other not in known:
                        known.append(other)
    return tuple(known)


def any_of(parts: Iterable[Condition]) -> Condition:
    flat: dict[Condition, None] = {}
    for part in parts:
        if part == ALL:
            return ALL
        flat.update(dict.fromkeys(part.parts if isinstance(part, AnyOf) else (part,)))
    return next(iter(flat)) if len(flat) == 1 else AnyOf(tuple(flat))


def all_of(parts: Iterable[Condition]) -> Condition:
    flat: dict[Condition, None] = {}
    for part in parts:
        if part == NONE:
            return NONE
        flat.update(dict.fromkeys(part.parts if isinstance(part, AllOf) else (part,)))
    if not flat:
        return ALL
    narrow = [part for part in flat if size(part) <= _NARROW] or [min(flat, key=size)]
    return narrow[0] if len(narrow) == 1 else AllOf(tuple(narrow))


def size(condition: Condition) -> int:
    """How many things it asks for."""
    return sum(map(size, condition.parts)) if isinstance(condition, AnyOf | AllOf) else 1
