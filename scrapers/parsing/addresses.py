"""Addresses: one spelling for each, whose they are, and the date some of them carry. Text walks in and out; pure.

`service` and the other steps of `scrapers` may call it. The spelling follows RFC 3986 section 6; what is cut from a query
is only what says who sent the reader, never what says which article it is.
"""

import re
from datetime import date
from functools import lru_cache
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from w3lib.url import safe_url_string

from storage.records import EntryPoint, Outlet

#: Says who sent the reader, on every site.
_TRACKING = re.compile(
    r"(?:utm|mtm|pk|piwik|matomo|hsa|vero|oly|mc)_\w+|(?:fb|g|d|tt|tw|y|ys)clid|msclkid|[gw]braid|gclsrc|igshid?"
    r"|_openstat|_ga|_gl|mkt_tok|spm|xtor|ocid|cmpid|smid",
    re.IGNORECASE,
)
#: Says so on some sites and names the article on others: cut only where the path names the article by a number.
_REFERRAL = re.compile(r"from|place|section|ref|referrer|source|share|sharetype|isappinstalled", re.IGNORECASE)
#: A query that names the article keeps everything beside it: `id=`, `PRID=`, `?dtl/123`.
_IDENTIFYING = re.compile(r"(?:\w*id|p|dtl/.*|article|story|news|no|seq)", re.IGNORECASE)

_ESCAPE = re.compile(r"%([0-9a-fA-F]{2})")
#: RFC 3986 unreserved characters, and the colon, which AKIpress writes both ways.
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:")
_DEFAULT_PORT = {"http": ":80", "https": ":443"}


@lru_cache(maxsize=50_000)
def canonical_url(url: str) -> str:
    """The one spelling of `url`: no tracking, no fragment, no default port, lower-case host; the scheme stays as it is.

    What is no absolute address comes back stripped and otherwise untouched.
    """
    url = "".join(character for character in url.strip() if character >= " ")
    try:
        parts = urlsplit(safe_url_string(url))
        host = parts.netloc.lower()
    except ValueError:
        return url
    if parts.scheme not in _DEFAULT_PORT or not host:
        return url
    path = _without_dots(_unescaped(parts.path)) or "/"
    return urlunsplit((parts.scheme, host.removesuffix(_DEFAULT_PORT[parts.scheme]), path, _query(parts), ""))


def _query(parts: SplitResult) -> str:
    """The query without its tracking parts, each other part exactly as it was written and where it was."""
    pieces = [piece for piece in _unescaped(parts.query).split("&") if piece]
    named = [(piece.split("=", 1)[0], piece) for piece in pieces]
    kept = [(name, piece) for name, piece in named if not _TRACKING.fullmatch(name)]
    if re.search(r"\d{3}", parts.path) and not any(_IDENTIFYING.fullmatch(name) for name, _ in kept):
        kept = [(name, piece) for name, piece in kept if not _REFERRAL.fullmatch(name)]
    return "&".join(piece for _, piece in kept)


def _unescaped(part: str) -> str:
    def plain(found: re.Match[str]) -> str:
        character = chr(int(found[1], 16))
        return character if character in _PLAIN else found[0].upper()

    return _ESCAPE.sub(plain, part)


def _without_dots(path: str) -> str:
    """RFC 3986 section 5.2.4."""
    if "/." not in path:
        return path
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            if len(kept) > 1:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    closing = "/" if path.endswith(("/.", "/..")) and kept[-1:] != [""] else ""
    return "/".join(kept) + closing


def web_address(written: str, base: str = "") -> str:
    """`written`, absolute against `base`, if a page could be fetched from it (http or https); else nothing."""
    try:
        address = urljoin(base, written.strip())
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme.lower() in _DEFAULT_PORT and parts.netloc else ""


def canonical_id(outlet: Outlet | None, url: str) -> str:
    """The stable key of the article at `url`: what the outlet's pattern finds, else the canonical URL without scheme.

    So http and https, www and m, and the outlet's other hosts are one article where the outlet's pattern knows them.
    """
    canonical = canonical_url(url)
    if outlet and outlet.canonical_id:
        found = re.search(outlet.canonical_id, canonical) or re.search(outlet.canonical_id, url)
        if found and (key := next((group for group in found.groups() if group), "")):
            return key
    return canonical.split("://", 1)[-1]


