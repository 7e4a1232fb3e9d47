"""Revisions in words: `entente show ID` lists them, `entente show ID --diff` lays two of them beside each other. Pure."""

from collections.abc import Iterator, Sequence
from typing import Any

from service.diffs import Diff, Paragraph, around_changes, paragraphs, touches
from storage.edits import Edit, Piece
from storage.records import Absence, Revision, Revisit, Touched, rfc3339

#: What was cut and what was added, as wdiff marks it.
_MARKS = {Edit.SAME: ("", ""), Edit.CUT: ("[-", "-]"), Edit.ADDED: ("{+", "+}")}


def as_json(told: Diff) -> dict[str, Any]:
    return {
        "from": told.before.number,
        "to": told.after.number,
        "title": [_piece(piece) for piece in told.title],
        "text": [_piece(piece) for piece in told.text],
        "touched": None if told.touched is None else [touched(one) for one in told.touched],
    }


def _piece(piece: Piece) -> dict[str, str]:
    return {"edit": piece.edit.value, "was": piece.was, "now": piece.now}


def touched(one: Touched) -> dict[str, str]:
    return {"what": one.what.value, "was": one.was, "now": one.now}


def for_people(told: Diff) -> str:
    """Plain text: [-cut-] and {+added+} in the paragraphs that changed."""
    return "\n".join(
        [
            f"revision {told.before.number}, captured {rfc3339(told.before.captured)}",
            f"revision {told.after.number}, captured {rfc3339(told.after.captured)}",
            *(f"  {one}" for one in touches(told.touched or ())),
            "",
            *(_line(line) for line in paragraphs(told.title)),
            "",
            *(_line(line) for line in around_changes(paragraphs(told.text))),
        ]
    )


def _line(line: Paragraph | int) -> str:
    if isinstance(line, int):
        return f"… {line} paragraph{'s' if line > 1 else ''} unchanged"
    return "".join(f"{_MARKS[edit][0]}{text}{_MARKS[edit][1]}" for edit, text in line)


def history(revisions: Sequence[Revision], absences: Sequence[Absence], revisit: Revisit | None) -> Iterator[str]:
    """One line for each change of the text and each time its page was gone; nothing for what never changed."""
    for revision in revisions[1:]:
        yield f"  revision {revision.number}, {rfc3339(revision.captured)}: {_kind(revision)}"
        yield from (f"    {one}" for one in touches(revision.touched or ()))
    for absence in absences:
        back = f", back {rfc3339(absence.back)}" if absence.back else ""
        yield f"  gone since {rfc3339(absence.since)}, sure {rfc3339(absence.confirmed)}{back}: {absence.why}"
    if revisit is not None and revisit.missing_since and not revisit.confirmed:
        yield f"  missing since {rfc3339(revisit.missing_since)}, not yet sure: {revisit.why}"


def _kind(revision: Revision) -> str:
    if revision.filled:
        return "the full text in the place of the summary"
    if revision.touched is None:
        return "changed"
    return "material change" if revision.touched else "small change"
