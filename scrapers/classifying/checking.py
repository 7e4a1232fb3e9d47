"""Check a draft as a whole: every name known, no circle, nothing empty. A draft walks in, complaints walk out.

Pure; only `loading` calls it. Whether rules can fire is checked once they are compiled, in `reaching`.
"""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from scrapers.classifying.drafts import Draft

_CONDITIONS = frozenset(("capitals", "quotes", "year"))

#: File, line, reason.
Place = tuple[str, int, str]


def check(draft: Draft) -> list[Place]:
    """All that is wrong between the parts of a draft: (file, line, reason)."""
    return [*_references(draft), *_circles(draft), *_empty(draft)]


def place_of(draft: Draft, kind: str, id_: str, reason: str) -> Place:
    """Where in the files a thing was written, with what is wrong with it."""
    file, line, _ = draft.places.get((kind, id_), ("", 0, False))
    return file, line, reason


def _references(draft: Draft) -> Iterator[Place]:
    for kind, id_, what, names in _mentions(draft):
        for name in names:
            if name not in draft.concepts:
                yield place_of(draft, kind, id_, f"{what} names an unknown concept: {name!r}")
    for id_, exercise in draft.exercises.items():
        if exercise.activity not in draft.activities:
            yield place_of(draft, "exercise", id_, f"exercise {id_} names an unknown activity: {exercise.activity!r}")
        for topic in dict.fromkeys([*exercise.topics, *(t for edition in exercise.editions for t in edition.topics)]):
            if topic not in draft.topics:
                yield place_of(draft, "exercise", id_, f"exercise {id_} names an unknown topic: {topic!r}")
    for number, yielding in enumerate(draft.yieldings):
        for name in (*yielding.activities, yielding.to):
            if name not in draft.activities:
                yield place_of(draft, "yields", str(number), f"yields names an unknown activity: {name!r}")
    for topic, its in draft.topics.items():
        for rule in its.rules:
            for activity in {rule.activity, rule.otherwise} - {"", *draft.activities}:
                reason = f"rule {rule.id} names an unknown activity: {activity!r}"
                yield place_of(draft, "rule", f"{topic}/{rule.id}", reason)


def _mentions(draft: Draft) -> Iterator[tuple[str, str, str, list[str]]]:
    """Every place that names concepts: kind, id, what to call it, the names."""
    for id_, concept in draft.concepts.items():
        yield "concept", id_, f"concept {id_}", [*concept.any, *concept.hides, *concept.after]
    for id_, exercise in draft.exercises.items():
        conditions = [word for line in exercise.guard for word in line if word not in _CONDITIONS]
        needs = [name for groups in exercise.topics.values() for group in groups for name in group]
        yield "exercise", id_, f"exercise {id_}", conditions + needs
    for id_, activity in draft.activities.items():
        yield "activity", id_, f"activity {id_}", list(activity.occasion)
    for number, yielding in enumerate(draft.yieldings):
        yield "yields", str(number), "yields", [*(name for group in yielding.when for name in group), *yielding.unless]
    for id_, topic in draft.topics.items():
        lists = (
            topic.lowers,
            topic.vetoes,
            topic.headed,
            topic.demotes,
            topic.supports,
            topic.readouts,
            topic.unsourced,
            topic.sources,
        )
        yield "topic", id_, f"topic {id_}", [name for its in lists for name in its]
        for rule in topic.rules:
            names = [*(name for group in rule.all for name in group), *rule.unless, *rule.unless_title]
            yield "rule", f"{id_}/{rule.id}", f"rule {rule.id}", names


def _circles(draft: Draft) -> Iterator[Place]:
    try:
        TopologicalSorter({id_: concept.any for id_, concept in draft.concepts.items()}).prepare()
    except CycleError as why:
        circle: list[str] = why.args[1]
        reason = f"concepts include each other in a circle: {' > '.join(reversed(circle))}"
        yield place_of(draft, "concept", circle[-1], reason)


def _empty(draft: Draft) -> Iterator[Place]:
    for id_, concept in draft.concepts.items():
        if not concept.patterns and not concept.any:
            yield place_of(
                draft, "concept", id_, f"concept {id_} has neither forms nor concepts of its own: nothing can match it"
            )
    for topic, its in draft.topics.items():
        if not 0 < its.mention <= its.tie:
            yield place_of(draft, "topic", topic, f"topic {topic}: mention must be above 0 and not above tie")
        for rule in its.rules:
            where = "rule", f"{topic}/{rule.id}"
            if not rule.all:
                yield place_of(draft, *where, f"rule {rule.id} asks for nothing: it would always fire")
            if rule.points <= 0:
                yield place_of(draft, *where, f"rule {rule.id} gives {rule.points:g} points: it can never fire")
