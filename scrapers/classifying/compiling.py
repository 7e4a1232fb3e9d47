"""Turn a checked draft into `Rules`: concepts get numbers, their forms one automaton, their names masks of bits.

Pure; only `loading` calls it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from graphlib import TopologicalSorter

from scrapers.classifying.drafts import Draft
from scrapers.classifying.matching import Matcher
from scrapers.classifying.needs import Needs, needs_of
from scrapers.classifying.rules import Near, Rule, RulePlan, Rules, Topic, TopicPlan


def compile_rules(draft: Draft, version: str) -> Rules:
    """The draft, ready to classify. It must have passed `checking.check`."""
    numbers = {id_: number for number, id_ in enumerate(draft.concepts)}
    forms = {numbers[id_]: concept.patterns for id_, concept in draft.concepts.items() if concept.patterns}
    masks = _masks(draft, numbers)
    hides = {numbers[id_]: _hidden(draft, numbers, id_) for id_, concept in draft.concepts.items() if concept.hides}
    plans = tuple(_plan(topic, draft, numbers) for topic in draft.topics.values())
    needs = needs_of(
        [(one.groups, one.rule.near is Near.TEXT) for plan in plans for one in plan.rules],
        {masks[concept]: len(patterns) for concept, patterns in forms.items()},
    )
    answers = tuple(needs.answered(mask) for mask in masks)
    return Rules(
        concepts=draft.concepts,
        numbered=tuple(draft.concepts.values()),
        exercises=draft.exercises,
        activities=draft.activities,
        yieldings=tuple(draft.yieldings),
        topics=draft.topics,
        version=version,
        matcher=Matcher(forms, masks, hides, answers),
        numbers=numbers,
        masks=tuple(masks),
        answers=answers,
        conditional=frozenset(
            numbers[id_] for id_, one in draft.concepts.items() if one.after or one.not_from or one.offices
        ),
        named=frozenset(numbers[id_] for id_ in draft.exercises),
        plans=tuple(_asking(plan, needs) for plan in plans),
        needs=needs,
    )


def _asking(plan: TopicPlan, needs: Needs) -> TopicPlan:
    rules = tuple(replace(one, asks=needs.bits_of(one.groups)) for one in plan.rules)
    asking = {one.asks: tuple(n for n, other in enumerate(rules) if other.asks == one.asks) for one in rules}
    return replace(plan, rules=rules, asking=asking)


def _masks(draft: Draft, numbers: Mapping[str, int]) -> list[int]:
    """For each concept the bits of itself and of all that include it, however far up."""
    masks = {id_: 1 << number for id_, number in numbers.items()}
    inner_first = TopologicalSorter({id_: concept.any for id_, concept in draft.concepts.items()}).static_order()
    for id_ in reversed(list(inner_first)):
        for inner in draft.concepts[id_].any:
            masks[inner] |= masks[id_]
    return [masks[id_] for id_ in draft.concepts]


def _hidden(draft: Draft, numbers: Mapping[str, int], id_: str) -> int:
    """Bits of the concepts hidden inside this one, with all they include."""
    bits, queue = 0, list(draft.concepts[id_].hides)
    while queue:
        inner = queue.pop()
        if not bits >> numbers[inner] & 1:
            bits |= 1 << numbers[inner]
            queue += draft.concepts[inner].any
    return bits


def _plan(topic: Topic, draft: Draft, numbers: Mapping[str, int]) -> TopicPlan:
    def bits(names: Iterable[str]) -> int:
        return sum(1 << numbers[name] for name in set(names))

    def exercises() -> Iterator[RulePlan]:
        for exercise in draft.exercises.values():
            editions = any(topic.id in edition.topics for edition in exercise.editions)
            if topic.id in exercise.topics or editions:
                rule = Rule(id=exercise.id, all=((exercise.id,),), points=topic.exercise, alone=True)
                yield RulePlan(rule=rule, groups=(bits([exercise.id]),), exercise=exercise)

    rules = [
        RulePlan(
            rule=rule,
            groups=tuple(bits(group) for group in rule.all),
            unless=bits(rule.unless),
            unless_title=bits(rule.unless_title),
        )
        for rule in topic.rules
    ]
    return TopicPlan(
        topic=topic,
        rules=(*rules, *exercises()),
        lowers=tuple((bits([name]), points) for name, points in topic.lowers.items()),
        low=bits(topic.lowers),
        vetoes=bits(topic.vetoes),
        headed=bits(topic.headed),
        demotes=bits(topic.demotes),
        supports=tuple(bits([name]) for name in topic.supports),
        readouts=bits(topic.readouts),
        unsourced=bits(topic.unsourced),
        sources=bits(topic.sources),
    )
