"""Text made harmless and made to fit: foreign text walks in, one safe line or lines of a given width walk out. Pure.

Width is counted in columns of a terminal or a plain-text mail: a Han character takes two (Unicode UAX 11).
"""

import re
import unicodedata
from urllib.parse import quote, urlsplit, urlunsplit

#: Control characters, halves of characters, direction marks and overrides, invisible joiners and tags, noncharacters.
#: What they hide or turn round in a mail program is never news. The joiners of Persian and of emoji (200C, 200D) stay.
_HARMFUL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\uffff"
    "\ud800-\udfff\ufdd0-\ufdef\U000e0000-\U000e0fff]"
)
_SPACE = re.compile(r"\s+")

#: Characters that may end or begin no line of Chinese (a short form of GB/T 15834).
_NOT_FIRST = "，。、；：？！）》」』”’…,.;:?!)"
_NOT_LAST = "（《「『“‘("

#: Longer addresses are traps or broken; the archive page still leads to the original.
_LONGEST_LINK = 2000


def harmless(text: str) -> str:
    """`text` with every run of white space as one space, and without what could hide, break or turn round a line."""
    return _HARMFUL.sub("", _SPACE.sub(" ", text))


def one_line(text: str, limit: int) -> str:
    """`text` harmless, on one line of at most `limit` columns, cut between words where there are any."""
    clean = harmless(text).strip()
    if width(clean) <= limit:
        return clean
    end = _fitting(clean, limit - 1)
    space = clean.rfind(" ", max(0, end - 24), end + 1)
    return clean[: space if space > 0 else end].rstrip(" ,;:-–—") + "…"


def width(text: str) -> int:
    """Columns `text` takes."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _fitting(text: str, limit: int) -> int:
    """How many characters of `text` fit into `limit` columns."""
    used = 0
    for position, character in enumerate(text):
        used += _columns(character)
        if used > limit:
            return position
    return len(text)


def fill(text: str, *, columns: int = 72, indent: str = "", first: str | None = None) -> str:
    """`text` broken into lines of at most `columns`, each begun with `indent` (the first with `first`).

    A word wider than a line stands alone on its own: addresses must stay whole.
    """
    lines = [indent if first is None else first]
    empty = True
    for word in _breakable(harmless(text).strip()):
        if not empty and width(lines[-1]) + width(word.rstrip()) > columns:
            lines[-1] = lines[-1].rstrip()
            lines.append(indent)
        lines[-1] += word
        empty = False
    lines[-1] = lines[-1].rstrip()
    return "\n".join(lines)


def _breakable(text: str) -> list[str]:
    """`text` in the pieces a line may be broken between: words with their space, and wide characters one by one."""
    pieces: list[str] = []
    for character in text:
        last = pieces[-1][-1] if pieces else " "
        joined = last != " " and character != " " and (_columns(last) < 2 and _columns(character) < 2)
        glued = character == " " or character in _NOT_FIRST or last in _NOT_LAST
        if pieces and (joined or glued):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def safe_link(url: str) -> str:
    """`url` when it is a web address that may stand in a mail, percent-encoded (RFC 3986); else an empty text."""
    try:
        parts = urlsplit(harmless(url).strip())
        host = parts.hostname
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host or re.search(r"[\s<>\"'`\\]", parts.netloc):
        return ""
    path, query, fragment = (quote(part, safe="%/:=&?~#+!$,;@()*[]'") for part in parts[2:])
    link = urlunsplit((parts.scheme, parts.netloc, path, query, fragment))
    return link if len(link) <= _LONGEST_LINK else ""
