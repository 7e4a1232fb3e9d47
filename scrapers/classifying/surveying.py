"""Lay a text out for the rules: sentences with their place, and in each the concepts it names. Pure; only this room calls it.

Title and text walk in; a `Survey` walks out, or None as soon as it is plain that no rule can fire, which for ordinary news is
after one glance.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from scrapers.classifying.forms import even_out
from scrapers.classifying.matching import Hit
from scrapers.classifying.rules import Concept, Exercise, Rules
from scrapers.classifying.sentences import Span, split
from storage.words import HAN, Folded, fold

#: A person is still called by an office for a while after leaving it.
_AFTERGLOW = timedelta(days=120)


class Place(StrEnum):
    """Where a sentence stands."""

    TITLE = "title"
    LEAD = "lead"
    BODY = "body"
    CAPTION = "caption"


class Seen(NamedTuple):
    """A concept seen in a sentence: offsets into the folded field."""

    start: int
    end: int
    mask: int
    concept: int
    #: Of a named exercise, the year that stood by its name; else 0.
    year: int = 0


@dataclass(slots=True)
class Sentence:
    """A sentence of the title or the text, with what it names."""

    field: str
    #: Offsets into the folded field.
    start: int
    end: int
    place: Place
    paragraph: int
    seen: list[Seen] = field(default_factory=list)
    mask: int = 0


@dataclass(slots=True)
class Survey:
    """A text laid out."""

    title: Folded
    text: Folded
    sentences: list[Sentence]
    #: All that is named anywhere.
    mask: int

    def folded(self, sentence: Sentence) -> Folded:
        return self.title if sentence.field == "title" else self.text


def survey(rules: Rules, *, title: str, text: str, published: date | None, country: str) -> Survey | None:
    """The text laid out; None when no rule can fire."""
    fields = {"title": fold(title), "text": fold(text)}
    evened = {name: even_out(folded.text) for name, folded in fields.items()}
    glances = {name: rules.matcher.glance(one) for name, one in evened.items()}
    mask = glances["title"][1] | glances["text"][1]
    if not _could_fire(rules, mask):
        return None
    hits = {name: rules.matcher.read(fields[name], evened[name], glances[name][0], mask) for name in fields}
    present = _Filter(rules, published, country).keep(hits)
    laid = Survey(fields["title"], fields["text"], _lay_out(fields, present), 0)
    _guard_exercises(rules, laid)
    for sentence in laid.sentences:
        sentence.mask = 0
        for seen in sentence.seen:
            sentence.mask |= seen.mask
        laid.mask |= sentence.mask
    return laid if _could_fire(rules, laid.mask) else None


def _could_fire(rules: Rules, mask: int) -> bool:
    return any(all(mask & group for group in plan.groups) for topic in rules.plans for plan in topic.rules)


# ------------------------------------------------------------------ what counts


class _Filter:
    """Drops hits that are not what they seem: a name outside its term, a ministry of another country, an unnamed pair."""

    def __init__(self, rules: Rules, published: date | None, country: str) -> None:
        self.rules, self.published, self.country = rules, published, country.lower()
        self.concepts: Sequence[Concept] = tuple(rules.concepts.values())
        self.named = 0

    def keep(self, hits: dict[str, list[Hit]]) -> dict[str, list[Hit]]:
        """The hits that count, title first; what was named before matters to some."""
        return {name: [hit for hit in hits[name] if self._counts(hit)] for name in ("title", "text")}

    def _counts(self, hit: Hit) -> bool:
        concept = self.concepts[hit.concept]
        if concept.not_from and self.country in concept.not_from:
            return False
        if concept.offices and not in_office(concept, self.published):
            return False
        if any(not self.named >> self.rules.numbers[name] & 1 for name in concept.after):
            return False
        self.named |= hit.mask
        return True


def in_office(concept: Concept, day: date | None) -> bool:
    """Whether a person held an office on `day`, or when nobody knows the day."""
    if day is None:
        return True
    return any(
        (office.first is None or office.first <= day) and (office.last is None or day <= office.last + _AFTERGLOW)
        for office in concept.offices
    )


# ------------------------------------------------------------------ where it stands

_CAPTION = re.compile(
    r"\b(?:photos?|pictures?|images?|file photo|фото)\s*[:/]|\((?:photo|фото)\b|/vcg\b|资料图|图片来源|(?:图|摄)\s*$|[记作]者\s?\S{2,4}\s?摄"
)
_PROSE_WORDS, _PROSE_HAN = 6, 12
_WORD = re.compile(r"\w+")
_HAN = re.compile(f"[{HAN}]")
_FULL_STOP = re.compile(r"[.!?。！？…][\"'”’)\]]*$")


def _lay_out(fields: dict[str, Folded], hits: dict[str, list[Hit]]) -> list[Sentence]:
    title, text = fields["title"], fields["text"]
    sentences = []
    if title.text.strip():
        sentences.append(Sentence("title", 0, len(title.text), Place.TITLE, -1))
    sentences += _places(text, title.text.strip())
    _hand_out([s for s in sentences if s.field == "title"], hits["title"])
    _hand_out([s for s in sentences if s.field == "text"], hits["text"])
    return sentences


def _places(folded: Folded, title: str) -> Iterator[Sentence]:
    """The sentences of the text, each with its place. The title said again is no sentence; the lead is the first two of prose."""
    text, spans = folded.text, _spans(folded)
    captions = {span.paragraph for span in spans if _CAPTION.search(text, span.start, span.end)}
    prose = 0
    for span in spans:
        words = text[span.start : span.end]
        if title and words == title:
            continue
        if span.paragraph in captions:
            place = Place.CAPTION
        elif prose >= 2:
            place = Place.BODY
        elif not _is_prose(words):
            place = Place.LEAD if title else Place.TITLE
        else:
            place, prose = Place.LEAD, prose + 1
        yield Sentence("text", span.start, span.end, place, span.paragraph)


def _spans(folded: Folded) -> Sequence[Span]:
    """The sentences in offsets of the folded text. They are split in the original, where capitals still tell."""
    spans = split(folded.original)
    if folded.starts is None:
        return spans
    starts = folded.starts
    return [Span(bisect_left(starts, s.start), bisect_left(starts, s.end), s.paragraph) for s in spans]


def _is_prose(sentence: str) -> bool:
    """Not a heading, a dateline or furniture."""
    if not _FULL_STOP.search(sentence) and len(sentence) < 120:
        return False
    return len(_WORD.findall(sentence, 0, 200)) >= _PROSE_WORDS or len(_HAN.findall(sentence, 0, 200)) >= _PROSE_HAN


def _hand_out(sentences: list[Sentence], hits: list[Hit]) -> None:
    """Give each sentence its hits; both are in order. A hit that runs over an end belongs to where it began."""
    at = 0
    for hit in hits:
        while at + 1 < len(sentences) and sentences[at + 1].start <= hit.start:
            at += 1
        if sentences and sentences[at].start <= hit.start < sentences[at].end:
            sentences[at].seen.append(Seen(*hit))


# ------------------------------------------------------------------ names of exercises

_YEAR_AFTER = re.compile(r"""[\s"'\-/·]{0,4}(?:((?:19|20)\d\d)|(\d\d)(?!\d)|(?:i{1,3}|iv|v)(?![a-z])|\d(?!\d))""")
_YEAR_INSIDE = re.compile(r"(?:19|20)\d\d|(?<=\D)\d\d(?!\d)")
_YEAR_BEFORE = re.compile(r"((?:19|20)\d\d)(?:年度?)?[\s\"'-]{0,3}$")
_NUMBER = re.compile(r"\d|(?<![a-z])(?:i{1,3}|iv|v)(?![a-z])")


