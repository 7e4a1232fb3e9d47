"""The main job on real input: outlet to archive to digest to search, by the real commands, answered from a capture.

The capture is built here from the folder of real input; the lists that lead to its pages are ours. The twin on documents we
wrote is `test_demo.py`.
"""

import csv
import gzip
import hashlib
import html
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from scrapers.outlets.loading import read_outlets
from scrapers.parsing.addresses import canonical_url, is_article
from service.runs.documents import outlet_of
from storage.archive.archive import Archive, open_archive
from tests.fakes.commands import Told, entente
from tests.fakes.warc import Record, write_warc

HTML = {"Content-Type": "text/html"}
#: What the manifest names the feed that is none.
NO_FEED = "(not a usable feed)"


@dataclass(frozen=True, kw_only=True)
class House:
    """Where the walk lives, and what it was given."""

    folder: Path
    outlets: Sequence[Mapping[str, Any]]
    pages: Sequence[Mapping[str, Any]]
    texts: Sequence[Mapping[str, Any]]

    def entente(self, *words: object) -> Told:
        keys = ",".join(str(outlet["id"]) for outlet in self.outlets)
        return entente(
            *words,
            folder=self.folder,
            outlets_dir=self.folder / "outlets",
            only_outlets=keys,
            share=1000,
            log_level="error",
        )

    def ask(self, *words: object) -> Any:
        told = self.entente(*words, "--json")
        assert told.code == 0, told.err
        return told.document


