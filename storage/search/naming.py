"""Names across scripts: a query walks in, the same query with every way of writing its names walks out. Pure.

`service` hands the names over as plain data when a search is made, so that a name learned today is found in what was kept
years ago and nothing is indexed anew. Names are looked for only in bare words; what stands in quotes is meant letter by
letter, and `exact:yes` means every word so.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from storage.search.tree import And, InTitle, Named, Not, Or, Part, Phrase, Prefix, Query, Words
from storage.words import fold, is_han_character, runs, stem

#: A name as it is looked up: stems, and runs of Han.
Key = tuple[str, ...]

#: No name has more words, or characters of Han.
LONGEST_NAME = 10
LONGEST_HAN = 18
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Name:
    """A person, place, ship, body or exercise, as it is written in each language."""

    #: What it is: person, exercise, organisation, place or ship.
    kind: str
    #: Every way of writing it, the usual one first; a star at the end stands for any ending, quotes for none.
    forms: tuple[str, ...]
    #: Ways of asking for it that are too short to be looked for (上合), and what they are no part of (海上合作).
    short: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    #: Ways that are everyday words unless one of `years` stands behind them (Vostok-2018).
    dated: tuple[str, ...] = ()
    #: Years of the dated forms; empty: any.
    years: frozenset[str] = frozenset()

    @property
    def title(self) -> str:
        return bare((*self.forms, *self.dated)[0])


@dataclass(frozen=True)
class Glossary:
    """Names, ready to be looked up."""

    names: tuple[Name, ...] = ()
    _known: Mapping[Key, tuple[Name, ...]] = field(init=False, repr=False, compare=False)
    _dated: Mapping[Key, tuple[Name, ...]] = field(init=False, repr=False, compare=False)
    #: Folded form, form, name: in order of the first, to be looked up by their beginnings.
    in_order: Sequence[tuple[str, str, Name]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_known", _by_key(self.names, lambda name: (*name.forms, *name.short)))
        object.__setattr__(self, "_dated", _by_key(self.names, lambda name: (*name.forms, *name.dated)))
        forms = ((bare(form), name) for name in self.names for form in (*name.forms, *name.short))
        object.__setattr__(self, "in_order", sorted(((fold(f).text, f, n) for f, n in forms), key=lambda e: e[:2]))

    def strangers(self, key: Key) -> tuple[str, ...]:
        """What holds the letters of a short name and is another thing."""
        return tuple(
            text
            for name in self._known.get(key, ())
            if any(key_of(short) == key for short in name.short)
            for text in name.beside
        )

    def others(self, key: Key) -> tuple[str, ...]:
        """Every way of writing the names that `key` may stand for; a year behind a name stands behind each of its forms."""
        year = key[-1] if len(key) > 1 and _YEAR.fullmatch(key[-1]) else ""
        found = [form for name in self._known.get(key, ()) for form in name.forms]
        if year:
            found += [
                f"{bare(form)} {year}" for name in self._dated.get(key[:-1], ()) for form in _held(name, key[:-1], year)
            ]
        return tuple(dict.fromkeys(found))

    def named_in(self, text: str) -> list[Name]:
        """The names that stand in `text`, each once, in order. Everyday words that are names with a year are none here."""
        cut = runs(text)
        keys = [run if is_han_character(run[0]) else stem(run) for run in cut]
        found = [name for at in range(len(cut)) for name in self._beginning(keys, at)]
        return list(dict.fromkeys(found))

    def _beginning(self, keys: Sequence[str], at: int) -> Iterator[Name]:
        if is_han_character(keys[at][0]):
            for key in _han_keys(keys, at):
                yield from self._known.get(key, ())
            return
        for length in range(min(LONGEST_NAME, len(keys) - at), 0, -1):
            if names := self._known.get(tuple(keys[at : at + length])):
                yield from names
                return


def _han_keys(keys: Sequence[str], at: int) -> Iterator[Key]:
    """What may be a name and begins in the run of Han at that place: any part of it, or its end and what follows (苏-35)."""
    run = keys[at]
    for first in range(len(run)):
        yield from ((run[first:last],) for last in range(first + 2, min(len(run), first + LONGEST_HAN) + 1))
        end = run[first:]
        for length in range(1, min(3, len(keys) - at)):
            *between, last_run = keys[at + 1 : at + 1 + length]
            beginnings = range(1, len(last_run) + 1) if is_han_character(last_run[0]) else (len(last_run),)
            yield from ((end, *between, last_run[:stop]) for stop in beginnings)


def _held(name: Name, key: Key, year: str) -> tuple[str, ...]:
    """The forms of `name` that mean it with that year. An everyday word means it only in the years it was held."""
    if name.years and year not in name.years:
        return name.forms if any(key_of(form) == key for form in name.forms) else ()
    return (*name.forms, *name.dated)


def _by_key(names: Iterable[Name], forms: Callable[[Name], Iterable[str]]) -> dict[Key, tuple[Name, ...]]:
    found: dict[Key, dict[Name, None]] = {}
    for name in names:
        for form in forms(name):
            found.setdefault(key_of(form), {})[name] = None
    return {key: tuple(those) for key, those in found.items() if key}


def key_of(text: str) -> Key:
    """What a name is looked up by: its words in any of their forms."""
    return tuple(run if is_han_character(run[0]) else stem(run) for run in runs(text))


def bare(form: str) -> str:
    """A way of writing a name as it is read."""
    return form.strip('*"')


def term_of(form: str) -> Words | Prefix | Phrase:
    """A way of writing a name as it is looked for."""
    if form.startswith('"'):
        return Phrase(bare(form))
    return Prefix(bare(form)) if form.endswith("*") else Words(form)


# ------------------------------------------------------------------ queries


def meant(query: Query, glossary: Glossary) -> Query:
    """`query` as it is searched: with every way of writing its names, or, when exact, with its words letter by letter."""
    if query.root is None:
        return query
    return replace(query, root=_spelled(query.root) if query.exact else _named(query.root, glossary))


def _spelled(part: Part) -> Part:
    match part:
        case Words(text):
            return Phrase(text)
        case InTitle(Words(text)):
            return InTitle(Phrase(text))
        case Not(inner):
            return Not(_spelled(inner))
        case And(parts) | Or(parts):
            return type(part)(tuple(map(_spelled, parts)))
        case _:
            return part


def _named(part: Part, glossary: Glossary) -> Part:
    match part:
        case Words() | InTitle(Words()):
            return _with_names((part,), glossary)[0]
        case Not(inner):
            return Not(_named(inner, glossary))
        case Or(parts):
            return Or(tuple(_named(inner, glossary) for inner in parts))
        case And(parts):
            found = _with_names(parts, glossary)
            return found[0] if len(found) == 1 else And(tuple(found))
        case _:
            return part


def _with_names(parts: Sequence[Part], glossary: Glossary) -> list[Part]:
    """Neighbouring words that make a name together, the most words first; whatever else stands there as it is."""
    found: list[Part] = []
    at = 0
    while at < len(parts):
        length = _words_from(parts, at)
        while length and not (others := glossary.others(_key(parts[at : at + length]))):
            length -= 1
        if length:
            strangers = glossary.strangers(_key(parts[at : at + length]))
            found.append(_either(parts[at : at + length], others, strangers))
        else:
            found.append(parts[at] if isinstance(parts[at], Words | InTitle) else _named(parts[at], glossary))
        at += length or 1
    return found


def _words_from(parts: Sequence[Part], at: int) -> int:
    """How many parts from there on are bare words; a title: stands for itself."""
    first = parts[at]
    if isinstance(first, InTitle):
        return int(isinstance(first.term, Words))
    last = at
    while last < len(parts) and last - at < LONGEST_NAME and isinstance(parts[last], Words):
        last += 1
    return last - at


def _key(parts: Sequence[Part]) -> Key:
    return key_of(" ".join(_text(part) for part in parts))


def _text(part: Part) -> str:
    term = part.term if isinstance(part, InTitle) else part
    return term.text if isinstance(term, Words) else ""


def _either(typed: Sequence[Part], others: Sequence[str], strangers: Sequence[str]) -> Named:
    terms, not_this = tuple(map(term_of, others)), tuple(map(Phrase, strangers))
    first = typed[0]
    if isinstance(first, InTitle):
        return Named(first, tuple(map(InTitle, terms)), tuple(map(InTitle, not_this)))
    return Named(first if len(typed) == 1 else And(tuple(typed)), terms, not_this)
