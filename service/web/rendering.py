"""Values to HTML: templates, and the few ways our records are put into words on a page. Everything is escaped here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from service.assembly import Service
from storage.records import Evidence, Published

TOPICS = {"china-russia": "China–Russia", "sco": "SCO"}
LANGUAGES = {"en": "English", "ru": "Russian", "zh": "Chinese", "ko": "Korean", "ja": "Japanese", "fa": "Persian"}
STRENGTHS = {"tie": "tie", "mention": "mention"}


class Renderer:
    """Fills templates. One for the life of the application."""

    def __init__(self, service: Service) -> None:
        self._environment = Environment(
            loader=PackageLoader("service.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters.update(
            topic=topic_name,
            activity=activity_name,
            language=language_name,
            when=when,
            stamp=stamp,
            iso=iso,
            host=host,
            passages=passages,
        )
        self._environment.globals.update(marked=marked, link=link)
        self._service = service

    def page(self, name: str, request: Request, *, status: int = 200, **values: Any) -> HTMLResponse:
        """The template `name` filled with `values`. `q` is always there for the search box."""
        values = {"q": "", "here": request.url.path, "now": self._service.clock()} | values
        return HTMLResponse(self._environment.get_template(name).render(values), status_code=status)


def topic_name(topic: str) -> str:
    return TOPICS.get(topic, topic)


def activity_name(activity: str) -> str:
    return activity.replace("_", " ")


def language_name(language: str) -> str:
    return LANGUAGES.get(language, language or "unknown")


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def stamp(moment: datetime | None) -> str:
    """A moment in UTC, for people."""
    return f"{moment.astimezone(UTC):%d %b %Y %H:%M} UTC" if moment else "never"


def when(published: Published | None) -> str:
    """A published time on the outlet's clock, with UTC behind it."""
    if published is None:
        return "no date given"
    local = published.local
    if not published.has_time:
        return f"{local:%d %b %Y}"
    minutes = published.offset_minutes
    sign = "−" if minutes < 0 else "+"
    offset = f"UTC{sign}{abs(minutes) // 60}" + (f":{abs(minutes) % 60:02}" if minutes % 60 else "")
    at = published.at.astimezone(UTC)
    utc = f"{at:%H:%M} UTC" if at.date() == local.date() else f"{at:%d %b %H:%M} UTC"
    return f"{local:%d %b %Y %H:%M} ({offset})" + (f", {utc}" if minutes else "")


def host(url: str) -> str:
    return urlsplit(url).netloc.removeprefix("www.") or url


def link(path: str, **values: Any) -> str:
    """`path` with the values that are not empty as its query."""
    asked = {name: value for name, value in values.items() if value not in ("", None)}
    return f"{path}?{urlencode(asked)}" if asked else path


def marked(text: str, spans: Iterable[Sequence[int]], *, start: int = 0) -> Markup:
    """`text` with the spans marked. `start` is where `text` begins in what the spans count from."""
    pieces: list[Markup] = []
    position = 0
    for span_start, span_end in sorted((first - start, last - start) for first, last in spans):
        first, last = max(span_start, position), min(span_end, len(text))
        if first >= last:
            continue
        pieces += [escape(text[position:first]), Markup("<mark>"), escape(text[first:last]), Markup("</mark>")]
        position = last
    return Markup("").join([*pieces, escape(text[position:])])


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence that earned a verdict, with all its words that did, and by which rules."""

    sentence: Markup
    field: str
    rules: tuple[tuple[str, str], ...]


def passages(evidence: Iterable[Evidence]) -> list[Passage]:
    """The evidence sentence by sentence, in the order given."""
    by_sentence: dict[tuple[str, str], list[Evidence]] = {}
    for piece in evidence:
        by_sentence.setdefault((piece.field, piece.sentence), []).append(piece)
    return [
        Passage(
            marked(sentence, [span for piece in pieces for span in spans_in_sentence(piece)]),
            field,
            tuple(dict.fromkeys((piece.topic, piece.rule) for piece in pieces)),
        )
        for (field, sentence), pieces in by_sentence.items()
    ]


def spans_in_sentence(piece: Evidence) -> list[tuple[int, int]]:
    """Where the form stands in its own sentence."""
    start = piece.sentence.find(piece.form)
    return [(start, start + len(piece.form))] if start >= 0 else []


def paragraphs(text: str, evidence: Iterable[Evidence]) -> list[Markup]:
    """The text as paragraphs with its evidence marked where it stands."""
    spans = [(piece.start, piece.end) for piece in evidence if piece.field == "text"]
    position, found = 0, []
    for line in text.split("\n"):
        if line.strip():
            found.append(marked(line, spans, start=position))
        position += len(line) + 1
    return found


def counted(facets: Mapping[str, Mapping[str, int]], most: int = 8) -> dict[str, list[tuple[str, int]]]:
    """Facets with their greatest counts first; years newest first."""
    newest_first = {"year"}
    return {
        name: (
            sorted(counts.items(), reverse=True)
            if name in newest_first
            else sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        )[:most]
        for name, counts in facets.items()
    }
