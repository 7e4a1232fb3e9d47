"""Articles in the archive: kept whole, found again, never overwritten."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest

from storage.archive.archive import Archive
from storage.errors import ArchiveError
from storage.records import Change, Entry, Fate, Outlet, Published, Strength, Verdict
from tests.fakes.stores import AStore
from tests.fakes.texts import NOON, a_verdict, an_article, no_verdict, rejudge

LATER = NOON + timedelta(hours=3)


def test_an_article_comes_back_as_it_was_kept(archive: Archive) -> None:
    article, verdict = an_article(byline="Li Wei", origin="Xinhua"), a_verdict()
    change, kept = archive.articles.keep(article, verdict, now=LATER, captured=NOON, late=True)
    assert change is Change.NEW
    assert (kept.article, kept.verdict) == (article, verdict)
    assert (kept.first_seen, kept.captured, kept.late, kept.seed, kept.revision) == (LATER, NOON, True, False, 1)
    assert archive.articles.get(kept.id) == kept
    assert archive.articles.find(article.outlet, article.canonical_id) == kept
    assert archive.articles.by_url(article.url) == kept


def test_verdicts_come_back_in_their_order(archive: Archive) -> None:
    evidence = tuple(replace(a_verdict().evidence[0], rule=f"rule-{place}") for place in range(12))
    verdict = a_verdict(
        strength={"sco": Strength.TIE, "china-russia": Strength.MENTION},
        activities=("patrol", "arms", "naval"),
        events=("sea-2025", "land-2024"),
        evidence=evidence,
        points={"sco": 3.5, "china-russia": 1.0, "other": 0.25},
    )
    kept = archive.articles.keep(an_article(), verdict, now=NOON)[1]
    assert kept.verdict == verdict
    assert kept.verdict.topics == ("sco", "china-russia")


def test_an_id_is_the_same_in_every_archive(archive: Archive) -> None:
    kept = archive.articles.keep(an_article(outlet="o", canonical_id="c"), a_verdict(), now=NOON)[1]
    assert kept.id == sha256(b"o\nc").hexdigest()[:12]


def test_an_id_wished_for_is_given_once(archive: Archive) -> None:
    first = archive.articles.keep(an_article(canonical_id="a"), a_verdict(), now=NOON, id="text-1")[1]
    second = archive.articles.keep(an_article(canonical_id="b"), a_verdict(), now=NOON, id="text-1")[1]
    again = archive.articles.keep(an_article(canonical_id="a", text="Other."), a_verdict(), now=NOON, id="text-9")[1]
    assert first.id == again.id == "text-1"
    assert second.id not in ("", "text-1")
    assert archive.articles.count() == 2


def test_an_id_that_is_taken_grows_longer(archive: Archive) -> None:
    derived = sha256(b"o\nc").hexdigest()
    archive.articles.keep(an_article(canonical_id="other"), a_verdict(), now=NOON, id=derived[:12])
    kept = archive.articles.keep(an_article(outlet="o", canonical_id="c"), a_verdict(), now=NOON)[1]
    assert kept.id == derived[:16]


def test_the_same_again_changes_nothing(archive: Archive) -> None:
    before = archive.articles.keep(an_article(), a_verdict(), now=NOON)[1]
    change, after = archive.articles.keep(an_article(), a_verdict(rules_version="rules-2"), now=LATER)
    assert (change, after) == (Change.SAME, before)
    assert archive.articles.last_change() == 1


def test_a_changed_text_is_a_revision_and_the_old_one_stays_readable(archive: Archive) -> None:
    before = archive.articles.keep(an_article(text="It opens on Monday."), a_verdict(), now=NOON)[1]
    change, after = archive.articles.keep(an_article(text="It opens on Tuesday."), no_verdict(), now=LATER)
    assert change is Change.REVISED
    assert (after.id, after.revision, after.article.text) == (before.id, 2, "It opens on Tuesday.")
    assert (after.first_seen, after.captured) == (NOON, LATER)
    assert after.verdict == no_verdict()
    assert after.change > before.change
    texts = [(r.number, r.text, r.captured) for r in archive.articles.revisions(before.id)]
    assert texts == [(1, "It opens on Monday.", NOON), (2, "It opens on Tuesday.", LATER)]


def test_two_addresses_of_one_article_are_one_article(archive: Archive) -> None:
    first = archive.articles.keep(an_article(url="https://a.test/1?from=feed"), a_verdict(), now=NOON)[1]
    change, second = archive.articles.keep(an_article(url="https://a.test/1"), a_verdict(), now=LATER)
    assert (change, second) == (Change.SAME, first)
    assert archive.articles.by_url("https://a.test/1") == first
    assert archive.articles.by_url("https://a.test/1?from=feed") == first
    assert archive.articles.count() == 1


def test_the_same_id_at_two_outlets_is_two_articles(archive: Archive) -> None:
    for outlet in ("harbour-post", "river-times"):
        assert archive.articles.keep(an_article(outlet=outlet), a_verdict(), now=NOON)[0] is Change.NEW
    assert archive.articles.count() == 2


def test_the_newest_come_first_and_what_no_topic_claims_is_left_out(archive: Archive) -> None:
    for hour in range(4):
        verdict = a_verdict() if hour % 2 else no_verdict()
        archive.articles.keep(an_article(canonical_id=str(hour)), verdict, now=NOON + timedelta(hours=hour))

    def page(**asked: Any) -> list[str]:
        return [kept.article.canonical_id for kept in archive.articles.newest(**asked)]

    assert page(limit=9) == ["3", "1"]
    assert page(limit=9, matched_only=False) == ["3", "2", "1", "0"]
    assert page(limit=2, offset=1, matched_only=False) == ["2", "1"]
    assert (archive.articles.count(), archive.articles.count(matched_only=True)) == (4, 2)


def test_many_come_in_the_order_asked_for(archive: Archive) -> None:
    ids = [archive.articles.keep(an_article(canonical_id=str(n)), a_verdict(), now=NOON)[1].id for n in range(3)]
    asked = [ids[2], "unknown", ids[0]]
    assert list(archive.articles.many(asked)) == [ids[2], ids[0]]
    assert archive.articles.many([]) == {}


def test_changes_are_told_in_their_order_and_each_once(archive: Archive) -> None:
    for n in range(5):
        archive.articles.keep(an_article(canonical_id=str(n)), a_verdict(), now=NOON)
    archive.articles.keep(an_article(canonical_id="1", text="Revised."), a_verdict(), now=LATER)
    told, last = [], 0
    while found := archive.articles.changed_since(last, 2):
        told += [kept.article.canonical_id for kept in found]
        last = found[-1].change
    assert told == ["0", "2", "3", "4", "1"]
    assert last == archive.articles.last_change() == 6


def test_reclassifying_is_a_change_only_where_a_reader_sees_it(archive: Archive) -> None:
    kept = archive.articles.keep(an_article(), a_verdict(), now=NOON)[1]
    assert not rejudge(archive, kept.id, a_verdict(rules_version="rules-2"), LATER)
    redated = archive.articles.get(kept.id)
    assert redated is not None
    assert (redated.verdict.rules_version, redated.change) == ("rules-2", kept.change)

    other = Verdict(strength={"sco": Strength.MENTION}, rules_version="rules-3")
    assert rejudge(archive, kept.id, other, LATER)
    judged = archive.articles.get(kept.id)
    assert judged is not None
    assert (judged.verdict, judged.revision) == (other, 1)
    assert judged.change > kept.change
    assert not rejudge(archive, "unknown", other, LATER)


def test_a_verdict_that_was_replaced_stays_in_the_database(archive: Archive, store: AStore) -> None:
    kept = archive.articles.keep(an_article(), a_verdict(), now=NOON)[1]
    rejudge(archive, kept.id, no_verdict(), LATER)
    assert store.tell("SELECT current FROM verdict ORDER BY number") == [(False,), (True,)]
    assert store.tell("SELECT form FROM evidence") == [("joint patrol",)]


def test_the_name_of_an_outlet_stands_with_its_articles(archive: Archive) -> None:
    kept = archive.articles.keep(an_article(), a_verdict(), now=NOON)[1]
    assert (kept.outlet_name, kept.country) == ("harbour-post", "")
    archive.outlets.sync([Outlet(key="harbour-post", name="The Harbour Post", country="SG")])
    named = archive.articles.get(kept.id)
    assert named is not None
    assert (named.outlet_name, named.country) == ("The Harbour Post", "SG")


@pytest.mark.parametrize(
    "title",
    [
        pytest.param("half a \ud83d character", id="half a character"),
        pytest.param("a NUL \x00 inside", id="a NUL"),
        pytest.param("两国 🚢 Учения", id="three scripts and a ship"),
    ],
)
def test_a_text_no_store_can_hold_keeps_its_length_and_is_not_new_at_every_visit(archive: Archive, title: str) -> None:
    article = an_article(outlet=title, canonical_id=title, url=f"https://{title}", title=title, byline=title)
    kept = archive.articles.keep(article, a_verdict(), now=NOON)[1]
    assert len(kept.article.title) == len(title)
    assert archive.articles.keep(article, a_verdict(), now=NOON)[0] is Change.SAME
    assert archive.articles.last_change() == 1


def test_addresses_and_ids_of_any_length_are_kept_and_found(archive: Archive) -> None:
    # Nothing a store could pack: no index of PostgreSQL holds so much.
    long = "https://harbour-post.test/" + "".join(sha256(bytes([n])).hexdigest() for n in range(99))
    kept = archive.articles.keep(an_article(canonical_id=long, url=long), a_verdict(), now=NOON, id=long)[1]
    assert kept.article.url == long
    assert len(kept.id) == 12
    assert archive.articles.by_url(long) == archive.articles.find("harbour-post", long) == kept
    assert archive.articles.find("harbour-post", long + "x") is None
    elsewhere = an_article(canonical_id=long, url=long + "?from=feed")
    assert archive.articles.keep(elsewhere, a_verdict(), now=NOON) == (Change.SAME, kept)
    assert archive.articles.by_url(long + "?from=feed") == kept
    for _ in range(2):
        archive.entries.note("harbour-post", [(long, Entry(url=long))], point=long[:99], now=NOON)
        archive.entries.settle("harbour-post", long, Fate.KEPT, now=NOON)
    assert archive.entries.count_waiting("harbour-post") == 0
    assert archive.entries.by_url(long) is not None


@pytest.mark.parametrize("odd", [pytest.param("a\x00b", id="a NUL"), pytest.param("\ud83d", id="half a character")])
def test_asking_for_what_no_store_can_hold_finds_nothing(archive: Archive, odd: str) -> None:
    assert archive.articles.get(odd) is archive.articles.by_url(odd) is archive.articles.find(odd, odd) is None
    assert archive.articles.revisions(odd) == archive.ledger.list(odd) == []
    assert archive.entries.by_url(odd) is archive.points.get(odd, odd) is None
    assert archive.ledger.told(odd) == {}


@pytest.mark.parametrize("table", ["article", "revision", "verdict", "evidence"])
def test_an_article_that_cannot_be_kept_whole_is_not_kept(archive: Archive, store: AStore, table: str) -> None:
    with store.refusing(table), pytest.raises(ArchiveError, match=r"The archive .+ cannot be used: .+ says: no room$"):
        archive.articles.keep(an_article(), a_verdict(), now=NOON)
    assert (archive.articles.count(), archive.articles.last_change()) == (0, 0)
    assert archive.articles.keep(an_article(), a_verdict(), now=NOON)[0] is Change.NEW
    assert archive.articles.last_change() == 1


def test_a_revision_that_cannot_be_kept_whole_leaves_the_article_as_it_was(archive: Archive, store: AStore) -> None:
    before = archive.articles.keep(an_article(), a_verdict(), now=NOON)[1]
    with store.refusing("evidence"), pytest.raises(ArchiveError):
        archive.articles.keep(an_article(text="Revised."), a_verdict(), now=LATER)
    assert archive.articles.get(before.id) == before
    assert len(archive.articles.revisions(before.id)) == 1


def test_a_naive_time_is_refused(archive: Archive) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        archive.articles.keep(an_article(), a_verdict(), now=datetime(2024, 7, 2, 12, 0))  # noqa: DTZ001
    assert archive.articles.count() == 0


def test_times_come_back_in_utc_with_the_outlets_offset_beside(archive: Archive) -> None:
    published = Published(at=datetime(2024, 7, 2, 9, 30, tzinfo=UTC), offset_minutes=480, has_time=False)
    beijing = published.local
    kept = archive.articles.keep(an_article(published=replace(published, at=beijing)), a_verdict(), now=beijing)[1]
    assert kept.article.published == published
    assert (kept.first_seen.tzinfo, kept.first_seen) == (UTC, beijing)
