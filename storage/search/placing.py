"""Where a query stands in a text, as the index would find it. A text and a query walk in, places walk out. Pure.

Only `snippets` calls it. A text is not cut into all its words at their places: what may begin a wanted place is looked for by the
quickest search there is, and only there the words are cut and compared.
"""

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from storage.search.streams import LONGEST_TOKEN, Needle, needles
from storage.search.tree import InTitle, Query
from storage.words import HAN, Folded, fold, is_han_character, stem

_LETTER = rf"[^\W_{HAN}]"
#: As `storage.words` cuts words: a run of letters and digits of one script; Han stands one by one.
_WORD = re.compile(rf"([{HAN}]|{_LETTER}+(?:'(?!s\b){_LETTER}+)*)(?:'s\b)?")
#: Words that are no Han, and where one may begin.
_SURFACE = re.compile(rf"{_LETTER}+(?:'(?!s\b){_LETTER}+)*")
_WORD_START = re.compile(rf"(?<!{_LETTER})(?<!{_LETTER}')")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a term of the query stands: characters of the text, and the term's number in the query."""

    start: int
    end: int
    term: int


def places(text: str, query: Query, *, in_title: bool) -> list[Place]:
    """Every place a term stands, in order. Terms that must stand in the title stand in no other text."""
    wanted = tuple(
        (number, needle)
        for number, term in enumerate(query.terms())
        if in_title or not isinstance(term, InTitle)
        for needle in needles(term.term if isinstance(term, InTitle) else term)
    )
    if not wanted:
        return []
    folded, found = fold(text), []
    surfaces: Set[str] = frozenset()
    if any(needle.stream == "stems" for _, needle in wanted):
        surfaces = frozenset(_SURFACE.findall(folded.text))
    for number, needle in wanted:
        for at in _openings(needle, folded.text, surfaces):
            words = _words(folded, at, len(needle.tokens) + 1)
            last = _last_word(words, needle)
            if last is not None:
                found.append(Place(*folded.span(at, words[last].end), number))
    return sorted(found, key=lambda place: (place.start, place.end))


def spans(text: str) -> list[tuple[int, int]]:
    """Where each word of `text` begins and ends."""
    folded = fold(text)
    return [folded.span(*found.span(1)) for found in _WORD.finditer(folded.text)]


class _Word(NamedTuple):
    surface: str
    #: In the folded text.
    start: int
    end: int
    #: Where the next word begins if it follows at once.
    past: int


def _words(folded: Folded, at: int, count: int) -> list[_Word]:
    found = islice(_WORD.finditer(folded.text, at), count)
    return [_Word(one[1], *one.span(1), one.end()) for one in found]


def _openings(needle: Needle, text: str, surfaces: Set[str]) -> Iterator[int]:
    """Where `needle` may begin in a folded text that holds the words `surfaces`. Stems share their first letter with their words."""
    first = needle.tokens[0]
    if is_han_character(first[0]):
        yield from _standing(first, text)
        return
    ways: Iterable[str] = [first]
    if needle.stream == "stems":
        ways = (word for word in surfaces if word[0] == first[0] and stem(word[:LONGEST_TOKEN]) == first)
    # A word may begin with another one: each place once.
    yield from {at for way in ways for at in _standing(way, text) if _WORD_START.match(text, at)}


def _standing(piece: str, text: str) -> Iterator[int]:
    at = text.find(piece)
    while at >= 0:
        yield at
        at = text.find(piece, at + 1)


def _last_word(words: Sequence[_Word], needle: Needle) -> int | None:
    """The last of `words` that `needle`, begun at the first, covers; None when it does not stand there."""
    last = len(needle.tokens) - 1
    tokens = list(islice(_tokens(words, needle.stream), last + 1))
    if len(tokens) <= last or tuple(tokens[:last]) != needle.tokens[:-1]:
        return None
    token, wanted = tokens[last], needle.tokens[-1]
    if token != wanted and not (needle.open_ended and token.startswith(wanted)):
        return None
    # A pair of Han covers the next character too.
    return last + 1 if len(wanted) == 2 and is_han_character(wanted[0]) else last


def _tokens(words: Sequence[_Word], stream: str) -> Iterator[str]:
    """The tokens of `streams.streams`, word by word: of the exact ones a Han character with its neighbour."""
    for number, word in enumerate(words):
        if is_han_character(word.surface[0]):
            following = words[number + 1] if stream == "exact" and number + 1 < len(words) else None
            is_pair = following and following.start == word.past and is_han_character(following.surface[0])
            yield word.surface + (following.surface if following and is_pair else "")
        else:
            yield stem(word.surface[:LONGEST_TOKEN]) if stream == "stems" else word.surface[:LONGEST_TOKEN]
