"""The command line: words typed, one call, words printed. Exit 0 done, 1 something failed and is named, 2 wrong use."""

import os
import sys
from collections.abc import Sequence

import typer

import service.cli.archive as archive
import service.cli.backups as backups
import service.cli.digests as digests
import service.cli.events as events
import service.cli.exchange as exchange
import service.cli.index as index
import service.cli.intake as intake
import service.cli.marks as marks
import service.cli.outlets as outlets
import service.cli.running as running
import service.cli.stores as stores
import service.cli.stories as stories
import service.cli.subscriptions as subscriptions
import service.cli.texts as texts
import service.cli.topics as topics
from service.cli.output import say, speak_utf8
from service.errors import Unusable
from storage.errors import StorageError

app = typer.Typer(
    name="entente",
    help="A scheduled news monitor for China-Russia and SCO military ties.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
running.add_to(app)
intake.add_to(app)
texts.add_to(app)
archive.add_to(app)
exchange.add_to(app)
backups.add_to(app)
stores.add_to(app)
app.add_typer(digests.app, name="digest")
app.add_typer(subscriptions.app, name="subscription")
app.add_typer(outlets.app, name="outlets")
app.add_typer(topics.app, name="topics")
app.add_typer(index.app, name="index")
app.add_typer(events.app, name="events")
app.add_typer(marks.app, name="mark")
app.add_typer(stories.app, name="stories")
app.command("unmark")(marks.unmark)


@app.callback()
def _root(
    context: typer.Context,
    as_json: bool = typer.Option(False, "--json", help="One JSON document on standard output, nothing else."),
) -> None:
    context.obj = {"json": as_json}


def main(arguments: Sequence[str] | None = None) -> None:
    """The `entente` command. `--json` may stand before or behind the command's name."""
    typed = list(sys.argv[1:] if arguments is None else arguments)
    if "--json" in typed:
        typed = ["--json", *(word for word in typed if word != "--json")]
    speak_utf8()
    try:
        app(args=typed, prog_name="entente")
    except Unusable as why:
        for complaint in why.complaints:
            say(complaint)
        sys.exit(2)
    except StorageError as why:  # met half-way: a full disk, a database that another program holds
        say(str(why))
        sys.exit(1)
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
