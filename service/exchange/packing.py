"""The file of a backup: a zip archive (PKWARE APPNOTE, with zip64) of an archive's snapshot, the operator's own files, and a manifest.

The manifest says what is in it, how much, and the SHA-256 of each part; it is written last, so a backup cut short has none. Secrets
are in none of it. Called by `service.runs`.
"""

import hashlib
import os
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

#: The form of the manifest.
FORM: Final = 1
MANIFEST, SNAPSHOT = "manifest.json", "entente.db"
#: Names of the operator's own files begin so.
OWN = "own/"
_BLOCK = 1 << 20


class BadBackup(Exception):
    """A file that cannot be restored; the message says why and what to do, behind the file's name."""


class Part(BaseModel):
    model_config = ConfigDict(frozen=True)

    bytes: int
    sha256: str


class Manifest(BaseModel):
    """What a backup says of itself."""

    model_config = ConfigDict(frozen=True)

    entente_backup: Literal[1] = FORM
    made: AwareDatetime
    #: Version of the Entente that made it, and of its database's shape.
    version: str
    shape: str
    #: sqlite or postgresql: the store it was taken from. It can be restored into either.
    store: str
    #: Rows by table.
    rows: dict[str, int]
    #: What the operator had set, without what may hold a secret.
    settings: dict[str, str]
    parts: dict[str, Part] = {}


def pack(
    file: IO[bytes], manifest: Manifest, parts: Iterable[tuple[str, Path]], told: Callable[[int], None]
) -> Manifest:
    """Writes the parts and then the manifest, which names them. `told` hears of the bytes of each block. Raises OSError."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        put = {name: _put(archive, name, path, told) for name, path in parts}
        whole = manifest.model_copy(update={"parts": put})
        archive.writestr(MANIFEST, whole.model_dump_json(indent=1))
    return whole


def _put(archive: zipfile.ZipFile, name: str, path: Path, told: Callable[[int], None]) -> Part:
    digest, length = hashlib.sha256(), 0
    entry = zipfile.ZipInfo.from_file(path, name, strict_timestamps=False)
    entry.compress_type = zipfile.ZIP_DEFLATED
    with path.open("rb") as source, archive.open(entry, "w", force_zip64=True) as target:
        while block := source.read(_BLOCK):
            digest.update(block)
            length += len(block)
            target.write(block)
            told(len(block))
    return Part(bytes=length, sha256=digest.hexdigest())


class Pack:
    """A backup opened to be read. Every method may raise BadBackup."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.manifest = self._manifest()

    def parts(self) -> Mapping[str, Part]:
        return self.manifest.parts

    def check(self) -> None:
        """Reads all of it. Raises BadBackup if any part is not what the manifest says."""
        with Path(os.devnull).open("wb") as nowhere:
            for name in self.manifest.parts:
                self.unpack(name, nowhere)

    def unpack(self, name: str, into: IO[bytes]) -> None:
        """Writes one part to `into`; raises BadBackup, after writing, if it is not what the manifest says. Raises OSError."""
        digest, length = hashlib.sha256(), 0
        for block in self._blocks(name):
            digest.update(block)
            length += len(block)
            into.write(block)
        if Part(bytes=length, sha256=digest.hexdigest()) != self.manifest.parts[name]:
            raise BadBackup(f"is damaged: its part {name} is not what its manifest says. Take another backup.")

    def _blocks(self, name: str) -> Iterator[bytes]:
        with _sound():
            part = self._archive.open(name)
        with part:
            while True:
                with _sound():
                    block = part.read(_BLOCK)
                if not block:
                    return
                yield block

    def _manifest(self) -> Manifest:
        with _sound():
            try:
                written = self._archive.read(MANIFEST)
            except KeyError:
                raise BadBackup("is no backup of Entente: a zip archive without its manifest.") from None
        try:
            return Manifest.model_validate_json(written)
        except ValidationError as why:
            newer = any(error["loc"] == ("entente_backup",) for error in why.errors())
            told = "was made by a newer Entente: restore it with that version." if newer else "has no sound manifest."
            raise BadBackup(told) from why


@contextmanager
def opened(path: Path) -> Iterator[Pack]:
    """The backup at `path`. Raises BadBackup."""
    try:
        file = path.open("rb")
    except OSError as why:
        raise BadBackup(f"cannot be read ({why.strerror or why}): check the path and its rights.") from why
    with file:
        begins_well = file.read(4) == b"PK\x03\x04"
        try:
            archive = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, OSError, ValueError) as why:
            told = "was cut short, or damaged at its end" if begins_well else "is no backup of Entente"
            raise BadBackup(f"{told}. Take another backup; `entente backup` makes them.") from why
        with archive:
            yield Pack(archive)


@contextmanager
def _sound() -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, KeyError, OSError) as why:
        raise BadBackup(f"is damaged ({why}). Take another backup.") from why
