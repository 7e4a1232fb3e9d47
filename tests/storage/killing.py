"""A process whose children index and search at once, and are killed while they index: run by test_index_crowd.

    python -m tests.storage.killing FOLDER ROUNDS

Children are forked from a parent that never touches an index, so each has whole threads of its own, and each round costs what
its work costs. Prints a line a round: what the child did and how long it lived (ms), how many articles were found before and
after catching up. The last line tells how many whole searches two readers made while a third process made the index anew.
"""

import os
import random
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from storage.search import index
from storage.search.index import SearchIndex
from storage.search.query import parse_query
from tests.fakes.articles import NOW, KeptInMemory, kept

COUNT = 4 * index.BATCH
TRUTH = KeptInMemory(*(kept(f"{n:05}", f"patrol number{n:05} 联合军演") for n in range(COUNT)))


def work(folder: Path, *, anew: bool) -> None:
    """Index everything: from nothing with many commits, or anew over what there is, with one."""
    index.COMMIT_EVERY = index.BATCH
    if anew:
        SearchIndex(folder, TRUTH).rebuild()
    else:
        SearchIndex(folder, TRUTH).catch_up()


def look(folder: Path) -> None:
    """Prints how many can be found as things stand and after catching up; fails when any is found twice or wrongly."""
    opened = SearchIndex(folder, TRUTH)
    before = _found(opened)
    opened.catch_up()
    after = _found(opened)
    assert len(set(before)) == len(before)
    assert sorted(after) == [f"{n:05}" for n in range(COUNT)]
    for n in range(0, COUNT, 97):
        [hit] = opened.search(parse_query(f'"patrol number{n:05}" 军演'), now=NOW).hits
        assert hit.id == f"{n:05}"
    tell(f"{len(before)} {len(after)}\n")


def tell(words: str) -> None:
    sys.stdout.write(words)
    sys.stdout.flush()


def _found(opened: SearchIndex) -> list[str]:
    return [hit.id for hit in opened.search(parse_query("patrol"), limit=COUNT * 2, now=NOW).hits]


def child(task: Callable[[], None]) -> int:
    """The process id of a child that does `task` and ends; 1 is its exit code when that fails."""
    sys.stdout.flush()
    number = os.fork()
    if number == 0:
        code = 1
        try:
            task()
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    return number


def code_of(number: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])


def read(folder: Path, done: Path) -> None:
    """Searches until `done` is there; every search must find everything."""
    opened, searches = SearchIndex(folder, TRUTH), 0
    while not done.exists() or not searches:
        assert len(set(_found(opened))) == COUNT
        searches += 1
    tell(f"{searches} ")


def write(folder: Path, done: Path) -> None:
    for _ in range(3):
        work(folder, anew=True)
    done.touch()


def main(folder: Path, rounds: int) -> int:
    chance = random.Random(20240702)
    started = time.monotonic()
    whole = code_of(child(lambda: work(folder, anew=False)))
    longest = time.monotonic() - started
    for number in range(rounds):
        anew = number % 2 == 1
        if not anew:
            shutil.rmtree(folder, ignore_errors=True)
        worker = child(lambda anew=anew: work(folder, anew=anew))
        lived = chance.uniform(0, 1.5 * longest)
        time.sleep(lived)
        os.kill(worker, signal.SIGKILL)
        code_of(worker)
        tell(f"{'rebuild' if anew else 'catch_up'} {lived * 1000:.0f} ")
        whole += code_of(child(lambda: look(folder)))
    done = folder.with_suffix(".done")
    crowd = [child(lambda task=task: task(folder, done)) for task in (read, read, write)]
    return whole + sum(map(code_of, crowd))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2])))
