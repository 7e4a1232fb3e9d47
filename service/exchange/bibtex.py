r"""Citations as BibTeX, in entry types and fields every version of it knows. Histories walk in, bytes walk out. Pure.

A newspaper article is an @article whose journal is the outlet, a web page a @misc. UTF-8. Names stand in braces: a byline does
not say which part of a name is the family's, and BibTeX would guess. Addresses are not escaped, as \url expects them.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator

from service.exchange.citations import Citation

_SPECIAL = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "&": r"\&",
        "%": r"\%",
        "$": r"\$",
        "#": r"\#",
        "_": r"\_",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)
#: What an address must not hold, percent-coded (RFC 3986).
_IN_ADDRESS = {ord(c): f"%{ord(c):02X}" for c in '\\{}<>"^` '}
_NO_KEY = re.compile(r"[^A-Za-z0-9:._-]")


def written(citations: Iterable[Citation]) -> Iterator[bytes]:
    for citation in citations:
        kind = "article" if citation.is_news else "misc"
        fields = "".join(f"  {name} = {{{value}}},\n" for name, value in _fields(citation) if value)
        yield f"@{kind}{{{_key(citation.id)},\n{fields}}}\n\n".encode()


def _fields(citation: Citation) -> Iterator[tuple[str, str]]:
    # A second pair of braces keeps the capitals of names.
    yield "title", f"{{{_escaped(citation.title)}}}"
    yield "author", " and ".join(f"{{{_escaped(name)}}}" for name in citation.authors)
    yield "journal" if citation.is_news else "publisher", _escaped(citation.outlet)
    if citation.published:
        yield "year", f"{citation.published:%Y}"
        yield "month", f"{citation.published.month}"
        yield "date", f"{citation.published:%Y-%m-%d}"
    yield "url", citation.url.translate(_IN_ADDRESS)
    yield "urldate", f"{citation.accessed:%Y-%m-%d}"
    yield "language", citation.language
    yield "keywords", _escaped(", ".join(citation.keywords))
    yield "note", _escaped(citation.note)


def _escaped(text: str) -> str:
    return text.translate(_SPECIAL)


def _key(id: str) -> str:
    """The article's id; where it holds what a key may not, told apart by a hash of it."""
    plain = _NO_KEY.sub("", id)
    return plain if plain == id else f"{plain}-{hashlib.sha256(id.encode('utf-8', 'replace')).hexdigest()[:8]}"
