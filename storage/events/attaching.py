"""Which events of the register an article tells of, how sure that is, and why. Articles walk in, attachments walk out. Pure.

By name: the verdict found the name of the event in the text. By telling, where no name is there: all of these must hold.

    tie        the article is mainly about a topic of the event; a text in passing tells of nothing
    act        the event's activity is among the article's, and no other event of that activity is named
    days       it was published so many days before or after the event as news of such an act come
    sides      whoever took part beside China and Russia is named (unless more than three did)
    told       it speaks of what the event was done with: bombers, warships, the General Staff
    pointer    it names the place (a capital proves nothing), the people who met, the number, a third side, or what is rare

Without a pointer an article of the very days, whose first activity it is, attaches with low confidence. Never by date alone.
Of several events of one act that fit, only the best is told of. Nothing is remembered: the same article, verdict and register
give the same answer, so all of it can be thrown away and made again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from storage.events.register import Register, days_off
from storage.events.spoken import Spoken, Thing, named, numbers, spoken
from storage.records import Attachment, Confidence, Event, How, Kept, Precision, Strength, surest_first

#: Days before and after an event on which news of it come, by activity.
_NEWS: dict[str, tuple[int, int]] = {
    "joint_exercise": (10, 14),
    "counter_terrorism": (10, 14),
    "joint_patrol": (1, 10),
    "port_call": (5, 7),
    "senior_meeting": (3, 7),
    "consultation": (3, 7),
    "competition": (7, 10),
    "observers": (5, 7),
    "education": (5, 10),
    "rhetoric": (0, 4),
}
_OTHERWISE = (2, 10)
_WIDEST = (10, 14)
#: The very days, where nothing points to the event but its act.
_VERY_DAYS = (0, 3)
#: The beginning of a text that counts as telling what it is about, in characters.
LEAD = 800
#: More participants than this are not all named in the news.
_MOST_NAMED = 3
_MOST_THIRD = 2


def attach(register: Register, kept: Kept) -> tuple[Attachment, ...]:
    """The events `kept` tells of, the surest first."""
    found: dict[str, Attachment] = {}
    for one in (*_by_name(register, kept), *_by_ruling(register, kept), *_by_telling(register, kept)):
        found.setdefault(one.event, one)
    return tuple(sorted(found.values(), key=surest_first))


def day_of(kept: Kept) -> date | None:
    """The day it was published, at the outlet; None where that is not known."""
    return kept.article.published.local.date() if kept.article.published else None


def ties_of(kept: Kept) -> frozenset[str]:
    return frozenset(topic for topic, strength in kept.verdict.strength.items() if strength is Strength.TIE)


def told_text(kept: Kept) -> Spoken:
    """Where an article tells what it is about, as `spoken`: its title, its beginning, and the sentences of its evidence."""
    sentences = dict.fromkeys(piece.sentence for piece in kept.verdict.evidence)
    return spoken(kept.article.title, kept.article.text[:LEAD], *sentences)


# ------------------------------------------------------------------ by name


def _by_name(register: Register, kept: Kept) -> Iterator[Attachment]:
    for id in kept.verdict.events:
        if id in register.events:
            yield Attachment(
                event=id, how=How.NAME, confidence=Confidence.HIGH, reason=f"The text names {register.name(id)}."
            )
            continue
        for stage in register.stages(id):
            reason = f"The text names {register.name(id)}, and not which of its stages."
            yield Attachment(event=stage.id, how=How.NAME, confidence=Confidence.MED, reason=reason)


def _by_ruling(register: Register, kept: Kept) -> Iterator[Attachment]:
    for id in register.accepted_on.get(kept.id, ()):
        reason = "One of the reports on which an analyst accepted this event."
        yield Attachment(event=id, how=How.TELLING, confidence=Confidence.MED, reason=reason)


# ------------------------------------------------------------------ by telling


@dataclass(frozen=True, slots=True)
class _Fit:
    """An event an article may tell of: what points to it, what it is told by, and how far off its days are."""

    event: Event
    pointers: tuple[str, ...]
    acts: tuple[str, ...]
    off: int

    @property
    def confidence(self) -> Confidence:
        return Confidence.MED if self.pointers else Confidence.LOW

    @property
    def rank(self) -> tuple[bool, int, int]:
        return not self.pointers, -len(self.pointers), abs(self.off)


def _by_telling(register: Register, kept: Kept) -> Iterator[Attachment]:
    day, ties = day_of(kept), ties_of(kept)
    if day is None or not ties:
        return
    elsewhere = _named_activities(register, kept)
    near = [
        event
        for event in register.about(day, before=_WIDEST[0], after=_WIDEST[1])
        if event.activity in kept.verdict.activities
        and event.activity not in elsewhere
        and ties.intersection(event.topics)
        and _is_near(event, day)
    ]
    if not near:
        return
    text, counted = told_text(kept), numbers(f"{kept.article.title}\n{kept.article.text[:LEAD]}")
    fits = [fit for event in near if (fit := _fit(register, kept, event, text, counted, day))]
    for fit in _best(fits):
        yield Attachment(event=fit.event.id, how=How.TELLING, confidence=fit.confidence, reason=_reason(fit, day, kept))


def _named_activities(register: Register, kept: Kept) -> set[str]:
    """Activities of which the text names an event of its own."""
    known = [register.events.get(id) or next(iter(register.stages(id)), None) for id in kept.verdict.events]
    named = {event.activity for event in known if event}
    unknown = [id for id, event in zip(kept.verdict.events, known, strict=True) if event is None]
    return named | {
        series.activity for series in register.series.values() if any(_is_of(id, series.id) for id in unknown)
    }


def _is_of(id: str, series: str) -> bool:
    return id.rpartition("-")[0] == series


def _is_near(event: Event, day: date) -> bool:
    before, after = _NEWS.get(event.activity, _OTHERWISE)
    return -before <= days_off(event, day) <= after


def _fit(register: Register, kept: Kept, event: Event, text: Spoken, counted: frozenset[int], day: date) -> _Fit | None:
    others = [state for state in (*event.who, *event.observers) if state not in ("cn", "ru")]
    sides = named(text, _things(register.states, others)) if len(others) <= _MOST_NAMED else []
    if len(others) <= _MOST_NAMED and len(sides) < len(others):
        return None
    acts = named(text, _things(register.acts, event.told))
    if len(acts) < len(event.told):
        return None
    # Texts on the SCO list its members anyway: a third side, or a fourth, says something only beside China and Russia.
    third = sides if {"cn", "ru"} <= set(event.who) and len(sides) <= _MOST_THIRD else []
    pointers = (*_pointers(register, event, text, counted, acts), *(side.name for side in third))
    fit = _Fit(event, pointers, tuple(act.name for act in acts), days_off(event, day))
    return fit if pointers or (acts and _on_the_very_days(kept, fit)) else None


def _pointers(
    register: Register, event: Event, text: Spoken, counted: frozenset[int], acts: Sequence[Thing]
) -> Iterator[str]:
    yield from (place.name for place in named(text, _things(register.places, event.places)) if not place.is_capital)
    met = named(text, _things(register.people, event.people))
    if event.people and len(met) >= min(2, len(event.people)):
        yield from (person.name for person in met)
    if event.number and event.number in counted:
        yield f"its number ({event.number})"
    yield from (act.name for act in acts if act.is_rare)


def _things(among: Mapping[str, Thing], ids: Iterable[str]) -> list[Thing]:
    return [among[id] for id in ids if id in among]


def _on_the_very_days(kept: Kept, fit: _Fit) -> bool:
    first = kept.verdict.activities[:1] == (fit.event.activity,)
    return first and fit.event.precision is Precision.DAY and _VERY_DAYS[0] <= fit.off <= _VERY_DAYS[1]


def _best(fits: Iterable[_Fit]) -> list[_Fit]:
    """Of the fits of one act, done with the same things, the best."""
    best: dict[tuple[str, tuple[str, ...]], _Fit] = {}
    for fit in sorted(fits, key=lambda fit: fit.rank):
        best.setdefault((fit.event.activity, fit.event.told), fit)
    return list(best.values())


def _reason(fit: _Fit, day: date, kept: Kept) -> str:
    """Why, in a sentence a reader can check against the article."""
    when = _when(fit)
    topics = " and ".join(sorted(ties_of(kept).intersection(fit.event.topics)))
    said = [
        f"Its name is not in the text. Mainly about {topics}, {fit.event.activity.replace('_', ' ')}; published {day}, {when}"
    ]
    if fit.acts:
        said.append(f"speaks of {', '.join(fit.acts)}")
    if fit.pointers:
        said.append(f"names {', '.join(fit.pointers)}")
    else:
        said.append("nothing in it names the place, the people or the number")
    return "; ".join(said) + "."


def _when(fit: _Fit) -> str:
    if fit.event.precision is not Precision.DAY:
        known = f"of the event only the {fit.event.precision.value} is known"
        return f"near its days ({known})" if fit.off else f"in its {fit.event.precision.value} ({known})"
    if fit.off == 0:
        return "on its days"
    days = f"{abs(fit.off)} {'day' if abs(fit.off) == 1 else 'days'}"
    return f"{days} after it" if fit.off > 0 else f"{days} before it"
