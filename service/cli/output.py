"""Words printed: documents on standard output, messages on standard error, nothing mixed.

What outlets wrote is printed as it stands: no markup of ours is looked for in it, and no control character reaches a
terminal.
"""

import io
import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

_console = Console(stderr=True)
#: Wide enough for any row: where no terminal sets a width, none is cut.
_WIDEST = 10_000
#: All of C0 and C1 but tab and line feed: an escape sequence in a title would steer the reader's terminal.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def speak_utf8() -> None:
    """Let standard output carry any text whatever the locale says (RFC 8259: JSON is UTF-8)."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def wants_json(context: typer.Context) -> bool:
    """Whether --json was given, before or behind the command's name."""
    return bool((context.find_root().obj or {}).get("json"))


def emit(document: Any) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def say(message: str) -> None:
    """One message for people on standard error, as it stands."""
    sys.stderr.write(_CONTROLS.sub("", message) + "\n")
    sys.stderr.flush()


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Rows for people on standard output; a terminal folds what is too wide for it."""
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        grid.add_column(column, overflow="fold")
    for row in rows:
        grid.add_row(*(Text(_CONTROLS.sub("", str(cell))) for cell in row))
    Console(width=None if sys.stdout.isatty() else _WIDEST).print(grid)


def write(text: str) -> None:
    """Text for people on standard output, as it stands."""
    sys.stdout.write(_CONTROLS.sub("", text) + "\n")
    sys.stdout.flush()


def write_file(text: str) -> None:
    """A whole file on standard output, as it stands."""
    sys.stdout.write(text)
    sys.stdout.flush()


def followed(items: Sequence[Any], what: str) -> Iterator[Any]:
    """`items`, with a progress bar on a terminal and silence elsewhere."""
    with progress() as bar:
        task = bar.add_task(what, total=len(items))
        for item in items:
            yield item
            bar.advance(task)


def progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=_console,
        disable=not _console.is_terminal,
        transient=True,
    )
