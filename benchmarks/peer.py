"""SQLite's FTS5 holding the words of the same articles, already cut by `storage.search.streams`: what search is compared with."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from storage.records import Article
from storage.search.streams import streams


def make_peer(file: Path, articles: Iterable[Article]) -> None:
    """A table of titles and texts, as compact and as quick as FTS5 makes one."""
    database = sqlite3.connect(file)
    database.execute("PRAGMA journal_mode=OFF")
    database.execute("PRAGMA synchronous=OFF")
    options = "content='', tokenize=\"unicode61 remove_diacritics 0\""
    database.execute(f"CREATE VIRTUAL TABLE words USING fts5(title, text, {options})")
    rows = ((" ".join(streams(article.title).stems), " ".join(streams(article.text).stems)) for article in articles)
    database.executemany("INSERT INTO words(title, text) VALUES (?, ?)", rows)
    database.execute("INSERT INTO words(words) VALUES ('optimize')")
    database.commit()
    database.close()


class Peer:
    def __init__(self, file: Path) -> None:
        self._database = sqlite3.connect(file)

    def best(self, word: str) -> list[int]:
        """The best twenty articles for one word."""
        match = " ".join(f'"{token}"' for token in streams(word).stems)
        question = "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rank LIMIT 20"
        return [row for (row,) in self._database.execute(question, (match,))]

    def total(self, word: str) -> int:
        match = " ".join(f'"{token}"' for token in streams(word).stems)
        found = self._database.execute("SELECT count(*) FROM words WHERE words MATCH ?", (match,)).fetchone()
        return int(found[0])
