"""Take markup out of a text it was left in, keeping the way back. Text walks in, plain text walks out. Pure; only this room calls it.

Reading leaves none in; texts handed in by others may hold it. A tag between two words must not part them, and what a page hides
(scripts, styles, comments) is no news. Only tags of HTML count (https://html.spec.whatwg.org/multipage/indices.html): other words
in angle brackets are text.
"""

import html
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

_BREAKS = (
    "address|article|aside|blockquote|body|br|caption|center|dd|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr|html|li|"
    "main|nav|ol|option|p|pre|section|table|tbody|td|tfoot|th|thead|title|tr|ul"
)
_INLINE = "a|abbr|b|big|cite|code|del|em|font|i|iframe|img|input|ins|kbd|label|link|mark|meta|nobr|o:p|q|s|small|span|strike|strong|sub|sup|tt|u|wbr"
_HIDDEN = "head|noscript|script|style|template"
# Every alternative begins with a letter of its own, in no group: then `re` runs to the next one of them at once.
_MARKUP = re.compile(
    rf"<(?P<close>/?)(?:(?P<breaks>{_BREAKS})|(?P<hidden>{_HIDDEN})|{_INLINE})(?:\s[^<>]{{0,2000}})?/?>"
    r"|<(?P<comment>!--)|-(?P<end>->)|<!doctype[^<>]{0,200}>|&(?P<entity>#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});",
    re.IGNORECASE,
)


class _Run(NamedTuple):
    """A stretch of plain text: where it begins, and the stretch of the original it stands for, letter by letter or as a whole."""

    start: int
    first: int
    last: int
    is_literal: bool


@dataclass(frozen=True, slots=True)
class Plain:
    """Plain text and the way back to the original it came from."""

    text: str
    original: str
    #: In order; none where nothing was taken out.
    runs: tuple[_Run, ...] = ()
    starts: tuple[int, ...] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets into `original` of what stands at `start:end` of `text`, which is not empty."""
        if not self.runs:
            return start, end
        opens, closes = self._run(start), self._run(end - 1)
        first = opens.first + (start - opens.start if opens.is_literal else 0)
        return first, closes.first + end - closes.start if closes.is_literal else closes.last

    def _run(self, at: int) -> _Run:
        return self.runs[max(0, bisect_right(self.starts, at) - 1)]


def strip(text: str) -> Plain:
    """`text` without markup."""
    if ("<" not in text and "&" not in text) or not _MARKUP.search(text):
        return Plain(text, text)
    parts: list[str] = []
    runs: list[_Run] = []
    length = 0
    for part, first, last, is_literal in _parts(text):
        if part:
            runs.append(_Run(length, first, last, is_literal))
            parts.append(part)
            length += len(part)
    return Plain("".join(parts), text, tuple(runs), tuple(run.start for run in runs))


def _hides(mark: re.Match[str]) -> str:
    """What a mark begins or ends that a page does not show; empty for any other."""
    return "-->" if mark["comment"] or mark["end"] else (mark["hidden"] or "").lower()


def _parts(text: str) -> Iterator[tuple[str, int, int, bool]]:
    """What is kept: text, the offsets it stands for, and whether it stands there letter by letter."""
    position, until = 0, ""
    marks = list(_MARKUP.finditer(text))
    # A hidden part that is never closed would swallow all that follows: then only its tag is taken out.
    ends = {_hides(mark): mark.start() for mark in marks if mark["close"] or mark["end"]}
    for found in marks:
        name = _hides(found)
        if until:
            if name == until and (found["close"] or found["end"]):
                position, until = found.end(), ""
            continue
        yield text[position : found.start()], position, found.start(), True
        position = found.end()
        if found["entity"]:
            yield html.unescape(found.group()), *found.span(), False
        elif found["breaks"]:
            yield "\n", *found.span(), False
        elif found["end"]:
            yield found.group(), *found.span(), True
        elif name and not found["close"] and found.start() < ends.get(name, -1):
            until = name
    yield text[position:], position, len(text), True
