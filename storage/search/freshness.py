"""How much newer news weighs when sorting by relevance. Scores walk in, the same in a new order walk out. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from storage.search.documents import seconds

#: A text of today weighs this much more than a very old one, and half of that after so many days: less than what a second
#: word found, or one found in the title, is worth.
GAIN = 0.25
HALF_LIFE_DAYS = 90
#: Only so many of the best are weighed again; the rest keep their order behind them.
WINDOW = 200

T = TypeVar("T")


def freshened(scored: Sequence[tuple[float, int, T]], *, now: datetime) -> list[tuple[float, int, T]]:
    """(score, sort key, anything), the best first, weighed by age in days at `now`; equals: the greater key first."""
    today = int(now.timestamp()) // 86_400

    def weighed(row: tuple[float, int, T]) -> tuple[float, int, T]:
        score, key, rest = row
        days = max(0, today - seconds(key) // 86_400)
        return score * (1 + GAIN * 2 ** (-days / HALF_LIFE_DAYS)), key, rest

    best = sorted(map(weighed, scored[:WINDOW]), key=lambda row: (-row[0], -row[1]))
    return [*best, *scored[WINDOW:]]
