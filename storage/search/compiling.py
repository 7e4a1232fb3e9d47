"""A `Query` as tantivy runs it: once to match and count, once to rank. Queries walk in, tantivy queries walk out.

Only the modules of this room that speak to the index import this one. Facts and dates decide what matches and weigh nothing;
words weigh by BM25 wherever they stand, and more in the title and at the beginning of the text.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

import tantivy
from tantivy import Occur

from storage.search.documents import ANYWHERE, LEAD, TITLE, address, schema, sort_key
from storage.search.streams import Needle, needles
from storage.search.tree import And, Days, Fact, InTitle, Named, Not, Or, Part, Phrase, Prefix, Query, Term, Words
from storage.words import is_han_character, stem

#: What a word weighs by where it stands: to match, it stands anywhere; to rank, it counts again in the title and at the
#: beginning. Titles are short, so one found there weighs about three times one found once in a long text, and one in the lead
#: about a third more than that.
MATCHING: Mapping[str, float] = {ANYWHERE: 1.0}
RANKING: Mapping[str, float] = {ANYWHERE: 1.0, TITLE: 1.0, LEAD: 0.25}

#: What a name weighs where it is written in another way than the one typed.
OTHER_WAY = 0.3


@dataclass(frozen=True, slots=True)
class Known:
    """What a query cannot know by itself."""

    #: Whether the index holds a fact at all.
    holds: Callable[[str], bool]
    #: What is like the article of an id.
    like: Callable[[str], tantivy.Query]
    #: What is of the same story as the article of an id.
    story: Callable[[str], tantivy.Query]


def matching(query: Query, known: Known) -> tantivy.Query:
    """What `query` matches; its scores are those of words anywhere."""
    return tantivy.Query.all_query() if query.root is None else _Compiler(known, MATCHING).part(query.root)


def ranking(query: Query, known: Known) -> tantivy.Query | None:
    """The same with title and lead weighed; None when nothing in the query can be ranked by."""
    is_like = any(isinstance(leaf, Fact) and leaf.name == "like" for leaf in query.leaves())
    if query.root is None or not (is_like or any(query.wanted())):
        return None
    return _Compiler(known, RANKING).part(query.root)


def sieve(query: Query) -> tuple[Query, Query] | None:
    """`query` as words by which it ranks and what only takes away from their hits; None where it is not of that kind."""
    parts = query.root.parts if isinstance(query.root, And) else ()
    words = [part for part in parts if _is_of_terms(part)]
    rest = tuple(part for part in parts if not _is_of_terms(part))
    if len(words) != 1 or not all(map(_only_sifts, rest)):
        return None
    return replace(query, root=words[0]), replace(query, root=And(rest))


def _only_sifts(part: Part) -> bool:
    return isinstance(part, Not | Days) or (isinstance(part, Fact) and part.name not in ("like", "story"))


def is_flat(query: Query) -> bool:
    """Whether `ranking` is a list of single words any of which will do: what can be ranked without meeting every hit."""
    terms = list(query.terms())
    return (
        query.root is not None
        and _is_of_terms(query.root)
        and all(len(needle.tokens) == 1 for term in terms for needle in needles(_bare(term)))
    )


def _bare(term: Term | InTitle) -> Term:
    return term.term if isinstance(term, InTitle) else term


def of_these(order: Sequence[int]) -> tantivy.Query:
    """Articles with these sort keys."""
    return _unweighed(tantivy.Query.term_set_query(schema(), "order", list(order)))


@dataclass(frozen=True, slots=True)
class _Compiler:
    known: Known
    scopes: Mapping[str, float]

    def part(self, part: Part, strengths: Sequence[str] = ()) -> tantivy.Query:
        """`strengths` are those asked for beside this part: a topic must then have them itself."""
        match part:
            case Words() | Phrase() | Prefix() | Or():
                return _any(self._alternatives(part, strengths))
            case InTitle(term):
                return _any(_needles(term, TITLE))
            case Fact():
                return _fact(part, self.known, strengths)
            case Days():
                return published(part.since, part.until)
            case Named():
                return self._name(part)
            case And(parts):
                return self._all(parts, strengths)
            case Not():
                return self._all((part,), strengths)

    def _alternatives(self, part: Part, strengths: Sequence[str]) -> list[tantivy.Query]:
        """Any of these will do. Flat, for tantivy passes over what cannot be among the best of a flat list of words."""
        match part:
            case Or(parts):
                return [query for inner in parts for query in self._alternatives(inner, strengths)]
            case Words() | Phrase() | Prefix():
                return [_weighing(query, by) for scope, by in self.scopes.items() for query in _needles(part, scope)]
            case _:
                return [self.part(part, strengths)]

    def _all(self, parts: Sequence[Part], strengths: Sequence[str]) -> tantivy.Query:
        beside = [*strengths, *(p.value for p in parts if isinstance(p, Fact) and p.name == "strength")]
        clauses = [clause for part in parts for clause in self._clauses(part, beside)]
        if all(occur == Occur.MustNot for occur, _ in clauses):
            clauses.append((Occur.Must, _unweighed(tantivy.Query.all_query())))
        return tantivy.Query.boolean_query(clauses)

    def _clauses(self, part: Part, strengths: Sequence[str]) -> list[tuple[Occur, tantivy.Query]]:
        """What one of several parts asks for. A word must stand anywhere and weighs more where it stands: said apart, for
        lists of places are quickest met when nothing is joined to them."""
        if isinstance(part, Not):
            # What is excluded is excluded whatever its strength, and weighs nothing.
            return [(Occur.MustNot, _Compiler(self.known, MATCHING).part(part.part))]
        if not _is_of_terms(part):
            return [(Occur.Must, self.part(part, strengths))]
        weighed = {scope: by for scope, by in self.scopes.items() if scope not in MATCHING}
        more = _Compiler(self.known, weighed)._alternatives(part, ())
        return [
            (Occur.Must, _Compiler(self.known, MATCHING).part(part)),
            *((Occur.Should, query) for query in more),
        ]

    def _name(self, name: Named) -> tantivy.Query:
        """The best of several ways of writing one thing: a text that writes it in two ways is not about it twice.

        The way that was typed weighs most, for whoever types it reads it; unless its letters may mean something else.
        """
        typed = self._all((name.typed, *map(Not, name.strangers)), ())
        others = [self.part(other) for other in name.others]
        if name.strangers:
            ways = [_weighing(typed, OTHER_WAY), *others]
        else:
            ways = [typed, *(_weighing(other, OTHER_WAY) for other in others)]
        return tantivy.Query.disjunction_max_query(ways, tie_breaker=0.1)


def _is_of_terms(part: Part) -> bool:
    """Whether it asks for words and nothing else, any of them."""
    return isinstance(part, Words | Phrase | Prefix) or (isinstance(part, Or) and all(map(_is_of_terms, part.parts)))


def _weighing(query: tantivy.Query, factor: float) -> tantivy.Query:
    return query if factor == 1 else tantivy.Query.boost_query(query, factor)


def _any(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    if len(queries) == 1:
        return queries[0]
    return tantivy.Query.boolean_query([(Occur.Should, query) for query in queries])


def _unweighed(query: tantivy.Query) -> tantivy.Query:
    return tantivy.Query.const_score_query(query, 0.0)


# ------------------------------------------------------------------ words


def anywhere(term: Term) -> tantivy.Query:
    """Articles that hold `term` in title or text."""
    return _any(_needles(term, ANYWHERE))


def token(stream: str, text: str) -> tantivy.Query:
    """Articles that hold a token of one of the streams in title or text."""
    return tantivy.Query.term_query(schema(), ANYWHERE + stream, text, index_option="freq")


def _needles(term: Term, scope: str) -> list[tantivy.Query]:
    return [_needle(needle, scope) for needle in needles(term)]


def _needle(needle: Needle, scope: str) -> tantivy.Query:
    if scope == LEAD:
        return _in_lead(needle)
    field, tokens = scope + needle.stream, list(needle.tokens)
    if needle.stream == "stems" and len(tokens) == 1 and is_han_character(tokens[0]):
        field = f"{scope}han"
    if needle.open_ended:
        patterns = [*map(_literal, tokens[:-1]), f"{_literal(tokens[-1])}.*"]
        if len(patterns) == 1:
            return tantivy.Query.regex_query(schema(), field, patterns[0])
        return tantivy.Query.regex_phrase_query(schema(), field, list(patterns))
    if len(tokens) == 1:
        return tantivy.Query.term_query(schema(), field, tokens[0], index_option="freq")
    return tantivy.Query.phrase_query(schema(), field, list(tokens))


def _in_lead(needle: Needle) -> tantivy.Query:
    """All of its tokens in the lead, which knows no places: this only weighs what was matched elsewhere."""
    *whole, last = [t if is_han_character(t[0]) or needle.stream == "stems" else stem(t) for t in needle.tokens]
    if needle.open_ended:
        tail = tantivy.Query.regex_query(schema(), LEAD, f"{_literal(needle.tokens[-1])}.*")
    else:
        tail = tantivy.Query.term_query(schema(), LEAD, last, index_option="freq")
    if not whole:
        return tail
    terms = [tantivy.Query.term_query(schema(), LEAD, token, index_option="freq") for token in dict.fromkeys(whole)]
    return tantivy.Query.boolean_query([(Occur.Must, query) for query in (*terms, tail)])


def _literal(text: str) -> str:
    """`text` in tantivy's regular expressions, which know fewer escapes than Python's."""
    return re.sub(r"([\\.+*?()|\[\]{}^$#&~-])", r"\\\1", text)


# ------------------------------------------------------------------ facts and days


def _fact(fact: Fact, known: Known, strengths: Sequence[str]) -> tantivy.Query:
    name, value = fact.name, fact.value
    if name == "like":
        return known.like(value)
    if name == "story":
        return _unweighed(known.story(value))
    if name == "url":
        value = address(value)
    if value.endswith("*"):
        pattern = (
            f"{name}={_literal(value.rstrip('*'))}[^/]*"
            if name == "topic"
            else f"{name}={_literal(value.rstrip('*'))}.*"
        )
        return _unweighed(tantivy.Query.regex_query(schema(), "facts", pattern))
    if name == "topic" and strengths:
        return _all_facts([f"topic={value}/{strength}" for strength in strengths])
    if name == "outlet" and not known.holds(f"outlet={value}"):
        name = "outlet-family"
    return _all_facts([f"{name}={value}"])


def _all_facts(facts: Sequence[str]) -> tantivy.Query:
    terms = [one_fact(fact) for fact in facts]
    return _unweighed(terms[0] if len(terms) == 1 else tantivy.Query.boolean_query([(Occur.Must, t) for t in terms]))


def one_fact(fact: str) -> tantivy.Query:
    """Articles of which `fact` (name=value) is known."""
    return tantivy.Query.term_query(schema(), "facts", fact, index_option="basic")


def published(since: date | None, until: date | None) -> tantivy.Query:
    """Articles published on or after the day `since` and before the day `until` (UTC)."""
    first, past = _midnight(since), _midnight(until)
    days = tantivy.Query.range_query(
        schema(), "order", tantivy.FieldType.Unsigned, first, past, include_upper=past is None
    )
    return _unweighed(days)


def kept_until(query: tantivy.Query, change: int) -> tantivy.Query:
    """What `query` matches of articles whose change number is at most `change`."""
    before = tantivy.Query.range_query(schema(), "change", tantivy.FieldType.Unsigned, None, change)
    return tantivy.Query.boolean_query([(Occur.Must, query), (Occur.Must, _unweighed(before))])


def _midnight(day: date | None) -> int | None:
    return None if day is None else sort_key(datetime.combine(day, time.min, UTC))
