"""Documents from files into the archive: what is kept as what, what is known again, what is refused and why."""

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from service.assembly import Service
from service.finding import find
from service.runs.alerting import digest_for
from service.runs.importing import run_import
from storage.records import Kept, Subscription
from tests.fakes.commands import entente
from tests.fakes.house import Clock, a_feed, a_page, a_service, an_outlet, drill
from tests.fakes.warc import write_warc

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
HOST = "gazette.test"
PRESS = replace(
    an_outlet(HOST, "/feed", key="gazette"),
    article_url_pattern=r"/news/\d+",
    canonical_id=r"/news/(\d+)",
    next_page_pattern=r"/news/\d+_(\d+)\.html",
)
LINE = {
    "url": f"https://{HOST}/news/1",
    "outlet": "gazette",
    "language": "en",
    "title": "China and Russia hold joint exercise",
    "text": "\n".join(drill()),
    "published": "2026-11-20T09:00:00+08:00",
    "byline": "A. Writer",
    "id": "drill-1",
}


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with a_service(tmp_path / "data", press=[PRESS], clock=Clock(NOW)) as built:
        yield built


def imported(service: Service, *paths: Path) -> dict[str, Any]:
    """added, known, revised, and the reasons of what failed by the end of the place's name."""
    told: dict[str, Any] = run_import(service.importing(), paths).as_json()
    return told | {"failed": {Path(one["path"]).name: one["why"] for one in told["failed"]}}


def counts(told: dict[str, Any]) -> tuple[int, int, int]:
    return told["added"], told["known"], told["revised"]


def the_article(service: Service) -> Kept:
    [kept] = service.archive.articles.newest(limit=10, matched_only=False)
    return kept


def jsonl(folder: Path, *lines: Any, name: str = "texts.jsonl") -> Path:
    body = b"".join((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines)
    path = folder / name
    path.write_bytes(gzip.compress(body) if name.endswith(".gz") else body)
    return path


# ------------------------------------------------------------------ what is kept as what


def test_a_line_of_json_is_kept_as_it_says(service: Service, tmp_path: Path) -> None:
    assert imported(service, jsonl(tmp_path, LINE)) == {"added": 1, "known": 0, "revised": 0, "failed": {}}
    kept = service.archive.articles.get("drill-1")
    assert kept is not None
    article = kept.article
    assert article.published is not None
    assert (article.url, article.outlet, article.canonical_id) == (LINE["url"], "gazette", "1")
    assert (article.title, article.text, article.byline) == (LINE["title"], LINE["text"], "A. Writer")
    assert (article.language, article.published.local.isoformat()) == ("en", LINE["published"])
    assert (kept.country, kept.outlet_name) == ("CN", "The Gazette Gazette")
    assert kept.verdict.topics == ("china-russia",)
    service.index.catch_up()
    assert [hit.kept.id for hit in find(service, "joint exercise").hits] == ["drill-1"]


@pytest.mark.parametrize(
    ("change", "field", "value"),
    [
        pytest.param({"outlet": None}, "outlet", "gazette", id="an outlet unsaid is known by its host"),
        pytest.param({"outlet": "Morning Star"}, "outlet", "Morning Star", id="an outlet nobody knows keeps its name"),
        pytest.param({"outlet": None, "url": "https://x.test/1"}, "outlet", "import", id="or has none"),
        pytest.param({"language": "EN-gb"}, "language", "en", id="a language tag is cut to its first part"),
        pytest.param({"language": None}, "language", "en", id="a language unsaid is found in the text"),
        pytest.param({"language": "English"}, "language", "en", id="a language that is no tag as well"),
        pytest.param({"language": None, "lang": "en"}, "language", "en", id="lang is as good as language"),
        pytest.param({"published": None}, "published", None, id="a time unsaid stays unsaid"),
        pytest.param({"url": f"HTTPS://{HOST}:443/news/1?utm_source=x#top"}, "url", LINE["url"], id="one spelling"),
        pytest.param({"title": None}, "title", "", id="a text may have no title"),
        pytest.param({"text": None}, "text", "", id="a title may have no text"),
        pytest.param({"url": None}, "canonical_id", "drill-1", id="an id alone is identity enough"),
        pytest.param({"url": "box 7"}, "canonical_id", "drill-1", id="and is it where the address is not the web's"),
    ],
)
def test_what_a_line_leaves_out(
    service: Service, tmp_path: Path, change: dict[str, Any], field: str, value: Any
) -> None:
    assert counts(imported(service, jsonl(tmp_path, LINE | change))) == (1, 0, 0)
    assert getattr(the_article(service).article, field) == value


def test_a_date_without_a_zone_is_the_outlets(service: Service, tmp_path: Path) -> None:
    imported(service, jsonl(tmp_path, LINE | {"published": None, "date": "2026-11-20 09:00"}))
    published = the_article(service).article.published
    assert published is not None
    assert published.at == datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        pytest.param("2020-11", "2020-11-01", id="a month is its first day"),
        pytest.param("2020", "2020-01-01", id="a year is its first day"),
        pytest.param("20 Nov 2020", "2020-11-20", id="a date in words"),
        pytest.param(1605830400, "2020-11-20", id="seconds since 1970"),
    ],
)
def test_a_date_may_be_written_in_many_ways(service: Service, tmp_path: Path, written: Any, day: str) -> None:
    imported(service, jsonl(tmp_path, LINE | {"published": written}))
    published = the_article(service).article.published
    assert published is not None
    assert published.local.date().isoformat() == day


