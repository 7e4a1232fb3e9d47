"""Read the regular expression of a form as steps to walk. An expression walks in, a `Shape` walks out. Pure; only `probing` calls it.

Only what forms are made of is understood: letters, classes of letters that may repeat, alternatives, a class that may not follow.
"""

import re
from collections.abc import Iterator
from enum import IntEnum
from functools import lru_cache
from itertools import chain, product
from math import prod
from typing import NamedTuple

from scrapers.classifying.forms import AFTER, BEFORE

#: A form with more ways to stand than this is left to `re`.
_MOST_WAYS = 64
#: So is one whose parts can share the letters of a word among them in too many ways: long words would take long.
_MOST_SHARING = 2


class Letters(NamedTuple):
    """One of these stands here, the earlier rather than the later."""

    choices: tuple[str, ...]


class Order(IntEnum):
    """How much of a run may stand here, the likeliest first."""

    #: As much as there is.
    ALL = 0
    #: As much as there is, or less.
    MORE = 1
    #: As little as will do, or more.
    LESS = 2
    #: All or nothing.
    MAYBE = 3


class Run(NamedTuple):
    """Letters of classes stand here, as a regular expression."""

    regex: str
    least: int
    #: Samples of the letters it may begin with, and of all it may hold.
    first: frozenset[str]
    letters: frozenset[str]
    order: Order = Order.ALL


#: One way a form may stand.
Way = tuple[Letters | Run, ...]


#: A step that says nothing.
NOTHING = Letters(("",))


class Shape(NamedTuple):
    """A form in steps."""

    ways: tuple[Way, ...]
    #: Whether a word must begin before it, and end behind it.
    opens: bool
    closes: bool


def shape_of(regex: str) -> Shape | None:
    """What `re` would look for, in steps; None when it says more than steps can."""
    try:
        ways = tuple(map(_settled, _ways(regex.removeprefix(BEFORE).removesuffix(AFTER))))
    except _Unread:
        return None
    if not all(_is_walked(way) for way in ways):
        return None
    return Shape(ways, regex.startswith(BEFORE), regex.endswith(AFTER))


def _is_walked(way: Way) -> bool:
    return (
        bool(way)
        and isinstance(way[0], Letters)
        and all(way[0].choices)
        and sum(_shares(step) for step in way) <= _MOST_SHARING
    )


def _shares(step: Letters | Run) -> bool:
    return isinstance(step, Run) and step.order in (Order.MORE, Order.LESS)


def openings_of(regex: str) -> tuple[str, ...]:
    """Letters of which one must open whatever the expression finds; none where it may open otherwise."""
    core = regex.removeprefix(BEFORE)
    first = _TOKEN.match(core)
    if first is not None and first.lastgroup == "letters":
        letters = _ESCAPE.sub(r"\1", first.group())
        return (letters[:-2] if letters.endswith("?") else letters,)
    shape = shape_of(regex)
    return tuple(dict.fromkeys(letters for letters, _ in opened(shape.ways))) if shape else ()


def opened(ways: tuple[Way, ...]) -> Iterator[tuple[str, Way]]:
    """The ways of a shape once more, each with the letters it opens with and what follows."""
    for way in ways:
        first = way[0]
        if isinstance(first, Letters):
            yield from ((letters, way[1:]) for letters in first.choices)


def parts_words(way: Way) -> bool:
    """Whether the way begins with what stands between words."""
    return bool(way) and isinstance(way[0], Run) and way[0].least > 0 and not any(map(str.isalnum, way[0].first))


# ------------------------------------------------------------------ reading


class _Unread(Exception):
    """The expression holds something no step stands for."""


_CLASS = r"\[(?:[^\]\\]|\\.)+\]"
_RUN = re.compile(rf"(?P<class>{_CLASS})(?:(?P<times>\*|\+|\?|\{{\d+,\d+\}})(?P<short>\??))?")
_TOKEN = re.compile(
    rf"(?P<run>{_CLASS}(?:(?:\*|\+|\?|\{{\d+,\d+\}})\??)?|\(\?!{_CLASS}\))|(?P<group>\(\?:[^()]*\)\??)"
    r"|(?P<letters>(?:\\[^\w]|[^\\()\[\]|?*+{}^$.])+\??)|\(\?:|\)\??|\||."
)
_ESCAPE = re.compile(r"\\(.)")


def _ways(regex: str) -> tuple[Way, ...]:
    tokens = list(_TOKEN.finditer(regex))
    ways, at = _choices(tokens, 0)
    if at < len(tokens):
        raise _Unread
    return ways


