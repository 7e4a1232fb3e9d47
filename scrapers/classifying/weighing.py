"""Weigh a surveyed text against a topic. Sentences walk in, points and what earned them walk out. Pure; only this room calls it.

A rule that fires earns its points times the weight of the place. Of several in one sentence the heaviest counts. What stands
in the body alone is judged by its strongest paragraph, and as a whole once a tenth of the sentences speak of the topic: one
strong paragraph makes a survey a tie, a line here and there is a passing mention.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scrapers.classifying.laid_out import Place, Seen, Sentence, Survey
from scrapers.classifying.rules import Near, RulePlan, Rules, TopicPlan
from storage.records import Strength

WEIGHTS = {Place.TITLE: 3.0, Place.LEAD: 2.0, Place.BODY: 1.0, Place.CAPTION: 0.5}

_MOST_LOWERED = 3.0
_MOST_SUPPORT = 2.0
#: The share of sentences that makes scattered hits more than passing.
_SHARE = 0.1
#: A window: so many words between the first and the last concept, or so many Han characters.
_WORDS, _HAN = 30, 45
#: A phrase: so many from one concept to the next.
_PHRASE_WORDS, _PHRASE_HAN = 3, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Firing:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What a text earned for a topic."""

    strength: Strength | None
    points: float
    firings: tuple[Firing, ...]
    #: True when title or lead carry it: then the whole text is about it.
    at_head: bool


def weigh(rules: Rules, plan: TopicPlan, survey: Survey) -> Weighed:
    """The points of one topic."""
    held = bool(survey.mask & plan.unsourced) and not survey.mask & plan.sources
    firings = [] if held else [f for f in _fire(rules, plan, survey) if f.value > 0]
    full = [firing for firing in firings if not firing.mention_only]
    tie_points, at_head = _add_up(full, survey)
    if tie_points:
        tie_points += _support(plan, survey, full)
    points = max(tie_points, _add_up(firings, survey)[0])
    strength = None
    if tie_points >= plan.topic.tie and _is_enough(full):
        strength = Strength.TIE
    elif points >= plan.topic.mention:
        strength = Strength.MENTION
    return Weighed(strength=strength, points=points, firings=tuple(firings), at_head=at_head)


def _is_enough(firings: Sequence[Firing]) -> bool:
    """Words in the body alone need two sentences, or a name that decides by itself."""
    at_head = any(f.sentence.place in (Place.TITLE, Place.LEAD) or f.plan.rule.alone for f in firings)
    return at_head or len({id(f.sentence) for f in firings}) > 1


def _add_up(firings: Sequence[Firing], survey: Survey) -> tuple[float, bool]:
    best: dict[int, float] = defaultdict(float)
    where: dict[int, Sentence] = {}
    for firing in firings:
        best[id(firing.sentence)] = max(best[id(firing.sentence)], firing.value)
        where[id(firing.sentence)] = firing.sentence
    head, body = 0.0, defaultdict[int, float](float)
    for key, value in best.items():
        if where[key].place in (Place.TITLE, Place.LEAD):
            head += value
        else:
            body[where[key].paragraph] += value
    share = len(best) / max(1, len(survey.sentences))
    strongest = max(body.values(), default=0.0)
    return head + (sum(body.values()) if share >= _SHARE or head else strongest), head > 0


def _support(plan: TopicPlan, survey: Survey, firings: Sequence[Firing]) -> float:
    """What speaks for a text that has a hit: terms of the field, and the stock phrases of readouts."""
    paragraphs = {firing.sentence.paragraph for firing in firings}
    mask = 0
    for sentence in survey.sentences:
        if sentence.paragraph in paragraphs or sentence.place in (Place.TITLE, Place.LEAD):
            mask |= sentence.mask
    support = 0.5 * sum(1 for bit in plan.supports if mask & bit)
    return min(support, _MOST_SUPPORT) + (1.0 if survey.mask & plan.readouts else 0.0)


# ------------------------------------------------------------------ which rules fire


@dataclass(frozen=True, slots=True)
class _Unit:
    """Sentences looked at together."""

    sentences: tuple[Sentence, ...]
    mask: int
    kind: Near
    #: Title and lead taken as one.
    is_head: bool = False


