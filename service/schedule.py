"""Which run when. An alarm clock only: what is due stands on rows, so a restart loses nothing and floods nobody.

The only importer of apscheduler.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

log = structlog.get_logger("schedule")


class Schedule:
    """Runs named jobs at a beat, each by itself at most once at a time; missed beats are one beat."""

    def __init__(self) -> None:
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            executors={"default": ThreadPoolExecutor(max_workers=8)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def every(self, beat: timedelta, name: str, run: Callable[[], object]) -> None:
        """Call `run` now and then at every beat. An exception is logged and the next beat tries again."""

        def guarded() -> None:
            try:
                run()
            except Exception:
                log.exception("run broke", run=name)

        self._scheduler.add_job(
            guarded, "interval", seconds=beat.total_seconds(), id=name, next_run_time=datetime.now(UTC)
        )

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        """End after the runs under way: each keeps what it has read."""
        self._scheduler.shutdown(wait=True)
