"""The nouns of a text laid out for the rules. Only this room imports them."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from scrapers.classifying.markup import Plain
from storage.words import Folded


class Place(StrEnum):
    """Where a sentence stands."""

    TITLE = "title"
    LEAD = "lead"
    BODY = "body"
    CAPTION = "caption"


#: Title and lead, which tell what a text is about.
HEAD = (Place.TITLE, Place.LEAD)


class Seen(NamedTuple):
    """A form of a concept seen in a field: offsets into the folded field."""

    start: int
    end: int
    #: Bits of the concept and of all that include it.
    mask: int
    concept: int
    #: Of a named exercise, the year that stood by its name; else 0.
    year: int = 0


@dataclass(slots=True)
class Sentence:
    """A sentence of the title or the text, with what it names."""

    #: "title" or "text".
    field: str
    #: Offsets into the folded field.
    start: int
    end: int
    place: Place
    paragraph: int
    seen: list[Seen] = dataclasses.field(default_factory=list)
    mask: int = 0
    #: The same in bits of what the rules ask for.
    asked: int = 0

    def named(self) -> int:
        """The mask of all it names."""
        mask = 0
        for seen in self.seen:
            mask |= seen.mask
        return mask


class Dropped(NamedTuple):
    """A concept seen that does not count, and why not."""

    field: str
    seen: Seen
    why: str


class Quote(NamedTuple):
    """Words as they stood in the original field, markup and all, with the sentence around them."""

    form: str
    start: int
    end: int
    sentence: str


@dataclass(slots=True)
class Survey:
    """A text laid out."""

    title: Folded
    text: Folded
    #: By field, what was folded and the way back through its markup.
    plain: Mapping[str, Plain]
    sentences: list[Sentence]
    #: All that is named anywhere.
    mask: int
    #: What the rules ask for whose groups are all named somewhere, in bits.
    met: frozenset[int] = frozenset()
    #: All that title and lead name, and each paragraph.
    head: int = 0
    #: All that the title names.
    heading: int = 0
    paragraphs: dict[int, int] = dataclasses.field(default_factory=dict)
    #: By kind of rule, what such rules are tried on; filled by `firing`, which knows what it holds.
    tried: dict[str, list[Any]] = dataclasses.field(default_factory=dict)
    #: Names that are not what they seem; kept to explain what did not happen.
    dropped: list[Dropped] = dataclasses.field(default_factory=list)

    def folded(self, sentence: Sentence) -> Folded:
        return self.title if sentence.field == "title" else self.text

    def quote(self, sentence: Sentence, seen: Seen) -> Quote:
        """What was seen, as it stood."""
        folded, plain = self.folded(sentence), self.plain[sentence.field]
        start, end = plain.span(*folded.span(seen.start, seen.end))
        first, last = plain.span(*folded.span(sentence.start, sentence.end))
        around = plain.original[min(first, start) : max(last, end)].strip()
        return Quote(plain.original[start:end], start, end, around)
