"""How well and how fast articles are classified, beside naive peers in the same run.

Quality is measured on the labelled articles of the folder named by ENTENTE_SHARED, else on our own test texts; speed on the news
texts there, on the labelled ones, and on our own, of which most match. Peers: "China and Russia and military anywhere on the page";
one big `re` alternation of the same forms; a bare `ahocorasick_rs` scan, which finds words and judges nothing. Two such scans are
measured: one that tells every form, as a verdict's evidence does, and one that looks for each literal once, however many forms hold it.
"""

import gzip
import json
import os
import re
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import ahocorasick_rs
import yaml

from scrapers.classifying.classifying import classify
from scrapers.classifying.forms import Pattern
from scrapers.classifying.loading import load_rules
from scrapers.classifying.rules import Rules
from storage.words import fold

CORPUS = Path(__file__).parents[1] / "tests" / "corpus" / "topics"
#: Characters of text the slow peer is given.
SAMPLE = 200_000
#: What we mean to keep to: times as long as a bare scan that tells every form, times as fast as one alternation.
MOST_OF_SCAN, LEAST_OF_RE = 6, 20


class Labelled(NamedTuple):
    """A text and what it should become."""

    title: str
    text: str
    published: date | None
    language: str
    difficulty: str
    topics: frozenset[str]
    tolerated: frozenset[str]


Judge = Callable[[Labelled], set[str]]

_NAIVE = {
    "china": re.compile(r"chin|beijing|китай|китая|кнр|пекин|中国|中方|中俄", re.IGNORECASE),
    "russia": re.compile(r"russia|moscow|росси|москв|俄", re.IGNORECASE),
    "sco": re.compile(r"\bsco\b|shanghai cooperation|шос\b|шанхайск\w+ организац|上合组织|上海合作组织", re.IGNORECASE),
    "military": re.compile(
        r"militar|army|navy|defen[cs]e|drill|exercise|военн|арми|оборон|учени|军|演习|国防", re.IGNORECASE
    ),
}


def naive(article: Labelled) -> set[str]:
    """The keyword monitor analysts know: all the words somewhere on the page."""
    page = f"{article.title}\n{article.text}"
    named = {word for word, pattern in _NAIVE.items() if pattern.search(page)}
    if "military" not in named:
        return set()
    return {"china-russia"} & ({"china-russia"} if {"china", "russia"} <= named else set()) | ({"sco"} & named)


# ------------------------------------------------------------------ texts


def labelled(shared: Path | None) -> Iterator[Labelled]:
    if shared is not None:
        for line in (shared / "eval" / "articles.jsonl").read_text(encoding="utf-8").splitlines():
            one = json.loads(line)
            if not one["uncertain"]:
                day = date.fromisoformat((one["date"] + "-15")[:10])
                topics, tolerated = frozenset(one["label_topics"]), frozenset(one["tolerated"])
                yield Labelled(one["title"] or "", one["text"], day, one["lang"], one["difficulty"], topics, tolerated)
        return
    for language in ("en", "ru", "zh"):
        for one in yaml.safe_load((CORPUS / f"{language}.yaml").read_text(encoding="utf-8")):
            topics = frozenset(topic for topic, strength in one["topics"].items() if strength == "tie")
            others = frozenset(one["topics"]) - topics
            yield Labelled(one.get("title", ""), one["text"], one.get("published"), language, "own", topics, others)


def joined(articles: Iterable[Labelled]) -> list[str]:
    return [f"{one.title}\n{one.text}" for one in articles]


