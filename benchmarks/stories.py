"""Stories: how well they are found, and what finding one costs in an archive of a million articles.

Run it with `python -m benchmarks.stories [ARTICLES]`. Quality is told for the labelled texts of tests/corpus/stories, and, where
ENTENTE_SHARED names the folder of real input, for its reprints and its pairs that people labelled. Speed is told in articles per
second of processor time, from the kept article to its story, first in an empty archive and then in one of ARTICLES made-up
articles: every fifth of the articles placed is a copy of one that is there, whole or shortened.
"""

import gzip
import json
import os
import random
import re
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from heapq import merge
from itertools import combinations
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from benchmarks.backtest import ROOT
from benchmarks.press import Press
from scrapers.classifying.loading import load_rules
from scrapers.classifying.rules import Rules
from scrapers.reading.likeness import alike_packed
from scrapers.reading.traits import FORM
from service.runs.keeping import keep
from service.runs.placing import place_due, placing_of
from storage.archive.archive import Archive, open_archive
from storage.records import Article, Kept, Placing, Published, Verdict

ARTICLES_IN_ALL = 1_000_000
#: Articles whose placing is timed, and how many different ones the archive is filled with.
TIMED, DIFFERENT = 3_000, 4_000
NOW = datetime(2026, 6, 1, tzinfo=UTC)

CORPUS = ROOT / "tests" / "corpus" / "stories"
#: Where the real pairs are, in the folder of real input.
NEARDUP = Path("fixtures") / "neardup"


# ------------------------------------------------------------------ how well


@dataclass(frozen=True, slots=True)
class Pair:
    """Two articles, by their keys, and whether they are one story; None where nobody said."""

    one: str
    other: str
    same: bool | None
    #: What the pair is of: a group of the tally.
    kind: str = ""


def stories_of(articles: dict[str, Article], rules: Callable[[], Rules]) -> dict[str, str]:
    """Key -> story, in an archive that holds nothing else."""
    with tempfile.TemporaryDirectory() as folder, open_archive(Path(folder) / "archive.db") as archive:
        ids = {key: _kept(archive, article, rules) for key, article in articles.items()}
        place_due(archive, rules)
        found = archive.articles.many(list(ids.values()))
        return {key: found[id].story for key, id in ids.items()}


def _kept(archive: Archive, article: Article, rules: Callable[[], Rules]) -> str:
    keep(archive, rules(), article, now=NOW)
    found = archive.articles.find(article.outlet, article.canonical_id)
    assert found is not None
    return found.id


def corpus() -> tuple[dict[str, Article], list[Pair]]:
    """Our own texts: articles of one story share its key, look-alikes have each their own."""
    articles: dict[str, Article] = {}
    story: dict[str, tuple[str, str]] = {}
    for file in sorted(CORPUS.glob("*.yaml")):
        for one in yaml.safe_load(file.read_text(encoding="utf-8")):
            key = f"{file.stem}/{len(articles)}"
            story[key] = (file.stem, one["story"])
            articles[key] = article_of(key, one)
    pairs = [
        Pair(one, other, story[one] == story[other], kind=story[one][0])
        for one, other in combinations(articles, 2)
        if story[one][0] == story[other][0]
    ]
    return articles, pairs


def article_of(key: str, said: dict[str, Any]) -> Article:
    """An article as the corpus files write it."""
    when = datetime.fromisoformat(said["published"]).replace(tzinfo=UTC)
    return Article(
        outlet=said["outlet"],
        canonical_id=key,
        url=f"https://{said['outlet']}.example/{key}",
        title=said["title"],
        text=said.get("text", ""),
        published=Published(at=when, has_time=when.hour > 0),
        language=said["language"],
        origin=said.get("origin", ""),
    )


def labelled(folder: Path) -> tuple[dict[str, Article], list[Pair]]:
    """Pairs that people labelled, with their texts."""
    articles: dict[str, Article] = {}
    pairs = []
    for row in _lines(folder / NEARDUP / "pairs_same_story.jsonl.gz"):
        for side in ("1", "2"):
            url = row[f"url{side}"]
            articles[url] = Article(
                outlet=urlsplit(url).netloc,
                canonical_id=url,
                url=url,
                title=row[f"title{side}"],
                text=row[f"text{side}"],
                language=row["lang"],
            )
        pairs.append(Pair(row["url1"], row["url2"], row["same_story"], kind="labelled"))
    return articles, pairs


