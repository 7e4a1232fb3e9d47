"""A judged set of queries in three languages: every known answer is found, and the best ones come first.

The answers were written down from the texts before any search was run over them (tests/corpus/search/judged.yaml).
"""

import math
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import yaml

from service.demo.stories import read_newspapers
from service.glossary import read_glossary
from storage.records import Kept, Published, Strength
from storage.search.index import SearchIndex
from storage.search.query import parse_query
from storage.seeds.manifest import read_manifest
from tests.fakes.articles import KeptInMemory, kept

CORPUS = Path(__file__).parents[1] / "corpus" / "search"
NOW = datetime(2026, 3, 1, tzinfo=UTC)
#: The day the demo press is printed.
DEMO_DAY = datetime(2026, 1, 15, 12, tzinfo=UTC)

QUERIES: list[dict[Any, Any]] = yaml.safe_load((CORPUS / "judged.yaml").read_text(encoding="utf-8"))["queries"]
DEPTH = 10


def press() -> list[Kept]:
    articles = yaml.safe_load((CORPUS / "press.yaml").read_text(encoding="utf-8"))["articles"]
    return [
        kept(
            one["id"],
            one["text"],
            title=one["title"],
            outlet="press",
            language={"tw": "zh"}.get(one["id"][-2:], one["id"][-2:]),
            published=_on(one["day"]),
            strength={topic: Strength(strength) for topic, strength in one.get("topics", {}).items()},
            activities=one.get("activities", ()),
            events=one.get("events", ()),
        )
        for one in articles
    ]


def demo() -> list[Kept]:
    return [
        kept(
            f"demo-{''.join(c for c in story.path if c.isdigit())[:4]}",
            "\n".join(" ".join(page) for page in story.pages),
            title=story.title,
            outlet=paper.key,
            language=paper.language,
            published=DEMO_DAY,
        )
        for paper in read_newspapers(DEMO_DAY)
        for story in paper.stories(2)
        if not story.forbidden
    ]


def seeds() -> list[Kept]:
    return [
        kept(
            f"seed-{one.key}",
            one.abstract,
            title=one.title,
            outlet=one.outlet,
            published=one.published,
            strength=one.topics,
            activities=one.activities,
            seed=True,
        )
        for one in read_manifest()
    ]


def _on(day: date) -> Published:
    return Published(at=datetime.combine(day, time(), UTC))


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    made = SearchIndex(
        tmp_path_factory.mktemp("judged"), KeptInMemory(*press(), *demo(), *seeds()), names=read_glossary
    )
    made.catch_up()
    return made


def grades(judged: Mapping[Any, Any]) -> dict[str, int]:
    """Article -> how good an answer it is."""
    return {id: grade for grade in (3, 2, 1) for id in judged.get(grade, ())}


def found(index: SearchIndex, query: str) -> list[str]:
    return [hit.id for hit in index.search(parse_query(query), limit=1000, now=NOW).hits]


def gain(order: list[int]) -> float:
    """Discounted cumulative gain (Järvelin and Kekäläinen, 2002) of the first `DEPTH`."""
    return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(order[:DEPTH]))


def ndcg(judged: Mapping[Any, Any], ids: list[str]) -> float:
    graded = grades(judged)
    return gain([graded.get(id, 0) for id in ids]) / gain(sorted(graded.values(), reverse=True))


def test_the_judged_set_is_large_enough_and_names_only_what_there_is() -> None:
    there = {article.id for article in (*press(), *demo(), *seeds())}
    named = [id for judged in QUERIES for id in grades(judged)]
    assert (len(QUERIES) >= 80, sorted(set(named) - there)) == (True, [])
    assert len({judged["q"] for judged in QUERIES}) == len(QUERIES)


@pytest.mark.parametrize("judged", [pytest.param(one, id=str(one["q"])) for one in QUERIES])
def test_every_known_answer_is_found_and_the_best_come_first(index: SearchIndex, judged: Mapping[Any, Any]) -> None:
    ids = found(index, str(judged["q"]))
    assert sorted(set(grades(judged)) - set(ids)) == [], "answers not found"
    assert ndcg(judged, ids) >= 0.6


def test_the_best_ten_are_the_best_there_are(index: SearchIndex) -> None:
    scores = {judged["q"]: ndcg(judged, found(index, str(judged["q"]))) for judged in QUERIES}
    mean = sum(scores.values()) / len(scores)
    assert mean >= 0.9, sorted(scores.items(), key=lambda item: item[1])[:10]
