"""Decide which names of exercises count: those whose guard holds. A text laid out walks in, its names of exercises thinned.

Pure; only `surveying` calls it. Names of exercises are everyday words (East, Centre, Interaction, peace mission): a year, capitals
or a word for an exercise beside them makes them names.
"""

import re

from scrapers.classifying.laid_out import HEAD, Dropped, Seen, Survey
from scrapers.classifying.probing import either
from scrapers.classifying.rules import Rules
from storage.words import Folded

_YEAR_AFTER = re.compile(r"""[\s"'\-/·]{0,4}(?:((?:19|20)\d\d)|(\d\d)(?!\d)|(?:i{1,3}|iv|v)(?![a-z])|\d(?!\d))""")
_YEAR_INSIDE = re.compile(r"(?:19|20)\d\d|(?<=\D)\d\d(?!\d)")
_YEAR_BEFORE = re.compile(r"((?:19|20)\d\d)(?:年度?)?[\s\"'-]{0,3}$")
_NUMBER = re.compile(r"\d|(?<![a-z])(?:i{1,3}|iv|v)(?![a-z])")


def guard_exercises(rules: Rules, laid: Survey) -> None:
    """Drop names of exercises that lack what their guard asks for; note the year of the others."""
    named = rules.named
    naming = [one for one in laid.sentences if any(seen.concept in named for seen in one.seen)]
    if not naming:
        return
    head = either(sentence.named() for sentence in laid.sentences if sentence.place in HEAD)
    for sentence in naming:
        # Title and lead are one place.
        beside = head if sentence.place in HEAD else sentence.named()
        kept = []
        for seen in sentence.seen:
            guarded = _guarded(rules, seen, laid.folded(sentence), beside)
            if isinstance(guarded, Seen):
                kept.append(guarded)
            else:
                laid.dropped.append(Dropped(sentence.field, seen, guarded))
        sentence.seen = kept


def _guarded(rules: Rules, seen: Seen, folded: Folded, named: int) -> Seen | str:
    """The name with its year, or why it is none."""
    exercise = rules.exercises.get(rules.numbered[seen.concept].id)
    if exercise is None:
        return seen
    year, numbered = year_of(folded.text, seen.start, seen.end)
    if year in exercise.not_years:
        return f"the edition of {year} does not count"
    met = {"year": numbered, "capitals": _is_name(folded, seen), "quotes": _is_quoted(folded, seen)}
    lines = exercise.guard or ((),)
    for line in lines:
        if all(met[word] if word in met else bool(named >> rules.numbers[word] & 1) for word in line):
            return seen._replace(year=year)
    return f"no name by itself: wants {' or '.join(' and '.join(line) for line in lines)}"


def year_of(text: str, start: int, end: int) -> tuple[int, bool]:
    """The year that stands in or by the name at `start:end` (0: none), and whether any number does."""
    inside = _YEAR_INSIDE.search(text, start, end)
    if inside:
        return _full(inside.group()), True
    after = _YEAR_AFTER.match(text, end)
    if after:
        return _full(after[1] or after[2] or "0"), True
    before = _YEAR_BEFORE.search(text, max(0, start - 12), start)
    if before:
        return int(before[1]), True
    return 0, bool(_NUMBER.search(text, start, end))


def _full(digits: str) -> int:
    number = int(digits)
    return number if number > 100 or not number else 2000 + number if number < 80 else 1900 + number


def _is_quoted(folded: Folded, seen: Seen) -> bool:
    return folded.text[seen.start - 1 : seen.start] in ('"', "'") if seen.start else False


def _is_name(folded: Folded, seen: Seen) -> bool:
    """Written as a name: capitals or quotes. A text without any capital cannot tell, and Chinese has none."""
    first, last = folded.span(seen.start, seen.end)
    stood = folded.original[first:last]
    if stood[:1].isupper() or _is_quoted(folded, seen):
        return True
    return stood.lower() == stood.upper() or folded.original[:2000] == folded.original[:2000].lower()
