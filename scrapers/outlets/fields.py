"""Read the fields of one mapping, each as what it should be; whatever is not becomes a complaint and reads as empty.

Only `scrapers/outlets` imports this module. Collecting instead of raising lets a file be told all its faults at once.
"""

import difflib
import re
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

import soupsieve

from scrapers.outlets.complaints import Complaint
from scrapers.outlets.documents import Lined, Value, shown

_YES_NO = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
#: Shapes the reader of dates knows by itself; a format may name them in words, to tell people.
_KNOWN_TIMES = re.compile(r"(?:ISO 8601|RFC 822|epoch (?:milli)?seconds)\b")


@dataclass(frozen=True)
class Fields:
    """The fields of one mapping of an outlet file."""

    given: Lined
    file: str
    complaints: list[Complaint]
    outlet: str = ""
    path: str = ""
    _seen: set[str] = field(default_factory=set)

    def complain(self, key: str, what: str, remedy: str) -> None:
        """Note a fault of the field `key` (of the mapping itself where `key` is empty)."""
        line = self.given.lines.get(key, self.given.line)
        name = ".".join(part for part in (self.path, key) if part)
        self.complaints.append(Complaint(self.file, line, self.outlet, name, what, remedy))

    def get(self, key: str) -> Value:
        self._seen.add(key)
        return self.given.get(key)

    def text(self, key: str) -> str:
        """The text of `key`; empty when it is not given."""
        value = self.get(key)
        if isinstance(value, (list, Lined)):
            self.complain(key, f"{shown(value)} stands where text should", "write one text")
            return ""
        return (value or "").strip()

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts of `key`: a list of them, or one alone."""
        value = self.get(key)
        found = value if isinstance(value, list) else [value]
        if any(isinstance(item, (list, Lined)) for item in found):
            self.complain(key, "something else stands among the texts", "write a list of texts")
        return tuple(item for item in found if isinstance(item, str) and item)

    def choice(self, key: str, allowed: Collection[str], default: str) -> str:
        """One of the words allowed."""
        value = self.text(key) or default
        if value not in allowed:
            self.complain(key, f"'{value}' is not known here", f"use one of: {', '.join(allowed)}")
            return default
        return value

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        value = self.text(key).lower()
        if value and value not in _YES_NO:
            self.complain(key, f"'{value}' is neither true nor false", "write true or false")
        return _YES_NO.get(value, default)

    def number(self, key: str, default: float) -> float:
        """A number, 0 or more."""
        value = self.text(key)
        try:
            number = float(value) if value else default
        except ValueError:
            number = -1.0
        if not 0 <= number < 1e9:
            self.complain(key, f"'{value}' is not a usable number", "write a number, 0 or more")
            return default
        return number

    def day(self, key: str) -> date | None:
        """A calendar day, YYYY-MM-DD; None when it is not given."""
        value = self.text(key)
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            self.complain(key, f"'{value}' is not a day", "write it as YYYY-MM-DD")
            return None

    def address(self, key: str) -> str:
        """An http(s) address."""
        value = self.text(key)
        if value and not is_address(value):
            self.complain(key, f"'{value}' is no web address", "begin it with http:// or https:// and a host")
            return ""
        return value

    def pattern(self, key: str, *, group: str = "") -> str:
        """A regular expression; where `group` says what for, it must have a group to take that from."""
        value = self.text(key)
        return value if self._compiles(key, value, group) else ""

    def patterns(self, key: str) -> tuple[str, ...]:
        """Regular expressions."""
        return tuple(value for value in self.texts(key) if self._compiles(key, value, ""))

    def _compiles(self, key: str, value: str, group: str) -> bool:
        try:
            groups = re.compile(value).groups if value else 1
        except (re.error, OverflowError, RecursionError) as error:
            self.complain(
                key, f"'{value}' is no regular expression ({error})", "correct it; write it between single quotes"
            )
            return False
        if group and not groups:
            self.complain(key, f"'{value}' has no group to take {group} from", "put ( ) around that part")
            return False
        return True

    def selectors(self, *keys: str) -> tuple[str, ...]:
        """CSS selectors of all the keys, in that order."""
        return tuple(value for key in keys for value in self.texts(key) if self._selects(key, value))

    def selector(self, key: str) -> str:
        """One CSS selector."""
        value = self.text(key)
        return value if value and self._selects(key, value) else ""

    def _selects(self, key: str, value: str) -> bool:
        try:
            soupsieve.compile(value)
        except (soupsieve.SelectorSyntaxError, NotImplementedError) as error:
            reason = str(error).splitlines()[0]
            self.complain(key, f"'{value}' is no CSS selector ({reason})", "correct it, as in 'div.article > p'")
            return False
        return True

    def formats(self, *keys: str) -> tuple[str, ...]:
        """strptime formats of all the keys. Words naming a standard shape (ISO 8601, epoch seconds) need no format."""
        given = [(key, value) for key in keys for value in self.texts(key) if not _KNOWN_TIMES.match(value)]
        return tuple(value for key, value in given if self._reads_times(key, value))

    def _reads_times(self, key: str, value: str) -> bool:
        moment = datetime(2026, 3, 14, 15, 9, 26, tzinfo=UTC)
        try:
            if "%" not in value:
                raise ValueError("it has no % directive")
            time.strptime(moment.strftime(value), value)
        except ValueError as error:
            self.complain(key, f"'{value}' is no time format ({error})", "write one like '%Y-%m-%d %H:%M', or ISO 8601")
            return False
        return True

    def inner(self, key: str) -> "Fields | None":
        """The mapping at `key`; None when it is not given."""
        value = self.get(key)
        if isinstance(value, Lined):
            return self._at(value, key)
        if value is not None:
            self.complain(key, f"{shown(value)} stands where a mapping should", "write its fields below it, indented")
        return None

    def rows(self, key: str, *, bare: str = "") -> list["Fields"]:
        """The mappings listed at `key`; a text alone stands for a mapping whose field `bare` it is."""
        value = self.get(key)
        items = value if isinstance(value, list) else [] if value is None else [value]
        rows = []
        for number, item in enumerate(items):
            row = item
            if isinstance(item, str) and bare:
                row = Lined(self.given.lines.get(key, self.given.line))
                row[bare] = item
            if isinstance(row, Lined):
                rows.append(self._at(row, f"{key}[{number}]" if isinstance(value, list) else key))
            else:
                self.complain(key, f"{shown(item)} stands where a mapping should", "write a list of mappings")
        return rows

    def _at(self, given: Lined, name: str) -> "Fields":
        path = ".".join(part for part in (self.path, name) if part)
        return Fields(given, self.file, self.complaints, self.outlet, path)

    def close(self, also: Iterable[str] = ()) -> None:
        """Complain of every field that nobody read and that is not among `also`: the words we know and do not need."""
        known = self._seen | set(also)
        for key in self.given:
            if key not in known:
                near = difflib.get_close_matches(key, known, n=1)
                remedy = (
                    f"write '{near[0]}' if that was meant" if near else f"known here are {', '.join(sorted(known))}"
                )
                self.complain(key, "unknown field", remedy)
        for key in self.given.twice:
            self.complain(key, "given twice", "keep one of the two")


def is_address(value: str) -> bool:
    """Whether `value` is an absolute http(s) address."""
    try:
        parts = urlsplit(value)
        return (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and not re.search(r"\s", value)
            and parts.port != 0
        )
    except ValueError:
        return False
