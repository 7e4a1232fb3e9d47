"""Read word lists, concepts, people, exercises and activities from the tables of a topic file. Only `file_reading` calls it."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from scrapers.classifying import forms
from scrapers.classifying.drafts import Page
from scrapers.classifying.forms import BadForm, Pattern
from scrapers.classifying.rules import Activity, Concept, Edition, Exercise, Joint, Office, WordList
from scrapers.classifying.yaml_lines import Items, Table

#: So many stems of a concept are tried on their lemmas; trying costs more than reading.
_MOST_PROVEN = 500
_CONCEPT = frozenset(
    [
        "about",
        "any",
        "made_of",
        "hides",
        "after",
        "not_from",
        "note",
        "en",
        "ru",
        "zh",
        "capitals",
        "not_after",
        "not_before",
    ]
)
_WORDS = frozenset(["about", "en", "ru", "zh"])
_PERSON = _CONCEPT | {"offices"}
_EXERCISE = _CONCEPT | frozenset(["name", "kind", "activity", "topics", "guard", "editions", "doubtful", "not_years"])
_ACTIVITY = _CONCEPT | frozenset(["name", "precedence", "definition", "titled", "occasion"])


def read_concepts(page: Page, document: Table) -> None:
    """Everything in a file that has forms."""
    for id_, line, table in page.tables(document, "words"):
        page.known(table, _WORDS, f"word list {id_}")
        if page.claim("word list", id_, line):
            forms_of = {language: page.words(table, language) for language in ("en", "ru", "zh") if language in table}
            page.draft.words[id_] = WordList(id=id_, forms=forms_of)
    for id_, line, table in page.tables(document, "concepts"):
        page.known(table, _CONCEPT, f"concept {id_}")
        _concept(page, id_, line, table)
    for section, line, people in page.tables(document, "people"):
        _section(page, section, line, people)
    for id_, line, table in page.tables(document, "exercises"):
        page.known(table, _EXERCISE, f"exercise {id_}")
        _concept(page, id_, line, table)
        _exercise(page, id_, line, table)
    for id_, line, table in page.tables(document, "activities"):
        page.known(table, _ACTIVITY, f"activity {id_}")
        _concept(page, id_, line, table)
        _activity(page, id_, line, table)


def _section(page: Page, section: str, line: int, people: Table) -> None:
    """A section of people is itself a concept: any of them."""
    names = []
    for id_, person in people.items():
        if not isinstance(person, Table):
            page.complain(people.lines[id_], f"{id_} is no table")
            continue
        page.known(person, _PERSON, f"person {id_}")
        _concept(page, id_, people.lines[id_], person)
        names.append(id_)
    if page.claim("concept", section, line):
        page.draft.concepts[section] = Concept(id=section, any=tuple(names))


def _concept(page: Page, id_: str, line: int, table: Table) -> None:
    patterns = _patterns(page, id_, table)
    if page.claim("concept", id_, line):
        page.draft.concepts[id_] = Concept(
            id=id_,
            patterns=patterns,
            made_of=tuple(_joints(page, table)),
            any=page.words(table, "any"),
            hides=page.words(table, "hides"),
            after=page.words(table, "after"),
            not_from=page.words(table, "not_from"),
            offices=_offices(page, table),
        )


def _joints(page: Page, table: Table) -> Iterator[Joint]:
    for one in page.words(table, "made_of"):
        names = one.split()
        if len(names) == 2 or (len(names) == 3 and names[1] == "~"):
            yield Joint(first=names[0], second=names[-1], is_apart=len(names) == 3)
        else:
            page.complain(
                table.line_of("made_of"),
                f"made_of names two word lists, with ~ between where a word may stand: {one!r}",
            )


# ------------------------------------------------------------------ forms


def _patterns(page: Page, id_: str, table: Table) -> tuple[Pattern, ...]:
    patterns: list[Pattern] = []
    for key, read in _READERS.items():
        entries = table.get(key)
        if entries is None:
            continue
        if not isinstance(entries, Items):
            page.complain(table.line_of(key), f"{key} of {id_} is a list of forms")
            continue
        for entry, line in zip(entries, entries.lines, strict=True):
            try:
                form = read(entry, table)
                if page.theirs and isinstance(entry, Table) and len(patterns) < _MOST_PROVEN:
                    _prove(form, entry)
                patterns += form
            except BadForm as why:
                page.complain(line, f"{id_}: {why}")
    return tuple(patterns)


def _prove(patterns: tuple[Pattern, ...], entry: Table) -> None:
    """A lemma is what its stem is for: a stem that misses it was mistyped. (Ours are proven by a test.) Raises BadForm."""
    lemma = str(entry.get("lemma", ""))
    if lemma and not any(re.search(pattern.regex, forms.folded(lemma)) for pattern in patterns):
        raise BadForm(f"the stem {entry['stem']!r} does not match its own lemma {lemma!r}")


def _russian(entry: Any, _: Table) -> tuple[Pattern, ...]:
    if not isinstance(entry, Table):
        return forms.russian(_text(entry))
    if set(entry) - {"lemma", "stem", "capitals"} or "stem" not in entry:
        raise BadForm("a Russian form is an abbreviation, or {lemma: ..., stem: ...}, with `capitals: true` if need be")
    stem = _text(entry["stem"])
    return forms.russian_stem(_text(entry.get("lemma", stem)), stem, capitals=entry.get("capitals") is True)


def _chinese(entry: Any, table: Table) -> tuple[Pattern, ...]:
    form = _text(entry)
    return forms.chinese(
        form, not_after=_guards(table, "not_after", form), not_before=_guards(table, "not_before", form)
    )


_READERS: dict[str, Callable[[Any, Table], tuple[Pattern, ...]]] = {
    "en": lambda entry, _: forms.english(_text(entry)),
    "capitals": lambda entry, _: forms.english(_text(entry), capitals=True),
    "ru": _russian,
    "zh": _chinese,
}


def _text(entry: Any) -> str:
    if not isinstance(entry, str | int | float):
        raise BadForm("a form is a word or a phrase")
    return str(entry)


def _guards(table: Table, key: str, form: str) -> tuple[str, ...]:
    guards = table.get(key)
    if guards is None:
        return ()
    found = guards.get(form, Items()) if isinstance(guards, Table) else None
    if not isinstance(found, Items):
        raise BadForm(f"{key} is a table: form: [what may not stand there]")
    return tuple(str(one) for one in found)


# ------------------------------------------------------------------ offices, exercises, activities


def _offices(page: Page, table: Table) -> tuple[Office, ...]:
    if "offices" not in table:
        return ()
    terms = []
    for line, one in page.entries(table, "offices"):
        if set(one) - {"name", "from", "to"}:
            page.complain(line, "an office has a name, a from and a to")
        first, last = _day(page, one, "from", end=False), _day(page, one, "to", end=True)
        terms.append(Office(name=str(one.get("name", "")), first=first, last=last))
    return tuple(terms)


def _day(page: Page, table: Table, key: str, *, end: bool) -> date | None:
    """A date of which the day or the month may be missing; then the first or the last it can be."""
    value = table.get(key)
    if value is None or isinstance(value, date):
        return value
    parts = str(value).split("-")
    try:
        year, month = int(parts[0]), int(parts[1]) if len(parts) > 1 else 12 if end else 1
        return date(year, month, int(parts[2]) if len(parts) > 2 else 28 if end else 1)
    except ValueError:
        page.complain(table.line_of(key), f"{key} is a date such as 2024-05-12, 2024-05 or 2024, not {value!r}")
        return None


def _exercise(page: Page, id_: str, line: int, table: Table) -> None:
    if not page.claim("exercise", id_, line):
        return
    topics = table.get("topics", Table(line))
    if not isinstance(topics, Table):
        page.complain(table.line_of("topics"), "topics is a table: topic: [concepts the article must name as well]")
        topics = Table(line)
    page.draft.exercises[id_] = Exercise(
        id=id_,
        activity=str(table.get("activity", "")),
        topics={topic: page.groups(topics, topic) for topic in topics},
        guard=tuple(tuple(conditions.split()) for conditions in page.words(table, "guard")),
        editions=tuple(_editions(page, table)),
        doubtful=page.years(table, "doubtful"),
        not_years=page.years(table, "not_years"),
    )


def _editions(page: Page, table: Table) -> Iterator[Edition]:
    for name, line, edition in page.tables(table, "editions"):
        if not name[:4].isdigit():
            page.complain(line, f"an edition is a year, as in `2024: {{...}}`, not {name!r}")
            continue
        yield Edition(
            name=name,
            year=int(name[:4]),
            topics=page.words(edition, "topics"),
            first=_day(page, edition, "from", end=False),
            last=_day(page, edition, "to", end=True),
        )


def _activity(page: Page, id_: str, line: int, table: Table) -> None:
    if page.claim("activity", id_, line):
        page.draft.activities[id_] = Activity(
            id=id_,
            name=str(table.get("name", id_)),
            precedence=int(page.number(table, "precedence", 99)),
            titled=table.get("titled") is True,
            occasion=page.words(table, "occasion"),
        )
