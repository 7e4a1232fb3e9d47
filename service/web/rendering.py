"""Values to HTML: the templates, and what every template may use. Everything is escaped; the pages only ask and hand over."""

import hashlib
from functools import partial
from importlib.resources import files
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from alerts.composing.layout import safe_link
from alerts.composing.marking import marked_sentences, marked_title
from service.assembly import Service
from service.chronology.rows import in_words
from service.diffs import touches
from service.stories import place_in_story
from service.web import naming, timing
from service.web.naming import Names
from storage.records import Confidence, Kept

#: Columns of a title and of a sentence in a list; a page shows them whole.
TITLE, SENTENCE = 220, 320


class Renderer:
    """Fills templates. One for the life of the application."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._names = Names(service.rules, service.read_register())
        self._environment = Environment(
            loader=PackageLoader("service.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.filters.update(
            role=place_in_story,
            touches=touches,
            topic=self._names.topic,
            activity=self._names.activity,
            event=self._event,
            tells_of=tells_of,
            in_words=in_words,
            confidence=lambda word: naming.CONFIDENCES[word],
            strength=lambda strength: naming.STRENGTHS.get(strength, strength),
            language=naming.language,
            tag=naming.tag,
            country=naming.country,
            stamp=timing.stamp,
            short_day=timing.short_day,
            long_day=timing.long_day,
            iso=timing.iso,
            when=timing.when,
            title_passage=partial(marked_title, limit=TITLE),
            sentences=partial(marked_sentences, most=1, limit=SENTENCE),
            web_link=safe_link,
            host=host,
            counted=counted,
        )
        self._environment.globals.update(
            link=link,
            article_link=article_link,
            event_link=event_link,
            ago=timing.ago,
            style=f"/static/style.css?v={_version('style.css')}",
            suggest_script=f"/static/suggest.js?v={_version('suggest.js')}",
        )

    def page(self, name: str, request: Request, *, status: int = 200, **values: Any) -> HTMLResponse:
        """The template `name` filled with `values`. `q` is always there for the search box."""
        given = {"q": "", "section": "/" + request.url.path.split("/")[1], "now": self._service.clock()}
        html = self._environment.get_template(name).render(given | values)
        # Half a character, which only an outlet's file could hold, must not cost the page.
        return HTMLResponse(html.encode("utf-8", "replace"), status_code=status)

    def _event(self, id: str) -> str:
        """What an event is called; those that analysts accepted are asked for only where the files do not know it."""
        register = self._service.read_register()
        return (register if id in register.events else self._service.register).name(id)


def tells_of(kept: Kept) -> list[str]:
    """Ids of the events that stand on the label of an article: none it tells of only perhaps."""
    surely = [one.event for one in kept.attached if one.confidence is not Confidence.LOW]
    return list(dict.fromkeys([*surely, *(id for id in kept.verdict.events if not _has_stages(kept, id))]))


def _has_stages(kept: Kept, id: str) -> bool:
    return any(one.event.rstrip("I") == id for one in kept.attached)


def _version(name: str) -> str:
    """Changes with the file, so that no browser keeps an old one."""
    return hashlib.sha256(files("service.web").joinpath("static", name).read_bytes()).hexdigest()[:8]


def host(url: str) -> str:
    """The name a reader knows a web address by."""
    return url.split("/")[2].rpartition("@")[2].removeprefix("www.")


def link(path: str, **values: Any) -> str:
    """`path` with the values that are not empty as its query."""
    asked = {name: value for name, value in values.items() if value not in ("", None)}
    return f"{path}?{urlencode(asked)}" if asked else path


def article_link(id: str) -> str:
    """Imported articles bring ids of their own; any character may stand in one."""
    return f"/articles/{quote(id, safe='')}"


def event_link(id: str) -> str:
    return f"/chronology/{quote(id, safe='')}"


def counted(number: int, one: str, many: str = "") -> str:
    """1 article, 2,000 articles."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
