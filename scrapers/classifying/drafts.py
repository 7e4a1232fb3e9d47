"""What is being read from topic files, before it is known to be good. Tables walk in, a growing `Draft` walks out.

Only the readers of this room use it. Nothing raises: what cannot be read becomes a complaint, and the rest goes on.
"""

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field, fields

from scrapers.classifying.rules import Activity, Concept, Exercise, Topic, WordList, Yielding
from scrapers.classifying.yaml_lines import Items, Table


@dataclass
class Draft:
    """What has been read so far."""

    words: dict[str, WordList] = field(default_factory=dict)
    concepts: dict[str, Concept] = field(default_factory=dict)
    exercises: dict[str, Exercise] = field(default_factory=dict)
    activities: dict[str, Activity] = field(default_factory=dict)
    topics: dict[str, Topic] = field(default_factory=dict)
    yieldings: list[Yielding] = field(default_factory=list)
    #: (kind, name) -> file, line, and whether the user wrote it.
    places: dict[tuple[str, str], tuple[str, int, bool]] = field(default_factory=dict)
    #: File, line, reason.
    complaints: list[tuple[str, int, str]] = field(default_factory=list)

    def copy(self) -> "Draft":
        """A draft to go on from here; this one stays as it is."""
        return Draft(**{one.name: copy(getattr(self, one.name)) for one in fields(self)})


@dataclass(frozen=True)
class Page:
    """One file on its way into a draft. Every method that meets something wrong complains and carries on."""

    draft: Draft
    file: str
    #: The user's own file: it may put its own in place of a name of ours.
    theirs: bool

    def complain(self, line: int, reason: str) -> None:
        self.draft.complaints.append((self.file, line, reason))

    def claim(self, kind: str, id_: str, line: int) -> bool:
        """Whether the name is free; the user's files may take one of ours, no file may take its own twice."""
        before = self.draft.places.get((kind, id_))
        if before is not None and not (self.theirs and not before[2]):
            self.complain(line, f"{kind} {id_} is written twice: already in {before[0]}, line {before[1]}")
            return False
        self.draft.places[kind, id_] = (self.file, line, self.theirs)
        return True

    def known(self, table: Table, keys: frozenset[str], what: str) -> None:
        for key in table:
            if key not in keys:
                self.complain(table.lines[key], f"{what} has no {key!r}; known are {', '.join(sorted(keys))}")

    def tables(self, document: Table, key: str) -> Iterator[tuple[str, int, Table]]:
        """The tables under `key`: name, line, table."""
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

    def entries(self, document: Table, key: str) -> Iterator[tuple[int, Table]]:
        """The tables in the list under `key`: line, table."""
        entries = document.get(key, Items())
        if not isinstance(entries, Items):
            self.complain(document.line_of(key), f"{key} is a list")
            return
        for entry, line in zip(entries, entries.lines, strict=True):
            if isinstance(entry, Table):
                yield line, entry
            else:
                self.complain(line, f"a line of {key} is a table")

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
            table.line_of(key), f"{key} is a list of concepts; where one of several will do, a list in the list"
        )
        return ()

    def number(self, table: Table, key: str, default: float) -> float:
        value = table.get(key, default)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
        self.complain(table.line_of(key), f"{key} is a number, not {value!r}")
        return default

    def years(self, table: Table, key: str) -> tuple[int, ...]:
        return tuple(int(year) for year in self.words(table, key) if year.isdigit())
