"""Whether an article's page has vanished though its address answered: sent to the front page, or told that it is not there.

A page walks in, the reason walks out, or nothing. Pure: `service` calls it, and tests. What only stands between us and the story (a
challenge, a login, an error of the server's) is no reason.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from scrapers.parsing.addresses import canonical_id
from scrapers.reading.prose import weight
from scrapers.reading.trees import tree_of
from storage.records import Outlet, Page
from storage.words import fold

#: A page that says no more than this besides has no story on it.
_SHORT = 1_200
#: All of it folded: simplified Han, е for ё, small letters.
_NOT_FOUND = re.compile(
    r"""\b404\b|page\s(?:\w+\s){0,6}?(?:not\sfound|cannot\sbe\sfound|can't\sbe\sfound|could\snot\sbe\sfound|doesn't\sexist|does\snot\sexist|no\slonger\sexists|not\savailable)
    |(?:article|page|story|content|news|material|document)\s(?:\w+\s){0,6}?(?:removed|deleted|withdrawn|unpublished|no\slonger\s(?:available|exists?))
    |(?:couldn't|could\snot|can't|cannot)\sfind\s(?:the|that|this)\s(?:page|article|story)|nothing\s(?:was\s)?found\shere|^\W*(?:error\W*)?not\sfound\W*$
    |страниц\w\s(?:\w+\s){0,6}?(?:не\s(?:найден|существу|доступн)|удален)|(?:материал|документ|новость|статья|публикация|запись)\s(?:\w+\s){0,4}?(?:не\sнайден|удален|снят|не\sсуществу|недоступ)
    |такой\sстраницы\s(?:не\sсуществует|нет)|ничего\sне\sнайдено
    |(?:页面|网页|文章|内容|新闻|稿件|信息|资源)[^。，,.]{0,8}?(?:不存在|未找到|找不到|无法找到|没有找到|已(?:经|被)*(?:删除|下线|撤下|移除|失效|不存在))
    |(?:找不到|未找到|没有找到|无法找到)[^。，,.]{0,10}?(?:页面|网页|文章|内容|新闻|稿件|资源)|很抱歉[^。]{0,16}(?:不存在|找不到|删除)
    """,
    re.VERBOSE,
)
_ERROR_PATH = re.compile(r"/(?:404|error|errors|notfound|not-found|page-not-found|nopage)(?:[/._-]|$)", re.IGNORECASE)
_INDEX = re.compile(r"/(?:index|default|home|main)\.\w+$", re.IGNORECASE)
_SPACES = re.compile(r"\s+")


def why_vanished(page: Page, *, asked: str, title: str, outlet: Outlet | None = None) -> str:
    """Why the story asked for is not at `asked` any more, in words; empty when nothing says so.

    `page` is what was answered, under the address redirects led to. `title` is the story's own: a page that still bears it
    has not lost it.
    """
    tree = tree_of(page.text)
    if tree is None:
        return ""
    if any(_same(heading, title) for heading in _headings(tree, "title", "h1")):
        return ""
    if led_away := _led_away(page.url, asked, outlet):
        return led_away
    for heading in _headings(tree, "title", "h1", "h2"):
        if _NOT_FOUND.search(fold(heading).text):
            return f"{asked} answers: {heading[:100]}"
    visible = _SPACES.sub(" ", _text(tree)).strip()
    said = _NOT_FOUND.search(fold(visible).text) if weight(visible) <= _SHORT else None
    return f"{asked} answers: {said[0][:100]}" if said else ""


def _led_away(landed: str, asked: str, outlet: Outlet | None) -> str:
    """Where redirects led to, if that is a front page or a page for errors."""
    there, here = urlsplit(landed), urlsplit(asked)
    path, asked_path = _folder(there.path), _folder(here.path)
    if (path, there.query) == (asked_path, here.query) or canonical_id(outlet, landed) == canonical_id(outlet, asked):
        return ""
    if _ERROR_PATH.search(there.path):
        return f"{asked} leads to {landed}, a page for what is not found"
    if path in ("", _folder(urlsplit(outlet.homepage).path) if outlet else ""):
        return f"{asked} leads to {landed}, the front page"
    # A section front lies above its articles: /world/ for /world/2026/11/21/story.html.
    if not there.query and asked_path.startswith(path + "/"):
        return f"{asked} leads to {landed}, the front of a section"
    return ""


def _folder(path: str) -> str:
    return _INDEX.sub("", path).rstrip("/")


def _headings(tree: HtmlElement, *tags: str) -> Iterator[str]:
    for element in tree.iter(*tags):
        said = _SPACES.sub(" ", element.text_content()).strip()
        if said:
            yield said[:300]


def _text(tree: HtmlElement) -> str:
    """What a reader sees of the page, menus and all."""
    hidden = {"script", "style", "noscript", "template", "head"}
    return " ".join(
        piece
        for element in tree.iter()
        if isinstance(element.tag, str)
        for piece in ((element.text or "") if element.tag not in hidden else "", element.tail or "")
    )


def _same(heading: str, title: str) -> bool:
    wanted = _SPACES.sub("", fold(title).text)
    return bool(wanted) and wanted in _SPACES.sub("", fold(heading).text)
