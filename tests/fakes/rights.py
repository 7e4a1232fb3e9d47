"""Files and folders that this user may not write, also where the tests are run by root, whom no right binds."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: An id that owns nothing: `nobody` on most systems.
_NOBODY = 65534


@contextmanager
def barred(*paths: Path) -> Iterator[None]:
    """While this lasts nothing at or below `paths` may be written, and whoever runs this is no longer root."""
    parts = [part for path in paths for part in (path, *path.rglob("*"))]
    before = {part: part.stat().st_mode for part in parts}
    is_root = os.geteuid() == 0
    # The folders that pytest makes are its user's alone: he who was root must still find his way.
    ways = {way: way.stat().st_mode for path in paths for way in path.parents if is_root and _is_shut(way)}
    for way, mode in ways.items():
        way.chmod(mode | 0o055)
    for part, mode in before.items():
        part.chmod((mode & ~0o222) | (0o555 if part.is_dir() else 0o444))
    if is_root:
        os.seteuid(_NOBODY)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)
        for part, mode in {**before, **ways}.items():
            if part.exists():
                part.chmod(mode)


def _is_shut(way: Path) -> bool:
    return way.stat().st_mode & 0o055 != 0o055
