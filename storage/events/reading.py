"""Files of events to a `Register`, or every complaint with file and line. Called by `service` at start and by tests.

Ours come first (words.yaml, series.yaml, register.yaml), then the operator's, in order of their names; a later entry takes the
place of an earlier one of the same id. Any file may hold any of the sections. What the fields mean stands at the head of each
of ours.
"""

import calendar
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

from storage.events.errors import Complaint, EventFileError
from storage.events.lines import Lined, NotRead, Value, read_lined
from storage.events.register import LANGUAGES, Register, Series, in_order, series_of
from storage.events.spoken import Thing, needle
from storage.records import Confidence, Event, Grounds, Precision

_OURS = ("words.yaml", "series.yaml", "register.yaml")
_THINGS = ("places", "states", "people", "acts")
_SECTIONS = ("groups", *_THINGS, "series", "events")
_FIELDS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(_THINGS, (*LANGUAGES, "name", "capital", "rare")),
    "series": (*LANGUAGES, "activity", "topics", "who", "told"),
    "events": (
        *LANGUAGES, "date", "activity", "topics", "who", "observers", "places", "people", "told", "number", "confidence",
        "basis", "announced", "note",
    ),
}  # fmt: skip
_LISTS = ("topics", "who", "observers", "places", "people", "told")
#: Which section holds what the words of a field name.
_NAMES_OF = {"who": "states", "observers": "states", "places": "places", "people": "people", "told": "acts"}
_ID = re.compile(r"[a-z][a-z0-9_]*")
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
#: Files longer than this are no files of events.
_LARGEST = 5_000_000

Word = TypeVar("Word", bound=StrEnum)


def read_register(extra: Path | None = None) -> Register:
    """Our register with the files in the folder `extra` (*.yaml, *.yml). Raises EventFileError with every fault found."""
    return register_of(_texts(extra))


def register_version(extra: Path | None = None) -> str:
    """The version that `read_register(extra)` would have, without making sense of the files. Raises EventFileError."""
    return _version(_texts(extra))


def _texts(extra: Path | None) -> list[tuple[str, str]]:
    ours = [(name, files("storage.events").joinpath(name).read_text(encoding="utf-8")) for name in _OURS]
    return [*ours, *_theirs(extra)]


def register_of(texts: Sequence[tuple[str, str]]) -> Register:
    """The register in these (file name, text) pairs. Raises EventFileError."""
    return _register_of(tuple(texts))


@lru_cache(maxsize=4)
def _register_of(texts: tuple[tuple[str, str], ...]) -> Register:
    draft = _Draft()
    for file, text in texts:
        try:
            draft.take(read_lined(text, file=file))
        except NotRead as why:
            draft.complaints.append(
                Complaint(file, why.line, str(why), "write it as docs/events.md shows, or correct the line above")
            )
    register = draft.register(_version(texts))
    if draft.complaints:
        raise EventFileError(draft.complaints)
    return register


def _theirs(folder: Path | None) -> Iterator[tuple[str, str]]:
    if folder is None:
        return
    if not folder.is_dir():
        raise EventFileError([Complaint(str(folder), 1, "no such folder", "make it, or leave ENTENTE_EVENTS_DIR out")])
    for path in sorted(path for path in folder.iterdir() if path.suffix in (".yaml", ".yml") and path.is_file()):
        try:
            body = path.read_bytes()
            if len(body) > _LARGEST:
                raise ValueError(f"longer than {_LARGEST:,} bytes")
            yield str(path), body.decode("utf-8-sig")
        except (OSError, ValueError) as why:
            raise EventFileError(
                [Complaint(str(path), 1, f"cannot be read ({why})", "put a file of text there")]
            ) from why


def _version(texts: Sequence[tuple[str, str]]) -> str:
    digest = hashlib.sha256()
    for _, text in texts:
        digest.update(text.encode("utf-8", "replace") + b"\0")
    return digest.hexdigest()[:12]


