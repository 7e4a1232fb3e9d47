"""Say in a few words what a document looks like when it is not what was promised. Text walks in, words out; pure."""

import re

from scrapers.parsing.plaintext import plain

_MAGIC = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"PK\x03\x04", "a zip file"),
)

#: What stands in pages that keep clients out, in lower case, and what such a page is.
_WALLS = (
    (
        r"just a moment\.\.\.|cf[-_]chl|challenge-platform|attention required! \| cloudflare",
        "a Cloudflare challenge page",
    ),
    (r"ddos-guard|ddos protection|checking your browser|qrator|stormwall", "a DDoS guard's challenge page"),
    (r"__jsl_clearance|_incapsula_resource|acw_sc__v2|datadome|px-captcha", "a bot wall's challenge page"),
    (
        r"captcha|are you a robot|verify (?:that )?you are (?:a )?human|安全验证|人机验证|подтвердите, что вы не робот",
        "a captcha page",
    ),
    (
        r"<title>[^<]*(?:access denied|forbidden|доступ (?:ограничен|запрещ[её]н)|访问被拒绝)",
        "a page that denies access",
    ),
    (r"""<input[^>]+type=["']?password""", "a login page"),
    (r"<title>[^<]*(?:404|not found|не найден|页面不存在)", "a page that says nothing was found"),
    (r"""<meta[^>]+http-equiv=["']?refresh""", "a page that only leads elsewhere"),
)
_HEAD = 60_000
#: Pages of more text than this are read by people; a word such as captcha in them is no wall.
_WALL_TEXT = 3_000


def describe(body: bytes, text: str) -> str:
    """A noun phrase for the document: "nothing at all", "11 bytes of text: 'OK'", "an HTML page titled '...'"."""
    if not text.strip():
        return "nothing at all" if not body.strip() else f"{len(body)} bytes that hold no text"
    for magic, name in _MAGIC:
        if body.startswith(magic):
            return name
    head = text[:_HEAD]
    if re.search(r"<\s*(?:!doctype html|html|head|body|title|div|span|p|a|script|meta|form)\b", head, re.IGNORECASE):
        return _page(head)
    if head.lstrip()[:1] in ("{", "["):
        return "JSON without a list of articles"
    if found := re.search(r"<([A-Za-z][\w:.-]*)[\s/>]", head):
        return f"an XML document whose root is <{found[1]}>"
    return f"{len(body)} bytes of text: {_short(text)}"


def wall(text: str) -> str:
    """What keeps the reader out, if this page does so instead of saying something; else nothing."""
    head = text[:_HEAD]
    lowered = head.lower()
    found = next((name for pattern, name in _WALLS if re.search(pattern, lowered)), "")
    return found if found and len(plain(head)) < _WALL_TEXT else ""


def _page(head: str) -> str:
    if found := wall(head):
        return found
    title = re.search(r"<title[^>]*>(.*?)</title", head, re.IGNORECASE | re.DOTALL)
    named = (
        f"an HTML page titled {_short(plain(title[1]))}" if title and title[1].strip() else "an HTML page without title"
    )
    return named if plain(head) else f"{named} and without text (drawn by script?)"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return repr(line if len(line) <= 60 else line[:57] + "...")
