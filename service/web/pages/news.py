"""What is new: the newest articles with a topic, day by day, each text once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse

from alerts.selecting import group_stories
from service.assembly import Service
from service.runs.completeness import completeness
from service.web.rendering import Renderer
from storage.records import Kept, Match, Story

#: Articles on one page.
PAGE = 40


@dataclass(frozen=True, slots=True)
class Day:
    """What was first seen on one day (UTC) and stands on this page; the seed archive is a "day" of its own, without date."""

    day: date | None
    stories: tuple[Story, ...]
    #: False when the rest of the day stands on the page before or after.
    whole: bool

    @property
    def count(self) -> int:
        return sum(len(story.matches) for story in self.stories)


def router(service: Service, renderer: Renderer) -> APIRouter:
    pages = APIRouter()

    @pages.get("/")
    def news(request: Request, page: int = Query(1, ge=1)) -> HTMLResponse:
        articles = service.archive.articles
        total = articles.count(matched_only=True)
        last = max(1, -(-total // PAGE))
        if page > last:
            raise HTTPException(404, f"There is no page {page} of what is new: the last one is {last}.")
        # One more on either side tells whether a day is cut by the end of the page.
        start = max(0, (page - 1) * PAGE - 1)
        around = articles.newest(limit=PAGE + 2, offset=start)
        first = (page - 1) * PAGE - start
        return renderer.page(
            "news.html",
            request,
            days=days(around[first : first + PAGE], beside=[*around[:first], *around[first + PAGE :]]),
            total=total,
            archived=articles.count(),
            page=page,
            last=last,
            digest=next(iter(service.archive.ledger.list(limit=1)), None),
            seen=completeness(service.archive, service.outlets, now=service.clock()),
        )

    return pages


def days(shown: Sequence[Kept], *, beside: Iterable[Kept] = ()) -> list[Day]:
    """Articles by the day they were first seen, the newest day first and the seed archive last; in it, the newest first."""
    grouped: dict[date | None, list[Kept]] = {}
    for kept in shown:
        grouped.setdefault(_day(kept), []).append(kept)
    cut = {_day(kept) for kept in beside}
    in_order = sorted(grouped, key=lambda day: day or date.min, reverse=True)
    return [Day(day, _stories(grouped[day]), day not in cut) for day in in_order]


def _day(kept: Kept) -> date | None:
    return None if kept.seed else kept.first_seen.astimezone(UTC).date()


def _stories(found: Iterable[Kept]) -> tuple[Story, ...]:
    newest = sorted(found, key=lambda kept: kept.article.published.at if kept.article.published else kept.first_seen)
    return group_stories([Match(kept=kept) for kept in reversed(newest)])
