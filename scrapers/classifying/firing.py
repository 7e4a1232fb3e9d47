"""Try the rules of a topic on a text laid out. Sentences walk in, firings walk out, or what stood in the way. Pure.

Only `weighing` and `explaining` call it, so that why a rule did not fire is told by what decided it. A rule is tried on units:
a sentence, two neighbours, a paragraph, the text, and title and lead taken as one.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from scrapers.classifying.laid_out import HEAD, Place, Seen, Sentence, Survey
from scrapers.classifying.probing import either
from scrapers.classifying.rules import Exercise, Near, RulePlan, Rules, TopicPlan

WEIGHTS = {Place.TITLE: 3.0, Place.LEAD: 2.0, Place.BODY: 1.0, Place.CAPTION: 0.5}

MOST_LOWERED = 3.0
#: A window: so many words between the first and the last concept, or so many Han characters.
_WORDS, _HAN = 30, 45
#: A phrase: so many from one concept to the next.
_PHRASE_WORDS, _PHRASE_HAN = 3, 8


class Firing(NamedTuple):
    """A rule that fired: where, on which words, for how much."""

    plan: RulePlan
    sentence: Sentence
    #: The words of each group, and the sentence each stands in.
    seen: tuple[tuple[Sentence, Seen], ...]
    value: float
    mention_only: bool

    @property
    def label(self) -> str:
        """The rule's id; of a named exercise, with the year of the edition."""
        year = self.seen[0][1].year if self.plan.exercise else 0
        return f"{self.plan.rule.id}-{year}" if year else self.plan.rule.id


class Obstacle(StrEnum):
    """Why a rule did not fire on a unit."""

    #: A concept it asks for is not there.
    MISSING = "missing"
    #: All are there, but not near enough to each other.
    APART = "apart"
    #: A concept under its `unless` is there.
    UNLESS = "unless"
    #: A concept the topic vetoes is there.
    VETO = "veto"
    #: The exercise was named, but not who it takes to carry the topic.
    NOT_CARRIED = "not carried"
    #: Only sources that invent events know of this edition, and no other is named.
    DOUBTFUL = "doubtful"


class Unit(NamedTuple):
    """Sentences looked at together."""

    sentences: tuple[Sentence, ...]
    mask: int
    kind: Near
    #: Title and lead taken as one.
    is_head: bool = False


def fire(rules: Rules, plan: TopicPlan, survey: Survey) -> Iterator[Firing]:
    """Every way a rule of the topic fires on the text."""
    possible = sorted(number for asks in survey.met for number in plan.asking.get(asks, ()))
    for one in map(plan.rules.__getitem__, possible):
        asks = one.asks
        for answered, unit in _tried(survey, one.rule.near):
            if answered & asks == asks:
                firing = attempt(rules, plan, one, unit, survey)
                if isinstance(firing, Firing):
                    yield firing


def _tried(survey: Survey, near: Near) -> "list[tuple[int, Unit]]":
    """What rules of this kind are tried on, with what it answers of what they ask for."""
    known: list[tuple[int, Unit]] | None = survey.tried.get(near.value)
    if known is None:
        units = [unit for unit in units_of(survey, (near,)) if is_tried_on(near, unit)]
        known = survey.tried[near.value] = [(either([s.asked for s in unit.sentences]), unit) for unit in units]
    return known


def _holds(mask: int, groups: tuple[int, ...]) -> bool:
    """Whether each group is there."""
    for group in groups:  # noqa: SIM110 - a generator for `all` would cost three times as much
        if not mask & group:
            return False
    return True


def is_tried_on(near: Near, unit: Unit) -> bool:
    return unit.kind is near or (unit.kind is Near.SENTENCE and near in (Near.WINDOW, Near.PHRASE))


def units_of(survey: Survey, kinds: Collection[Near]) -> Iterator[Unit]:
    """What rules are tried on, for rules of these kinds."""
    sentences = [sentence for sentence in survey.sentences if sentence.mask]
    for sentence in sentences:
        yield Unit((sentence,), sentence.mask, Near.SENTENCE)
    head = _head(survey)
    if head:
        yield from (_unit(head, kind, is_head=True) for kind in (Near.SENTENCE, Near.PARAGRAPH))
    if Near.WINDOW in kinds:
        for first, second in zip(survey.sentences, survey.sentences[1:], strict=False):
            if first.mask and second.mask and first.paragraph == second.paragraph:
                yield _unit((first, second), Near.WINDOW)
    if Near.PARAGRAPH in kinds:
        paragraphs = defaultdict(list)
        for sentence in sentences:
            paragraphs[sentence.paragraph].append(sentence)
        yield from (_unit(tuple(paragraph), Near.PARAGRAPH) for paragraph in paragraphs.values())
    if Near.TEXT in kinds:
        yield _unit(tuple(sentences), Near.TEXT)


def _unit(sentences: tuple[Sentence, ...], kind: Near, *, is_head: bool = False) -> Unit:
    mask = 0
    for sentence in sentences:
        mask |= sentence.mask
    return Unit(sentences, mask, kind, is_head)


