"""What a search finds, as files for other programs: whole, harmless, understood by those who read them, and taken back."""

import csv
import gzip
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import bibtexparser
import pytest
import rispy
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from service.assembly import Service
from service.exchange import lines
from service.exchange.cells import harmless
from service.runs.exporting import Format, run_export
from service.runs.importing import run_import
from storage.archive.histories import History, Judgement
from storage.records import Evidence, Mark, Published, Revision, Strength, Touched, Verdict
from storage.records import Particular as What
from storage.revisions import hash_of
from tests.fakes.commands import entente
from tests.fakes.house import Clock, a_service, an_outlet, drill
from tests.fakes.texts import a_kept, a_verdict, an_article, no_verdict

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
PRESS = [
    replace(an_outlet("gazette.test", "/feed", key="gazette"), kind="independent"),
    replace(an_outlet("ministry.test", "/feed", key="ministry"), kind="government"),
]
TITLES = (
    "=cmd|'/c calc'!A1",
    "两国海军举行“联合”军演",
    "Совместные учения: {50 % & #1_2} завершены",
    'Ships & "planes"',
)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with a_service(tmp_path / "data", press=PRESS, clock=Clock(NOW)) as built:
        for number, title in enumerate(TITLES):
            moment = NOW - timedelta(days=3, microseconds=number)
            article = an_article(
                outlet=PRESS[number % 2].key,
                canonical_id=str(number),
                title=title,
                text="\n".join(drill(number)),
                byline="By Anna Lee, 王伟 and Иван Петров" if number == 1 else "",
                language=("en", "zh", "ru", "en")[number],
                url=f"https://gazette.test/news/{number}?a=1&b={{2}}%20_x",
            )
            built.archive.articles.keep(article, a_verdict(), now=moment)
        built.archive.articles.keep(replace(article, text="\n".join(drill(9))), no_verdict(), now=NOW)
        yield built


def exported(service: Service, format: Format, query: str = "", *, packed: bool = False) -> bytes:
    return b"".join(run_export(service, query, format, packed=packed).pieces)


# ------------------------------------------------------------------ there and back


def test_an_export_imported_and_exported_again_is_the_same_to_the_byte(service: Service, tmp_path: Path) -> None:
    kept = service.archive.articles.newest(limit=1, matched_only=False)[0]
    mark = Mark(
        article=kept.id, topic="sco", right=True, strength=None, revision=1, rules_version="r", at=NOW, note="так"
    )
    service.archive.marks.put(mark)
    written = exported(service, Format.JSONL)
    (tmp_path / "all.jsonl").write_bytes(written)
    (tmp_path / "all.jsonl.gz").write_bytes(exported(service, Format.JSONL, packed=True))
    assert gzip.decompress((tmp_path / "all.jsonl.gz").read_bytes()) == written
    with a_service(tmp_path / "other", press=PRESS, clock=Clock(NOW + timedelta(days=40))) as other:
        told = [run_import(other.importing(), [tmp_path / f"all.jsonl{end}"]).as_json() for end in ("", ".gz")]
        assert told == [
            {"added": 4, "known": 0, "revised": 0, "failed": []},
            {"added": 0, "known": 4, "revised": 0, "failed": []},
        ]
        assert exported(other, Format.JSONL) == written
        assert other.archive.marks.list() == [mark]


def test_seed_records_come_back_although_every_archive_has_them(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    assert entente("export", "--output", tmp_path / "all.jsonl", folder=tmp_path).code == 0
    told = entente("import", tmp_path / "all.jsonl", "--json", folder=tmp_path / "other")
    assert told.document == {"added": 0, "known": 5, "revised": 0, "failed": []}
    entente("export", "--output", tmp_path / "again.jsonl", folder=tmp_path / "other")
    assert (tmp_path / "again.jsonl").read_bytes() == (tmp_path / "all.jsonl").read_bytes()


texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=40)
moments = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 hypothesis asks for it
strengths = st.dictionaries(texts, st.sampled_from(Strength), max_size=2)
verdicts = st.builds(
    Verdict,
    strength=strengths,
    activities=st.lists(texts, max_size=2).map(tuple),
    events=st.lists(texts, max_size=2).map(tuple),
    points=st.dictionaries(texts, st.floats(allow_nan=False, allow_infinity=False), max_size=2),
    rules_version=texts,
    evidence=st.lists(
        st.builds(Evidence, topic=texts, rule=texts, form=texts, field=texts, start=st.integers(0), end=st.integers(0), sentence=texts),
        max_size=2,
    ).map(tuple),
)  # fmt: skip
touches = st.none() | st.lists(st.builds(Touched, st.sampled_from(What), texts, texts), max_size=2).map(tuple)
published = st.none() | st.builds(
    Published, at=moments, offset_minutes=st.integers(-14 * 60, 14 * 60), has_time=st.booleans()
)


