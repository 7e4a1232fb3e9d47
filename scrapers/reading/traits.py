"""What a text is recognised by: an article and what was found in it walk in, `Traits` walk out, and the keys to look for its like.

All is numbers: hashes of words, so that the traits of an article take less than a kilobyte and are compared in microseconds.
Pure. `likeness` compares them; `service` packs them for the archive, which looks articles up by their keys and knows no more.
"""

import re
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache

from scrapers.reading.origins import publisher
from scrapers.reading.plain_words import CALENDAR
from scrapers.reading.shingles import SKETCH, hash_of, mixed, pieces, shingles
from scrapers.reading.telling import telling_words
from storage.records import Article
from storage.words import Word, fold, words

#: Changes with everything that decides what traits an article has and how they are compared: of another form all are made anew.
FORM = 1

#: How many of the words that tell what a text is about are remembered.
TERMS = 32
#: Numbers of the text that are remembered, from its first; a report of a day has no more that matter.
FIGURES = 24
#: A headline's words beyond these are no headline's.
TITLE = 40
#: Weights are kept in eighths, in the lowest bits of a term's number.
WEIGHT_BITS, _EIGHTHS = 7, 8

#: Shingles, terms and people an article is looked up by.
_KEYS, _TERM_KEYS, _PEOPLE_KEYS = 16, 8, 4
#: Days that share one key; neighbours are looked up too, so that two to three days either way are met.
_SPAN = 2

_DIVIDED = re.compile(r"[:：|｜]|\s[-–—]+\s|--|——")

_WORD32 = (1 << 32) - 1
#: PostgreSQL and SQLite keep 64 bits with a sign.
_KEY = (1 << 63) - 1

