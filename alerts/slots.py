"""When a subscription is due: a local time in its zone walks in, an instant in UTC walks out.

Pure; `service` and tests call it. A local day has one slot. Where the clock jumps over the local time, the slot is the
moment the jump ends; where the clock runs through it twice, the slot is the first time. A day the calendar of a zone left
out altogether (Apia, 30 December 2011) has none.
"""

import difflib
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from alerts.errors import DaysError, ZoneError
from storage.records import Subscription, utc

#: As `Subscription.days` names them, Monday first.
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

#: Cities people name that no zone is called after.
_CITIES = {
    "beijing": "Asia/Shanghai",
    "peking": "Asia/Shanghai",
    "guangzhou": "Asia/Shanghai",
    "shenzhen": "Asia/Shanghai",
    "st petersburg": "Europe/Moscow",
    "saint petersburg": "Europe/Moscow",
    "astana": "Asia/Almaty",
    "islamabad": "Asia/Karachi",
    "new delhi": "Asia/Kolkata",
    "delhi": "Asia/Kolkata",
    "mumbai": "Asia/Kolkata",
    "washington": "America/New_York",
    "geneva": "Europe/Zurich",
}

# One more day than a weekly schedule needs on either side, and a week more for a day that a zone left out.
_DAYS_BACK, _DAYS_AHEAD = 2, 16


def next_slot(subscription: Subscription, *, after: datetime) -> datetime:
    """The instant in UTC, strictly later than `after`, at which `subscription` is due next.

    Raises ZoneError and DaysError for a subscription that names no zone or no day, ValueError when `after` has no zone.
    """
    zone = check_zone(subscription.zone)
    wanted = _numbers(subscription.days)
    after = utc(after)
    start = after.astimezone(zone).date() - timedelta(days=_DAYS_BACK)
    for day in (start + timedelta(days=n) for n in range(_DAYS_BACK + _DAYS_AHEAD)):
        slot = _slot_on(day, subscription, zone) if day.weekday() in wanted else None
        if slot is not None and slot > after:
            return slot
    raise AssertionError("a week without any of its days")  # no calendar leaves out two weeks


def _slot_on(day: date, subscription: Subscription, zone: ZoneInfo) -> datetime | None:
    """The slot that belongs to a local day, or None when the zone had no such day."""
    wall = datetime.combine(day, subscription.at.replace(tzinfo=None, fold=0))
    slot = wall.replace(tzinfo=zone).astimezone(UTC)
    if slot.astimezone(zone).replace(tzinfo=None, fold=0) == wall:
        return slot
    # The wall time does not exist. Read with the offset after the jump it lies before it, and the other way round (PEP 495).
    jump = _jump_between(wall.replace(tzinfo=zone, fold=1).astimezone(UTC), slot, zone)
    midnight = datetime.combine(day, datetime.min.time())
    stops = (jump - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None) + timedelta(seconds=1)
    resumes = jump.astimezone(zone).replace(tzinfo=None)
    left_out = stops <= midnight and midnight + timedelta(days=1) <= resumes
    return None if left_out else jump


def _jump_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The first whole second in (before, after] at which `zone` has the offset it has at `after`."""
    offset = after.astimezone(zone).utcoffset()
    low, high = int(before.timestamp()), int(after.timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == offset:
            high = middle
        else:
            low = middle
    return datetime.fromtimestamp(high, UTC)


def parse_days(text: str) -> tuple[str, ...]:
    """Days as `Subscription.days` holds them, from "mon,thu", "Monday, Thursday" or "" (every day); in the week's order.

    Raises DaysError naming the word that is no day.
    """
    words = [word for word in text.lower().replace(",", " ").split() if word != "daily"]
    numbers = {_number(word, text) for word in words}
    return () if len(numbers) == len(DAYS) else tuple(DAYS[n] for n in sorted(numbers))


def _numbers(days: Iterable[str]) -> frozenset[int]:
    return frozenset(_number(day.lower(), ",".join(days)) for day in days) or frozenset(range(len(DAYS)))


def _number(word: str, text: str) -> int:
    """Monday is 0. Three letters or more of an English day name will do."""
    names = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    for number, name in enumerate(names):
        if len(word) >= 3 and name.startswith(word):
            return number
    raise DaysError(text, word=word)


def check_zone(name: str) -> ZoneInfo:
    """The IANA zone called `name`. Raises ZoneError with the names that come near it."""
    if name not in _zones():
        raise ZoneError(name, near=_near(name))
    return ZoneInfo(name)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _near(name: str) -> list[str]:
    """Up to three zones that look like `name`, whole or by their city."""
    asked = " ".join(name.lower().replace("_", " ").split())
    if asked.rpartition("/")[2] in _CITIES:
        return [_CITIES[asked.rpartition("/")[2]]]
    spelled: dict[str, str] = {}
    for zone in sorted(_zones()):
        plain = zone.lower().replace("_", " ")
        spelled.setdefault(plain, zone)
        spelled.setdefault(plain.rpartition("/")[2], zone)
    found = [spelled[plain] for plain in difflib.get_close_matches(asked, spelled, n=6, cutoff=0.7)]
    return list(dict.fromkeys(found))[:3]