def test_a_text_file_has_its_first_line_as_title_and_loses_nothing(service: Service, tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("\n  China and Russia hold joint exercise \n\n" + "\n".join(drill()), encoding="utf-8")
    assert counts(imported(service, note)) == (1, 0, 0)
    article = the_article(service).article
    assert (article.title, article.text) == ("China and Russia hold joint exercise", "\n".join(drill()))
    assert (article.outlet, article.url, article.published) == ("import", note.as_uri(), None)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("China and Russia hold joint exercises.", id="a single line"),
        pytest.param(" ".join(drill() * 2) + "\nAnd a last word.", id="a first line too long for a title"),
    ],
)
def test_no_word_of_a_text_file_is_lost(service: Service, tmp_path: Path, body: str) -> None:
    (tmp_path / "note.txt").write_text(body, encoding="utf-8")
    imported(service, tmp_path / "note.txt")
    article = the_article(service).article
    assert article.text == body
    assert len(article.title) <= 301


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_a_text_file_is_decoded_rightly(service: Service, tmp_path: Path, encoding: str) -> None:
    text = "中俄举行海上联合军演\n国防部新闻发言人说,中俄两国海军将在日本海举行联合军演,双方派出驱逐舰。"
    (tmp_path / "note.txt").write_bytes(text.encode(encoding))
    imported(service, tmp_path / "note.txt")
    article = the_article(service).article
    assert f"{article.title}\n{article.text}" == text
    assert article.language == "zh"


@pytest.mark.parametrize("name", ["page.html", "page.HTM", "page.html.gz"])
def test_a_saved_page_is_read(service: Service, tmp_path: Path, name: str) -> None:
    page = a_page("China and Russia begin joint exercise", *drill(), published="2026-11-20T05:00:00Z")
    (tmp_path / name).write_bytes(gzip.compress(page) if name.endswith(".gz") else page)
    assert counts(imported(service, tmp_path / name)) == (1, 0, 0)
    article = the_article(service).article
    assert article.published is not None
    assert (article.title, article.text) == ("China and Russia begin joint exercise", "\n".join(drill()))


def test_a_capture_gives_its_articles_with_the_moment_of_capture(service: Service, tmp_path: Path) -> None:
    html = {"Content-Type": "text/html; charset=utf-8"}
    first, second = drill()
    onward = f"</article><a href='http://{HOST}/news/2_2.html'>Next</a>".encode()
    write_warc(
        tmp_path / "capture.warc.gz",
        [
            (f"http://{HOST}/feed", 200, {"Content-Type": "application/rss+xml"}, a_feed()),
            (f"http://{HOST}/", 200, html, a_page("The Gazette", *drill(8))),
            (f"http://{HOST}/news/1", 200, html, a_page("China and Russia begin joint exercise", *drill(1))),
            (
                f"http://{HOST}/news/2.html",
                200,
                html,
                a_page("Russia and China end drill", first).replace(b"</article>", onward),
            ),
            (f"http://{HOST}/news/2_2.html", 200, html, a_page("Russia and China end drill", second)),
            (f"http://{HOST}/news/3", 404, html, b"gone"),
            (f"http://{HOST}/logo.png", 200, {"Content-Type": "image/png"}, b"\x89PNG"),
            ("http://elsewhere.test/story", 200, html, a_page("A drill seen from elsewhere", *drill(4))),
            ("http://elsewhere.test/empty", 200, html, b"<html><body>Nothing</body></html>"),
        ],
        date="2024-03-05T06:07:08Z",
    )
    told = imported(service, tmp_path / "capture.warc.gz")
    assert counts(told) == (3, 0, 0)
    assert list(told["failed"]) == ["empty"]
    kept = service.archive.articles.newest(limit=10, matched_only=False)
    assert {one.captured for one in kept} == {datetime(2024, 3, 5, 6, 7, 8, tzinfo=UTC)}
    assert {one.first_seen for one in kept} == {NOW}
    by_url = {one.article.url: one.article for one in kept}
    assert by_url[f"http://{HOST}/news/2.html"].text == f"{first}\n{second}", "pages of one article are joined"
    assert by_url["http://elsewhere.test/story"].outlet == "import"


