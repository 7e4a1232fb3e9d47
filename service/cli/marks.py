"""`entente mark` and `entente unmark`: an analyst's word on a verdict."""

import getpass
from enum import StrEnum
from typing import Any

import typer
from typer.core import TyperGroup

from service.cli import shown
from service.cli.output import emit, say, table, wants_json, write
from service.cli.service_of import service
from service.errors import Unusable
from service.runs.marking import exported, put_mark


class Side(StrEnum):
    RIGHT = "right"
    WRONG = "wrong"


class _SetFirst(TyperGroup):
    """`entente mark ID ...` is short for `entente mark set ID ...`."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        return super().resolve_command(ctx, args if args[0] in self.commands else ["set", *args])


app = typer.Typer(
    help="Verdicts marked right or wrong: labelled data for `topics test`.", cls=_SetFirst, no_args_is_help=True
)


@app.command("set")
def set_(
    context: typer.Context,
    id: str = typer.Argument(..., help="As search and digests print it."),
    side: Side = typer.Argument(...),
    topic: str = typer.Option(..., help="The topic whose verdict is meant: that it has it so, or that it has it not."),
    note: str = typer.Option("", help="Why, for whoever writes the rules."),
) -> None:
    """Mark the verdict on one article and topic right or wrong; a later mark takes the place of an earlier one."""
    with service(context) as built:
        mark = put_mark(
            built.archive,
            built.rules,
            id,
            topic,
            right=side is Side.RIGHT,
            now=built.clock(),
            note=note,
            by=_who(),
        )
    if wants_json(context):
        emit(shown.mark(mark))
    else:
        said = f"{mark.topic}: {mark.strength.value}" if mark.strength else f"not {mark.topic}"
        say(f"{mark.article}: “{said}” is {side.value}")


def _who() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in some containers
        return ""


@app.command("list")
def list_(context: typer.Context) -> None:
    """All marks, the last one first."""
    with service(context) as built:
        marks = built.archive.marks.list()
        titles = {
            id: kept.article.title for id, kept in built.archive.articles.many({m.article for m in marks}).items()
        }
    if wants_json(context):
        emit({"marks": [shown.mark(mark) | {"title": titles.get(mark.article, "")} for mark in marks]})
        return
    rows = [
        (
            m.article,
            m.topic,
            m.strength.value if m.strength else "none",
            "right" if m.right else "wrong",
            f"{m.at:%Y-%m-%d}",
            m.note,
            titles.get(m.article, ""),
        )
        for m in marks
    ]
    table(("article", "topic", "judged", "that is", "marked", "note", "title"), rows)


@app.command()
def export(context: typer.Context) -> None:
    """The marked articles as JSON Lines for `entente topics test --labelled`."""
    with service(context) as built:
        for line in exported(built.archive):
            emit(line)


def unmark(
    context: typer.Context,
    id: str = typer.Argument(...),
    topic: str = typer.Option("", help="All of them if not given."),
) -> None:
    """Take marks on an article back."""
    with service(context) as built:
        removed = built.archive.marks.remove(id, topic or None)
    if not removed:
        raise Unusable(f"There is no such mark on {id!r}: see them with `entente mark list`.")
    _done(context, {"article": id, "removed": removed})


def _done(context: typer.Context, what: dict[str, Any]) -> None:
    if wants_json(context):
        emit(what)
    else:
        write(f"{what['article']}: {what['removed']} taken back")
