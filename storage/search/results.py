"""What a search answers: hits, counts, and what may be tried when there are none. Frozen values; any room may read them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from storage.search.tree import Query

Per = Literal["day", "month"]


@dataclass(frozen=True, slots=True)
class Hit:
    """An article found, by id; the score compares hits of one search."""

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """How many articles each day or month saw, in UTC."""

    per: Per = "month"
    #: 2025-08 or 2025-08-01 -> articles, in order; days and months without any are left out.
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Results:
    """One page of what a query found, and counts over all of it."""

    total: int
    hits: tuple[Hit, ...]
    #: outlet, country, language, topic, activity, event, strength, year, seed -> value -> articles, the most first.
    facets: Mapping[str, Mapping[str, int]]
    timeline: Timeline
    took_ms: float
    #: The state of the index that was searched, to turn its pages by.
    as_of: int
    #: The query as it was searched, names in every script: what is to be marked in the texts.
    meant: Query


@dataclass(frozen=True, slots=True)
class Without:
    """What is found when one part of a query is left out."""

    part: str
    query: str
    total: int


@dataclass(frozen=True, slots=True)
class Nothing:
    """Why a search found nothing, and what may be tried."""

    #: Words, phrases and filters that no article answers, as typed.
    nowhere: tuple[str, ...] = ()
    #: Parts that emptied it: what is found without each, the most first; those without which it stays empty are left out.
    without: tuple[Without, ...] = ()
    #: Queries that find something and may have been meant, the likeliest first.
    instead: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidates:
    """Ids of all articles that may meet a condition, of those whose change number is at most `change`."""

    ids: tuple[str, ...]
    change: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A way to go on typing."""

    #: The whole query, had it been typed.
    query: str
    #: What it is, for people: 绍伊古 (person), 1,204 articles.
    said: str
