"""Classification on the real input: the labelled articles, the glossary's examples, the seed documents. Twins on our own texts
stand in test_classifying.py.
"""

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from scrapers.classifying.classifying import classify
from scrapers.classifying.loading import load_rules
from storage.words import fold

RULES = load_rules()
#: The glossary's names of the topics, and ours.
TOPICS = {"cn_ru": "china-russia", "sco": "sco"}


@pytest.fixture(scope="module")
def glossary(shared: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((shared / "domain" / "glossary.yaml").read_text(encoding="utf-8"))
    return loaded


def labelled(shared: Path) -> list[dict[str, Any]]:
    lines = (shared / "eval" / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    return [article for article in map(json.loads, lines) if not article["uncertain"]]


def day_of(text: str) -> date:
    return date.fromisoformat((text + "-15")[:10])


@pytest.mark.parametrize("ties_only", [True, False], ids=["ties alone count", "mentions count as well"])
def test_the_labelled_articles_get_their_topics(shared: Path, ties_only: bool) -> None:
    counts: Counter[str] = Counter()
    alarms: Counter[str] = Counter()
    for article in labelled(shared):
        verdict = classify(RULES, title=article["title"], text=article["text"], published=day_of(article["date"]))
        given = {topic for topic, strength in verdict.strength.items() if strength == "tie" or not ties_only}
        given -= set(article["tolerated"]) - set(article["label_topics"])
        right = set(article["label_topics"])
        counts.update(hit=len(given & right), false=len(given - right), missed=len(right - given))
        if not right:
            alarms.update({f"{article['difficulty']} seen": 1, article["difficulty"]: bool(given)})
    f1 = 2 * counts["hit"] / (2 * counts["hit"] + counts["false"] + counts["missed"])
    assert f1 >= 0.95
    assert alarms["hard"] <= 0.05 * alarms["hard seen"]
    assert alarms["easy"] == 0


def test_the_worked_examples_of_the_glossary(glossary: dict[str, Any]) -> None:
    wrong = []
    for example in glossary["worked_examples"]:
        verdict = classify(RULES, title="", text=example["text"], language=example["lang"])
        right = {TOPICS[topic]: example["label"] for topic in example.get("topics", ())}
        if {topic: str(strength) for topic, strength in verdict.strength.items()} != right:
            wrong.append((example["n"], dict(verdict.strength)))
        elif "category" in example and verdict.activities[0] != example["category"]:
            wrong.append((example["n"], verdict.activities))
    assert wrong == []


def test_the_seed_documents_get_their_topics_and_activities(shared: Path, glossary: dict[str, Any]) -> None:
    for number, seed in glossary["seed_coverage"].items():
        (document,) = (shared / "seeds").glob(f"{number}_*.txt")
        verdict = classify(RULES, title="", text=document.read_text(encoding="utf-8"))
        assert sorted(verdict.topics) == sorted(TOPICS[topic] for topic in seed["label"]["topics"]), number
        assert verdict.activities[0] == seed["label"]["primary"], number


def test_every_wording_of_the_seeds_is_caught_by_its_concept(glossary: dict[str, Any]) -> None:
    missed = []
    for seed in glossary["seed_coverage"].values():
        for wording, concept in seed["wordings"]:
            hits = RULES.matcher.find(fold(wording))
            if not any(hit.mask >> RULES.numbers[concept] & 1 for hit in hits):
                missed.append((wording, concept))
    assert missed == []


def test_headlines_of_others_raise_few_alarms(shared: Path) -> None:
    lines = (shared / "fixtures" / "text" / "relevance_titles.jsonl").read_text(encoding="utf-8").splitlines()
    alarms = [
        headline["title"]
        for headline in map(json.loads, lines)
        if headline["label"] in "PN" and classify(RULES, title=headline["title"], text="").strength
    ]
    assert len(alarms) <= 2, alarms
