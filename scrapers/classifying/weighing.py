"""Weigh a surveyed text against a topic. Sentences walk in, points and what earned them walk out. Pure; only this room calls it.

A rule that fires earns its points times the weight of the place. Of several in one sentence the heaviest counts. What stands
in the body alone is judged by its strongest paragraph, and as a whole once a tenth of the sentences speak of the topic: one
strong paragraph makes a survey a tie, a line here and there is a passing mention.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from scrapers.classifying.firing import Firing, fire
from scrapers.classifying.laid_out import HEAD, Survey
from scrapers.classifying.rules import Rules, TopicPlan
from storage.records import Strength

_MOST_SUPPORT = 2.0
#: The share of sentences that makes scattered hits more than passing.
_SHARE = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What a text earned for a topic."""

    strength: Strength | None
    points: float
    firings: tuple[Firing, ...]
    #: True when title or lead carry it: then the whole text is about it.
    at_head: bool


_NOTHING = Weighed(strength=None, points=0.0, firings=(), at_head=False)


def weigh(rules: Rules, plan: TopicPlan, survey: Survey) -> Weighed:
    """The points of one topic."""
    firings = [] if is_held(plan, survey) else [f for f in fire(rules, plan, survey) if f.value > 0]
    if not firings:
        return _NOTHING
    full = [firing for firing in firings if not firing.mention_only]
    tie_points, at_head = _add_up(full, survey)
    if tie_points:
        tie_points += _support(plan, survey, full)
    points = tie_points if len(full) == len(firings) else max(tie_points, _add_up(firings, survey)[0])
    strength = None
    if tie_points >= plan.topic.tie and _is_enough(full):
        strength = Strength.TIE
    elif points >= plan.topic.mention:
        strength = Strength.MENTION
    return Weighed(strength=strength, points=points, firings=tuple(firings), at_head=at_head)


def is_held(plan: TopicPlan, survey: Survey) -> bool:
    """Whether the text bears the marks of machine-made news and names nobody it has it from."""
    return bool(survey.mask & plan.unsourced) and not survey.mask & plan.sources


def _is_enough(firings: Sequence[Firing]) -> bool:
    """Words in the body alone need two sentences, or a name that decides by itself."""
    at_head = any(f.sentence.place in HEAD or f.plan.rule.alone for f in firings)
    return at_head or len({id(f.sentence) for f in firings}) > 1


def _add_up(firings: Sequence[Firing], survey: Survey) -> tuple[float, bool]:
    best: dict[int, Firing] = {}
    for firing in firings:
        known = best.get(id(firing.sentence))
        if known is None or known.value < firing.value:
            best[id(firing.sentence)] = firing
    head, body = 0.0, defaultdict[int, float](float)
    for firing in best.values():
        if firing.sentence.place in HEAD:
            head += firing.value
        else:
            body[firing.sentence.paragraph] += firing.value
    share = len(best) / max(1, len(survey.sentences))
    strongest = max(body.values(), default=0.0)
    return head + (sum(body.values()) if share >= _SHARE or head else strongest), head > 0


def _support(plan: TopicPlan, survey: Survey, firings: Sequence[Firing]) -> float:
    """What speaks for a text that has a hit: terms of the field, and the stock phrases of readouts."""
    paragraphs = {firing.sentence.paragraph for firing in firings}
    mask = 0
    for sentence in survey.sentences:
        if sentence.paragraph in paragraphs or sentence.place in HEAD:
            mask |= sentence.mask
    support = 0.5 * sum(1 for bit in plan.supports if mask & bit)
    return min(support, _MOST_SUPPORT) + (1.0 if survey.mask & plan.readouts else 0.0)
