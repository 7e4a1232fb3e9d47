"""The nouns of classification: concepts, exercises, activities, topics and their rules, as read from topic files.

Frozen values without behaviour; only this room imports them. What each field of a file means is taught in docs/topics.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from scrapers.classifying.forms import Pattern
from scrapers.classifying.matching import Matcher
from scrapers.classifying.needs import Needs


class Near(StrEnum):
    """How near to each other the concepts of a rule must stand."""

    #: One sentence, with at most three words or eight Han characters from one to the next.
    PHRASE = "phrase"
    SENTENCE = "sentence"
    #: One sentence, or two neighbours with at most 30 English words, 25 Russian words or 45 Chinese characters between.
    WINDOW = "window"
    PARAGRAPH = "paragraph"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """One term of a person. Either end may be open."""

    name: str = ""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WordList:
    """Words that forms are made of; by themselves they mean nothing."""

    id: str
    #: By language (en, ru, zh).
    forms: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """Every word of one list before every word of another."""

    first: str
    second: str
    #: One more word may stand between.
    is_apart: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """Something a text may name, in all its forms."""

    id: str
    patterns: tuple[Pattern, ...] = ()
    #: Word lists whose words, joined, are forms as well.
    made_of: tuple[Joint, ...] = ()
    #: Concepts that count as this one too.
    any: tuple[str, ...] = ()
    #: Concepts not seen where they stand or begin inside this one (Russia inside 白俄罗斯).
    hides: tuple[str, ...] = ()
    #: Counts only after all of these were named earlier in the same text ("the two militaries").
    after: tuple[str, ...] = ()
    #: Countries whose outlets mean something else by it.
    not_from: tuple[str, ...] = ()
    #: Terms of a person; outside them the name is not the office-holder. Empty: always.
    offices: tuple[Office, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One time an exercise was held: one event, whatever the language that names it."""

    #: The year, with the stage where a year saw two: 2025, 2015II.
    name: str
    year: int
    #: Topics this edition carries without further ado.
    topics: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """A named exercise. Its forms are a concept of the same id."""

    id: str
    activity: str
    #: topic -> groups of concepts of which the article must name one each, for the name to carry that topic.
    topics: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    #: Any one line of conditions makes the name count; no lines: always.
    guard: tuple[tuple[str, ...], ...] = ()
    editions: tuple[Edition, ...] = ()
    #: Years heard of only from sources that invent events: they count only with a source named.
    doubtful: tuple[int, ...] = ()
    #: Years of editions that do not count.
    not_years: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Yielding:
    """Activities that stand back behind another where certain concepts are named: an exercise only talked about."""

    activities: tuple[str, ...]
    to: str
    #: Groups of concepts, one of each in the same sentence.
    when: tuple[tuple[str, ...], ...]
    #: Concepts that keep it from standing back.
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """One of the kinds of things done. Its triggers are a concept of the same id."""

    id: str
    name: str
    #: The lower number wins where several fire with equal strength.
    precedence: int
    #: Named in the title it comes first, whatever the lead adds: ministers met, and what they spoke of comes after.
    titled: bool = False
    #: Concepts that show a sentence to tell the occasion of the whole article, wherever it stands.
    occasion: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One line of a topic: which words, how near, count how much."""

    id: str
    #: Groups of concepts: one of each group must be there.
    all: tuple[tuple[str, ...], ...]
    points: float
    near: Near = Near.SENTENCE
    #: Concepts in the same sentence that undo it.
    unless: tuple[str, ...] = ()
    #: Concepts in the title that undo it wherever it fires: the text is about another pair.
    unless_title: tuple[str, ...] = ()
    #: The activity it stands for, whatever other words stand near; empty: the words decide.
    activity: str = ""
    #: The activity it stands for where no word near names one.
    otherwise: str = ""
    #: Never more than a mention.
    mention_only: bool = False
    #: Enough by itself, wherever it stands.
    alone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What a text may be about, and the rules that tell."""

    id: str
    name: str
    rules: tuple[Rule, ...]
    tie: float = 5
    mention: float = 2
    #: Points of a named exercise that carries this topic.
    exercise: float = 5
    #: Concepts in the sentence of a hit that take points off it, and how many.
    lowers: Mapping[str, float] = field(default_factory=dict)
    #: Concepts in the sentence of a hit that undo it.
    vetoes: tuple[str, ...] = ()
    #: Concepts in the title that undo hits in the lead: the text is about somebody else.
    headed: tuple[str, ...] = ()
    #: Concepts in the sentence of a hit that make it a mention at most.
    demotes: tuple[str, ...] = ()
    #: Concepts that add half a point each, two in all, to a text that has a hit.
    supports: tuple[str, ...] = ()
    #: Stock phrases of official readouts: one point, once.
    readouts: tuple[str, ...] = ()
    #: Concepts that make a text one to hold (machine-written digests), unless one of `sources` is named.
    unsourced: tuple[str, ...] = ()
    #: Concepts that show where news comes from: ministries, agencies, fleets.
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePlan:
    """A rule in numbers: each group of concepts is a mask of which one bit must be there."""

    rule: Rule
    groups: tuple[int, ...]
    #: The groups once more, as bits of `Rules.needs`.
    asks: int = 0
    unless: int = 0
    unless_title: int = 0
    #: Set where the rule stands for a named exercise: the activity and the concept it came from.
    exercise: Exercise | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicPlan:
    """A topic in numbers."""

    topic: Topic
    rules: tuple[RulePlan, ...]
    lowers: tuple[tuple[int, float], ...]
    #: All bits of `lowers`.
    low: int
    vetoes: int
    headed: int
    demotes: int
    supports: tuple[int, ...]
    readouts: int
    unsourced: int
    sources: int
    #: By what they ask for (`RulePlan.asks`), where in `rules` they stand.
    asking: Mapping[int, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """All topic files, checked and ready. Made by `loading.load_rules`."""

    concepts: Mapping[str, Concept]
    #: The same by their numbers.
    numbered: tuple[Concept, ...]
    exercises: Mapping[str, Exercise]
    activities: Mapping[str, Activity]
    yieldings: tuple[Yielding, ...]
    topics: Mapping[str, Topic]
    #: Hashes of the files and of the code that judges by them; changes whenever either does.
    version: str
    matcher: Matcher
    #: What all rules ask for, to tell at a glance what none can fire on.
    needs: Needs
    #: concept -> its number; bit `1 << number` of a mask.
    numbers: Mapping[str, int]
    #: By number: the bits a hit of the concept stands for, its own and those of all that include it.
    masks: tuple[int, ...]
    #: The same as bits of `needs`.
    answers: tuple[int, ...]
    #: Numbers of the concepts whose hits do not always count, and of the exercises.
    conditional: frozenset[int]
    named: frozenset[int]
    #: The topics once more, every list of concepts as a mask.
    plans: tuple[TopicPlan, ...]
