"""`entente topics`: rules checked, tried on the archive, and put to work."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import typer

from scrapers.classifying.loading import TopicFileError, load_rules
from scrapers.classifying.rules import Rules
from service.assembly import Service
from service.cli import shifts
from service.cli.output import emit, progress, say, wants_json, write
from service.cli.service_of import service, settings
from service.errors import Unusable
from service.files import BadLine
from service.runs.backtesting import run_backtest
from service.runs.judging import Judging
from service.runs.marking import marked_texts
from service.runs.reclassifying import run_reclassifying
from service.runs.scoring import Labelled, read_labelled, score
from service.topic_files import candidate_files, install
from storage.search.tree import day_range

app = typer.Typer(help="Rules: checked, tried on the archive, put to work.", no_args_is_help=True)

PLACE = typer.Argument(..., metavar="FILE", help="A topic file of yours, or a folder of them.")


@app.command()
def check(context: typer.Context, file: Path = PLACE) -> None:
    """Check topic files beside ours and those in ENTENTE_TOPICS_DIR. Nothing changes; what is wrong is told by file and line."""
    folder = settings(context).topics_dir
    try:
        rules = load_rules(extra=candidate_files(folder, file))
    except TopicFileError as why:
        if wants_json(context):
            complaints = [{"file": c.file, "line": c.line, "reason": c.reason} for c in why.complaints]
            emit({"ok": False, "complaints": complaints, "topics": [], "rules_version": ""})
        say(f"{why} The rules in use stay as they are.")
        raise typer.Exit(2) from None
    if wants_json(context):
        emit({"ok": True, "complaints": [], "topics": list(rules.topics), "rules_version": rules.version})
    else:
        write(f"{file}: nothing wrong. Topics: {', '.join(rules.topics)}; rules {rules.version}")


@app.command("test")
def try_out(
    context: typer.Context,
    file: Path | None = typer.Argument(None, metavar="[FILE]", help="Without it, the installed rules are tried."),
    since: str = typer.Option("", help="Only articles published since this day, month or year (UTC)."),
    labelled: Path | None = typer.Option(None, help="JSON Lines of {title, text, label_topics} to be measured on."),
    limit: int = typer.Option(20, min=0, max=100_000, help="How many articles of a kind are shown; all are counted."),
) -> None:
    """Try rules on the archive: what they would gain, lose and change against the kept verdicts. Nothing is written."""
    began = time.perf_counter()
    first = _day(since)
    files = _files(context, file)
    with service(context) as built:
        judging = _judging(built, files)
        texts = _texts(built, labelled) if labelled else []
        with _followed("trying") as told:
            result = run_backtest(built, judging, since=first, limit=limit, told=told)
        marks = list(marked_texts(built.archive))
        measured = {"labelled": _measured(built, judging.rules, texts), "marks": _measured(built, judging.rules, marks)}
    took = time.perf_counter() - began
    if wants_json(context):
        emit(shifts.document(result) | measured | {"rules_version": judging.rules.version, "took_s": round(took, 2)})
    else:
        write(shifts.for_people(result, measured))
        say(f"{took:.1f} s")


def _day(text: str) -> date | None:
    try:
        return day_range(text)[0] if text else None
    except ValueError:
        raise Unusable(f"--since {text!r} is no day: write it as 2025-04-18, 2025-04 or 2025.") from None


def _files(context: typer.Context, place: Path | None) -> tuple[Path, ...]:
    """The operator's files as they would stand with `place` among them. Raises Unusable."""
    try:
        files = candidate_files(settings(context).topics_dir, place)
        load_rules(extra=files)
    except TopicFileError as why:
        raise Unusable(f"{why} The rules in use stay as they are.") from None
    return files


def _judging(built: Service, files: tuple[Path, ...]) -> Judging:
    rules = load_rules(extra=files)
    return Judging(archive=built.archive, database=built.settings.database, rules=rules, files=files)


def _texts(built: Service, file: Path) -> list[Labelled]:
    """The labelled texts of a file. Raises Unusable with every bad line: rates over the rest would be taken for the whole."""
    lines = list(read_labelled(file, {outlet.key: outlet.country for outlet in built.all_outlets}))
    if bad := [f"{file}:{number}: {one}" for number, one in lines if isinstance(one, BadLine)]:
        raise Unusable(*bad)
    return [one for _, one in lines if isinstance(one, Labelled)]


def _measured(built: Service, rules: Rules, texts: Sequence[Labelled]) -> Mapping[str, Any]:
    """How right the rules are on `texts`, beside those that run."""
    if not texts:
        return {}
    scores = {"topics": score(rules, texts), "running": score(built.rules, texts)}
    by_name = {name: {topic: its.as_json() for topic, its in found.items()} for name, found in scores.items()}
    return {"texts": len(texts), **by_name}


@contextmanager
def _followed(what: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on a terminal, told how many of how many are done."""
    with progress() as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@app.command()
def apply(
    context: typer.Context,
    file: Path | None = typer.Argument(
        None, metavar="[FILE]", help="Put into ENTENTE_TOPICS_DIR first, if it is sound."
    ),
) -> None:
    """Judge the archive anew by the installed rules, with FILE among them. Tells nobody; interrupted, the next call goes on."""
    _files(context, file)
    there = install(file, settings(context).topics_dir) if file else None
    with service(context) as built:
        judging = _judging(built, candidate_files(built.settings.topics_dir, None))
        with _followed("judging") as told:
            result = run_reclassifying(built, judging, told=told)
    if wants_json(context):
        counts = {"judged": result.judged, "changed": result.changed, "left": result.left}
        emit({"file": str(there) if there else None, "rules_version": judging.rules.version, **counts})
        return
    write(f"rules {judging.rules.version}: {result.judged} articles judged anew, {result.changed} with another verdict")
    if result.left:
        say(f"{result.left} came in or changed meanwhile: run `entente topics apply` again.")
    if there:
        say(
            "A running service takes the file up within a minute; run `entente topics apply` once more for what came in meanwhile."
        )
