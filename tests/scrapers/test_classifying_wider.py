"""How far the rules carry beyond stock wording: texts we wrote, most of them before seeing the rules, measured as a whole.

No single text is held to here. A rule that fits one sentence and breaks ten shows in the shares.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from scrapers.classifying.classifying import classify
from scrapers.classifying.loading import load_rules

CORPUS = Path(__file__).parents[1] / "corpus" / "topics"
RULES = load_rules()
FILES = {"blind": "", "wider_en": "en", "wider_ru": "ru", "wider_zh": "zh"}


@dataclass
class Tally:
    """What came of one file: topics found, missed and given wrongly; near misses that rang; activities named right."""

    found: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    nothing: int = 0
    named: int = 0
    misnamed: list[str] = field(default_factory=list)


def read(name: str) -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = yaml.safe_load((CORPUS / f"{name}.yaml").read_text(encoding="utf-8"))
    return loaded


def tally(name: str) -> Tally:
    """Run a file; a text that is a mention at best may be found or not."""
    counts = Tally()
    for text in read(name):
        verdict = classify(
            RULES, title=text.get("title", ""), text=text.get("text", ""), language=text.get("language", FILES[name])
        )
        due = {topic for topic, strength in text["topics"].items() if strength == "tie"}
        allowed = {*text["topics"], *text.get("either", ())}
        shown = text.get("title") or text["text"][:60]
        counts.found += len(due & set(verdict.strength))
        counts.missed += [f"{topic}: {shown}" for topic in due - set(verdict.strength)]
        counts.wrong += [f"{topic}: {shown}" for topic in set(verdict.strength) - allowed]
        counts.nothing += not text["topics"]
        if due & set(verdict.strength) and "activity" in text:
            right = verdict.activities[:1] == (text["activity"],)
            counts.named += right
            counts.misnamed += [] if right else [f"{text['activity']} is {verdict.activities[:1]}: {shown}"]
    return counts


@pytest.mark.parametrize("name", FILES)
def test_of_ties_told_in_any_words_few_are_missed(name: str) -> None:
    counts = tally(name)
    assert counts.found / (counts.found + len(counts.missed)) >= 0.93, counts.missed


@pytest.mark.parametrize("name", FILES)
def test_of_near_misses_one_in_twenty_rings_at_most(name: str) -> None:
    counts = tally(name)
    assert counts.nothing >= 25
    assert len(counts.wrong) <= counts.nothing / 20, counts.wrong


@pytest.mark.parametrize("name", FILES)
def test_what_was_done_comes_first_in_seventeen_of_twenty(name: str) -> None:
    counts = tally(name)
    assert counts.named / (counts.named + len(counts.misnamed)) >= 0.85, counts.misnamed
