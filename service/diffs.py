"""Two revisions of an article laid beside each other: for the command line and the web alike. Revisions walk in, marked
paragraphs walk out. Pure.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from storage.edits import Edit, Piece, diff
from storage.records import Particular, Revision, Touched

#: Paragraphs without a change shown before and behind one that has one.
AROUND = 1

#: What a revision touched, in words.
PARTICULARS = {Particular.EVIDENCE: "evidence", Particular.NUMBER: "number", Particular.NAME: "name"}

#: A paragraph of both texts, or the number of unchanged paragraphs left out.
Paragraph = Sequence[tuple[Edit, str]]


class NoSuchRevision(LookupError):
    """The message says which there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """What changed from one text of an article to another."""

    before: Revision
    after: Revision
    title: tuple[Piece, ...]
    text: tuple[Piece, ...]
    #: What was touched on the way, revision by revision; None where a step was never judged.
    touched: tuple[Touched, ...] | None


def diff_of(revisions: Sequence[Revision], before: int | None = None, after: int | None = None) -> Diff:
    """From revision `before` to `after`, by default the present one; without either, the last change.

    Raises NoSuchRevision.
    """
    by_number = {revision.number: revision for revision in revisions}
    last = revisions[-1].number
    after = after if after is not None else last
    before = before if before is not None else after - 1
    if len(revisions) < 2:
        raise NoSuchRevision("It has one revision only: there is nothing to compare.")
    for number in (before, after):
        if number not in by_number:
            raise NoSuchRevision(f"It has no revision {number}: they are numbered 1 to {last}.")
    old, new = by_number[before], by_number[after]
    return Diff(
        before=old,
        after=new,
        title=diff(old.title, new.title),
        text=diff(old.text, new.text),
        touched=_touched(by_number, before, after),
    )


def _touched(by_number: dict[int, Revision], before: int, after: int) -> tuple[Touched, ...] | None:
    steps = [by_number[number].touched for number in range(min(before, after) + 1, max(before, after) + 1)]
    if any(step is None for step in steps):
        return None
    found = dict.fromkeys(one for step in steps for one in step or ())
    return tuple(found) if before < after else tuple(Touched(one.what, one.now, one.was) for one in found)


@dataclass(frozen=True, slots=True)
class Touch:
    """Words that were touched, and all they are: evidence and a number, say."""

    what: str
    was: str
    now: str

    def __str__(self) -> str:
        return f"{self.what}: {self.was or '(nothing)'} → {self.now or '(nothing)'}"


def touches(touched: Iterable[Touched]) -> list[Touch]:
    """What was touched, in words, each words once."""
    kinds: dict[tuple[str, str], list[str]] = {}
    for one in touched:
        kinds.setdefault((one.was, one.now), []).append(PARTICULARS[one.what])
    return [Touch(", ".join(what), *said) for said, what in kinds.items()]


def paragraphs(pieces: Iterable[Piece]) -> list[Paragraph]:
    """Both texts at once, line by line, without empty lines: what stayed as it is set now, what was cut, what was added."""
    lines: list[list[tuple[Edit, str]]] = [[]]
    for piece in pieces:
        said = piece.was if piece.edit is Edit.CUT else piece.now + _lost_space(piece)
        first, *rest = said.split("\n")
        lines[-1].append((piece.edit, first))
        lines += [[(piece.edit, line)] for line in rest]
    whole = ([(edit, text) for edit, text in line if text] for line in lines)
    return [line for line in whole if any(text.strip() for _, text in line)]


def _lost_space(piece: Piece) -> str:
    """The space, or line break, that parts what stayed from what was cut behind it."""
    space = piece.was[len(piece.was.rstrip()) :]
    return "" if piece.edit is Edit.ADDED or piece.now[-1:].isspace() else space


def around_changes(lines: Sequence[Paragraph]) -> Iterator[Paragraph | int]:
    """The paragraphs that changed and their neighbours; between them, how many were left out."""
    changed = {number for number, line in enumerate(lines) if any(edit is not Edit.SAME for edit, _ in line)}
    left_out = 0
    for number, line in enumerate(lines):
        if changed.isdisjoint(range(number - AROUND, number + AROUND + 1)):
            left_out += 1
            continue
        if left_out:
            yield left_out
            left_out = 0
        yield line
    if left_out:
        yield left_out
