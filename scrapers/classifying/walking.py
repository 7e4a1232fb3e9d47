"""Walk along a text to see which forms stand there. Shapes of forms walk in, ends walk out. Pure; only `probing` calls it.

Forms that begin alike are kept in one tree and tried together, step by step. Python's `re` gives the same answers, but one
expression for each form takes longer to compile than most texts take to read, and as many tries as there are forms.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Generic, TypeVar

from scrapers.classifying.shaping import Letters, Order, Run, Way

ALL = Order.ALL
#: Letters and digits of the scripts whose words have ends.
WORD = frozenset("abcdefghijklmnopqrstuvwxyzабвгдежзийклмнопрстуфхцчшщъыьэюя0123456789")

Form = TypeVar("Form")
_Match = Callable[[str, int, int], "re.Match[str] | None"]
#: A tree as it is walked. Its runs: how each is read, the fewest letters of it, how much of it may stand here, and what follows. By
#: first letter: what may stand next, and what follows. The forms that end here with the word, and those that end here anyhow.
Node = tuple[
    tuple[tuple[_Match, int, Order, "Node[Form]"], ...],
    dict[str, tuple[tuple[str, "Node[Form]"], ...]],
    tuple[Form, ...],
    tuple[Form, ...],
]


def walk(node: Node[Form], text: str, at: int, limit: int, found: dict[Form, int]) -> None:
    """Note in `found` where each form that stands at `at` ends. Nothing behind `limit` is looked at."""
    runs, letters, ends, open_ends = node
    for match, least, order, follows in runs:
        run = match(text, at, limit)
        if run is not None:
            end = run.end()
            if order == ALL:
                walk(follows, text, end, limit, found)
            else:
                for one in _ends(at, end, least, order):
                    walk(follows, text, one, limit, found)
    if letters:
        for some, follows in letters.get(text[at : at + 1], ()):
            if text.startswith(some, at):
                walk(follows, text, at + len(some), limit, found)
    if ends and (at >= limit or text[at] not in WORD):
        for form in ends:
            if form not in found:
                found[form] = at
    for form in open_ends:
        if form not in found:
            found[form] = at


def _ends(at: int, end: int, least: int, order: Order) -> Iterable[int]:
    """Where a run from `at` to `end` may end as well, the likeliest first."""
    if order is Order.MAYBE:
        return (end, at) if end > at else (at,)
    return range(end, at + least - 1, -1) if order is Order.MORE else range(at + least, end + 1)


class Tree(Generic[Form]):
    """Forms as a tree of steps, while it grows: those that begin alike share their first steps."""

    __slots__ = ("_children", "_ends", "_open_ends")

    def __init__(self) -> None:
        self._children: dict[Letters | Run, Tree[Form]] = {}
        self._ends: list[Form] = []
        self._open_ends: list[Form] = []

    def add(self, form: Form, way: Way, *, closes: bool) -> None:
        """`form` may stand in this way; `closes`: a word must end behind it."""
        tree = self
        for step in way:
            child = tree._children.get(step)
            if child is None:
                child = tree._children[step] = Tree()
            tree = child
        (tree._ends if closes else tree._open_ends).append(form)

    def grown(self) -> Node[Form]:
        """The tree as it is walked."""
        runs: list[tuple[_Match, int, Order, Node[Form]]] = []
        letters: dict[str, list[tuple[str, Node[Form]]]] = {}
        ends, open_ends = list(self._ends), list(self._open_ends)
        for step, child in self._children.items():
            node = child.grown()
            if isinstance(step, Run):
                runs.append((_matching(step.regex), step.least, step.order, node))
                continue
            for choice in step.choices:
                if choice:
                    letters.setdefault(choice[0], []).append((choice, node))
                else:  # nothing need stand here: what follows may stand here as well
                    runs += node[0]
                    for first, nexts in node[1].items():
                        letters.setdefault(first, []).extend(nexts)
                    ends += node[2]
                    open_ends += node[3]
        return tuple(runs), {first: tuple(nexts) for first, nexts in letters.items()}, tuple(ends), tuple(open_ends)


@lru_cache(maxsize=200)
def _matching(regex: str) -> _Match:
    return re.compile(regex).match
