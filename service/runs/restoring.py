"""A backup walks in, an archive stands where there was none. All of it or nothing: a kill at any moment leaves the place empty.

Called by the command line.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from secrets import token_hex

from service.errors import Unusable
from service.exchange.packing import OWN, SNAPSHOT, BadBackup, Manifest, Pack, opened
from service.settings import Settings
from storage.archive import snapshots
from storage.archive.upgrading import knows
from storage.errors import ArchiveError

#: What a restore that was killed leaves in the data folder.
_LEFT = ".restoring-*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    manifest: Manifest
    #: Where the operator's own files of the backup were put; None where there were none.
    own: Path | None


def run_restore(settings: Settings, path: Path, *, told: Callable[[str], None] = lambda step: None) -> Restored:
    """Makes the archive of `path` that of `settings`, where there must be none yet. `told` hears what is being done.

    Raises Unusable, and then nothing was changed.
    """
    try:
        snapshots.refuse_taken(settings.database)
        with opened(path) as pack, _room(settings) as room:
            _refuse_newer(pack.manifest)
            told("unpacking")
            _check(pack, room / SNAPSHOT)
            own = _unpack_own(pack, settings, room)
            told("putting in place")
            # The index is derived. An older one may bear the same change numbers for other articles.
            shutil.rmtree(settings.data_dir / "index", ignore_errors=True)
            snapshots.settle(room / SNAPSHOT, settings.database)
            return Restored(manifest=pack.manifest, own=own)
    except BadBackup as why:
        raise Unusable(f"{path} {why} Nothing was changed.") from why
    except ArchiveError as why:
        raise Unusable(str(why)) from why
    except OSError as why:
        raise Unusable(
            f"{settings.data_dir} cannot be written ({why.strerror or why}): check its rights and the free space. "
            "No archive was made."
        ) from why


def _check(pack: Pack, file: Path) -> None:
    """The snapshot is unpacked into `file` and holds what the manifest says."""
    if SNAPSHOT not in pack.parts():
        raise BadBackup("holds no archive.")
    with file.open("wb") as unpacked:
        pack.unpack(SNAPSHOT, unpacked)
    try:
        found = snapshots.look(file)
    except ArchiveError as why:
        raise BadBackup(f"holds no sound archive: {why}.") from why
    if (found.shape, dict(found.rows)) != (pack.manifest.shape, pack.manifest.rows):
        raise BadBackup("is damaged: its archive holds other rows than its manifest says. Take another backup.")


def _refuse_newer(manifest: Manifest) -> None:
    if not knows(manifest.shape):
        raise BadBackup(
            f"was made by a newer Entente ({manifest.version}; its archive has the shape {manifest.shape}): restore it with that "
            "version."
        )


@contextmanager
def _room(settings: Settings) -> Iterator[Path]:
    """A folder beside the archive to be, gone in the end; those of restores that were killed go first."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    beside = snapshots.folder_of(settings.database) or settings.data_dir
    beside.mkdir(parents=True, exist_ok=True)
    for left in beside.glob(_LEFT):
        shutil.rmtree(left, ignore_errors=True)
    room = beside / f".restoring-{token_hex(4)}"
    room.mkdir(mode=0o700)
    try:
        yield room
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _unpack_own(pack: Pack, settings: Settings, room: Path) -> Path | None:
    """The operator's own files go to a folder of their own, for people to put where they belong."""
    names = [name for name in pack.parts() if name.startswith(OWN)]
    if not names:
        return None
    for name in names:
        inside = PurePosixPath(name.removeprefix(OWN))
        if inside.is_absolute() or ".." in inside.parts:
            raise BadBackup(f"holds a file of a name it must not have: {name!r}.")
        target = room / "own" / inside
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            pack.unpack(name, file)
    place = settings.data_dir / f"restored-{pack.manifest.made:%Y%m%dT%H%M%SZ}"
    if not place.exists():
        shutil.move(room / "own", place)
    return place
