"""The register of events: what ships is whole and joins up with the rules; what is written wrongly is refused with its line."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from scrapers.classifying.loading import load_rules
from storage.events.errors import EventFileError
from storage.events.reading import days_of, read_register, register_version, written_days
from storage.events.spoken import named, numbers, spoken
from storage.records import Confidence, Event, Grounds, Precision
from tests.fakes.events import a_register

SHIPPED = read_register()


def test_every_edition_the_rules_can_name_is_an_event_of_the_same_id() -> None:
    exercises = load_rules().exercises
    named = {f"{id}-{edition.name}" for id, exercise in exercises.items() for edition in exercise.editions}
    assert named <= set(SHIPPED.events)
    # The pattern PLACE-Antiterror-YEAR stands for any place: it is no series.
    assert set(exercises) - set(SHIPPED.series) == {"antiterror_pattern"}


def test_events_speak_of_activities_and_topics_that_the_rules_know() -> None:
    rules = load_rules()
    for event in SHIPPED.events.values():
        assert event.activity in rules.activities, event.id
        assert set(event.topics) <= set(rules.topics), event.id


def test_what_is_doubtful_is_never_settled() -> None:
    doubtful = {e.id for e in SHIPPED.events.values() if not e.is_settled}
    assert {"east_antiterror-2006", "kavkaz-2020", "sco_defence_ministers-2026"} <= doubtful
    assert all(
        e.confidence is Confidence.LOW or e.basis is Grounds.RECALL or e.announced
        for e in SHIPPED.events.values()
        if e.id in doubtful
    )


def test_every_event_can_be_told_in_three_languages() -> None:
    assert [event.id for event in SHIPPED.events.values() if set(event.names) != {"en", "ru", "zh"}] == []


def test_the_whole_chronology_is_there(shared: Path) -> None:
    glossary = yaml.safe_load((shared / "domain" / "glossary.yaml").read_text(encoding="utf-8"))
    topics = {"cn_ru": "china-russia", "sco": "sco"}
    missing = []
    for line in glossary["chronology"]:
        written = line["date"] + (f"/{line['end']}" if line.get("end") else "")
        known = [
            event
            for event in SHIPPED.events.values()
            if written_days(event) == written
            and (event.activity, event.confidence, event.basis) == (line["cat"], line["conf"], line["basis"])
            and set(event.topics) == {topics[topic] for topic in line["topic"]}
        ]
        if not known:
            missing.append(f"{written} {line['event']}")
    assert missing == []


@pytest.mark.parametrize(
    ("text", "things"),
    [
        pytest.param("Корабли вышли из Владивостока", ["vladivostok"], id="a Russian place in any case"),
        pytest.param("轰炸机飞越四国以南海域", ["shikoku"], id="a Chinese place inside a sentence"),
        pytest.param("停靠符拉迪沃斯托克", ["vladivostok"], id="another one"),
        pytest.param("The talks in Moscow", ["moscow"], id="an English one"),
        pytest.param("Shikokuans", [], id="no piece of a word"),
    ],
)
def test_texts_speak_of_places(text: str, things: list[str]) -> None:
    register = a_register()
    assert [thing.id for thing in named(spoken(text), register.places.values())] == things


def test_no_form_reaches_from_title_into_text() -> None:
    register = a_register()
    assert named(spoken("Ministers: Dong", "Jun arrives"), register.people.values()) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("the 10th joint patrol", {10}, id="figures"),
        pytest.param("the Eleventh patrol", {11}, id="a word"),
        pytest.param("в десятый раз, 2-е патрулирование", {10, 2}, id="Russian"),
        pytest.param("шестнадцатое учение", {16}, id="sixteen is not six"),
        pytest.param("第十一次联合巡航，第3次", {11, 3}, id="Chinese"),
        pytest.param("第二十次", {20}, id="Chinese tens"),
        pytest.param("in 2025-й году, 10 ships, once", set(), id="no years and no amounts"),
    ],
)
def test_the_how_manieth(text: str, found: set[int]) -> None:
    assert numbers(text) == found


@pytest.mark.parametrize(
    ("id", "name"),
    [
        pytest.param("joint_sea-2025", "Joint Sea-2025", id="an event of a series"),
        pytest.param("joint_sea-2015II", "Joint Sea-2015 (II)", id="a stage"),
        pytest.param("air_patrol-10", "10th joint bomber patrol", id="a number"),
        pytest.param("air_patrol-11", "11th joint bomber patrol", id="the next number, in no register yet"),
        pytest.param("air_patrol-22", "22nd joint bomber patrol", id="a far number"),
        pytest.param("joint_sea-2031", "Joint Sea-2031", id="an edition to come"),
        pytest.param("nobody-2031", "nobody-2031", id="an id nobody knows stands for itself"),
    ],
)
def test_events_have_names_for_readers(id: str, name: str) -> None:
    assert a_register().name(id) == name


@pytest.mark.parametrize(
    ("written", "first", "last", "precision"),
    [
        pytest.param("2025-08-01/2025-08-05", date(2025, 8, 1), date(2025, 8, 5), "day", id="days"),
        pytest.param("2025-08-01", date(2025, 8, 1), date(2025, 8, 1), "day", id="a day"),
        pytest.param("2024-02", date(2024, 2, 1), date(2024, 2, 29), "month", id="a month: its days are unsettled"),
        pytest.param("2023-07/2023-08", date(2023, 7, 1), date(2023, 8, 31), "month", id="months"),
        pytest.param("2019/2021", date(2019, 1, 1), date(2021, 12, 31), "year", id="years"),
    ],
)
def test_dates_are_as_precise_as_written(written: str, first: date, last: date, precision: str) -> None:
    assert days_of(written) == (first, last, Precision(precision))


@pytest.mark.parametrize(
    "written", ["", "soon", "2025-13", "2025-02-30", "2025-08-05/2025-08-01", "2025-08/2025-08-05"]
)
def test_no_date_is_guessed(written: str) -> None:
    with pytest.raises(ValueError, match=r"is no|before it begins|different precision"):
        days_of(written)


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(0, 400))
def test_days_are_written_as_they_were_read(first: date, length: int) -> None:
    event = Event(id="a-1", names={"en": "A"}, activity="x", first=first, last=first + timedelta(days=length))
    assert days_of(written_days(event)) == (event.first, event.last, Precision.DAY)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("events:\n  x-2027:\n    date: [", ["more-1.yaml, line 4", "not YAML"], id="no YAML"),
        pytest.param("- a\n", ["line 1", "no sections"], id="a list"),
        pytest.param("happenings: {}\n", ["line 1", "no section 'happenings'"], id="a section nobody knows"),
        pytest.param("events:\n  a-1: {date: 2027}\n  a-1: {date: 2028}\n", ["line 3", "twice"], id="an id twice"),
        pytest.param("events:\n  Drill: {date: 2027, en: D, activity: agreement, topics: [sco]}\n", ["line 2", "is no id"], id="an id without an edition"),
        pytest.param("events:\n  drill-2027: {}\n", ["line 2", "has no 'date'", "has no 'en'", "has no 'activity'"], id="nothing said"),
        pytest.param("events:\n  joint_sea-2027:\n    date: 2027-02-30\n", ["line 3", "no day of the calendar"], id="no such day"),
        pytest.param("events:\n  joint_sea-2027:\n    date: 2027\n    dates: x\n", ["line 4", "no field 'dates'", "write 'date'"], id="a slip in a field"),
        pytest.param("events:\n  joint_sea-2027:\n    date: 2027\n    places: [vladivostock]\n", ["line 4", "none of the places", "write 'vladivostok'"], id="a slip in a place"),
        pytest.param("events:\n  joint_sea-2027:\n    date: 2027\n    who: [sco7]\n", ["line 4", "none of the states", "write 'sco6'"], id="a set of states nobody knows"),
        pytest.param("events:\n  joint_sea-2027:\n    date: 2027\n    confidence: sure\n", ["line 4", "high, med, low"], id="another confidence"),
        pytest.param("events:\n  d-2027: {date: 2027, en: D, topics: [sco], activity: joint_excercise}\n", ["no activity 'joint_excercise'", "write 'joint_exercise'"], id="a slip in an activity"),
        pytest.param("series:\n  belt2: {activity: agreement, topics: [sco], en: '{day} Belt'}\n", ["line 2", "{year}"], id="a name with a hole nobody fills"),
        pytest.param("places:\n  nowhere: {}\n", ["line 2", "has no form"], id="a word without forms"),
        pytest.param("events:\n  joint_sea-2027: soon\n", ["line 2", "has no fields"], id="a word where fields should be"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_with_line_and_remedy(text: str, said: list[str]) -> None:
    with pytest.raises(EventFileError) as refused:
        a_register(text)
    for words in ("none was taken", *said):
        assert words in str(refused.value)


def test_an_operator_adds_events_and_mends_ours(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(
        "events:\n  joint_sea-2031: {date: 2031-07, note: As we heard it.}\n  joint_sea-2025: {date: 2025-08-02}\n",
        encoding="utf-8",
    )
    mine = read_register(tmp_path)
    assert written_days(mine.events["joint_sea-2031"]) == "2031-07"
    assert mine.events["joint_sea-2031"].names["ru"] == "Морское взаимодействие-2031"
    assert mine.events["joint_sea-2025"].first == date(2025, 8, 2)
    assert mine.version == register_version(tmp_path) != SHIPPED.version
    assert list(mine.events)[-1] == "joint_sea-2031", "the latest comes last"


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(EventFileError, match="no such folder"):
        read_register(tmp_path / "none")
    (tmp_path / "bad.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(EventFileError, match=r"bad\.yaml.*cannot be read"):
        read_register(tmp_path)


def test_ids_that_were_misspelt_are_recognised() -> None:
    assert SHIPPED.near("joint-see-2025")[0] == "joint_sea-2025"
    assert SHIPPED.knows("joint-sea-2031")
    assert not SHIPPED.knows("joint-see-2031")