@st.composite
def histories(draw: st.DrawFn) -> History:
    many = draw(st.integers(1, 3))
    revisions = [
        Revision(
            number=number,
            title=draw(texts),
            text=(text := draw(texts)),
            text_hash=hash_of(text),
            captured=draw(moments),
            filled=draw(st.booleans()),
            touched=draw(touches),
        )
        for number in range(1, many + 1)
    ]
    judgements = tuple(
        Judgement(verdict=draw(verdicts), revision=draw(st.integers(1, many)), decided=draw(moments))
        for _ in range(draw(st.integers(1, 2)))
    )
    last = revisions[-1]
    article = an_article(title=last.title, text=last.text, byline=draw(texts), published=draw(published))
    kept = a_kept(
        article=article,
        verdict=judgements[-1].verdict,
        revision=many,
        first_seen=draw(moments),
        captured=draw(moments),
        gone_since=draw(st.none() | moments),
        seed=draw(st.booleans()),
    )
    return History(kept=kept, revisions=tuple(revisions), judgements=judgements)


@settings(max_examples=60, deadline=None)
@given(histories())
def test_a_line_tells_all_of_a_history(history: History) -> None:
    line = lines.written(history)
    assert line.count(b"\n") == 1
    assert lines.read(json.loads(line)) == history
    assert lines.written(lines.read(json.loads(line))) == line


WRONG = [
    pytest.param({"entente": 2}, "by a newer Entente", id="of a later form"),
    pytest.param({"entente": True, "text": 7}, "no whole line of an export", id="of another shape"),
    pytest.param({"text": "Edited since."}, "not the one that was exported", id="with a text edited since"),
    pytest.param({"revision": 7}, "not numbered from 1", id="with revisions missing"),
    pytest.param({"matters": 3}, "does not hold", id="that speaks of a revision it has not"),
    pytest.param({"first_seen": "2026-11-21T06:00:00"}, "first_seen", id="with a time in no zone"),
]


@pytest.mark.parametrize(("change", "why"), WRONG)
def test_a_line_that_contradicts_itself_is_named_and_the_others_are_kept(
    service: Service, tmp_path: Path, change: dict[str, Any], why: str
) -> None:
    good = exported(service, Format.JSONL).splitlines()
    bad = json.dumps(json.loads(good[0]) | change).encode()
    (tmp_path / "some.jsonl").write_bytes(b"\n".join([bad, *good[1:]]))
    with a_service(tmp_path / "other", press=PRESS, clock=Clock(NOW)) as other:
        told = run_import(other.importing(), [tmp_path / "some.jsonl"])
        assert other.archive.articles.count() == 3
    [(place, reason)] = told.failed
    assert place.endswith("some.jsonl:1")
    assert why in reason


# ------------------------------------------------------------------ which articles


def test_a_query_chooses_and_the_first_seen_comes_first(service: Service) -> None:
    everything = [json.loads(line)["title"] for line in exported(service, Format.JSONL).splitlines()]
    assert everything == [TITLES[3], TITLES[2], TITLES[1], TITLES[0]]
    some = [json.loads(line)["title"] for line in exported(service, Format.JSONL, "lang:en OR lang:ru").splitlines()]
    assert some == [TITLES[3], TITLES[2], TITLES[0]]
    assert exported(service, Format.JSONL, "nowherefound") == b""


# ------------------------------------------------------------------ spreadsheets


def test_a_spreadsheet_reads_three_scripts_and_runs_no_formula(service: Service) -> None:
    body = exported(service, Format.CSV)
    assert body.startswith(b"\xef\xbb\xbf")
    text = body.decode("utf-8-sig")
    assert text.count("\r\n") == 5
    rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    assert [row["title"] for row in rows] == [TITLES[3], TITLES[2], TITLES[1], "'" + TITLES[0]]
    assert rows[2]["outlet_name"] == "The Ministry Gazette"
    assert rows[0]["revision"] == "2"


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        pytest.param('=HYPERLINK("x")', '\'=HYPERLINK("x")', id="a formula"),
        pytest.param("+7 495", "'+7 495", id="a telephone number"),
        pytest.param("－１", "'－１", id="a full-width minus"),
        pytest.param("a=b", "a=b", id="a sign in the middle harms nobody"),
    ],
)
def test_a_formula_is_made_text(cell: str, safe: str) -> None:
    assert harmless(cell) == safe


