"""Read one outlet from its fields: who it is, how to reach it politely, what its addresses and pages look like.

Only `scrapers/outlets` imports this module.
"""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

from scrapers.outlets.documents import shown
from scrapers.outlets.entry_points import read_entry_points
from scrapers.outlets.fields import Fields, is_address
from scrapers.outlets.layouts import read_layouts
from storage.records import Outlet, PointKind

_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,47}")
_HOST = re.compile(r"(?:[\w-]+\.)*[\w-]+(?::\d{1,5})?|\[[0-9a-fA-F:]+\](?::\d{1,5})?")
_LOOPBACK = re.compile(r"(?:localhost|127\.[\d.]+|\[::1\])(?::|$)")
_ACCESS = ("open", "fragile", "blocked")
#: Words of the catalogue that help people and that nothing here reads.
_ASIDES = ("search", "evidence", "confidence", "checked_offline")


def read_outlet(fields: Fields) -> Outlet:
    """The outlet these fields describe; what is wrong with them is complained of and reads as empty."""
    key = _checked_key(fields)
    zone = _zone(fields)
    hosts = _checked_hosts(fields)
    access = fields.choice("access", _ACCESS, "open")
    points = read_entry_points(fields)
    reading = read_layouts(fields, zone)
    # Where the pages refuse plain clients, a feed is all there is to read.
    only_feed = access == "blocked" and any(point.kind is PointKind.FEED for point in points)
    outlet = Outlet(
        key=key,
        name=_required(fields, "name", "write the name readers know it by"),
        country=_country(fields),
        languages=_languages(fields),
        kind=fields.text("kind"),
        homepage=fields.address("homepage"),
        hosts=hosts,
        timezone=zone.key,
        encoding=_encoding(fields),
        access=access,
        enabled=fields.flag("enabled", True),
        entry_points=points,
        article_url_pattern=fields.pattern("article_url_pattern"),
        canonical_id=fields.pattern("canonical_id", group="the id"),
        not_articles=fields.patterns("not_articles"),
        layouts=reading.layouts,
        tails=reading.tails,
        title_suffix=reading.title_suffix,
        next_page_pattern=reading.next_page_pattern,
        page_url=_page_url(fields),
        reprint_url_pattern=fields.pattern("reprint_url_pattern"),
        read_from_feed=fields.flag("read_from_feed", only_feed),
        patience=timedelta(minutes=fields.number("patience_minutes", 30)),
        delay=timedelta(seconds=fields.number("delay_seconds", _usual_delay(hosts))),
        notes=fields.texts("notes"),
    )
    _check_examples(fields, outlet)
    fields.close(_ASIDES)
    return outlet


def _required(fields: Fields, key: str, remedy: str) -> str:
    value = fields.text(key)
    if not value:
        fields.complain(key, f"{key} is missing", remedy)
    return value


def _checked_key(fields: Fields) -> str:
    key = _required(fields, "id", "give a short one, never used before")
    if key and not _KEY.fullmatch(key):
        fields.complain("id", f"'{key}' is no key", "use lowercase letters, digits and hyphens, 48 at most")
    return key


def _zone(fields: Fields) -> ZoneInfo:
    name = fields.text("timezone") or "UTC"
    try:
        return ZoneInfo(name)
    except (
        ValueError,
        OSError,
    ):  # ZoneInfoNotFoundError is a KeyError; names such as "../x" and folders are the others
        pass
    except KeyError:
        pass
    fields.complain("timezone", f"'{name}' is no time zone", "use an IANA name such as Asia/Shanghai")
    return ZoneInfo("UTC")


def _country(fields: Fields) -> str:
    code = fields.text("country")
    if code and not re.fullmatch("[A-Z]{2}", code):
        fields.complain("country", f"'{code}' is no country code", "use two capitals, as in CN (ISO 3166-1)")
    return code


def _languages(fields: Fields) -> tuple[str, ...]:
    """Primary tags only: what is written zh-Hans and zh-Hant is matched alike."""
    tags = fields.texts("languages")
    wrong = [tag for tag in tags if not re.fullmatch(r"[a-z]{2,3}(-\w+)*", tag)]
    if wrong:
        fields.complain("languages", f"'{wrong[0]}' is no language tag", "use tags such as en, ru, zh")
    return tuple(dict.fromkeys(tag.split("-")[0] for tag in tags))


def _checked_hosts(fields: Fields) -> tuple[str, ...]:
    hosts = tuple(host.lower() for host in fields.texts("hosts"))
    if not hosts:
        fields.complain(
            "hosts",
            "hosts are missing",
            "list those that serve its articles (or give the id of a shipped outlet, to adjust that one)",
        )
    for host in hosts:
        if not _HOST.fullmatch(host):
            fields.complain("hosts", f"'{host}' is no host", "write it bare, as in www.example.com")
    return hosts


def _usual_delay(hosts: tuple[str, ...]) -> float:
    """Seconds between two requests where the file says nothing; a server on this very machine needs no rest."""
    return 0 if hosts and all(_LOOPBACK.match(host) for host in hosts) else 5


def _encoding(fields: Fields) -> str:
    """The first encoding named: the field may go on in words, to tell people when it holds."""
    value = fields.text("encoding")
    for word in re.finditer(r"[A-Za-z][\w-]*", value):
        try:
            "".encode(word[0])
        except LookupError:
            continue
        return word[0].lower()
    if value:
        fields.complain("encoding", f"'{value}' names no encoding", "use a name such as utf-8, gb18030, windows-1251")
    return ""


def _page_url(fields: Fields) -> str:
    value = fields.text("page_url")
    if value and not (is_address(value.replace("{id}", "0")) and "{id}" in value):
        fields.complain(
            "page_url", f"'{value}' is no web address with {{id}} in it", "write {id} where the canonical id belongs"
        )
    return value


def _check_examples(fields: Fields, outlet: Outlet) -> None:
    """Real addresses prove the patterns: an example that they refuse is a fault of the file."""
    for url in fields.texts("article_examples"):
        if not is_address(url):
            fields.complain("article_examples", f"{shown(url)} is no web address", "copy it from a browser")
        elif outlet.article_url_pattern and not re.search(outlet.article_url_pattern, url):
            fields.complain("article_examples", f"article_url_pattern does not accept {url}", "correct one of the two")
        elif outlet.canonical_id and not re.search(outlet.canonical_id, url):
            fields.complain("article_examples", f"canonical_id finds nothing in {url}", "correct one of the two")
