"""`entente backup`, `restore` and `verify`: the archive in a file, out of it, and looked through."""

from datetime import UTC
from pathlib import Path

import typer

from service.assembly import system_clock
from service.cli.output import emit, progress, say, table, wants_json
from service.cli.service_of import service, settings
from service.errors import Unusable
from service.files import BadFile
from service.runs.backing_up import run_backup
from service.runs.restoring import run_restore
from service.runs.verifying import run_verify, verify_backup
from storage.errors import ArchiveError
from storage.records import rfc3339


def add_to(app: typer.Typer) -> None:
    app.command("backup")(backup)
    app.command("restore")(restore)
    app.command("verify")(verify)


def backup(
    context: typer.Context, file: Path = typer.Argument(..., metavar="FILE", help="A new file, as entente.zip.")
) -> None:
    """The whole archive in a file, while the service may run and write."""
    read = settings(context)
    try:
        with progress() as bar:
            task = bar.add_task("copying", total=None)
            made = run_backup(
                read, file, now=system_clock(), told=lambda done, total: bar.update(task, completed=done, total=total)
            )
    except BadFile as why:
        raise Unusable(f"{file} {why}.") from why
    except ArchiveError as why:
        raise Unusable(str(why)) from why
    told = {
        "path": str(file),
        "bytes": file.stat().st_size,
        "articles": made.rows.get("article", 0),
        "shape": made.shape,
    }
    if wants_json(context):
        emit(told)
    else:
        say(f"{told['articles']} articles in {file}, {told['bytes']} bytes")


def restore(
    context: typer.Context, file: Path = typer.Argument(..., metavar="FILE", help="What backup wrote.")
) -> None:
    """Make the archive of a backup, in a place where there is none yet: all of it, or nothing."""
    read = settings(context)
    restored = run_restore(read, file, told=lambda step: say(f"{step} ..."))
    with service(context) as built:
        built.index.catch_up()
        articles = built.archive.articles.count()
    made = restored.manifest.made.astimezone(UTC)
    if wants_json(context):
        own = str(restored.own) if restored.own else None
        emit({"articles": articles, "made": rfc3339(made), "own": own})
        return
    say(f"{articles} articles as of {rfc3339(made)}. What was told to subscribers after that will be told again.")
    if restored.own:
        say(
            f"Your own outlets, topics and events of then are in {restored.own}: put them where your settings name them."
        )
    for name, value in restored.manifest.settings.items():
        say(f"  was set then: {name}={value}")


def verify(
    context: typer.Context,
    file: Path | None = typer.Argument(None, metavar="[FILE]", help="A backup to look through instead."),
) -> None:
    """Look the whole archive through: texts against their hashes, rows against each other, the index against the rows."""
    read = settings(context)
    with progress() as bar:
        task = bar.add_task("looking through", total=None)
        if file is not None:
            findings = verify_backup(file)
        else:
            findings = run_verify(read, told=lambda what, done: bar.update(task, description=what, completed=done))
    sound = all(finding.state == "ok" for finding in findings)
    if wants_json(context):
        emit({"ok": sound, "findings": [finding.as_json() for finding in findings]})
    else:
        table(("what", "state", "says"), [(f.what, f.state, f.says) for f in findings])
    if not sound:
        raise typer.Exit(1)
