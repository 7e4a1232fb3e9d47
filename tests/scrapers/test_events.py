"""Named events: an edition is one event whatever the language, and only what somebody could date is an event."""

from datetime import date

import pytest

from scrapers.classifying.classifying import classify
from scrapers.classifying.loading import load_rules

RULES = load_rules()


def events(title: str, text: str = "", published: date | None = None) -> tuple[str, ...]:
    return classify(RULES, title=title, text=text, published=published).events


@pytest.mark.parametrize(
    ("title", "event"),
    [
        pytest.param("Joint Sea-2025 opens in Vladivostok", "joint_sea-2025", id="English"),
        pytest.param("Joint Sea 2025 naval drill ends", "joint_sea-2025", id="a space for the dash"),
        pytest.param("Maritime Interaction-2025 begins", "joint_sea-2025", id="the Russian name in English"),
        pytest.param("“海上联合—2025”联合演习开幕", "joint_sea-2025", id="Chinese"),
        pytest.param("「海上聯合-2025」演習", "joint_sea-2025", id="traditional characters"),
        pytest.param("Учение «Морское взаимодействие – 2025»", "joint_sea-2025", id="Russian"),
        pytest.param("На учении «Морское взаимодействие-2О25»", "joint_sea-2025", id="a scanned year"),
        pytest.param("Northern/Interaction-2024 begins", "northern_interaction-2024", id="the longest name counts"),
        pytest.param("Учения «Север/Взаимодействие-2024»", "northern_interaction-2024", id="in Russian too"),
        pytest.param("北部·联合-2024", "northern_interaction-2024", id="a dot inside"),
        pytest.param("Sahand-Antiterror-2025 of the SCO", "sahand_antiterror-2025", id="its own name, not the pattern"),
        pytest.param("Учение ШОС «Саханд-Антитеррор-2025»", "sahand_antiterror-2025", id="the same in Russian"),
        pytest.param("Mirnaya Missiya 2021 ends", "peace_mission-2021", id="a transcribed name"),
        pytest.param("Joint Sea-2015 (II) begins", "joint_sea-2015II", id="a stage"),
        pytest.param("海上联合-2015(Ⅱ)演习", "joint_sea-2015II", id="a stage in one sign"),
        pytest.param("Joint Sea-2015 begins", "joint_sea-2015", id="nobody says which stage"),
        pytest.param("Joint Sea-2031 begins", "joint_sea-2031", id="an edition no file knows yet"),
    ],
)
def test_an_edition_is_one_event_whatever_the_language(title: str, event: str) -> None:
    assert events(title) == (event,)


@pytest.mark.parametrize(
    ("title", "published", "found"),
    [
        pytest.param(
            "Учения «Морское взаимодействие» у Владивостока", date(2025, 8, 3), "joint_sea-2025", id="its days"
        ),
        pytest.param("“海上联合”演习即将举行", date(2024, 7, 1), "joint_sea-2024", id="shortly before"),
        pytest.param("Joint Sea-2017 ends", date(2017, 9, 27), "joint_sea-2017II", id="the stage of the day"),
        pytest.param("Joint Sea-2017 ends", date(2017, 7, 30), "joint_sea-2017I", id="the other stage"),
        pytest.param("“海上联合”演习回顾", date(2018, 6, 1), "", id="no edition near that day"),
        pytest.param("“海上联合”演习回顾", None, "", id="nobody knows the day"),
    ],
)
def test_a_name_without_a_year_is_dated_by_the_day(title: str, published: date | None, found: str) -> None:
    assert events(title, published=published) == ((found,) if found else ())


def test_a_name_without_a_year_is_dated_by_the_text() -> None:
    assert events("“海上联合”演习落幕", "“海上联合-2024”联合演习17日在湛江落幕。") == ("joint_sea-2024",)


def test_the_strongest_event_comes_first() -> None:
    text = (
        "The ships of China and Russia will sail on. Two sentences of prose stand here before it goes on.\n\n"
        "They met at Joint Sea-2021, at Vostok-2022 and once more at Joint Sea-2021."
    )
    found = events("Peace Mission 2021 opens after Joint Sea-2024", text)
    assert found == ("peace_mission-2021", "joint_sea-2024", "joint_sea-2021", "vostok-2022")


@pytest.mark.parametrize(
    "title",
    [
        pytest.param("Joint sea rescue practised off Hainan by China and Russia in 2024", id="plain words"),
        pytest.param("China and Russia hold their tenth joint bomber patrol", id="patrols have no names"),
        pytest.param("Joint Sea-2026 opens, and the moon is cheese", id="an edition that only rumour knows"),
    ],
)
def test_what_is_no_named_event(title: str) -> None:
    assert events(title) == ()


def test_a_text_without_a_topic_has_no_events() -> None:
    verdict = classify(RULES, title="Zapad-2025 ends", text="Soldiers of Belarus went home.")
    assert (dict(verdict.strength), verdict.events) == ({}, ())
