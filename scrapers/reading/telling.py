"""What a text tells: title and text walk in, their weightiest words walk out. Pure; only `traits` calls it.

Weights are the same whatever else is in the archive: likeness must not depend on what came before.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import log

from scrapers.reading.plain_words import GRAMMAR, HAN_GRAMMAR, TRADE
from storage.words import Word, fold, words_of

#: Words of a text, from its first, that say what it tells.
LEAD = 200
#: What a title's word counts beside one of the text; what a name or a number weighs, and a word of the trade.
_IN_TITLE, _NAME, _TRADE = 3, 2.0, 0.5


def telling_words(title: str, heading: Sequence[Word], text: str, *, most: int) -> dict[str, float]:
    """The `most` weightiest words of title and lead, with their weights. `heading` is the title's words."""
    said: Counter[str] = Counter()
    loud: set[str] = set()
    for word, _ in _told(title, heading):
        said[word] += _IN_TITLE
    for word, is_name in _told(text, _first_words(text)):
        said[word] += 1
        # In a title capitals mean nothing: Some Write Every Word So.
        if is_name:
            loud.add(word)
    weighed = {word: _weight(word, times, is_name=word in loud) for word, times in said.items()}
    return dict(sorted(weighed.items(), key=lambda one: (-one[1], one[0]))[:most])


def _first_words(text: str) -> list[Word]:
    # Enough characters for so many words of any language.
    return list(words_of(fold(text[: LEAD * 8])))[:LEAD]


def _told(original: str, found: Sequence[Word]) -> Iterable[tuple[str, bool]]:
    """The telling words of a field, and whether each is written like a name. Han is told in pairs."""
    before: Word | None = None
    for word in found:
        if word.is_han:
            if before is not None and before.is_han and word.follows:
                pair = before.text + word.text
                if HAN_GRAMMAR.isdisjoint(pair):
                    yield pair, False
        elif word.text not in GRAMMAR and (len(word.text) > 1 or word.text.isdecimal()):
            starts = before is None or original[before.end : word.start].strip()[-1:] in (".", "!", "?", "…")
            yield word.text, original[word.start].isupper() and not starts
        before = word


def _weight(word: str, times: int, *, is_name: bool) -> float:
    worth = _TRADE if word in TRADE else _NAME if is_name or word.isdecimal() else 1.0
    return worth * (1 + log(times))
