"""Read the times outlets print. Text walks in, a `Published` or nothing walks out; pure, told the time by its caller.

Parsing and reading call it. It reads what our outlets print: ISO 8601, RFC 822 and 5322, epoch seconds and milliseconds,
month names in English and Russian, Chinese dates, unpadded numbers, "13:51, 15 августа", "3小时前", a clock time alone,
and the Solar Hijri dates of Iranian outlets. A date that cannot be, such as one in the year 2569, is no date.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import NamedTuple

from scrapers.parsing.datewords import (
    AGO,
    DAYS_BACK,
    MONTHS,
    UNITS,
    ZONE_NAME,
    from_solar_hijri,
    named_zone,
    plain,
    zone_of,
)
from storage.records import Basis, Published, utc

#: The web is younger than this: what claims to be older is a slip.
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
#: Clocks run ahead and zones are mistaken, but nothing is published in three days' time.
LEEWAY = timedelta(days=2)

#: A date stands at the beginning of whatever holds one.
_LONGEST = 300


class _Reading(NamedTuple):
    """One way to understand a text: a day, its clock time and zone as far as they were printed."""

    day: date
    clock: time | None = None
    zone: tzinfo | None = None


def parse_time(text: str, *, zone: str, now: datetime, basis: Basis, formats: Sequence[str] = ()) -> Published | None:
    """When `text` says something was published, or None if it says nothing that can be believed.

    `zone` is the IANA zone of a time printed without one; `now` (aware) completes what leaves out the day or year and
    refuses what lies ahead; `formats` are the outlet's own, as for `strptime`, tried first. A clock time that a change
    of clocks left out is moved on with the clocks, one that came twice is taken as the first.
    """
    home = zone_of(zone)
    line = plain(text[:_LONGEST])
    for reading in _readings(line, formats, home, now.astimezone(home)):
        if published := _published(reading, home, now, basis):
            return published
    return None


def _readings(line: str, formats: Sequence[str], home: tzinfo, here: datetime) -> Iterator[_Reading]:
    """The ways to understand `line`, the surest first; `here` is the present on the outlet's clock."""
    for written in formats:
        yield from _by_format(line, written, here)
    if re.fullmatch(r"\d{10}(?:\.\d+)?|\d{13}", line):
        moment = datetime.fromtimestamp(float(line[:10]), home)
        yield _Reading(moment.date(), moment.time(), moment.tzinfo)
    elif found := next((found for pattern in _DAYS if (found := pattern.search(line))), None):
        # The day's own digits must not be taken for a clock time or an offset.
        rest = line[: found.start()] + " \0 " + line[found.end() :]
        clock, printed = _clock(rest)
        yield from (_Reading(day, clock, printed) for day in _days(found, home, here))
    else:
        yield from _relative(line, here)


def _published(reading: _Reading, home: tzinfo, now: datetime, basis: Basis) -> Published | None:
    try:
        local = datetime.combine(reading.day, reading.clock or time(), reading.zone or home)
        at = utc(local)
    except (ValueError, OverflowError):
        return None
    if not EARLIEST <= at <= now + LEEWAY:
        return None
    offset = at.astimezone(reading.zone or home).utcoffset() or timedelta()
    return Published(
        at=at, offset_minutes=round(offset.total_seconds() / 60), basis=basis, has_time=reading.clock is not None
    )


def _by_format(line: str, written: str, here: datetime) -> Iterator[_Reading]:
    """`line` read by a strptime format of the outlet's file. Month names are three letters by now."""
    written = unicodedata.normalize("NFKC", written).replace("%B", "%b")
    has_year, has_day = bool(re.search("%[Yycx]", written)), bool(re.search("%[dcxj]", written))
    if has_day and not has_year:
        return  # Python calls such formats ambiguous; the general reader completes the year
    try:
        moment = datetime.strptime(line, written)  # noqa: DTZ007 - the zone is added from the outlet
    except ValueError:
        return
    clock = moment.time() if re.search("%[HIXcs]", written) else None
    offset = moment.utcoffset()
    yield _Reading(moment.date() if has_day else here.date(), clock, None if offset is None else timezone(offset))


# ------------------------------------------------------------------ days

_NAME = rf"(?P<name>{'|'.join(MONTHS)})"
_DAY = r"(?<!\d)(?P<d>\d{1,2})(?:st|nd|rd|th)?"

#: The ways to write a day; the first that is found is believed. `sep` marks those whose order is a habit of countries.
_DAYS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<!\d)(?P<y>\d{4})\s?[-/.年]\s?(?P<m>\d{1,2})\s?[-/.月]\s?(?P<d>\d{1,2})(?!\d)",
        r"(?<!\d)(?P<y>(?:19|2\d)\d\d)(?P<m>\d\d)(?P<d>\d\d)(?=t\d|\s|$)",
        rf"{_DAY}[\s.,-]+(?:of\s)?{_NAME}(?![a-z])[\s.,-]*(?P<y>\d{{4}}|\d\d(?![\d:]))",
        rf"\b{_NAME}\s?{_DAY}(?:\s?,\s?|\s+)(?P<y>\d{{4}})(?!\d)",
        rf"\b{_NAME}\s?{_DAY}(?=\s+\d{{1,2}}:[\d:]+\s+(?:[a-z]{{2,4}}\s+|[+-]\d{{4}}\s+)?(?P<y>\d{{4}})(?!\d))",
        r"(?<![\d.])(?P<d>\d{1,2})(?P<sep>[./-])(?P<m>\d{1,2})(?P=sep)(?P<y>\d{4})(?!\d)",
        r"(?<!\d)(?P<m>\d{1,2})\s?月\s?(?P<d>\d{1,2})\s?日",
        rf"{_DAY}\s+{_NAME}(?![a-z])",
        rf"\b{_NAME}\s?{_DAY}(?![\d:])",
    )
)