@dataclass(slots=True)
class _Draft:
    """What the files say, section by section, while it is being checked."""

    sections: dict[str, dict[str, Lined]] = field(default_factory=lambda: {name: {} for name in _SECTIONS})
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    complaints: list[Complaint] = field(default_factory=list)

    def say(self, where: Lined, key: str, what: str, remedy: str) -> None:
        self.complaints.append(Complaint(where.file, where.line_of(key), what, remedy))

    def take(self, document: Lined) -> None:
        for section, entries in document.items():
            if section not in _SECTIONS:
                self.say(document, section, f"there is no section '{section}'", _use(section, _SECTIONS))
            elif not isinstance(entries, Lined):
                if entries:
                    self.say(document, section, f"'{section}' holds no entries", "write `id:` and its fields below it")
            elif section == "groups":
                self.groups |= {id: tuple(value) for id, value in entries.items() if isinstance(value, list)}
            else:
                self._entries(section, entries)

    def _entries(self, section: str, entries: Lined) -> None:
        for id, entry in entries.items():
            if not isinstance(entry, Lined):
                self.say(entries, id, f"'{id}' has no fields", "write them below it, as `en: ...`")
                continue
            for key in (key for key in entry if key not in _FIELDS[section]):
                self.say(entry, key, f"'{id}' has no field '{key}'", _use(key, _FIELDS[section]))
            entry.line = entries.line_of(id)
            self.sections[section][id] = entry

    # -------------------------------------------------------------- values

    def text(self, entry: Lined, key: str) -> str:
        value = entry.get(key)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.say(entry, key, f"'{key}' is no text", f"write `{key}: ...` on one line")
            return ""
        return value.strip()

    def listed(self, entry: Lined, key: str) -> tuple[str, ...]:
        value: Value = entry.get(key)
        if value is None:
            return ()
        if isinstance(value, Lined):
            self.say(entry, key, f"'{key}' is no list", f"write `{key}: [one, another]`")
            return ()
        return tuple([value] if isinstance(value, str) else value)

    def yes(self, entry: Lined, key: str) -> bool:
        value = self.text(entry, key).lower()
        if value not in ("", "true", "false"):
            self.say(entry, key, f"'{key}' is '{value}'", "write true or false")
        return value == "true"

    def word(self, entry: Lined, key: str, words: type[Word], otherwise: Word) -> Word:
        value = self.text(entry, key)
        try:
            return words(value) if value else otherwise
        except ValueError:
            self.say(entry, key, f"'{key}' is '{value}'", f"write one of {', '.join(words)}")
            return otherwise

    def ids(self, entry: Lined, key: str) -> tuple[str, ...]:
        """A list of ids of another section, groups of states opened."""
        found = [one for id in self.listed(entry, key) for one in (self.groups.get(id) or (id,))]
        known = self.sections[_NAMES_OF[key]]
        for id in found:
            if id not in known:
                remedy = _use(id, [*known, *(self.groups if _NAMES_OF[key] == "states" else ())])
                self.say(entry, key, f"'{id}' is none of the {_NAMES_OF[key]}", f"{remedy}, or give it forms there")
        return tuple(dict.fromkeys(id for id in found if id in known))

    # -------------------------------------------------------------- what is made of them

    def register(self, version: str) -> Register:
        places, states, people, acts = (self._things(section) for section in _THINGS)
        series = {id: self._series(id, entry) for id, entry in self.sections["series"].items()}
        activities = set(self._activities())
        made = [self._event(id, entry, series, activities) for id, entry in self.sections["events"].items()]
        groups = dict(sorted(self.groups.items(), key=lambda item: -len(item[1])))
        return Register(
            events=in_order(event for event in made if event),
            series=series,
            places=places,
            states=states,
            people=people,
            acts=acts,
            groups=groups,
            version=version,
        )

    def _activities(self) -> Iterator[str]:
        """The activities of our own files: there are no others."""
        for section in ("series", "events"):
            for entry in self.sections[section].values():
                activity = entry.get("activity")
                if entry.file in _OURS and isinstance(activity, str):
                    yield activity

    def _things(self, section: str) -> dict[str, Thing]:
        return {id: self._thing(section, id, entry) for id, entry in self.sections[section].items()}

    def _thing(self, section: str, id: str, entry: Lined) -> Thing:
        forms = [form for language in LANGUAGES for form in self.listed(entry, language)]
        needles = tuple(dict.fromkeys(filter(None, map(needle, forms))))
        if not needles:
            self.say(entry, id, f"'{id}' has no form", "write at least one: `en: [...]`, `ru: [...]` or `zh: [...]`")
        # What is done has many words, of which none is its name.
        own = id.replace("_", " ") if section == "acts" else next(iter(forms), id)
        name = self.text(entry, "name") or own
        return Thing(
            id=id, name=name, needles=needles, is_capital=self.yes(entry, "capital"), is_rare=self.yes(entry, "rare")
        )

    def _series(self, id: str, entry: Lined) -> Series:
        names = self._names(entry)
        for key in ("en", "activity", "topics"):
            if not entry.get(key):
                self.say(entry, id, f"the series '{id}' has no '{key}'", f"write `{key}: ...`")
        for language, name in names.items():
            try:
                name.format_map({"year": "", "n": "", "nth": ""})
            except (KeyError, ValueError, IndexError):
                self.say(
                    entry, language, f"'{name}' is no name of editions", "use only {year}, {n} and {nth} in brackets"
                )
        return Series(
            id=id, names=names, activity=self.text(entry, "activity"), topics=self.listed(entry, "topics"),
            who=self.ids(entry, "who"), told=self.ids(entry, "told"),
        )  # fmt: skip

    def _names(self, entry: Lined) -> dict[str, str]:
        return {language: name for language in LANGUAGES if (name := self.text(entry, language))}

    def _event(self, id: str, entry: Lined, series: Mapping[str, Series], activities: set[str]) -> Event | None:
        before = len(self.complaints)
        named, edition = series_of(id)
        if not edition:
            self.say(
                entry,
                id,
                f"'{id}' is no id of an event",
                "write small letters, a hyphen and its year or number: drill-2027",
            )
        one = series.get(named)
        names = (one.named(edition) if one else {}) | self._names(entry)
        activity = self.text(entry, "activity") or (one.activity if one else "")
        for key, there in (("en", names.get("en")), ("activity", activity), ("date", entry.get("date"))):
            if not there:
                self.say(entry, id, f"'{id}' has no '{key}'", f"write `{key}: ...`")
        if activity and activity not in activities:
            self.say(entry, "activity", f"there is no activity '{activity}'", _use(activity, sorted(activities)))
        days = self._days(entry)
        if len(self.complaints) > before or days is None:
            return None
        first, last, precision = days
        return Event(
            id=id,
            names=names,
            activity=activity,
            first=first,
            last=last,
            precision=precision,
            topics=self.listed(entry, "topics") or (one.topics if one else ()),
            who=self.ids(entry, "who") or (one.who if one else ()),
            observers=self.ids(entry, "observers"),
            places=self.ids(entry, "places"),
            people=self.ids(entry, "people"),
            told=self.ids(entry, "told") or (one.told if one else ()),
            number=int(edition) if len(edition) < 4 else 0,
            confidence=self.word(entry, "confidence", Confidence, Confidence.HIGH),
            basis=self.word(entry, "basis", Grounds, Grounds.SEEN),
            announced=self.yes(entry, "announced"),
            note=self.text(entry, "note"),
        )

    def _days(self, entry: Lined) -> tuple[date, date, Precision] | None:
        written = self.text(entry, "date")
        try:
            return days_of(written)
        except ValueError as why:
            if written:
                self.say(
                    entry, "date", str(why), "write 2027-05-03, 2027-05, 2027, or two of them: 2027-05-03/2027-05-09"
                )
            return None


