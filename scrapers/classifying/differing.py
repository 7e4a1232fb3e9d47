"""Which texts may be judged otherwise once one set of rules takes the place of another. Two `Rules` walk in, a `Condition`
walks out that every such text meets; others may meet it too. Pure; `service` asks the search index with it.

Why none is missed. A verdict depends on a text only through the hits of forms, and a hit holds the pieces of its form letter
by letter. So a concept is named otherwise only where a form stands that came or went, or whose terms changed, or that hides
it (`renaming`). A rule fires only where a form of each of its groups stands: one written anew matters nowhere else, and one
left as it was matters only where, besides, a concept it speaks of is named otherwise. Thresholds and modifiers of a topic
matter only where one of its rules may fire. Where none of this is so, every topic comes out as before, and so does the first
look that decides whether a text is read at all, for it asks the same rules. Activities and events matter to texts with a topic: they
have one now, or gain one and are met already. Leaving out a part of an `AllOf` only widens what is asked.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from scrapers.classifying.conditions import ALL, all_of, any_of
from scrapers.classifying.renaming import Renaming
from scrapers.classifying.rules import RulePlan, Rules, Topic
from storage.records import Condition, Judged

#: The lists of a topic that weigh for or against a text where a rule fires.
_MODIFIERS: tuple[Callable[[Topic], Iterable[str]], ...] = (
    lambda topic: topic.vetoes,
    lambda topic: topic.headed,
    lambda topic: topic.demotes,
    lambda topic: topic.supports,
    lambda topic: topic.readouts,
    lambda topic: topic.unsourced,
    lambda topic: topic.sources,
)


def differing(old: Rules, new: Rules) -> Condition:
    """What every text meets whose verdict by `new` is not the one `old` gave; the versions of the rules aside."""
    renaming = Renaming(old, new)
    topics = dict.fromkeys([*old.topics, *new.topics])
    told = (*_activities(renaming, old, new), *_events(renaming, old, new))
    return any_of([*(_topic(renaming, old, new, id_) for id_ in topics), *(all_of([Judged(), one]) for one in told)])


# ------------------------------------------------------------------ topics


def _topic(renaming: Renaming, old: Rules, new: Rules, id_: str) -> Condition:
    before, after = _plans(old, id_), _plans(new, id_)
    fires = any_of(_may_fire(renaming, one) for one in {**before, **after}.values())
    if id_ not in old.topics or id_ not in new.topics or _thresholds(old, id_) != _thresholds(new, id_):
        return fires
    rules = (_rule(renaming, id_, before.get(key), after.get(key)) for key in {**before, **after})
    modified = any_of(_modifiers(renaming, old.topics[id_], new.topics[id_]))
    return any_of([*rules, all_of([fires, modified])])


def _plans(rules: Rules, topic: str) -> Mapping[tuple[bool, str], RulePlan]:
    """The rules of a topic by what tells them apart: a named exercise may bear the id of a rule."""
    plans = (plan for plan in rules.plans if plan.topic.id == topic)
    return {(one.exercise is not None, one.rule.id): one for plan in plans for one in plan.rules}


def _thresholds(rules: Rules, id_: str) -> tuple[float, float]:
    return rules.topics[id_].tie, rules.topics[id_].mention


def _may_fire(renaming: Renaming, plan: RulePlan) -> Condition:
    return all_of(renaming.present(group) for group in plan.rule.all)


def _rule(renaming: Renaming, topic: str, old: RulePlan | None, new: RulePlan | None) -> Condition:
    if old is None or new is None or (old.rule, old.exercise) != (new.rule, new.exercise):
        return any_of(_may_fire(renaming, plan) for plan in (old, new) if plan)
    fires, groups = _may_fire(renaming, old), old.rule.all
    beside = [*old.rule.unless, *old.rule.unless_title]
    if old.exercise is not None:
        beside += (name for group in old.exercise.topics.get(topic, ()) for name in group)
    turned = [_with(renaming, groups, place) for place in range(len(groups))]
    return any_of([*turned, all_of([fires, renaming.otherwise(beside)])])


def _with(renaming: Renaming, groups: Sequence[tuple[str, ...]], place: int) -> Condition:
    """The group at `place` is named otherwise, and the others may be named."""
    others = (renaming.present(group) for number, group in enumerate(groups) if number != place)
    return all_of([renaming.otherwise(groups[place]), *others])


def _modifiers(renaming: Renaming, old: Topic, new: Topic) -> Iterator[Condition]:
    for listed in _MODIFIERS:
        before, after = set(listed(old)), set(listed(new))
        yield renaming.present(sorted(before ^ after))
        yield renaming.otherwise(sorted(before & after))
    lowers = {*old.lowers.items(), *new.lowers.items()}
    yield renaming.present(
        sorted(name for name, points in lowers if (old.lowers.get(name), new.lowers.get(name)) != (points, points))
    )
    yield renaming.otherwise(sorted({*old.lowers} & {*new.lowers}))


# ------------------------------------------------------------------ what is told beside the topics


def _activities(renaming: Renaming, old: Rules, new: Rules) -> Iterator[Condition]:
    """Where activities may change, in texts with a topic."""
    for id_ in dict.fromkeys([*old.activities, *new.activities]):
        before, after = (rules.activities.get(id_) for rules in (old, new))
        if before is None or after is None:
            yield renaming.present([id_])
        elif replace(before, name="") != replace(after, name=""):
            yield ALL
        else:
            yield renaming.otherwise([id_, *before.occasion])
    for yielding in (*old.yieldings, *new.yieldings):
        if (yielding in old.yieldings) != (yielding in new.yieldings):
            yield all_of(renaming.present(group) for group in yielding.when)
        else:
            yield renaming.otherwise([*(name for group in yielding.when for name in group), *yielding.unless])


def _events(renaming: Renaming, old: Rules, new: Rules) -> Iterator[Condition]:
    """Where named events may change, in texts with a topic."""
    both = {**old.exercises, **new.exercises}
    for id_ in both:
        same = old.exercises.get(id_) == new.exercises.get(id_)
        yield renaming.otherwise([id_]) if same else renaming.present([id_])
    before, after = ({name for topic in rules.topics.values() for name in topic.sources} for rules in (old, new))
    sources = any_of([renaming.present(sorted(before ^ after)), renaming.otherwise(sorted(before & after))])
    yield all_of([renaming.present(id_ for id_, exercise in both.items() if exercise.doubtful), sources])
