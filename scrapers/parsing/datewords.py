"""The words of dates: months, days and zones as outlets write them, and Iran's calendar. Pure; for `dates` alone."""

import re
import unicodedata
from datetime import UTC, date, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_ENGLISH = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
#: Beginnings of the Russian names; the rest is ending.
_RUSSIAN = ("янв", "фев", "мар", "апр", "ма[йя]", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")

_MONTH_NAMES = tuple(
    (re.compile(rf"\b(?:{short}|{full}{'|sept' if short == 'sep' else ''})\b\.?|\b{russian}[а-я]*\.?"), short)
    for short, full, russian in zip(MONTHS, _ENGLISH, _RUSSIAN, strict=True)
)
_HALF_OF_DAY = re.compile(r"\b([ap])\.\s?m\.?(?!\w)")

#: How many days before today.
DAYS_BACK = {"today": 0, "сегодня": 0, "今天": 0, "yesterday": 1, "вчера": 1, "昨天": 1, "позавчера": 2, "前天": 2}

_UNITS = {
    timedelta(seconds=1): ("second", "sec", "секунд", "秒"),
    timedelta(minutes=1): ("minute", "min", "минут", "мин", "分钟", "分鐘"),
    timedelta(hours=1): ("hour", "hr", "час", "小时", "小時"),
    timedelta(days=1): ("day", "дн", "день", "天"),
    timedelta(weeks=1): ("week", "недел", "周"),
}
UNITS = {name: unit for unit, names in _UNITS.items() for name in names}
_UNIT_NAMES = "|".join(UNITS)
AGO = re.compile(rf"(\d{{1,3}}|an?|one)?\s*({_UNIT_NAMES})[a-zа-я]*\.?\s*(?:ago\b|назад\b|前)")

#: Names of zones that mean one thing. CST and IST mean several: the outlet's own zone decides, see `named_zone`.
_NAMED = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "msk": 180, "мск": 180, "moscow time": 180, "beijing time": 480, "北京时间": 480,
    "est": -300, "edt": -240, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "cet": 60, "cest": 120,
    "eet": 120, "eest": 180, "pkt": 300, "hkt": 480, "sgt": 480, "kst": 540, "jst": 540, "irst": 210,
}  # fmt: skip
ZONE_NAME = re.compile(r"\s*\(?(" + "|".join(sorted(_NAMED, key=len, reverse=True)) + r")(?![^\W\d_])")


def plain(text: str) -> str:
    """`text` as dates are searched in it: one width, one space, lower case, months as three English letters."""
    line = " ".join(unicodedata.normalize("NFKC", text).lower().split())
    line = _HALF_OF_DAY.sub(r"\1m", line).replace("−", "-")
    for names, short in _MONTH_NAMES:
        line = names.sub(short, line)
    return line


def named_zone(name: str) -> tzinfo:
    """The zone that `ZONE_NAME` found."""
    return timezone(timedelta(minutes=_NAMED[name]))


def zone_of(key: str) -> tzinfo:
    """The IANA zone `key`, or UTC where there is none of that name."""
    try:
        return ZoneInfo(key or "UTC")
    except (ValueError, OSError, LookupError):
        return UTC


_LEAP_YEARS = (1, 5, 9, 13, 17, 22, 26, 30)


def from_solar_hijri(year: int, month: int, day: int) -> date:
    """The Gregorian day of a Solar Hijri one, by the 33-year cycle of leap years, which holds for 1244 to 1472.

    Raises ValueError for a day that is not in that calendar.
    """
    cycle, place = divmod(year - 1387, 33)
    length = 31 if month <= 6 else 30 if month <= 11 or place + 1 in _LEAP_YEARS else 29
    if not (1 <= month <= 12 and 1 <= day <= length):
        raise ValueError(f"{year}/{month}/{day} is no day of the Solar Hijri calendar")
    leaps = 8 * cycle + sum(leap <= place for leap in _LEAP_YEARS)
    days = 365 * (year - 1387) + leaps + 31 * min(month - 1, 6) + 30 * max(month - 7, 0) + day - 1
    return date(2008, 3, 20) + timedelta(days=days)  # 1 Farvardin 1387, the first day of a cycle
