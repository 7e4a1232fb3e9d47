"""Keep what is whole of a long or broken-off document. Text walks in and out; pure and private to this room."""

import re

#: More than any outlet lists and than a visit could read; what comes first in a feed is the newest.
MOST_CHARACTERS = 6_000_000
MOST_ENTRIES = 2_000

_ROOT = re.compile(r"<(?:[\w.-]+:)?(?:rss|feed|rdf|urlset|sitemapindex)(?=[\s>/])", re.IGNORECASE)


def whole_entries(text: str, *, entry: str, most: int = MOST_CHARACTERS) -> tuple[str, bool]:
    """An XML document cut after its last whole entry, and whether anything was cut.

    `entry` is a pattern of the entry's element name. A document that ends with its root closed and is not too long comes
    back as it is; one that breaks off is cut and closed again, so that no half address or half title is taken for one.
    """
    root = _ROOT.search(text)
    if root is None:
        return text, False
    name = root[0][1:]
    closing = re.compile(rf"</\s*{re.escape(name)}\s*>", re.IGNORECASE)
    ends = [found.end() for found in re.finditer(rf"</(?:[\w.-]+:)?(?:{entry})\s*>", text[:most])]
    if len(text) <= most and len(ends) <= MOST_ENTRIES and closing.search(text, max(0, (ends or [0])[-1])):
        return text, False
    if not ends:
        return "", True
    channel = re.search(r"<channel[\s>]", text[: ends[-1]])
    inside = "</channel>" if channel and "</channel>" not in text[: ends[-1]] else ""
    return f"{text[: ends[min(len(ends), MOST_ENTRIES) - 1]]}{inside}</{name}>", True
