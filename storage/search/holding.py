"""Conditions as tantivy runs them: which articles may hold certain characters. A `Condition` walks in, a tantivy query walks out.

What is found may be more than what meets the condition, never less. A condition speaks of characters that may begin and end
inside words; the index knows whole words. So the characters are cut as `streams` cuts texts, and the longest piece is looked
for: Han by its neighbouring pairs, any other in every word of the dictionary that holds it, and in words cut off at their end.

Only `index` imports this module.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from itertools import pairwise

import tantivy
from tantivy import Occur

from storage.records import AllOf, AnyOf, Condition, Holds, Judged
from storage.search.documents import ANYWHERE, schema, sort_key
from storage.search.streams import LONGEST_TOKEN
from storage.words import is_han_character, runs

HAN, EXACT = f"{ANYWHERE}han", f"{ANYWHERE}exact"
#: Fewer letters than this stand in too many words to be worth looking for.
_FEWEST = 2


class Holding:
    """Conditions asked of one state of the index: its words are read once."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self._words = [word for word, _ in searcher.terms_with_prefix(EXACT, "")]
        self._cut_off = [word for word in self._words if len(word) >= LONGEST_TOKEN]
        #: All words in one text: one quick search finds every word that holds some letters.
        self._text = "\n" + "\n".join(self._words) + "\n"
        self._known: dict[Condition, tantivy.Query] = {}

    def matching(self, condition: Condition, *, since: date | None = None) -> tantivy.Query:
        """What `condition` may hold of, published `since` that day (UTC)."""
        if since is None:
            return self._matching(condition)
        first = sort_key(datetime.combine(since, time.min, UTC))
        dated = tantivy.Query.range_query(schema(), "order", tantivy.FieldType.Unsigned, first, None)
        return _all([dated, self._matching(condition)])

    def _matching(self, condition: Condition) -> tantivy.Query:
        if condition not in self._known:
            self._known[condition] = self._query(condition)
        return self._known[condition]

    def _query(self, condition: Condition) -> tantivy.Query:
        match condition:
            case Judged():
                return tantivy.Query.regex_query(schema(), "facts", "topic=.+")
            case AllOf(parts):
                return _all([self._matching(part) for part in parts])
            case AnyOf(parts):
                held = [part.text for part in parts if isinstance(part, Holds)]
                others = [self._matching(part) for part in parts if not isinstance(part, Holds)]
                return _any([*self._holds(held), *others])
            case Holds(text):
                return _any(self._holds([text]))

    def _holds(self, texts: Sequence[str]) -> list[tantivy.Query]:
        """Queries of which one must match for any of `texts` to stand there."""
        words: dict[str, None] = {}
        queries: list[tantivy.Query] = []
        for cut in map(runs, texts):
            run = max(cut, key=_weight, default="")
            if len(run) > 1 and is_han_character(run[0]):
                queries.append(_side_by_side([a + b for a, b in pairwise(run)]))
            elif run and is_han_character(run):
                queries.append(tantivy.Query.term_query(schema(), HAN, run, index_option="basic"))
            elif len(run) < _FEWEST and len(cut) > 1:  # H-6: what follows the sign begins a word
                words.update(dict.fromkeys([*self._cut_off, *self._holding(f"\n{cut[-1]}")]))
            elif len(run) < _FEWEST:
                return [tantivy.Query.all_query()]
            else:
                words.update(dict.fromkeys([*self._cut_off, *self._holding(run)]))
        if words:
            queries.append(tantivy.Query.term_set_query(schema(), EXACT, list(words)))
        return queries

    def _holding(self, letters: str) -> list[str]:
        """The words of the index that hold `letters`; behind a line feed: that begin so."""
        found: list[str] = []
        at = self._text.find(letters)
        while at >= 0:
            first, last = self._text.rfind("\n", 0, at + 1) + 1, self._text.find("\n", at + 1)
            found.append(self._text[first:last])
            at = self._text.find(letters, last)
        return found


def _weight(run: str) -> int:
    """A pair of Han is as rare as a word of six letters."""
    return len(run) * (3 if is_han_character(run[0]) else 1)


def _side_by_side(tokens: Sequence[str]) -> tantivy.Query:
    if len(tokens) == 1:
        return tantivy.Query.term_query(schema(), EXACT, tokens[0], index_option="basic")
    return tantivy.Query.phrase_query(schema(), EXACT, list(tokens))


def _any(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    if not queries:
        return tantivy.Query.empty_query()
    return tantivy.Query.boolean_query([(Occur.Should, query) for query in queries])


def _all(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    if not queries:
        return tantivy.Query.all_query()
    return tantivy.Query.boolean_query([(Occur.Must, query) for query in queries])
