"""Tell why: which rules fired on a text and which came near, and what was missing or stood in the way. Pure.

A text walks in, near misses walk out, the nearest first. `service` calls `explain` for people who write rules; what it says was
decided by the code that decides the verdict.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from scrapers.classifying.firing import WEIGHTS, Firing, Obstacle, Unit, attempt, is_tried_on, units_of
from scrapers.classifying.laid_out import Dropped, Place, Seen, Sentence, Survey
from scrapers.classifying.rules import RulePlan, Rules, TopicPlan
from scrapers.classifying.surveying import survey_fully
from scrapers.classifying.weighing import Weighed, is_held, weigh
from storage.records import Strength

#: So many rules are told of per topic.
MOST_PER_TOPIC = 6
#: A rule of which less is there did not come near.
_NEAR = 0.5


class Outcome(StrEnum):
    """What became of a rule."""

    FIRED = "fired"
    #: It fired, but the text bears the marks of machine-made news and names no source.
    HELD = "held"
    #: It fired, and what lowers it took all its points.
    LOWERED = "lowered"
    MISSING = "missing"
    APART = "apart"
    UNLESS = "unless"
    VETO = "veto"
    NOT_CARRIED = "not carried"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spotted:
    """Words of the text a rule looked at. `original[start:end]` of `field` is `form`."""

    concept: str
    form: str
    #: "title" or "text".
    field: str
    start: int
    end: int
    sentence: str
    #: What the words did, where they did not help.
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMiss:
    """A rule that fired or came near, with what decided it."""

    topic: str
    rule: str
    outcome: Outcome
    #: The same in words.
    reason: str
    #: What it asks for and found, where it came nearest.
    found: tuple[Spotted, ...]
    #: Of each group in this tuple one concept was wanted there, and none was found.
    missing: tuple[tuple[str, ...], ...]
    #: What undid or lowered it, or looked like what it asks for and was not.
    against: tuple[Spotted, ...]
    #: What it gave, or would have given there.
    points: float
    #: Never more than a mention, by rule or by what stands near.
    mention_only: bool
    #: What the topic earned in all, beside its thresholds.
    topic_points: float
    strength: Strength | None
    mention: float
    tie: float


def explain(
    rules: Rules, *, title: str | None, text: str | None, published: date | None = None, country: str = ""
) -> tuple[NearMiss, ...]:
    """The rules that fired or came near, of every topic, the nearest first. Arguments as for `classify`."""
    laid = survey_fully(rules, title=title or "", text=text or "", published=published, country=country)
    told: list[tuple[tuple[float, ...], NearMiss]] = []
    for plan in rules.plans:
        weighed = weigh(rules, plan, laid)
        units = list(units_of(laid, {one.rule.near for one in plan.rules}))
        tries = (_Trial(rules, plan, one, laid).best(units) for one in plan.rules)
        near = sorted((one for one in tries if one and one.nearness >= _NEAR), key=_Try.order)
        told += [(one.order(), _told(rules, plan, laid, weighed, one)) for one in near[:MOST_PER_TOPIC]]
    return tuple(miss for _, miss in sorted(told, key=lambda one: one[0]))


# ------------------------------------------------------------------ where a rule came nearest


@dataclass(frozen=True, slots=True)
class _Try:
    """A rule on the unit it came nearest on."""

    one: RulePlan
    unit: Unit
    result: Firing | Obstacle
    #: The share of its groups found there, a look-alike counting half.
    nearness: float
    worth: float
    #: Words that look like what it asks for.
    lookalikes: tuple[Dropped, ...] = ()

    def order(self) -> tuple[float, ...]:
        """Fired rules first, then by how near they came and how much they would have given."""
        return (not isinstance(self.result, Firing), -self.nearness, -self.worth)


@dataclass(frozen=True, slots=True)
class _Trial:
    """One rule on trial."""

    rules: Rules
    plan: TopicPlan
    one: RulePlan
    laid: Survey

    def best(self, units: Iterable[Unit]) -> _Try | None:
        tries = [self._try(unit) for unit in units if is_tried_on(self.one.rule.near, unit)]
        tries += [self._try(unit) for unit in self._unseen() if not tries]
        best = min(tries, key=_Try.order, default=None)
        if best and best.result is Obstacle.MISSING and all(self.laid.mask & group for group in self.one.groups):
            whole = Unit(tuple(self.laid.sentences), self.laid.mask, self.one.rule.near)
            return _Try(self.one, whole, Obstacle.APART, 1.0, best.worth)
        return best

    def _unseen(self) -> Iterator[Unit]:
        """Where nothing counts at all, sentences that hold a look-alike."""
        for sentence in self.laid.sentences:
            if any(_stands_in(dropped, sentence) for dropped in self.laid.dropped):
                yield Unit((sentence,), sentence.mask, self.one.rule.near)

    def _try(self, unit: Unit) -> _Try:
        result = attempt(self.rules, self.plan, self.one, unit, self.laid)
        missing = [group for group in self.one.groups if not unit.mask & group]
        alike = tuple(
            dropped
            for dropped in self.laid.dropped
            if any(dropped.seen.mask & group for group in missing)
            and any(_stands_in(dropped, sentence) for sentence in unit.sentences)
        )
        seeming = sum(1 for group in missing if any(dropped.seen.mask & group for dropped in alike))
        nearness = 1 - (len(missing) - 0.5 * seeming) / len(self.one.groups)
        worth = result.value if isinstance(result, Firing) else self.one.rule.points * _weight(unit)
        return _Try(self.one, unit, result, nearness, worth, alike)


def _stands_in(dropped: Dropped, sentence: Sentence) -> bool:
    return dropped.field == sentence.field and sentence.start <= dropped.seen.start < sentence.end


def _weight(unit: Unit) -> float:
    return min(WEIGHTS[sentence.place] for sentence in unit.sentences)


# ------------------------------------------------------------------ in words


def _told(rules: Rules, plan: TopicPlan, laid: Survey, weighed: Weighed, one: _Try) -> NearMiss:
    fired = one.result if isinstance(one.result, Firing) else None
    found = list(fired.seen) if fired else list(_met(one))
    missing = tuple(
        tuple(id_ for id_, number in rules.numbers.items() if group >> number & 1)
        for group in one.one.groups
        if not one.unit.mask & group
    )
    against = list(_against(rules, plan, laid, one, {id(s): s for s, _ in found}.values()))
    outcome = _outcome(plan, laid, one.result)
    return NearMiss(
        topic=plan.topic.id,
        rule=fired.label if fired else one.one.rule.id,
        outcome=outcome,
        reason=_reason(outcome, plan, one, missing, against),
        found=tuple(dict.fromkeys(_spotted(rules, laid, sentence, seen) for sentence, seen in found)),
        missing=missing,
        against=tuple(against),
        points=round(one.worth, 2),
        mention_only=fired.mention_only if fired else one.one.rule.mention_only,
        topic_points=round(weighed.points, 2),
        strength=weighed.strength,
        mention=plan.topic.mention,
        tie=plan.topic.tie,
    )


def _met(one: _Try) -> Iterator[tuple[Sentence, Seen]]:
    """For each group that is there the first words that met it."""
    for group in one.one.groups:
        words = ((s, seen) for s in one.unit.sentences if s.mask & group for seen in s.seen if seen.mask & group)
        yield from [first] if (first := next(words, None)) else []


def _outcome(plan: TopicPlan, laid: Survey, result: Firing | Obstacle) -> Outcome:
    if isinstance(result, Obstacle):
        return Outcome(result.value)
    if is_held(plan, laid):
        return Outcome.HELD
    return Outcome.FIRED if result.value > 0 else Outcome.LOWERED


def _against(
    rules: Rules, plan: TopicPlan, laid: Survey, one: _Try, sentences: Iterable[Sentence]
) -> Iterator[Spotted]:
    for dropped in one.lookalikes:
        sentence = next(s for s in one.unit.sentences if _stands_in(dropped, s))
        yield _spotted(rules, laid, sentence, dropped.seen, dropped.why)
    whys = [(one.one.unless, "undoes the rule"), (plan.vetoes, "vetoed by the topic")]
    whys += [(plan.demotes, "leaves a mention"), *((bit, f"takes {points:g} points") for bit, points in plan.lowers)]
    if one.result is Obstacle.MISSING:
        return
    for sentence in one.unit.sentences if one.result is Obstacle.UNLESS else sentences:
        for mask, why in whys:
            seen = next((seen for seen in sentence.seen if seen.mask & mask), None)
            if seen:
                yield _spotted(rules, laid, sentence, seen, why)
    other = {Obstacle.VETO: plan.headed, Obstacle.UNLESS: one.one.unless_title}
    if isinstance(one.result, Obstacle) and other.get(one.result):
        titles = (sentence for sentence in laid.sentences if sentence.place is Place.TITLE)
        for sentence, seen in ((s, seen) for s in titles for seen in s.seen if seen.mask & other[one.result]):
            yield _spotted(rules, laid, sentence, seen, "makes the title one about somebody else")


def _reason(
    outcome: Outcome, plan: TopicPlan, one: _Try, missing: tuple[tuple[str, ...], ...], against: list[Spotted]
) -> str:
    lacks = " and ".join(f"any of {', '.join(group)}" if len(group) > 1 else group[0] for group in missing)
    undone = ", ".join(f"«{spotted.form}» ({spotted.concept}): {spotted.why}" for spotted in against)
    exercise = one.one.exercise
    takes = exercise.topics.get(plan.topic.id, ()) if exercise else ()
    return {
        Outcome.FIRED: f"it fired for {one.worth:g} points" + (f"; {undone}" if undone else ""),
        Outcome.HELD: "the text bears the marks of machine-made news and names no source",
        Outcome.LOWERED: f"nothing is left of its points: {undone}",
        Outcome.MISSING: f"{lacks} is missing" + (f"; {undone}" if undone else ""),
        Outcome.APART: f"all it asks for is there, but not in one {one.one.rule.near}",
        Outcome.UNLESS: undone,
        Outcome.VETO: undone,
        Outcome.NOT_CARRIED: "the name alone does not carry the topic: the article must name "
        + (" and ".join(" or ".join(group) for group in takes) or "an edition that does"),
        Outcome.DOUBTFUL: "only unsure sources know of this edition: a ministry, agency or fleet must be named",
    }[outcome]


def _spotted(rules: Rules, laid: Survey, sentence: Sentence, seen: Seen, why: str = "") -> Spotted:
    form, start, end, around = laid.quote(sentence, seen)
    return Spotted(
        concept=rules.numbered[seen.concept].id,
        form=form,
        field=sentence.field,
        start=start,
        end=end,
        sentence=around,
        why=why,
    )
