"""The seed archive beside news: an abstract until the operator brings the text, and no text is taken away."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from storage.archive.archive import Archive
from storage.records import Change, Outlet, Published, SeedDocument, Strength
from tests.fakes.texts import a_verdict, no_verdict

NOW = datetime(2024, 7, 2, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
DOCUMENT = SeedDocument(
    key="007",
    title="A joint patrol, remembered",
    outlet="harbour-post",
    outlet_name="The Harbour Post",
    through="A reading room",
    url="https://reading-room.test/patrol",
    author="Li Wei",
    published=Published(at=datetime(2005, 8, 18, 16, tzinfo=UTC), offset_minutes=480, has_time=False),
    language="zh",
    topics={"sco": Strength.MENTION, "china-russia": Strength.TIE},
    activities=("joint-exercise", "naval"),
    sha256="00" * 32,
    abstract="Two navies patrolled together, says our abstract.",
)


def test_a_seed_stands_beside_news_with_our_abstract_for_its_text(archive: Archive) -> None:
    change, kept = archive.seeds.put(DOCUMENT, verdict=a_verdict(), text=None, now=NOW)
    assert change is Change.NEW
    assert (kept.id, kept.seed, kept.late, kept.outlet_name) == ("seed-007", True, True, "The Harbour Post")
    assert kept.article.text == DOCUMENT.abstract
    assert (kept.article.summary_only, kept.article.published) == (True, DOCUMENT.published)
    assert archive.articles.newest(limit=9) == [kept]
    assert archive.seeds.list() == [DOCUMENT]


def test_a_text_attached_later_is_seen_by_search_and_never_taken_away(archive: Archive) -> None:
    before = archive.seeds.put(DOCUMENT, verdict=a_verdict(), text=None, now=NOW)[1]
    change, attached = archive.seeds.put(DOCUMENT, verdict=no_verdict(), text="The whole text.", now=LATER)
    assert change is Change.REVISED
    assert (attached.article.text, attached.article.summary_only) == ("The whole text.", False)
    assert attached.verdict == no_verdict()
    assert attached.change > before.change

    change, after = archive.seeds.put(DOCUMENT, verdict=a_verdict(), text=None, now=LATER)
    assert (change, after) == (Change.SAME, attached)


@pytest.mark.parametrize("text", [pytest.param(None, id="abstract alone"), pytest.param("All.", id="with its text")])
def test_putting_the_same_again_changes_nothing(archive: Archive, text: str | None) -> None:
    before = archive.seeds.put(DOCUMENT, verdict=a_verdict(), text=text, now=NOW)[1]
    assert archive.seeds.put(DOCUMENT, verdict=a_verdict(), text=text, now=LATER) == (Change.SAME, before)


def test_new_rules_reach_search(archive: Archive) -> None:
    before = archive.seeds.put(DOCUMENT, verdict=a_verdict(), text="All.", now=NOW)[1]
    change, judged = archive.seeds.put(DOCUMENT, verdict=no_verdict(), text="All.", now=LATER)
    assert (change, judged.verdict, judged.revision) == (Change.SAME, no_verdict(), 1)
    assert judged.change > before.change


def test_an_abstract_told_better_is_a_revision_until_the_text_is_there(archive: Archive) -> None:
    better = replace(DOCUMENT, abstract="Better told.")
    archive.seeds.put(DOCUMENT, verdict=a_verdict(), text=None, now=NOW)
    change, kept = archive.seeds.put(better, verdict=a_verdict(), text=None, now=LATER)
    assert (change, kept.article.text) == (Change.REVISED, "Better told.")
    assert archive.seeds.list() == [better]


def test_the_outlets_own_file_names_it_best(archive: Archive) -> None:
    archive.outlets.sync([Outlet(key="harbour-post", name="Harbour Post of Singapore", country="SG")])
    kept = archive.seeds.put(DOCUMENT, verdict=a_verdict(), text=None, now=NOW)[1]
    assert (kept.outlet_name, kept.country) == ("Harbour Post of Singapore", "SG")
