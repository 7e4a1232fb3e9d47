"""Lay a text out for the rules: sentences with their place, and in each the concepts it names. Pure; only this room calls it.

Title and text walk in; a `Survey` walks out, or None as soon as it is plain that no rule can fire, which for ordinary news is
after one glance.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from scrapers.classifying.guarding import guard_exercises
from scrapers.classifying.laid_out import HEAD, Dropped, Place, Seen, Sentence, Survey
from scrapers.classifying.markup import Plain, strip
from scrapers.classifying.matching import Glance
from scrapers.classifying.rules import Concept, Rules
from scrapers.classifying.sentences import Span, split
from scrapers.classifying.skimming import is_worth_reading
from storage.words import HAN, Folded, fold

#: A person is still called by an office for a while after leaving it.
_AFTERGLOW = timedelta(days=120)


def survey(rules: Rules, *, title: str, text: str, published: date | None, country: str) -> Survey | None:
    """The text laid out; None when no rule can fire."""
    plain = {"title": strip(title), "text": strip(text)}
    head, body = (rules.matcher.glance(fold(one.text)) for one in plain.values())
    if not is_worth_reading(rules, head, body):
        return None
    laid = _laid_out(rules, plain, head, body, _Filter(rules, published, country))
    return laid if laid.met else None


def survey_fully(rules: Rules, *, title: str, text: str, published: date | None, country: str) -> Survey:
    """The text laid out, whether a rule can fire or not: to tell why none did."""
    plain = {"title": strip(title), "text": strip(text)}
    head, body = (rules.matcher.glance(fold(one.text)) for one in plain.values())
    return _laid_out(rules, plain, head, body, _Filter(rules, published, country))


def _laid_out(rules: Rules, plain: Mapping[str, Plain], head: Glance, body: Glance, counting: "_Filter") -> Survey:
    fields = {"title": head.folded, "text": body.folded}
    hits = counting.keep({"title": head.hits(), "text": body.hits()})
    laid = Survey(head.folded, body.folded, plain, _places_and_hits(fields, hits), 0)
    laid.dropped += counting.dropped
    guard_exercises(rules, laid)
    answers, asked = rules.answers, 0
    for sentence in laid.sentences:
        if not sentence.seen:
            laid.paragraphs.setdefault(sentence.paragraph, 0)
            continue
        mask = sentence.mask = sentence.named()
        for seen in sentence.seen:
            sentence.asked |= answers[seen.concept]
        asked |= sentence.asked
        laid.mask |= mask
        laid.paragraphs[sentence.paragraph] = laid.paragraphs.get(sentence.paragraph, 0) | mask
        if sentence.place in HEAD:
            laid.head |= mask
        if sentence.place is Place.TITLE:
            laid.heading |= mask
    laid.met = frozenset(need.bits for need in rules.needs.within(asked))
    return laid


# ------------------------------------------------------------------ what counts


class _Filter:
    """Drops hits that are not what they seem: a name outside its term, a ministry of another country, an unnamed pair."""

    def __init__(self, rules: Rules, published: date | None, country: str) -> None:
        self.rules, self.published, self.country = rules, published, country.lower()
        self.named = 0
        self.dropped: list[Dropped] = []

    def keep(self, hits: Mapping[str, list[Seen]]) -> dict[str, list[Seen]]:
        """The hits that count, title first; what was named before matters to some."""
        return {name: list(self._counted(name, hits[name])) for name in ("title", "text")}

    def _counted(self, field: str, hits: Iterable[Seen]) -> Iterator[Seen]:
        conditional = self.rules.conditional
        for hit in hits:
            why = self._against(self.rules.numbered[hit.concept]) if hit.concept in conditional else ""
            if why:
                self.dropped.append(Dropped(field, hit, why))
            else:
                self.named |= hit.mask
                yield hit

    def _against(self, concept: Concept) -> str:
        if concept.not_from and self.country in concept.not_from:
            return f"means something else in the press of {self.country}"
        if concept.offices and not in_office(concept, self.published):
            return "out of office on that day"
        unnamed = [name for name in concept.after if not self.named >> self.rules.numbers[name] & 1]
        return f"counts only once {' and '.join(unnamed)} was named" if unnamed else ""


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
#: The lead is so many sentences of prose; a brief of twice as many sentences is all lead.
_LEAD = 2
_WORD = re.compile(r"\w+")
_HAN = re.compile(f"[{HAN}]")
_FULL_STOP = re.compile(r"[.!?。！？…][\"'”’)\]]*$")


def _places_and_hits(fields: Mapping[str, Folded], hits: Mapping[str, list[Seen]]) -> list[Sentence]:
    title, text = fields["title"], fields["text"]
    sentences: list[Sentence] = []
    sentences += (Sentence("title", span.start, span.end, Place.TITLE, -1) for span in _spans(title))
    sentences += _places(text, title.text.strip())
    _hand_out([s for s in sentences if s.field == "title"], hits["title"])
    _hand_out([s for s in sentences if s.field == "text"], hits["text"])
    return sentences


def _places(folded: Folded, title: str) -> Iterator[Sentence]:
    """The sentences of the text, each with its place. The title said again is no sentence; the lead is the first two of prose."""
    text, spans = folded.text, _spans(folded)
    captions = {span.paragraph for span in spans if _CAPTION.search(text, span.start, span.end)}
    prose, lead = 0, len(spans) if len(spans) <= 2 * _LEAD else _LEAD
    for span in spans:
        words = text[span.start : span.end]
        if title and words == title:
            continue
        if span.paragraph in captions:
            place = Place.CAPTION
        elif prose >= lead:
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


def _hand_out(sentences: list[Sentence], hits: list[Seen]) -> None:
    """Give each sentence its hits; both are in order. A hit that runs over an end belongs to where it began."""
    at = 0
    for hit in hits:
        while at + 1 < len(sentences) and sentences[at + 1].start <= hit.start:
            at += 1
        if sentences and sentences[at].start <= hit.start < sentences[at].end:
            sentences[at].seen.append(hit)
