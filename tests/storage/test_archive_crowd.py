"""Many at once, and deaths in between: threads of a run, a command beside the service, a kill at any moment; on both stores."""

import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path

from storage.archive.archive import Archive, open_archive
from storage.archive.database import Database
from storage.archive.keeping import next_changes
from storage.records import Change, Digest, Entry, Fate
from tests.fakes.stores import AStore
from tests.fakes.texts import NOON, a_verdict, an_article

ROOT = Path(__file__).resolve().parents[2]
WORKERS = 3
LEASE = timedelta(minutes=10)


def digest(day: int = 0, told: Sequence[tuple[str, int]] = (("a", 1),)) -> Digest:
    return Digest(
        subscription="morning",
        email="reader@example.test",
        subject="",
        html="",
        text="",
        message_id=f"<{day}@entente.test>",
        due=NOON + timedelta(days=day),
        composed=NOON,
        told=tuple(told),
    )


# ------------------------------------------------------------------ what each worker does, with an archive of its own


def keep_its_own_and_the_shared(url: str, worker: int) -> list[tuple[Change, int]]:
    """Keeps ten articles nobody else has and ten that all have; returns what each was."""
    with open_archive(url) as archive:
        return _keep(archive, worker)


def _keep(archive: Archive, worker: int) -> list[tuple[Change, int]]:
    done = []
    for n in range(10):
        for name in (f"own-{worker}-{n}", f"shared-{n}"):
            change, kept = archive.articles.keep(an_article(canonical_id=name), a_verdict(), now=NOON)
            done.append((change, kept.change))
            archive.entries.note("harbour-post", [(name, Entry(url=kept.article.url))], point="p", now=NOON)
            archive.entries.settle("harbour-post", name, Fate.KEPT, now=NOON)
    return done


def claim_every_slot(url: str, worker: int) -> list[int]:
    with open_archive(url) as archive:
        claims = [
            archive.ledger.claim(digest(day, [(f"article-{day}", 1)]), owner=str(worker), now=NOON, lease=LEASE)
            for day in range(10)
        ]
        return [record.number for record in claims if record]


def take_up_what_is_owed(url: str, worker: int) -> list[int]:
    with open_archive(url) as archive:
        return [record.number for record in archive.ledger.unfinished(now=NOON + LEASE, owner=str(worker), lease=LEASE)]


# ------------------------------------------------------------------ and what must come of it


def all_is_kept_once(archive: Archive, done: Sequence[tuple[Change, int]]) -> None:
    new = [change for what, change in done if what is Change.NEW]
    assert len(new) == len(set(new)) == archive.articles.count() == WORKERS * 10 + 10
    assert archive.articles.last_change() == len(new)
    assert [kept.change for kept in archive.articles.changed_since(0, 999)] == list(range(1, len(new) + 1))
    assert archive.entries.count_waiting("harbour-post") == 0


def test_threads_sharing_an_archive_lose_nothing(archive: Archive) -> None:
    with ThreadPoolExecutor(WORKERS) as pool:
        done = pool.map(lambda worker: _keep(archive, worker), range(WORKERS))
        all_is_kept_once(archive, [each for one in done for each in one])


def test_processes_sharing_a_store_lose_nothing_and_send_once(store: AStore, archive: Archive) -> None:
    urls, workers = [store.url] * WORKERS, range(WORKERS)
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        done = pool.map(keep_its_own_and_the_shared, urls, workers)
        all_is_kept_once(archive, [each for one in done for each in one])

        claimed = [number for one in pool.map(claim_every_slot, urls, workers) for number in one]
        assert len(claimed) == len(set(claimed)) == 10
        assert archive.ledger.told("morning") == {f"article-{day}": 1 for day in range(10)}

        taken_up = [number for one in pool.map(take_up_what_is_owed, urls, workers) for number in one]
        assert sorted(taken_up) == sorted(claimed)


KEEP_FOR_EVER = """
import sys
from itertools import count
from storage.archive.archive import open_archive
from tests.fakes.texts import NOON, a_verdict, an_article
with open_archive(sys.argv[1]) as archive:
    start = archive.articles.count()
    for n in count(start):
        article = an_article(canonical_id=str(n // 2), text=f"Text {n}.")
        change, kept = archive.articles.keep(article, a_verdict(rules_version=str(n)), now=NOON)
        print(kept.change, flush=True)
"""


def test_a_change_that_commits_late_is_not_passed_over(store: AStore, archive: Archive) -> None:
    """A reader that has seen change number n has seen all below it, whoever was slow to commit."""
    other = Database(store.url)
    with ThreadPoolExecutor(1) as pool:
        with other.write() as slow:
            change = next_changes(slow)
            waiting = pool.submit(archive.articles.keep, an_article(), a_verdict(), now=NOON)
            seen = {archive.articles.last_change() for _ in range(20)}
        assert waiting.result()[1].change == change + 1
    other.close()
    assert seen == {0}


def test_a_kill_at_any_moment_leaves_articles_whole_and_loses_none_that_was_kept(store: AStore) -> None:
    said = 0
    for lines in (1, 7, 20):
        command = [sys.executable, "-c", KEEP_FOR_EVER, store.url]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": "."}) as child:
            assert child.stdout is not None
            for _ in range(lines):
                said = int(child.stdout.readline())
            child.kill()
        with open_archive(store.url) as archive:
            found = archive.articles.changed_since(0, 9999)
            assert archive.articles.last_change() >= said
            assert found[-1].change == archive.articles.last_change()
            assert len(found) == archive.articles.count()
            for kept in found:
                texts = archive.articles.revisions(kept.id)
                assert [text.number for text in texts] == list(range(1, kept.revision + 1))
                assert kept.article.text == texts[-1].text == f"Text {kept.verdict.rules_version}."
                assert kept.verdict.evidence == a_verdict().evidence
