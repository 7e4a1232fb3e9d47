"""Write WARC files (ISO 28500) for tests: one response record per (address, status, headers, body)."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

#: Address, status, headers, body as it went over the line (encoded as the headers say).
Record = tuple[str, int, Mapping[str, str], bytes]


def write_warc(
    path: Path, records: Iterable[Record], *, date: str = "2024-03-05T06:07:08Z", kind: str = "response"
) -> Path:
    """Write `records` in order; a name that ends in .gz is compressed, one gzip member per record.

    `kind` "resource" writes bodies without any HTTP head, as crawlers do for files; status is then not written.
    """
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=path.suffix == ".gz")
        for url, status, headers, body in records:
            head = _head(status, headers) if kind == "response" else None
            record = writer.create_warc_record(
                url,
                kind,
                payload=BytesIO(body),
                # Said at once: otherwise the writer buffers in a temporary file and leaves it to the collector.
                length=len(body),
                http_headers=head,
                warc_content_type="" if head else headers.get("Content-Type", ""),
                warc_headers_dict={"WARC-Date": date},
            )
            writer.write_record(record)
    return path


def _head(status: int, headers: Mapping[str, str]) -> StatusAndHeaders:
    reason = HTTPStatus(status).phrase if status in set(HTTPStatus) else "Unknown"
    return StatusAndHeaders(f"{status} {reason}", list(headers.items()), protocol="HTTP/1.1")
