"""The operator's topic files: which would stand in the folder with a candidate among them, and a file put there in one piece.

Called by the command line.
"""

import os
import tempfile
from pathlib import Path

from scrapers.classifying.loading import topic_files
from service.errors import Unusable

SUFFIXES = (".yaml", ".yml")


def candidate_files(folder: Path | None, place: Path | None) -> tuple[Path, ...]:
    """The files of `folder` with those of `place` (a file or a folder) added, or in the place of their namesakes.

    In the order in which a service would read them. Raises TopicFileError when one of the two is not there.
    """
    standing = topic_files(folder) if folder else ()
    candidates = topic_files(place) if place else ()
    by_name = {path.name: path for path in (*standing, *candidates)}
    return tuple(by_name[name] for name in sorted(by_name))


def install(file: Path, folder: Path | None) -> Path:
    """Copy `file` into the operator's folder, whole or not at all; where it stands then. Raises Unusable."""
    if folder is None:
        raise Unusable("ENTENTE_TOPICS_DIR is not set: set it to a folder of your own, where the file is to be kept.")
    if not file.name.endswith(SUFFIXES) or not file.is_file():
        raise Unusable(f"{file} cannot be put there: name one file that ends in {' or '.join(SUFFIXES)}.")
    there = folder / file.name
    try:
        if not (there.exists() and there.samefile(file)):
            _put(file.read_bytes(), there)
    except OSError as why:
        raise Unusable(f"{there} cannot be written ({why.strerror or why}): give this user the right to.") from why
    return there


def _put(body: bytes, there: Path) -> None:
    # A name no reader of the folder takes for a topic file, until all of it is on the disk.
    handle, part = tempfile.mkstemp(prefix=f".{there.name}.", suffix=".part", dir=there.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(body)
            stream.flush()
            os.fsync(stream.fileno())
        Path(part).chmod(0o644)
        Path(part).replace(there)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