def _head(survey: Survey) -> tuple[Sentence, ...]:
    """The title and the first sentence of the lead, which count as one."""
    titles = [s for s in survey.sentences if s.place is Place.TITLE]
    leads = [s for s in survey.sentences if s.place is Place.LEAD]
    return (*titles, leads[0]) if titles and leads else ()


def attempt(rules: Rules, plan: TopicPlan, one: RulePlan, unit: Unit, survey: Survey) -> Firing | Obstacle:
    """What comes of one rule on one unit."""
    if not _holds(unit.mask, one.groups):
        return Obstacle.MISSING
    if unit.mask & one.unless or survey.heading & one.unless_title:
        return Obstacle.UNLESS
    if unit.is_head and any(_holds(s.mask, one.groups) for s in unit.sentences):
        return Obstacle.APART  # one of its sentences says it all, and is looked at by itself
    chosen = _choose_close(one, unit, survey) if one.rule.near is Near.PHRASE else _choose(one, unit)
    if not chosen or (unit.kind is Near.WINDOW and not _within_window(chosen, survey)):
        return Obstacle.APART
    if one.exercise is not None:
        obstacle = _is_uncarried(rules, plan, one.exercise, chosen[0][1].year, unit, survey)
        if obstacle:
            return obstacle
    anchor, around = chosen[0][0], 0
    for sentence, _ in chosen:
        around |= sentence.mask
        if sentence is not anchor and WEIGHTS[sentence.place] < WEIGHTS[anchor.place]:
            anchor = sentence
    if around & plan.vetoes or (anchor.place is Place.LEAD and survey.heading & plan.headed):
        return Obstacle.VETO
    lowered = (
        min(sum(points for bit, points in plan.lowers if around & bit), MOST_LOWERED) if around & plan.low else 0.0
    )
    return Firing(
        plan=one,
        sentence=anchor,
        seen=chosen,
        value=max(0.0, one.rule.points - lowered) * WEIGHTS[anchor.place],
        mention_only=one.rule.mention_only or bool(around & plan.demotes),
    )


def _choose(one: RulePlan, unit: Unit) -> tuple[tuple[Sentence, Seen], ...]:
    """For each group the words that met it: the first and longest, in the sentence that meets most of the rule."""
    order: Sequence[Sentence] = unit.sentences
    if len(order) > 1:
        order = sorted(order, key=lambda s: -sum(1 for group in one.groups if s.mask & group))
    chosen = []
    for group in one.groups:
        found = _first(group, order)
        if found is None:
            return ()
        chosen.append(found)
    return tuple(chosen)


def _first(group: int, sentences: Sequence[Sentence]) -> tuple[Sentence, Seen] | None:
    for sentence in sentences:
        if sentence.mask & group:
            for seen in sentence.seen:
                if seen.mask & group:
                    return sentence, seen
    return None


def _choose_close(one: RulePlan, unit: Unit, survey: Survey) -> tuple[tuple[Sentence, Seen], ...]:
    """The same for words that must follow each other closely, in one sentence and in any order."""
    for sentence in unit.sentences:
        text = survey.folded(sentence).text
        options = [[seen for seen in sentence.seen if seen.mask & group] for group in one.groups]
        for first in options[0]:
            chosen = [first]
            for others in options[1:]:
                near = [seen for seen in others if any(_is_close(text, known, seen) for known in chosen)]
                if not near:
                    break
                chosen.append(near[0])
            else:
                return tuple((sentence, seen) for seen in chosen)
    return ()


def _is_close(text: str, one: Seen, other: Seen) -> bool:
    between = text[min(one.end, other.end) : max(one.start, other.start)]
    return between.count(" ") <= _PHRASE_WORDS + 1 and (" " in between or len(between) <= _PHRASE_HAN)


def _within_window(chosen: tuple[tuple[Sentence, Seen], ...], survey: Survey) -> bool:
    start = min(seen.start for _, seen in chosen)
    end = max(seen.end for _, seen in chosen)
    between = survey.folded(chosen[0][0]).text[start:end]
    spaces = between.count(" ")
    return spaces <= _WORDS and (spaces >= 8 or len(between) <= _HAN * 2)


def _is_uncarried(
    rules: Rules, plan: TopicPlan, exercise: Exercise, year: int, unit: Unit, survey: Survey
) -> Obstacle | None:
    """Whether a named exercise fails to carry this topic here: neither its edition does, nor what the text names."""
    if year in exercise.doubtful and not survey.mask & plan.sources:
        return Obstacle.DOUBTFUL
    if any(plan.topic.id in edition.topics for edition in exercise.editions if edition.year == year):
        return None
    groups = exercise.topics.get(plan.topic.id)
    if groups is None:
        return Obstacle.NOT_CARRIED
    # What title or lead name is what the text is about, and who takes part may be told anywhere in it.
    here = survey.mask if unit.sentences[0].place in HEAD else unit.mask
    carried = all(any(here >> rules.numbers[name] & 1 for name in group) for group in groups)
    return None if carried else Obstacle.NOT_CARRIED
