"""Where a query stands in a text, as the index would find it. A text and a query walk in, places walk out. Pure.

Only `snippets` calls it. A text is not cut into all its words: one pattern looks for where anything wanted may begin, and only there
the words are cut and compared, so a long text costs little more than being looked through.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from storage.search.streams import LONGEST_TOKEN, Needle, needles
from storage.search.tree import InTitle, Query
from storage.words import HAN, Folded, fold, is_han_character, stem

_LETTER = rf"[^\W_{HAN}]"
#: As `storage.words` cuts words: a run of letters and digits of one script; Han stands one by one.
_WORD = re.compile(rf"([{HAN}]|{_LETTER}+(?:'(?!s\b){_LETTER}+)*)(?:'s\b)?")


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
    folded = fold(text)
    longest = max(len(needle.tokens) for _, needle in wanted)
    found = []
    for opening in _openings(tuple({needle: None for _, needle in wanted})).finditer(folded.text):
        words = _words(folded, opening.start(), longest + 1)
        found += [
            Place(*folded.span(words[0].start, words[last].end), number)
            for number, needle in wanted
            if (last := _last_word(words, needle)) is not None
        ]
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


@lru_cache(maxsize=256)
def _openings(wanted: tuple[Needle, ...]) -> re.Pattern[str]:
    """Finds every place where one of these may begin, and some others: by first letters, which stems share with their words.

    One class of characters comes first and what surrounds it after, for such a pattern is searched an order faster.
    """
    firsts = {needle.tokens[0] for needle in wanted}
    han = {token[0] for token in firsts if is_han_character(token[0])}
    letters = {token[0] for token in firsts} - han
    every = "".join(map(re.escape, sorted(han | letters)))
    apart = "".join(map(re.escape, sorted(letters)))
    inside = rf"(?<!{_LETTER}[{apart}])(?<!{_LETTER}'[{apart}])" if letters else ""
    return re.compile(f"[{every}]{inside}")


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
