"""Name what was done: the activities of a text, the primary one first. Firings walk in, ids walk out. Pure; only this room calls it.

Words count where a rule fired, and all over a text whose head is about the topic. What title and lead speak of comes first,
there by precedence; then the rest by how often it is named.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from scrapers.classifying.laid_out import Place, Sentence, Survey
from scrapers.classifying.rules import Rules
from scrapers.classifying.weighing import WEIGHTS, Weighed

_HEAD = (Place.TITLE, Place.LEAD)


@dataclass(slots=True)
class _Tally:
    """Weights of the activities: in title and lead, in the body, and where they stand back behind another."""

    head: Counter[str] = field(default_factory=Counter)
    body: Counter[str] = field(default_factory=Counter)
    behind: Counter[str] = field(default_factory=Counter)


def activities_of(rules: Rules, laid: Survey, earned: Sequence[Weighed]) -> tuple[str, ...]:
    """Ids of the activities, the primary one first; none where no word names one."""
    tally = _count(rules, laid, earned)

    def precedence(id_: str) -> int:
        return rules.activities[id_].precedence

    rest = tally.body + tally.behind
    first = sorted(tally.head, key=precedence)
    others = sorted(set(rest) - set(first), key=lambda id_: (id_ not in tally.body, -rest[id_], precedence(id_)))
    return (*first, *others)


def _count(rules: Rules, laid: Survey, earned: Sequence[Weighed]) -> _Tally:
    own: dict[int, set[str]] = defaultdict(set)
    fired: set[int] = set()
    for firing in (firing for one in earned for firing in one.firings):
        fired.update(id(sentence) for sentence, _ in firing.seen)
        if activity := firing.plan.rule.activity or (firing.plan.exercise.activity if firing.plan.exercise else ""):
            own[id(firing.sentence)].add(activity)
    whole = any(one.at_head for one in earned)
    heads = _HEAD if any(s.place in _HEAD and id(s) in fired for s in laid.sentences) else ()
    first = next((s.paragraph for s in laid.sentences if id(s) in fired), None)
    tally = _Tally()
    for sentence in laid.sentences:
        if id(sentence) not in fired and not (whole and sentence.mask):
            continue
        # A text that no head carries is read from the first paragraph that speaks of the topic.
        at_head = id(sentence) in fired and (sentence.place in heads if heads else sentence.paragraph == first)
        for activity, stands_back in _named(rules, sentence, own[id(sentence)]):
            leads = at_head or (id(sentence) in fired and _is_occasion(rules, activity, sentence))
            weights = tally.behind if stands_back else tally.head if leads else tally.body
            weights[activity] += round(2 * WEIGHTS[sentence.place])
    return tally


def _is_occasion(rules: Rules, activity: str, sentence: Sentence) -> bool:
    return _names_any(rules, sentence, rules.activities[activity].occasion)


def _names_any(rules: Rules, sentence: Sentence, concepts: tuple[str, ...]) -> bool:
    return any(sentence.mask >> rules.numbers[name] & 1 for name in concepts)


def _named(rules: Rules, sentence: Sentence, own: set[str]) -> Iterator[tuple[str, bool]]:
    """The activities a sentence names, by its words or by the rule that fired, and whether each stands back."""
    names = own | {id_ for id_ in rules.activities if sentence.mask >> rules.numbers[id_] & 1}
    back: set[str] = set()
    for one in rules.yieldings:
        if one.to not in names or _names_any(rules, sentence, one.unless):
            continue
        if all(_names_any(rules, sentence, group) for group in one.when):
            back.update(set(one.activities) - {one.to})
    return ((name, name in back) for name in names)
