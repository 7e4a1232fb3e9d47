"""What to type next: the beginning of a query walks in, ways to go on walk out. Only `index` calls it.

Names come from the glossary; outlets, events, topics and the like from what the archive holds of them, which is short however
many articles there are. Words are not proposed: their list grows with the archive, and the archive says itself what it knows.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import islice

import tantivy

from storage.search.naming import Glossary, Name, bare
from storage.search.query import FIELDS
from storage.search.results import Suggestion
from storage.search.streams import streams
from storage.search.tree import Fact
from storage.words import fold

#: Suggestions at a time; names and values looked at for them.
MOST, NAMES, LOOKED_AT = 10, 40, 1_000
#: Fields whose values the archive can list.
LISTED = ("topic", "activity", "event", "outlet", "country", "lang", "strength", "seed")
#: What is being typed: a field and the beginning of its value, or the beginning of a name of up to four words.
_FIELD = re.compile(r"(?P<minus>-?)(?P<name>[a-z]+)[:：](?P<value>[^\s\"()（）]*)$", re.IGNORECASE)
_QUOTE = re.compile('["“”„«»＂]')
_WORDS = re.compile(r"[^\s()（）\"“”„«»＂:：]+(?: [^\s()（）\"“”„«»＂:：]+){0,3}$")


def suggest(typed: str, searcher: tantivy.Searcher, glossary: Glossary) -> tuple[Suggestion, ...]:
    """Up to `MOST` ways to go on, the likeliest first."""
    if len(_QUOTE.findall(typed)) % 2:  # inside a phrase every letter is meant
        return ()
    found = _FIELD.search(typed)
    going_on = _values(typed, found, searcher) if found else _words(typed, searcher, glossary)
    first: dict[str, Suggestion] = {}
    for one in going_on:
        first.setdefault(one.query, one)
    return tuple(first.values())[:MOST]


def _values(typed: str, found: re.Match[str], searcher: tantivy.Searcher) -> Iterator[Suggestion]:
    name, value = found["name"].lower(), fold(found["value"]).text.replace("_", "-")
    if name in LISTED:
        for held, count in _held(searcher, name, value):
            fact = Fact(name, held)
            yield Suggestion(f"{typed[: found.start()]}{found['minus']}{fact}", _articles(count))


def _held(searcher: tantivy.Searcher, name: str, value: str) -> list[tuple[str, int]]:
    """Values of a field that begin so, the commonest first; a topic once, whatever its strength."""
    held = [
        (fact.partition("=")[2], searcher.doc_freq("facts", fact))
        for fact, _ in searcher.terms_with_prefix("facts", f"{name}={value}", None, LOOKED_AT)
    ]
    keys = {value for value, _ in held}
    # An outlet is known by its key and by its name; where both begin so, the key will do.
    once = (one for one in held if "/" not in one[0] and (" " not in one[0] or one[0].replace(" ", "-") not in keys))
    return sorted(once, key=lambda one: (-one[1], one[0]))


def _words(typed: str, searcher: tantivy.Searcher, glossary: Glossary) -> Iterator[Suggestion]:
    found = _WORDS.search(typed)
    if not found:
        return
    words = found.group().split(" ")
    for first in range(len(words)):
        beginning = " ".join(words[first:])
        before = typed[: len(typed) - len(beginning)]
        names = _known(islice(_beginning(glossary, fold(beginning).text), NAMES), searcher)
        for form, name in names:
            yield Suggestion(before + form, f"{name.title}, {name.kind}" if form != name.title else name.kind)
        if names:
            break
    last = fold(words[-1]).text
    if len(last) < 2:
        return
    before = typed[: len(typed) - len(words[-1])]
    for field in ("outlet", "event"):
        for value, count in _held(searcher, field, last.replace("_", "-")):
            yield Suggestion(f"{before}{Fact(field, value)}", _articles(count))
    for field in FIELDS:
        if field.startswith(last):
            yield Suggestion(f"{before}{field}:", f"field, as in {field}:{FIELDS[field]}")


def _known(names: Iterable[tuple[str, Name]], searcher: tantivy.Searcher) -> list[tuple[str, Name]]:
    """Those the archive speaks of in whichever script, the most spoken of first."""
    held = [(max(_holders(form, searcher) for form in name.forms), form, name) for form, name in names if name.forms]
    return [(form, name) for count, form, name in sorted(held, key=lambda one: (-one[0], one[1])) if count]


def _holders(form: str, searcher: tantivy.Searcher) -> int:
    """At most so many articles hold it."""
    return min((searcher.doc_freq(stream, token) for stream, token in streams(bare(form)).told_by), default=0)


def _articles(count: int) -> str:
    return "1 article" if count == 1 else f"{count:,} articles"


def _beginning(glossary: Glossary, text: str) -> Iterator[tuple[str, Name]]:
    """Names that begin so, in whichever script, in alphabetical order."""
    forms = glossary.in_order
    at = bisect_left(forms, text, key=lambda entry: entry[0])
    while text and at < len(forms) and forms[at][0].startswith(text):
        yield forms[at][1:]
        at += 1
