"""More like this: a kept article walks in, a tantivy query for articles that resemble it walks out. Only `index` calls it.

Alike are articles that share enough of its telling words; and, whatever their language, those of about the same days that
share its names, or that tell of the same event.
"""

import math
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import tantivy
from tantivy import Occur

from storage.records import Kept
from storage.search.asking import counted
from storage.search.compiling import anywhere, one_fact, published, token
from storage.search.documents import ANYWHERE, events, moment
from storage.search.naming import Glossary, Name, term_of
from storage.search.streams import streams
from storage.search.tree import fact_value

#: Words an article is known by, of how much of its beginning, and the part of them another must share.
WORDS, READ, SHARED = 24, 4_000, 0.3
#: A word in more than this part of the archive tells nothing.
COMMON = 0.1
NAMES = 8
#: News of one event comes within so many days.
AROUND = timedelta(days=10)
#: What the same event weighs, in points of a search.
EVENT = 8.0


def alike(kept: Kept, searcher: tantivy.Searcher, glossary: Glossary) -> tantivy.Query:
    """Matches what is like `kept`, itself left out; scores grow with what is shared."""
    text = f"{kept.article.title}\n{kept.article.text[:READ]}"
    ways = [*_by_words(kept, searcher), *_by_names(kept, glossary.named_in(text), searcher)]
    ways += [tantivy.Query.const_score_query(one_fact(f"event={fact_value(event)}"), EVENT) for event in events(kept)]
    if not ways:
        return tantivy.Query.empty_query()
    itself = one_fact(f"id={fact_value(kept.id)}")
    return tantivy.Query.boolean_query(
        [(Occur.Must, _any(ways)), (Occur.MustNot, itself)],
    )


def _by_words(kept: Kept, searcher: tantivy.Searcher) -> list[tantivy.Query]:
    telling = _telling(kept, searcher)
    if not telling:
        return []
    least = min(len(telling), max(3, math.ceil(len(telling) * SHARED)))
    shared = [(Occur.Should, token(stream, text)) for stream, text in telling]
    return [tantivy.Query.boolean_query(shared, minimum_number_should_match=least)]


def _telling(kept: Kept, searcher: tantivy.Searcher) -> list[tuple[str, str]]:
    """The words that tell this article from others: often here, rarely elsewhere."""
    title, body = _tokens(kept.article.title), _tokens(kept.article.text[:READ])
    often = Counter(body) + Counter(dict.fromkeys(title, 3))
    articles = max(1, searcher.num_docs)
    weights: dict[tuple[str, str], float] = {}
    for (stream, text), count in often.items():
        held = searcher.doc_freq(f"{ANYWHERE}{stream}", text)
        if 1 < held <= max(10, articles * COMMON):
            weights[stream, text] = (1 + math.log(count)) * math.log(1 + articles / held)
    return sorted(weights, key=lambda token: (-weights[token], token))[:WORDS]


def _tokens(text: str) -> list[tuple[str, str]]:
    """Stems, and pairs of Han."""
    return [(stream, token) for stream, token in streams(text).told_by if stream == "exact" or len(token) > 2]


def _by_names(kept: Kept, names: Sequence[Name], searcher: tantivy.Searcher) -> list[tantivy.Query]:
    """The same names in any script, told about the same days."""
    queries = [_any([anywhere(term_of(form)) for form in name.forms]) for name in names[: 2 * NAMES]]
    articles = max(1, searcher.num_docs)
    rare = [query for query in queries if counted(searcher, query) <= max(20, articles * COMMON)][:NAMES]
    if not rare:
        return []
    when = moment(kept).date()
    named = tantivy.Query.boolean_query(
        [(Occur.Should, query) for query in rare], minimum_number_should_match=min(2, len(rare))
    )
    about = published(when - AROUND, when + AROUND + timedelta(days=1))
    return [tantivy.Query.boolean_query([(Occur.Must, named), (Occur.Must, about)])]


def _any(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(Occur.Should, query) for query in queries])
