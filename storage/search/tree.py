"""A query as a value: what was asked, frozen, and how it is written down again. Pure.

`str(query)` gives text that parses to the same query, so a search can be saved, linked to and edited.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from storage.words import fold

#: What a bare word or value may hold; anything else is written in quotes.
_BARE = re.compile(r'[^\s()（）"“”„«»＂]+')


@dataclass(frozen=True, slots=True)
class Words:
    """One word as typed. When it has several parts (H-6K, Sino-Russian, 歼-20) they must stand side by side."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Phrase:
    """Exact words in this order, nothing but punctuation between. A star at the end: the last of them may be a beginning."""

    text: str

    def __str__(self) -> str:
        return f'"{self.text}"'


@dataclass(frozen=True, slots=True)
class Prefix:
    """Any word that begins so."""

    text: str

    def __str__(self) -> str:
        return f"{self.text}*"


Term = Words | Phrase | Prefix


@dataclass(frozen=True, slots=True)
class InTitle:
    """A term that must stand in the title."""

    term: Term

    def __str__(self) -> str:
        return f"title:{self.term}"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something known of an article: its outlet, country, lang, topic, activity, event, strength, story, seed, url or id; or that it is like another."""

    name: str
    #: Folded by `fact_value`; a star at the end stands for any ending.
    value: str

    def __str__(self) -> str:
        return f"{self.name}:{self.value}" if _BARE.fullmatch(self.value) else f'{self.name}:"{self.value}"'


@dataclass(frozen=True, slots=True)
class Days:
    """Published on, before or after (and on) a day, month or year, in UTC."""

    #: "on", "before" or "after".
    name: str
    #: First day, and the day after the last: 2023 is 2023-01-01 to 2024-01-01.
    first: date
    past: date
    #: As typed: 2023, 2023-04 or 2023-04-18.
    text: str
    #: Where it was typed, to tell what is wrong with it.
    position: int = field(default=0, compare=False)

    @property
    def since(self) -> date | None:
        """First day that counts; None for "as far back as there is"."""
        return None if self.name == "before" else self.first

    @property
    def until(self) -> date | None:
        """First day that no longer counts; None for "up to now"."""
        return {"on": self.past, "before": self.first}.get(self.name)

    def __str__(self) -> str:
        return f"{self.name}:{self.text}"


@dataclass(frozen=True, slots=True)
class Not:
    part: "Part"

    def __str__(self) -> str:
        inner = _bracketed(self.part)
        return f"NOT {inner}" if inner.startswith("-") else f"-{inner}"


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple["Part", ...]

    def __str__(self) -> str:
        return " ".join(_bracketed(part) if isinstance(part, And | Or) else str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple["Part", ...]

    def __str__(self) -> str:
        return " OR ".join(_bracketed(part) if isinstance(part, Or) else str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Named:
    """A name as typed, and the same name as others write it: any of them will do. Made by `naming`, never typed."""

    typed: "Part"
    others: tuple["Term | InTitle", ...]
    #: Where one of these stands, what was typed is a part of another thing.
    strangers: tuple["Term | InTitle", ...] = ()

    def __str__(self) -> str:
        return str(self.typed)


Part = Words | Phrase | Prefix | InTitle | Fact | Days | Named | Not | And | Or


def _bracketed(part: Part) -> str:
    return f"({part})" if isinstance(part, And | Or | Not) else str(part)


@dataclass(frozen=True, slots=True)
class Query:
    """A whole query; without a root it asks for everything."""

    root: Part | None = None
    #: Words in no other form than this, names in no other script.
    exact: bool = False

    def __str__(self) -> str:
        said = "" if self.root is None else str(self.root)
        if not self.exact:
            return said
        return f"({said}) exact:yes" if isinstance(self.root, Or) else f"{said} exact:yes".lstrip()

    def terms(self) -> Iterator[Term | InTitle]:
        """The words, phrases and prefixes a matching text may hold: what is ranked by and marked. Not those excluded."""
        return (leaf for leaf in _leaves(self.root, excluded=False) if not isinstance(leaf, Fact | Days))

    def wanted(self) -> Iterator[Term | InTitle | Named]:
        """The same with names whole: what a text is ranked by."""
        return _wanted(self.root)

    def leaves(self) -> "Iterator[Leaf]":
        """Every word, phrase and field, those excluded among them."""
        return _leaves(self.root, excluded=True)

    def stars(self) -> int:
        """How many words and values stand for everything that begins like them: what costs a search most."""
        return sum(1 for leaf in self.leaves() if str(leaf).rstrip('" ').endswith("*"))


Leaf = Term | InTitle | Fact | Days


def _leaves(part: Part | None, *, excluded: bool) -> Iterator[Leaf]:
    match part:
        case None:
            return
        case And(parts) | Or(parts):
            for inner in parts:
                yield from _leaves(inner, excluded=excluded)
        case Named(typed, others):
            yield from _leaves(typed, excluded=excluded)
            yield from others
        case Not(inner):
            if excluded:
                yield from _leaves(inner, excluded=True)
        case _:
            yield part


def _wanted(part: Part | None) -> Iterator[Term | InTitle | Named]:
    match part:
        case None | Fact() | Days() | Not():
            return
        case And(parts) | Or(parts):
            for inner in parts:
                yield from _wanted(inner)
        case _:
            yield part


@lru_cache(maxsize=4096)
def fact_value(text: str) -> str:
    """A fact as it is compared: folded like words, one space between, no quotes, _ as -."""
    return " ".join(fold(text).text.replace('"', " ").replace("_", "-").split())


def day_range(text: str) -> tuple[date, date]:
    """The days of 2023, 2023-04 or 2023-04-18: the first, and the one after the last. Raises ValueError for all else."""
    found = re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", text)
    if not found:
        raise ValueError(text)
    year, month, day = (int(group) if group else None for group in found.groups())
    if year is None or not 1000 <= year < 9999:
        raise ValueError(text)
    if month is None:
        return date(year, 1, 1), date(year + 1, 1, 1)
    if day is None:
        return date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, day), date(year, month, day) + timedelta(days=1)
