"""The `entente` command as scripts meet it: words and an environment walk in; exit code, output and messages walk out.

`entente` runs it in this process, which is fast; `start` runs it in a process of its own, which is the real thing.
"""

import io
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self, TypeVar

from service.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on standard output; fails when there is anything beside it."""
        assert self.out.endswith("\n"), self
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """The JSON Lines on standard output."""
        return [json.loads(line) for line in self.out.splitlines()]


def environment(folder: Path, **settings: object) -> dict[str, str]:
    """Settings for an Entente that lives in `folder` alone; names in lower case, without their prefix."""
    chosen = {"data_dir": folder / "data", "seed_dir": folder / "seeds", **settings}
    return {f"ENTENTE_{name.upper()}": str(value) for name, value in chosen.items()}


def entente(*words: object, folder: Path, stdin: bytes = b"", **settings: object) -> Told:
    """`entente WORDS` in this process."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="", write_through=True) for _ in range(2))
    code = 0
    with _surroundings(environment(folder, **settings), stdin), redirect_stdout(out), redirect_stderr(err):
        try:
            main([str(word) for word in words])
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
    return Told(code=code, out=_written(out), err=_written(err))


def _written(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()


@contextmanager
def _surroundings(settings: Mapping[str, str], stdin: bytes) -> Iterator[None]:
    before, input_ = dict(os.environ), sys.stdin
    try:
        for name in list(os.environ):
            if name.startswith("ENTENTE_"):
                del os.environ[name]
        os.environ.update(settings)
        sys.stdin = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        sys.stdin = input_


def start(*words: object, folder: Path, **settings: object) -> subprocess.Popen[bytes]:
    """`entente WORDS` in a process of its own, under way; what it prints goes to pipes."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("ENTENTE_")}
    return subprocess.Popen(
        [sys.executable, "-c", "from service.cli.main import main; main()", *map(str, words)],
        cwd=ROOT,
        env={**others, **environment(folder, **settings)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def run(*words: object, folder: Path, **settings: object) -> Told:
    """`entente WORDS` in a process of its own, to its end."""
    with start(*words, folder=folder, **settings) as process:
        out, err = process.communicate(timeout=60)
    return Told(code=process.returncode, out=out.decode(), err=err.decode())


def until(true: Callable[[], T], what: str, *, seconds: float = 60) -> T:
    """Wait until something is true and return it; fails with `what` was waited for when it does not come."""
    deadline = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < deadline, f"waited {seconds} s for {what}"
        time.sleep(0.05)
    return found


class Serving:
    """`entente --json serve` in a process of its own, as a `with` block; killed when the block ends too early."""

    def __init__(self, folder: Path, **settings: object) -> None:
        self.folder = folder
        self.address = f"127.0.0.1:{free_port()}"
        self._settings = {"bind": self.address, **settings}
        self._lines: list[bytes] = []

    def __enter__(self) -> Self:
        self.process = start("serve", "--json", folder=self.folder, **self._settings)
        # Read all the time: a process whose pipe is full stands still.
        self._readers = [
            threading.Thread(target=self._read, args=(self.process.stdout, self._lines)),
            threading.Thread(target=self._read, args=(self.process.stderr, [])),
        ]
        for reader in self._readers:
            reader.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end(signal.SIGKILL)

    @staticmethod
    def _read(pipe: IO[bytes], lines: list[bytes]) -> None:
        with pipe:
            lines.extend(pipe)

    def end(self, number: int) -> int:
        """Send the signal, wait, and return the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(timeout=40)
        for reader in self._readers:
            reader.join()
        return code

    def has_said(self, event: str) -> bool:
        """Whether its log holds a line of the event so far."""
        return any(f'"{event}"'.encode() in line for line in [*self._lines])

    @property
    def log(self) -> list[dict[str, Any]]:
        """Its log lines; whole only once it has ended."""
        return [json.loads(line) for line in self._lines]

    def page(self, path: str) -> str:
        """The body of a page of its web, or nothing while it does not answer 200."""
        try:
            with urllib.request.urlopen(f"http://{self.address}{path}", timeout=10) as answer:
                return str(answer.read().decode())
        except OSError:
            return ""


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])