# ------------------------------------------------------------------ once, again, changed

FILES = {
    "note.txt": lambda text: f"China and Russia hold joint exercise\n{text}".encode(),
    "page.html": lambda text: a_page("China and Russia hold joint exercise", text),
    "texts.jsonl": lambda text: json.dumps(LINE | {"text": text}).encode(),
    "texts.jsonl.gz": lambda text: gzip.compress(json.dumps(LINE | {"text": text}).encode()),
}


@pytest.mark.parametrize("name", FILES)
def test_what_was_imported_is_known_again_and_what_was_edited_is_revised(
    service: Service, tmp_path: Path, name: str
) -> None:
    file = tmp_path / name
    told = []
    for text in (drill(1)[0] + drill(1)[1], drill(1)[0] + drill(1)[1], drill(2)[0] + drill(2)[1]):
        file.write_bytes(FILES[name](text))
        told.append(counts(imported(service, file)))
    assert told == [(1, 0, 0), (0, 1, 0), (0, 0, 1)]
    kept = the_article(service)
    assert "number 2" in kept.article.text
    assert [revision.number for revision in service.archive.articles.revisions(kept.id)] == [1, 2]


def test_one_article_in_several_files_is_one(service: Service, tmp_path: Path) -> None:
    one = jsonl(tmp_path, LINE, LINE | {"url": f"http://{HOST}/news/1?utm_medium=feed"}, name="one.jsonl")
    two = jsonl(tmp_path, LINE, name="two.jsonl.gz")
    assert counts(imported(service, one, two)) == (1, 2, 0)


def test_documents_with_ids_of_their_own_are_told_apart_though_they_share_an_address(
    service: Service, tmp_path: Path
) -> None:
    lines = [LINE | {"id": f"part-{n}", "url": f"{LINE['url']}#{n}", "text": drill(n)[0]} for n in (1, 2, 3)]
    assert counts(imported(service, jsonl(tmp_path, *lines))) == (3, 0, 0)
    assert counts(imported(service, jsonl(tmp_path, *reversed(lines)))) == (0, 3, 0)
    edited = lines[1] | {"text": drill(9)[0]}
    assert counts(imported(service, jsonl(tmp_path, lines[0], edited, lines[2]))) == (0, 2, 1)
    assert {kept.id for kept in service.archive.articles.newest(limit=9)} == {"part-1", "part-2", "part-3"}


def test_a_folder_is_taken_whole_and_what_is_no_document_is_passed_over(service: Service, tmp_path: Path) -> None:
    folder = tmp_path / "papers" / "deep" / "er"
    folder.mkdir(parents=True)
    for name, body in FILES.items():
        (folder / name).write_bytes(body(drill(len(name))[0] + drill(len(name))[1]))
    (folder / "picture.jpg").write_bytes(b"\xff\xd8")
    (folder / "README.md").write_text("Not for import", encoding="utf-8")
    told = imported(service, tmp_path / "papers")
    assert (told["added"], told["known"] + told["revised"], told["failed"]) == (3, 1, {})


def test_old_and_undated_documents_are_kept_and_never_told_as_news(service: Service, tmp_path: Path) -> None:
    fresh, old, undated = (
        LINE | {"url": None, "id": id, "published": published, "text": f"{id} {LINE['text']}"}
        for id, published in (("fresh", "2026-11-20T22:00:00Z"), ("old", "2019-08-01"), ("undated", None))
    )
    imported(service, jsonl(tmp_path, fresh, old, undated))
    asked = Subscription(name="desk", email="desk@example.org", since=datetime(2000, 1, 1, tzinfo=UTC))
    digest = digest_for(service.alerting(), asked, due=NOW, now=NOW)
    assert digest is not None
    assert [id for id, _ in digest.told] == ["fresh"]
    assert find(service, "").total == 3


# ------------------------------------------------------------------ what is refused, and why