def days_of(written: str) -> tuple[date, date, Precision]:
    """First day, last day and precision of 2027-05-03, 2027-05, 2027, or two of a kind with / between (ISO 8601-1, 5.5).

    Raises ValueError, which says what is wrong.
    """
    begin, slash, end = written.partition("/")
    first, _, precision = _day(begin)
    _, last, other = _day(end if slash else begin)
    if precision is not other:
        raise ValueError(f"'{written}' begins and ends in different precision")
    if last < first:
        raise ValueError(f"'{written}' ends before it begins")
    return first, last, precision


def _day(written: str) -> tuple[date, date, Precision]:
    found = _DATE.fullmatch(written.strip())
    if not found:
        raise ValueError(f"'{written}' is no date")
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None
    try:
        if month is None:
            return date(year, 1, 1), date(year, 12, 31), Precision.YEAR
        if day is None:
            return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]), Precision.MONTH
        return date(year, month, day), date(year, month, day), Precision.DAY
    except (ValueError, calendar.IllegalMonthError):
        raise ValueError(f"'{written}' is no day of the calendar") from None


def written_days(event: Event) -> str:
    """The days of an event as files write them."""
    shape: Callable[[date], str] = {
        Precision.DAY: lambda day: day.isoformat(),
        Precision.MONTH: lambda day: f"{day:%Y-%m}",
        Precision.YEAR: lambda day: f"{day.year:04d}",
    }[event.precision]
    first, last = shape(event.first), shape(event.last)
    return first if first == last else f"{first}/{last}"


def _use(word: str, known: Iterable[str]) -> str:
    listed = list(known)
    near = get_close_matches(word, listed, n=1)
    if near:
        return f"write '{near[0]}', if that was meant"
    return f"use one of {', '.join(listed)}" if len(listed) <= 20 else "see the files in storage/events"
