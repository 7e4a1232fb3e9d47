"""A `Query` as tantivy runs it: once to match and count, once to rank. Queries walk in, tantivy queries walk out.

Only `index` imports this module. Facts and dates decide what matches and weigh nothing; words weigh by BM25 wherever they
stand, and more in the title and at the beginning of the text.
"""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time

import tantivy
from tantivy import Occur

from storage.search.documents import ANYWHERE, LEAD, TITLE, address, schema, sort_key
from storage.search.streams import Needle, needles
from storage.search.tree import And, Days, Fact, InTitle, Not, Or, Part, Phrase, Prefix, Query, Term, Words

#: What a word's weight there adds to its weight anywhere. Titles are short, so one found there weighs about three times one
#: found once in a long text, and one in the lead about a third more than that.
BOOSTS = {TITLE: 1.0, LEAD: 0.25}

#: Whether the index holds a fact at all.
Holds = Callable[[str], bool]


def matching(query: Query, holds: Holds) -> tantivy.Query:
    """What `query` matches; its scores are those of words anywhere."""
    return tantivy.Query.all_query() if query.root is None else _part(query.root, holds, ())


def ranking(query: Query, holds: Holds) -> tantivy.Query | None:
    """The same with title and lead weighed; None when nothing in the query can be ranked by."""
    wanted = list(query.terms())
    if not wanted:
        return None
    boosts = [
        (Occur.Should, tantivy.Query.boost_query(_term(term, scope), boost))
        for term in wanted
        if not isinstance(term, InTitle)
        for scope, boost in BOOSTS.items()
    ]
    return tantivy.Query.boolean_query([(Occur.Must, matching(query, holds)), *boosts])


def _part(part: Part, holds: Holds, strengths: Sequence[str]) -> tantivy.Query:
    """`strengths` are those asked for beside this part: a topic must then have them itself."""
    match part:
        case Words() | Phrase() | Prefix():
            return _term(part, ANYWHERE)
        case InTitle(term):
            return _term(term, TITLE)
        case Fact():
            return _fact(part, holds, strengths)
        case Days():
            return _days(part)
        case Or(parts):
            return _any([_part(inner, holds, strengths) for inner in parts])
        case And(parts):
            return _all(parts, holds, strengths)
        case Not():
            return _all((part,), holds, strengths)


def _all(parts: Sequence[Part], holds: Holds, strengths: Sequence[str]) -> tantivy.Query:
    beside = [*strengths, *(p.value for p in parts if isinstance(p, Fact) and p.name == "strength")]
    clauses = [
        # What is excluded is excluded whatever its strength.
        (Occur.MustNot, _part(part.part, holds, ()))
        if isinstance(part, Not)
        else (Occur.Must, _part(part, holds, beside))
        for part in parts
    ]
    if all(occur == Occur.MustNot for occur, _ in clauses):
        clauses.append((Occur.Must, _unweighed(tantivy.Query.all_query())))
    return tantivy.Query.boolean_query(clauses)


def _any(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    if len(queries) == 1:
        return queries[0]
    return tantivy.Query.boolean_query([(Occur.Should, query) for query in queries])


def _unweighed(query: tantivy.Query) -> tantivy.Query:
    return tantivy.Query.const_score_query(query, 0.0)


# ------------------------------------------------------------------ words


def _term(term: Term, scope: str) -> tantivy.Query:
    return _any([_needle(needle, scope) for needle in needles(term)])


def _needle(needle: Needle, scope: str) -> tantivy.Query:
    field, tokens = scope + needle.stream, list(needle.tokens)
    if needle.open_ended:
        patterns = [*map(_literal, tokens[:-1]), f"{_literal(tokens[-1])}.*"]
        if len(patterns) == 1:
            return tantivy.Query.regex_query(schema(), field, patterns[0])
        return tantivy.Query.regex_phrase_query(schema(), field, list(patterns))
    if len(tokens) == 1:
        return tantivy.Query.term_query(schema(), field, tokens[0], index_option="freq")
    return tantivy.Query.phrase_query(schema(), field, list(tokens))


def _literal(text: str) -> str:
    """`text` in tantivy's regular expressions, which know fewer escapes than Python's."""
    return re.sub(r"([\\.+*?()|\[\]{}^$#&~-])", r"\\\1", text)


# ------------------------------------------------------------------ facts and days


def _fact(fact: Fact, holds: Holds, strengths: Sequence[str]) -> tantivy.Query:
    name, value = fact.name, fact.value
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
    if name == "outlet" and not holds(f"outlet={value}"):
        name = "outlet-family"
    return _all_facts([f"{name}={value}"])


def _all_facts(facts: Sequence[str]) -> tantivy.Query:
    terms = [tantivy.Query.term_query(schema(), "facts", fact, index_option="basic") for fact in facts]
    return _unweighed(terms[0] if len(terms) == 1 else tantivy.Query.boolean_query([(Occur.Must, t) for t in terms]))


def _days(days: Days) -> tantivy.Query:
    return _unweighed(
        tantivy.Query.range_query(
            schema(),
            "order",
            tantivy.FieldType.Unsigned,
            _midnight(days.since),
            _midnight(days.until),
            include_upper=days.until is None,
        )
    )


def _midnight(day: date | None) -> int | None:
    return None if day is None else sort_key(datetime.combine(day, time.min, UTC))