BAD_LINES = [
    pytest.param(b"not JSON", "is not JSON", id="no JSON"),
    pytest.param(b'{"id": "x"', "is not JSON", id="half a line"),
    pytest.param(b"[1, 2]", "is no JSON object", id="a list"),
    pytest.param(b'{"id": "x", "text": "\xff\xfe"}', "is not UTF-8", id="no UTF-8"),
    pytest.param(b"[" * 100_000, "is not JSON", id="a well of brackets"),
    pytest.param({"id": "x"}, "neither title nor text", id="nothing said"),
    pytest.param({"id": "x", "title": " ", "text": "\n"}, "neither title nor text", id="only spaces"),
    pytest.param({"text": "x"}, "neither url nor id", id="nothing to know it by"),
    pytest.param(LINE | {"title": ["a"]}, "title must be text", id="a title that is a list"),
    pytest.param(LINE | {"published": "2569-11-20T05:00:00Z"}, "not in the future", id="the year 2569"),
    pytest.param(LINE | {"published": "soon"}, "published is 'soon'", id="no date"),
    pytest.param({"url": "javascript:alert(1)", "text": "x"}, "url is 'javascript:", id="a program as address"),
    pytest.param({"url": "news/1", "text": "x"}, "write an http or https address", id="half an address"),
    pytest.param(LINE | {"id": "seed-000"}, "not beginning with seed-", id="a seed's id"),
    pytest.param(LINE | {"id": "a\u0007b"}, "printable", id="an id nobody can type"),
    pytest.param(LINE | {"id": "x" * 201}, "at most 200", id="an id without end"),
]


@pytest.mark.parametrize(("bad", "why"), BAD_LINES)
def test_a_bad_line_costs_itself_and_is_named_with_its_number(
    service: Service, tmp_path: Path, bad: Any, why: str
) -> None:
    good = [LINE | {"id": f"good-{n}", "url": f"https://{HOST}/news/{n}"} for n in (10, 11)]
    told = imported(service, jsonl(tmp_path, good[0], b"", bad, b"\xef\xbb\xbf" + json.dumps(good[1]).encode()))
    assert counts(told) == (2, 0, 0)
    [(place, reason)] = told["failed"].items()
    assert place == "texts.jsonl:3"
    assert why in reason
    assert "\n" not in reason


BAD_FILES = [
    pytest.param("empty.txt", b"", "is empty", id="an empty text"),
    pytest.param("blank.txt", b" \n \n", "is empty", id="a blank text"),
    pytest.param("binary.txt", b"\x7fELF\x00\x00\x01", "binary data", id="a program named .txt"),
    pytest.param("empty.html", b"", "empty page", id="an empty page"),
    pytest.param("gallery.html", b"<html><body><img src='a.jpg'></body></html>", "prose", id="a page without prose"),
    pytest.param("torn.html.gz", gzip.compress(b"x" * 1000)[:20], "no sound gzip file", id="half a gzip file"),
    pytest.param(
        "torn.jsonl.gz", gzip.compress(b"x" * 1000)[:-9], "the file breaks off here", id="a gzip file cut short"
    ),
    pytest.param("huge.txt", b"a" * 20_000_001, "larger than 20 MB", id="a text of more than 20 MB"),
    pytest.param("bomb.txt.gz", gzip.compress(b"a" * 20_000_001), "larger than 20 MB", id="a small file that is large"),
    pytest.param("huge.jsonl", b"a" * 20_000_002, "is longer than 20 MB", id="one line of more than 20 MB"),
    pytest.param("none.warc", b"hello", "is no WARC file", id="no capture"),
    pytest.param("cut.warc.gz", b"\x1f\x8b\x08\x00", "is no WARC file", id="half a capture"),
]


@pytest.mark.parametrize(("name", "body", "why"), BAD_FILES)
def test_a_bad_file_costs_itself_and_is_named(
    service: Service, tmp_path: Path, name: str, body: bytes, why: str
) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "a-good.txt").write_text("Good\n" + drill(1)[0], encoding="utf-8")
    (folder / name).write_bytes(body)
    (folder / "z-good.txt").write_text("Better\n" + drill(2)[0], encoding="utf-8")
    told = imported(service, folder)
    assert counts(told) == (2, 0, 0)
    [(place, reason)] = told["failed"].items()
    assert place.split(":")[0] == name
    assert why in reason