def _guard_exercises(rules: Rules, laid: Survey) -> None:
    """Drop names of exercises that lack what their guard asks for; note the year of the others."""
    concepts = tuple(rules.concepts)
    for sentence in laid.sentences:
        named = _around(laid, sentence)
        sentence.seen = [
            kept
            for seen in sentence.seen
            if (
                kept := _guarded(rules, rules.exercises.get(concepts[seen.concept]), seen, laid.folded(sentence), named)
            )
        ]


def _around(laid: Survey, sentence: Sentence) -> int:
    """What is named in the sentence, and for title and lead in both."""
    head = sentence.place in (Place.TITLE, Place.LEAD)
    mask = 0
    for other in laid.sentences:
        if other is sentence or (head and other.place in (Place.TITLE, Place.LEAD)):
            for seen in other.seen:
                mask |= seen.mask
    return mask


def _guarded(rules: Rules, exercise: Exercise | None, seen: Seen, folded: Folded, named: int) -> Seen | None:
    if exercise is None:
        return seen
    year, numbered = year_of(folded.text, seen.start, seen.end)
    if year in exercise.not_years:
        return None
    met = {"year": numbered, "capitals": _is_name(folded, seen), "quotes": _is_quoted(folded, seen)}
    lines = exercise.guard or ((),)
    for line in lines:
        if all(met[word] if word in met else bool(named >> rules.numbers[word] & 1) for word in line):
            return seen._replace(year=year)
    return None


def year_of(text: str, start: int, end: int) -> tuple[int, bool]:
    """The year that stands in or by the name at `start:end` (0: none), and whether any number does."""
    inside = _YEAR_INSIDE.search(text, start, end)
    if inside:
        return _full(inside.group()), True
    after = _YEAR_AFTER.match(text, end)
    if after:
        return _full(after[1] or after[2] or "0"), True
    before = _YEAR_BEFORE.search(text, max(0, start - 12), start)
    if before:
        return int(before[1]), True
    return 0, bool(_NUMBER.search(text, start, end))


def _full(digits: str) -> int:
    number = int(digits)
    return number if number > 100 or not number else 2000 + number if number < 80 else 1900 + number


def _is_quoted(folded: Folded, seen: Seen) -> bool:
    return folded.text[seen.start - 1 : seen.start] in ('"', "'") if seen.start else False


def _is_name(folded: Folded, seen: Seen) -> bool:
    """Written as a name: capitals or quotes. A text without any capital cannot tell, and Chinese has none."""
    first, last = folded.span(seen.start, seen.end)
    stood = folded.original[first:last]
    if stood[:1].isupper() or _is_quoted(folded, seen):
        return True
    return stood.lower() == stood.upper() or folded.original[:2000] == folded.original[:2000].lower()
