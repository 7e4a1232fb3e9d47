"""Read a body piece by piece, unpacked and never larger than its cap. Bytes walk in, bytes walk out; used by both doors."""

import zlib
from collections.abc import Iterable, Iterator
from itertools import chain

from scrapers.errors import FetchError, TooBig

#: The most that is unpacked at a time: what bounds the memory a compressed bomb can claim.
STEP = 64 * 1024

_GZIP_MAGIC = b"\x1f\x8b"
_GZIP, _ZLIB, _RAW = zlib.MAX_WBITS | 16, zlib.MAX_WBITS, -zlib.MAX_WBITS
_COMPRESSED = frozenset({"gzip", "x-gzip", "deflate"})
#: Codings we do not offer and cannot undo. Any other word in the header is a slip ("utf-8", "none"), not a coding.
_FOREIGN = frozenset({"br", "zstd", "compress", "x-compress", "dcb", "dcz"})


def read_body(url: str, pieces: Iterable[bytes], *, encoding: str, cap: int) -> bytes:
    """The body that came in `pieces`, with the codings of `encoding` (the Content-Encoding header) undone.

    `cap` holds in bytes, for what was sent and again for what it unpacks to. Raises TooBig, and FetchError for a body
    that cannot be unpacked. RFC 9110, 8.4.
    """
    stream = _capped(url, pieces, cap, "sent")
    for coding in reversed([word.strip().lower() for word in encoding.split(",")]):
        if coding in _FOREIGN:
            raise FetchError(
                url,
                f"{url} answered packed as {coding}, which was not offered. Tell the outlet, or use another address.",
            )
        if coding in _COMPRESSED:
            stream = _capped(url, _unpacked(url, stream, coding), cap, "unpacked")
    return b"".join(stream)


def check_length(url: str, declared: str, cap: int) -> None:
    """Raise TooBig when the Content-Length header already says so, before a byte is read."""
    if declared.isascii() and declared.isdigit() and int(declared) > cap:
        raise _too_big(url, cap, "sent")


def _capped(url: str, pieces: Iterable[bytes], cap: int, when: str) -> Iterator[bytes]:
    total = 0
    for piece in pieces:
        total += len(piece)
        if total > cap:
            raise _too_big(url, cap, when)
        yield piece


def _too_big(url: str, cap: int, when: str) -> TooBig:
    return TooBig(
        url,
        f"{url} is larger than the {cap:,} bytes allowed, as {when}; nothing of it was kept. "
        "Give the outlet's file a smaller entry point.",
    )


def _unpacked(url: str, pieces: Iterator[bytes], coding: str) -> Iterator[bytes]:
    head = _head(pieces)
    if not head:
        return
    if coding != "deflate" and not head.startswith(_GZIP_MAGIC):
        # Called gzip and sent plain: servers and captures that unpacked already and kept the header.
        yield head
        yield from pieces
        return
    # RFC 9110, 8.4.1.2: "deflate" means zlib, and some send the bare stream all the same.
    window = _GZIP if coding != "deflate" else _ZLIB if _is_zlib(head) else _RAW
    try:
        yield from _inflate(chain((head,), pieces), window)
    except (zlib.error, EOFError) as error:
        raise FetchError(
            url, f"{url} answered with broken compression ({error}). It is tried again at the next visit."
        ) from error


def _inflate(pieces: Iterable[bytes], window: int) -> Iterator[bytes]:
    engine = zlib.decompressobj(window)
    for piece in pieces:
        data = piece
        while data:
            if engine.eof:
                # RFC 1952, 2.2: gzip members may follow one another; anything else at the end is padding. One byte
                # decides, because a piece may end right after it.
                if window != _GZIP or data[:1] != _GZIP_MAGIC[:1]:
                    return
                engine = zlib.decompressobj(window)
            yield engine.decompress(data, STEP)
            data = engine.unused_data if engine.eof else engine.unconsumed_tail
    while not engine.eof and (rest := engine.decompress(b"", STEP)):
        yield rest
    if not engine.eof:
        raise EOFError("the end is missing")


def _head(pieces: Iterator[bytes]) -> bytes:
    """Enough of the beginning to recognise a format by."""
    head = b""
    while len(head) < 2 and (piece := next(pieces, None)) is not None:
        head += piece
    return head


def _is_zlib(head: bytes) -> bool:
    # RFC 1950, 2.2: method 8 in the low half of the first byte, and both bytes as one number divisible by 31.
    return len(head) > 1 and head[0] & 0x0F == 8 and int.from_bytes(head[:2], "big") % 31 == 0
