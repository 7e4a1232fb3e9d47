"""Which events an article tells of: by name, or by act, days, sides and place; and never by date alone."""

from dataclasses import replace

import pytest

from storage.events.attaching import attach
from storage.records import Confidence, How, Kept, Ruling, Strength
from tests.fakes.events import a_register, told
from tests.fakes.texts import NOON

REGISTER = a_register()
PATROL, DRILL, MEETING = "joint_patrol", "joint_exercise", "senior_meeting"


def attached(kept: Kept) -> dict[str, str]:
    return {one.event: f"{one.how} {one.confidence}" for one in attach(REGISTER, kept)}


@pytest.mark.parametrize(
    ("kept", "events"),
    [
        # By name
        pytest.param(told("Joint Sea", "2025-08-02", DRILL, events=["joint_sea-2025"]), {"joint_sea-2025": "name high"}, id="its name"),
        pytest.param(told("Recalled", None, DRILL, events=["joint_sea-2025"]), {"joint_sea-2025": "name high"}, id="its name, in a text without a date"),
        pytest.param(told("In passing", "2025-08-02", DRILL, events=["joint_sea-2025"], strength=Strength.MENTION), {"joint_sea-2025": "name high"}, id="its name, in passing"),
        pytest.param(told("Joint Sea-2015", "2020-01-01", DRILL, events=["joint_sea-2015"]), {"joint_sea-2015I": "name med", "joint_sea-2015II": "name med"}, id="a year of two stages, and not which"),
        pytest.param(told("Joint Sea-2031", "2031-08-02", DRILL, events=["joint_sea-2031"]), {}, id="an edition that no register holds"),
        # By telling
        pytest.param(told("Bombers fly off Shikoku", "2025-12-09", PATROL), {"air_patrol-10": "telling med"}, id="act, day and place"),
        pytest.param(told("轰炸机在四国附近空中战略巡航", "2025-12-10", PATROL), {"air_patrol-10": "telling med"}, id="the same in Chinese"),
        pytest.param(told("Бомбардировщики у острова Сикоку", "2025-12-10", PATROL), {"air_patrol-10": "telling med"}, id="the same in Russian"),
        pytest.param(told("Bombers fly the tenth patrol", "2025-12-12", PATROL), {"air_patrol-10": "telling med"}, id="act, days and number"),
        pytest.param(told("Bombers fly together", "2025-12-09", PATROL), {"air_patrol-10": "telling low"}, id="act and day alone are perhaps"),
        pytest.param(told("Bombers fly together", "2025-12-15", PATROL), {}, id="nothing points to it and it is not the very day"),
        pytest.param(told("Bombers off Shikoku", "2025-12-19", PATROL), {"air_patrol-10": "telling med"}, id="a place points to it for ten days"),
        pytest.param(told("Bombers off Shikoku", "2025-12-20", PATROL), {}, id="and no longer"),
        pytest.param(told("Bombers off Shikoku", "2025-12-07", PATROL), {}, id="a patrol is not news two days before"),
        pytest.param(told("Bombers off Shikoku", "2025-12-08T23:00", PATROL, hours=9), {"air_patrol-10": "telling med"}, id="the day is the outlet's"),
        pytest.param(told("Shikoku", "2025-12-09", PATROL), {}, id="place and day, but no bombers"),
        pytest.param(told("Bombers off Shikoku", "2025-12-09", DRILL), {}, id="another activity"),
        pytest.param(told("Bombers off Shikoku", "2025-12-09", PATROL, topic="sco"), {}, id="another topic"),
        pytest.param(told("Bombers off Shikoku", "2025-12-09", PATROL, strength=Strength.MENTION), {}, id="in passing, without the name"),
        pytest.param(told("Bombers off Shikoku", None, PATROL), {}, id="no date"),
        pytest.param(told("Nothing to do with it", "2025-12-09", PATROL), {}, id="a date alone"),
        pytest.param(told("Bombers fly together", "2025-12-09", MEETING, PATROL), {}, id="perhaps only as its first activity"),
        pytest.param(told("Dong Jun speaks with Belousov in Moscow", "2026-01-28", MEETING), {"call-2026": "telling med"}, id="two who met"),
        pytest.param(told("Dong Jun speaks in Moscow", "2026-01-28", MEETING), {}, id="one of two who met, and a capital"),
        pytest.param(told("Missile launch agreement prolonged", "2020-12-20", "agreement"), {"launch_agreement-2020": "telling med"}, id="a rare subject"),
        pytest.param(told("Warships of China, Russia and Iran drill", "2026-02-20", DRILL), {"belt-2026": "telling med"}, id="a third side, in a month whose day nobody knows"),
        pytest.param(told("Warships of China and Russia drill", "2026-02-20", DRILL), {}, id="the third side is not named"),
        pytest.param(told("Warships off Vladivostok", "2025-08-02", DRILL, events=["joint_sea-2031"]), {}, id="another event of that act is named"),
        pytest.param(told("Bombers off Shikoku", "2025-12-09", PATROL, events=["joint_sea-2025"]), {"joint_sea-2025": "name high", "air_patrol-10": "telling med"}, id="one by name, one of another act by telling"),
    ],
)  # fmt: skip
def test_what_an_article_tells_of(kept: Kept, events: dict[str, str]) -> None:
    assert attached(kept) == events


