"""A running service and topic files that change underneath: new ones count, bad ones are refused, the news goes on."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from structlog.testing import capture_logs

from service.assembly import Service
from service.serving import visit_outlets
from tests.fakes.house import Clock, a_feed, a_page, a_service, an_outlet
from tests.fakes.outlet_server import OutletServer
from tests.fakes.reading_room import pages_of

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
BANDS = """
concepts:
  band: {en: [brass band]}
topic: bands
rules:
  - {id: plays, all: [band], points: 5}
"""


STORY = (
    "{}: so it was on square number {}, where the bakers had put up their stalls before dawn and nobody minded the rain.",
    "The mayor said a few words, the children were given plum cakes, and the clock of the old town hall struck eleven.",
    "Those who came late found the benches taken and listened from the bridge; the ferry waited for the last of them.",
)


class Desk:
    """A service that visits one outlet, and the operator's folder of topics."""

    def __init__(self, service: Service, server: OutletServer, topics: Path, clock: Clock) -> None:
        self.service, self.server, self.topics, self.clock = service, server, topics, clock
        self._shown: list[tuple[str, str]] = []

    def walk(self, title: str) -> tuple[str, ...]:
        """One run of the service, which finds one more article; the topics that article is given."""
        number = len(self._shown) + 1
        self._shown.append((self.server.url(f"/news/{number}"), title))
        self.server.forget("/feed")
        self.server.answer("/feed", a_feed(*self._shown))
        self.server.answer(f"/news/{number}", a_page(title, *(line.format(title, number) for line in STORY)))
        self.clock.now = self.clock.now.replace(hour=self.clock.now.hour + 1)
        with self.service.web_fetcher() as fetcher:
            visit_outlets(self.service, self.service.intake(fetcher))
        [kept] = [
            one
            for one in self.service.archive.articles.newest(limit=9, matched_only=False)
            if one.article.title == title
        ]
        assert kept.verdict.rules_version == self.service.rules.version
        return kept.verdict.topics

    def ready(self) -> dict[str, str]:
        with pages_of(self.service) as base:
            answer = httpx.get(f"{base}/readyz", trust_env=False)
        assert answer.status_code == 200
        return dict(json.loads(answer.content))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    topics, clock = tmp_path / "topics", Clock(NOW)
    topics.mkdir()
    with (
        OutletServer() as server,
        a_service(
            tmp_path / "data",
            press=[an_outlet(server.host, "/feed")],
            clock=clock,
            hosts=[server.host],
            topics_dir=str(topics),
        ) as service,
    ):
        yield Desk(service, server, topics, clock)


def test_a_file_dropped_into_the_folder_counts_from_the_next_run(desk: Desk) -> None:
    assert desk.walk("A brass band plays") == ()
    before = desk.service.rules.version
    (desk.topics / "bands.yaml").write_text(BANDS, encoding="utf-8")
    with capture_logs() as logs:
        assert desk.walk("Another brass band plays") == ("bands",)
    [told] = [line for line in logs if line["event"] == "new rules"]
    assert (told["before"], told["rules"]) == (before, desk.service.rules.version)
    (desk.topics / "bands.yaml").unlink()
    assert desk.walk("A third brass band plays") == ()
    assert desk.service.rules.version == before


def test_a_bad_file_is_refused_once_and_aloud_and_the_rules_stay(desk: Desk) -> None:
    (desk.topics / "bands.yaml").write_text(BANDS, encoding="utf-8")
    assert desk.walk("A brass band plays") == ("bands",)
    (desk.topics / "bands.yaml").write_text(BANDS.replace("[band]", "[bnad]"), encoding="utf-8")
    with capture_logs() as logs:
        assert desk.walk("Another brass band plays") == ("bands",)
        assert desk.walk("A third brass band plays") == ("bands",)
    [told] = [line for line in logs if line["event"].startswith("topic files refused")]
    for where in (told["why"], desk.ready()["topics_refused"]):
        assert "bands.yaml, line 6" in where
        assert "bnad" in where
    (desk.topics / "bands.yaml").write_text(BANDS, encoding="utf-8")
    assert desk.walk("A fourth brass band plays") == ("bands",)
    assert "topics_refused" not in desk.ready()


def test_a_folder_that_is_gone_changes_no_rules(desk: Desk) -> None:
    (desk.topics / "bands.yaml").write_text(BANDS, encoding="utf-8")
    assert desk.walk("A brass band plays") == ("bands",)
    desk.topics.rename(desk.topics.with_name("elsewhere"))
    assert desk.walk("Another brass band plays") == ("bands",)
    assert "no such file or folder" in desk.ready()["topics_refused"]
