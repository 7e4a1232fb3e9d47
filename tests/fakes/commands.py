"""The `entente` command as scripts meet it: words and an environment walk in; exit code, output and messages walk out.

`entente` runs it in this process, which is fast; `start` runs it in a process of its own, which is the real thing.
"""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from service.cli.main import main

ROOT = Path(__file__).resolve().parents[2]


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
    out, err = io.StringIO(), io.StringIO()
    code = 0
    with _surroundings(environment(folder, **settings), stdin), redirect_stdout(out), redirect_stderr(err):
        try:
            main([str(word) for word in words])
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
    return Told(code=code, out=out.getvalue(), err=err.getvalue())


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


def start(
    *words: object, folder: Path, stdout: int | IO[Any] = subprocess.PIPE, **settings: object
) -> subprocess.Popen[str]:
    """`entente WORDS` in a process of its own, under way. Its messages go to a pipe."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("ENTENTE_")}
    return subprocess.Popen(
        [sys.executable, "-c", "from service.cli.main import main; main()", *map(str, words)],
        cwd=ROOT,
        env={**others, **environment(folder, **settings)},
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def run(*words: object, folder: Path, **settings: object) -> Told:
    """`entente WORDS` in a process of its own, to its end."""
    with start(*words, folder=folder, **settings) as process:
        out, err = process.communicate(timeout=60)
    return Told(code=process.returncode, out=out, err=err)