def news(shared: Path) -> list[str]:
    texts = []
    for name in ("kremlin_ru", "categories_en", "categories_ru", "cctv_xinwenlianbo_zh"):
        with gzip.open(shared / "fixtures" / "text" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            texts += [json.loads(line)["text"] for line in lines]
    return texts


# ------------------------------------------------------------------ quality


def quality(articles: Iterable[Labelled], judge: Judge) -> dict[str, Counter[str]]:
    """Hits, false alarms and misses by part of the set."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for article in articles:
        given = judge(article) - (article.tolerated - article.topics)
        for part in ("all", article.language, article.difficulty):
            counts[part].update(
                hit=len(given & article.topics), false=len(given - article.topics), missed=len(article.topics - given)
            )
            if not article.topics:
                counts[part].update(negatives=1, alarms=bool(given))
        for topic in ("china-russia", "sco"):
            right, said = topic in article.topics, topic in given
            counts[topic].update(hit=right and said, false=said and not right, missed=right and not said)
    return counts


def row(counts: Counter[str]) -> str:
    precision = counts["hit"] / max(1, counts["hit"] + counts["false"])
    recall = counts["hit"] / max(1, counts["hit"] + counts["missed"])
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    alarms = f"{counts['alarms']}/{counts['negatives']}" if counts["negatives"] else "-"
    return f"{precision:5.2f} {recall:5.2f} {f1:5.2f} {alarms:>7}"


def show_quality(rules: Rules, shared: Path | None) -> None:
    articles = list(labelled(shared))

    def ours(article: Labelled) -> set[str]:
        return set(classify(rules, title=article.title, text=article.text, published=article.published).strength)

    mine, theirs = quality(articles, ours), quality(articles, naive)
    print(
        f"\n{len(articles)} texts, mentions count as given    ours: P     R    F1  alarms    naive: P     R    F1  alarms"
    )
    for part in ("all", "china-russia", "sco", "en", "ru", "zh", "easy", "hard", "own"):
        if part in mine:
            print(f"  {part:<32} {row(mine[part]):>33}   {row(theirs[part]):>33}")


# ------------------------------------------------------------------ speed


def seconds(*works: Callable[[], object]) -> list[float]:
    """The best of five of each, after one that warms up; taken in turns, so that a busy machine is busy for all."""
    best = [float("inf")] * len(works)
    for turn in range(6):
        for number, work in enumerate(works):
            began = time.perf_counter()
            work()
            if turn:
                best[number] = min(best[number], time.perf_counter() - began)
    return best


def show_speed(rules: Rules, name: str, texts: list[str]) -> None:
    """Classification beside its peers on the same texts. The peers are given folded text and spared the folding."""
    folded = [fold(text).text for text in texts]
    size = sum(len(text.encode("utf-8", "replace")) for text in texts) / 1e6
    patterns = {pattern for concept in rules.concepts.values() for pattern in concept.patterns}
    literals = [max(pattern.pieces, key=lambda p: len(p.text)).text for pattern in patterns]
    every, once = ahocorasick_rs.AhoCorasick(literals), ahocorasick_rs.AhoCorasick([*dict.fromkeys(literals)])
    ours, folding, bare, barest = seconds(
        lambda: [classify(rules, title="", text=text) for text in texts],
        lambda: [fold(text) for text in texts],
        lambda: [every.find_matches_as_indexes(text, overlapping=True) for text in folded],
        lambda: [once.find_matches_as_indexes(text, overlapping=True) for text in folded],
    )
    slow, sample = alternation(patterns, folded)
    matched = sum(1 for text in texts if classify(rules, title="", text=text).strength)
    print(f"\n{size:.2f} MB of {name}, {len(texts)} texts of which {matched} match; {len(patterns)} patterns")
    print(
        f"  {'classify, folding and verdict included':<42} {size / ours:8.2f} MB/s  {ours / len(texts) * 1e6:.0f} us a text"
    )
    print(f"  {'folding alone':<42} {size / folding:8.2f} MB/s")
    for scan, took, most in (
        ("bare ahocorasick_rs scan, every form told", bare, f", at most {MOST_OF_SCAN} meant"),
        ("the same, each literal looked for once", barest, ""),
    ):
        print(f"  {scan:<42} {size / took:8.2f} MB/s  we take {ours / took:.1f} times as long{most}")
    times = slow / sample * size / ours
    print(
        f"  {'one big re alternation':<42} {sample / slow:8.2f} MB/s  we are {times:.0f} times as fast, at least {LEAST_OF_RE} meant"
    )


def alternation(patterns: Iterable[Pattern], folded: list[str]) -> tuple[float, float]:
    """Seconds one big alternation takes for a sample, once, and the size of the sample in MB."""
    one = re.compile("|".join(pattern.regex or re.escape(pattern.pieces[0].text) for pattern in patterns))
    whole = "\n".join(folded)
    # Pieces from all over: the texts stand language by language.
    sample = "\n".join(whole[at : at + SAMPLE // 20] for at in range(0, len(whole), max(1, len(whole) // 20)))
    began = time.perf_counter()
    sum(1 for _ in one.finditer(sample))
    return time.perf_counter() - began, len(sample.encode()) / 1e6


def show_first(texts: list[str]) -> None:
    """What a process spends on texts once, before anything is known to it: a command that judges one file."""
    script = (
        "import json, sys, time; from scrapers.classifying.classifying import classify; from scrapers.classifying.loading import "
        "load_rules; texts = json.load(sys.stdin); began = time.perf_counter(); rules = load_rules(); read = time.perf_counter(); "
        "[classify(rules, title='', text=text) for text in texts]; print(read - began, time.perf_counter() - read)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], input=json.dumps(texts), capture_output=True, text=True, check=True
    )
    reading, judging = map(float, ran.stdout.split())
    print(f"  {'a first pass in a new process':<42} {judging:8.2f} s     after {reading:.2f} s for reading the rules")


#: Nothing but hits.
WORST = (
    "中俄联合军演。",
    "Joint Sea-2025. ",
    "Россия и Китай начали совместные учения. ",
    "China Russia joint exercise ",
)


def show_worst(rules: Rules) -> None:
    print("\na megabyte of nothing but hits")
    for words in WORST:
        text = words * (1_000_000 // len(words.encode()))
        began = time.perf_counter()
        classify(rules, title="", text=text)
        print(f"  {words:<42} {time.perf_counter() - began:8.2f} s")


def show_many(count: int = 100_000) -> None:
    forms = ", ".join(f"Xylophone-{number} of {number % 977} bars" for number in range(count))
    document = f"concepts:\n  many: {{en: [{forms}]}}\ntopic: mine\nrules:\n  - {{id: one, all: [many]}}\n"
    with TemporaryDirectory() as folder:
        (Path(folder) / "mine.yaml").write_text(document, encoding="utf-8")
        began = time.perf_counter()
        load_rules(extra=Path(folder))
        print(f"\n{count:,} forms of one's own read and compiled in {time.perf_counter() - began:.1f} s")


def main() -> None:
    folder = os.environ.get("ENTENTE_SHARED", "")
    shared = Path(folder) if folder and Path(folder).is_dir() else None
    began = time.perf_counter()
    rules = load_rules()
    print(f"{len(rules.concepts)} concepts read in {time.perf_counter() - began:.2f} s")
    show_quality(rules, shared)
    if shared:
        show_speed(rules, "news", news(shared))
        show_speed(rules, "labelled texts", joined(labelled(shared)))
        show_first(joined(labelled(shared)))
    show_speed(rules, "our own test texts", joined(labelled(None)))
    show_first(joined(labelled(None)))
    show_worst(rules)
    show_many()


if __name__ == "__main__":
    main()
