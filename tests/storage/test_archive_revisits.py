"""Pages to be visited again: whose turn it is, and what their answers leave behind. On both stores."""

from dataclasses import replace
from datetime import timedelta

from storage.archive.archive import Archive
from storage.records import Kept, Particular, Revisit
from tests.fakes.texts import NOON, a_verdict, an_article

HOUR = timedelta(hours=1)


def kept(archive: Archive, id: str = "one", outlet: str = "harbour-post") -> Kept:
    return archive.articles.keep(an_article(canonical_id=id, outlet=outlet), a_verdict(), now=NOON, id=id)[1]


def watched(archive: Archive, id: str = "one", *, due: timedelta = HOUR, outlet: str = "harbour-post") -> Revisit:
    article = kept(archive, id, outlet).article
    revisit = Revisit(article=id, outlet=outlet, url=article.url, first_seen=NOON, due=NOON + due, etag='"1"')
    archive.revisits.watch(revisit)
    return revisit


def due(
    archive: Archive, after: timedelta, *, limit: int = 99, per_outlet: int = 99, outlets: str = "harbour-post echo"
) -> list[str]:
    found = archive.revisits.due(now=NOON + after, outlets=outlets.split(), per_outlet=per_outlet, limit=limit)
    return [revisit.article for revisit in found]


def test_what_is_watched_is_remembered_whole_and_once(archive: Archive) -> None:
    revisit = watched(archive)
    assert archive.revisits.get("one") == revisit
    assert not archive.revisits.watch(replace(revisit, etag="another"))
    assert archive.revisits.get("one") == revisit
    assert archive.revisits.get("two") is None


def test_a_turn_comes_to_those_that_wait_longest_and_no_outlet_takes_them_all(archive: Archive) -> None:
    for number in range(3):
        watched(archive, f"harbour-{number}", due=number * HOUR)
    watched(archive, "echo-0", due=2 * HOUR, outlet="echo")
    watched(archive, "gone", outlet="closed")
    archive.revisits.save(replace(watched(archive, "over"), due=None), now=NOON)
    assert due(archive, -HOUR) == []
    assert due(archive, HOUR) == ["harbour-0", "harbour-1"]
    assert due(archive, 9 * HOUR) == ["harbour-0", "harbour-1", "echo-0", "harbour-2"]
    assert due(archive, 9 * HOUR, per_outlet=1) == ["harbour-0", "echo-0"]
    assert due(archive, 9 * HOUR, limit=2) == ["harbour-0", "harbour-1"]
    assert due(archive, 9 * HOUR, outlets="echo") == ["echo-0"]
    assert archive.revisits.count_due(now=NOON + 9 * HOUR) == 5, "outlets nobody visits any more among them"


def test_a_page_that_is_gone_and_back_marks_its_article_for_search(archive: Archive) -> None:
    revisit = watched(archive)
    missing = replace(revisit, missing_since=NOON + HOUR, why="it answered 404")
    archive.revisits.save(missing, now=NOON + HOUR)
    before = archive.articles.last_change()
    assert archive.articles.many(["one"])["one"].gone_since is None
    gone = replace(missing, confirmed=NOON + 25 * HOUR)
    archive.revisits.save(gone, now=NOON + 25 * HOUR)
    archive.revisits.save(gone, now=NOON + 30 * HOUR)
    [changed] = archive.articles.changed_since(before, 9)
    assert (changed.gone_since, changed.revision) == (NOON + HOUR, 1)
    back = replace(revisit, due=None)
    archive.revisits.save(back, now=NOON + 50 * HOUR)
    [changed] = archive.articles.changed_since(changed.change, 9)
    assert changed.gone_since is None
    [absence] = archive.revisits.absences("one")
    assert (absence.since, absence.confirmed, absence.back) == (NOON + HOUR, NOON + 25 * HOUR, NOON + 50 * HOUR)
    assert absence.why == "it answered 404"


def test_a_page_may_be_gone_more_than_once(archive: Archive) -> None:
    revisit = watched(archive)
    for days in (1, 9):
        since, sure = NOON + timedelta(days=days), NOON + timedelta(days=days + 1)
        archive.revisits.save(replace(revisit, missing_since=since, confirmed=sure), now=sure)
        archive.revisits.save(revisit, now=sure + HOUR)
    assert [absence.back for absence in archive.revisits.absences("one")] == [
        NOON + timedelta(days=days + 1, hours=1) for days in (1, 9)
    ]


def test_revisions_say_what_they_touched_and_only_what_matters_counts_as_such(archive: Archive) -> None:
    first = kept(archive)
    polished = replace(first.article, text=first.article.text + " Tea was served to all on board afterwards.")
    changed = replace(polished, text=polished.text.replace("Monday", "Friday"))
    states = []
    for article in (polished, changed, changed):
        states.append(archive.articles.keep(article, a_verdict(), now=NOON)[1])
    assert [(state.revision, state.edits, state.matters) for state in states] == [(2, 1, 1), (3, 2, 3), (3, 2, 3)]
    one, two, three = archive.articles.revisions("one")
    assert (one.is_material, two.is_material, three.is_material) == (False, False, True)
    assert [(touch.what, touch.was, touch.now) for touch in three.touched or ()] == [
        (Particular.NUMBER, "Monday", "Friday")
    ]
    assert [text.number for text in states[-1].earlier] == [1, 2]
    assert states[-1].earlier == (one, two)


def test_a_full_text_in_the_place_of_a_summary_is_no_edit(archive: Archive) -> None:
    short = an_article(text="The navies of China and Russia began a joint patrol.", summary_only=True)
    archive.articles.keep(short, a_verdict(), now=NOON, id="one")
    _, state = archive.articles.keep(an_article(), a_verdict(), now=NOON)
    assert (state.revision, state.edits, state.matters) == (2, 0, 1)
    assert [revision.filled for revision in archive.articles.revisions("one")] == [False, True]
