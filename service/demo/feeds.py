"""How the made-up newspapers list what is new: RSS 2.0, Atom (RFC 4287), JSON Feed 1.1 and plain listing pages.

Newspapers walk in, bytes walk out; pure. Only `service/demo` imports this module.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from xml.etree import ElementTree as Xml

from service.demo.stories import Newspaper, Story

_ATOM = "{http://www.w3.org/2005/Atom}"
#: Where each form of list lies, and what it is served as.
ADDRESSES: Mapping[str, tuple[str, str]] = {
    "rss": ("/rss.xml", "application/rss+xml"),
    "atom": ("/atom.xml", "application/atom+xml; charset=utf-8"),
    "json-feed": ("/feed.json", "application/feed+json"),
    "listing": ("/news/", "text/html"),
}
LISTING_TIME = "%Y-%m-%d %H:%M"


def list_of(paper: Newspaper, base: str, stories: Sequence[Story]) -> bytes:
    """The newspaper's list of `stories` in its own form; `base` is its address without a closing slash."""
    writers: Mapping[str, Callable[[Newspaper, str, Sequence[Story]], bytes]] = {
        "rss": _rss,
        "atom": _atom,
        "json-feed": _json_feed,
        "listing": listing,
    }
    return writers[paper.form](paper, base, stories)


def _rss(paper: Newspaper, base: str, stories: Sequence[Story]) -> bytes:
    root = Xml.Element("rss", version="2.0")
    channel = Xml.SubElement(root, "channel")
    for name, text in (("title", paper.name), ("link", f"{base}/"), ("description", paper.name)):
        Xml.SubElement(channel, name).text = text
    for story in stories:
        item = Xml.SubElement(channel, "item")
        link = base + story.path
        parts = (("title", story.title), ("link", link), ("guid", link), ("description", story.summary))
        for name, text in (*parts, ("pubDate", _rss_time(paper, story.published))):
            Xml.SubElement(item, name).text = text
    return _xml(root)


def _rss_time(paper: Newspaper, moment: datetime) -> str:
    if paper.feed_time == "bare":
        return f"{moment.astimezone(paper.zone):%Y-%m-%d %H:%M:%S}"
    if paper.feed_time == "gmt":
        return format_datetime(moment.astimezone(UTC), usegmt=True)
    return format_datetime(moment.astimezone(paper.zone))


def _atom(paper: Newspaper, base: str, stories: Sequence[Story]) -> bytes:
    Xml.register_namespace("", _ATOM.strip("{}"))
    root = Xml.Element(f"{_ATOM}feed", {"{http://www.w3.org/XML/1998/namespace}lang": paper.language})
    changed = max(story.updated or story.published for story in stories)
    for name, text in (("title", paper.name), ("id", f"{base}/"), ("updated", _iso(paper, changed))):
        Xml.SubElement(root, _ATOM + name).text = text
    for story in stories:
        entry = Xml.SubElement(root, f"{_ATOM}entry")
        Xml.SubElement(entry, f"{_ATOM}link", rel="alternate", href=base + story.path)
        Xml.SubElement(Xml.SubElement(entry, f"{_ATOM}author"), f"{_ATOM}name").text = story.byline
        times = (("published", story.published), ("updated", story.updated or story.published))
        texts = (("title", story.title), ("id", base + story.path), ("summary", story.summary))
        for name, text in (*texts, *((name, _iso(paper, moment)) for name, moment in times)):
            Xml.SubElement(entry, _ATOM + name).text = text
    return _xml(root)


def _iso(paper: Newspaper, moment: datetime) -> str:
    zone = UTC if paper.feed_time == "utc" else paper.zone
    return moment.astimezone(zone).isoformat().replace("+00:00", "Z")


def _xml(root: Xml.Element) -> bytes:
    return bytes(Xml.tostring(root, encoding="utf-8", xml_declaration=True))


def _json_feed(paper: Newspaper, base: str, stories: Sequence[Story]) -> bytes:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": paper.name,
        "home_page_url": f"{base}/",
        "language": paper.language,
        "items": [
            {
                "id": base + story.path,
                "url": base + story.path,
                "title": story.title,
                "summary": story.summary,
                "date_published": _iso(paper, story.published),
                "authors": [{"name": story.byline}],
            }
            for story in stories
        ],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1).encode()


def listing(paper: Newspaper, base: str, stories: Sequence[Story]) -> bytes:
    """A page of links with the times of the newspaper's own clock, and around them what such pages carry besides."""
    rows = "\n".join(
        f'<li><a href="{escape(story.path)}">{escape(story.title)}</a>'
        f' <span class="t">{story.published.astimezone(paper.zone):{LISTING_TIME}}</span></li>'
        for story in stories
    )
    html = f"""<!DOCTYPE html>
<html lang="{paper.language}"><head><meta charset="{paper.encoding}"><title>{escape(paper.name)}</title></head>
<body><header><a href="/">{escape(paper.name)}</a> <a href="/about.html">?</a> <a href="/weather/">+7&deg;</a></header>
<main><ul class="news">
{rows}
</ul></main>
<aside><a href="/photo/12.html">1 / 12</a></aside>
<footer><a href="{base}/rules.html">&copy; {escape(paper.name)}</a></footer></body></html>
"""
    return html.encode(paper.encoding, "xmlcharrefreplace")