# ------------------------------------------------------------------ reference managers


def test_ris_is_read_by_an_independent_parser(service: Service) -> None:
    found = rispy.loads(exported(service, Format.RIS).decode())
    assert [one["title"] for one in found] == [TITLES[3], TITLES[2], TITLES[1], TITLES[0]]
    assert [one["type_of_reference"] for one in found] == ["ELEC", "NEWS", "ELEC", "NEWS"]
    chinese = found[2]
    assert chinese["authors"] == ["Anna Lee", "王伟", "Иван Петров"]
    assert (chinese["date"], chinese["year"], chinese["access_date"]) == ("2024/07/02/", "2024", "2026/11/18/")
    assert (chinese["language"], chinese["publisher"]) == ("zh", "The Ministry Gazette")
    assert chinese["urls"] == ["https://gazette.test/news/1?a=1&b={2}%20_x"]
    assert drill(1)[0] not in str(found)


def test_bibtex_is_read_by_an_independent_parser(service: Service) -> None:
    text = exported(service, Format.BIBTEX).decode()
    read = bibtexparser.parse_string(text)
    assert not read.failed_blocks
    assert [entry.entry_type for entry in read.entries] == ["misc", "article", "misc", "article"]
    fields = {field.key: field.value for field in read.entries[2].fields}
    assert fields["title"] == f"{{{TITLES[1]}}}"
    assert fields["author"] == "{Anna Lee} and {王伟} and {Иван Петров}"
    assert (fields["year"], fields["urldate"], fields["language"]) == ("2024", "2026-11-18", "zh")
    assert fields["url"] == "https://gazette.test/news/1?a=1&b=%7B2%7D%20_x"
    russian = {field.key: field.value for field in read.entries[1].fields}
    assert russian["title"] == r"{Совместные учения: \{50 \% \& \#1\_2\} завершены}"
    assert russian["journal"] == "The Gazette Gazette"
    assert len({entry.key for entry in read.entries}) == 4


# ------------------------------------------------------------------ captures


@pytest.mark.parametrize("packed", [False, True])
def test_a_warc_holds_the_texts_and_claims_no_pages(service: Service, packed: bool) -> None:
    records = [
        (record.rec_type, record.rec_headers.get_header("WARC-Date"), record.content_stream().read().decode())
        for record in ArchiveIterator(io.BytesIO(exported(service, Format.WARC, packed=packed)))
    ]
    assert [kind for kind, *_ in records] == ["warcinfo", *["conversion"] * 5]
    assert records[2][1] == "2026-11-21T06:00:00Z", "the revision, when it was captured"
    assert records[3][2] == f"{TITLES[2]}\n\n" + "\n".join(drill(2))


# ------------------------------------------------------------------ the command


def test_what_goes_to_standard_output_is_the_file_alone(tmp_path: Path) -> None:
    told = entente("export", "seed:yes", "-russia", "--json", folder=tmp_path)
    assert told.code == 0
    assert len(told.lines) < 5
    assert f"{len(told.lines)} exported" in told.err


@pytest.mark.parametrize(
    ("words", "why"),
    [
        pytest.param(['"open'], "no partner", id="a query that cannot be read"),
        pytest.param(["event:nonsuch-1999"], "no event", id="an event nobody knows"),
        pytest.param(["--limit", "3"], "No such option: --limit", id="an option of another command"),
        pytest.param(["--output", "{folder}/there.csv"], "is there already", id="a file that is there"),
        pytest.param(["--output", "{folder}/none/new.csv"], "cannot be written", id="a folder that is not"),
    ],
)
def test_wrong_use_is_told_and_nothing_is_written(tmp_path: Path, words: list[str], why: str) -> None:
    (tmp_path / "there.csv").write_text("mine", encoding="utf-8")
    told = entente("export", *(word.format(folder=tmp_path) for word in words), folder=tmp_path)
    assert (told.code, told.out) == (2, "")
    assert why in told.err
    assert (tmp_path / "there.csv").read_text(encoding="utf-8") == "mine"
    assert {path.name for path in tmp_path.iterdir()} <= {"data", "there.csv"}
