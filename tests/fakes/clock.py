"""A clock that moves only when told, and a sleep that moves it: hours of waiting pass in no time."""

import threading


class Clock:
    """Call it for the seconds so far; `sleep` passes them and writes them down."""

    def __init__(self, *, tick: float = 0.0) -> None:
        #: Every reading costs so many seconds: a way to let time run out during a request.
        self._tick = tick
        self._seconds = 0.0
        self._lock = threading.Lock()
        self.slept: list[float] = []

    def __call__(self) -> float:
        with self._lock:
            self._seconds += self._tick
            return self._seconds

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self._seconds += seconds
            self.slept.append(seconds)

    def advance(self, seconds: float) -> None:
        with self._lock:
            self._seconds += seconds
