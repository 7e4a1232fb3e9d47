"""Kept articles walk in and find their place among the stories: what they are recognised by is told here, the archive remembers.

Called at the end of every walk that keeps articles, before a digest is composed, and by `entente stories rebuild`. Where it stops
it goes on the next time: the archive remembers up to which change it has looked.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit

from scrapers.classifying.people import people_of
from scrapers.classifying.rules import Rules
from scrapers.reading.likeness import alike_packed
from scrapers.reading.traits import FORM, recognised
from service.runs.documents import NOBODY
from storage.archive.archive import Archive
from storage.records import Kept, Placing

#: Articles placed in one transaction: others wait for it no longer than a moment.
BATCH = 100


def place_due(
    archive: Archive,
    rules: Callable[[], Rules],
    *,
    most: int | None = None,
    told: Callable[[int], None] = lambda done: None,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Place what was kept or judged anew since the last time, about `most` articles at most; how many were looked at.

    `told` hears after every batch how many that are so far; `stopping` is asked before each. Places of an older form are all
    made anew. Raises ArchiveError.
    """
    stories = archive.stories
    if stories.form() != FORM:
        stories.forget(form=FORM)
    done, up_to = 0, stories.up_to()
    while (most is None or done < most) and not stopping():
        batch = archive.articles.changed_since(up_to, BATCH)
        if not batch:
            break
        up_to = batch[-1].change
        stories.place([placing_of(kept, rules) for kept in batch], alike_packed, up_to=up_to)
        done += len(batch)
        told(done)
    return done


def placed(archive: Archive, rules: Callable[[], Rules], found: Sequence[Kept]) -> list[Kept]:
    """The same articles, each with its story: those that have none yet find it now. Raises ArchiveError."""
    waiting = [kept for kept in found if not kept.story]
    if not waiting:
        return list(found)
    for start in range(0, len(waiting), BATCH):
        archive.stories.place([placing_of(kept, rules) for kept in waiting[start : start + BATCH]], alike_packed)
    now = archive.articles.many([kept.id for kept in found])
    return [replace(kept, story=now[kept.id].story) for kept in found]


def placing_of(kept: Kept, rules: Callable[[], Rules]) -> Placing:
    """What `kept` is recognised by. The rules are asked only where it has a topic."""
    article, verdict, day = kept.article, kept.verdict, day_of(kept)
    if article.outlet == NOBODY:
        # Documents that name no outlet are of as many as they have addresses at.
        article = replace(article, outlet=urlsplit(article.url).hostname or kept.id)
    found = recognised(
        article,
        day=day,
        events=verdict.events,
        activities=verdict.activities,
        people=tuple(_people(kept, rules())) if verdict.strength else (),
    )
    return Placing(article=kept.id, traits=found.traits.pack(), filed=found.filed, sought=found.sought)


def _people(kept: Kept, rules: Rules) -> Iterable[str]:
    article = kept.article
    day = article.published.at.date() if article.published else None
    return people_of(rules, title=article.title, text=article.text, published=day, country=kept.country)


def day_of(kept: Kept) -> date:
    """The day an article counts as published, at its outlet; when it was first seen where that is unknown."""
    published = kept.article.published
    return published.local.date() if published else kept.first_seen.date()
