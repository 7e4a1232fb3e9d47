"""Why a search found nothing, and what may have been meant. A query and the index walk in, `Nothing` walks out.

Only `index` calls it. What it costs does not grow with the archive: slips of the pen are looked up in the index's dictionary
one by one (Norvig's way: every word one edit away), never by reading the dictionary.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches
from itertools import islice, product

import tantivy

from storage.search.compiling import anywhere
from storage.search.naming import Glossary, bare
from storage.search.results import Nothing, Without
from storage.search.tree import And, Fact, InTitle, Or, Part, Phrase, Prefix, Query, Words
from storage.words import fold, is_han_character, runs

#: Parts of a query looked into; readings of it tried; words tried in the place of one.
MOST_PARTS, MOST_READINGS, MOST_TRIED = 12, 12, 4
#: The likeness a name or a value must have, from 0 to 1; values of a field looked at.
CLOSE, VALUES = 0.74, 2_000
#: A run of Han longer than this is a sentence and is not taken apart; nobody mistypes longer words.
LONGEST_RUN, LONGEST_WORD = 16, 40
_LATIN, _CYRILLIC = "abcdefghijklmnopqrstuvwxyz", "абвгдежзийклмнопрстуфхцчшщъыьэюя"
#: The keys of the two keyboards, one above the other: ghbdtn is привет, typed without looking.
_KEYS = str.maketrans(
    "qwertyuiop[]asdfghjkl;'zxcvbnm,.йцукенгшщзхъфывапролджэячсмитьбю",
    "йцукенгшщзхъфывапролджэячсмитьбюqwertyuiop[]asdfghjkl;'zxcvbnm,.",
)

Count = Callable[[Query], int]


def explain(query: Query, count: Count, searcher: tantivy.Searcher, glossary: Glossary) -> Nothing:
    """`count` tells how many articles a query finds."""
    parts = _parts(query)
    # Parts beyond these are taken to be there: nobody reads a longer list of reasons.
    alone = [count(replace(query, root=part)) if number < MOST_PARTS else 1 for number, part in enumerate(parts)]
    return Nothing(
        nowhere=tuple(str(part) for part, total in zip(parts, alone, strict=True) if not total),
        without=tuple(_without(query, parts, count)),
        instead=tuple(_instead(query, parts, alone, count, _Dictionary(searcher, glossary))),
    )


def _parts(query: Query) -> tuple[Part, ...]:
    match query.root:
        case None:
            return ()
        case And(parts):
            return parts
        case part:
            return (part,)


def _joined(query: Query, parts: Sequence[Part]) -> Query:
    return replace(query, root=And(tuple(parts)) if len(parts) > 1 else parts[0] if parts else None)


def _without(query: Query, parts: Sequence[Part], count: Count) -> Iterator[Without]:
    if len(parts) < 2:
        return
    found = []
    for number, part in enumerate(parts[:MOST_PARTS]):
        rest = _joined(query, [*parts[:number], *parts[number + 1 :]])
        found.append(Without(str(part), str(rest), count(rest)))
    yield from sorted((one for one in found if one.total), key=lambda one: -one.total)


# ------------------------------------------------------------------ what may have been meant


def _instead(
    query: Query, parts: Sequence[Part], alone: Sequence[int], count: Count, dictionary: "_Dictionary"
) -> Iterator[str]:
    """Queries that find something: less exact, with what stands nowhere in other words, or with any of the words."""
    asked = {fold(str(query)).text}
    for other in islice(_readings(query, parts, alone, dictionary), MOST_READINGS):
        folded = fold(str(other)).text
        if folded not in asked and count(other):
            yield str(other)
        asked.add(folded)


def _readings(query: Query, parts: Sequence[Part], alone: Sequence[int], dictionary: "_Dictionary") -> Iterator[Query]:
    if query.exact:
        yield replace(query, exact=False)
    choices = [
        (part,) if total else tuple(islice(dictionary.others(part), MOST_TRIED)) or (part,)
        for part, total in zip(parts, alone, strict=True)
    ]
    yield from (_joined(query, chosen) for chosen in product(*choices))
    there = [choice for choice, part, total in zip(choices, parts, alone, strict=True) if total or choice != (part,)]
    if there and len(there) < len(choices):
        yield from (_joined(query, chosen) for chosen in product(*there))
    words = [part for part in parts if isinstance(part, Words | Phrase | Prefix)]
    if len(words) > 1:
        yield _joined(query, [Or(tuple(words)), *(part for part in parts if part not in words)])


class _Dictionary:
    """What the archive's words and names offer in the place of one that stands nowhere."""

    def __init__(self, searcher: tantivy.Searcher, glossary: Glossary) -> None:
        self._searcher = searcher
        self._glossary = glossary

    def others(self, part: Part) -> Iterator[Part]:
        """The likeliest first."""
        match part:
            case Words(text):
                yield from (_words(other) for other in self._near(text))
            case Phrase(text) if len(runs(text)) > 1:
                yield _words(text.rstrip("*"))
                yield from (_words(other) for other in self._near(text))
            case Phrase(text):
                yield Words(text)
                yield from (_words(other) for other in self._near(text))
            case InTitle(term):
                yield term
            case Fact(name, value):
                yield from (Fact(name, other) for other in self._values(name, value))
            case _:
                return

    def _near(self, text: str) -> Iterator[str]:
        word = fold(text).text
        if len(word) > LONGEST_WORD:
            return
        yield from self._held([word.translate(_KEYS)])
        yield from self._names(word)
        if len(word) > 2 and len(runs(word)) == 1 and not is_han_character(word[0]):
            yield from sorted(self._held(_one_edit_away(word)), key=lambda other: (-self._held_by(other), other))
        elif is_han_character(word[0]):
            yield from self._pieces(word)

    def _pieces(self, word: str) -> Iterator[str]:
        """A long run of Han as the longest words the archive holds, from left to right."""
        pieces, at = [], 0
        while at < len(word) <= LONGEST_RUN:
            lengths = range(len(word) - at, 1, -1)
            length = next((n for n in lengths if self._is_held(word[at : at + n])), 1)
            pieces.append(word[at : at + length])
            at += length
        if len(pieces) > 1:
            yield " ".join(pieces)

    def _is_held(self, han: str) -> bool:
        return bool(self._searcher.search(anywhere(Phrase(han)), 1, count=False).hits)

    def _names(self, word: str) -> Iterator[str]:
        forms = {fold(bare(form)).text: bare(form) for name in self._glossary.names for form in name.forms}
        yield from (forms[near] for near in get_close_matches(word, forms, n=MOST_TRIED, cutoff=CLOSE) if near != word)

    def _held(self, words: Iterable[str]) -> Iterator[str]:
        return (word for word in words if self._held_by(word))

    def _held_by(self, word: str) -> int:
        cut = runs(word)
        return min((self._searcher.doc_freq("exact", run) for run in cut), default=0)

    def _values(self, name: str, value: str) -> Sequence[str]:
        """Values of the field that are spelled like this one, or hold it."""
        held = [
            fact.partition("=")[2] for fact, _ in self._searcher.terms_with_prefix("facts", f"{name}=", None, VALUES)
        ]
        near = get_close_matches(value, held, n=MOST_TRIED, cutoff=CLOSE)
        return [*near, *(other for other in held if value in other and other not in near)]


def _words(text: str) -> Part:
    apart = tuple(map(Words, text.split()))
    return And(apart) if len(apart) > 1 else apart[0]


def _one_edit_away(word: str) -> list[str]:
    """Every string a slip of the pen from `word`: a letter missing, doubled, swapped with the next, wrong or too many."""
    letters = _LATIN if word.isascii() else _CYRILLIC
    parted = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    missing = [left + letter + right for left, right in parted for letter in letters]
    extra = [left + right[1:] for left, right in parted if right]
    swapped = [left + right[1] + right[0] + right[2:] for left, right in parted if len(right) > 1]
    wrong = [left + letter + right[1:] for left, right in parted if right for letter in letters]
    return list(dict.fromkeys([*extra, *swapped, *missing, *wrong]))
