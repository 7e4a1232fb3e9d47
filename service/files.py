"""Files people hand over or ask for: a path walks in, bytes or JSON Lines walk out or in, or a message says what to do.

A gzipped file is known by its first bytes, whatever its name. Called by `service.runs` and the command line.
"""

import gzip
import json
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import IO, Any, cast

#: No single document and no single line is longer, in bytes, before and after decompression; a larger one is a mistake.
LARGEST = 20_000_000
_GZIP = b"\x1f\x8b"


class BadFile(Exception):
    """A file that cannot be used; the message says why and what to do, without its name."""


class BadLine(Exception):
    """A line that is no JSON object; the message says what to write."""


@contextmanager
def opened(file: Path) -> Iterator[IO[bytes]]:
    """The bytes of `file`, unpacked. Whatever goes wrong while they are read is raised as BadFile."""
    try:
        with file.open("rb") as packed:
            zipped = packed.read(len(_GZIP)) == _GZIP
            packed.seek(0)
            with gzip.open(packed) if zipped else packed as stream:
                yield cast(IO[bytes], stream)
    except (EOFError, zlib.error, gzip.BadGzipFile) as why:
        raise BadFile(f"is no sound gzip file ({why}): unpack it, or fetch it again") from why
    except OSError as why:
        raise BadFile(f"cannot be read ({why.strerror or why}): check the path and its rights") from why


def body_of(file: Path) -> bytes:
    """All of `file`. Raises BadFile."""
    with opened(file) as stream:
        body = stream.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise BadFile(f"is larger than {LARGEST // 1_000_000} MB: split it")
    return body


def json_lines(stream: IO[bytes]) -> Iterator[tuple[int, dict[str, Any] | BadLine]]:
    """Each line's number, from 1, with its JSON object or with what is wrong with it; blank lines are passed over.

    Where the file itself breaks off, the last number stands with what broke it.
    """
    number = 0
    try:
        while line := stream.readline(LARGEST + 1):
            number += 1
            if len(line) > LARGEST:
                _skip_line(stream)
                yield number, BadLine(f"is longer than {LARGEST // 1_000_000} MB: write one object a line")
            elif line.strip(b"\xef\xbb\xbf \t\r\n"):
                yield number, _object(line)
    except (EOFError, zlib.error, gzip.BadGzipFile) as why:
        yield number + 1, BadLine(f"the file breaks off here ({why}): fetch it again; what stood before is used")


def _skip_line(stream: IO[bytes]) -> None:
    while (rest := stream.readline(LARGEST)) and not rest.endswith(b"\n"):
        pass


def _object(line: bytes) -> dict[str, Any] | BadLine:
    try:
        value = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as why:
        return BadLine(f"is not UTF-8 ({why.reason} at byte {why.start + 1}): convert the file to UTF-8")
    except (ValueError, RecursionError) as why:
        end = "" if line.endswith(b"\n") else "; the file ends in this line, and may have been cut short"
        return BadLine(f"is not JSON ({why}): write one object a line{end}")
    return value if isinstance(value, dict) else BadLine("is no JSON object: write one object a line")


# ------------------------------------------------------------------ files written


@contextmanager
def new_file(path: Path, *, mode: int = 0o666) -> Iterator[IO[bytes]]:
    """A file that is there whole, on disk and in its folder, once the block has ended well; before, and else, it is not.

    Never takes the place of another. `mode` is cut by the umask. Raises BadFile, also for a full disk. What a kill leaves behind
    is named `.NAME.*.partial`.
    """
    if path.exists() or path.is_symlink():
        raise BadFile(_IN_THE_WAY)
    partial = path.with_name(f".{path.name}.{token_hex(4)}.partial")
    try:
        with os.fdopen(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_RDWR, mode), "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _give_name(partial, path)
        sync_folder(path.parent)
    except FileExistsError as why:
        raise BadFile(_IN_THE_WAY) from why
    except OSError as why:
        raise BadFile(
            f"cannot be written ({why.strerror or why}): check its folder, its rights and the free space"
        ) from why
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


_IN_THE_WAY = "is there already, and is left alone: name another file, or remove that one first"


def _give_name(partial: Path, path: Path) -> None:
    """The file is called `path` from now on; if that is taken it stays as it is. Raises OSError."""
    try:
        os.link(partial, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links, as sticks and shares have
        if path.exists():
            raise FileExistsError(path) from None
        partial.rename(path)


def sync_folder(folder: Path) -> None:
    """What was named in `folder` survives a power cut. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
