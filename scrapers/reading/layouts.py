"""Read a page by its outlet's own selectors. A tree and `Layout`s walk in, paragraphs and pieces of text walk out.

Pure. Only this room imports it. An outlet's pages come in generations and old ones stay on the web, so layouts are tried
newest first, and the one whose body selector finds prose is the one the page was made with.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain, takewhile

from cssselect import SelectorError
from lxml.html import HtmlElement

from scrapers.reading.prose import letters, weight
from scrapers.reading.trees import blocks, outermost, plain, select, squeeze, text_of
from storage.records import Layout, Outlet

#: Less than this is a caption or a line of the page's frame. A Chinese character counts for three.
ENOUGH = 120

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def newest_first(outlet: Outlet | None) -> list[Layout]:
    """The outlet's layouts in the order they are tried: dated ones from the newest, then the undated."""
    return sorted(outlet.layouts if outlet else (), key=lambda layout: layout.since or _LONG_AGO, reverse=True)


def fitting(tree: HtmlElement, layouts: Sequence[Layout], *, least: int = ENOUGH) -> tuple[list[Layout], list[str]]:
    """The layouts with the one that fits the page first, and the paragraphs it finds (none where none fits).

    `least` is the weight of text that shows a layout to fit: the last of several pages may hold little.
    """
    for layout in layouts:
        if lines := body(tree, layout, least=least):
            return [layout, *(other for other in layouts if other is not layout)], lines
    return list(layouts), []


def body(tree: HtmlElement, layout: Layout, *, least: int) -> list[str]:
    """The paragraphs of the first body selector that finds prose, the lead before them."""
    skip = [element for css in layout.exclude for element in find(tree, css)]
    for css in layout.body:
        holders = outermost(find(tree, css))
        stop = _stop(tree, layout, holders)
        lines = list(_lines(_before(tree, stop, holders), skip, stop))
        if sum(map(weight, lines)) >= least:
            return [*_lead(tree, layout, lines), *lines]
    return []


def find(tree: HtmlElement, css: str) -> list[HtmlElement]:
    """Elements a selector of an outlet's file finds. One that is no CSS finds nothing: the file's reader complains of it."""
    try:
        return select(tree, css)
    except SelectorError:
        return []


def _stop(tree: HtmlElement, layout: Layout, holders: Sequence[HtmlElement]) -> HtmlElement | None:
    """The element the story ends at: the layout's own, or a second headline behind the beginning of the story.

    Outlets embed related stories that repeat the classes of the first; a bare `h1` is no such class.
    """
    if layout.stop and (stops := find(tree, layout.stop)):
        return stops[0]
    headlines = {element for css in layout.title if re.search(r"[.#]\w", css) for element in find(tree, css)}
    if len(headlines) < 2 or not holders:
        return None
    has_begun = False
    for element in tree.iter():
        has_begun = has_begun or element is holders[0]
        if has_begun and element in headlines:
            return element
    return None


def _before(tree: HtmlElement, stop: HtmlElement | None, holders: Sequence[HtmlElement]) -> list[HtmlElement]:
    """Those of `holders` that begin before `stop`."""
    if stop is None:
        return list(holders)
    earlier = set(takewhile(lambda element: element is not stop, tree.iter()))
    return [holder for holder in holders if holder in earlier]


def _lines(holders: Sequence[HtmlElement], skip: Sequence[HtmlElement], stop: HtmlElement | None) -> Iterator[str]:
    passed_over = set(skip)
    for holder in holders:
        if holder in passed_over or any(parent in passed_over for parent in holder.iterancestors()):
            continue
        if holder.tag == "textarea":
            yield from plain(holder.text or "").splitlines()
        else:
            yield from (block.text for block in blocks(holder, skip=skip, stop=stop))


def _lead(tree: HtmlElement, layout: Layout, lines: Sequence[str]) -> list[str]:
    """The lead, unless the body says it again or a machine cut it off."""
    said = letters("".join(lines))
    lead = first(tree, layout.lead)
    is_cut = lead.endswith(("...", "…"))
    return [lead] if lead and not is_cut and letters(lead) not in said else []


def first(tree: HtmlElement, selectors: Sequence[str]) -> str:
    """The text of the first element that has any, selector by selector."""
    return next(every(tree, selectors), "")


def every(tree: HtmlElement, selectors: Sequence[str]) -> Iterator[str]:
    """The texts all selectors find, in their order; a meta element's is its content, a time element's its datetime."""
    for element in chain.from_iterable(find(tree, css) for css in selectors):
        if text := _said(element):
            yield text


def _said(element: HtmlElement) -> str:
    if element.tag == "meta":
        return squeeze(element.get("content") or "")
    if element.tag == "time" and element.get("datetime"):
        return squeeze(element.get("datetime") or "")
    if element.tag == "textarea":
        return squeeze(plain(element.text or ""))
    return text_of(element)
