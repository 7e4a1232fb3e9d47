"""Where a text may name a concept, and where it may name it otherwise by one set of rules than by another. Two `Rules` walk in,
conditions walk out. Pure; only `differing` calls it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from scrapers.classifying.conditions import NONE, all_of, any_of, standing
from scrapers.classifying.forms import Pattern
from scrapers.classifying.rules import Concept, Exercise, Rules
from storage.records import Condition

_CONDITIONS = ("year", "capitals", "quotes")


class Renaming:
    """The concepts of `old` and `new` beside each other, by name."""

    def __init__(self, old: Rules, new: Rules) -> None:
        self._both = (old, new)
        self._present: dict[str, Condition] = {}
        self._otherwise: dict[str, Condition] = {}
        self._covers = [
            (id_, [_hidden(rules, id_) for rules in self._both])
            for id_ in dict.fromkeys([*old.concepts, *new.concepts])
            if any(rules.concepts[id_].hides for rules in self._both if id_ in rules.concepts)
        ]

    def present(self, concepts: Iterable[str]) -> Condition:
        """A form of one of `concepts`, by either set of rules, may stand in the text."""
        return any_of(map(self._present_of, concepts))

    def otherwise(self, concepts: Iterable[str]) -> Condition:
        """One of `concepts` may be named by one set of rules and not by the other, or elsewhere in the text."""
        return any_of(map(self._otherwise_of, concepts))

    def _present_of(self, id_: str) -> Condition:
        if id_ not in self._present:
            included = set().union(*(_included(rules, id_) for rules in self._both))
            self._present[id_] = any_of(self._forms(one) for one in sorted(included))
        return self._present[id_]

    def _otherwise_of(self, id_: str) -> Condition:
        if id_ not in self._otherwise:
            # Asked for again on the way round a circle, it is enough to know that a form of it must stand there at all.
            self._otherwise[id_] = self._present_of(id_)
            old, new = (_included(rules, id_) for rules in self._both)
            parts = [self._forms(one) for one in sorted(old ^ new)] + [self._turned(one) for one in sorted(old & new)]
            self._otherwise[id_] = any_of(parts)
        return self._otherwise[id_]

    def _forms(self, id_: str) -> Condition:
        return standing(dict.fromkeys(pattern for rules in self._both for pattern in _patterns(rules, id_)))

    def _turned(self, id_: str) -> Condition:
        """A hit of this very concept may count for one set of rules and not for the other."""
        before, after = (_terms(rules, id_) for rules in self._both)
        if before != after:
            return self._forms(id_)
        old, new = (set(_patterns(rules, id_)) for rules in self._both)
        around = [self._otherwise_of(one) for one in sorted(_named_beside(self._both[0], id_))]
        if (covered := any_of(self._uncovered(id_))) != NONE:
            around.append(covered)
        return any_of([standing(sorted(old ^ new, key=repr)), all_of([self._forms(id_), any_of(around)])])

    def _uncovered(self, id_: str) -> Iterator[Condition]:
        """Forms that hide this concept inside them for one set of rules and not for the other."""
        for cover, (before, after) in self._covers:
            if (id_ in before) != (id_ in after):
                yield self._forms(cover)
            elif id_ in before:
                old, new = (set(_patterns(rules, cover)) for rules in self._both)
                yield standing(sorted(old ^ new, key=repr))


def _included(rules: Rules, id_: str) -> set[str]:
    """The concept and all that count as it, however far down."""
    found: set[str] = set()
    queue = [id_] if id_ in rules.concepts else []
    while queue:
        one = queue.pop()
        if one not in found:
            found.add(one)
            queue += rules.concepts[one].any
    return found


def _hidden(rules: Rules, id_: str) -> set[str]:
    """What is not seen inside the forms of this concept."""
    hides = rules.concepts[id_].hides if id_ in rules.concepts else ()
    return set().union(*(_included(rules, one) for one in hides))


def _patterns(rules: Rules, id_: str) -> tuple[Pattern, ...]:
    return rules.concepts[id_].patterns if id_ in rules.concepts else ()


def _terms(rules: Rules, id_: str) -> tuple[Concept | None, Exercise | None]:
    """Everything but its forms that decides whether a hit of the concept counts."""
    concept = rules.concepts.get(id_)
    return concept and replace(concept, patterns=(), any=(), hides=()), rules.exercises.get(id_)


def _named_beside(rules: Rules, id_: str) -> set[str]:
    """The concepts that must be named for this one to count."""
    concept, exercise = rules.concepts.get(id_), rules.exercises.get(id_)
    named = set(concept.after) if concept else set()
    if exercise:
        named |= {word for line in exercise.guard for word in line if word not in _CONDITIONS}
    return named
