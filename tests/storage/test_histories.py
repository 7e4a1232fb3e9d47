"""Whole histories leave one archive and arrive in another: as they were, once, and without harm to what is there."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from storage.archive.archive import Archive, open_archive
from storage.archive.histories import History
from storage.records import Change, Mark, Revisit, Strength, Subscription
from storage.revisions import hash_of
from tests.fakes.stores import AStore, Shelf
from tests.fakes.texts import NOON, a_verdict, an_article, no_verdict, rejudge

LONG_AGO = NOON - timedelta(days=7)


@pytest.fixture
def other(tmp_path: Path, shelf: Shelf) -> AStore:
    """A second archive, always a file."""
    folder = tmp_path / "other"
    folder.mkdir()
    return shelf.new(folder)


def hours(number: float) -> timedelta:
    return timedelta(hours=number, microseconds=7)


def lived(archive: Archive) -> None:
    """What may befall articles: edits, another address, new rules, marks, a page that vanished and came back."""
    keep = archive.articles.keep
    first = keep(an_article(), a_verdict(), now=NOON)[1]
    keep(an_article(text="The navies began two joint patrols."), no_verdict(), now=NOON + hours(1))
    keep(an_article(text="The navies began two joint patrols.", url="https://elsewhere.test/1"), no_verdict(), now=NOON)
    rejudge(archive, first.id, a_verdict(rules_version="rules-2", events=("joint_sea-2024",)), NOON + hours(2))
    mark = Mark(
        article=first.id, topic="sco", right=True, strength=None, revision=2, rules_version="r", at=NOON + hours(3)
    )
    archive.marks.put(mark)
    archive.marks.put(replace(mark, topic="china-russia", right=False, strength=Strength.TIE, note="Смотри 注", by="a"))
    vanished(archive, first.id)
    keep(
        an_article(canonical_id="2", published=None, title="联合军演", text="两国海军举行联合军演"),
        no_verdict(),
        now=NOON,
    )
    keep(
        an_article(canonical_id="3", text="", summary_only=True, origin="TASS"),
        no_verdict(),
        now=NOON + hours(4),
        late=True,
    )


def vanished(archive: Archive, id: str) -> None:
    page = Revisit(article=id, outlet="harbour-post", url="https://harbour-post.test/x", first_seen=NOON, due=NOON)
    archive.revisits.watch(page)
    gone = replace(page, missing_since=NOON + hours(5), confirmed=NOON + hours(30), why="404")
    archive.revisits.save(gone, now=NOON + hours(30))


def told(archive: Archive) -> list[History]:
    """Histories without what is each archive's own."""
    return [plain(one) for one in archive.histories.all()]


def plain(one: History) -> History:
    kept = replace(one.kept, change=0, story="", earlier=(), attached=())
    return replace(one, kept=kept)


def put(archive: Archive, histories: Sequence[History]) -> list[Change]:
    return archive.histories.put(histories, now=NOON, old_before=LONG_AGO)


def test_an_empty_archive_remembers_as_the_old_one_did(archive: Archive, other: AStore) -> None:
    lived(archive)
    before = told(archive)
    assert len(before) == 3
    with open_archive(other.url) as second:
        assert put(second, before) == [Change.NEW] * 3
        assert told(second) == before
        assert put(second, before) == [Change.SAME] * 3
        assert told(second) == before
        with open_archive(other.url) as again:
            assert again.articles.by_url("https://elsewhere.test/1") is not None


def test_those_asked_for_come_in_the_order_they_were_seen(archive: Archive) -> None:
    lived(archive)
    ids = [one.kept.id for one in archive.histories.all()]
    assert [one.kept.id for one in archive.histories.of([*reversed(ids), "nobody"])] == ids


def test_more_than_one_reading_misses_none_and_tells_none_twice(archive: Archive) -> None:
    for number in range(401):
        archive.articles.keep(an_article(canonical_id=str(number)), no_verdict(), now=NOON + hours(number % 3))
    ids = [one.kept.id for one in archive.histories.all()]
    assert len(ids) == len(set(ids)) == 401


def longer(one: History) -> History:
    text, number = "And then a third text.", len(one.revisions) + 1
    more = replace(one.revisions[-1], number=number, text=text, text_hash=hash_of(text), captured=NOON + hours(9))
    article = replace(one.kept.article, text=text)
    kept = replace(one.kept, article=article, revision=number, captured=more.captured)
    return replace(one, kept=kept, revisions=(*one.revisions, more))


def earlier(one: History) -> History:
    return replace(one, kept=replace(one.kept, first_seen=NOON - hours(9)))


def shorter(one: History) -> History:
    first = one.revisions[0]
    kept = replace(one.kept, article=replace(one.kept.article, text=first.text), revision=1)
    return replace(one, kept=kept, revisions=(first,), judgements=one.judgements[:1])


def parted(one: History) -> History:
    return replace(longer(shorter(one)), judgements=one.judgements[:1])


def parted_before(one: History) -> History:
    other = parted(one)
    return replace(other, kept=replace(other.kept, captured=NOON - hours(1)))


@pytest.mark.parametrize(
    ("change", "expected", "texts", "stands"),
    [
        pytest.param(longer, Change.REVISED, 3, True, id="one that goes on from ours takes its place"),
        pytest.param(earlier, Change.SAME, 2, True, id="the same, seen earlier, takes its place"),
        pytest.param(shorter, Change.SAME, 2, False, id="one that ours goes on from adds nothing"),
        pytest.param(parted, Change.REVISED, 3, False, id="where two part, the later text is a further revision"),
        pytest.param(parted_before, Change.SAME, 2, False, id="or none, where ours was captured later"),
    ],
)
def test_two_memories_of_one_article_become_one(
    archive: Archive, change: Callable[[History], History], expected: Change, texts: int, stands: bool
) -> None:
    lived(archive)
    one = told(archive)[0]
    theirs = change(one)
    assert put(archive, [theirs]) == [expected]
    after = told(archive)[0]
    assert len(after.revisions) == texts
    assert {text.text for text in one.revisions} <= {text.text for text in after.revisions}
    assert after.marks == one.marks
    if stands:
        assert (after.revisions, after.kept.first_seen) == (theirs.revisions, theirs.kept.first_seen)


def test_an_id_that_another_article_has_is_not_taken(archive: Archive) -> None:
    lived(archive)
    one = told(archive)[0]
    stranger = replace(one, kept=replace(one.kept, article=replace(one.kept.article, canonical_id="stranger")))
    assert put(archive, [stranger]) == [Change.NEW]
    known = archive.articles.find("harbour-post", "stranger")
    assert known is not None
    assert known.id != one.kept.id
    assert set(archive.marks.of(known.id)) == {"sco", "china-russia"}


@pytest.mark.parametrize(
    ("published", "is_news"),
    [pytest.param(NOON, True, id="of today"), pytest.param(NOON - timedelta(days=8), False, id="of last week")],
)
def test_only_what_is_recent_is_news_to_subscriptions(
    archive: Archive, other: AStore, published: datetime, is_news: bool
) -> None:
    article = an_article()
    assert article.published is not None
    dated = replace(article, published=replace(article.published, at=published))
    archive.articles.keep(dated, a_verdict(), now=NOON)
    with open_archive(other.url) as second:
        second.subscriptions.add(Subscription(name="desk", email="a@example.org", since=NOON - timedelta(days=90)))
        put(second, told(archive))
        assert (second.ledger.quiet("desk") == {}) is is_news
