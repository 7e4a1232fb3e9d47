"""Texts as WARC (ISO 28500) conversion records: what was read from a page, at its address and with its times. Pure.

Pages as they came are not kept, so nothing here claims to be one: a conversion record is "an alternative version of another
record's content", as Common Crawl publishes texts. Each revision is a record. Histories walk in, bytes walk out.
"""

import io
from collections.abc import Iterable, Iterator
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from warcio.warcwriter import WARCWriter

from service.exchange.citations import one_line
from storage.archive.histories import History
from storage.records import Kept, Revision, rfc3339


def written(histories: Iterable[History], *, now: str, packed: bool) -> Iterator[bytes]:
    """`now` is the RFC 3339 time of the export; `packed` makes each record a gzip member, as .warc.gz has it."""
    yield _head(now, packed)
    for history in histories:
        for revision in history.revisions:
            yield _record(history.kept, revision, packed)


def _head(now: str, packed: bool) -> bytes:
    return _written(
        packed,
        "warcinfo",
        "",
        b"software: Entente\r\nformat: WARC File Format 1.1\r\ndescription: texts read from pages, as conversion records\r\n",
        "application/warc-fields",
        {"WARC-Date": now, "WARC-Record-ID": _name(f"warcinfo {now}")},
    )


def _record(kept: Kept, revision: Revision, packed: bool) -> bytes:
    address = quote(kept.article.url or f"urn:entente:{kept.id}", safe=":/?#[]@!$&'()*+,;=%-._~")
    body = f"{one_line(revision.title)}\n\n{revision.text}".encode("utf-8", "replace")
    headers = {
        "WARC-Date": rfc3339(revision.captured),
        "WARC-Record-ID": _name(f"{kept.id}/{revision.number}"),
    }
    return _written(packed, "conversion", address, body, "text/plain; charset=utf-8", headers)


def _name(of: str) -> str:
    """The same record has the same name in every export."""
    return f"<urn:uuid:{uuid5(NAMESPACE_URL, f'urn:entente:{of}')}>"


def _written(packed: bool, kind: str, address: str, body: bytes, content_type: str, headers: dict[str, str]) -> bytes:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=packed, warc_version="1.1")
    record = writer.create_warc_record(
        address,
        kind,
        payload=io.BytesIO(body),
        length=len(body),
        warc_content_type=content_type,
        warc_headers_dict=headers,
    )
    writer.write_record(record)
    return out.getvalue()