def _fire(rules: Rules, plan: TopicPlan, survey: Survey) -> Iterator[Firing]:
    possible = [one for one in plan.rules if all(survey.mask & group for group in one.groups)]
    units = list(_units(survey, {one.rule.near for one in possible}))
    for one in possible:
        for unit in units:
            if unit.kind is one.rule.near or (
                unit.kind is Near.SENTENCE and one.rule.near in (Near.WINDOW, Near.PHRASE)
            ):
                firing = _try(rules, plan, one, unit, survey)
                if firing is not None:
                    yield firing


def _units(survey: Survey, kinds: set[Near]) -> Iterator[_Unit]:
    sentences = [sentence for sentence in survey.sentences if sentence.mask]
    for sentence in sentences:
        yield _Unit((sentence,), sentence.mask, Near.SENTENCE)
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


def _unit(sentences: tuple[Sentence, ...], kind: Near, *, is_head: bool = False) -> _Unit:
    mask = 0
    for sentence in sentences:
        mask |= sentence.mask
    return _Unit(sentences, mask, kind, is_head)


def _head(survey: Survey) -> tuple[Sentence, ...]:
    """The title and the first sentence of the lead, which count as one."""
    titles = [s for s in survey.sentences if s.place is Place.TITLE]
    leads = [s for s in survey.sentences if s.place is Place.LEAD]
    return (*titles, leads[0]) if titles and leads else ()


def _try(rules: Rules, plan: TopicPlan, one: RulePlan, unit: _Unit, survey: Survey) -> Firing | None:
    if not all(unit.mask & group for group in one.groups) or unit.mask & one.unless:
        return None
    if unit.is_head and any(all(s.mask & group for group in one.groups) for s in unit.sentences):
        return None  # one of its sentences says it all, and is looked at by itself
    chosen = _choose_close(one, unit, survey) if one.rule.near is Near.PHRASE else _choose(one, unit)
    if not chosen or (unit.kind is Near.WINDOW and not _within_window(chosen, survey)):
        return None
    if one.exercise is not None and not _carries(rules, plan, one, chosen[0][1], unit, survey):
        return None
    around = 0
    for sentence, _ in chosen:
        around |= sentence.mask
    if around & plan.vetoes:
        return None
    anchor = min((s for s, _ in chosen), key=lambda s: WEIGHTS[s.place])
    lowered = min(sum(points for bit, points in plan.lowers if around & bit), _MOST_LOWERED)
    return Firing(
        plan=one,
        sentence=anchor,
        seen=chosen,
        value=max(0.0, one.rule.points - lowered) * WEIGHTS[anchor.place],
        mention_only=one.rule.mention_only or bool(around & plan.demotes),
    )


def _choose(one: RulePlan, unit: _Unit) -> tuple[tuple[Sentence, Seen], ...]:
    """For each group the words that met it: the first and longest, in the sentence that meets most of the rule."""
    order = sorted(unit.sentences, key=lambda s: -sum(1 for group in one.groups if s.mask & group))
    chosen = []
    for group in one.groups:
        found = next(((s, seen) for s in order if s.mask & group for seen in s.seen if seen.mask & group), None)
        if found is None:
            return ()
        chosen.append(found)
    return tuple(chosen)


def _choose_close(one: RulePlan, unit: _Unit, survey: Survey) -> tuple[tuple[Sentence, Seen], ...]:
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


def _carries(rules: Rules, plan: TopicPlan, one: RulePlan, seen: Seen, unit: _Unit, survey: Survey) -> bool:
    """Whether a named exercise carries this topic here: by its edition, or because the text names who it takes."""
    exercise = one.exercise
    assert exercise is not None
    if seen.year in exercise.doubtful and not survey.mask & plan.sources:
        return False
    if any(plan.topic.id in edition.topics for edition in exercise.editions if edition.year == seen.year):
        return True
    if plan.topic.id not in exercise.topics:
        return False
    here = unit.mask
    for sentence in survey.sentences:
        if sentence.place in (Place.TITLE, Place.LEAD) or sentence.paragraph == unit.sentences[0].paragraph:
            here |= sentence.mask
    groups = exercise.topics[plan.topic.id]
    return all(any(here >> rules.numbers[name] & 1 for name in group) for group in groups)
