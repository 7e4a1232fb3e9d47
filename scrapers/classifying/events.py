"""Recognise named events: which edition of which exercise a text tells of. Sentences walk in, ids walk out. Pure.

Only `classifying` calls it. An edition is one event whatever the language: Joint Sea-2025, 海上联合-2025 and Морское
взаимодействие-2025 are `joint_sea-2025`. A name without a year stands for the edition held about the day the article was
published, else for the one its text names; a name nobody can date is no event. Patrols and consultations have no names but
numbers, and each side counts them its own way, so they are none either.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from scrapers.classifying.firing import WEIGHTS
from scrapers.classifying.laid_out import Seen, Sentence, Survey
from scrapers.classifying.rules import Edition, Exercise, Rules

#: So long before it begins and after it ends an exercise is spoken of without its year.
_AROUND = timedelta(days=45)
#: The stage behind a year that saw two: Joint Sea-2015 (II).
_STAGE = re.compile(r"""(?:19|20)\d\d[\s"'\-(]{0,3}(i{1,3})(?![a-z])""")


@dataclass(frozen=True, slots=True)
class _Named:
    """An exercise named in a sentence; `edition` is empty where nothing near says which."""

    exercise: str
    edition: str
    weight: float


def events_of(rules: Rules, laid: Survey, published: date | None) -> tuple[str, ...]:
    """Ids of the events, the strongest first: by where they are named, then how often, then which comes first."""
    named = [one for sentence in laid.sentences for one in _named(rules, laid, sentence, published)]
    known: dict[str, str] = {}
    for one in named:
        if one.edition:
            known.setdefault(one.exercise, one.edition)
    found: dict[str, list[float]] = {}
    for one in named:
        edition = one.edition or known.get(one.exercise)
        if edition:
            found.setdefault(f"{one.exercise}-{edition}", []).append(one.weight)
    return tuple(sorted(found, key=lambda id_: (-max(found[id_]), -len(found[id_]))))


def _named(rules: Rules, laid: Survey, sentence: Sentence, published: date | None) -> Iterator[_Named]:
    text = laid.folded(sentence).text
    for id_, seen in _names(rules, sentence):
        exercise = rules.exercises[id_]
        if not exercise.editions:
            continue  # a pattern of names: two drills of one year would be one event
        if seen.year in exercise.doubtful and not any(laid.mask & plan.sources for plan in rules.plans):
            continue
        edition = _edition(exercise, seen, text, published)
        yield _Named(id_, edition, WEIGHTS[sentence.place])


def _names(rules: Rules, sentence: Sentence) -> Iterator[tuple[str, Seen]]:
    """The exercises named, each place once: of names that overlap the one held that year, then the one that begins first."""
    named = ((rules.numbered[seen.concept].id, seen) for seen in sentence.seen)
    names = [name for name in named if name[0] in rules.exercises]
    names.sort(key=lambda name: (not _held(rules.exercises[name[0]], name[1].year), name[1].start, -name[1].end))
    taken: list[Seen] = []
    for id_, seen in names:
        if not any(seen.start < other.end and other.start < seen.end for other in taken):
            taken.append(seen)
            yield id_, seen


def _held(exercise: Exercise, year: int) -> list[Edition]:
    return [edition for edition in exercise.editions if edition.year == year]


def _edition(exercise: Exercise, seen: Seen, text: str, published: date | None) -> str:
    """The name of the edition meant by these words on that day; empty when neither tells."""
    held = _held(exercise, seen.year) if seen.year else exercise.editions
    if seen.year and len(held) < 2:
        return held[0].name if held else str(seen.year)
    stage = _STAGE.search(text, seen.start, seen.end + 12)
    if stage and any(edition.name == f"{seen.year}{stage[1].upper()}" for edition in held):
        return f"{seen.year}{stage[1].upper()}"
    near = [(_days_off(edition, published), edition.name) for edition in held if published]
    days, name = min(near, default=(_AROUND, ""))
    return name if days < _AROUND else str(seen.year or "")


def _days_off(edition: Edition, day: date) -> timedelta:
    """How long before or after it the day is."""
    first, last = edition.first or edition.last, edition.last or edition.first
    if first is None or last is None:
        return _AROUND
    return max(first - day, day - last, timedelta(0))
