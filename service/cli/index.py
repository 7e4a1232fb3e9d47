"""`entente index rebuild`: the search index made anew from the archive, of which it is only a mirror."""

import time

import typer

from service.cli.output import emit, progress, say, wants_json
from service.cli.service_of import service

app = typer.Typer(help="The search index: derived from the archive, never the truth.", no_args_is_help=True)


@app.callback()
def _root() -> None:
    """The search index: derived from the archive, never the truth."""


@app.command("rebuild")
def rebuild(context: typer.Context) -> None:
    """Make the search index anew from the archive. Searches go on in what there was until it is done."""
    started = time.monotonic()
    with service(context) as built:
        kept = built.archive.articles.count()
        with progress() as bar:
            task = bar.add_task("indexing", total=kept)
            done = built.index.rebuild(lambda more: bar.advance(task, more))
        if kept and not done:
            say("Another process writes the index: try again when it has ended, or leave it to the service.")
            raise typer.Exit(1)
    seconds = round(time.monotonic() - started, 2)
    if wants_json(context):
        emit({"articles": done, "seconds": seconds})
    else:
        say(f"{done} articles can be found, after {seconds} s")
