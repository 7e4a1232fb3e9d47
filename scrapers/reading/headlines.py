"""Who wrote what: titles and bylines. A tree and what a page says of itself walk in, one line of text walks out.

Pure. Only this room imports it.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from itertools import islice

from lxml.html import HtmlElement

from scrapers.reading.layouts import every, first
from scrapers.reading.metadata import Metadata
from scrapers.reading.prose import letters, weight
from scrapers.reading.trees import squeeze, text_of
from storage.records import Layout, Outlet

#: What stands between a headline and the names a site adds to it. A hyphen counts only between spaces.
_SEPARATOR = re.compile(r"\s+[-–—|»«·•:/]{1,2}\s+|\s*[|_｜—]{1,2}\s*|\s*-(?=[\u3400-\u9fff])")
#: What Chinese sites are called, at the end of a title.
_SITE = re.compile(r"[\w·]{1,10}(?:网|在线|日报|晚报|新闻|频道|客户端)")
_LONGEST_TITLE = 400
_LONGEST_BYLINE = 200
_SHORT = 15
_MOST_HEADINGS = 30


def title_of(
    tree: HtmlElement,
    metadata: Metadata,
    layouts: Sequence[Layout],
    *,
    url: str,
    outlet: Outlet | None,
    fallback: str = "",
) -> str:
    """The headline without the names of its site; `fallback` (the feed's) where the page shows none."""
    headings = [text for element in islice(tree.iter("h1"), _MOST_HEADINGS) if (text := text_of(element))]
    names = site_names(metadata, url, outlet)
    suffix = outlet.title_suffix if outlet else ""
    chosen = first(tree, [css for layout in layouts for css in layout.title])
    candidates = [
        chosen,
        _agreed(headings, metadata, tree),
        metadata.said("headline"),
        metadata.first("og:title", "twitter:title"),
        fallback if weight(fallback) > _SHORT and not fallback.endswith(("…", "...")) else "",
        *(heading for heading in headings if letters(heading) not in names),
        *(text_of(element) for element in tree.iter("title")),
        fallback,
    ]
    titles = (_bare(squeeze(candidate[:_LONGEST_TITLE]), suffix, names, headings) for candidate in candidates)
    return next((title for title in titles if title and letters(title) not in names), "")


def site_names(metadata: Metadata, url: str, outlet: Outlet | None) -> set[str]:
    """What the site calls itself, in letters only: the name it gives, its host, the telling part of its host."""
    said = [metadata.first("og:site_name", "application-name"), *metadata.names("publisher")]
    ours = [outlet.name, outlet.name.split("(", 1)[0], *outlet.hosts] if outlet else []
    host = re.sub(r"^www\.", "", url.split("//", 1)[-1].split("/", 1)[0].lower())
    parts = host.split(".")
    telling = parts[-3] if len(parts) > 2 and len(parts[-2]) <= 3 else parts[-2] if len(parts) > 1 else host
    return {letters(name) for name in (*said, *ours, host, telling) if letters(name)}


def _agreed(headings: Iterable[str], metadata: Metadata, tree: HtmlElement) -> str:
    """A heading of the page that its title element, og:title or JSON-LD repeats: the surest of all."""
    said = [
        metadata.first("og:title"),
        metadata.said("headline"),
        *(text_of(element) for element in tree.iter("title")),
    ]
    known = [letters(text) for text in said if text]
    agreed = [heading for heading in headings if any(letters(heading) in text for text in known)]
    longest = max(agreed, key=weight, default="")
    # A section's name may stand in the title as well; a headline says more.
    return longest if weight(longest) > _SHORT else ""


def _bare(title: str, suffix: str, names: Collection[str], headings: Sequence[str]) -> str:
    """`title` without its outlet's suffix and the site's names behind (or before) a separator."""
    if suffix and title.casefold().endswith(suffix.casefold()):
        title = title[: -len(suffix)].rstrip(" -–—|_")
    key = letters(title)
    for heading in headings:
        # "Headline - Section" while the page's own heading is "Headline".
        if len(short := letters(heading)) >= 15 and key.startswith(short) and key != short:
            return heading
    parts = list(_SEPARATOR.finditer(title))
    for part in reversed(parts):
        if letters(title[part.end() :]) in names or _SITE.fullmatch(title[part.end() :]):
            title = title[: part.start()]
    if parts and letters(title[: parts[0].start()]) in names:
        title = title[parts[0].end() :]
    return title.strip()


# ------------------------------------------------------------------ bylines

#: Words around names that are no part of them.
_BY = re.compile(
    r"^\W*(?:(?:written|posted|reported|edited)\s+)?(?:by|von|par|por|автор(?:ы)?|текст|作者|记者|文|reporter|source)\s*[:：]?\s+"
    r"|^\W*(?:作者|记者|文|编辑|автор(?:ы)?)\s*[:：/|丨]\s*",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"https?://|www\.|@|\d{4}[-/年.]\d|^\W*(?:admin|editor|staff|webmaster|root|none|null|unknown)\W*$", re.IGNORECASE
)
_AUTHOR_METAS = (
    "author",
    "article:author",
    "dc.creator",
    "dcterms.creator",
    "parsely-author",
    "sailthru.author",
    "byl",
)
_AUTHOR_ELEMENTS = (
    "[itemprop=author] [itemprop=name]",
    "[itemprop=author]",
    "a[rel=author]",
    ".author-name",
    ".byline",
)


def byline_of(
    tree: HtmlElement,
    metadata: Metadata,
    layouts: Sequence[Layout],
    *,
    url: str,
    outlet: Outlet | None,
    fallback: str = "",
) -> str:
    """Who wrote it, as the page says, without "By"; several names parted by commas. Empty for the outlet itself."""
    names = site_names(metadata, url, outlet)
    for layout in layouts:
        for text in every(tree, layout.byline):
            if written := _name(_by_pattern(text, layout.byline_pattern), names):
                return written
    said = [_name(name, names) for name in metadata.names("author") or metadata.names("creator")]
    if any(said):
        return ", ".join(dict.fromkeys(filter(None, said)))[:_LONGEST_BYLINE]
    metas = (metadata.first(name) for name in _AUTHOR_METAS)
    candidates = (_name(text, names) for text in (*metas, *every(tree, _AUTHOR_ELEMENTS), fallback))
    return next(filter(None, candidates), "")


def _by_pattern(text: str, pattern: str) -> str:
    if not pattern:
        return text
    found = re.search(pattern, text)
    return next((group for group in found.groups() if group), found[0]) if found else ""


def _name(text: str, names: Collection[str]) -> str:
    name = _BY.sub("", squeeze(text)).strip(" ,;:|/()（）[]")
    if not 2 <= len(name) <= 120 or name.isdecimal() or _NO_NAME.search(name) or letters(name) in names:
        return ""
    return name
