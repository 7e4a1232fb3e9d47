"""Which links of an unknown site are articles? An address walks in, yes or no walks out; pure. For `listings` alone.

For pages of outlets nobody described yet: article addresses carry a date, a number or the words of a headline, and stay
on their own site; the rest of a page's links are sections, tags and services.
"""

import re
from urllib.parse import urlsplit

from scrapers.parsing.addresses import date_in_address

_SERVICES = re.compile(
    r"/(?:tags?|topics?|categor(?:y|ies)|authors?|search|login|register|signup|account|about|contacts?|privacy|terms|help|"
    r"rss|feeds?|page|index|archive|subscribe|newsletters?|galler(?:y|ies)|photos?|videos?)(?:/|\.|_\d|$)",
    re.IGNORECASE,
)
_FILES = re.compile(r"\.(?:jpe?g|png|gif|svg|webp|css|js|json|xml|zip|mp[34]|apk|exe|ico)$", re.IGNORECASE)
_NUMBERED = re.compile(r"\d{5,}|[0-9a-f]{16,}", re.IGNORECASE)


def resembles_article(address: str, listing: str) -> bool:
    """Whether `address`, absolute and found on the page at `listing`, looks like an article of the same site."""
    there, here = urlsplit(address), urlsplit(listing)
    if here.hostname and _site(there.hostname) != _site(here.hostname):
        return False
    path = there.path
    if _FILES.search(path):
        return False
    if date_in_address(address):
        return True
    if _SERVICES.search(path):
        return False
    last = path.rstrip("/").rsplit("/", 1)[-1]
    words = [word for word in re.split(r"[-_]", last) if word]
    return bool(_NUMBERED.search(f"{last}?{there.query}")) or len(words) >= 4


def _site(host: str | None) -> str:
    """The last two labels of a host, three below endings such as com.cn and gov.pk: news. and www. are one site."""
    labels = (host or "").lower().split(".")
    country_first = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3
    return ".".join(labels[-3:] if country_first else labels[-2:])