def headlines(folder: Path) -> tuple[dict[str, Article], list[Pair]]:
    """Headlines of two outlets: those in the same words are reprints; those that differ in a number are look-alikes."""
    articles: dict[str, Article] = {}
    pairs = []
    for row in _lines(folder / NEARDUP / "headline_pairs_unlabelled.jsonl.gz"):
        keys = [f"{row[f'outlet{side}']}|{row[f'title{side}']}|{row[f'seen{side}']}" for side in ("1", "2")]
        for key in keys:
            outlet, title, seen = key.split("|")[0], key[key.index("|") + 1 : key.rindex("|")], key.rsplit("|", 1)[1]
            articles[key] = Article(
                outlet=outlet,
                canonical_id=key,
                url=f"https://example.org/{len(articles)}",
                title=title,
                text="",
                published=Published(at=datetime.fromisoformat(seen).replace(tzinfo=UTC)),
                language="en",
            )
        is_reprint = row["word_jaccard"] == 1 and row["outlet1"] != row["outlet2"]
        is_look_alike = _numbers(row["title1"]) != _numbers(row["title2"])
        same = True if is_reprint else False if is_look_alike else None
        pairs.append(Pair(*keys, same, kind="headlines"))
    return articles, pairs


def _numbers(title: str) -> list[str]:
    return sorted(re.findall(r"\d+", title.replace(",", "")))


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


@dataclass(frozen=True, slots=True)
class Score:
    """How many pairs were joined rightly, wrongly, and not although they should be."""

    right: int
    wrong: int
    missed: int
    apart: int

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)

    @property
    def f1(self) -> float:
        return 2 * self.right / max(1, 2 * self.right + self.wrong + self.missed)

    def __str__(self) -> str:
        return (
            f"{self.right} of {self.right + self.missed} joined (recall {self.recall:.3f}), "
            f"{self.wrong} of {self.wrong + self.apart} others joined wrongly, F1 {self.f1:.3f}"
        )


def score(pairs: Iterable[Pair], story: dict[str, str]) -> Score:
    """What `story` makes of the pairs of which it is known."""
    said = [(pair.same, story[pair.one] == story[pair.other]) for pair in pairs if pair.same is not None]
    return Score(
        right=said.count((True, True)),
        wrong=said.count((False, True)),
        missed=said.count((True, False)),
        apart=said.count((False, False)),
    )


# ------------------------------------------------------------------ how fast


def fill(file: Path, count: int, press: Sequence[Kept], rules: Callable[[], Rules]) -> None:
    """`count` articles with their places and keys, straight into the tables of an archive that is closed.

    Each has the traits of one of a few thousand made-up articles, half of its keys as many others have them, and half alone.
    """
    placings = [placing_of(kept, rules) for kept in press]
    with closing(sqlite3.connect(file)) as database:
        database.executemany(
            _ARTICLE, (_article_row(number, press[number % len(press)]) for number in range(1, count + 1))
        )
        database.executemany(
            "INSERT INTO story_place VALUES (?, ?, ?, ?, ?)",
            ((n, _id(n), _id(n), _id(n), placings[n % len(placings)].traits) for n in range(1, count + 1)),
        )
        # In the order of the table, or filling it would take longer than all else.
        database.executemany(
            "INSERT OR IGNORE INTO story_key VALUES (?, ?)", merge(_common(placings, count), _alone(placings, count))
        )
        database.execute("UPDATE counter SET value = ? WHERE name = 'change'", (count,))
        database.commit()


_ARTICLE = """INSERT INTO article (id, outlet, canonical_id, url, byline, language, origin, summary_only, first_seen, captured, seed,
    late, revision, text_hash, matched, change, edits, matters) VALUES (?, ?, ?, ?, '', ?, '', 0, ?, ?, 0, 0, 1, ?, 0, ?, 0, 1)"""


