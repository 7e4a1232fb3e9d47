"""`entente fetch` and `entente import`: what brings articles into the archive."""

from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import typer

from scrapers.errors import ScrapeError
from scrapers.fetching.fetching import Fetcher
from service.assembly import Service
from service.cli import shown
from service.cli.outlets import named, visitable
from service.cli.output import emit, progress, say, table, wants_json
from service.cli.service_of import service
from service.cli.stories import find_stories
from service.errors import Unusable
from service.runs.importing import Import, run_import
from service.runs.intake import run_intake
from service.runs.revisiting import Met, Revisited, counted, run_revisits
from storage.records import Outcome, Outlet, Visit


def add_to(app: typer.Typer) -> None:
    app.command("fetch")(fetch)
    app.command("import")(import_)


def fetch(
    context: typer.Context,
    keys: list[str] = typer.Argument(
        None, metavar="[OUTLET]...", help="Keys of outlets; all that are enabled if none."
    ),
    replay: Path | None = typer.Option(None, help="Answer every request from this WARC instead of the network."),
) -> None:
    """One intake run now: visit outlets, read, classify and keep what is new, then visit again what is due for it."""
    with ExitStack() as stack:
        built = stack.enter_context(service(context))
        outlets = _chosen(built, keys or [])
        fetcher = _fetcher(built, replay, stack)
        visits = _walk(built, outlets, fetcher, watching=replay is None)
        revisited = run_revisits(built.revisiting(fetcher), outlets) if replay is None else []
        findable = built.catch_up()
        find_stories(built)
    if wants_json(context):
        told = [shown.revisited(one) for one in revisited]
        emit({"visits": [shown.visit(visit) for visit in visits], **_sums(visits), "revisits": told})
    else:
        rows = [(v.outlet, v.outcome, v.entries, v.new, v.revised, v.same, v.why or v.url) for v in visits]
        table(("outlet", "outcome", "entries", "new", "revised", "same", "why or where"), rows)
        say(", ".join(f"{count} {what}" for what, count in _sums(visits).items()))
        _say_revisits(revisited)
    failed = any(visit.outcome in (Outcome.FAILED, Outcome.BLOCKED) or visit.failed for visit in visits)
    if failed or not findable:
        raise typer.Exit(1)


def _say_revisits(revisited: Sequence[Revisited]) -> None:
    if revisited:
        counts = ", ".join(f"{count} {what}" for what, count in counted(revisited).items() if count)
        say(f"{len(revisited)} visited again: {counts}")
    for one in revisited:
        if one.met not in (Met.SAME, Met.FAILED):
            say(f"  {one.article} {one.met}: {one.why or one.url}")


def _sums(visits: Sequence[Visit]) -> dict[str, int]:
    sums: Counter[str] = Counter({"new": 0, "revised": 0, "same": 0, "failed": 0})
    for visit in visits:
        failed = int(visit.outcome in (Outcome.FAILED, Outcome.BLOCKED))
        sums.update(new=visit.new, revised=visit.revised, same=visit.same, failed=failed)
    return dict(sums)


def _fetcher(built: Service, replay: Path | None, stack: ExitStack) -> Fetcher:
    if replay is None:
        return stack.enter_context(built.web_fetcher())
    try:
        return built.replay_fetcher(replay)
    except ScrapeError as why:
        raise Unusable(f"--replay {why}") from why


def _walk(built: Service, outlets: Sequence[Outlet], fetcher: Fetcher, *, watching: bool) -> list[Visit]:
    with progress() as bar:
        task = bar.add_task("visiting", total=len(outlets))
        intake = built.intake(fetcher, after_visits=lambda visits: bar.advance(task), watching=watching)
        return run_intake(intake, outlets, only_due=False)


def _chosen(built: Service, keys: Sequence[str]) -> tuple[Outlet, ...]:
    if not keys:
        return built.outlets
    return tuple(visitable(named(built.all_outlets, keys)))


def import_(context: typer.Context, paths: list[Path] = typer.Argument(..., help="Files or folders.")) -> None:
    """Keep documents from files: .txt, .html, .jsonl, .warc, .warc.gz."""
    with service(context) as built:
        result = _imported(built, paths)
        findable = built.catch_up()
        find_stories(built)
    if wants_json(context):
        emit(result.as_json())
    else:
        for what, count in result.as_json().items():
            if what != "failed":
                say(f"{count} {what}")
        for path, why in result.failed:
            say(f"{path}: {why}")
    if result.failed or not findable:
        raise typer.Exit(1 if result.counts else 2)


def _imported(built: Service, paths: Sequence[Path]) -> Import:
    with progress() as bar:
        task = bar.add_task("", total=None)

        def told(file: Path, done: int) -> None:
            bar.update(task, description=f"importing {file.name}", completed=done)

        return run_import(built.importing(), paths, told=told)
