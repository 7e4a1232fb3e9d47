"""An article as one line of JSON Lines, with all that is remembered of it, and back. Pure.

The line begins with what any import reads (`url, outlet, language, title, text, published, byline, id`); the rest lets an empty
archive remember the article as the old one did: every text, every verdict with its evidence and the version of its rules, marks,
times. Times are RFC 3339, to the microsecond. docs/exchange.md tells what each field means.
"""

from datetime import datetime
from hashlib import sha256
from typing import Any, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from service.files import BadLine
from storage.archive.histories import History, Judgement
from storage.records import (
    Absence,
    Article,
    Basis,
    Evidence,
    Kept,
    Mark,
    Particular,
    Published,
    Revision,
    Strength,
    Touched,
    Verdict,
    utc,
)
from storage.revisions import hash_of

#: What tells such a line from any other, and the number of its form. A form that older versions would misread gets the next.
MARKER: Final = "entente"
FORM: Final = 1
#: An id is typed on command lines.
_LONGEST_ID = 200


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class _Revision(_Part):
    number: int = Field(ge=1)
    captured: AwareDatetime
    #: Of the text in UTF-8, in hex, so that anyone can check it.
    text_sha256: str
    filled: bool
    #: (what, was, now); None where nobody judged.
    touched: list[tuple[Particular, str, str]] | None
    #: None in the current one: they are the article's.
    title: str | None
    text: str | None


class _Verdict(_Part):
    revision: int = Field(ge=1)
    decided: AwareDatetime
    rules_version: str
    strength: dict[str, Strength]
    activities: list[str]
    events: list[str]
    points: dict[str, float]
    evidence: list[Evidence]


class _Mark(_Part):
    topic: str
    right: bool
    strength: Strength | None
    revision: int
    rules_version: str
    at: AwareDatetime
    note: str
    by: str


class _Absence(_Part):
    since: AwareDatetime
    confirmed: AwareDatetime
    back: AwareDatetime | None
    why: str


