"""The query language: what a person typed walks in, a `Query` walks out, or a `QueryError` that says where and why. Pure.

Words are ANDed; "a phrase"; OR; -not; ( ); word*; fields such as topic:sco or after:2023-01-01. Whatever a person pastes is
either understood or refused in plain words: stray punctuation divides words and is otherwise ignored. docs/searching.md
teaches the language.
"""

import re
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import cast

from lark import Lark, Token, Transformer, UnexpectedInput, v_args

from storage.search.checking import apart, check_days, check_pairs
from storage.search.errors import QueryError
from storage.search.tree import (
    And,
    Days,
    Fact,
    InTitle,
    Not,
    Or,
    Part,
    Phrase,
    Prefix,
    Query,
    Term,
    Words,
    day_range,
    fact_value,
)
from storage.words import words

__all__ = ["FIELDS", "Query", "QueryError", "parse_query"]

#: Every field, with an example of its value.
FIELDS = {
    "title": "exercise",
    "outlet": "tass-en",
    "country": "cn",
    "lang": "zh",
    "topic": "china-russia",
    "activity": "joint-exercise",
    "event": "joint_sea-2025",
    "strength": "tie",
    "story": "0123456789ab",
    "seed": "yes",
    "changed": "yes",
    "gone": "yes",
    "after": "2023-01-01",
    "before": "2023-02",
    "on": "2023-04-18",
    "url": "https://example.org/article",
    "id": "0123456789ab",
    "like": "0123456789ab",
    "exact": "yes",
}
_CHOICES = {
    "seed": ("yes", "no"),
    "strength": ("tie", "mention"),
    "changed": ("yes", "no", "material"),
    "gone": ("yes", "no"),
    "exact": ("yes", "no"),
}

#: Bounds that no person's query meets and that keep any pasted text from costing more than a moment.
LONGEST = 10_000
DEEPEST = 30
MOST_STARS = 20

_QUOTES = '"“”„«»＂'


def parse_query(text: str) -> Query:
    """What `text` asks for; nothing typed asks for everything. Raises QueryError."""
    if len(text) > LONGEST:
        raise QueryError(f"This query has {len(text)} characters", LONGEST, f"Keep it under {LONGEST}.")
    check_pairs(text, deepest=DEEPEST)
    try:
        root = _parser().parse(text)
    except UnexpectedInput as why:
        raise _explained(why, text) from why
    if root is None and "*" in text:
        raise QueryError("A star stands for the end of a word, and here is no word", text.index("*"), "Write exerc*.")
    query = apart(cast(Part | None, root), text)
    check_days(query.root)
    if query.stars() > MOST_STARS:
        raise QueryError(f"More than {MOST_STARS} words end in a star", text.rfind("*"), "Write more of them out.")
    return query


# ------------------------------------------------------------------ from tokens to parts


@v_args(inline=True)
class _Parts(Transformer[Token, Part | None]):
    """Grammar to parts, from the leaves up; None is what holds no word at all and so asks for nothing."""

    def __init__(self) -> None:
        super().__init__(visit_tokens=False)

    def word(self, token: Token) -> Part | None:
        return _term(str(token))

    def phrase(self, token: Token) -> Part | None:
        return _phrase(token[1:-1], cast(int, token.start_pos) + 1)

    def link(self, token: Token) -> Part:
        return Fact("url", fact_value(token))

    def negation(self, part: Part | None) -> Part | None:
        return None if part is None else Not(part)

    def nothing(self) -> None:
        return None

    def field(self, name: Token, value: Token) -> Part:
        key = re.sub(r"\s*[:：]$", "", name).lower()
        if key not in FIELDS:
            raise _unknown_field(key, name, value)
        return _field(key, value)

    def either(self, *parts: Part | None) -> Part | None:
        return _joined(Or, parts)

    def both(self, *parts: Part | None) -> Part | None:
        return _joined(And, parts)

    def start(self) -> None:
        return None


def _says_something(text: str) -> bool:
    return any(True for _ in words(text))


def _term(text: str) -> Term | None:
    if not _says_something(text):
        return None
    return Prefix(text.rstrip("*")) if text.endswith("*") else Words(text)