def test_the_place_may_stand_in_the_evidence_but_not_far_down_in_the_text() -> None:
    far = told("Bombers fly", "2025-12-14", PATROL, text="Words. " * 200 + "Once they flew off Shikoku.")
    assert attached(far) == {}
    assert attached(replace(far, article=replace(far.article, text="They flew off Shikoku."))) == {
        "air_patrol-10": "telling med"
    }


def test_members_of_the_sco_named_in_a_row_point_to_no_exercise() -> None:
    register = a_register(
        "events:\n  drill-2009: {date: 2009-04-17, activity: joint_exercise, topics: [sco], who: [cn, ru, kz, kg, tj], en: D}\n"
    )
    listed = told("Ministers of Kazakhstan, Kyrgyzstan and Tajikistan", "2009-04-27", DRILL, topic="sco")
    assert attach(register, listed) == ()


def test_of_events_of_one_act_only_the_best_is_told() -> None:
    register = a_register("events:\n  air_patrol-11: {date: 2025-12-11}\n")
    [one] = attach(register, told("Bombers off Shikoku, China and Russia say", "2025-12-11", PATROL))
    assert (one.event, one.confidence) == ("air_patrol-10", Confidence.MED)


def test_the_reason_can_be_checked_against_the_article() -> None:
    [named] = attach(REGISTER, told("Joint Sea-2025", "2025-08-02", DRILL, events=["joint_sea-2025"]))
    assert named.reason == "The text names Joint Sea-2025."
    [likely] = attach(REGISTER, told("Tenth flight of bombers, off Shikoku", "2025-12-11", PATROL))
    for said in ("not in the text", "joint patrol", "2025-12-11, 2 days after it", "bombers", "Shikoku", "number (10)"):
        assert said in likely.reason
    [month] = attach(REGISTER, told("Warships of China, Russia and Iran", "2026-02-20", DRILL))
    assert "only the month is known" in month.reason
    [perhaps] = attach(REGISTER, told("Bombers fly together", "2025-12-09", PATROL))
    assert "nothing in it names the place" in perhaps.reason


def test_reports_on_which_an_event_was_accepted_are_its_articles() -> None:
    event = replace(REGISTER.events["air_patrol-10"], id="joint_patrol_sanya_0501-2027", names={"en": "Sanya"})
    ruling = Ruling(id=event.id, accepted=True, event=event, articles=("a",), at=NOON)
    register = REGISTER.with_rulings([ruling, replace(ruling, id="x-1", accepted=False)])
    assert register.name("joint_patrol_sanya_0501-2027") == "Sanya"
    assert "x-1" not in register.events
    [one] = attach(register, told("Some text", "2027-05-01"))
    assert (one.event, one.how, one.confidence) == (event.id, How.TELLING, Confidence.MED)
    assert "analyst" in one.reason