class Line(_Part):
    """One article. The order of the fields is that of the line."""

    entente: Literal[1]
    id: str = Field(min_length=1, max_length=_LONGEST_ID)
    url: str
    outlet: str = Field(min_length=1)
    language: str
    title: str
    text: str
    #: On the outlet's clock.
    published: AwareDatetime | None
    byline: str
    published_basis: Basis
    published_has_time: bool
    canonical_id: str = Field(min_length=1)
    origin: str
    summary_only: bool
    outlet_name: str
    country: str
    first_seen: AwareDatetime
    captured: AwareDatetime
    revision: int = Field(ge=1)
    edits: int = Field(ge=0)
    matters: int = Field(ge=1)
    gone_since: AwareDatetime | None
    seed: bool
    late: bool
    #: The first one first; the last one is current.
    revisions: list[_Revision] = Field(min_length=1)
    verdicts: list[_Verdict] = Field(min_length=1)
    marks: list[_Mark]
    addresses: list[str]
    absences: list[_Absence]

    @classmethod
    def of(cls, history: History) -> "Line":
        kept, article = history.kept, history.kept.article
        own = ("id", "outlet_name", "country", "first_seen", "captured", "revision", "edits", "matters", "gone_since")
        told = ("url", "outlet", "language", "title", "text", "byline", "canonical_id", "origin", "summary_only")
        return cls.model_construct(
            entente=FORM,
            **{name: getattr(kept, name) for name in (*own, "seed", "late")},
            **{name: getattr(article, name) for name in told},
            published=article.published.local if article.published else None,
            published_basis=article.published.basis if article.published else Basis.NONE,
            published_has_time=article.published.has_time if article.published else False,
            revisions=[_revision_line(one, is_current=one is history.revisions[-1]) for one in history.revisions],
            verdicts=[_verdict_line(one) for one in history.judgements],
            marks=[_Mark.model_construct(**_fields(_Mark, mark)) for mark in history.marks],
            addresses=list(history.addresses),
            absences=[_Absence.model_construct(**_fields(_Absence, one)) for one in history.absences],
        )

    def history(self) -> History:
        """Raises BadLine where the line contradicts itself."""
        revisions = tuple(_revision(one, self) for one in self.revisions)
        self._refuse_contradictions(revisions)
        judgements = tuple(_judgement(one) for one in self.verdicts)
        return History(
            kept=self._kept(judgements[-1].verdict),
            revisions=revisions,
            judgements=judgements,
            marks=tuple(Mark(article=self.id, **_in_utc(one)) for one in self.marks),
            addresses=tuple(self.addresses),
            absences=tuple(Absence(article=self.id, **_in_utc(one)) for one in self.absences),
        )

    def _refuse_contradictions(self, revisions: tuple[Revision, ...]) -> None:
        if [one.number for one in revisions] != list(range(1, self.revision + 1)):
            raise BadLine("its revisions are not numbered from 1 to the current one: export it again")
        if not all(1 <= number <= self.revision for number in (self.matters, *(v.revision for v in self.verdicts))):
            raise BadLine("it speaks of a revision that it does not hold: export it again")
        for told, one in zip(self.revisions, revisions, strict=True):
            if told.text_sha256 != _sha256(one.text):
                raise BadLine(
                    f"the text of revision {one.number} is not the one that was exported (its text_sha256 differs): export it "
                    f'again, or take "{MARKER}" out of the line to import the text as it stands'
                )

    def _kept(self, verdict: Verdict) -> Kept:
        told = ("url", "outlet", "language", "title", "text", "byline", "canonical_id", "origin", "summary_only")
        own = ("id", "outlet_name", "country", "revision", "edits", "matters", "seed", "late")
        return Kept(
            article=Article(**{name: getattr(self, name) for name in told}, published=self._published()),
            verdict=verdict,
            first_seen=utc(self.first_seen),
            captured=utc(self.captured),
            gone_since=_utc(self.gone_since),
            **{name: getattr(self, name) for name in own},
        )

    def _published(self) -> Published | None:
        if self.published is None:
            return None
        offset = self.published.utcoffset()
        minutes = int(offset.total_seconds() // 60) if offset is not None else 0
        at = utc(self.published)
        return Published(at=at, offset_minutes=minutes, basis=self.published_basis, has_time=self.published_has_time)


def is_ours(line: dict[str, Any]) -> bool:
    """Whether a line of JSON says that Entente exported it."""
    return MARKER in line


def written(history: History) -> bytes:
    """The line, with its end."""
    return Line.of(history).model_dump_json().encode() + b"\n"


def read(line: dict[str, Any]) -> History:
    """The history a line tells. Raises BadLine, which says what to do."""
    form = line.get(MARKER)
    if isinstance(form, int) and form > FORM:
        raise BadLine("was exported by a newer Entente: import it with that version, or a newer one")
    try:
        return Line.model_validate(line).history()
    except ValidationError as why:
        first = why.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise BadLine(
            f'is no whole line of an export ({place}: {first["msg"]}): export it again, or take "{MARKER}" out of the line '
            "to import its text alone"
        ) from why


# ------------------------------------------------------------------ the parts


def _fields(part: type[_Part], record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name in part.model_fields}


def _in_utc(part: _Part) -> dict[str, Any]:
    values = {name: getattr(part, name) for name in type(part).model_fields}
    return {name: utc(value) if isinstance(value, datetime) else value for name, value in values.items()}


def _sha256(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else utc(moment)


def _revision_line(one: Revision, *, is_current: bool) -> _Revision:
    touched = None if one.touched is None else [(it.what, it.was, it.now) for it in one.touched]
    return _Revision.model_construct(
        number=one.number,
        captured=one.captured,
        text_sha256=_sha256(one.text),
        filled=one.filled,
        touched=touched,
        title=None if is_current else one.title,
        text=None if is_current else one.text,
    )


def _revision(one: _Revision, line: Line) -> Revision:
    text = line.text if one.text is None else one.text
    return Revision(
        number=one.number,
        title=line.title if one.title is None else one.title,
        text=text,
        text_hash=hash_of(text),
        captured=utc(one.captured),
        filled=one.filled,
        touched=None if one.touched is None else tuple(Touched(*said) for said in one.touched),
    )


def _verdict_line(one: Judgement) -> _Verdict:
    given = one.verdict
    return _Verdict.model_construct(
        revision=one.revision,
        decided=one.decided,
        rules_version=given.rules_version,
        strength=dict(given.strength),
        activities=list(given.activities),
        events=list(given.events),
        points=dict(given.points),
        evidence=list(given.evidence),
    )


def _judgement(one: _Verdict) -> Judgement:
    verdict = Verdict(
        strength=one.strength,
        activities=tuple(one.activities),
        events=tuple(one.events),
        evidence=tuple(one.evidence),
        points=one.points,
        rules_version=one.rules_version,
    )
    return Judgement(verdict=verdict, revision=one.revision, decided=utc(one.decided))
