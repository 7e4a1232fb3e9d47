"""How the made-up newspapers print a story: four templates, each with its own furniture, and where a reader finds things in them.

Newspapers and stories walk in, bytes walk out; pure. Only `service/demo` imports this module.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from service.demo.stories import Newspaper, Story
from storage.records import Layout

#: Where each template keeps what we read. All but the origin of the plain one is left to the general reader.
LAYOUTS: Mapping[str, tuple[Layout, ...]] = {
    "column": (
        Layout(
            title=("h1.headline",),
            body=("div.column > p",),
            byline=(".author",),
            published=("time.stamp",),
            origin=("p.source",),
        ),
    ),
    "breaks": (
        Layout(
            title=("h2.zag",),
            body=("div.tekst",),
            byline=(".avtor",),
            published=(".kogda",),
            published_formats=("%d.%m.%Y %H:%M",),
            exclude=(".related",),
            origin=("p.source",),
        ),
    ),
    "detail": (
        Layout(
            title=("div.h-title",),
            body=("#detail p",),
            byline=(".editor",),
            published=(".h-time",),
            published_formats=("%Y年%m月%d日%H:%M",),
            origin=("p.source",),
        ),
    ),
    "plain": (Layout(origin=("p.source",)),),
}

_SOURCE = {"en": "Source: ", "ru": "Источник: ", "zh": "来源："}
_MORE = {"en": "More stories", "ru": "Ещё на сайте", "zh": "相关新闻"}
_NEXT = {"en": "Next page", "ru": "Дальше", "zh": "下一页"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of one story, and where it lies."""

    paper: Newspaper
    base: str
    story: Story
    number: int
    others: Sequence[Story]


def path_of_page(path: str, number: int) -> str:
    """The path of a story's page: the first is the story's own, the second of /story/7.html is /story/7_2.html."""
    return path if number == 1 else re.sub(r"(\.\w+)$", rf"_{number}\1", path)


def page_of(sheet: Sheet) -> bytes:
    """The page as its newspaper serves it, in its encoding."""
    paper, story = sheet.paper, sheet.story
    bodies = {"column": _column, "breaks": _breaks, "detail": _detail, "plain": _plain}
    links = "".join(f'<li><a href="{other.path}">{escape(other.title)}</a></li>' for other in sheet.others[:3])
    html = f"""<!DOCTYPE html>
<html lang="{paper.language}"><head><meta charset="{paper.encoding}">
<title>{escape(story.title)} | {escape(paper.name)}</title></head>
<body><nav><a href="/">{escape(paper.name)}</a> <a href="/weather/">+7&deg;</a> <a href="/about.html">?</a></nav>
{bodies[paper.template](sheet)}
<aside class="more"><h3>{_MORE[paper.language]}</h3><ul>{links}</ul></aside>
<footer>&copy; {escape(paper.name)} &middot; <a href="/rules.html">?</a></footer></body></html>
"""
    return html.encode(paper.encoding, "xmlcharrefreplace")


def _column(sheet: Sheet) -> str:
    story, when = sheet.story, sheet.story.published.astimezone(sheet.paper.zone)
    changed = (
        f"<p class='changed'>Updated {story.updated.astimezone(sheet.paper.zone):%H:%M}</p>" if story.updated else ""
    )
    return f"""<article><h1 class="headline">{escape(story.title)}</h1>
<p class="by">By <span class="author">{escape(story.byline)}</span>
<time class="stamp" datetime="{when.isoformat()}">{when:%d %b %Y, %H:%M}</time></p>{changed}
<div class="column">{_paragraphs(sheet)}</div>{_next(sheet)}{_source(sheet)}
<p class="share">Share this story with a friend</p></article>"""


def _breaks(sheet: Sheet) -> str:
    """Text without paragraphs, divided by line breaks alone, with related stories in its midst."""
    when = sheet.story.published.astimezone(sheet.paper.zone)
    text = "<br><br>\n".join(escape(paragraph) for paragraph in sheet.story.pages[sheet.number - 1])
    related = "".join(f"<p>{escape(other.title)}</p>" for other in sheet.others[:1])
    return f"""<h1>{escape(sheet.paper.name)}</h1><h2 class="zag">{escape(sheet.story.title)}</h2>
<div class="info"><span class="kogda">{when:%d.%m.%Y %H:%M}</span> <span class="avtor">{escape(sheet.story.byline)}</span></div>
<div class="tekst">{text}<div class="related">{related}</div></div>{_next(sheet)}{_source(sheet)}"""


def _detail(sheet: Sheet) -> str:
    when = sheet.story.published.astimezone(sheet.paper.zone)
    return f"""<div class="h-title">{escape(sheet.story.title)}</div>
<div class="h-info"><span class="h-time">{when:%Y年%m月%d日%H:%M}</span> <span class="editor">{escape(sheet.story.byline)}</span></div>
<div id="detail">{_paragraphs(sheet)}</div>{_next(sheet)}{_source(sheet)}
<div class="foot">【纠错】 责任编辑：{escape(sheet.story.byline)}</div>"""


def _plain(sheet: Sheet) -> str:
    """No classes to hold on to: what a machine needs stands in JSON-LD (schema.org NewsArticle)."""
    story = sheet.story
    about = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "datePublished": story.published.isoformat(),
        "author": {"@type": "Person", "name": story.byline},
    }
    script = json.dumps(about, ensure_ascii=False).replace("<", "\\u003c")
    return f"""<script type="application/ld+json">{script}</script>
<main><article><h1>{escape(story.title)}</h1>{_paragraphs(sheet)}{_next(sheet)}</article>{_source(sheet)}</main>"""


def _paragraphs(sheet: Sheet) -> str:
    return "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in sheet.story.pages[sheet.number - 1])


def _next(sheet: Sheet) -> str:
    if sheet.number == len(sheet.story.pages):
        return ""
    path = path_of_page(sheet.story.path, sheet.number + 1)
    return f'<p class="pages"><a href="{path}">{_NEXT[sheet.paper.language]}</a></p>'


def _source(sheet: Sheet) -> str:
    if not sheet.story.origin:
        return ""
    return f'<p class="source">{_SOURCE[sheet.paper.language]}{escape(sheet.story.origin)}</p>'
