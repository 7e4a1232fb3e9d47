"""Ranked search over 20,000 made-up articles in three languages, beside SQLite's FTS5 holding the very same words.

Run it with `python -m benchmarks.search`. Both sides get words already cut by `storage.words`, and each answers with its
best 20. Ours also counts the whole result and eight facets of it in the same time, as every search page does; FTS5 is asked for
the ranking alone. Times are medians of several rounds, taken in turn.
"""

import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import accumulate
from pathlib import Path

from storage.records import Article, Kept, Published, Strength, Verdict
from storage.search.index import SearchIndex
from storage.search.query import parse_query
from storage.search.streams import streams

ARTICLES = 20_000
WORDS_EACH = 105
ROUNDS = 9
NOW = datetime(2025, 6, 1, tzinfo=UTC)

_ALPHABETS = {
    "en": "abcdefghiklmnoprstuw",
    "ru": "абвгдежзиклмнопрстуя",
    "zh": "".join(map(chr, range(0x4E00, 0x5200))),
}
_LENGTHS = {"en": (3, 9), "ru": (4, 11), "zh": (2, 3)}
#: Of ten articles, so that a word can stand in half of all.
_LANGUAGES = ("en",) * 6 + ("ru",) * 2 + ("zh",) * 2


class Press:
    """Articles of words drawn as in natural text: few very common, most rare."""

    def __init__(self, articles: int) -> None:
        self._chance = random.Random(20)
        self.words = {language: self._vocabulary(language) for language in _ALPHABETS}
        self._weights = list(accumulate(1 / (rank + 8) for rank in range(8_000)))
        self._kept = [self._article(number) for number in range(1, articles + 1)]

    def _vocabulary(self, language: str) -> list[str]:
        letters, (shortest, longest) = _ALPHABETS[language], _LENGTHS[language]
        words: dict[str, None] = {}
        while len(words) < 8_000:
            words["".join(self._chance.choices(letters, k=self._chance.randint(shortest, longest)))] = None
        return list(words)

    def _text(self, language: str, count: int) -> str:
        words = self._chance.choices(self.words[language], cum_weights=self._weights, k=count)
        return ("" if language == "zh" else " ").join(words)

    def _article(self, number: int) -> Kept:
        language = _LANGUAGES[number % 10]
        published = NOW - timedelta(minutes=self._chance.randrange(5_000_000))
        return Kept(
            id=f"{number:012}",
            article=Article(
                outlet=f"outlet-{number % 40}",
                canonical_id=str(number),
                url=f"https://example.org/{number}",
                title=self._text(language, 8),
                text="。".join(self._text(language, 15) for _ in range(WORDS_EACH // 15)),
                published=Published(at=published),
                language=language,
            ),
            verdict=Verdict(strength={"sco": Strength.TIE} if number % 9 == 0 else {}),
            first_seen=published,
            captured=published,
            change=number,
        )

    def changed_since(self, change: int, limit: int) -> list[Kept]:
        return self._kept[change : change + limit]

    def identity(self) -> int:
        return 1

    def last_change(self) -> int:
        return len(self._kept)

    def get(self, id: str) -> Kept | None:
        return self._kept[int(id) - 1]

    def __iter__(self) -> Iterator[Kept]:
        return iter(self._kept)


class Peer:
    """FTS5 with the same tokens: one table of stems and one of exact words, title and text as columns."""

    def __init__(self, file: Path, press: Press) -> None:
        self._database = sqlite3.connect(file)
        for stream in ("stems", "exact"):
            options = "content='', tokenize=\"unicode61 remove_diacritics 0\""
            self._database.execute(f"CREATE VIRTUAL TABLE {stream} USING fts5(title, text, {options})")
        for row, kept in enumerate(press):
            title, text = streams(kept.article.title), streams(kept.article.text)
            for stream in ("stems", "exact"):
                values = (row, " ".join(getattr(title, stream)), " ".join(getattr(text, stream)))
                self._database.execute(f"INSERT INTO {stream}(rowid, title, text) VALUES (?, ?, ?)", values)
        for stream in ("stems", "exact"):
            self._database.execute(f"INSERT INTO {stream}({stream}) VALUES ('optimize')")
        self._database.commit()

    def best(self, stream: str, match: str) -> list[int]:
        question = f"SELECT rowid FROM {stream} WHERE {stream} MATCH ? ORDER BY bm25({stream}, 3.0, 1.0) LIMIT 20"
        return [row for (row,) in self._database.execute(question, (match,))]

    def total(self, stream: str, match: str) -> int:
        return int(
            self._database.execute(f"SELECT count(*) FROM {stream} WHERE {stream} MATCH ?", (match,)).fetchone()[0]
        )


def _queries(press: Press) -> list[tuple[str, str, str, str]]:
    """What is asked: its name, our query, and the same for FTS5 (table and expression)."""
    latin, han = press.words["en"], press.words["zh"]

    def stems(word: str) -> str:
        return f'"{" ".join(streams(word).stems)}"'

    return [
        ("a word in half of all", latin[0], "stems", stems(latin[0])),
        ("a word in one of twenty", latin[250], "stems", stems(latin[250])),
        ("a rare word", latin[4000], "stems", stems(latin[4000])),
        ("two common words", f"{latin[0]} {latin[1]}", "stems", f"{stems(latin[0])} {stems(latin[1])}"),
        ("a phrase of common words", f'"{latin[0]} {latin[1]}"', "exact", f'"{latin[0]} {latin[1]}"'),
        ("a Chinese word of two characters", han[0][:2], "exact", f'"{han[0][:2]}"'),
        ("a Chinese phrase of four or more", han[0] + han[1], "exact", f'"{_pairs(han[0] + han[1])}"'),
    ]


def _pairs(text: str) -> str:
    return " ".join(streams(text).exact[:-1])


def _median_ms(first: Callable[[], object], second: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds of each, the medians of rounds taken in turn."""

    def timed(call: Callable[[], object]) -> float:
        began = time.perf_counter()
        call()
        return (time.perf_counter() - began) * 1000

    rounds = [(timed(first), timed(second)) for _ in range(ROUNDS)]
    return statistics.median(ours for ours, _ in rounds), statistics.median(theirs for _, theirs in rounds)


def _compare(index: SearchIndex, peer: Peer, queries: Sequence[tuple[str, str, str, str]]) -> None:
    for name, text, stream, match in queries:
        query = parse_query(text)
        total = index.search(query, now=NOW).total
        assert total == peer.total(stream, match), f"{name}: the two found different articles"
        ours, theirs = _median_ms(partial(index.search, query, now=NOW), partial(peer.best, stream, match))
        print(f"search: {name} ({total} found): {ours:.2f} ms; FTS5 {theirs:.2f} ms; ratio {ours / theirs:.2f}")


def main() -> None:
    press = Press(ARTICLES)
    with tempfile.TemporaryDirectory() as folder:
        began = time.process_time()
        index = SearchIndex(Path(folder) / "index", press)
        index.catch_up()
        ours = time.process_time() - began
        began = time.process_time()
        peer = Peer(Path(folder) / "fts5.db", press)
        theirs = time.process_time() - began
        print(
            f"search: {ARTICLES} articles indexed: {ours:.1f} s of CPU; SQLite {sqlite3.sqlite_version} FTS5: {theirs:.1f} s; "
            f"ratio {ours / theirs:.2f}"
        )
        _compare(index, peer, _queries(press))


if __name__ == "__main__":
    main()
