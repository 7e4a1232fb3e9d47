"""The archive walks into a file from which it can be made again, while the service runs and writes. A path walks in, a manifest out.

Called by the service at night and by the command line.
"""

from collections.abc import Iterator
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from secrets import token_hex

from pydantic import SecretStr

from service.exchange.packing import OWN, SNAPSHOT, Manifest, pack
from service.files import new_file
from service.settings import Settings
from storage.archive import snapshots

#: The operator's own files, by the part of a backup they are in; the folder each setting names.
OWN_FOLDERS = {"outlets": "outlets_dir", "topics": "topics_dir", "events": "events_dir"}


def run_backup(
    settings: Settings, path: Path, *, now: datetime, told: snapshots.Told = lambda done, total: None
) -> Manifest:
    """Writes the backup `path`, which is there whole and sound at the end or not at all; never over another file.

    `told` hears how much of how much is done, first of the copying, then of the packing; what it raises ends it.
    Raises ArchiveError for what is wrong with the archive, BadFile for what is wrong with the place.
    """
    # Only its owner reads it: subscribers' addresses are in it.
    with new_file(path, mode=0o600) as file:
        copy = path.with_name(f".{path.name}.{token_hex(4)}.partial.db")
        try:
            snapshot = snapshots.take(settings.database, copy, told)
            manifest = Manifest(
                made=now,
                version=version("entente"),
                shape=snapshot.shape,
                store=snapshots.kind(settings.database),
                rows=dict(snapshot.rows),
                settings=_told(settings),
            )
            size, packed = copy.stat().st_size, 0

            def told_packed(more: int) -> None:
                nonlocal packed
                packed += more
                told(packed, max(size, packed))

            return pack(file, manifest, [(SNAPSHOT, copy), *_own(settings)], told_packed)
        finally:
            copy.unlink(missing_ok=True)


def _told(settings: Settings) -> dict[str, str]:
    """What was set, for whoever sets up the next machine; nothing that may hold a secret."""
    values = {name: getattr(settings, name) for name in sorted(settings.model_fields_set)}
    return {f"ENTENTE_{name.upper()}": str(value) for name, value in values.items() if not isinstance(value, SecretStr)}


def _own(settings: Settings) -> Iterator[tuple[str, Path]]:
    for kind, setting in OWN_FOLDERS.items():
        folder: Path | None = getattr(settings, setting)
        if folder is None:
            continue
        for file in sorted(folder.rglob("*.y*ml")):
            if file.is_file():
                yield f"{OWN}{kind}/{file.relative_to(folder).as_posix()}", file
