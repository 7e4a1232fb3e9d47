"""Events that several outlets report and no register holds: proposed when independent reports meet, and only then."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest

from storage.events.attaching import attach
from storage.events.proposing import Proposal, propose, sightings
from storage.records import Confidence, Grounds, Kept, Ruling, Sighting, Strength
from tests.fakes.events import a_register, told
from tests.fakes.texts import NOON

REGISTER = a_register()
PATROL, DRILL, MEETING = "joint_patrol", "joint_exercise", "senior_meeting"


def seen(articles: Iterable[Kept]) -> list[Sighting]:
    return [one for kept in articles for one in sightings(REGISTER, kept, attach(REGISTER, kept))]


def proposed(*articles: Kept, rulings: Iterable[Ruling] = ()) -> tuple[Proposal, ...]:
    return propose(REGISTER, seen(articles), rulings)


def report(id: str, outlet: str, title: str, day: str, activity: str = DRILL, **over: object) -> Kept:
    return told(title, day, activity, id=id, outlet=outlet, **over)  # type: ignore[arg-type]


SANYA = (
    report("a", "tass-en", "Warships drill off Sanya", "2027-05-12"),
    report("b", "xinhua-zh", "中俄海军舰艇在三亚演练", "2027-05-13"),
)


@pytest.mark.parametrize(
    ("articles", "ids"),
    [
        pytest.param(SANYA, ["joint_exercise_sanya_0512-2027"], id="the same act, near days, the same place, two outlets"),
        pytest.param(SANYA[:1], [], id="one outlet"),
        pytest.param((SANYA[0], replace(SANYA[0], id="b", article=replace(SANYA[0].article, outlet="tass-ru"))), [], id="two editions of one outlet"),
        pytest.param((SANYA[0], replace(SANYA[1], text_hash=SANYA[0].text_hash)), [], id="a reprint"),
        pytest.param((SANYA[0], report("b", "xinhua-en", "Warships drill off Sanya", "2027-05-18")), [], id="days too far apart"),
        pytest.param((SANYA[0], report("b", "xinhua-en", "Warships drill off Sanya", "2027-05-13", PATROL)), [], id="another act"),
        pytest.param((SANYA[0], report("b", "xinhua-en", "Troops drill by Vladivostok", "2027-05-13")), [], id="another place"),
        pytest.param((SANYA[0], replace(SANYA[1], verdict=replace(SANYA[1].verdict, strength={"china-russia": Strength.MENTION}))), [], id="one of them in passing"),
        pytest.param((report("a", "tass-en", "Moscow speaks of exchanges", "2027-05-12"), report("b", "xinhua-en", "Exchanges, says Moscow", "2027-05-12")), [], id="a capital is no place"),
        pytest.param((report("a", "tass-en", "Moscow on arms", "2027-05-12", "arms_tech"), report("b", "xinhua-en", "Arms by Sanya", "2027-05-12", "arms_tech")), [], id="trade and talk are no events"),
        pytest.param((report("a", "tass-en", "Joint Sea-2027", "2027-05-12", events=["joint_sea-2027"]), report("b", "xinhua-zh", "海上联合-2027", "2027-08-01", events=["joint_sea-2027"])), ["joint_sea-2027"], id="a new edition by its name, months apart"),
        pytest.param((report("a", "tass-en", "Joint Sea-2025", "2025-08-02", events=["joint_sea-2025"]), report("b", "xinhua-zh", "海上联合-2025", "2025-08-02", events=["joint_sea-2025"])), [], id="an edition the register holds"),
        pytest.param((report("a", "tass-en", "Bombers fly the 11th patrol", "2027-01-12", PATROL), report("b", "xinhua-zh", "第11次联合空中战略巡航", "2027-01-13", PATROL)), ["air_patrol-11"], id="the next number of a series"),
        pytest.param((report("a", "tass-en", "Bombers fly together", "2027-01-12", PATROL), report("b", "xinhua-zh", "轰炸机联合巡航", "2027-01-13", PATROL)), ["joint_patrol_bombers_0112-2027"], id="done with the same things"),
        pytest.param((report("a", "tass-en", "Dong Jun and Belousov talk in Moscow", "2027-01-12", MEETING), report("b", "xinhua-zh", "董军会见别洛乌索夫", "2027-01-13", MEETING)), ["senior_meeting_belousov_dong_jun_0112-2027"], id="the same two people met"),
        pytest.param((report("a", "tass-en", "Iran joins a drill", "2027-01-12"), report("b", "irna", "Iranian forces in a drill", "2027-01-13")), ["joint_exercise_ir_0112-2027"], id="the same third side"),
        pytest.param((report("a", "tass-en", "Bombers off Shikoku", "2025-12-09", PATROL), report("b", "xinhua-zh", "轰炸机在四国附近", "2025-12-09", PATROL)), [], id="reports of an event the register holds"),
    ],
)  # fmt: skip
def test_what_is_proposed(articles: tuple[Kept, ...], ids: list[str]) -> None:
    assert [one.id for one in proposed(*articles)] == ids


def test_a_proposal_says_what_it_rests_on_and_settles_nothing() -> None:
    [one] = proposed(*SANYA)
    assert (one.articles, one.publishers) == (("a", "b"), ("tass", "xinhua"))
    assert (one.event.first, one.event.last) == (date(2027, 5, 12), date(2027, 5, 13))
    assert (one.event.confidence, one.event.basis, one.event.is_settled) == (Confidence.LOW, Grounds.REPORTED, False)
    assert (one.event.places, one.event.who, one.event.topics) == (("sanya",), ("cn", "ru"), ())
    for said in ("2 articles of 2 publishers", "2027-05-12 to 2027-05-13", "Sanya"):
        assert said in one.reason


def test_a_new_edition_brings_what_its_series_says() -> None:
    names = [told("x", "2027-05-12", DRILL, id=id, outlet=id, events=["joint_sea-2027"]) for id in ("a", "b")]
    [one] = proposed(*names)
    assert one.event.names["zh"] == "海上联合-2027"
    assert (one.event.activity, one.event.told) == (DRILL, ("warships",))


def test_unnamed_reports_of_a_named_edition_join_it_by_the_place() -> None:
    named = [
        report(id, id, "Joint Sea-2027 off Sanya", "2027-05-12", events=["joint_sea-2027"])
        for id in ("harbour", "monsoon")
    ]
    [one] = proposed(*named, report("c", "strait", "Warships end their drill off Sanya", "2027-05-15"))
    assert (one.id, one.articles) == ("joint_sea-2027", ("harbour", "monsoon", "c"))


def test_bombers_and_ships_that_patrol_one_sea_are_two_events() -> None:
    patrols = [
        report(f"{what}-{outlet}", outlet, f"{what} patrol off Vladivostok", "2027-05-12", PATROL)
        for what in ("Bombers", "Warships")
        for outlet in ("tass-en", "xinhua-en")
    ]
    register = a_register(
        "series:\n  naval_patrol: {activity: joint_patrol, topics: [china-russia], told: [warships], en: '{nth} naval patrol'}\n"
    )
    found = propose(register, [one for kept in patrols for one in sightings(register, kept, ())])
    assert sorted(one.articles for one in found) == [
        ("Bombers-tass-en", "Bombers-xinhua-en"),
        ("Warships-tass-en", "Warships-xinhua-en"),
    ]


def test_reports_join_through_an_article_that_shares_with_both() -> None:
    third = report("c", "harbour", "Navy drills with Iran off Sanya", "2027-05-13")
    fourth = report("d", "irna", "Iranian troops in a drill", "2027-05-14")
    [one] = proposed(*SANYA, third, fourth)
    assert one.articles == ("a", "b", "c", "d")
    assert one.event.who == ("cn", "ru", "ir")


@pytest.mark.parametrize("accepted", [True, False])
def test_what_was_ruled_on_is_proposed_no_more_though_its_first_report_moves(accepted: bool) -> None:
    [one] = proposed(*SANYA)
    ruling = Ruling(id=one.id, accepted=accepted, event=one.event, articles=one.articles, at=NOON)
    earlier = report("z", "harbour", "Warships gather off Sanya", "2027-05-10")
    assert proposed(*SANYA, earlier, rulings=[ruling]) == ()
    other = [report(id, id, "Warships drill off Sanya", "2027-09-01") for id in ("m", "n")]
    assert [one.id for one in proposed(*SANYA, *other, rulings=[ruling])] == ["joint_exercise_sanya_0901-2027"]
