"""Read WARC files (ISO 28500) as they are found: plain or compressed, whole or with damaged records among good ones.

A path walks in; the records that answer an address walk out with their places, and each again, body and all, when asked
for: a capture of any size costs the memory of its index. Only `replay` uses this module.
"""

import io
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeadersParser, StatusAndHeadersParserException

_GZIP_MARK = b"\x1f\x8b\x08"
_PLAIN_MARK = b"WARC/"
_BLOCK = 16 * 1024
#: What damage turns into on its way through the decompressor and warcio.
_SYMPTOMS = (ArchiveLoadFailed, StatusAndHeadersParserException, zlib.error, EOFError, ValueError, LookupError)


class Damaged(Exception):
    """No sound record stands at `start`, an offset in the stream that was read."""

    def __init__(self, start: int, reason: object) -> None:
        super().__init__(f"no sound record at {start}: {reason}")
        self.start, self.reason = start, reason


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record begins: its gzip member's offset in the file (0 in a plain file), and the offset inside that."""

    member: int
    start: int


@dataclass(frozen=True, slots=True)
class Damage:
    """No sound record stands at this offset in the file."""

    at: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The head of one record."""

    #: The WARC type; only "response" and "resource" answer an address.
    kind: str
    url: str
    #: WARC-Date as written.
    date: str
    #: Of the HTTP answer; 200 for a resource.
    status: int
    #: Of the HTTP answer, lower-case names; of a resource its type alone.
    headers: Mapping[str, str]


class Warc:
    """One file. Raises OSError where the file cannot be read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with path.open("rb") as file:
            self._packed = file.read(len(_GZIP_MARK)) == _GZIP_MARK

    def scan(self) -> Iterator[tuple[Place, Record] | Damage]:
        """Every record in order, the damaged among them. Each block is read to its end and let go."""
        with self._path.open("rb") as file:
            begin: int | None = 0
            while begin is not None:
                here = begin
                try:
                    if not self._packed:
                        yield from ((Place(0, start), record) for start, record in _walk(_plain(file, here)))
                        return
                    member = _Member(file, here)
                    for start, record in _walk(io.BufferedReader(member, _BLOCK)):
                        yield Place(here, start), record
                    begin = _find(file, _GZIP_MARK, member.end)
                except Damaged as damage:
                    yield Damage(here if self._packed else damage.start, str(damage.reason))
                    begin = self._resume(file, here, damage)

    def _stream(self, file: BinaryIO, place: Place) -> BinaryIO:
        if not self._packed:
            return _plain(file, place.start)
        stream: BinaryIO = io.BufferedReader(_Member(file, place.member), _BLOCK)
        to_skip = place.start
        while to_skip and (skipped := stream.read(min(_BLOCK, to_skip))):
            to_skip -= len(skipped)
        return stream

    def _resume(self, file: BinaryIO, begin: int, damage: Damaged) -> int | None:
        """Where the next record may begin after a damaged one."""
        if self._packed:
            return _find(file, _GZIP_MARK, begin + 1)
        # Not only at the head of a line: a crawler that died in a record and went on appending left none.
        return _find(file, _PLAIN_MARK, damage.start + 1)

    @contextmanager
    def open(self, place: Place) -> Iterator[tuple[Record, Iterator[bytes]]]:
        """The record at `place` with its body, piece by piece, chunks joined. Raises Damaged."""
        with self._path.open("rb") as file:
            try:
                stream = self._stream(file, place)
                record, body = _load(stream, stream.readline())
                if record.headers.get("transfer-encoding", "").lower() == "chunked":
                    body = ChunkedDataReader(body)
                yield record, iter(partial(body.read, _BLOCK), b"")
            except _SYMPTOMS as symptom:
                raise Damaged(place.start, symptom) from symptom


class _Member(io.RawIOBase):
    """One gzip member as a stream; `end` is the offset behind it, known once it was read to its end."""

    def __init__(self, file: BinaryIO, begin: int) -> None:
        super().__init__()
        file.seek(begin)
        self._file = file
        self._engine = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self._told = 0
        self.end = begin

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._told

    def readinto(self, buffer: Any) -> int:
        while not self._engine.eof:
            data = self._engine.unconsumed_tail or self._file.read(_BLOCK)
            if not data:
                raise EOFError("the file ends inside a record")
            piece = self._engine.decompress(data, len(buffer))
            if piece:
                buffer[: len(piece)] = piece
                self._told += len(piece)
                return len(piece)
        self.end = self._file.tell() - len(self._engine.unused_data)
        return 0


def _plain(file: BinaryIO, start: int) -> BinaryIO:
    file.seek(start)
    return file


def _walk(stream: BinaryIO) -> Iterator[tuple[int, Record]]:
    """The records of a stream, each told only after its block and what must follow it were seen."""
    start = stream.tell()
    try:
        while line := stream.readline():
            if line.strip():
                record, block = _load(stream, line)
                while block.read(_BLOCK):
                    pass
                if block.limit or stream.readline().strip():
                    raise ValueError("its length is not what it says")
                yield start, record
            start = stream.tell()
    except _SYMPTOMS as symptom:
        raise Damaged(start, symptom) from symptom


def _load(stream: BinaryIO, line: bytes) -> tuple[Record, Any]:
    """The head of the record that begins with `line`, and its body (in warcio's reader) still to be read."""
    loaded = _LOADER.parse_record_stream(stream, line, known_format="warc", no_record_parse=True)
    field = loaded.rec_headers.get_header
    if not (field("Content-Length") or "").isdigit():
        raise ValueError("it has no length")
    if sum(name.lower() == "warc-type" for name, _ in loaded.rec_headers.headers) != 1:
        # ISO 28500, 4: a field stands once. Two heads in one are a record cut short and the next one after it.
        raise ValueError("it is two records grown together")
    kind, url = loaded.rec_type or "", field("WARC-Target-URI") or ""
    status, headers = 200, {"content-type": loaded.content_type or ""}
    if kind == "response" and url.startswith(("http:", "https:")):
        head = _HTTP.parse(loaded.raw_stream)
        status, headers = int(head.get_statuscode()), _joined(head.headers)
    record = Record(kind=kind, url=url, date=field("WARC-Date") or "", status=status, headers=headers)
    return record, loaded.raw_stream


_LOADER = ArcWarcRecordLoader(arc2warc=False)
# Unverified, so that HTTP/2 and ICY status lines are read too; a head without a number is damage all the same.
_HTTP = StatusAndHeadersParser([], verify=False)


def _joined(headers: list[tuple[str, str]]) -> dict[str, str]:
    # RFC 9110, 5.3: several lines of one name are one list.
    joined: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        joined[key] = f"{joined[key]}, {value}" if key in joined else value
    return joined


def _find(file: BinaryIO, mark: bytes, start: int) -> int | None:
    """The offset at or after `start` at which `mark` stands."""
    file.seek(start)
    held = b""
    while block := file.read(_BLOCK):
        held += block
        if (at := held.find(mark)) >= 0:
            return start + at
        start += max(0, len(held) - len(mark) + 1)
        held = held[max(0, len(held) - len(mark) + 1) :]
    return None
