"""`entente export`: what a search finds, as a file for other programs, for reference managers, or for another Entente."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import typer

from service.cli.output import emit, progress, say, wants_json
from service.cli.service_of import service
from service.errors import Unusable
from service.files import BadFile, new_file
from service.runs.exporting import Export, Format, run_export
from storage.search.errors import QueryError


def add_to(app: typer.Typer) -> None:
    # A word to leave out begins with a hyphen, and is no option.
    app.command("export", context_settings={"ignore_unknown_options": True})(export)


def export(
    context: typer.Context,
    query: list[str] = typer.Argument(None, metavar="[QUERY]...", help="As for search; all there is without one."),
    format: Format = typer.Option(Format.JSONL, "--format", help="jsonl is what `entente import` takes back whole."),
    output: Path | None = typer.Option(None, "--output", "-o", help="A new file; gzip if it ends in .gz."),
) -> None:
    """What a search finds as a file, on standard output or in a new one."""
    for word in query or ():
        if word.startswith("--"):
            raise Unusable(f"No such option: {word}. See `entente export --help`.")
    with service(context) as built, _file(output) as file:
        packed = output is not None and output.suffix.lower() == ".gz"
        try:
            exported = run_export(built, " ".join(query or ()), format, packed=packed)
        except QueryError as why:
            raise Unusable(str(why)) from None
        _write(exported, file)
    if format is Format.WARC:
        say(
            "Pages as they were captured are not kept: the records hold the texts read from them (WARC conversion records)."
        )
    if output is not None and wants_json(context):
        emit({"exported": exported.total, "format": format.value, "path": str(output)})
    else:
        say(f"{exported.total} exported" + (f" to {output}" if output else ""))


@contextmanager
def _file(output: Path | None) -> Iterator[IO[bytes]]:
    if output is None:
        yield sys.stdout.buffer
        return
    try:
        with new_file(output) as file:
            yield file
    except BadFile as why:
        raise Unusable(f"{output} {why}.") from None


def _write(exported: Export, file: IO[bytes]) -> None:
    with progress() as bar:
        task = bar.add_task("exporting", total=exported.total)
        for piece in exported.pieces:
            file.write(piece)
            bar.advance(task)
    file.flush()
