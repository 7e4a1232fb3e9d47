"""A seed document's bytes walk in, readable text walks out: slips of scanning mended, furniture cut, broken lines joined.

Pure. What to mend is data, in `manifest.yaml`; here is only how.
"""

import re

from storage.records import SeedDocument

_SENTENCE_ENDS = re.compile(r"[.!?:][\"”']?$")
_SMALL_WORDS = {"and", "in", "of", "the", "for", "on", "to", "with"}


def repaired(document: SeedDocument, body: bytes) -> str:
    """The text of `document`, paragraph by paragraph, from the bytes of its file."""
    text = body.decode("utf-8-sig", errors="replace").replace("\r\n", "\n").replace("\xa0", " ")
    for pattern, replacement in document.repairs:
        text = re.sub(pattern, replacement, text, flags=re.MULTILINE)
    lines = [line.strip() for line in text.split("\n")]
    paragraphs = _unwrapped(lines) if document.wrapped else lines
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _unwrapped(lines: list[str]) -> list[str]:
    """Paragraphs of a text whose lines break inside sentences: one ends where a short line ends a sentence."""
    full = max((len(line) for line in lines), default=0)
    paragraphs: list[str] = []
    current = ""
    for line in filter(None, lines):
        if _is_heading(line) and (not current or _SENTENCE_ENDS.search(current)):
            paragraphs += [current, line]
            current = ""
            continue
        current = f"{current} {line}" if current else line
        if _SENTENCE_ENDS.search(line) and len(line) < full * 0.6:
            paragraphs.append(current)
            current = ""
    return [*paragraphs, current]


def _is_heading(line: str) -> bool:
    words = line.split()
    capital = all(word[0].isupper() or word in _SMALL_WORDS for word in words)
    return 2 <= len(words) <= 8 and capital and words[-1] not in _SMALL_WORDS and not _SENTENCE_ENDS.search(line)
