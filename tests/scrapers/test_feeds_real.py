"""Feeds and pages others published, and the cases other parsers are held to. The same on our own documents: test_parsing.py."""

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from scrapers.errors import NotAFeed
from scrapers.parsing.decoding import to_page
from scrapers.parsing.parsing import parse, unique
from storage.records import Entry, Feed

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

#: The manifest's words for what an entry says -> ours.
_OURS = {"link": "url", "title": "title", "title_detail": "title", "summary": "summary", "description": "summary"}


def manifest(shared: Path, prefix: str) -> Iterator[dict[str, Any]]:
    for line in (shared / "fixtures" / "MANIFEST.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["path"].startswith(prefix):
            yield row


def body_of(shared: Path, row: dict[str, Any]) -> bytes:
    body = (shared / "fixtures" / row["path"]).read_bytes()
    return gzip.decompress(body) if row["path"].endswith(".gz") else body


def read(shared: Path, row: dict[str, Any], *, markup: bool = False) -> Feed:
    url = row.get("url") or "https://feeds.example/all"
    return parse(body_of(shared, row), url=url, now=NOW, markup=markup)


def said(entry: Entry, name: str) -> Any:
    if name in _OURS:
        return getattr(entry, _OURS[name])
    return list(entry.published.at.utctimetuple()) if entry.published else None


def test_every_expectation_of_an_entry_is_met(shared: Path) -> None:
    checked, wrong = 0, []
    for row in manifest(shared, "feeds/conformance/feedparser/"):
        for check in row.get("expect_simple") or ():
            path = check["path"]
            about_entry = path[0] == "entries" and (path[2] in (*_OURS, "published_parsed"))
            if not about_entry or (path[2] == "title_detail" and path[3] != "value"):
                continue
            checked += 1
            entry = read(shared, row, markup=True).entries[path[1]]
            if said(entry, path[2]) != check["value"]:
                wrong.append((row["path"], check, said(entry, path[2])))
    assert wrong == []
    assert checked >= 22


def test_every_feed_ends_with_entries_or_with_a_sentence(shared: Path) -> None:
    refused: dict[str, str] = {}
    for row in manifest(shared, "feeds/"):
        try:
            read(shared, row)
        except NotAFeed as why:
            refused[row["path"]] = why.looks_like
    assert [path for path, looks_like in refused.items() if "no parser can read" in looks_like] == []
    real = {path for path in refused if path.startswith(("feeds/real/", "feeds/encodings/"))}
    assert real == {"feeds/real/7ef13a42fa7e177a.xml.gz"}


def test_real_feeds_give_all_their_entries_with_title_address_and_text(shared: Path) -> None:
    for row in manifest(shared, "feeds/real/"):
        known = row.get("feedparser") or {}
        if not known.get("entries"):
            continue
        entries = read(shared, row).entries
        assert len(entries) == known["entries"], row["path"]
        assert all(entry.url and entry.title and "</p>" not in entry.summary for entry in entries), row["path"]
        assert len(unique(entries)) == len(entries), row["path"]


def test_feeds_in_old_encodings_are_not_garbled(shared: Path) -> None:
    scripts = {
        "Big5": "\u4e00",
        "GB2312": "\u4e00",
        "KOI8-R": "\u0430",
        "EUC-KR": "\uac00",
        "EUC-JP": "\u3040",
        "SHIFT_JIS": "\u3040",
    }
    scripts |= {"windows-1251-russian": "\u0430", "iso-8859-5-russian": "\u0430"}
    for row in manifest(shared, "feeds/encodings/chardet/"):
        text = "".join(entry.title + entry.summary for entry in read(shared, row).entries)
        first = ord(scripts[row["path"].split("/")[3]])
        near = sum(first <= ord(letter) < first + 0x6000 for letter in text)
        assert near > len(text) / 5, row["path"]
        assert "\ufffd" not in text, row["path"]


def test_twins_in_old_encodings_read_alike(shared: Path) -> None:
    for row in manifest(shared, "articles/encodings/"):
        page = to_page(body_of(shared, row), url=row["url"] or "")
        assert page.encoding == row["encoding"]


@pytest.mark.parametrize(
    ("name", "url", "least"),
    [
        pytest.param("newspaper4k_cnn_main_site.html.gz", "https://edition.cnn.com/", 150, id="an English front page"),
        pytest.param(
            "generalnewsextractor_test_list_page_163_1.html.gz", "https://news.163.com/", 100, id="a Chinese one"
        ),
    ],
)
def test_front_pages_nobody_described_give_their_articles(shared: Path, name: str, url: str, least: int) -> None:
    body = gzip.decompress((shared / "fixtures" / "listpages" / name).read_bytes())
    entries = parse(body, url=url, now=NOW).entries
    assert len(entries) >= least
    assert sum(bool(entry.title) for entry in entries) > 0.9 * len(entries)
