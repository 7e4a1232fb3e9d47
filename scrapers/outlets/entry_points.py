"""Read an outlet's ways in: feeds, listing pages, the JSON behind them, sitemaps; the most promising first.

Only `scrapers/outlets` imports this module.
"""

import re
from collections.abc import Iterator
from urllib.parse import urljoin

from scrapers.outlets.fields import Fields, is_address
from storage.records import EntryPoint, PointKind

#: What others recorded of a feed. Listings and sitemaps, of which nobody says so, stand between the two tuples: a listing read
#: yesterday by somebody beats a feed that is known to lag.
_BEFORE_LISTINGS = ("live", "maintained", "unverified")
_AFTER_SITEMAPS = ("stale", "blocked")
_NEVER = "dead"

#: Our words for the parts of a JSON entry; what a file does not say, the parser tries under the usual names.
_ITEM_WORDS = ("title", "url", "published", "summary", "text", "byline")
#: Words of the catalogue that we know and do not need.
_FEED_ASIDES = ("checked", "note")
_LISTING_ASIDES = ("checked", "note", "next_page")
_JSON_ASIDES = ("how", "node_example")


def read_entry_points(outlet: Fields) -> tuple[EntryPoint, ...]:
    """Every way in that is not known to be dead, in the order in which to try them."""
    feeds = list(_feeds(outlet))
    listings = list(_listings(outlet))
    ordered = [point for status in _BEFORE_LISTINGS for point in feeds if point.status == status]
    ordered += [*_listing_json(outlet, listings), *listings, *_sitemaps(outlet)]
    ordered += [point for status in _AFTER_SITEMAPS for point in feeds if point.status == status]
    return tuple(ordered)


def _feeds(outlet: Fields) -> Iterator[EntryPoint]:
    keys = outlet.inner("article_json")
    item_fields = _item_fields(keys) if keys else {}
    for row in outlet.rows("feeds", bare="url"):
        # The parser looks at the bytes to tell RSS, Atom and JSON Feed; only JSON of an outlet's own making has to be announced.
        is_json_list = row.text("format") == "json" and item_fields
        yield EntryPoint(
            url=_required_address(row),
            kind=PointKind.LISTING_JSON if is_json_list else PointKind.FEED,
            section=row.text("section"),
            status=row.choice("status", (*_BEFORE_LISTINGS, *_AFTER_SITEMAPS, _NEVER), "unverified"),
            item_fields=item_fields if is_json_list else {},
        )
        row.close(_FEED_ASIDES)


def _listings(outlet: Fields) -> Iterator[EntryPoint]:
    for row in outlet.rows("listings", bare="url"):
        yield EntryPoint(
            url=_required_address(row),
            kind=PointKind.LISTING,
            section=row.text("section"),
            status=row.text("status"),
            item_link_pattern=row.pattern("item_link_pattern"),
            item=row.selector("item"),
            item_link=row.selector("item_link"),
            item_title=row.selector("item_title"),
            item_time=row.selector("item_time"),
            item_time_pattern=row.pattern("item_time_pattern", group="the time"),
            item_time_format=next(iter(row.formats("item_time_format")), ""),
            item_text=row.selector("item_text"),
        )
        row.close(_LISTING_ASIDES)


def _sitemaps(outlet: Fields) -> Iterator[EntryPoint]:
    for row in outlet.rows("sitemaps", bare="url"):
        yield EntryPoint(url=_required_address(row), kind=PointKind.SITEMAP, section=row.text("section"))
        row.close(_FEED_ASIDES)


def _required_address(row: Fields) -> str:
    if not row.text("url"):
        row.complain("url", "an entry point without an address", "give its url")
        return ""
    return row.address("url")


def _listing_json(outlet: Fields, listings: list[EntryPoint]) -> Iterator[EntryPoint]:
    row = outlet.inner("listing_json")
    if row is None:
        return
    example = row.address("example")
    id_pattern = row.pattern("id_pattern", group="the id")
    page = row.address("page") or _same_folder(example, listings)
    data_url = row.text("data_url") or (_with_id(example, id_pattern) if id_pattern else "")
    if data_url and not (is_address(data_url.replace("{id}", "0")) and "{id}" in data_url):
        row.complain("data_url", f"'{data_url}' is no web address with {{id}} in it", "write {id} where the id belongs")
    point = EntryPoint(
        url=page if id_pattern else example,
        kind=PointKind.LISTING_JSON,
        section=row.text("section"),
        item_link_pattern=row.pattern("item_link_pattern"),
        items_key=row.text("items_key"),
        item_fields=_item_fields_at(row, "item_fields"),
        id_pattern=id_pattern,
        data_url=data_url if id_pattern else "",
    )
    row.close(_JSON_ASIDES)
    # A description without an address tells people what is there; it is no way in yet.
    if point.url and (point.data_url or not id_pattern):
        yield point


def _same_folder(example: str, listings: list[EntryPoint]) -> str:
    """The listing page whose folder also serves `example`: its page carries the id."""
    folder = urljoin(example, ".")
    return next((point.url for point in listings if example and urljoin(point.url, ".") == folder), "")


def _with_id(example: str, id_pattern: str) -> str:
    """`example` with {id} where the id stands, found by what the pattern's group accepts; empty where it does not show."""
    group = re.search(r"\((?!\?)([^()]+)\)", id_pattern)
    try:
        found = max(re.finditer(group[1], example), key=lambda one: len(one[0]), default=None) if group else None
    except re.error:  # a group too clever to stand alone: the file can give data_url instead
        return ""
    return example[: found.start()] + "{id}" + example[found.end() :] if found and found[0] else ""


def _item_fields_at(row: Fields, key: str) -> dict[str, str]:
    """Our words for their keys. A list only tells people which keys there are."""
    inner = None if isinstance(row.get(key), list) else row.inner(key)
    return _item_fields(inner) if inner else {}


def _item_fields(keys: Fields) -> dict[str, str]:
    """Our words for their keys, from a mapping that may say `body`, `lead` and `link` as articles do."""
    words = {**{word: word for word in _ITEM_WORDS}, "body": "text", "lead": "summary", "link": "url"}
    found = {ours: keys.text(word) for word, ours in words.items() if keys.text(word)}
    keys.close(("id",))
    return found
