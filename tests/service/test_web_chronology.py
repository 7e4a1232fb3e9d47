"""The chronology on the web: by year, filtered, as files; one event with its articles; what is proposed, and a word on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest
from lxml import html

from service.assembly import Service
from service.web.app import create_app
from tests.fakes.house import Clock, a_service
from tests.service.test_web_marks import OURS, Site
from tests.walks.test_events import NOW, keep, two_reports


@contextmanager
def a_room(folder: Path) -> Iterator[Service]:
    """The register and an event to come, two reports of a patrol, two of a drill that no register holds."""
    (folder / "events").mkdir()
    (folder / "events" / "mine.yaml").write_text(
        "events:\n  joint_sea-2031: {date: 2031-07, note: As we heard it.}\n", encoding="utf-8"
    )
    with a_service(folder / "data", clock=Clock(NOW), events_dir=str(folder / "events")) as built:
        keep(built, "p", "Bombers off Shikoku, the tenth patrol", "2025-12-09", "joint_patrol")
        keep(built, "q", "Bombers fly together", "2025-12-09", "joint_patrol", outlet="harbour")
        two_reports(built)
        yield built


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """For tests that only look."""
    with a_room(tmp_path_factory.mktemp("room")) as built:
        yield built


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """For tests that change something."""
    with a_room(tmp_path) as built:
        yield built


class Pages(Site):
    def tree(self, path: str, *, status: int = 200) -> html.HtmlElement:
        answer = self.ask("GET", path, headers={})
        assert answer.status_code == status, answer.text
        return html.document_fromstring(answer.content)

    def texts(self, path: str, css: str) -> list[str]:
        return [" ".join(one.text_content().split()) for one in self.tree(path).cssselect(css)]


@pytest.fixture(scope="module")
def shown(room: Service) -> Pages:
    return Pages(create_app(room))


@pytest.fixture
def pages(service: Service) -> Pages:
    return Pages(create_app(service))


def test_events_stand_by_year_with_what_is_planned_before_and_what_is_proposed_behind(shown: Pages) -> None:
    headings = shown.texts("/chronology", "section.day > h2")
    assert headings[0] == "Planned 1 event"
    assert headings[1].startswith("2026 ")
    assert headings[-1] == "Proposed 1"
    assert headings[-2] == "1996 1 event"
    [planned] = shown.texts("/chronology", "#planned li")
    assert "July 2031 day not known" in planned
    assert "As we heard it." in planned


def test_a_row_says_when_what_who_how_sure_and_leads_to_its_articles(shown: Pages) -> None:
    [row] = shown.tree("/chronology").cssselect("#air_patrol-10")
    text = " ".join(row.text_content().split())
    for said in (
        "9 December 2025",
        "10th joint bomber patrol",
        "10-е совместное",
        "joint patrol · China–Russia · China, Russia · Shikoku",
        "well attested",
        "2 articles (1 perhaps)",
    ):
        assert said in text
    assert [a.get("href") for a in row.cssselect("a")] == [
        "/chronology/air_patrol-10",
        "/search?q=event%3Aair_patrol-10&sort=date",
    ]
    [doubtful] = shown.texts("/chronology", "#kavkaz-2020 .sure.low")
    assert doubtful == "from memory, not checked"
    [month] = shown.texts("/chronology", "#syria_escort-2014 .when")
    assert month == "January 2014 day not known"


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        pytest.param({"activity": "joint_patrol", "since": "2025"}, 3, id="an activity since a year"),
        pytest.param({"who": "za"}, 3, id="a state"),
        pytest.param({"topic": "sco", "until": "2002"}, 6, id="a topic up to a year"),
        pytest.param({"words": "海上联合-2015"}, 2, id="a Chinese name"),
        pytest.param(
            {"words": '"joint sea" Vladivostok', "since": "2025", "until": "2026"}, 1, id="a phrase and a word"
        ),
        pytest.param({"words": "kavkaz", "settled": "yes"}, 0, id="what is settled"),
        pytest.param({"words": '" ((('}, 162, id="stray signs ask for nothing"),
    ],
)
def test_the_chronology_is_filtered(shown: Pages, asked: dict[str, str], count: int) -> None:
    tree = shown.tree(f"/chronology?{urlencode(asked)}")
    assert len(tree.cssselect("ol.events > li")) == count
    for link in tree.cssselect(".quick a"):
        assert all(f"{name}=" in link.get("href") for name in asked), "files have the same filters"


@pytest.mark.parametrize(
    ("format", "media"), [("ics", "text/calendar"), ("csv", "text/csv"), ("json", "application/json")]
)
def test_the_same_as_a_file(shown: Pages, format: str, media: str) -> None:
    answer = shown.ask("GET", f"/chronology.{format}?words=%22joint+sea%22&since=2025&until=2025", headers={})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(media)
    assert f"chronology.{format}" in answer.headers["content-disposition"]
    assert "joint_sea-2025" in answer.text
    assert "joint_sea-2024" not in answer.text


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        pytest.param("/chronology?since=soon", 400, "is no date", id="no date"),
        pytest.param("/chronology.csv?until=2025-99", 400, "no day of the calendar", id="no month"),
        pytest.param("/chronology/joint_see-2025", 404, "Did you mean joint_sea-2025", id="an id misspelt"),
        pytest.param("/chronology?words=" + "x" * 300, 400, "words is", id="a word too long"),
        pytest.param("/search?q=event:joint_see-2025", 400, "event:joint_sea-2025", id="a search for an id misspelt"),
    ],
)
def test_what_cannot_be_shown_is_told(shown: Pages, path: str, status: int, said: str) -> None:
    assert said in " ".join(shown.tree(path, status=status).text_content().split())


def test_one_event_gives_the_reason_of_each_article(shown: Pages) -> None:
    text = " ".join(shown.texts("/chronology/air_patrol-10", "main"))
    assert "likely Its name is not in the text." in text
    assert "Shikoku, its number (10)" in text
    assert "perhaps Its name is not in the text." in text


def test_an_article_names_its_events_and_why(shown: Pages) -> None:
    [events] = shown.texts("/articles/p", "#events")
    assert "10th joint bomber patrol, first off Shikoku likely" in events
    assert "names Shikoku" in events
    labels = shown.tree("/articles/p").cssselect(".labels a.event")
    assert [a.get("href") for a in labels] == ["/search?q=event%3Aair_patrol-10&sort=date"]
    assert not shown.tree("/articles/q").cssselect(".labels a.event"), "what is only perhaps stands on no label"


def test_a_search_counts_events_by_name(shown: Pages) -> None:
    assert "10th joint bomber patrol, first off Shikoku 2" in shown.texts("/search?q=bombers+OR+sanya", "#narrow li")
    assert shown.texts("/search?q=event:air_patrol-10", ".filters li")[0].startswith("Event: 10th joint bomber patrol")


# ------------------------------------------------------------------ proposals


def proposal(pages: Pages) -> str:
    [article] = pages.tree("/chronology").cssselect("#proposed article")
    return str(article.get("id"))


def test_a_proposal_shows_its_evidence_and_is_not_among_the_settled(shown: Pages) -> None:
    id = proposal(shown)
    [told] = shown.texts("/chronology", "#proposed article")
    for said in ("proposed", "2 articles of 2 publishers", "Sanya", "Warships drill off Sanya", "三亚附近海军舰艇演练"):
        assert said in told
    assert id not in [row.get("id") for row in shown.tree("/chronology").cssselect("ol.events > li")]


def test_a_proposal_is_accepted_and_taken_back(pages: Pages) -> None:
    id = proposal(pages)
    form = urlencode(
        {"event": id, "say": "accept", "name": "Drill <off> Sanya", "date": "2027-05-12/2027-05-14", "note": "Seen"}
    )
    answer = pages.post("/events", content=form, headers=OURS)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/chronology/{id}")
    text = " ".join(pages.texts(f"/chronology/{id}", "main"))
    for said in ("Drill <off> Sanya", "12–14 May 2027", "accepted here on reports", "Seen", "2 articles"):
        assert said in text
    assert not pages.tree("/chronology").cssselect("#proposed article")
    assert pages.texts("/articles/a", ".labels a.event") == ["Drill <off> Sanya"]
    assert pages.post("/events", content=urlencode({"event": id, "say": "reopen"}), headers=OURS).status_code == 303
    assert proposal(pages) == id


def test_a_proposal_is_refused(pages: Pages) -> None:
    id = proposal(pages)
    assert (
        pages.post(
            "/events", content=urlencode({"event": id, "say": "refuse", "note": "Yachts"}), headers=OURS
        ).status_code
        == 303
    )
    assert not pages.tree("/chronology").cssselect("#proposed article")
    [decided] = pages.texts("/chronology", "#proposed details li")
    assert "refused" in decided
    assert "Yachts" in decided


@pytest.mark.parametrize(
    ("form", "headers", "status"),
    [
        pytest.param({"say": "accept"}, {"sec-fetch-site": "cross-site"}, 403, id="from another site"),
        pytest.param({"say": "perhaps"}, OURS, 400, id="another word"),
        pytest.param({"say": "accept", "event": "nothing-2027"}, OURS, 400, id="nothing of that id is proposed"),
        pytest.param({"say": "accept", "date": "soon"}, OURS, 400, id="no date"),
        pytest.param({"say": "reopen"}, OURS, 400, id="nothing to take back"),
    ],
)
def test_a_form_that_cannot_be_taken_changes_nothing(
    service: Service, pages: Pages, form: dict[str, str], headers: dict[str, str], status: int
) -> None:
    asked = {"event": proposal(pages), **form}
    assert pages.post("/events", content=urlencode(asked), headers=headers).status_code == status
    assert service.archive.rulings.list() == []
