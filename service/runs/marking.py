"""An analyst's word on a verdict: put down, read back as labelled texts, and exported. Called by the command line and the web."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from difflib import get_close_matches
from itertools import groupby
from typing import Any

from scrapers.classifying.rules import Rules
from service.errors import Unusable
from service.runs.scoring import Labelled
from storage.archive.archive import Archive
from storage.records import Kept, Mark, Revision

#: Longer notes belong elsewhere.
LONGEST_NOTE = 2_000


def put_mark(
    archive: Archive, rules: Rules, id: str, topic: str, *, right: bool, now: datetime, note: str = "", by: str = ""
) -> Mark:
    """Marks what the archive says of article `id` on `topic`: that it has it so, or that it has it not.

    Raises Unusable for an unknown article or topic and for a note that is too long.
    """
    kept = archive.articles.get(id)
    if kept is None:
        raise Unusable(f"No article has the id {id!r}: take one from `entente search`.")
    if topic not in {*rules.topics, *kept.verdict.strength}:
        near = get_close_matches(topic, rules.topics, n=1)
        raise Unusable(f"There is no topic {topic!r}: use " + (near[0] if near else " or ".join(rules.topics)) + ".")
    if len(note) > LONGEST_NOTE:
        raise Unusable(f"The note is {len(note)} characters long: use at most {LONGEST_NOTE}.")
    mark = Mark(
        article=kept.id,
        topic=topic,
        right=right,
        strength=kept.verdict.strength.get(topic),
        revision=kept.revision,
        rules_version=kept.verdict.rules_version,
        at=now,
        note=note,
        by=by,
    )
    archive.marks.put(mark)
    return mark


def marked_texts(archive: Archive) -> Iterator[Labelled]:
    """The marked articles as labelled texts: of each, only the topics marked count."""
    for kept, text, marks in _marked(archive):
        yield Labelled(
            title=text.title,
            text=text.text,
            published=kept.article.published.at.date() if kept.article.published else None,
            country=kept.country,
            topics=frozenset(topic for topic, mark in marks.items() if mark.is_about),
            marked=frozenset(marks),
        )


def exported(archive: Archive) -> Iterator[dict[str, Any]]:
    """The same as lines for a file that `entente topics test --labelled` reads."""
    for kept, text, marks in _marked(archive):
        article = kept.article
        yield {
            "id": kept.id,
            "url": article.url,
            "outlet": article.outlet,
            "lang": article.language,
            "date": article.published.at.date().isoformat() if article.published else None,
            "title": text.title,
            "text": text.text,
            "label_topics": [topic for topic, mark in marks.items() if mark.is_about],
            "tolerated": [],
            "marked": list(marks),
            "uncertain": False,
            "rationale": "; ".join(mark.note for mark in marks.values() if mark.note),
        }


def _marked(archive: Archive) -> Iterator[tuple[Kept, Revision, Mapping[str, Mark]]]:
    """Each marked article with the text that was marked last, and its marks on that text by topic."""
    by_article = sorted(archive.marks.list(), key=lambda mark: (mark.article, mark.topic))
    for id, marks in groupby(by_article, key=lambda mark: mark.article):
        kept, its = archive.articles.get(id), list(marks)
        number = max(mark.revision for mark in its)
        text = next((old for old in archive.articles.revisions(id) if old.number == number), None)
        if kept is not None and text is not None:
            yield kept, text, {mark.topic: mark for mark in its if mark.revision == number}