def _choices(tokens: list[re.Match[str]], at: int) -> tuple[tuple[Way, ...], int]:
    """The ways of reading on from `at` until a group closes, and where that is."""
    choices, parts = [], list[tuple[Way, ...]]()
    while at < len(tokens) and not (sign := tokens[at].group()).startswith(")"):
        at += 1
        if sign == "|":
            choices.append(parts)
            parts = []
        elif sign == "(?:":
            inner, at = _choices(tokens, at)
            parts.append(_optional(inner, is_optional=tokens[at].group() == ")?"))
            at += 1
        else:
            parts.append(_read(tokens[at - 1].lastgroup or "", sign))
    ways = tuple(way for one in (*choices, parts) for way in _in_a_row(one))
    return ways, at


def _in_a_row(parts: list[tuple[Way, ...]]) -> Iterator[Way]:
    if prod(map(len, parts)) > _MOST_WAYS:
        raise _Unread
    return (tuple(chain.from_iterable(ways)) for ways in product(*parts))


@lru_cache(maxsize=10_000)
def _read(kind: str, token: str) -> tuple[Way, ...]:
    """The ways of one token. Forms have most of them in common."""
    if kind == "run":
        return ((_run(token),),)
    if kind == "letters":
        letters = _ESCAPE.sub(r"\1", token.removesuffix("?"))
        return ((Letters((letters, letters[:-1]) if token.endswith("?") else (letters,)),),)
    if kind == "group":
        return _group(token)
    raise _Unread


def _run(token: str) -> Run:
    found = _RUN.fullmatch(token)
    if found is None:
        return Run(token, 0, frozenset(), frozenset())  # what may not stand next
    times = found["times"] or ""
    least = int(times[1:].partition(",")[0]) if times[:1] == "{" else int(times in ("", "+"))
    letters = frozenset(filter(re.compile(found["class"]).match, _SAMPLE))
    is_short = bool(found["short"])
    return Run(
        token.removesuffix("?") if is_short else token, least, letters, letters, Order.LESS if is_short else Order.ALL
    )


def _group(token: str) -> tuple[Way, ...]:
    """The ways of a group; as one step where it holds nothing but letters, or runs that may be left out."""
    is_optional = token.endswith("?")
    ways = _ways(token.removesuffix("?")[3:-1])
    if is_optional and len(ways) == 1:
        (way,) = map(_settled, ways)
        if len(way) == 1 and isinstance(way[0], Run) and way[0].order is Order.ALL:
            # A dash before a word may be its own or the gap's: the word ends at the same place.
            return ((way[0]._replace(regex=token, least=0, first=way[0].first - {"-"}, order=Order.MAYBE),),)
    return _optional(ways, is_optional=is_optional)


def _optional(ways: tuple[Way, ...], *, is_optional: bool) -> tuple[Way, ...]:
    ways = (*ways, ()) if is_optional else ways
    choices: list[str] = []
    for way in ways:
        first = way[0] if way else NOTHING
        if len(way) > 1 or isinstance(first, Run):
            return ways
        choices += first.choices
    return ((Letters(tuple(choices)),),)


# ------------------------------------------------------------------ settling

#: Letters to try classes on.
_SAMPLE = "".join(map(chr, (*range(0x20, 0x7F), *range(0x430, 0x450)))) + "\n\xa0·的、军"


def _settled(way: Way) -> Way:
    """The way in as few steps as will do, each run knowing whether what follows could want letters of its own."""
    steps: tuple[Letters | Run, ...] = ()
    for step in reversed(way):
        following = steps[0] if steps else None
        if isinstance(step, Letters):
            if isinstance(following, Letters) and len(step.choices) == len(following.choices) == 1:
                steps = (Letters((step.choices[0] + following.choices[0],)), *steps[1:])
            else:
                steps = (step, *steps)
            continue
        if step.order is Order.ALL and _could_leave(step, steps):
            step = step._replace(order=Order.MORE)
        if (
            isinstance(following, Run)
            and following.order is Order.ALL
            and (step.order is Order.ALL or _ends_there(step, steps))
        ):
            steps = (_joined(step, following), *steps[1:])
        else:
            steps = (step, *steps)
    return steps


def _could_leave(run: Run, following: Way) -> bool:
    """Whether what follows could stand on letters of the run."""
    for step in following:
        if isinstance(step, Run):
            if not run.letters.isdisjoint(step.first):
                return True
            if step.least:
                return False
        else:
            if any(choice[:1] in run.letters for choice in step.choices if choice):
                return True
            if "" not in step.choices:
                return False
    return False


def _ends_there(run: Run, following: Way) -> bool:
    """Whether letters that the run could leave to the next run leave no doubt where that one ends."""
    after = following[1] if len(following) > 1 else NOTHING
    if run.order is not Order.MORE or isinstance(after, Run) or "" in after.choices:
        return False
    letters = run.letters | following[0].letters if isinstance(following[0], Run) else run.letters
    return letters.isdisjoint(choice[0] for choice in after.choices)


def _joined(run: Run, following: Run) -> Run:
    first = run.first if run.least else run.first | following.first
    return Run(run.regex + following.regex, run.least + following.least, first, run.letters | following.letters)