@pytest.fixture(scope="module")
def house(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> House:
    folder = tmp_path_factory.mktemp("real")
    manifest = _rows(shared / "fixtures" / "MANIFEST.jsonl")
    texts = _rows(shared / "eval" / "articles.jsonl")
    # Of twins in two encodings the last stays: the one in the old encoding.
    by_url = {row["url"]: row for row in manifest if row["kind"] == "article page" and _is_address(row.get("url"))}
    pages = list(by_url.values())
    feeds = [row for row in manifest if row["path"].startswith("feeds/real/")]
    outlets: list[Mapping[str, Any]] = []
    records: list[Record] = []
    for made, found in (_of_pages(shared, pages), _of_feeds(shared, feeds), _of_texts(texts)):
        outlets += made
        records += found
    (folder / "outlets").mkdir()
    (folder / "outlets" / "all.yaml").write_text(yaml.safe_dump(outlets, allow_unicode=True), encoding="utf-8")
    write_warc(folder / "capture.warc.gz", records)
    (folder / "data").mkdir()
    (folder / "seeds").symlink_to(shared / "seeds")
    return House(folder=folder, outlets=outlets, pages=pages, texts=texts)


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def _is_address(url: str | None) -> bool:
    return bool(url) and str(url).startswith("http")


def _body(path: Path) -> bytes:
    body = path.read_bytes()
    return gzip.decompress(body) if path.suffix == ".gz" else body


def _list(links: Iterable[tuple[str, str, str, str]]) -> bytes:
    """A listing page of (address, title, time, text)."""
    rows = "".join(
        f'<li><a href="{html.escape(url)}">{html.escape(title)}</a><i>{html.escape(time)}</i><p>{html.escape(text)}</p></li>'
        for url, title, time, text in links
    )
    return f"<!doctype html><meta charset=utf-8><title>List</title><ul class=all>{rows}</ul>".encode()


LISTED = {"item": "ul.all > li", "item_link": "a", "item_time": "i"}


def _of_pages(shared: Path, pages: Sequence[Mapping[str, Any]]) -> tuple[list[Mapping[str, Any]], list[Record]]:
    """One outlet for each host, its list leading to its pages; where we ship the outlet, with our own dated selectors."""
    shipped = read_outlets()
    hosts: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in pages:
        hosts[urlsplit(row["url"]).netloc].append(row)
    outlets: list[Mapping[str, Any]] = []
    records: list[Record] = [(row["url"], 200, HTML, _body(shared / "fixtures" / row["path"])) for row in pages]
    for host, rows in hosts.items():
        address = f"https://{host}/our-list-of-pages"
        records.append((address, 200, HTML, _list((row["url"], "A page of this outlet", "", "") for row in rows)))
        ours = outlet_of(rows[0]["url"], shipped)
        lists: dict[str, Any] = {"listings": [{"url": address, **LISTED}], "feeds": []}
        if ours and all(is_article(ours, row["url"]) for row in rows):
            outlets.append({"id": ours.key, **lists, "listing_json": None, "sitemaps": []})
        else:
            outlets.append({"id": _key(host), "name": host, "hosts": [host], **lists})
    return outlets, records


def _of_feeds(shared: Path, feeds: Sequence[Mapping[str, Any]]) -> tuple[list[Mapping[str, Any]], list[Record]]:
    """One outlet for each feed, read from the feed alone: its pages are not in the capture."""
    outlets: list[Mapping[str, Any]] = []
    records: list[Record] = []
    for number, row in enumerate(feeds):
        body = _body(shared / "fixtures" / row["path"])
        address = f"https://feed-{number}.test/feed.xml"
        linked = re.findall(rb"https?://([\w.-]+)", body)
        hosts = sorted({f"feed-{number}.test", *(host.decode().lower() for host in linked)})
        records.append((address, 200, {"Content-Type": "application/xml"}, body))
        name = row.get("outlet") or f"Feed {number}"
        outlets.append(
            {"id": f"feed-{number}", "name": name, "hosts": hosts, "feeds": [{"url": address}], "read_from_feed": True}
        )
    return outlets, records


def _of_texts(texts: Sequence[Mapping[str, Any]]) -> tuple[list[Mapping[str, Any]], list[Record]]:
    """The labelled texts as today's JSON Feeds, one for each of their outlets."""
    by_outlet: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for text in texts:
        by_outlet[text["outlet"]].append(text)
    outlets: list[Mapping[str, Any]] = []
    records: list[Record] = []
    for number, (name, listed) in enumerate(by_outlet.items()):
        host = f"text-{number}.test"
        address = f"https://{host}/feed.json"
        items = [
            {
                "id": text["id"],
                "url": f"https://{host}/{text['id']}",
                "title": text["title"] or "",
                "content_text": text["text"],
                "date_published": (datetime.now(UTC) - timedelta(minutes=10 + place)).isoformat(),
            }
            for place, text in enumerate(listed)
        ]
        feed = {"version": "https://jsonfeed.org/version/1.1", "title": name, "items": items}
        records.append((address, 200, {"Content-Type": "application/feed+json"}, json.dumps(feed).encode()))
        outlets.append(
            {"id": f"text-{number}", "name": name, "hosts": [host], "feeds": [{"url": address}], "read_from_feed": True}
        )
    return outlets, records


def _key(host: str) -> str:
    """A key of its own for a host: one that no shipped outlet has."""
    return "h-" + re.sub(r"[^a-z0-9]+", "-", host.lower()).strip("-")[:44].strip("-")


@pytest.fixture(scope="module")
def fetched(house: House, shared: Path) -> Told:
    """A run over all of it; and real headlines in three languages, by import."""
    house.ask("subscription", "add", "--name", "desk", "--email", "desk@example.org")
    told = house.entente("fetch", "--replay", house.folder / "capture.warc.gz", "--json")
    house.ask("import", shared / "fixtures" / "text" / "relevance_titles.jsonl")
    return told


@pytest.fixture(scope="module")
def archive(house: House, fetched: Told) -> Iterator[Archive]:
    assert fetched.out
    with open_archive(house.folder / "data" / "entente.db") as opened:
        yield opened


@pytest.fixture(scope="module")
def digest(house: House, fetched: Told) -> Mapping[str, Any]:
    assert fetched.out
    [sent] = house.ask("digest", "send", "desk")["digests"]
    return dict(sent)


def test_every_outlet_is_visited_and_only_feeds_that_are_none_fail(house: House, fetched: Told) -> None:
    assert "Traceback" not in fetched.err
    assert fetched.code == 1, "something failed, and is named"
    visits = fetched.document["visits"]
    assert {visit["outlet"] for visit in visits} == {outlet["id"] for outlet in house.outlets}
    failed = [visit for visit in visits if visit["outcome"] != "ok"]
    no_feeds = {outlet["id"] for outlet in house.outlets if outlet.get("name") == NO_FEED}
    assert {visit["outlet"] for visit in failed} == no_feeds
    assert all(visit["url"] in visit["why"] and "not a feed" in visit["why"] for visit in failed)
    # Some entries of the real feeds are bare titles, and their pages are not in the capture: they wait.
    unread = [visit["outlet"] for visit in visits if visit["capped"] or visit["failed"]]
    assert all(key.startswith("feed-") for key in unread)


def test_every_page_with_prose_is_kept_whole_and_in_its_own_letters(house: House, archive: Archive) -> None:
    kept = {row["url"]: archive.articles.by_url(canonical_url(row["url"])) for row in house.pages}
    unread = {}
    for url in (url for url, one in kept.items() if one is None):
        entry = archive.entries.by_url(url)
        unread[url] = entry.why if entry else "never met"
    assert len(unread) <= 2, unread
    assert all("holds" in why for why in unread.values()), unread
    texts = {url: f"{one.article.title}\n{one.article.text}" for url, one in kept.items() if one}
    assert [url for url, text in texts.items() if re.search(r"[ÐÑ][\x80-\xbf]|锟斤拷|пїЅ", text)] == []
    # One page came with two lost characters; we lose no more.
    came_with = {"http://politics.people.com.cn/n1/2024/0424/c1001-40223222.html": 2}
    assert [url for url, text in texts.items() if text.count("\ufffd") > came_with.get(url, 0)] == []
    assert [url for url, one in kept.items() if one and not one.article.title] == []
    told = {row["url"]: row["lang"] for row in house.pages if row.get("lang")}
    wrong = {url: (one.article.language, told[url]) for url, one in kept.items() if one and url in told}
    assert {url: pair for url, pair in wrong.items() if pair[0] != pair[1]} == {}


def test_old_encodings_are_read_as_what_they_are(archive: Archive) -> None:
    for url, words in (
        ("http://politics.people.com.cn/n1/2024/0424/c1001-40223222.html", "中国"),
        ("https://www.kommersant.ru/doc/7715044", "что"),
    ):
        [kept] = [archive.articles.by_url(url)]
        assert kept is not None
        assert words in kept.article.text
        assert kept.article.published is not None


def test_what_came_in_today_is_told_once(house: House, archive: Archive, digest: Mapping[str, Any]) -> None:
    told = {item["id"] for item in digest["items"]}
    news = archive.articles.newest(limit=10_000)
    assert told == {kept.id for kept in news if not kept.late}
    assert sum(1 for kept in news if kept.id in told and kept.article.outlet.startswith("text-")) > 40
    assert house.ask("digest", "send", "desk") == {"digests": []}
    [mail] = (house.folder / "data" / "outbox").glob("*.eml")
    message = message_from_bytes(mail.read_bytes(), policy=policy.default)
    plain = message.get_body(("plain",))
    assert plain is not None
    text = _letters(plain.get_content())
    titles = [kept.article.title for kept in news if kept.id in told]
    assert [title for title in titles if _letters(title)[:20] not in text] == [], "every one is named"


def _letters(text: str) -> str:
    """Lines, marks and quotation marks are the mail's own."""
    return re.sub(r"\W+", "", text)


@pytest.mark.parametrize(
    ("query", "language"),
    [
        pytest.param("军演", "zh", id="军演 inside a sentence"),
        pytest.param("учение", "ru", id="учение finds учения"),
        pytest.param("exercise", "en", id="exercise finds exercises"),
    ],
)
def test_search_finds_the_news_in_its_language(
    house: House, digest: Mapping[str, Any], query: str, language: str
) -> None:
    assert digest
    found = house.ask("search", query, "--limit", 200)
    assert found["total"] >= 1
    assert {hit["language"] for hit in found["hits"]} >= {language}
    assert all(hit["snippet"] or hit["title"] for hit in found["hits"])


def test_the_seeds_stand_beside_the_news(house: House, digest: Mapping[str, Any]) -> None:
    assert digest
    assert house.ask("search", "seed:yes")["total"] == 5
    assert house.ask("search", '"combined arms tactical training base"')["hits"][0]["id"] == "seed-004"
    both = house.ask("search", "topic:china-russia", "--limit", 500)
    assert {hit["seed"] for hit in both["hits"]} == {True, False}


def test_a_second_run_reads_nothing_twice(house: House, archive: Archive, digest: Mapping[str, Any]) -> None:
    assert digest
    before = archive.articles.last_change()
    again = house.entente("fetch", "--replay", house.folder / "capture.warc.gz", "--json").document
    assert (again["new"], again["revised"]) == (0, 0)
    assert Counter(visit["outcome"] for visit in again["visits"])["ok"] == 0, "what has not changed is not even parsed"
    assert archive.articles.last_change() == before


def test_the_counts(house: House, fetched: Told, archive: Archive, digest: Mapping[str, Any], shared: Path) -> None:
    """Printed for the record: `pytest -rP -k the_counts`."""
    visits = fetched.document["visits"]
    facets = house.ask("search", "seed:no", "--limit", 0)["facets"]
    hits = {query: house.ask("search", query, "--limit", 0)["total"] for query in ("军演", "учения", "exercise")}
    counts = {
        "outlets": len({visit["outlet"] for visit in visits}),
        "visits": len(visits),
        "entries": sum(visit["entries"] for visit in visits),
        "articles": archive.articles.count() - 5,
        "languages": dict(facets["language"]),
        "by topic": dict(facets["topic"]),
        "digest items": len(digest["items"]),
        "hits": hits,
    }
    sys.stdout.write(json.dumps(counts, ensure_ascii=False) + "\n")
    headlines = len(_rows(shared / "fixtures" / "text" / "relevance_titles.jsonl"))
    assert counts["articles"] == fetched.document["new"] + headlines
    assert fetched.document["new"] >= 0.97 * sum(visit["entries"] for visit in visits)


# ------------------------------------------------------------------ labelled texts, by import


def test_the_labelled_texts_are_found_by_the_topics_they_are_given(shared: Path, tmp_path: Path) -> None:
    texts = shared / "eval" / "articles.jsonl"
    imported = entente("import", texts, "--json", folder=tmp_path).document
    judged = entente("classify", texts, "--json", folder=tmp_path).lines
    assert (imported["added"] + imported["known"] + imported["revised"], imported["failed"]) == (len(judged), [])
    assert imported["revised"] == 0
    given = Counter(topic for verdict in judged for topic in verdict["topics"])
    for topic in ("china-russia", "sco"):
        found = entente("search", f"topic:{topic} seed:no", "--limit", 500, "--json", folder=tmp_path).document
        assert found["total"] == given[topic]
        assert {hit["id"] for hit in found["hits"]} == {one["id"] for one in judged if topic in one["topics"]}
    assert given["china-russia"] > 30


# ------------------------------------------------------------------ eight polls of three list pages

POLLED = ("cgtn_world", "globaltimes_world", "xinhuanet_world")


def test_each_poll_of_a_real_list_brings_only_what_is_new(shared: Path, tmp_path: Path) -> None:
    outlets = [
        {
            "id": _key(name),
            "name": name,
            "hosts": [f"{_key(name)}.test"],
            "timezone": "Asia/Shanghai",
            "read_from_feed": True,
            "listings": [{"url": f"https://{_key(name)}.test/list", **LISTED, "item_text": "p"}],
        }
        for name in POLLED
    ]
    (tmp_path / "outlets").mkdir()
    (tmp_path / "outlets" / "polled.yaml").write_text(yaml.safe_dump(outlets), encoding="utf-8")
    only = ",".join(str(outlet["id"]) for outlet in outlets)
    seen: dict[str, set[str]] = defaultdict(set)
    for poll in range(8):
        records: list[Record] = []
        expected: dict[str, int] = {}
        for name in POLLED:
            rows = list(_snapshot(shared, name, poll))
            links = [(_address(name, title), title, time, f"{title}. The list tells no more.") for time, title in rows]
            records.append((f"https://{_key(name)}.test/list", 200, HTML, _list(links)))
            addresses = {url for url, *_ in links}
            expected[_key(name)] = len(addresses - seen[name])
            seen[name] |= addresses
        capture = write_warc(tmp_path / f"poll-{poll}.warc.gz", records)
        told = entente(
            "fetch",
            "--replay",
            capture,
            "--json",
            folder=tmp_path,
            outlets_dir=tmp_path / "outlets",
            only_outlets=only,
            share=1000,
        )
        assert (told.code, told.err) == (0, "")
        assert {visit["outlet"]: visit["new"] for visit in told.document["visits"]} == expected, f"poll {poll}"
        assert told.document["revised"] == 0
    found = entente("search", "seed:no", "--limit", 0, "--json", folder=tmp_path).document
    assert found["total"] == sum(map(len, seen.values()))
    assert set(found["facets"]["year"]) == {"2022"}, "the times of three lists are read"
    sys.stdout.write(json.dumps({name: len(addresses) for name, addresses in seen.items()}) + "\n")


def _snapshot(shared: Path, name: str, poll: int) -> Iterator[tuple[str, str]]:
    path = sorted((shared / "fixtures" / "text" / "snapshots").glob(f"{name}_*.csv"))[poll]
    with path.open(encoding="utf-8-sig", newline="") as file:
        for time, title in csv.reader(file):
            if title:
                yield time.removeprefix("Published: "), title


def _address(name: str, title: str) -> str:
    return f"https://{_key(name)}.test/{hashlib.sha256(title.encode()).hexdigest()[:16]}"
