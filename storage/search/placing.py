"""Where a query stands in a text, as the index would find it. A text and a query walk in, places walk out. Pure.

Only `snippets` calls it. A text is not cut into all its words at their places: what may begin a wanted place is looked for by the
quickest search there is, and only there the words are cut and compared.
"""

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from storage.search.streams import LONGEST_TOKEN, Needle, needles
from storage.search.tree import InTitle, Query
from storage.words import HAN, fold, is_han_character, stem

_LETTER = rf"[^\W_{HAN}]"
#: As `storage.words` cuts words: a run of letters and digits of one script; Han stands one by one.
_WORD = re.compile(rf"([{HAN}]|{_LETTER}+(?:'(?!s\b){_LETTER}+)*)(?:'s\b)?")
#: The same without Han, and where it is no part of a longer one.
_SURFACE = re.compile(rf"{_LETTER}+(?:'(?!s\b){_LETTER}+)*")
_FREE_WORD = re.compile(rf"(?<!{_LETTER})(?<!{_LETTER}')({_SURFACE.pattern})")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a term of the query stands: characters of the text, and the term's number in the query."""

    start: int
    end: int
    term: int


def places(text: str, query: Query, *, in_title: bool) -> list[Place]:
    """Every place a term stands, in order. Terms that must stand in the title stand in no other text."""
    wanted = _wanted(query, in_title)
    if not wanted:
        return []
    folded = fold(text)
    by_stem = _by_stem(folded.text, {n.tokens[0] for _, n in wanted if n.stream == "stems"})
    found = [
        Place(*folded.span(start, end), number)
        for number, needle in wanted
        for start, end in _places_of(needle, folded.text, by_stem)
    ]
    return sorted(found, key=lambda place: (place.start, place.end))


@lru_cache(maxsize=64)
def _wanted(query: Query, in_title: bool) -> tuple[tuple[int, Needle], ...]:
    """Number of a term, and what it looks for: the same for every text of one page."""
    return tuple(
        (number, needle)
        for number, term in enumerate(query.terms())
        if in_title or not isinstance(term, InTitle)
        for needle in needles(term.term if isinstance(term, InTitle) else term)
    )


def spans(text: str) -> list[tuple[int, int]]:
    """Where each word of `text` begins and ends."""
    folded = fold(text)
    return [folded.span(*found.span(1)) for found in _WORD.finditer(folded.text)]


def _by_stem(text: str, stems: Set[str]) -> Mapping[str, Sequence[str]]:
    """The words of `text` that have one of these stems, which share their first letter with them."""
    letters = {one[0] for one in stems if not is_han_character(one[0])}
    found: dict[str, list[str]] = {}
    for word in set(_SURFACE.findall(text)) if letters else ():
        if word[0] in letters and (one := stem(word[:LONGEST_TOKEN])) in stems:
            found.setdefault(one, []).append(word)
    return found


def _places_of(needle: Needle, text: str, by_stem: Mapping[str, Sequence[str]]) -> Iterator[tuple[int, int]]:
    first = needle.tokens[0]
    ways = by_stem.get(first, ()) if needle.stream == "stems" and not is_han_character(first[0]) else (first,)
    if len(needle.tokens) == 1 and needle.stream == "stems" and not is_han_character(first[0]):
        for way in ways:
            for at in _standing(way, text):
                found = _FREE_WORD.match(text, at)
                if found and found[1] == way:
                    yield found.span(1)
        return
    # A word may begin with another one: each place once.
    for at in {at for way in ways for at in _standing(way, text)}:
        words = _words(text, at, len(needle.tokens) + 1)
        last = _last_word(words, needle)
        if last is not None:
            yield at, words[last].end


class _Word(NamedTuple):
    surface: str
    #: In the folded text.
    start: int
    end: int
    #: Where the next word begins if it follows at once.
    past: int


def _words(text: str, at: int, count: int) -> list[_Word]:
    """So many words from there on; none if no word begins there."""
    if not is_han_character(text[at]) and not _FREE_WORD.match(text, at):
        return []
    return [_Word(one[1], *one.span(1), one.end()) for one in islice(_WORD.finditer(text, at), count)]


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
