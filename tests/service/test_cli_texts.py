"""`entente read`, `parse` and `classify`: one file or many, good ones among bad ones, through the real command."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.commands import Told, entente
from tests.fakes.house import a_feed, a_page, drill

PAGE = a_page("China and Russia begin joint exercise", *drill(2), published="2026-11-20T13:00:00+08:00")
FEED = a_feed(("https://www.dawn.com/news/1", "Exercise begins"), ("https://www.dawn.com/news/2", "Exercise ends"))


def manifest(folder: Path, *lines: Any) -> Path:
    path = folder / "manifest.jsonl"
    path.write_bytes(
        b"".join((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines)
    )
    return path


def by_path(told: Told) -> dict[str, Any]:
    return {line["path"]: line for line in told.lines}


def test_a_page_becomes_an_article(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(PAGE)
    told = entente("read", page, "--url", "https://www.dawn.com/news/1989363/drill", "--json", folder=tmp_path)
    read = told.document
    assert (told.code, told.err) == (0, "")
    assert read.pop("text") == "\n".join(drill(2))
    assert read == {
        "path": str(page),
        "url": "https://www.dawn.com/news/1989363/drill",
        "outlet": "dawn",
        "title": "China and Russia begin joint exercise",
        "byline": "",
        "published": "2026-11-20T13:00:00+08:00",
        "published_basis": "page",
        "language": "en",
    }
    assert not (tmp_path / "data").exists(), "no archive is needed, so none is made"


def test_a_feed_becomes_entries(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_bytes(FEED)
    url = "https://www.dawn.com/feeds/home"
    parsed = entente("parse", tmp_path / "feed.xml", "--url", url, "--json", folder=tmp_path).document
    assert (parsed["kind"], parsed["title"]) == ("rss", "News")
    assert [(entry["url"], entry["title"]) for entry in parsed["entries"]] == [
        ("https://www.dawn.com/news/1", "Exercise begins"),
        ("https://www.dawn.com/news/2", "Exercise ends"),
    ]


@pytest.mark.parametrize(
    ("packed", "url"),
    [
        pytest.param(gzip.compress(PAGE), "", id="gzipped, whatever its name"),
        pytest.param(b"\xef\xbb\xbf" + PAGE, "", id="with a byte order mark"),
        pytest.param(PAGE.decode().encode("utf-16"), "", id="in UTF-16"),
        pytest.param(PAGE, "https://unknown.test/story", id="of an outlet nobody knows"),
    ],
)
def test_a_page_is_read_however_it_was_saved(tmp_path: Path, packed: bytes, url: str) -> None:
    (tmp_path / "page").write_bytes(packed)
    read = entente("read", tmp_path / "page", "--url", url, "--json", folder=tmp_path).document
    assert read["title"] == "China and Russia begin joint exercise"
    assert read["outlet"] == ""
    assert read["url"] == (url or (tmp_path / "page").as_uri())


@pytest.mark.parametrize("command", ["read", "parse"])
def test_of_many_files_a_bad_one_costs_itself_and_is_named(tmp_path: Path, command: str) -> None:
    (tmp_path / "good").write_bytes(PAGE if command == "read" else FEED)
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "broken.gz").write_bytes(gzip.compress(PAGE)[:40])
    (tmp_path / "torn.gz").write_bytes(gzip.compress(PAGE)[:12] + b"\xff" * 40)
    lines = (
        {"path": "missing", "url": "https://unknown.test/1"},
        {"path": "empty"},
        b"this is no JSON",
        [1, 2],
        {"url": "https://unknown.test/2"},
        {"path": "nul\0"},
        b'{"path": "\xff"}',
        {"path": "broken.gz"},
        {"path": "torn.gz"},
        {"path": "."},
        b"",
        {"path": "good", "url": "https://unknown.test/3", "note": "last of all"},
    )
    listed = manifest(tmp_path, *lines)
    told = entente(command, "--manifest", listed, "--json", folder=tmp_path)
    assert told.code == 1
    answers = by_path(told)
    assert "error" not in answers.pop("good")
    reasons = {path.removeprefix(str(listed)): answer["error"] for path, answer in answers.items()}
    for path, part in {
        "missing": "No such file",
        "empty": "empty page" if command == "read" else "nothing at all",
        ":3": "is not JSON",
        ":4": "is no JSON object",
        ":5": "has no path",
        ":6": "has no path",
        ":7": "is not UTF-8",
        "broken.gz": "no sound gzip file",
        "torn.gz": "no sound gzip file",
        ".": "Is a directory",
    }.items():
        assert part in reasons.pop(path)
        assert part in told.err
    assert reasons == {}


def test_a_manifest_names_files_beside_itself_or_from_here(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "one").write_bytes(PAGE)
    lines = [{"path": "one"}, {"path": str(tmp_path / "pages" / "one")}]
    listed = manifest(tmp_path, *lines).rename(tmp_path / "pages" / "all.jsonl")
    told = entente("read", "--manifest", listed, folder=tmp_path)
    assert told.code == 0
    assert [line["path"] for line in told.lines] == [line["path"] for line in lines], "as they were written"


def test_nothing_in_nothing_out(tmp_path: Path) -> None:
    told = entente("parse", "--manifest", manifest(tmp_path), "--json", folder=tmp_path)
    assert (told.code, told.out) == (0, "")
    told = entente("classify", "--json", folder=tmp_path)
    assert (told.code, told.out) == (0, "")


# ------------------------------------------------------------------ classify

TIE = {"id": "tie", "title": "China and Russia hold joint exercise", "text": "Both navies take part."}
NONE = {"id": 7, "title": "Bread is dearer", "text": "Bakers raised the price."}


@pytest.mark.parametrize("from_file", [pytest.param(True, id="from a file"), pytest.param(False, id="from a pipe")])
def test_texts_become_verdicts_line_by_line(tmp_path: Path, from_file: bool) -> None:
    listed = manifest(tmp_path, TIE, NONE)
    told = (
        entente("classify", listed, "--json", folder=tmp_path)
        if from_file
        else entente("--json", "classify", folder=tmp_path, stdin=listed.read_bytes())
    )
    assert (told.code, told.err) == (0, "")
    tie, none = told.lines
    assert (tie["id"], tie["strength"], tie["activities"]) == ("tie", {"china-russia": "tie"}, ["joint_exercise"])
    assert tie["topics"] == ["china-russia"]
    assert none == {"id": 7, "topics": [], "strength": {}, "activities": [], "events": [], "evidence": []}


def test_evidence_says_where_it_stood(tmp_path: Path) -> None:
    text = {
        "id": 1,
        "title": "中俄海军举行联合军演",
        "text": "Before.\nКорабли России и Китая провели совместные учения.",
    }
    [verdict] = entente("classify", manifest(tmp_path, text), "--json", folder=tmp_path).lines
    assert {piece["field"] for piece in verdict["evidence"]} == {"title", "text"}
    for piece in verdict["evidence"]:
        assert piece.keys() == {"topic", "rule", "form", "field", "start", "end", "sentence"}
        assert text[piece["field"]][piece["start"] : piece["end"]] == piece["form"]  # type: ignore[index]
        assert piece["form"] in piece["sentence"]


def test_a_text_is_told_why_it_is_no_tie(tmp_path: Path) -> None:
    text = {"id": 1, "title": "", "text": "The exercise Vostok-2022 began in Siberia on Monday."}
    [line] = entente("classify", manifest(tmp_path, text), "--why", "--json", folder=tmp_path).lines
    assert line["topics"] == []
    [miss] = [miss for miss in line["why"] if miss["rule"] == "vostok"]
    assert (miss["topic"], miss["outcome"]) == ("china-russia", "not carried")
    assert "china" in miss["reason"]
    [found] = miss["found"]
    assert text["text"][found["start"] : found["end"]] == found["form"] == "Vostok-2022"  # type: ignore[index]
    assert miss["topic_points"] < miss["mention"] < miss["tie"]


def test_why_is_told_only_when_asked(tmp_path: Path) -> None:
    [line] = entente("classify", manifest(tmp_path, TIE), "--json", folder=tmp_path).lines
    assert "why" not in line


def test_of_many_texts_a_bad_one_costs_itself_and_is_named(tmp_path: Path) -> None:
    bad = (b"not JSON", [1], {"id": 3, "title": ["a", "list"], "text": "x"}, b'{"id": 4, "title": "\xff"}')
    listed = manifest(tmp_path, *bad, b"", {"id": "bare"}, {"id": None, "title": None, "text": "\ud800"}, TIE)
    told = entente("classify", listed, "--json", folder=tmp_path)
    assert told.code == 1
    assert [line["id"] for line in told.lines] == ["bare", None, "tie"]
    complaints = told.err.splitlines()
    assert [complaint.split(": ")[0] for complaint in complaints] == [f"{listed}:{n}" for n in (1, 2, 3, 4)]
    for complaint, part in zip(
        complaints, ("is not JSON", "is no JSON object", "title must be text", "is not UTF-8"), strict=True
    ):
        assert part in complaint


def test_a_text_knows_its_outlet_and_its_date_by_either_name(tmp_path: Path) -> None:
    plain = {"id": 1, "title": "Совместные учения с Китаем", "text": "Учения с Китаем прошли в море."}
    lines = [plain, {**plain, "id": 2, "outlet": "tass-ru", "lang": "ru", "date": "2026-11-20", "kind": "headline"}]
    told = entente("classify", manifest(tmp_path, *lines), "--json", folder=tmp_path)
    assert told.code == 0
    assert [line["id"] for line in told.lines] == [1, 2]
