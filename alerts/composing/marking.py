"""The words that earned a verdict, marked where they stand: an article walks in, passages walk out. Pure.

A passage is a line of harmless text in pieces, some of them marked, so that HTML and plain text can each mark their way.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from alerts.composing.layout import harmless, width
from storage.records import Evidence, Kept

Span = tuple[int, int]

#: Characters looked at on either side of the first mark: a "sentence" may be a page without full stops.
_REACH = 1000


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    marked: bool = False


Passage = tuple[Piece, ...]


def marked_title(kept: Kept, *, limit: int) -> Passage:
    """The title with its evidence marked, in at most about `limit` columns."""
    title = kept.article.title
    marks = [(e.start, e.end) for e in kept.verdict.evidence if e.field == "title" and _stands(e, title)]
    return passage(title, marks, limit=limit)


def marked_sentences(kept: Kept, *, most: int, limit: int) -> tuple[Passage, ...]:
    """Up to `most` sentences with the most evidence, in the order of the text.

    An article whose title alone is evidence shows none; one without any evidence shows how its text begins.
    """
    if most < 1:
        return ()
    if not kept.verdict.evidence:
        opening = passage(kept.article.text, (), limit=limit)
        return (opening,) if opening else ()
    sentences: dict[tuple[int, str], set[Span]] = defaultdict(set)
    for evidence in kept.verdict.evidence:
        if evidence.field == "text":
            position, sentence, mark = _placed(evidence, kept.article.text)
            sentences[position, sentence] |= {mark}
    telling = sorted(sentences, key=lambda place: (-len(sentences[place]), place[0]))[:most]
    return tuple(passage(place[1], sentences[place], limit=limit) for place in sorted(telling))


def _placed(evidence: Evidence, text: str) -> tuple[int, str, Span]:
    """Where the sentence of `evidence` begins in `text`, the sentence, and the mark inside it."""
    sentence = evidence.sentence
    start = text.rfind(sentence, 0, evidence.start + len(sentence)) if sentence and _stands(evidence, text) else -1
    if start >= 0 and evidence.end <= start + len(sentence):
        return start, sentence, (evidence.start - start, evidence.end - start)
    # The text has moved on, or the sentence was tidied: what was recorded still shows why.
    sentence = sentence or evidence.form
    at = max(0, sentence.find(evidence.form))
    return evidence.start, sentence, (at, at + len(evidence.form) if evidence.form in sentence else at)


def _stands(evidence: Evidence, text: str) -> bool:
    return text[evidence.start : evidence.end] == evidence.form


def passage(text: str, marks: Iterable[Span], *, limit: int) -> Passage:
    """`text` on one harmless line with `marks` (offsets into it) marked, cut to about `limit` columns round the first."""
    spans = _merged(marks, text)
    near = spans[0][0] if spans else 0
    low, high = max(0, near - _REACH), near + _REACH
    pieces: list[Piece] = []
    at = low
    for start, end in (*(s for s in spans if s[1] <= high), (min(high, len(text)),) * 2):
        _add(pieces, text[at:start], marked=False)
        _add(pieces, text[start:end], marked=True)
        at = max(at, end)
    if pieces:
        pieces[-1] = Piece(pieces[-1].text.rstrip(), pieces[-1].marked)
    return _clipped([p for p in pieces if p.text], limit, before=low > 0, after=high < len(text))


def _merged(marks: Iterable[Span], text: str) -> list[Span]:
    """Marks in order, inside `text`; those that overlap or have only white space between them are one."""
    merged: list[Span] = []
    for start, end in sorted((max(0, start), min(end, len(text))) for start, end in marks):
        if start >= end:
            continue
        if merged and not text[merged[-1][1] : start].strip():
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _add(pieces: list[Piece], raw: str, *, marked: bool) -> None:
    """Append `raw`, harmless, without a second space where two pieces meet."""
    clean = harmless(raw)
    if not pieces or pieces[-1].text.endswith(" "):
        clean = clean.lstrip()
    if clean:
        pieces.append(Piece(clean, marked))


def _clipped(pieces: Sequence[Piece], limit: int, *, before: bool, after: bool) -> Passage:
    """`pieces` cut to about `limit` columns, with the first mark a third of the way in, and dots where something went."""
    text = "".join(piece.text for piece in pieces)
    start, end = 0, len(text)
    if width(text) > limit:
        start = _start(text, _first_mark(pieces), limit)
        end = _end(text, start, limit)
    cut: list[Piece] = [Piece("…")] if before or start > 0 else []
    at = 0
    for piece in pieces:
        kept = piece.text[max(0, start - at) : max(0, end - at)]
        if kept:
            cut.append(Piece(kept, piece.marked))
        at += len(piece.text)
    if end < len(text) or after:
        cut.append(Piece("…"))
    return tuple(cut)


def _first_mark(pieces: Sequence[Piece]) -> int:
    at = 0
    for piece in pieces:
        if piece.marked:
            return at
        at += len(piece.text)
    return 0


def _start(text: str, mark: int, limit: int) -> int:
    """Where to begin: the beginning, or a word begun about a third of the limit before the mark."""
    start, room = mark, limit // 3
    while start > 0 and width(text[start - 1 : mark]) <= room:
        start -= 1
    if start <= 24:
        return 0
    space = text.find(" ", start, min(start + 24, mark))
    return space + 1 if space >= 0 else start


def _end(text: str, start: int, limit: int) -> int:
    end, used = start, 0
    while end < len(text) and used < limit:
        used += width(text[end])
        end += 1
    if end == len(text):
        return end
    space = text.rfind(" ", max(start, end - 24), end)
    return space if space > start else end