@pytest.mark.parametrize(
    ("names", "code"),
    [
        pytest.param(["good.txt"], 0, id="all good"),
        pytest.param(["good.txt", "picture.jpg"], 1, id="a picture among good ones"),
        pytest.param(["missing.txt", "good.txt", "empty.txt"], 1, id="a missing one and an empty one among good ones"),
        pytest.param(["picture.jpg"], 2, id="nothing but a picture"),
        pytest.param(["missing", "empty.txt"], 2, id="nothing of use"),
        pytest.param(["folder"], 0, id="an empty folder"),
    ],
)
def test_the_exit_code_tells_whether_all_some_or_none_went_in(tmp_path: Path, names: list[str], code: int) -> None:
    (tmp_path / "good.txt").write_text("Good\n" + drill()[0], encoding="utf-8")
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "picture.jpg").write_bytes(b"\xff\xd8")
    (tmp_path / "folder").mkdir()
    told = entente("import", *(tmp_path / name for name in names), "--json", folder=tmp_path)
    assert told.code == code
    bad = [name for name in names if name not in ("good.txt", "folder")]
    assert [Path(one["path"]).name for one in told.document["failed"]] == bad
    for_people = entente("import", *(tmp_path / name for name in names), folder=tmp_path)
    assert all(name in for_people.err for name in bad)


# ------------------------------------------------------------------ files that break in their middle


def ten_lines(folder: Path) -> bytes:
    lines = [
        LINE | {"id": f"line-{n}", "url": f"https://{HOST}/news/{n}", "text": "\n".join(drill(n))} for n in range(10)
    ]
    return jsonl(folder, *lines).read_bytes()


@pytest.mark.parametrize(
    ("name", "cut", "why"),
    [
        pytest.param("cut.jsonl", lambda body: body[:-100], "may have been cut short", id="in plain text"),
        pytest.param(
            "cut.jsonl.gz", lambda body: gzip.compress(body)[:-30], "the file breaks off here", id="in a gzip file"
        ),
    ],
)
def test_what_stands_before_the_break_goes_in_and_the_break_is_named_by_its_line(
    service: Service, tmp_path: Path, name: str, cut: Callable[[bytes], bytes], why: str
) -> None:
    (tmp_path / name).write_bytes(cut(ten_lines(tmp_path)))
    told = imported(service, tmp_path / name)
    assert told["added"] > 3
    [(place, reason)] = told["failed"].items()
    assert place == f"{name}:{told['added'] + 1}"
    assert why in reason
    assert counts(imported(service, tmp_path / name)) == (0, told["added"], 0), "and is known again"


def test_a_line_too_long_to_be_one_costs_itself(service: Service, tmp_path: Path) -> None:
    good = [json.dumps(LINE | {"id": id, "url": None}).encode() for id in ("one", "two")]
    (tmp_path / "long.jsonl").write_bytes(b"\n".join([good[0], b"a" * 41_000_000, good[1]]))
    told = imported(service, tmp_path / "long.jsonl")
    assert told["added"] == 2
    assert "longer than 20 MB" in told["failed"]["long.jsonl:2"]


@pytest.mark.parametrize("ending", [".warc", ".warc.gz"])
@pytest.mark.parametrize("harm", ["length", "end"])
def test_a_damaged_capture_gives_what_is_whole_and_names_the_byte(
    service: Service, tmp_path: Path, ending: str, harm: str
) -> None:
    html = {"Content-Type": "text/html; charset=utf-8"}
    pages = [
        (f"http://{HOST}/news/{n}", 200, html, a_page(f"China and Russia drill {n}", *drill(n))) for n in (1, 2, 3)
    ]
    file = write_warc(tmp_path / f"capture{ending}", pages)
    whole = file.read_bytes()
    third = whole.rindex(b"WARC/1.0" if ending == ".warc" else b"\x1f\x8b\x08")
    if harm == "end":
        file.write_bytes(whole[:-200])
    elif ending == ".warc":
        at = whole.index(b"Content-Length: ", third) + len(b"Content-Length: ")
        file.write_bytes(whole[:at] + b"9" + whole[at:])
    else:
        file.write_bytes(whole[: third + 60] + b"\0\0\0\0" + whole[third + 64 :])
    told = imported(service, file)
    assert told["added"] == 2
    [(place, why)] = told["failed"].items()
    assert place == f"capture{ending}: byte {third}"
    assert "damaged record was passed over" in why


def test_of_a_file_that_is_wrong_throughout_so_many_lines_are_named(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.runs.importing.MOST_NAMED", 3)
    told = imported(service, jsonl(tmp_path, *[b"no JSON"] * 9, LINE))
    assert told["added"] == 1
    assert list(told["failed"]) == ["texts.jsonl:1", "texts.jsonl:2", "texts.jsonl:3", "texts.jsonl"]
    assert told["failed"]["texts.jsonl"].startswith("6 more")
