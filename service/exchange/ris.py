"""Citations as RIS, which Zotero and other reference managers import. Histories walk in, bytes walk out. Pure.

RIS (Research Information Systems, 2001, as Zotero and rispy read it): two letters, two spaces, a hyphen, a space, a value to the
end of the line; a reference begins with TY and ends with ER. UTF-8, lines end in CR LF.
"""

from collections.abc import Iterable, Iterator

from service.exchange.citations import Citation


def written(citations: Iterable[Citation]) -> Iterator[bytes]:
    for citation in citations:
        lines = [f"{tag}  - {value}\r\n" for tag, value in _fields(citation) if value or tag == "ER"]
        yield ("".join(lines) + "\r\n").encode()


def _fields(citation: Citation) -> Iterator[tuple[str, str]]:
    # Newspaper article, or electronic source, which Zotero makes a web page.
    yield "TY", "NEWS" if citation.is_news else "ELEC"
    yield "TI", citation.title
    yield from (("AU", name) for name in citation.authors)
    yield "T2", citation.outlet
    yield "PB", citation.outlet
    if citation.published:
        yield "PY", f"{citation.published:%Y}"
        yield "DA", f"{citation.published:%Y/%m/%d}/"
    yield "Y2", f"{citation.accessed:%Y/%m/%d}/"
    yield "UR", citation.url
    yield "LA", citation.language
    yield from (("KW", word) for word in citation.keywords)
    yield "N1", citation.note
    yield "DB", "Entente"
    yield "AN", citation.id
    yield "ER", ""
