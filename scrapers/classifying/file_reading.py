"""Turn the text of one topic file into concepts, exercises, activities and topics. Text walks in, a growing `Draft` walks out.

Only `loading` calls it. Nothing raises: what cannot be read becomes a complaint (file, line, reason), and the rest goes on.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from scrapers.classifying import forms
from scrapers.classifying.forms import BadForm, Pattern
from scrapers.classifying.rules import Activity, Concept, Exercise, Near, Office, Rule, Topic, Yielding
from scrapers.classifying.yaml_lines import BadYaml, Items, Table, read_yaml


@dataclass
class Draft:
    """What has been read so far. `places` remembers where each name was written, and whether by us or by the user."""

    concepts: dict[str, Concept] = field(default_factory=dict)
    exercises: dict[str, Exercise] = field(default_factory=dict)
    activities: dict[str, Activity] = field(default_factory=dict)
    topics: dict[str, Topic] = field(default_factory=dict)
    yieldings: list[Yielding] = field(default_factory=list)
    places: dict[tuple[str, str], tuple[str, int, bool]] = field(default_factory=dict)
    complaints: list[tuple[str, int, str]] = field(default_factory=list)


_FORM_KEYS = frozenset("en ru zh capitals not_after not_before".split())
_CONCEPT_KEYS = _FORM_KEYS | frozenset("about any hides after not_from note conf".split())
_PERSON_KEYS = _CONCEPT_KEYS | {"offices"}
_EXERCISE_KEYS = _CONCEPT_KEYS | frozenset("name kind activity topics guard editions doubtful not_years".split())
_ACTIVITY_KEYS = _CONCEPT_KEYS | frozenset("name precedence definition occasion".split())
_RULE_KEYS = frozenset("id about all near points unless activity mention_only alone".split())
_TOPIC_KEYS = frozenset(
    "topic name about tie mention exercise rules lowers vetoes demotes supports readouts unsourced sources".split()
)
_FILE_KEYS = frozenset("concepts people exercises activities yields".split()) | _TOPIC_KEYS


def read_file(draft: Draft, name: str, text: str, *, theirs: bool) -> None:
    """Add what the file `name` holds to `draft`. `theirs`: it may put its own in place of a name of ours."""
    try:
        document = read_yaml(text)
    except BadYaml as why:
        draft.complaints.append((name, why.line, f"no YAML: {why}"))
        return
    if document is None:
        return
    reader = _Reader(draft, name, theirs)
    if not isinstance(document, Table):
        reader.complain(
            1, "a topic file is a table: concepts, people, exercises, activities, or a topic with its rules"
        )
        return
    reader.read(document)


class _Reader:
    """Reads one file. Every method that meets something wrong complains and carries on."""

    def __init__(self, draft: Draft, file: str, theirs: bool) -> None:
        self.draft, self.file, self.theirs = draft, file, theirs

    def complain(self, line: int, reason: str) -> None:
        self.draft.complaints.append((self.file, line, reason))

    def read(self, document: Table) -> None:
        self.known(document, _FILE_KEYS, "a topic file")
        for id_, line, table in self.tables(document, "concepts"):
            self.known(table, _CONCEPT_KEYS, f"concept {id_}")
            self.concept(id_, line, table)
        for section, line, people in self.tables(document, "people"):
            self.section(section, line, people)
        for id_, line, table in self.tables(document, "exercises"):
            self.known(table, _EXERCISE_KEYS, f"exercise {id_}")
            self.concept(id_, line, table)
            self.exercise(id_, line, table)
        for id_, line, table in self.tables(document, "activities"):
            self.known(table, _ACTIVITY_KEYS, f"activity {id_}")
            self.concept(id_, line, table)
            self.activity(id_, line, table)
        self.yields(document)
        if "topic" in document:
            self.topic(document)
        elif "rules" in document:
            self.complain(document.line_of("rules"), "rules without a topic: say `topic: name-of-the-topic` first")

    # -------------------------------------------------------------- small readers

    def known(self, table: Table, keys: frozenset[str], what: str) -> None:
        for key in table:
            if key not in keys:
                self.complain(table.lines[key], f"{what} has no {key!r}; known are {', '.join(sorted(keys))}")

    def tables(self, document: Table, key: str) -> Iterator[tuple[str, int, Table]]:
        entries = document.get(key)
        if entries is None:
            return
        if not isinstance(entries, Table):
            self.complain(document.line_of(key), f"{key} is a table of names, each with its own table")
            return
        for id_, entry in entries.items():
            if isinstance(entry, Table):
                yield id_, entries.lines[id_], entry
            else:
                self.complain(entries.lines[id_], f"{id_} is no table")

    def words(self, table: Table, key: str) -> tuple[str, ...]:
        value = table.get(key)
        if value is None:
            return ()
        if isinstance(value, str):
            return (value,)
        if isinstance(value, Items) and all(isinstance(one, str | int | float) for one in value):
            return tuple(str(one) for one in value)
        self.complain(table.line_of(key), f"{key} is a list of words")
        return ()

    def groups(self, table: Table, key: str) -> tuple[tuple[str, ...], ...]:
        """A list of concepts, each of which may be a list of alternatives."""
        value = table.get(key)
        if value is None:
            return ()
        if isinstance(value, str):
            return ((value,),)
        if isinstance(value, Items):
            groups = [(one,) if isinstance(one, str) else tuple(one) if isinstance(one, Items) else () for one in value]
            if all(group and all(isinstance(word, str) for word in group) for group in groups):
                return tuple(groups)
        self.complain(
            table.line_of(key), f"{key} is a list of concepts; where any of several will do, a list in the list"
        )
        return ()

    def number(self, table: Table, key: str, default: float) -> float:
        value = table.get(key, default)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
        self.complain(table.line_of(key), f"{key} is a number, not {value!r}")
        return default

    def claim(self, kind: str, id_: str, line: int) -> bool:
        """Whether the name is free; the user's files may take one of ours, no file may take its own twice."""
        before = self.draft.places.get((kind, id_))
        if before is not None and not (self.theirs and not before[2]):
            self.complain(line, f"{kind} {id_} is written twice: already in {before[0]}, line {before[1]}")
            return False
        self.draft.places[kind, id_] = (self.file, line, self.theirs)
        return True

    # -------------------------------------------------------------- concepts and people

    def section(self, section: str, line: int, people: Table) -> None:
        """A section of people is itself a concept: any of them."""
        names = []
        for id_, person in people.items():
            if not isinstance(person, Table):
                self.complain(people.lines[id_], f"{id_} is no table")
                continue
            self.known(person, _PERSON_KEYS, f"person {id_}")
            self.concept(id_, people.lines[id_], person)
            names.append(id_)
        if self.claim("concept", section, line):
            self.draft.concepts[section] = Concept(id=section, any=tuple(names), where=f"{self.file}, line {line}")

    def concept(self, id_: str, line: int, table: Table) -> None:
        patterns = self.patterns(id_, line, table)
        if not self.claim("concept", id_, line):
            return
        self.draft.concepts[id_] = Concept(
            id=id_,
            patterns=patterns,
            any=self.words(table, "any"),
            hides=self.words(table, "hides"),
            after=self.words(table, "after"),
            not_from=self.words(table, "not_from"),
            offices=self.offices(table),
            where=f"{self.file}, line {line}",
        )

    def patterns(self, id_: str, line: int, table: Table) -> tuple[Pattern, ...]:
        readers = {"en": self.english, "ru": self.russian, "zh": self.chinese, "capitals": self.capitals}
        patterns: list[Pattern] = []
        for key, read in readers.items():
            entries = table.get(key)
            if entries is None:
                continue
            if not isinstance(entries, Items):
                self.complain(table.line_of(key), f"{key} of {id_} is a list of forms")
                continue
            for entry, at in zip(entries, entries.lines, strict=True):
                patterns += self.form(id_, at, entry, table, read)
        return tuple(patterns)

    def form(
        self, id_: str, line: int, entry: Any, table: Table, read: Callable[[Any, Table], tuple[Pattern, ...]]
    ) -> tuple[Pattern, ...]:
        try:
            return read(entry, table)
        except BadForm as why:
            self.complain(line, f"{id_}: {why}")
            return ()

    def english(self, entry: Any, table: Table) -> tuple[Pattern, ...]:
        return forms.english(_text(entry))

    def capitals(self, entry: Any, table: Table) -> tuple[Pattern, ...]:
        return forms.english(_text(entry), capitals=True)

    def russian(self, entry: Any, table: Table) -> tuple[Pattern, ...]:
        if not isinstance(entry, Table):
            return forms.russian(_text(entry))
        if set(entry) - {"lemma", "stem", "capitals"} or "stem" not in entry:
            raise BadForm(
                "a Russian form is an abbreviation, or {lemma: ..., stem: ...}, with `capitals: true` if need be"
            )
        stem = _text(entry["stem"])
        return forms.russian_stem(_text(entry.get("lemma", stem)), stem, capitals=entry.get("capitals") is True)

    def chinese(self, entry: Any, table: Table) -> tuple[Pattern, ...]:
        form = _text(entry)
        return forms.chinese(
            form, not_after=_guards(table, "not_after", form), not_before=_guards(table, "not_before", form)
        )

    def offices(self, table: Table) -> tuple[Office, ...]:
        offices = table.get("offices")
        if offices is None:
            return ()
        terms = []
        for one in offices if isinstance(offices, Items) else [offices]:
            if not isinstance(one, Table) or set(one) - {"name", "from", "to"}:
                self.complain(table.line_of("offices"), "an office has a name, a from and a to")
                continue
            first, last = self.day(one, "from", False), self.day(one, "to", True)
            terms.append(Office(name=str(one.get("name", "")), first=first, last=last))
        return tuple(terms)

    def day(self, table: Table, key: str, end: bool) -> date | None:
        """A date of which the month or the day may be missing; then the first or the last it can be."""
        value = table.get(key)
        if value is None or isinstance(value, date):
            return value
        parts = str(value).split("-")
        try:
            year, month = int(parts[0]), int(parts[1]) if len(parts) > 1 else 12 if end else 1
            return date(year, month, int(parts[2]) if len(parts) > 2 else 28 if end else 1)
        except ValueError:
            self.complain(table.line_of(key), f"{key} is a date such as 2024-05-12, 2024-05 or 2024, not {value!r}")
            return None

    # -------------------------------------------------------------- exercises and activities

    def exercise(self, id_: str, line: int, table: Table) -> None:
        if not self.claim("exercise", id_, line):
            return
        topics = table.get("topics", Table(line))
        if not isinstance(topics, Table):
            self.complain(table.line_of("topics"), "topics is a table: topic: [concepts the article must name as well]")
            topics = Table(line)
        self.draft.exercises[id_] = Exercise(
            id=id_,
            activity=str(table.get("activity", "")),
            topics={topic: self.groups(topics, topic) for topic in topics},
            guard=tuple(tuple(line_.split()) for line_ in self.words(table, "guard")),
            editions=self.editions(table),
            doubtful=self.years(table, "doubtful"),
            not_years=self.years(table, "not_years"),
        )

    def editions(self, table: Table) -> dict[int, tuple[str, ...]]:
        editions = table.get("editions")
        if editions is None:
            return {}
        if not isinstance(editions, Table):
            self.complain(table.line_of("editions"), "editions is a table by year")
            return {}
        found: dict[int, tuple[str, ...]] = {}
        for year, edition in editions.items():
            if not year[:4].isdigit() or not isinstance(edition, Table):
                self.complain(editions.lines[year], f"an edition is `2024: {{...}}`, not {year!r}")
                continue
            found[int(year[:4])] = (*found.get(int(year[:4]), ()), *self.words(edition, "topics"))
        return found

    def years(self, table: Table, key: str) -> tuple[int, ...]:
        return tuple(int(year) for year in self.words(table, key) if year.isdigit())

    def activity(self, id_: str, line: int, table: Table) -> None:
        if self.claim("activity", id_, line):
            precedence = int(self.number(table, "precedence", 99))
            self.draft.activities[id_] = Activity(
                id=id_,
                name=str(table.get("name", id_)),
                precedence=precedence,
                occasion=self.words(table, "occasion"),
            )

    def yields(self, document: Table) -> None:
        entries = document.get("yields", Items())
        if not isinstance(entries, Items):
            self.complain(document.line_of("yields"), "yields is a list")
            return
        for entry, line in zip(entries, entries.lines, strict=True):
            if not isinstance(entry, Table) or set(entry) - {"about", "activities", "to", "when", "unless"}:
                self.complain(line, "a line of yields has activities, to, when")
                continue
            one = Yielding(
                activities=self.words(entry, "activities"),
                to=str(entry.get("to", "")),
                when=self.groups(entry, "when"),
                unless=self.words(entry, "unless"),
            )
            self.draft.yieldings.append(one)
            self.draft.places["yields", str(len(self.draft.yieldings) - 1)] = (self.file, line, self.theirs)

    # -------------------------------------------------------------- topics

    def topic(self, document: Table) -> None:
        id_ = str(document["topic"])
        if not self.claim("topic", id_, document.line_of("topic")):
            return
        self.draft.topics[id_] = Topic(
            id=id_,
            name=str(document.get("name", id_)),
            rules=tuple(self.rules(id_, document)),
            tie=self.number(document, "tie", 5),
            mention=self.number(document, "mention", 2),
            exercise=self.number(document, "exercise", 5),
            lowers=self.lowers(document),
            vetoes=self.words(document, "vetoes"),
            demotes=self.words(document, "demotes"),
            supports=self.words(document, "supports"),
            readouts=self.words(document, "readouts"),
            unsourced=self.words(document, "unsourced"),
            sources=self.words(document, "sources"),
        )

    def lowers(self, document: Table) -> dict[str, float]:
        table = document.get("lowers")
        if table is None:
            return {}
        if not isinstance(table, Table):
            self.complain(document.line_of("lowers"), "lowers is a table: concept: how many points it takes")
            return {}
        return {concept: self.number(table, concept, 1) for concept in table}

    def rules(self, topic: str, document: Table) -> Iterator[Rule]:
        entries = document.get("rules")
        if not isinstance(entries, Items) or not entries:
            self.complain(document.line_of("rules"), f"topic {topic} has no rules")
            return
        for entry, line in zip(entries, entries.lines, strict=True):
            if not isinstance(entry, Table) or "id" not in entry:
                self.complain(line, "a rule is a table with an id")
                continue
            self.known(entry, _RULE_KEYS, f"rule {entry['id']}")
            if self.claim("rule", f"{topic}/{entry['id']}", line) and (rule := self.rule(entry, line)):
                yield rule

    def rule(self, table: Table, line: int) -> Rule | None:
        near = str(table.get("near", Near.SENTENCE))
        if near not in list(Near):
            self.complain(table.line_of("near"), f"near is one of {', '.join(Near)}, not {near!r}")
            return None
        return Rule(
            id=str(table["id"]),
            all=self.groups(table, "all"),
            points=self.number(table, "points", 3),
            near=Near(near),
            unless=self.words(table, "unless"),
            activity=str(table.get("activity", "")),
            mention_only=table.get("mention_only") is True,
            alone=table.get("alone") is True,
        )


def _text(entry: Any) -> str:
    if not isinstance(entry, str | int | float):
        raise BadForm("a form is a word or a phrase")
    return str(entry)


def _guards(table: Table, key: str, form: str) -> tuple[str, ...]:
    guards = table.get(key)
    if guards is None:
        return ()
    if not isinstance(guards, Table):
        raise BadForm(f"{key} is a table: form: [what may not stand there]")
    found = guards.get(form, Items())
    if not isinstance(found, Items):
        raise BadForm(f"{key} of {form} is a list")
    return tuple(str(one) for one in found)
