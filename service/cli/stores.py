"""`entente migrate-store`: an archive goes over from SQLite to PostgreSQL, or back, whole and verified."""

from contextlib import closing
from pathlib import Path

import typer

from service.cli.output import emit, progress, say, table, wants_json
from service.cli.service_of import settings
from service.errors import Unusable
from storage.archive.copying import CopiedTable, Copying
from storage.errors import ArchiveError


def add_to(app: typer.Typer) -> None:
    app.command("migrate-store")(migrate_store)


def migrate_store(
    context: typer.Context,
    source: str = typer.Argument(..., metavar="FROM", help="The store to copy: an SQLite file, or an address."),
    target: str | None = typer.Argument(
        None, metavar="[TO]", help="The empty store to copy to; ENTENTE_DATABASE_URL if not given."
    ),
) -> None:
    """Copy an archive to another store, all or nothing. FROM stays as it is; stop the service before.

    An address is sqlite:///path/to/entente.db or postgresql://user:password@host/database.
    """
    configured = settings(context).database
    try:
        copying = Copying(_where(source), configured if target is None else _where(target))
    except ArchiveError as why:
        raise Unusable(str(why)) from None
    with closing(copying), progress() as bar:
        # Every row is written once and read back once.
        task = bar.add_task("copying", total=2 * copying.count())
        copied = copying.run(lambda rows: bar.advance(task, rows))
    _tell(context, copying, copied)


def _where(typed: str) -> str | Path:
    return typed if "://" in typed else Path(typed)


def _tell(context: typer.Context, copying: Copying, copied: tuple[CopiedTable, ...]) -> None:
    rows = sum(one.rows for one in copied)
    if wants_json(context):
        tables = [{"table": one.table, "rows": one.rows, "hash": one.hash} for one in copied]
        emit({"from": copying.source, "to": copying.target, "rows": rows, "tables": tables})
        return
    table(("table", "rows", "hash"), [(one.table, one.rows, one.hash) for one in copied])
    say(
        f"{rows} rows copied from {copying.source} to {copying.target}, read back and found the same. "
        "Let ENTENTE_DATABASE_URL name the new store before you start the service; the search index needs no rebuild."
    )
