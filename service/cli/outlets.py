"""`entente outlets`: whom we visit, and how that goes."""

import difflib
from collections import defaultdict
from collections.abc import Sequence

import typer

from service.cli import shown
from service.cli.output import emit, followed, table, wants_json, write
from service.cli.service_of import service
from service.errors import Unusable
from service.runs.checking import Check, check_outlet
from storage.records import Outlet, PointState

app = typer.Typer(help="Outlets: list, show, check.", no_args_is_help=True)


def named(outlets: Sequence[Outlet], keys: Sequence[str]) -> list[Outlet]:
    """The outlets of these keys, in the order asked for. Raises Unusable for every key that is none's."""
    known = {outlet.key: outlet for outlet in outlets}
    unknown = [key for key in dict.fromkeys(keys) if key not in known]
    if unknown:
        raise Unusable(*(_no_outlet(key, list(known)) for key in unknown))
    return [known[key] for key in dict.fromkeys(keys)]


def visitable(outlets: Sequence[Outlet]) -> list[Outlet]:
    """The same outlets. Raises Unusable for every one that has nowhere to knock."""
    mute = [outlet.key for outlet in outlets if not outlet.entry_points]
    if mute:
        raise Unusable(*(f"{key} has no entry point: give it one in a file of ENTENTE_OUTLETS_DIR." for key in mute))
    return list(outlets)


def _no_outlet(key: str, known: list[str]) -> str:
    near = difflib.get_close_matches(key, known, n=1)
    return f"{key!r} is no outlet: " + (f"did you mean {near[0]}?" if near else "see `entente outlets list`.")


@app.command("list")
def list_(context: typer.Context) -> None:
    """All outlets known, ours and the operator's."""
    with service(context) as built:
        states = _states(built.archive.points.all())
        outlets = [shown.outlet(outlet, states[outlet.key]) for outlet in built.all_outlets]
        visited = {outlet.key for outlet in built.outlets}
    for outlet in outlets:
        outlet["visited"] = outlet["key"] in visited
    if wants_json(context):
        emit({"outlets": outlets})
        return
    table(
        ("key", "name", "country", "languages", "entry points", "visited"),
        [
            (
                o["key"],
                o["name"],
                o["country"],
                ",".join(o["languages"]),
                len(o["entry_points"]),
                "yes" if o["visited"] else "no",
            )
            for o in outlets
        ],
    )


def _states(states: list[PointState]) -> dict[str, list[PointState]]:
    by_outlet: dict[str, list[PointState]] = defaultdict(list)
    for state in states:
        by_outlet[state.outlet].append(state)
    return by_outlet


@app.command()
def show(context: typer.Context, key: str) -> None:
    """One outlet: its entry points and what they last did."""
    with service(context) as built:
        states = _states(built.archive.points.all())
        [outlet] = named(built.all_outlets, [key])
        document = shown.outlet(outlet, states[key]) | {"notes": list(outlet.notes)}
    if wants_json(context):
        emit(document)
        return
    write(f"{document['name']} ({document['country']}), {document['homepage']}")
    table(
        ("entry point", "kind", "status", "failures", "last answered"),
        [(p["url"], p["kind"], p["status"], p["failures"], p["last_ok"] or "never") for p in document["entry_points"]],
    )
    for note in outlet.notes:
        write(f"- {note}")


@app.command()
def check(context: typer.Context, keys: list[str] = typer.Argument(None, metavar="[OUTLET]...")) -> None:
    """Visit live and print what works: one knock at every entry point and one article read. Keeps nothing."""
    with service(context) as built, built.web_fetcher() as fetcher:
        chosen = visitable(named(built.all_outlets, keys)) if keys else built.outlets
        checks = [
            check
            for outlet in followed(chosen, "checking")
            for check in check_outlet(fetcher, outlet, now=built.clock())
        ]
    if wants_json(context):
        emit({"checks": [check.as_json() for check in checks]})
    else:
        table(("outlet", "entry point", "works", "entries", "newest", "article", "why"), map(_row, checks))
    if not all(check.works for check in checks):
        raise typer.Exit(1)


def _row(check: Check) -> tuple[object, ...]:
    told = check.as_json()
    return (
        told["outlet"],
        told["url"],
        "yes" if told["works"] else "no",
        told["entries"],
        told["newest"] or "",
        f"{told['characters']} characters" if told["characters"] else "",
        told["why"],
    )
