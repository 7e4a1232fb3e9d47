"""`entente events`: the chronology for people and for programs, its files, and a word on what is proposed."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from service.chronology.rows import Row, in_words, row_of
from service.chronology.writing import Page, as_calendar, as_csv
from service.exchange.cells import harmless
from storage.archive.attachments import Linked
from storage.events.reading import days_of
from storage.records import Confidence, Event, Grounds
from tests.fakes.commands import Told, entente
from tests.fakes.events import a_register

NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)
#: Two reports of a drill that no register holds, and one of a patrol that ours does.
ARTICLES = (
    {"id": "a", "outlet": "harbour", "language": "en", "published": "2025-10-06", "title": "Chinese and Russian warships drill off Sanya",
     "text": "Chinese and Russian warships began a joint naval exercise off Sanya on Monday, the defence ministries of China and Russia said."},
    {"id": "b", "outlet": "monsoon", "language": "en", "published": "2025-10-07", "title": "Joint naval exercise of Russia and China near Sanya",
     "text": "Russia and China hold a joint naval exercise near Sanya; destroyers of both navies and the PLA Navy take part, Russia's navy said."},
    {"id": "c", "outlet": "harbour", "language": "en", "published": "2025-12-09", "title": "Russian and Chinese bombers patrol off Shikoku",
     "text": "Two Russian Tu-95 and Chinese H-6 bombers held a joint air patrol off Shikoku, the tenth of its kind, the Russian defence ministry said."},
)  # fmt: skip


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("events")
    lines = "\n".join(json.dumps({"url": f"https://{a['outlet']}.test/{a['id']}", **a}) for a in ARTICLES)
    (folder / "articles.jsonl").write_text(lines, encoding="utf-8")
    assert entente("import", folder / "articles.jsonl", folder=folder).code == 0
    return folder


def ask(*words: object, folder: Path) -> Any:
    told: Told = entente("events", *words, "--json", folder=folder)
    assert told.code == 0, told.err
    return told.document


def test_the_chronology_is_listed_with_confidence_and_articles(stocked: Path) -> None:
    document = ask("list", folder=stocked)
    events = {event["id"]: event for event in document["events"]}
    assert len(events) >= 148
    assert [event["first"] for event in document["events"]] == sorted(event["first"] for event in document["events"])
    patrol = events["air_patrol-10"]
    assert (patrol["date"], patrol["precision"], patrol["confidence"], patrol["articles"]) == (
        "2025-12-09",
        "day",
        "high",
        1,
    )
    assert patrol["names"]["zh"] == "第10次中俄联合空中战略巡航"
    assert patrol["query"] == "event:air_patrol-10"
    assert patrol["search"].endswith("/search?q=event%3Aair_patrol-10&sort=date")
    assert not events["kavkaz-2020"]["settled"]
    assert events["kavkaz-2020"]["basis"] == "recall"
    assert document["proposed"] == 1


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        pytest.param(["joint sea", "--since", "2024"], ["joint_sea-2024", "joint_sea-2025"], id="a phrase and a year"),
        pytest.param(["sea", "patrol", "--since", "2025"], ["submarine_patrol-1", "air_patrol-10"], id="words anywhere"),
        pytest.param(["海上联合-2015"], ["joint_sea-2015I", "joint_sea-2015II"], id="a Chinese name"),
        pytest.param(["Владивосток", "--until", "2008"], [], id="no such place then"),
        pytest.param(["--with", "ZA"], ["mosi-2019", "mosi-2023", "will_for_peace-2026"], id="who took part"),
        pytest.param(["--activity", "port_call", "--since", "2023-08", "--until", "2023-09"], ["port_call_qingdao-2023"], id="an activity in a span"),
        pytest.param(["--since", "2014-01-20", "--until", "2014-01-21"], ["syria_escort-2014"], id="a month whose day nobody knows"),
        pytest.param(["kavkaz", "--settled"], [], id="only what is settled"),
        pytest.param(["air_patrol-9"], ["air_patrol-9"], id="an id"),
    ],
)  # fmt: skip
def test_the_chronology_is_filtered(stocked: Path, words: list[str], ids: list[str]) -> None:
    assert [event["id"] for event in ask("list", *words, folder=stocked)["events"]] == ids


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["list", "--activity", "patrols"], "joint_patrol", id="an activity nobody knows"),
        pytest.param(["list", "--since", "soon"], "'soon' is no date", id="no date"),
        pytest.param(["show", "joint_see-2025"], "did you mean joint_sea-2025", id="an id misspelt"),
        pytest.param(["accept", "nothing-2027"], "is proposed", id="nothing to accept"),
        pytest.param(["reopen", "nothing-2027"], "Nobody has", id="nothing to take back"),
        pytest.param(["export", "--format", "xls"], "csv", id="a format nobody writes"),
    ],
)
def test_what_cannot_be_answered_is_told(stocked: Path, words: list[str], said: str) -> None:
    told = entente("events", *words, folder=stocked)
    assert told.code == 2
    assert said in told.err
    assert not told.out


def test_people_read_what_is_not_settled(stocked: Path) -> None:
    listed = entente("events", "list", "kavkaz", folder=stocked).out
    assert "Kavkaz-2020" in listed
    assert "from memory, not checked" in listed
    shown = entente("events", "show", "air_patrol-10", folder=stocked).out
    for said in (
        "9 December 2025, Shikoku",
        "China, Russia",
        "confidence high, seen",
        "1 article:",
        "Shikoku, its number (10)",
    ):
        assert said in shown
    assert (
        "confidence low, recall: low confidence; from memory"
        in entente("events", "show", "east_antiterror-2006", folder=stocked).out
    )


def test_an_article_shows_its_events(stocked: Path) -> None:
    shown = entente("show", "c", "--json", folder=stocked).document
    [attached] = shown["attached"]
    assert (attached["event"], attached["confidence"]) == ("air_patrol-10", "med")
    assert "Shikoku" in attached["reason"]
    assert "10th joint bomber patrol" in entente("show", "c", folder=stocked).out


# ------------------------------------------------------------------ proposals


def test_a_proposal_is_told_with_its_evidence_and_ruled_on(tmp_path: Path, stocked: Path) -> None:
    folder = tmp_path
    assert entente("import", stocked / "articles.jsonl", folder=folder).code == 0
    [proposal] = ask("proposals", folder=folder)["proposals"]
    assert (proposal["state"], proposal["activity"]) == ("proposed", "joint_exercise")
    assert [article["id"] for article in proposal["articles"]] == ["a", "b"]
    assert proposal["publishers"] == ["harbour", "monsoon"]
    assert "Sanya" in proposal["reason"]
    assert "PROPOSED" in entente("events", "proposals", folder=folder).out
    id = proposal["id"]
    assert ask("refuse", id, "--note", "Yachts", folder=folder)["accepted"] is False
    assert ask("proposals", folder=folder)["proposals"] == []
    assert ask("proposals", "--decided", folder=folder)["decided"][0]["note"] == "Yachts"
    assert ask("reopen", id, folder=folder) == {"id": id, "reopened": True}
    assert ask("accept", id, "--name", "Drill off Sanya", "--date", "2025-10", folder=folder)["accepted"]
    event = ask("show", id, folder=folder)
    assert (event["name"], event["date"], event["basis"], event["settled"]) == (
        "Drill off Sanya",
        "2025-10",
        "reported",
        True,
    )
    assert [(one["id"], one["confidence"]) for one in event["told_by"]] == [("a", "med"), ("b", "med")]
    assert entente("search", f"event:{id}", "--json", folder=folder).document["total"] == 2


def test_proposals_are_in_no_exported_file(stocked: Path) -> None:
    for format in ("json", "csv", "ics"):
        assert "sanya_1006" not in entente("events", "export", "--format", format, folder=stocked).out


# ------------------------------------------------------------------ files


def test_json_links_each_event_to_its_articles(stocked: Path) -> None:
    exported = json.loads(entente("events", "export", "air_patrol-10", folder=stocked).out)
    [event] = exported["events"]
    [article] = event["told_by"]
    assert (article["id"], article["outlet"], article["how"]) == ("c", "harbour", "telling")


def test_csv_is_read_by_any_reader(stocked: Path) -> None:
    text = entente("events", "export", "--format", "csv", folder=stocked).out
    lines = {line["id"]: line for line in csv.DictReader(io.StringIO(text, newline=""))}
    assert lines["air_patrol-10"]["article_urls"] == "https://harbour.test/c"
    assert (lines["syria_escort-2014"]["date"], lines["syria_escort-2014"]["precision"]) == ("2014-01", "month")
    assert lines["kavkaz-2020"]["settled"] == "no"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "＠"])
def test_no_cell_is_a_formula(start: str) -> None:
    assert harmless(f"{start}HYPERLINK(1)") == f"'{start}HYPERLINK(1)"
    row = a_row(names={"en": f"{start}cmd|'/C calc'!A0", "zh": f"{start}1"}, note=f"{start}1")
    [cells] = csv.DictReader(io.StringIO(as_csv([row], Page(url="http://x"), lambda _: ()), newline=""))
    assert all(not cell.startswith(start) for cell in cells.values())
    assert harmless("Joint Sea-2025") == "Joint Sea-2025"


def a_row(*, planned: bool = False, **over: Any) -> Row:
    event = Event(
        **{
            "id": "drill-2027", "names": {"en": "Drill; a, b", "zh": "演练"}, "activity": "joint_exercise",
            "first": date(2027, 5, 1), "last": date(2027, 5, 3), "topics": ("sco",), "who": ("cn", "ru"),
            "places": ("vladivostok",), **over,
        }
    )  # fmt: skip
    today = date(2026, 1, 1) if planned else date(2028, 1, 1)
    return row_of(a_register(), event, Linked(articles=2, perhaps=1), today)


def entries(*rows: Row) -> list[Any]:
    return list(Calendar.from_ical(as_calendar(rows, Page(url="http://127.0.0.1:8000"), now=NOW)).walk("VEVENT"))


def test_the_calendar_has_all_day_entries_whose_end_is_the_day_after() -> None:
    [entry] = entries(a_row())
    assert (entry.decoded("dtstart"), entry.decoded("dtend")) == (date(2027, 5, 1), date(2027, 5, 4))
    assert entry["dtstart"].params["VALUE"] == "DATE"
    assert (str(entry["uid"]), str(entry["status"]), str(entry["transp"])) == (
        "drill-2027@entente",
        "CONFIRMED",
        "TRANSPARENT",
    )
    assert str(entry["summary"]) == "Drill; a, b"
    assert str(entry["location"]) == "Vladivostok"
    assert str(entry["url"]) == "http://127.0.0.1:8000/search?q=event%3Adrill-2027&sort=date"
    assert entry.decoded("dtstamp") == NOW
    for said in ("演练", "Confidence: high", "2 articles, 1 of them perhaps"):
        assert said in str(entry["description"])


@pytest.mark.parametrize(
    ("date_", "over", "said"),
    [
        pytest.param("2027-05", {}, "(May 2027, day not known)", id="a month"),
        pytest.param("2019/2021", {}, "(2019–2021, day not known)", id="years"),
        pytest.param("2027-05-01", {"confidence": Confidence.LOW}, "", id="low confidence"),
        pytest.param("2027-05-01", {"basis": Grounds.RECALL}, "", id="from memory"),
        pytest.param("2027-05-01", {"announced": True}, "", id="only announced"),
    ],
)
def test_what_is_not_settled_is_tentative_in_the_calendar(date_: str, over: dict[str, Any], said: str) -> None:
    first, last, precision = days_of(date_)
    [entry] = entries(a_row(first=first, last=last, precision=precision, **over))
    assert str(entry["status"]) == "TENTATIVE"
    assert said in str(entry["summary"])
    assert (entry.decoded("dtstart"), entry.decoded("dtend")) == (first, last + timedelta(days=1))


def test_the_whole_calendar_is_read_back(stocked: Path) -> None:
    text = entente("events", "export", "--format", "ics", folder=stocked).out
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n")), "RFC 5545, 3.1: lines are folded"
    calendar = Calendar.from_ical(text)
    assert str(calendar["version"]) == "2.0"
    assert calendar["prodid"]
    uids = [str(entry["uid"]) for entry in calendar.walk("VEVENT")]
    assert len(uids) == len(set(uids)) == len(ask("list", folder=stocked)["events"])


@pytest.mark.parametrize(
    ("written", "said"),
    [
        pytest.param("2025-08-01", "1 August 2025", id="a day"),
        pytest.param("2025-08-01/2025-08-05", "1–5 August 2025", id="days of one month"),
        pytest.param("2024-09-20/2024-10-10", "20 September – 10 October 2024", id="over two months"),
        pytest.param("2019-12-27/2020-01-02", "27 December 2019 – 2 January 2020", id="over two years"),
        pytest.param("2014-01", "January 2014", id="a month"),
        pytest.param("2023-07/2023-08", "July – August 2023", id="months"),
        pytest.param("2019/2021", "2019–2021", id="years"),
    ],
)
def test_days_are_told_as_precisely_as_known(written: str, said: str) -> None:
    first, last, precision = days_of(written)
    assert in_words(Event(id="a-1", names={"en": ""}, activity="", first=first, last=last, precision=precision)) == said