def is_article(outlet: Outlet, url: str, point: EntryPoint | None = None) -> bool:
    """Whether `url` is the address of one of the outlet's articles: its host, its pattern, and none of its exceptions.

    A point's own pattern, where it has one, stands in for the outlet's.
    """
    if not is_of(outlet, url):
        return False
    canonical = canonical_url(url)
    if any(re.search(pattern, canonical) for pattern in outlet.not_articles):
        return False
    pattern = (point.item_link_pattern if point else "") or outlet.article_url_pattern
    return not pattern or matches(pattern, url)


def is_of(outlet: Outlet, url: str) -> bool:
    """Whether `url` is at one of the outlet's hosts, with or without `www.`. An outlet without hosts owns any."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return False
    if parts.scheme.lower() not in _DEFAULT_PORT or not host:
        return False
    return not outlet.hosts or host in {_host(allowed) for allowed in outlet.hosts}


def _host(allowed: str) -> str:
    return allowed.lower().split(":", 1)[0].removeprefix("www.")


def matches(pattern: str, url: str) -> bool:
    """Whether a pattern of an outlet's file finds `url`: in its canonical or given spelling, or from its path onwards."""
    canonical = canonical_url(url)
    from_path = re.sub(r"^\w+://[^/]*", "", canonical)
    return any(re.search(pattern, spelling) for spelling in (canonical, url, from_path))


_YEAR = r"((?:199|20\d)\d)"
_MONTH = r"(0[1-9]|1[0-2])"
_DAY = r"(0[1-9]|[12]\d|3[01])"
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"[/_=]t?{_YEAR}{_MONTH}{_DAY}(?=[/_.-]|$)",  # /20260206/  t20260331_118  /20260304-slug
        rf"/[A-Za-z]{{1,3}}{_YEAR}{_MONTH}{_DAY}(?:\d{{6,9}}|_)",  # /view/AEN20260304001234  p20260302_01.pdf
        rf"/{_YEAR}{_MONTH}/{_DAY}(?=/)",  # /202604/02/
        rf"/{_YEAR}/{_MONTH}-?{_DAY}(?=/)",  # /n3/2026/0401/  /2026/04-01/
        rf"/{_YEAR}-{_MONTH}[/-]{_DAY}(?=[/_.-]|$)",  # /2026-11/02/  /2026-11-02/
        rf"/{_YEAR}/(0?[1-9]|1[0-2])/(0?[1-9]|[12]\d|3[01])(?=[/_.-]|$)",  # /2026/11/02/  /2026/3/2/
        rf"/{_YEAR}/{_MONTH}/{_DAY}(?=\D|$)",
    )
)
#: GlobalSecurity names the day of a reprint in its file: /2026/07/china-260729-globaltimes05.htm
_SHORT_DATE = re.compile(rf"/((?:19|20)(\d\d))/(?:\d\d/)?[a-z]+-\2{_MONTH}{_DAY}-")


def date_in_address(url: str) -> date | None:
    """The day an address says it was published, at the outlet; None where it says none. Bare numbers are no dates."""
    path = _unescaped(url.split("#", 1)[0])
    for pattern in _DATES:
        for found in pattern.finditer(path):
            if day := _day(*found.groups()):
                return day
    short = _SHORT_DATE.search(path)
    return _day(short[1], short[3], short[4]) if short else None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


_PLACEHOLDER = re.compile(r"(?<![A-Za-z])(?:YYYY|MM|DD)+(?![A-Za-z])")


def fill_date(url: str, day: date) -> str:
    """`url` with YYYY, MM and DD replaced by `day`; an address without YYYY has none of them and stays as it is."""
    if "YYYY" not in url:
        return url

    def filled(found: re.Match[str]) -> str:
        return found[0].replace("YYYY", f"{day:%Y}").replace("MM", f"{day:%m}").replace("DD", f"{day:%d}")

    return _PLACEHOLDER.sub(filled, url)
