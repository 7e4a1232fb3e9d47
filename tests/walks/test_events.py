"""From an article kept to the event it tells of: attached before it is found, again when the register changes, by a person's word."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from service.assembly import Service
from service.chronology.rows import articles_of
from service.errors import Unusable
from service.finding import find
from service.runs.attaching import attach_again
from service.runs.ruling import proposals, reopen, rule
from service.runs.seeding import run_seeding
from storage.records import Grounds, Kept, Published, Subscription
from storage.search.errors import QueryError
from tests.fakes.house import Clock, a_service
from tests.fakes.texts import a_verdict, an_article

NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with a_service(tmp_path, clock=Clock(NOW)) as built:
        yield built


def keep(
    service: Service,
    id: str,
    title: str,
    day: str,
    *activities: str,
    outlet: str = "tass-en",
    events: tuple[str, ...] = (),
) -> Kept:
    at = datetime.fromisoformat(day).replace(tzinfo=UTC)
    article = an_article(canonical_id=id, outlet=outlet, title=title, text=f"{title}. {id}", published=Published(at=at))
    verdict = a_verdict(activities=activities, events=events, evidence=())
    return service.archive.articles.keep(article, verdict, now=service.clock(), id=id)[1]


def found(service: Service, query: str) -> list[str]:
    service.index.catch_up()
    return sorted(hit.kept.id for hit in find(service, query).hits)


def two_reports(service: Service) -> None:
    keep(service, "a", "Warships drill off Sanya", "2027-05-12", "joint_exercise")
    keep(service, "b", "三亚附近海军舰艇演练", "2027-05-13", "joint_exercise", outlet="xinhua-zh")
    service.index.catch_up()


def test_an_article_is_attached_before_it_can_be_found(service: Service) -> None:
    keep(service, "a", "Bombers off Shikoku", "2025-12-09", "joint_patrol")
    keep(service, "b", "Something else", "2025-12-09", "rhetoric")
    assert found(service, "event:air_patrol-10") == ["a"]
    assert find(service, "").facets["event"] == {"air_patrol-10": 1}
    [told] = articles_of(service, "air_patrol-10")
    assert "Shikoku" in told.by.reason
    assert service.index.catch_up() == 0, "nothing is done twice"


def test_a_changed_article_is_attached_anew(service: Service) -> None:
    keep(service, "a", "Bombers off Shikoku", "2025-12-09", "joint_patrol")
    assert found(service, "event:air_patrol-10") == ["a"]
    keep(service, "a", "Ministers meet", "2025-12-09", "senior_meeting")
    assert found(service, "event:air_patrol-10") == []


def test_the_seed_documents_tell_of_the_events_they_are_about(service: Service, tmp_path: Path) -> None:
    run_seeding(service.archive, service.rules, tmp_path / "none", now=NOW)
    assert found(service, "event:rushailo_beijing-2002") == ["seed-002"]
    assert found(service, "event:zhang_youxia_moscow-2023") == ["seed-003"]
    assert found(service, "event:li_shangfu_russia-2023") == ["seed-004"]
    assert found(service, "event:joint_2003-2003") == ["seed-001"]


def test_another_register_attaches_all_anew_and_tells_nobody(tmp_path: Path) -> None:
    folder = tmp_path / "events"
    folder.mkdir()
    with a_service(tmp_path / "data", clock=Clock(NOW), events_dir=str(folder)) as service:
        keep(service, "a", "Warships drill off Sanya", "2027-05-12", "joint_exercise")
        assert found(service, "-event:sanya_drill-2027") == ["a"]
        service.archive.subscriptions.add(_asks_for("event:sanya_drill-2027"))
    (folder / "mine.yaml").write_text(
        "events:\n  sanya_drill-2027: {date: 2027-05-12, activity: joint_exercise, topics: [china-russia], places: [sanya],"
        " en: A drill off Sanya}\n",
        encoding="utf-8",
    )
    with a_service(tmp_path / "data", clock=Clock(NOW), events_dir=str(folder)) as service:
        assert found(service, "event:sanya_drill-2027") == ["a"]
        assert untold(service) == []
        keep(service, "c", "Ships by Sanya drill", "2027-05-13", "joint_exercise")
        service.index.catch_up()
        assert untold(service) == ["c"], "what comes in later is news"


def _asks_for(query: str) -> Subscription:
    return Subscription(name="desk", email="d@example.org", query=query, since=NOW - timedelta(days=60), next_due=NOW)


def untold(service: Service) -> list[str]:
    """What the desk finds and nothing keeps from a digest."""
    quiet = service.archive.ledger.quiet("desk")
    return [id for id in found(service, service.archive.subscriptions.get("desk").query) if id not in quiet]


def test_a_wrong_file_stops_the_register_and_not_the_search(tmp_path: Path) -> None:
    folder = tmp_path / "events"
    folder.mkdir()
    (folder / "mine.yaml").write_text("events:\n  Bad: {}\n", encoding="utf-8")
    with a_service(tmp_path / "data", clock=Clock(NOW), events_dir=str(folder)) as service:
        keep(service, "a", "Warships drill off Sanya", "2027-05-12", "joint_exercise")
        assert found(service, "warships") == ["a"]
        with pytest.raises(Unusable, match="line 2"):
            service.register  # noqa: B018 - reading it is the question


def test_a_running_service_takes_up_changed_files_and_refuses_wrong_ones(tmp_path: Path) -> None:
    folder = tmp_path / "events"
    folder.mkdir()
    file = folder / "mine.yaml"
    with a_service(tmp_path / "data", clock=Clock(NOW), events_dir=str(folder)) as service:
        keep(service, "a", "Warships drill off Sanya", "2027-05-12", "joint_exercise")
        service.index.catch_up()
        file.write_text(
            "events:\n  drill-2027: {date: 2027-05-12, activity: joint_exercise, topics: [china-russia], places: [sanya], en: D}\n",
            encoding="utf-8",
        )
        assert found(service, "event:drill-2027") == ["a"]
        assert service.register.name("drill-2027") == "D"
        file.write_text("events:\n  Bad: {}\n", encoding="utf-8")
        assert found(service, "event:drill-2027") == ["a"], "what stood before stays"
        assert "line 2" in service.read_register.refused
        file.unlink()
        assert found(service, "event:drill*") == []
        assert service.read_register.refused == ""


# ------------------------------------------------------------------ proposals


def test_a_proposal_accepted_is_an_event_with_its_articles(service: Service) -> None:
    two_reports(service)
    keep(service, "c", "A drill by the navy near Sanya", "2027-05-16", "joint_exercise")
    service.index.catch_up()
    [one] = proposals(service)
    assert [kept.id for kept in one.articles] == ["a", "b", "c"]
    assert one.proposal.event.topics == ("china-russia",), "what its articles are about"
    rule(service, one.proposal.id, accepted=True, now=NOW, name="Sanya drill", days="2027-05-12/2027-05-14", by="me")
    event = service.register.events[one.proposal.id]
    assert (event.names["en"], event.basis, event.is_settled) == ("Sanya drill", Grounds.REPORTED, True)
    assert found(service, f"event:{event.id}") == ["a", "b", "c"]
    assert proposals(service) == []
    keep(service, "d", "The drill off Sanya by warships is over", "2027-05-18", "joint_exercise")
    assert found(service, f"event:{event.id}") == ["a", "b", "c", "d"], "later reports attach as to any event"


def test_a_proposal_refused_is_not_made_again_until_it_is_reopened(service: Service) -> None:
    two_reports(service)
    [one] = proposals(service)
    rule(service, one.proposal.id, accepted=False, now=NOW, note="Yachts")
    keep(service, "z", "Warships gather off Sanya", "2027-05-10", "joint_exercise", outlet="harbour")
    service.index.catch_up()
    assert proposals(service) == []
    assert one.proposal.id not in service.register.events
    reopen(service, one.proposal.id)
    assert len(proposals(service)) == 1


def test_what_was_accepted_can_be_taken_back(service: Service) -> None:
    two_reports(service)
    [one] = proposals(service)
    rule(service, one.proposal.id, accepted=True, now=NOW)
    reopen(service, one.proposal.id)
    assert one.proposal.id not in service.register.events
    assert [again.proposal.id for again in proposals(service)] == [one.proposal.id]
    with pytest.raises(QueryError, match="no event"):
        find(service, f"event:{one.proposal.id}")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param({"id": "nothing-2027"}, "is proposed", id="nothing of that id is proposed"),
        pytest.param({"days": "soon"}, "no date", id="a date that is none"),
        pytest.param({"note": "x" * 3000}, "at most", id="a note too long"),
    ],
)
def test_a_ruling_that_cannot_be_is_refused(service: Service, change: dict[str, str], said: str) -> None:
    two_reports(service)
    [one] = proposals(service)
    asked = {"id": one.proposal.id, **change}
    with pytest.raises(Unusable, match=said):
        rule(service, asked.pop("id"), accepted=True, now=NOW, **asked)
    with pytest.raises(Unusable, match="Nobody has"):
        reopen(service, one.proposal.id)


def test_a_new_event_is_news_to_no_subscription(service: Service) -> None:
    two_reports(service)
    [one] = proposals(service)
    service.archive.subscriptions.add(replace(_asks_for(f"event:{one.proposal.id}")))
    rule(service, one.proposal.id, accepted=True, now=NOW)
    assert untold(service) == []


def test_attaching_again_changes_nothing_that_stands(service: Service) -> None:
    two_reports(service)
    assert attach_again(service.archive, service.register, ["a", "b"]) == 0


@pytest.mark.parametrize(
    ("query", "said"),
    [
        pytest.param("event:joint_see-2025", "event:joint_sea-2025", id="a slip of the pen"),
        pytest.param("navy event: nothing", "entente events list", id="nothing like it"),
    ],
)
def test_an_event_nobody_knows_is_told(service: Service, query: str, said: str) -> None:
    with pytest.raises(QueryError) as told:
        find(service, query)
    assert said in str(told.value)
    assert query[told.value.position - 1] in ": "


def test_an_event_without_articles_is_no_mistake(service: Service) -> None:
    for query in ("event:joint_sea-2025", "event:joint_sea-2031", "event:nothing*"):
        assert find(service, query).total == 0
