"""Candidate rules tried on 100,000 made-up articles in three languages, beside reading every one of them.

Run it with `python -m benchmarks.backtest`. One article in thirty speaks of our topics (texts of our tests among made-up words),
as in a monitor that keeps all its outlets print; the rest are made-up words. Reading all is measured on a part and told for
the whole, in the same number of processes.
"""

import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import insert, update

from benchmarks.press import Press
from scrapers.classifying.loading import TOPICS, load_rules
from service.assembly import Service, assemble, configure_logging
from service.runs.backtesting import compared, run_backtest
from service.runs.judging import Judging, judged
from service.runs.keeping import verdict_of
from service.settings import read_settings
from storage.archive.doors import batches, columns_of
from storage.records import Article, Verdict
from storage.revisions import hash_of
from storage.tables import ARTICLES, COUNTERS, EVIDENCE, REVISIONS, VERDICTS

ARTICLES_IN_ALL = 100_000
#: One in so many articles speaks of our topics.
ONE_IN = 30
#: Articles read to tell what reading all would take.
SAMPLE = 6_000
NOW = datetime(2026, 6, 1, tzinfo=UTC)

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "tests" / "corpus" / "topics"
EXAMPLE = ROOT / "docs" / "examples" / "china-pakistan.yaml"


def texts(count: int) -> Iterator[tuple[str, str, str]]:
    """Language, title and text of each article."""
    press, chance = Press(2_000), random.Random(7)
    filler = [(kept.article.language, kept.article.title, kept.article.text) for kept in press]
    own = [
        (language, one.get("title", ""), one["text"])
        for language in ("en", "ru", "zh")
        for one in yaml.safe_load((CORPUS / f"{language}.yaml").read_text(encoding="utf-8"))
    ]
    for number in range(count):
        language, title, text = filler[chance.randrange(len(filler))]
        parts = text.split("。")
        chance.shuffle(parts)
        if number % ONE_IN == 0:
            language, title, said = own[chance.randrange(len(own))]
            parts = [said, *parts[:3]]
        yield language, title, f"{number}. " + "\n".join(parts)


def fill(service: Service, count: int) -> None:
    """Rows straight into the tables: kept one by one, each would wait for the disk."""
    none = Verdict(rules_version=service.rules.version)
    database = service.archive._database
    for batch in batches(enumerate(texts(count), 1), 5_000):
        rows: dict[Any, list[dict[str, Any]]] = {table: [] for table in (ARTICLES, REVISIONS, VERDICTS, EVIDENCE)}
        for number, (language, title, text) in batch:
            article = Article(
                outlet=f"outlet-{number % 40}", canonical_id=str(number), url=f"https://example.org/{number}",
                title=title, text=text, language=language,
            )  # fmt: skip
            verdict = verdict_of(service.rules, article, country="") if (number - 1) % ONE_IN == 0 else none
            _row(rows, number, article, verdict)
        with database.write() as connection:
            for table, its in rows.items():
                if its:
                    connection.execute(insert(table), its)
            connection.execute(update(COUNTERS).values(value=batch[-1][0]))


def _row(rows: dict[Any, list[dict[str, Any]]], number: int, article: Article, verdict: Verdict) -> None:
    id, when = f"{number:012}", NOW - timedelta(minutes=5 * number)
    digest = hash_of(article.text)
    rows[ARTICLES].append(
        columns_of(article, without=("title", "text", "published"))
        | {
            "id": id,
            "first_seen": when,
            "captured": when,
            "revision": 1,
            "text_hash": digest,
            "seed": False,
            "late": False,
        }
        | {"matched": bool(verdict.strength), "change": number}
    )
    text = {"title": article.title, "text": article.text, "text_hash": digest, "captured": when}
    rows[REVISIONS].append({"article_id": id, "number": 1, **text})
    said = columns_of(verdict, without=["evidence"]) | {
        "strength": dict(verdict.strength),
        "points": dict(verdict.points),
    }
    said |= {name: list(value) for name, value in said.items() if isinstance(value, tuple)}
    rows[VERDICTS].append({"number": number, "article_id": id, "revision": 1, "current": True, "decided": when, **said})
    rows[EVIDENCE] += ({"verdict": number, "position": n, **columns_of(e)} for n, e in enumerate(verdict.evidence))


def _cases(folder: Path) -> Iterator[tuple[str, Path]]:
    ours = yaml.safe_load((TOPICS / "china-russia.yaml").read_text(encoding="utf-8"))
    forms = next(
        file["concepts"]["exercise_noun"]
        for file in (yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(TOPICS.glob("*.yaml")))
        if "exercise_noun" in file.get("concepts", {})
    )
    # Made-up words that stand in every fiftieth article or so.
    words = Press(0).words["en"][60:63]
    yield "a topic of one's own (docs/examples)", EXAMPLE
    changes = {
        "three forms more in exercise_noun": {"concepts": {"exercise_noun": {**forms, "en": [*forms["en"], *words]}}},
        "half the rules of china-russia": {**ours, "rules": ours["rules"][::2]},
        "a higher threshold for china-russia": {**ours, "tie": 9},
    }
    for name, change in changes.items():
        file = folder / f"{name.split()[-1]}-{len(name)}.yaml"
        file.write_text(yaml.safe_dump(change, allow_unicode=True), encoding="utf-8")
        yield name, file


def _read_all(service: Service, files: Sequence[Path]) -> float:
    """Seconds to read every article."""
    judging = _judging(service, files)
    ids = [f"{number:012}" for number in range(1, SAMPLE + 1)]
    # The first article is not counted: by then the other processes have started.
    read, began = 0, 0.0
    for count, _ in judged(judging, ids, partial(compared, since=None)):
        began, read = began or time.perf_counter(), read + count
    return (time.perf_counter() - began) / (read - 250) * ARTICLES_IN_ALL


def _judging(service: Service, files: Sequence[Path]) -> Judging:
    rules = load_rules(extra=files)
    return Judging(archive=service.archive, database=service.settings.database, rules=rules, files=tuple(files))


def main() -> None:
    configure_logging("warning", as_json=False)
    with tempfile.TemporaryDirectory() as folder:
        service = assemble(read_settings({"ENTENTE_DATA_DIR": folder}), clock=lambda: NOW, press=())
        began = time.perf_counter()
        fill(service, ARTICLES_IN_ALL)
        kept = time.perf_counter()
        service.index.catch_up()
        print(
            f"backtest: {ARTICLES_IN_ALL} articles kept in {kept - began:.0f} s, indexed in {time.perf_counter() - kept:.0f} s"
        )
        all_of_them = _read_all(service, [EXAMPLE])
        print(f"backtest: reading every article would take {all_of_them:.0f} s")
        for name, file in _cases(Path(folder)):
            began = time.perf_counter()
            result = run_backtest(service, _judging(service, [file]))
            took = time.perf_counter() - began
            totals = ", ".join(f"{result.total(kind)} {kind}" for kind in result.shown)
            print(
                f"backtest: {name}: {took:.1f} s, {result.candidates} read ({totals}); ratio to reading all {took / all_of_them:.2f}"
            )
        service.close()


if __name__ == "__main__":
    main()