def _days(found: re.Match[str], home: tzinfo, here: datetime) -> Iterator[date]:
    """The days a match may mean, the likelier first."""
    parts = found.groupdict()
    day = int(parts["d"])
    month = MONTHS.index(parts["name"]) + 1 if parts.get("name") else int(parts["m"])
    written = parts.get("y")
    if not written:
        # A year elsewhere in the line belongs to it in a way we do not understand.
        if not re.search(r"(?<!\d)(?:19|2\d)\d\d(?!\d)", found.string):
            yield from _latest(month, day, here)
        return
    year = int(written) if len(written) == 4 else int(written) + (1900 if int(written) > 69 else 2000)
    if 1300 < year < 1500 and str(home) == "Asia/Tehran":
        yield from _existing(from_solar_hijri, year, month, day)
        return
    yield from _existing(date, year, month, day)
    if parts.get("sep") == "/":  # 05/31/2026: the American order, where the other cannot be
        yield from _existing(date, year, day, month)


def _existing(calendar: Callable[[int, int, int], date], year: int, month: int, day: int) -> Iterator[date]:
    try:
        yield calendar(year, month, day)
    except ValueError:
        return


def _latest(month: int, day: int, here: datetime) -> Iterator[date]:
    """A day without year is the last such day: what was published is past."""
    for year in (here.year + 1, here.year, here.year - 1):
        for found in _existing(date, year, month, day):
            if found <= (here + LEEWAY).date():
                yield found
                return


_CLOCK_ALONE = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?(?:\s?[ap]m)?")


def _relative(line: str, here: datetime) -> Iterator[_Reading]:
    """What is told from the present: "5 minutes ago", "вчера, 13:51", or a clock time alone, which was today or, if that lies ahead, yesterday."""
    clock, printed = _clock(line)
    if found := AGO.search(line):
        count = int(found[1]) if (found[1] or "").isdecimal() else 1
        unit = UNITS[found[2]]
        then = (here.astimezone(UTC) - count * unit).astimezone(here.tzinfo)
        yield _Reading(
            then.date(), then.time().replace(microsecond=0) if unit < timedelta(days=1) else None, here.tzinfo
        )
        return
    for word, back in DAYS_BACK.items():
        if word in line:
            yield _Reading(here.date() - timedelta(days=back), clock, printed)
            return
    if clock and _CLOCK_ALONE.fullmatch(line):
        ahead = clock > here.time()
        yield _Reading(here.date() - timedelta(days=ahead), clock, printed)


# ------------------------------------------------------------------ clock times and zones

#: A clock time as most print it; with the half of the day and no minutes; as ISO 8601 without colons.
_CLOCKS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<half>上午|下午|晚上)?\s?(?<![\d:+-])(?P<h>\d{1,2})\s?[:时時点]\s?(?P<min>\d{2})(?!\d)"
        r"(?:\s?[:分]\s?(?P<s>\d{2})(?!\d)(?:[.,]\d+)?)?[分秒]?(?:\s?(?P<ampm>[ap])m\b)?",
        r"(?<!\d)(?P<h>\d{1,2})(?:\.(?P<min>\d{2}))?\s?(?P<ampm>[ap])m\b",
        r"t(?P<h>\d{2})(?P<min>\d{2})(?P<s>\d{2})?(?:\.\d+)?(?!\d)",
    )
)
_OFFSET = re.compile(r"\s*(?:(?:utc|gmt)\s?)?(?P<sign>[+-])(?P<h>\d{2})(?::?(?P<min>\d{2}))?(?!\d)")
_SHORT_OFFSET = re.compile(r"\s*\(?(?:utc|gmt)\s?(?P<sign>[+-])(?P<h>\d)(?P<min>)(?!\d)")
_WIDEST_OFFSET = timedelta(hours=14)


def _clock(line: str) -> tuple[time | None, tzinfo | None]:
    """The first clock time of a line, and the zone printed after it."""
    for found in (found for pattern in _CLOCKS if (found := pattern.search(line))):
        parts = {name: value or "" for name, value in found.groupdict().items()}
        hour, minute, second = (int(parts.get(name) or 0) for name in ("h", "min", "s"))
        if parts.get("ampm"):
            hour = hour % 12 + (12 if parts["ampm"] == "p" else 0)
        elif parts.get("half") in ("下午", "晚上") and hour < 12:
            hour += 12
        if hour < 24 and minute < 60:
            # A leap second is told as the second before it.
            return time(hour, minute, min(second, 59)), _printed_zone(line[found.end() :])
    return None, None


def _printed_zone(after: str) -> tzinfo | None:
    """The zone that follows a clock time: an offset before a name, as in "+0800 (CST)"."""
    if found := _OFFSET.match(after) or _SHORT_OFFSET.match(after):
        offset = timedelta(hours=int(found["h"]), minutes=int(found["min"] or 0))
        return timezone(-offset if found["sign"] == "-" else offset) if offset <= _WIDEST_OFFSET else None
    named = ZONE_NAME.match(after)
    return named_zone(named[1]) if named else None
