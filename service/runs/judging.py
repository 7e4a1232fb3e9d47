"""Many kept articles are judged by given rules, in this process or in several. Ids walk in, whatever `step` makes of each
article and its new verdict walks out, batch by batch: no more than a few batches are held at a time.

Called by `backtesting` and `reclassifying`.
"""

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from scrapers.classifying.loading import load_rules
from scrapers.classifying.rules import Rules
from service.errors import Unusable
from service.runs.keeping import verdict_of
from storage.archive.archive import Archive, open_archive
from storage.records import Kept, Verdict

T = TypeVar("T")

#: What is made of an article and its new verdict; None is passed over. Other processes find it by its name.
Step = Callable[[Kept, Verdict], T | None]

#: Articles read at a time.
BATCH = 250
#: Other processes take two seconds to start: for fewer articles than this they would cost more than they save.
WORTH_SHARING = 3_000
MOST_PROCESSES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """Rules to judge by and the archive to read: also by paths, for another process to find them."""

    archive: Archive
    database: str | Path
    rules: Rules
    #: The operator's topic files those rules were read from.
    files: tuple[Path, ...]


def judged(
    judging: Judging, ids: Sequence[str], step: Step[T], *, processes: int | None = None
) -> Iterator[tuple[int, list[T]]]:
    """For each batch how many articles it held, and what `step` made of them; in the order of `ids`.

    `processes` is for tests; by default as many as this machine has processors, where it pays. Raises ArchiveError,
    and Unusable when another process meets other topic files.
    """
    batches = (ids[first : first + BATCH] for first in range(0, len(ids), BATCH))
    count = processes or min(os.cpu_count() or 1, MOST_PROCESSES)
    if count == 1 or (processes is None and len(ids) < WORTH_SHARING):
        for batch in batches:
            yield len(batch), _judge(judging.archive, judging.rules, batch, step)
        return
    there = partial(_judge_there, judging.database, judging.files, judging.rules.version)
    with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
        under_way: deque[tuple[int, Future[list[T]]]] = deque()
        for batch in batches:
            under_way.append((len(batch), pool.submit(there, batch, step)))
            if len(under_way) > 2 * count:
                size, future = under_way.popleft()
                yield size, future.result()
        for size, future in under_way:
            yield size, future.result()


def _judge(archive: Archive, rules: Rules, ids: Sequence[str], step: Step[T]) -> list[T]:
    made = (
        step(kept, verdict_of(rules, kept.article, country=kept.country))
        for kept in archive.articles.many(ids).values()
    )
    return [one for one in made if one is not None]


# ------------------------------------------------------------------ in another process


def _judge_there(
    database: str | Path, files: tuple[Path, ...], version: str, ids: Sequence[str], step: Step[T]
) -> list[T]:
    archive, rules = _opened(database, files)
    if rules.version != version:
        raise Unusable("The topic files were changed meanwhile: start again.")
    return _judge(archive, rules, ids, step)


@lru_cache(maxsize=1)
def _opened(database: str | Path, files: tuple[Path, ...]) -> tuple[Archive, Rules]:
    return open_archive(database), load_rules(extra=files)
