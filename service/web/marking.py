"""The evidence of an article where it stands: an article walks in, its paragraphs with the words marked walk out. Pure.

Everything is escaped here and nowhere else; a text is never shown as HTML.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from service.diffs import Paragraph as ChangedLine
from storage.edits import Edit
from storage.records import Evidence, Kept

Span = tuple[int, int]


def marked(text: str, spans: Iterable[Sequence[int]], *, start: int = 0) -> Markup:
    """`text` with the spans marked. `start` is where `text` begins in what the spans count from."""
    pieces: list[Markup] = []
    position = 0
    for first, last in _apart([(first - start, last - start) for first, last in spans], len(text)):
        pieces += [escape(text[position:first]), Markup("<mark>"), escape(text[first:last]), Markup("</mark>")]
        position = last
    return Markup("").join([*pieces, escape(text[position:])])


def _apart(spans: Iterable[Span], length: int) -> list[Span]:
    """Spans in order and inside the text; those that overlap or touch are one."""
    apart: list[Span] = []
    for first, last in sorted((max(0, first), min(last, length)) for first, last in spans):
        if apart and first <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(last, apart[-1][1]))
        elif first < last:
            apart.append((first, last))
    return apart


#: Elements tell eyes; most readers aloud pass over them, so words say it too.
_EDITS = {
    Edit.SAME: (Markup(""), Markup("")),
    Edit.CUT: (
        Markup('<del><span class="unseen">cut: </span>'),
        Markup('<span class="unseen"> (end of cut)</span></del>'),
    ),
    Edit.ADDED: (
        Markup('<ins><span class="unseen">added: </span>'),
        Markup('<span class="unseen"> (end of added)</span></ins>'),
    ),
}


def marked_changes(line: ChangedLine) -> Markup:
    """A paragraph of two texts at once, with what was cut and what was added marked."""
    return Markup("").join(_EDITS[edit][0] + escape(text) + _EDITS[edit][1] for edit, text in line)


def marked_title(kept: Kept) -> Markup:
    """The whole title with its evidence marked."""
    in_title = [(piece.start, piece.end) for piece in kept.verdict.evidence if piece.field == "title"]
    return marked(kept.article.title, in_title)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of the text; those that hold evidence have a number that can be linked to, the others 0."""

    html: Markup
    number: int = 0


def paragraphs(text: str, evidence: Iterable[Evidence]) -> list[Paragraph]:
    """The text line by line, without the empty ones."""
    spans = [(piece.start, piece.end) for piece in evidence if piece.field == "text"]
    position, number, found = 0, 0, []
    for line in text.split("\n"):
        end = position + len(line)
        begin_here = any(position <= start <= end for start, _ in spans)
        number += begin_here
        if line.strip():
            found.append(Paragraph(marked(line, spans, start=position), number if begin_here else 0))
        position = end + 1
    return found


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence that earned a verdict with all its words that did, by which rules, and in which numbered paragraph."""

    html: Markup
    field: str
    #: topic -> its rules, in the order met.
    rules: Mapping[str, Sequence[str]]
    paragraph: int = 0


def passages(kept: Kept) -> list[Passage]:
    """The evidence sentence by sentence: the title's first, then in the order of the text."""
    by_sentence: dict[tuple[bool, int, str], list[Evidence]] = {}
    for piece in kept.verdict.evidence:
        by_sentence.setdefault((piece.field == "text", _begin(piece, kept), piece.sentence), []).append(piece)
    starts = _numbered_lines(kept)
    return [
        Passage(
            html=marked(sentence, [(piece.start, piece.end) for piece in pieces], start=begin),
            field=pieces[0].field,
            rules=_rules(pieces),
            paragraph=sum(1 for start in starts if start <= pieces[0].start) if in_text else 0,
        )
        for (in_text, begin, sentence), pieces in sorted(by_sentence.items(), key=lambda item: item[0])
    ]


def _rules(pieces: Iterable[Evidence]) -> dict[str, list[str]]:
    rules: dict[str, list[str]] = {}
    for topic, rule in dict.fromkeys((piece.topic, piece.rule) for piece in pieces):
        rules.setdefault(topic, []).append(rule)
    return rules


def _begin(piece: Evidence, kept: Kept) -> int:
    """Where the sentence of `piece` begins in its field."""
    field = kept.article.title if piece.field == "title" else kept.article.text
    begin = field.rfind(piece.sentence, 0, piece.start + len(piece.sentence))
    # A sentence that was tidied is nowhere in the text: mark its first such word.
    return begin if begin >= 0 else piece.start - max(0, piece.sentence.find(piece.form))


def _numbered_lines(kept: Kept) -> list[int]:
    """Where the lines begin that `paragraphs` numbers: those in which evidence begins."""
    text = kept.article.text
    begins = {text.rfind("\n", 0, piece.start) + 1 for piece in kept.verdict.evidence if piece.field == "text"}
    return sorted(begins)
