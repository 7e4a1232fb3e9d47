"""What the archive remembers of events: attachments and sightings that follow the articles, and an analyst's rulings."""

from dataclasses import replace
from datetime import date, timedelta

from storage.archive.archive import Archive
from storage.archive.attachments import Linked, Told
from storage.records import (
    Attachment,
    Confidence,
    Event,
    Grounds,
    How,
    Kept,
    Precision,
    Ruling,
    Sighting,
)
from tests.fakes.texts import NOON, a_verdict, an_article, no_verdict, rejudge

SURE = Attachment(event="joint_sea-2025", how=How.NAME, confidence=Confidence.HIGH, reason="Its name.")
PERHAPS = Attachment(event="air_patrol-10", how=How.TELLING, confidence=Confidence.LOW, reason="Its act.")


def keep(archive: Archive, id: str = "one", **over: object) -> Kept:
    verdict = over.pop("verdict", a_verdict())
    return archive.articles.keep(an_article(canonical_id=id, **over), verdict, now=NOON, id=id)[1]  # type: ignore[arg-type]


def sighting(id: str, publisher: str, handle: str = "at/sanya") -> Sighting:
    return Sighting(
        article_id=id,
        handle=handle,
        activity="joint_exercise",
        day=date(2027, 5, 12),
        publisher=publisher,
        text_hash=id,
    )


def test_attachments_come_back_with_the_article_the_surest_first(archive: Archive) -> None:
    kept = keep(archive)
    assert archive.attachments.put([Told(kept=kept, attached=(PERHAPS, SURE))]) == 1
    again = archive.articles.get("one")
    assert again is not None
    assert again.attached == (SURE, PERHAPS)
    assert again.change > kept.change, "search must learn of it"


def test_the_same_attachments_again_are_no_change(archive: Archive) -> None:
    keep(archive)
    for seen in (1, 0):
        assert archive.attachments.put([Told(kept=archive.articles.many(["one"])["one"], attached=(SURE,))]) == seen


def test_an_article_that_changed_since_it_was_read_is_passed_by(archive: Archive) -> None:
    old = keep(archive)
    rejudge(archive, "one", a_verdict(events=("other",)), NOON)
    assert archive.attachments.put([Told(kept=old, attached=(SURE,))]) == 0
    assert archive.articles.many(["one"])["one"].attached == ()


def test_what_is_to_be_read_follows_the_changes(archive: Archive) -> None:
    attachments = archive.attachments
    keep(archive, "one")
    keep(archive, "none", verdict=no_verdict())
    keep(archive, "two")
    assert [kept.id for kept in attachments.unread(0, 10)] == ["one", "two"]
    assert attachments.reached("v1") is None
    assert not attachments.has_any()
    attachments.put([Told(kept=kept) for kept in attachments.unread(0, 1)], version="v1", reached=1)
    assert attachments.reached("v1") == 1
    assert attachments.has_any()
    assert [kept.id for kept in attachments.unread(1, 10)] == ["two"]
    attachments.put((), version="v2", reached=7)
    assert (attachments.reached("v1"), attachments.reached("v2")) == (None, 7), "one register at a time"


def test_what_lost_its_topic_is_read_once_more(archive: Archive) -> None:
    archive.attachments.put([Told(kept=keep(archive), attached=(SURE,))])
    rejudge(archive, "one", no_verdict(), NOON)
    [unread] = archive.attachments.unread(0, 10)
    archive.attachments.put([Told(kept=unread)])
    assert archive.attachments.counts() == {}


def test_events_know_their_articles(archive: Archive) -> None:
    archive.attachments.put(
        [
            Told(kept=keep(archive, "late", published=None), attached=(SURE,)),
            Told(kept=keep(archive, "early"), attached=(SURE, replace(PERHAPS, event="joint_sea-2024"))),
            Told(kept=keep(archive, "other"), attached=(replace(SURE, confidence=Confidence.LOW),)),
        ]
    )
    assert archive.attachments.counts() == {
        "joint_sea-2025": Linked(articles=3, perhaps=1),
        "joint_sea-2024": Linked(articles=1, perhaps=1),
    }
    assert [kept.id for kept in archive.attachments.of_event("joint_sea-2025", limit=10)] == ["early", "other", "late"]
    assert sorted(archive.attachments.ids_of_event("joint_sea-2024")) == ["early"]


def test_sightings_count_when_two_publishers_share_a_handle(archive: Archive) -> None:
    one, two, three = keep(archive, "one"), keep(archive, "two"), keep(archive, "three")
    put = archive.attachments.put
    put([Told(kept=one, sightings=(sighting("one", "tass"),)), Told(kept=two, sightings=(sighting("two", "tass"),))])
    assert archive.attachments.sightings() == []
    put([Told(kept=three, sightings=(sighting("three", "xinhua"), sighting("three", "xinhua", "at/moon")))])
    assert [seen.article_id for seen in archive.attachments.sightings()] == ["one", "three", "two"]
    assert archive.attachments.sightings()[0] == sighting("one", "tass")


EVENT = Event(
    id="drill-2027",
    names={"en": "Drill", "zh": "演练"},
    activity="joint_exercise",
    first=date(2027, 5, 1),
    last=date(2027, 5, 31),
    precision=Precision.MONTH,
    topics=("sco",),
    who=("cn", "ru"),
    places=("sanya",),
    told=("warships",),
    number=3,
    confidence=Confidence.MED,
    basis=Grounds.REPORTED,
    note="Said twice.",
)


def test_a_ruling_is_remembered_whole_and_taken_back(archive: Archive) -> None:
    ruling = Ruling(id=EVENT.id, accepted=True, event=EVENT, articles=("a", "b"), at=NOON, note="Yes", by="web")
    archive.rulings.put(ruling)
    assert archive.rulings.list() == [ruling]
    later = replace(ruling, accepted=False, at=NOON + timedelta(days=1))
    archive.rulings.put(later)
    assert archive.rulings.list() == [later], "the last word stands"
    assert archive.rulings.remove(EVENT.id)
    assert not archive.rulings.remove(EVENT.id)
    assert archive.rulings.list() == []
