"""`entente doctor`: what is in order, what to look at, what is broken, each in one line with its remedy."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from service.assembly import Service
from service.runs.upkeep import look_over
from storage.records import Outcome, PointState, Subscription, Visit
from tests.fakes.commands import entente
from tests.fakes.house import a_service, an_outlet
from tests.fakes.texts import an_article, no_verdict

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)


def states(service: Service) -> dict[str, tuple[str, str]]:
    return {finding.what: (finding.state, finding.says) for finding in look_over(service)}


def test_a_house_in_order_says_so_and_ends_with_0(tmp_path: Path) -> None:
    told = entente("doctor", "--json", folder=tmp_path, contact="desk@example.org")
    findings = {one["what"]: one for one in told.document["findings"]}
    assert told.code == 0
    assert {one["state"] for one in findings.values()} == {"ok"}
    assert findings.keys() >= {
        "data folder",
        "archive",
        "index",
        "outlets",
        "topics",
        "seed archive",
        "contact",
        "mail",
    }
    assert findings["index"]["says"] == "5 articles findable"
    assert "5 records, 0 with full text" in findings["seed archive"]["says"]


def test_a_contact_that_is_missing_is_worth_a_word_and_no_failure(tmp_path: Path) -> None:
    told = entente("doctor", folder=tmp_path)
    assert told.code == 0
    assert "set ENTENTE_CONTACT" in told.out


def failing(service: Service) -> None:
    point = service.outlets[0].entry_points[0]
    state = PointState(outlet="harbour", url=point.url, due=NOW, failures=3, last_visit=NOW)
    visit = Visit(outlet="harbour", url=point.url, outcome=Outcome.FAILED, at=NOW, why="500")
    service.archive.visits.record([visit], [state])


def unreadable_query(service: Service) -> None:
    asked = Subscription(name="old", email="a@example.org", query='"open')
    service.archive.subscriptions.add(replace(asked, next_due=NOW + timedelta(hours=1)))


@pytest.mark.parametrize(
    ("harm", "what", "state", "says"),
    [
        pytest.param(failing, "outlets", "warn", "failing three times or more: harbour", id="an outlet that fails"),
        pytest.param(unreadable_query, "subscription old", "bad", "no partner", id="a query nobody can read"),
        pytest.param(lambda service: None, "seed archive", "warn", "when the service starts", id="no seeds yet"),
    ],
)
def test_what_is_wrong_is_told(
    tmp_path: Path, harm: Callable[[Service], None], what: str, state: str, says: str
) -> None:
    with a_service(tmp_path, press=[an_outlet("gazette.test", "/feed")], clock=lambda: NOW) as service:
        harm(service)
        found = states(service)
    assert found[what][0] == state
    assert says in found[what][1]


def test_a_lost_index_is_made_anew_and_nothing_is_lost(tmp_path: Path) -> None:
    assert entente("search", "seed:yes", "--json", folder=tmp_path).document["total"] == 5
    shutil.rmtree(tmp_path / "data" / "index")
    told = entente("doctor", "--json", folder=tmp_path)
    assert told.code == 0
    assert entente("search", "seed:yes", "--json", folder=tmp_path).document["total"] == 5


def test_one_check_that_breaks_leaves_the_others_to_tell(tmp_path: Path) -> None:
    with a_service(tmp_path / "house", press=[], clock=lambda: NOW) as service:
        service.archive.close()
        shutil.rmtree(tmp_path / "house")
        found = states(service)
    assert found["topics"][0] == "ok"
    assert {found["archive"][0], found["outlets"][0]} == {"bad"}
    assert "could not be looked at" in found["archive"][1]


def test_articles_that_wait_for_their_place_among_the_stories_are_counted(tmp_path: Path) -> None:
    with a_service(tmp_path) as service:
        for outlet in ("a", "b"):
            service.archive.articles.keep(an_article(outlet=outlet), no_verdict(), now=NOW)
        assert "about 2 articles wait" in states(service)["stories"][1]
        service.place()
        assert states(service)["stories"] == ("ok", "1 told more than once, by 2 articles")
