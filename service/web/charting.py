"""A timeline as a small chart: counts by day or month walk in, bars walk out, the empty ones between them filled in. Pure.

The chart is drawn as SVG with attributes alone, so it needs neither script nor style of its own; each bar is a search of its
own, and a table says the same in words.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from storage.search.results import Timeline

#: More bars than this would be threads; then months are told as years.
MOST_BARS = 62
#: Years between first and last, above which only those with articles are shown.
MOST_YEARS = 120
#: Size of the chart, in its own units.
WIDTH, HEIGHT = 620, 60


@dataclass(frozen=True, slots=True)
class Bar:
    """One day, month or year."""

    #: 2025-08-01, 2025-08 or 2025: what `on:` takes.
    when: str
    count: int
    #: Place and size, in units of the chart.
    x: float
    width: float
    height: float


def bars(timeline: Timeline) -> tuple[Bar, ...]:
    """From the first day, month or year with articles to the last; none when there is but one."""
    counts = dict(timeline.counts)
    if timeline.per == "month" and counts and len(_months(min(counts), max(counts))) > MOST_BARS:
        counts = _by_year(counts)
    whole = list(_filled(counts)) if counts else []
    if len(whole) < 2:
        return ()
    most, step = max(counts.values()), WIDTH / len(whole)
    return tuple(
        Bar(when, count, round(number * step, 2), round(step * 0.84, 2), round(_height(count, most), 2))
        for number, (when, count) in enumerate(whole)
    )


def _height(count: int, most: int) -> float:
    """One article can be seen beside ten thousand."""
    return max(1.5, HEIGHT * count / most) if count else 0.0


def _by_year(months: Mapping[str, int]) -> dict[str, int]:
    years: Counter[str] = Counter()
    for month, count in months.items():
        years[month[:4]] += count
    return dict(years)


def _filled(counts: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    first, last = min(counts), max(counts)
    match len(first):
        case 4:
            years = [f"{year:04d}" for year in range(int(first), int(last) + 1)]
            names = years if len(years) <= MOST_YEARS else sorted(counts)
        case 7:
            names = _months(first, last)
        case _:
            start, end = date.fromisoformat(first), date.fromisoformat(last)
            names = [(start + timedelta(days=day)).isoformat() for day in range((end - start).days + 1)]
    return ((name, counts.get(name, 0)) for name in names)


def _months(first: str, last: str) -> list[str]:
    start, end = (int(month[:4]) * 12 + int(month[5:7]) - 1 for month in (first, last))
    return [f"{month // 12:04d}-{month % 12 + 1:02d}" for month in range(start, end + 1)]
