"""Turns at a host: requests to one host pass one at a time, with a rest between them, whichever thread they come from."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta


class _Door:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        #: When the last request ended, on the clock of the turns; None before the first.
        self.closed_at: float | None = None


class Turns:
    """One lock and one memory per host. `clock` counts seconds and never runs back; `sleep` takes seconds."""

    def __init__(self, *, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._clock = clock
        self._sleep = sleep
        self._doors: dict[str, _Door] = {}

    @contextmanager
    def turn(self, host: str, delay: timedelta) -> Iterator[None]:
        """Hold the door of `host` for the length of the block, which begins at least `delay` after the last one ended.

        Waiting holds the door too, so those who come later wait for theirs.
        """
        # setdefault on a dict is one step of the interpreter: two threads cannot come by two doors.
        door = self._doors.get(host) or self._doors.setdefault(host, _Door())
        with door.lock:
            if door.closed_at is not None:
                wait = door.closed_at + delay.total_seconds() - self._clock()
                if wait > 0:
                    self._sleep(wait)
            try:
                yield
            finally:
                door.closed_at = self._clock()
