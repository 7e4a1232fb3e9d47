"""`entente serve`, `demo` and `doctor`: the service, the service shown, the service looked over."""

import sys
from pathlib import Path

import typer

from service.assembly import assemble, check_rooms, configure_logging
from service.cli.output import emit, say, table, wants_json
from service.cli.service_of import service, settings
from service.runs.upkeep import look_over


def add_to(app: typer.Typer) -> None:
    app.command("serve")(serve)
    app.command("demo")(demo)
    app.command("doctor")(doctor)


def serve(context: typer.Context) -> None:
    """The service: the clock, the walks, and the web pages on ENTENTE_BIND. With --json its log lines are the output."""
    # Imported here: no other command need wait for the web server.
    from service.serving import serve as serve_until_stopped

    read = settings(context)
    if wants_json(context):
        configure_logging(read.log_level, as_json=True, stream=sys.stdout)
    check_rooms(read)
    built = assemble(read)
    try:
        serve_until_stopped(built, ready=lambda url: say(f"Entente is at {url}  (Ctrl-C stops it)"))
    finally:
        built.close()


def demo(
    context: typer.Context,
    folder: Path | None = typer.Option(None, help="Keep the demo's archive here; a temporary folder if not given."),
    no_web: bool = typer.Option(False, "--no-web", help="End after the day instead of leaving the web page open."),
) -> None:
    """A whole day in a minute on made-up outlets, without any network; then the web page stays open."""
    from service.demo.day import run_day

    read = settings(context)
    configure_logging("error", as_json=wants_json(context))
    told = run_day(read, folder=folder, say=say, leave_open=not (no_web or wants_json(context)))
    if wants_json(context):
        emit(told)


def doctor(context: typer.Context) -> None:
    """Look the house over: settings, disk, archive, index, outlets, topics, mail."""
    with service(context) as built:
        findings = look_over(built)
    if wants_json(context):
        emit({"findings": [finding.as_json() for finding in findings]})
    else:
        table(("what", "state", "says"), [(f.what, f.state, f.says) for f in findings])
    if any(finding.state == "bad" for finding in findings):
        raise typer.Exit(1)
