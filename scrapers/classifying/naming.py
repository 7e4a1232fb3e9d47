"""Name what was done: the activities of a text, the primary one first. Firings walk in, ids walk out. Pure; only this room calls it.

Words count where a rule fired, and all over a text whose head is about the topic. What title and lead speak of comes first,
there by precedence; then the rest by how often it is named.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from scrapers.classifying.firing import WEIGHTS
from scrapers.classifying.laid_out import Place, Sentence, Survey
from scrapers.classifying.rules import Rules
from scrapers.classifying.weighing import Weighed

_HEAD = (Place.TITLE, Place.LEAD)


@dataclass(slots=True)
class _Tally:
    """Weights of the activities: in title and lead, in the body, and where they stand back behind another."""

    #: Those which the title names and which lead from there.
    title: set[str] = field(default_factory=set)
    head: Counter[str] = field(default_factory=Counter)
    body: Counter[str] = field(default_factory=Counter)
    behind: Counter[str] = field(default_factory=Counter)
    #: What rules stand for where no word of their sentence names an activity; it counts when the whole text names none.
    otherwise: Counter[str] = field(default_factory=Counter)


def activities_of(rules: Rules, laid: Survey, earned: Sequence[Weighed]) -> tuple[str, ...]:
    """Ids of the activities, the primary one first; none where no word names one."""
    tally = _count(rules, laid, earned)

    def precedence(id_: str) -> int:
        return rules.activities[id_].precedence

    rest = tally.body + tally.behind
    if not tally.head and not rest:
        return tuple(sorted(tally.otherwise, key=precedence))
    first = sorted(tally.head, key=lambda id_: (bool(tally.title) and id_ not in tally.title, precedence(id_)))
    others = sorted(set(rest) - set(first), key=lambda id_: (id_ not in tally.body, -rest[id_], precedence(id_)))
    return (*first, *others)


@dataclass(slots=True)
class _Fired:
    """What the rules that fired in a sentence stand for."""

    activities: set[str] = field(default_factory=set)
    otherwise: set[str] = field(default_factory=set)


def _by_sentence(earned: Sequence[Weighed]) -> dict[int, _Fired]:
    found: dict[int, _Fired] = defaultdict(_Fired)
    for firing in (firing for one in earned for firing in one.firings):
        for sentence, _ in firing.seen:
            found.setdefault(id(sentence), _Fired())
        rule, exercise = firing.plan.rule, firing.plan.exercise
        here = found[id(firing.sentence)]
        here.activities.update({rule.activity, exercise.activity if exercise else ""} - {""})
        here.otherwise.update({rule.otherwise} - {""})
    return found


def _count(rules: Rules, laid: Survey, earned: Sequence[Weighed]) -> _Tally:
    fired = _by_sentence(earned)
    whole = any(one.at_head for one in earned)
    heads = _HEAD if any(s.place in _HEAD and id(s) in fired for s in laid.sentences) else ()
    first = next((s.paragraph for s in laid.sentences if id(s) in fired), None)
    tally = _Tally()
    for sentence in laid.sentences:
        here = fired.get(id(sentence))
        if here is None and not (whole and sentence.mask):
            continue
        # A text that no head carries is read from the first paragraph that speaks of the topic.
        at_head = here is not None and (sentence.place in heads if heads else sentence.paragraph == first)
        for activity, stands_back in _named(rules, sentence, here or _Fired()):
            leads = at_head or (here is not None and _is_occasion(rules, activity, sentence))
            weights = tally.behind if stands_back else tally.head if leads else tally.body
            weights[activity] += round(2 * WEIGHTS[sentence.place])
            if weights is tally.head and sentence.place is Place.TITLE and rules.activities[activity].titled:
                tally.title.add(activity)
        if here is not None:
            tally.otherwise.update(here.otherwise)
    return tally


def _is_occasion(rules: Rules, activity: str, sentence: Sentence) -> bool:
    return _names_any(rules, sentence, rules.activities[activity].occasion)


def _names_any(rules: Rules, sentence: Sentence, concepts: tuple[str, ...]) -> bool:
    return any(sentence.mask >> rules.numbers[name] & 1 for name in concepts)


def _named(rules: Rules, sentence: Sentence, fired: _Fired) -> Iterator[tuple[str, bool]]:
    """The activities a sentence names, by its words or by the rule that fired, and whether each stands back."""
    words = {id_ for id_ in rules.activities if sentence.mask >> rules.numbers[id_] & 1}
    names = fired.activities | words
    back: set[str] = set()
    for one in rules.yieldings:
        if one.to not in names or _names_any(rules, sentence, one.unless):
            continue
        if all(_names_any(rules, sentence, group) for group in one.when):
            back.update(set(one.activities) - {one.to})
    return ((name, name in back) for name in names)
