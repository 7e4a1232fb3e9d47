"""The words of the frame around the news, one dictionary a language: keys walk in, sentences walk out. Pure.

A language is a `Phrases` value; a further one is a further dictionary with the same keys and its own rule of plurals.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.composing.english import ACTIVITIES, MONTHS, TEXTS, TOPICS, WEEKDAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """One language of the frame."""

    #: BCP 47.
    language: str
    texts: Mapping[str, str]
    #: The CLDR plural category of a number: "one", "few", "many", "other".
    plural: Callable[[int], str]
    #: January first; Monday first.
    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    #: Keys of topics and activities in plain words.
    topics: Mapping[str, str]
    activities: Mapping[str, str]

    def say(self, key: str, **values: object) -> str:
        return self.texts[key].format(**values)

    def count(self, key: str, number: int) -> str:
        """The phrase `key` in the form that `number` asks for."""
        return self.texts[f"{key}.{self.plural(number)}"].format(n=f"{number:,}")

    def topic(self, key: str) -> str:
        return self.topics.get(key) or _plain(key)

    def activity(self, key: str) -> str:
        return self.activities.get(key) or _plain(key)

    def day(self, moment: datetime) -> str:
        """A date in full, on the clock `moment` carries."""
        return self.say(
            "date.long",
            weekday=self.weekdays[moment.weekday()],
            day=moment.day,
            month=self.months[moment.month - 1],
            year=moment.year,
        )

    def short_day(self, moment: datetime) -> str:
        return self.say("date.short", day=moment.day, month=self.months[moment.month - 1][:3], year=moment.year)


def clock(moment: datetime) -> str:
    return f"{moment:%H:%M}"


def offset(moment: datetime) -> str:
    """The offset of `moment` as people write it: UTC, UTC+8, UTC+5:45, UTC-3:30."""
    east = moment.utcoffset() or timedelta(0)
    minutes = round(abs(east).total_seconds() / 60)
    if not minutes:
        return "UTC"
    return f"UTC{'-' if east < timedelta(0) else '+'}{minutes // 60}" + (f":{minutes % 60:02}" if minutes % 60 else "")


def _plain(key: str) -> str:
    return key.replace("_", " ").replace("-", " ").strip()


ENGLISH = Phrases(
    language="en",
    texts=TEXTS,
    plural=lambda number: "one" if number == 1 else "other",
    months=MONTHS,
    weekdays=WEEKDAYS,
    topics=TOPICS,
    activities=ACTIVITIES,
)
