"""Whether the archive is sound: its file, its texts, its rows beside each other, its index. Settings walk in, findings walk out.

Nothing of the archive is changed but by bringing its index up to date. Called by the command line.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from service.assembly import index_of, system_clock
from service.errors import Unusable
from service.exchange.packing import BadBackup, opened
from service.runs.upkeep import Finding
from service.settings import Settings
from service.standing_register import StandingRegister
from storage.archive.archive import Archive, open_archive
from storage.archive.snapshots import is_there
from storage.errors import StorageError
from storage.records import rfc3339

Told = Callable[[str, int], None]

#: Failures of one kind that are told one by one.
MOST = 20
_RESTORE = "restore the last good backup into an empty place: entente restore FILE"
_REBUILD = "make the index anew: entente index rebuild"


def run_verify(settings: Settings, *, told: Told = lambda what, done: None) -> list[Finding]:
    """One finding for each thing that was looked at. `told` hears what is being looked at, and how far it is.

    Raises Unusable where there is no archive.
    """
    try:
        if not is_there(settings.database):
            raise Unusable("There is no archive here yet: see ENTENTE_DATA_DIR and ENTENTE_DATABASE_URL.")
        archive = open_archive(settings.database)
    except StorageError as why:
        return [Finding(what="archive", state="bad", says=f"{why} Or {_RESTORE}.")]
    with closing(archive):
        return [finding for look in _LOOKS for finding in look(archive, settings, told)]


def verify_backup(path: Path) -> list[Finding]:
    """The same for a backup, which is not unpacked: that it holds what it says, to the byte."""
    try:
        with opened(path) as pack:
            pack.check()
            made = pack.manifest
    except BadBackup as why:
        return [Finding(what="backup", state="bad", says=f"{path} {why}")]
    says = f"sound: {made.rows.get('article', 0)} articles as of {rfc3339(made.made)}"
    return [Finding(what="backup", state="ok", says=says)]


def _rows(archive: Archive, _settings: Settings, told: Told) -> Iterator[Finding]:
    sound = archive.soundness
    looks: Sequence[tuple[str, Callable[[], Iterator[str]]]] = (
        ("file", sound.store),
        ("references", sound.references),
        ("texts", lambda: sound.texts(lambda done: told("texts", done))),
        ("revisions and verdicts", sound.chains),
        ("counters", sound.counters),
    )
    for what, look in looks:
        told(what, 0)
        yield _finding(what, look, _RESTORE)


def _index(archive: Archive, settings: Settings, told: Told) -> Iterator[Finding]:
    told("index", 0)
    yield _finding("index", lambda: _index_faults(archive, settings), _REBUILD)


def _index_faults(archive: Archive, settings: Settings) -> Iterator[str]:
    """What a look and the next one both find: a service that runs meanwhile keeps articles between the two halves of a look."""
    index = index_of(archive, settings, system_clock, StandingRegister(settings.events_dir))
    seen: set[int] = set()
    sure: set[int] = set()
    for _ in range(_TRIES):
        index.catch_up()
        kept, held = archive.soundness.changes(), index.changes()
        wrong = (kept.keys() - held) | {change for change in held - kept.keys() if change <= max(kept, default=0)}
        if not wrong:
            return
        # What is beyond the last number it holds, another process may be about to add.
        if (sure := wrong & seen) and min(sure) <= index.held():
            break
        seen = wrong
        _PAUSE.wait(_SECONDS)
    if missing := sorted(sure & kept.keys()):
        yield f"{len(missing)} articles are not findable as they stand: {', '.join(kept[one] for one in missing[:5])}"
    if extra := sure - kept.keys():
        yield f"{len(extra)} that it holds are no longer what articles say"


#: Looks at most, and the pause between two: a running service brings the index up to date every five seconds.
_TRIES, _SECONDS = 8, 1.0
_PAUSE = threading.Event()
_LOOKS = (_rows, _index)


def _finding(what: str, look: Callable[[], Iterator[str]], remedy: str) -> Finding:
    try:
        faults = list(look())
    except StorageError as why:
        return Finding(what=what, state="bad", says=f"{why} Or {remedy}.")
    if not faults:
        return Finding(what=what, state="ok", says="sound")
    more = [f"and {len(faults) - MOST} more"] if len(faults) > MOST else []
    return Finding(what=what, state="bad", says="; ".join([*faults[:MOST], *more, remedy]))
