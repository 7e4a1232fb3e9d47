"""A backup every night, kept for some days. The clock and the folder of backups decide what is due: a restart repeats nothing.

A night that was missed is caught up. One that failed is tried again every hour, and told; older backups are removed only behind
a newer good one. Called by the service.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import structlog

from service.exchange.packing import BadBackup, opened
from service.files import BadFile
from service.runs.backing_up import run_backup
from service.settings import Settings
from storage.errors import ArchiveError

log = structlog.get_logger("backup")

#: Rest after a backup that failed: a full disk is not filled again at every beat.
REST = timedelta(hours=1)
#: What a backup that was killed leaves behind is nobody's after a day.
_LEFT_AFTER = timedelta(days=1)
_NAME = re.compile(r"entente-(\d{4}-\d\d-\d\d)\.zip")


class Nightly:
    """The nightly backups of one service."""

    def __init__(
        self, settings: Settings, clock: Callable[[], datetime], *, stopping: Callable[[], bool] = lambda: False
    ) -> None:
        self._settings, self._clock, self._stopping = settings, clock, stopping
        self._rests_until: datetime | None = None
        #: Why the last backup failed; empty once one went well.
        self.failed = ""

    def run(self) -> Path | None:
        """Makes the backup that is due, if one is; its path."""
        now, days = self._clock(), self._settings.backup_days
        slot = latest_slot(now, self._settings.backup_at)
        path = folder_of(self._settings) / f"entente-{slot:%Y-%m-%d}.zip"
        if days == 0 or path.exists() or (self._rests_until and now < self._rests_until):
            return None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._remove_left(path.parent, now)
            run_backup(self._settings, path, now=now, told=self._told)
            self._check(path)
        except _Stopped:
            log.info("backup broken off, the service stops")
            return None
        except (ArchiveError, BadFile, BadBackup, OSError) as why:
            self.failed, self._rests_until = f"{path} {why}", now + REST
            log.error("backup failed", file=str(path), why=str(why), next_try=self._rests_until.isoformat())
            return None
        self.failed, self._rests_until = "", None
        log.info("backup made", file=str(path), bytes=path.stat().st_size)
        self._remove_old(path.parent, slot.date() - timedelta(days=days))
        return path

    def _told(self, _done: int, _total: int) -> None:
        if self._stopping():
            raise _Stopped

    @staticmethod
    def _check(path: Path) -> None:
        """What cannot be read back is no backup, and must not push good ones out."""
        try:
            with opened(path) as pack:
                pack.check()
        except BadBackup:
            path.unlink(missing_ok=True)
            raise

    @staticmethod
    def _remove_old(folder: Path, last: date) -> None:
        for made, path in backups_in(folder):
            if made <= last:
                path.unlink(missing_ok=True)
                log.info("old backup removed", file=str(path))

    @staticmethod
    def _remove_left(folder: Path, now: datetime) -> None:
        for path in folder.glob(".entente-*.partial*"):
            if datetime.fromtimestamp(path.stat().st_mtime, UTC) < now - _LEFT_AFTER:
                path.unlink(missing_ok=True)


class _Stopped(Exception):
    """The service ends: the backup waits for its next start."""


def folder_of(settings: Settings) -> Path:
    return settings.data_dir / "backups"


def backups_in(folder: Path) -> list[tuple[date, Path]]:
    """Nightly backups, the oldest first. What has another name is not ours to count or to remove."""
    named = ((_NAME.fullmatch(path.name), path) for path in folder.glob("entente-*.zip"))
    return sorted((date.fromisoformat(found[1]), path) for found, path in named if found and _is_day(found[1]))


def latest_slot(now: datetime, at: str) -> datetime:
    """The last time it was `at` (HH:MM, UTC)."""
    slot = datetime.combine(now.astimezone(UTC).date(), time.fromisoformat(at), UTC)
    return slot if slot <= now else slot - timedelta(days=1)


def _is_day(written: str) -> bool:
    try:
        date.fromisoformat(written)
    except ValueError:
        return False
    return True
