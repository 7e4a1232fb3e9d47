"""How often rules are right on texts that people have judged. Labelled texts walk in, precision, recall and F1 walk out.

Texts come from a file of JSON Lines `{title, text, label_topics, tolerated?, uncertain?, date?, outlet?, marked?}` or from the
archive's own marks, which are exported in the same form. Called by the command line.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from scrapers.classifying.classifying import classify
from scrapers.classifying.rules import Rules
from scrapers.parsing.dates import parse_time
from service.errors import Unusable
from service.files import BadFile, BadLine, json_lines, opened
from storage.records import Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A text and what it is about."""

    title: str
    text: str
    published: date | None
    country: str
    topics: frozenset[str]
    #: Either answer will do.
    tolerated: frozenset[str] = frozenset()
    #: The only topics anyone judged; None: all that the whole set speaks of.
    marked: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """Topics given rightly, given wrongly, and missed. A mention counts as given."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float | None:
        """None where nothing was given."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else None

    @property
    def recall(self) -> float | None:
        """None where there was nothing to find."""
        return self.right / (self.right + self.missed) if self.right + self.missed else None

    @property
    def f1(self) -> float | None:
        whole = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / whole if whole else None

    def as_json(self) -> dict[str, Any]:
        rates = {name: getattr(self, name) for name in ("precision", "recall", "f1")}
        rounded = {name: None if rate is None else round(rate, 4) for name, rate in rates.items()}
        return {"right": self.right, "wrong": self.wrong, "missed": self.missed, **rounded}


def score(rules: Rules, texts: Iterable[Labelled]) -> dict[str, Score]:
    """Each topic that was judged, and "all" of them together; nothing where no text is."""
    texts = list(texts)
    spoken = frozenset().union(*(one.topics | one.tolerated | (one.marked or frozenset()) for one in texts))
    counts: dict[str, Counter[str]] = {topic: Counter() for topic in sorted(spoken)}
    for one in texts:
        given = classify(rules, title=one.title, text=one.text, published=one.published, country=one.country).strength
        for topic in (spoken if one.marked is None else one.marked) - (one.tolerated - one.topics):
            counts[topic][_outcome(topic in given, topic in one.topics)] += 1
    if counts:
        counts["all"] = sum(counts.values(), Counter())
    return {topic: Score(its["right"], its["wrong"], its["missed"]) for topic, its in counts.items()}


def _outcome(given: bool, true: bool) -> str:
    return ("right" if true else "wrong") if given else ("missed" if true else "rightly not given")


def read_labelled(file: Path, countries: Mapping[str, str]) -> Iterator[tuple[int, Labelled | BadLine]]:
    """The texts of a file with their line numbers, those marked uncertain left out. Raises Unusable for the file itself."""
    try:
        with opened(file) as stream:
            for number, line in json_lines(stream):
                if isinstance(line, BadLine):
                    yield number, line
                elif not line.get("uncertain"):
                    yield number, _labelled(line, countries)
    except BadFile as why:
        raise Unusable(f"{file} {why}") from why


def _labelled(line: Mapping[str, Any], countries: Mapping[str, str]) -> Labelled | BadLine:
    sets = {name: line.get(name) for name in ("label_topics", "tolerated", "marked")}
    wrong = [name for name in ("title", "text") if not isinstance(line.get(name), str | None)]
    wrong += [name for name, value in sets.items() if value is not None and not _words(value)]
    if wrong or sets["label_topics"] is None:
        return BadLine(
            f"{' and '.join(wrong) or 'label_topics'} cannot be read: write {{title, text, label_topics: [...]}}"
        )
    return Labelled(
        title=line.get("title") or "",
        text=line.get("text") or "",
        published=_day(str(line.get("date") or line.get("published") or "")),
        country=countries.get(str(line.get("outlet") or ""), ""),
        topics=frozenset(sets["label_topics"]),
        tolerated=frozenset(sets["tolerated"] or ()),
        marked=None if sets["marked"] is None else frozenset(sets["marked"]),
    )


def _words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _day(text: str) -> date | None:
    """A day, or the middle of a month."""
    when = parse_time(
        f"{text}-15" if len(text) == len("2025-12") else text, zone="UTC", now=datetime.now(UTC), basis=Basis.PAGE
    )
    return when.at.date() if when else None