def _id(number: int) -> str:
    return f"f{number:011}"


def _article_row(number: int, kept: Kept) -> tuple[str | int, ...]:
    id, when = _id(number), f"{NOW - timedelta(minutes=number):%Y-%m-%d %H:%M:%S.%f}"
    return id, kept.article.outlet, id, f"https://example.org/{id}", kept.article.language, when, when, id, number


def _common(placings: Sequence[Placing], count: int) -> Iterator[tuple[int, int]]:
    shared = sorted((key, place) for place, one in enumerate(placings) for key in sorted(one.filed)[::2])
    for key, place in shared:
        yield from ((key, number) for number in range(place or len(placings), count + 1, len(placings)))


def _alone(placings: Sequence[Placing], count: int) -> Iterator[tuple[int, int]]:
    chance = random.Random(3)
    total = count * sum(len(one.filed) for one in placings) // (2 * len(placings))
    for position in range(total):
        yield (position << 63) // total, chance.randint(1, count)


def arriving(press: Sequence[Kept], count: int) -> Iterator[Article]:
    """Articles that come in: four of five new, the fifth a copy of the one before, whole or shortened."""
    for number in range(count):
        article = press[number % len(press)].article
        copied = press[(number - 1) % len(press)].article
        if number % 5 == 4:
            words = copied.text if number % 2 else copied.text[: len(copied.text) // 3]
            article = replace(copied, text=words, outlet=f"copier-{number % 7}", origin=copied.outlet)
        yield replace(article, canonical_id=f"arriving-{number}", url=f"https://example.org/arriving/{number}")


def timed(archive: Archive, articles: Sequence[Article], rules: Callable[[], Rules]) -> tuple[float, float]:
    """Articles placed per second of processor time, and per second by the clock."""
    for article in articles:
        archive.articles.keep(article, Verdict(), now=NOW)
    clock, began = time.perf_counter(), time.process_time()
    done = place_due(archive, rules)
    return done / (time.process_time() - began), done / (time.perf_counter() - clock)


def memory() -> float:
    """The most this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def speed(count: int, rules: Callable[[], Rules]) -> None:
    press = list(Press(DIFFERENT + TIMED))
    base, new = press[:DIFFERENT], press[DIFFERENT:]
    rates = []
    with tempfile.TemporaryDirectory() as folder:
        for size in (0, count):
            began, file = time.perf_counter(), Path(folder) / f"{size}.db"
            with open_archive(file) as archive:
                archive.stories.forget(form=FORM)
            fill(file, size, base, rules)
            print(
                f"stories: archive of {size} articles made in {time.perf_counter() - began:.0f} s, {file.stat().st_size / 1e9:.2f} GB"
            )
            with open_archive(file) as archive:
                archive.stories.place([], alike_packed, up_to=size)
                archive.articles.keep(new[0].article, Verdict(), now=NOW)
                place_due(archive, rules)
                before = memory()
                rate, by_clock = timed(archive, list(arriving(new, TIMED)), rules)
                rates.append(rate)
                stories, articles = archive.stories.count()
                print(
                    f"stories: {TIMED} articles placed into {size}: {rate:.0f} a second of processor time, {by_clock:.0f} by the "
                    f"clock; {stories} stories of {articles}; memory {memory():.0f} MB, {memory() - before:.0f} MB of it since"
                )
    print(f"stories: ratio of the cost at {count} to that at 0: {rates[0] / rates[1]:.2f}")


def main() -> None:
    rules = load_rules()
    sets: list[tuple[str, tuple[dict[str, Article], list[Pair]]]] = [("tests/corpus/stories", corpus())]
    shared = os.environ.get("ENTENTE_SHARED", "")
    if shared:
        sets += [("reprints and look-alikes", headlines(Path(shared))), ("labelled pairs", labelled(Path(shared)))]
    for name, (articles, pairs) in sets:
        print(f"stories: {name}: {score(pairs, stories_of(articles, lambda: rules))}")
    speed(int(sys.argv[1]) if sys.argv[1:] else ARTICLES_IN_ALL, lambda: rules)


if __name__ == "__main__":
    main()
