"""What a page says of itself to machines: JSON-LD (schema.org), meta elements, the html element. A tree walks in, values walk out.

Pure. Only this room imports it. Nothing here is believed yet: callers weigh it against what people see on the page.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lxml.html import HtmlElement

from scrapers.reading.trees import plain, squeeze

#: schema.org types that are one text; their subtypes all end alike (NewsArticle, BlogPosting, Report).
_ARTICLE_ENDINGS = ("article", "posting", "report", "reportage")


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """The machine-readable side of one page."""

    #: The article of the page's JSON-LD; empty when there is none.
    article: Mapping[str, Any]
    #: name, property or itemprop in lower case -> contents in document order.
    meta: Mapping[str, Sequence[str]]
    #: lang of the html element, as written.
    language: str = ""

    def first(self, *names: str) -> str:
        """The first non-empty meta content among `names`, in that order."""
        return next((content for name in names for content in self.meta.get(name, ()) if content), "")

    def said(self, key: str) -> str:
        """One JSON-LD value of the article as plain text; empty when absent or no text."""
        value = self.article.get(key)
        return plain(value) if isinstance(value, str) else ""

    def names(self, key: str) -> list[str]:
        """Names of the persons or organisations the JSON-LD of the article gives under `key`."""
        return list(dict.fromkeys(filter(None, map(squeeze, _names(self.article.get(key))))))


def metadata_of(tree: HtmlElement) -> Metadata:
    """Read it once per page."""
    meta: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        content = squeeze(element.get("content") or "")
        for attribute in ("name", "property", "itemprop", "http-equiv"):
            if name := element.get(attribute):
                meta.setdefault(name.strip().lower(), []).append(content)
    return Metadata(article=_article(tree), meta=meta, language=_declared_language(tree, meta))


def _declared_language(tree: HtmlElement, meta: Mapping[str, Sequence[str]]) -> str:
    root = tree.getroottree().getroot()
    written = (root.get("lang"), root.get("xml:lang"), *meta.get("content-language", ()), *meta.get("og:locale", ()))
    return next((tag.strip() for tag in written if tag and tag.strip()), "")


def _article(tree: HtmlElement) -> Mapping[str, Any]:
    """The JSON-LD object that is an article and says most about itself."""
    articles = [node for node in _nodes(tree) if _is_article(node)]
    return max(articles, key=lambda node: len(str(node.get("articleBody") or "")) + len(node), default={})


def _is_article(node: Mapping[str, Any]) -> bool:
    kinds = node.get("@type")
    return any(str(kind).lower().endswith(_ARTICLE_ENDINGS) for kind in (kinds if isinstance(kinds, list) else [kinds]))


def _nodes(tree: HtmlElement) -> Iterator[Mapping[str, Any]]:
    """Every object of every JSON-LD block, depth by depth; broken blocks are passed over."""
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        waiting = [_json(script.text or "")]
        while waiting:
            value = waiting.pop(0)
            if isinstance(value, dict):
                yield value
                waiting.extend(value.values())
            elif isinstance(value, list):
                waiting.extend(value)


def _json(text: str) -> Any:
    text = text.strip().removeprefix("<!--").removesuffix("-->").removeprefix("//<![CDATA[").removesuffix("//]]>")
    try:
        return json.loads(text.strip().rstrip(";"), strict=False)
    except (ValueError, RecursionError):
        return None


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _names(value.get("name"))
    elif isinstance(value, list):
        for item in value[:20]:
            if not isinstance(item, list):
                yield from _names(item)