Numbers = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What likeness is told from. Hashes of 32 bits; the order of each field is its own, ascending unless said."""

    #: language, day (proleptic ordinal), outlet, its publisher, the publisher it was taken from, shingles in the text,
    #: and its words; 0 where unknown.
    facts: Numbers
    #: Upper halves of the smallest shingle hashes.
    sketch: Numbers
    #: Words of the title, each once; among them numbers and words of the calendar.
    title: Numbers
    title_figures: Numbers
    #: Words of its longest part, without "Urgent:" before and ": police" after it.
    title_core: Numbers
    #: Numbers of the text, in its order.
    figures: Numbers
    #: The weightiest words with their weights, ascending by word.
    terms: Numbers
    #: Named events, activities and office-holders of the verdict, in its order.
    events: Numbers = ()
    activities: Numbers = ()
    people: Numbers = ()

    @property
    def language(self) -> int:
        return self.facts[0]

    @property
    def day(self) -> int:
        return self.facts[1]

    @property
    def outlet(self) -> int:
        return self.facts[2]

    @property
    def publisher(self) -> int:
        return self.facts[3]

    @property
    def origin(self) -> int:
        return self.facts[4]

    @property
    def shingles(self) -> int:
        return self.facts[5]

    @property
    def length(self) -> int:
        return self.facts[6]

    @property
    def is_whole(self) -> bool:
        """Whether the sketch holds every shingle of the text."""
        return self.shingles <= SKETCH

    def pack(self) -> bytes:
        """The traits as the archive keeps them."""
        parts = [getattr(self, name) for name in _PARTS]
        counts = struct.pack(f"<{len(parts)}B", *map(len, parts))
        numbers = [number for part in parts for number in part]
        return counts + struct.pack(f"<{len(numbers)}I", *numbers)


_PARTS = tuple(field.name for field in fields(Traits))


# The one that is placed is compared with many.
@lru_cache(maxsize=256)
def unpack(packed: bytes) -> Traits:
    """The way back from `Traits.pack`."""
    counts = packed[: len(_PARTS)]
    numbers = struct.unpack_from(f"<{sum(counts)}I", packed, len(_PARTS))
    parts, start = {}, 0
    for name, count in zip(_PARTS, counts, strict=True):
        parts[name] = numbers[start : start + count]
        start += count
    return Traits(**parts)


# ------------------------------------------------------------------ an article's traits


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """What an article is recognised by, and under which keys: those it is filed under, and those its like may be filed under."""

    traits: Traits
    filed: frozenset[int]
    sought: frozenset[int]


def recognised(
    article: Article,
    *,
    day: date,
    events: Sequence[str] = (),
    activities: Sequence[str] = (),
    people: Sequence[str] = (),
) -> Recognised:
    """The traits and keys of `article`.

    `day` is when it counts as published, at the outlet. `events`, `activities` and `people` are ids that the rules gave it,
    the same in every language.
    """
    text = "" if _repeats(article) else article.text
    cut = pieces(text)
    smallest = sorted(shingles(cut))
    heading = list(words(article.title[:1000]))[:TITLE]
    title = _title(heading)
    traits = Traits(
        facts=(
            _small(article.language) if article.language else 0,
            day.toordinal(),
            _small(article.outlet),
            _small(publisher(article.outlet) or article.outlet.split("-")[0]),
            _small(publisher(article.origin) or article.origin.casefold()) if article.origin else 0,
            len(smallest),
            len(cut),
        ),
        sketch=tuple(number >> 32 for number in smallest[:SKETCH]),
        title=title,
        title_figures=_title(word for word in heading if _is_figure(word.text)),
        title_core=_title(_core(article.title, heading)),
        figures=tuple([_small(word) for word in cut if word.isdecimal()][:FIGURES]),
        terms=_terms(telling_words(article.title, heading, text, most=TERMS)),
        events=tuple(map(_small, events))[:8],
        activities=tuple(map(_small, activities))[:8],
        people=tuple(map(_small, people))[:16],
    )
    keys = [_key("shingle", number) for number in smallest[:_KEYS]]
    keys += [_key("title", *title)] if len(title) > 1 else []
    dated = [_dated(name, *number) for name, number in _by_day(traits)]
    span = day.toordinal() // _SPAN
    return Recognised(
        traits=traits,
        filed=frozenset([*keys, *(_key("day", span, number) for number in dated)]),
        sought=frozenset(
            [*keys, *(_key("day", near, number) for near in (span - 1, span, span + 1) for number in dated)]
        ),
    )


def _by_day(traits: Traits) -> Iterable[tuple[str, Numbers]]:
    """What tells stories apart only together with their day."""
    heaviest = sorted(traits.terms, key=lambda term: (-(term & _LOW), term))[:_TERM_KEYS]
    yield from (("term", (traits.language, term >> WEIGHT_BITS)) for term in heaviest)
    yield from (("event", (event,)) for event in traits.events[:2])
    if traits.activities:
        yield from (("person", (traits.activities[0], person)) for person in sorted(traits.people)[:_PEOPLE_KEYS])


_LOW = (1 << WEIGHT_BITS) - 1


def _dated(name: str, *numbers: int) -> int:
    return mixed(hash_of(name), *numbers)


def _key(name: str, *numbers: int) -> int:
    return mixed(hash_of(name), *numbers) & _KEY


def _small(word: str) -> int:
    return hash_of(word) & _WORD32


def _repeats(article: Article) -> bool:
    """Whether the text only says the title again: then a headline is all there is."""
    return fold(article.text[:1000]).text.strip(" .") == fold(article.title[:1000]).text.strip(" .")


def _is_figure(word: str) -> bool:
    """Numbers, also in words such as 1st and Su-35, and words of the calendar."""
    return word in CALENDAR or any(character.isdecimal() for character in word)


def _title(found: Iterable[Word]) -> Numbers:
    return tuple(sorted({_small(word.text) for word in found}))


def _core(title: str, heading: Sequence[Word]) -> Sequence[Word]:
    """The words of the longest part of a title that colons, bars or dashes divide: the rest says who says so, or "Update"."""
    parts: list[list[Word]] = [[]]
    for word in heading:
        if parts[-1] and _DIVIDED.search(title[parts[-1][-1].end : word.start]):
            parts.append([])
        parts[-1].append(word)
    return max(parts, key=len)


def _terms(weights: Mapping[str, float]) -> Numbers:
    rounded = ((word, min(_LOW, max(1, round(weight * _EIGHTHS)))) for word, weight in weights.items())
    return tuple(sorted((_small(word) >> WEIGHT_BITS << WEIGHT_BITS) | weight for word, weight in rounded))


def term_weights(traits: Traits) -> dict[int, int]:
    """The terms by word."""
    return {term >> WEIGHT_BITS: term & _LOW for term in traits.terms}
