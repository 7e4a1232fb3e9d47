"""Marks and replaced verdicts: the last word stands, and what later rules find is no news."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest

from storage import records, tables
from storage.archive.archive import Archive
from storage.archive.verdicts import Rejudged
from storage.errors import ArchiveError
from storage.records import Kept, Mark, SeedDocument, Strength
from storage.seeds.manifest import read_manifest
from tests.fakes.stores import AStore
from tests.fakes.texts import NOON, a_verdict, an_article, no_verdict

LATER = NOON + timedelta(hours=3)


def kept(archive: Archive, id: str = "one", **over: object) -> Kept:
    verdict = over.pop("verdict", a_verdict())
    return archive.articles.keep(an_article(canonical_id=id, **over), verdict, now=NOON, id=id)[1]  # type: ignore[arg-type]


def a_mark(**over: object) -> Mark:
    mark = Mark(
        article="one",
        topic="sco",
        right=False,
        strength=Strength.TIE,
        revision=1,
        rules_version="rules-1",
        at=NOON,
        note="“SCO” is a telecom company here.",
        by="ann",
    )
    return replace(mark, **over)  # type: ignore[arg-type]


# ------------------------------------------------------------------ marks


def test_a_mark_comes_back_as_it_was_put(archive: Archive) -> None:
    kept(archive)
    marks = [a_mark(), a_mark(topic="china-russia", strength=None, right=True, note="", by="", at=LATER)]
    for mark in marks:
        archive.marks.put(mark)
    assert archive.marks.of("one") == {mark.topic: mark for mark in marks}
    assert archive.marks.list() == marks[::-1], "the last one first"
    assert archive.marks.of("two") == {}


def test_the_last_mark_on_an_article_and_a_topic_stands(archive: Archive) -> None:
    kept(archive)
    archive.marks.put(a_mark())
    archive.marks.put(a_mark(right=True, at=LATER))
    assert archive.marks.list() == [a_mark(right=True, at=LATER)]


def test_marks_are_taken_back_one_by_one_or_all(archive: Archive) -> None:
    kept(archive)
    for topic in ("sco", "china-russia", "other"):
        archive.marks.put(a_mark(topic=topic))
    assert archive.marks.remove("one", "sco") == 1
    assert archive.marks.remove("one", "sco") == 0
    assert archive.marks.remove("one") == 2
    assert archive.marks.list() == []


def test_an_article_nobody_kept_cannot_be_marked(archive: Archive) -> None:
    with pytest.raises(ArchiveError):
        archive.marks.put(a_mark())


@pytest.mark.parametrize(
    ("right", "judged", "is_about"),
    [
        pytest.param(True, Strength.TIE, True, id="given, and rightly"),
        pytest.param(False, Strength.MENTION, False, id="given, and wrongly"),
        pytest.param(True, None, False, id="rightly not given"),
        pytest.param(False, None, True, id="wrongly not given"),
    ],
)
def test_a_mark_says_what_the_text_is_about(right: bool, judged: Strength | None, is_about: bool) -> None:
    assert a_mark(right=right, strength=judged).is_about is is_about


def test_rows_and_records_do_not_drift() -> None:
    assert set(tables.MarkRow.model_fields) == {field.name for field in fields(records.Mark)}


# ------------------------------------------------------------------ verdicts of other rules


def test_what_other_rules_judged_is_listed_in_pages_without_seeds(archive: Archive) -> None:
    for id in ("c", "a", "d", "b"):
        kept(archive, id)
    kept(archive, "new", verdict=a_verdict(rules_version="rules-2"))
    seed: SeedDocument = read_manifest()[0]
    archive.seeds.put(seed, verdict=a_verdict(), text=None, now=NOON)
    assert archive.verdicts.of_other_rules("rules-2", limit=3) == ["a", "b", "c"]
    assert archive.verdicts.of_other_rules("rules-2", after="c", limit=3) == ["d"]
    assert archive.verdicts.count_of_other_rules("rules-2") == 4
    assert archive.verdicts.count_of_other_rules("rules-1") == 1


def test_a_verdict_is_replaced_and_the_old_one_stays_with_its_version(archive: Archive, store: AStore) -> None:
    one = kept(archive)
    new = replace(no_verdict(), rules_version="rules-2")
    assert archive.verdicts.replace([Rejudged(one.id, one.change, new)], found_before={}, now=LATER) == (1, 1)
    after = archive.articles.get(one.id)
    assert after
    assert after.verdict == new
    assert after.change > one.change, "search sees it"
    versions = store.tell("SELECT rules_version, current FROM verdict ORDER BY number")
    assert versions == [("rules-1", False), ("rules-2", True)]


def test_a_verdict_that_differs_in_nothing_one_sees_is_only_dated_anew(archive: Archive) -> None:
    one = kept(archive)
    same = a_verdict(rules_version="rules-2")
    found = {"morning": frozenset[str]()}
    assert archive.verdicts.replace([Rejudged(one.id, one.change, same)], found_before=found, now=LATER) == (1, 0)
    after = archive.articles.get(one.id)
    assert after
    assert (after.change, after.verdict.rules_version) == (one.change, "rules-2")
    assert archive.ledger.quiet("morning") == {}


def test_an_article_that_changed_since_it_was_judged_is_passed_by(archive: Archive) -> None:
    one = kept(archive)
    revised = kept(archive, text="Another text.")
    judged = Rejudged(one.id, one.change, no_verdict())
    unknown = Rejudged("nobody", 1, no_verdict())
    assert archive.verdicts.replace([judged, unknown], found_before={}, now=LATER) == (0, 0)
    assert archive.articles.get(one.id) == revised


def test_what_a_subscription_did_not_find_before_is_no_news_to_it(archive: Archive) -> None:
    one, two = kept(archive, "one"), kept(archive, "two")
    new = a_verdict(strength={"sco": Strength.TIE}, rules_version="rules-2")
    rejudged = [Rejudged(kept.id, kept.change, new) for kept in (one, two)]
    archive.verdicts.replace(rejudged, found_before={"morning": {"one"}, "evening": set()}, now=LATER)
    assert archive.ledger.quiet("morning") == {"two": 1}
    assert archive.ledger.quiet("evening") == {"one": 1, "two": 1}
    assert archive.ledger.quiet("nobody") == {}


def test_being_quiet_follows_the_revision(archive: Archive) -> None:
    one = kept(archive)
    for version, text in (("rules-2", "First."), ("rules-3", "Second.")):
        one = kept(archive, text=text)
        new = a_verdict(strength={version: Strength.TIE}, rules_version=version)
        archive.verdicts.replace([Rejudged(one.id, one.change, new)], found_before={"morning": ()}, now=LATER)
    assert archive.ledger.quiet("morning") == {"one": 3}
