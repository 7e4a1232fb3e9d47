"""Words printed: documents on standard output, messages on standard error, nothing mixed."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

#: Messages for people; standard output stays clean for scripts.
console = Console(stderr=True, highlight=False, soft_wrap=True)
paper = Console(highlight=False, soft_wrap=True)


def wants_json(context: typer.Context) -> bool:
    """Whether --json was given, before or behind the command's name."""
    return bool((context.find_root().obj or {}).get("json"))


def emit(document: Any) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def say(message: str) -> None:
    """One message for people on standard error, as it stands."""
    console.print(message, markup=False)


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Rows for people on standard output."""
    grid = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        grid.add_row(*(str(cell) for cell in row))
    paper.print(grid)


def write(text: str) -> None:
    """Text for people on standard output, as it stands."""
    paper.print(text, markup=False)


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
        console=console,
        disable=not console.is_terminal,
        transient=True,
    )