def _phrase(text: str, at: int) -> Term | None:
    if not _says_something(text):
        return None
    inside = re.search(r"\w\*+(?=\s*[^\s*])", text)
    if inside:
        raise QueryError(
            "In a phrase only the last word may end in a star",
            at + inside.end() - 1,
            'Write "joint exerc*", or no star.',
        )
    return Phrase(text)


def _joined(kind: Callable[[tuple[Part, ...]], Part], parts: Iterable[Part | None]) -> Part | None:
    said = tuple(part for part in parts if part is not None)
    return kind(said) if len(said) > 1 else (said[0] if said else None)


def _field(key: str, token: Token) -> Part:
    quoted = token.type == "PHRASE"
    text = token[1:-1] if quoted else str(token)
    at = cast(int, token.start_pos)
    if key == "title":
        term = _phrase(text, at + 1) if quoted else _term(text)
        if term is None:
            raise QueryError("title: has no word to look for", at, "Write title:exercise.")
        return InTitle(term)
    value = fact_value(text)
    if not value.strip("*"):
        raise QueryError(f"{key}: has no value", at, _example(key))
    if key in ("on", "after", "before"):
        return _days(key, value, at)
    if key in ("seed", "changed", "gone", "exact"):
        value = {"true": "yes", "false": "no"}.get(value, value)
    if key == "lang":
        value = value.split("-")[0]
    if key in _CHOICES and value not in _CHOICES[key]:
        raise QueryError(f"{key}: is {' or '.join(_CHOICES[key])}, not {value!r}", at, _example(key))
    return Fact(key, value)


def _days(key: str, value: str, at: int) -> Days:
    try:
        first, past = day_range(value)
    except ValueError as why:
        raise QueryError(
            f"{value!r} is no date", at, f"Write a day, month or year: {key}:2023-04-18, {key}:2023-04 or {key}:2023."
        ) from why
    return Days(key, first, past, value, at)


# ------------------------------------------------------------------ what to say when it is wrong


def _example(key: str) -> str:
    return f"Write {key}:{FIELDS[key]}."


def _unknown_field(key: str, name: Token, value: Token) -> QueryError:
    near = get_close_matches(key, FIELDS, n=1)
    meant = f"Did you mean {near[0]}: ? " if near else ""
    quoted = f'Put it in quotes to search for the words: "{name}{value.strip(_QUOTES)}".'
    return QueryError(f"There is no field {key!r}", cast(int, name.start_pos), f"{meant}{quoted}")


_OPERATORS = {"_OR": "OR", "_AND": "AND", "_NOT": "NOT"}
_TRAILING = re.compile(r"(?<![^\s()（）])(OR|AND|NOT)\s*$")


def _explained(why: UnexpectedInput, text: str) -> QueryError:
    """What stands in the wrong place, in words. Quotes and brackets were checked before."""
    token = getattr(why, "token", None)
    at = why.pos_in_stream if token is None else getattr(token, "start_pos", None)
    if at is None or getattr(token, "type", "") == "$END":
        at = len(text)
    field = _after_field(text, at)
    if field:
        return field
    trailing = _TRAILING.search(text[:at])
    said = trailing[1] if trailing else _OPERATORS.get(getattr(token, "type", ""), "")
    if not said:
        return QueryError(f"{text[at : at + 20]!r} cannot stand here", at, "Put it in quotes.")
    needs = "a word after it" if said == "NOT" else "a word on both sides"
    where = trailing.start() if trailing else at
    return QueryError(f"{said} needs {needs}", where, f'Write one, or search for the word itself: "{said}".')


def _after_field(text: str, at: int) -> QueryError | None:
    """What to say when a field was followed by something other than a value."""
    found = re.search(r"([a-z]+)\s*[:：]\s*$", text[:at], re.IGNORECASE)
    key = found[1].lower() if found else ""
    if not found or key not in FIELDS:
        return None
    if text[at : at + 1] in ("(", "（"):
        return QueryError(f"{key}: takes one value, not a bracket", at, f"Write ({key}:{FIELDS[key]} OR {key}:...).")
    return QueryError(f"{key}: has no value", found.start(), _example(key))


@cache
def _parser() -> Lark:
    grammar = Path(__file__).with_name("query.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer="contextual", transformer=_Parts(), maybe_placeholders=False)
