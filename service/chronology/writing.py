"""The chronology as files other programs read: rows walk in, text walks out. No I/O.

JSON holds all of it. CSV is RFC 4180, with cells that a spreadsheet would take for a formula made harmless (OWASP, "CSV
Injection"). The calendar is iCalendar (RFC 5545), written by the icalendar library.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from icalendar import Calendar
from icalendar import Event as Entry

from service.chronology.rows import Row, Told, in_words
from service.exchange.cells import harmless
from storage.records import Precision, rfc3339

COLUMNS = (
    "id", "date", "first", "last", "precision", "name_en", "name_ru", "name_zh", "activity", "topics", "who", "observers",
    "places", "confidence", "basis", "settled", "planned", "note", "articles", "perhaps", "article_ids", "article_urls", "search",
)  # fmt: skip


#: The articles of an event, by its id.
Articles = Callable[[str], Sequence[Told]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Where the pages are: `https://host`, without a slash at the end."""

    url: str

    def search(self, row: Row) -> str:
        return f"{self.url}/search?q={row.query.replace(':', '%3A')}&sort=date"

    def event(self, row: Row) -> str:
        return f"{self.url}/chronology/{row.event.id}"


def document(row: Row, page: Page, articles: Sequence[Told] | None = None) -> dict[str, Any]:
    """An event as JSON; with `articles` each of them too, with the reason it is one."""
    event = row.event
    told: dict[str, Any] = {
        "id": event.id,
        "name": event.names["en"],
        "names": dict(event.names),
        "date": row.written,
        "first": event.first.isoformat(),
        "last": event.last.isoformat(),
        "precision": event.precision.value,
        "activity": event.activity,
        "topics": list(event.topics),
        "who": list(event.who),
        "observers": list(event.observers),
        "places": [place for place in row.where.split(", ") if place],
        "confidence": event.confidence.value,
        "basis": event.basis.value,
        "announced": event.announced,
        "settled": event.is_settled,
        "planned": row.planned,
        "note": event.note,
        "articles": row.linked.articles,
        "perhaps": row.linked.perhaps,
        "query": row.query,
        "search": page.search(row),
    }
    return told if articles is None else told | {"told_by": [article(one) for one in articles]}


def article(one: Told) -> dict[str, Any]:
    """An article of an event, and why."""
    published = one.kept.article.published
    return {
        "id": one.kept.id,
        "url": one.kept.article.url,
        "title": one.kept.article.title,
        "outlet": one.kept.article.outlet,
        "published": rfc3339(published.local) if published else None,
        "how": one.by.how.value,
        "confidence": one.by.confidence.value,
        "reason": one.by.reason,
    }


def as_json(rows: Iterable[Row], page: Page, articles: Articles) -> str:
    """One document, the articles of each event in it."""
    events = [document(row, page, articles(row.event.id) if row.linked.articles else ()) for row in rows]
    return json.dumps({"events": events}, ensure_ascii=False) + "\n"


# ------------------------------------------------------------------ CSV


def as_csv(rows: Iterable[Row], page: Page, articles: Articles) -> str:
    """A line for each event, with a line of names before them."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow(
            [harmless(cell) for cell in _cells(row, page, articles(row.event.id) if row.linked.articles else ())]
        )
    return text.getvalue()


def _cells(row: Row, page: Page, articles: Sequence[Told]) -> list[object]:
    told, event = document(row, page), row.event
    listed = {
        "name_en": event.names["en"],
        "name_ru": event.names.get("ru", ""),
        "name_zh": event.names.get("zh", ""),
        "topics": " ".join(event.topics),
        "who": " ".join(event.who),
        "observers": " ".join(event.observers),
        "places": row.where,
        "settled": "yes" if event.is_settled else "no",
        "planned": "yes" if row.planned else "no",
        "article_ids": " ".join(one.kept.id for one in articles),
        "article_urls": " ".join(one.kept.article.url for one in articles),
    }
    return [listed.get(column, told.get(column, "")) for column in COLUMNS]


# ------------------------------------------------------------------ iCalendar


def as_calendar(rows: Iterable[Row], page: Page, *, now: datetime) -> str:
    """All-day entries, one for each event. The id of an event makes the UID, so that a calendar read again is no other."""
    calendar = Calendar()
    calendar.add("prodid", "-//Entente//Chronology//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Entente: chronology")
    for row in rows:
        calendar.add_component(_entry(row, page, now))
    return str(calendar.to_ical(), "utf-8")


def _entry(row: Row, page: Page, now: datetime) -> Entry:
    event = row.event
    entry = Entry()
    entry.add("uid", f"{event.id}@entente")
    entry.add("dtstamp", now)
    entry.add("dtstart", event.first)
    # The day after the last one: the end is not part of it (RFC 5545, 3.6.1).
    entry.add("dtend", event.last + timedelta(days=1))
    vague = "" if event.precision is Precision.DAY else f" ({in_words(event)}, day not known)"
    entry.add("summary", event.names["en"] + vague)
    entry.add("description", "\n".join(_described(row, page)))
    entry.add("categories", [event.activity.replace("_", " "), *event.topics])
    entry.add("status", "CONFIRMED" if event.is_settled and not vague else "TENTATIVE")
    # It fills nobody's day.
    entry.add("transp", "TRANSPARENT")
    entry.add("url", page.search(row))
    if row.where:
        entry.add("location", row.where)
    entry.add("x-entente-confidence", event.confidence.value)
    return entry


def _described(row: Row, page: Page) -> Iterable[str]:
    event = row.event
    names = [name for language, name in event.names.items() if language != "en"]
    yield from [" / ".join(names)] if names else []
    yield f"{event.activity.replace('_', ' ').capitalize()}; {row.participants}" + (
        f" (watching: {row.observers})" if row.observers else ""
    )
    yield f"Confidence: {event.confidence.value}" + (f" ({'; '.join(row.doubts)})" if row.doubts else "")
    if row.linked.articles:
        perhaps = f", {row.linked.perhaps} of them perhaps" if row.linked.perhaps else ""
        count = "1 article" if row.linked.articles == 1 else f"{row.linked.articles} articles"
        yield f"{count}{perhaps}: {page.search(row)}"
    yield from [event.note] if event.note else []
