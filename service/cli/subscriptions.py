"""`entente subscription`: who is told what, and when."""

import re
from datetime import time, timedelta

import typer

from alerts.addresses import check_address
from alerts.errors import AlertError
from alerts.slots import check_zone, next_slot, parse_days
from service.cli import shown
from service.cli.output import emit, say, table, wants_json
from service.cli.service_of import service
from service.errors import Unusable
from storage.errors import StorageError
from storage.records import Subscription, WhenEmpty
from storage.search.errors import QueryError
from storage.search.query import parse_query

app = typer.Typer(help="Saved searches with a schedule and an address.", no_args_is_help=True)

#: A new subscriber's first digest looks back this far.
LOOK_BACK = timedelta(days=1)


@app.command()
def add(
    context: typer.Context,
    name: str = typer.Option(...),
    email: str = typer.Option(...),
    query: str = typer.Option(Subscription.__dataclass_fields__["query"].default),
    at: str = typer.Option("07:00", help="Local time, HH:MM."),
    zone: str = typer.Option("UTC", help="IANA time zone, as in Europe/Berlin."),
    days: str = typer.Option("", help="As in mon,thu; every day if empty."),
    when_empty: WhenEmpty = typer.Option(WhenEmpty.SEND),
) -> None:
    """Subscribe an address to a search."""
    asked = _checked(name=name, email=email, query=query, at=at, zone=zone, days=days, when_empty=when_empty)
    with service(context) as built:
        now = built.clock()
        dated = Subscription(
            name=asked.name,
            email=asked.email,
            query=asked.query,
            at=asked.at,
            zone=asked.zone,
            days=asked.days,
            when_empty=asked.when_empty,
            since=now - LOOK_BACK,
            next_due=next_slot(asked, after=now),
        )
        try:
            built.archive.subscriptions.add(dated)
        except StorageError as why:
            raise Unusable(str(why)) from None
    if wants_json(context):
        emit(shown.subscription(dated))
    else:
        say(f"{name}: first digest due {dated.next_due:%Y-%m-%d %H:%M} UTC")


def _checked(
    *, name: str, email: str, query: str, at: str, zone: str, days: str, when_empty: WhenEmpty
) -> Subscription:
    """The subscription asked for. Raises Unusable with everything wrong with it at once."""
    complaints: list[str] = []
    if not re.fullmatch(r"[\w][\w .@+-]{0,99}", name):
        complaints.append(f"--name {name!r}: use letters, digits, spaces and . @ + - _, at most 100.")
    if not re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", at):
        complaints.append(f"--at {at!r} is no time of day: write it as 07:00.")
        at = "07:00"
    for option, check in (
        ("--email", lambda: check_address(email)),
        ("--zone", lambda: check_zone(zone)),
        ("--days", lambda: parse_days(days)),
        ("--query", lambda: parse_query(query)),
    ):
        try:
            check()
        except (AlertError, QueryError) as why:
            complaints.append(f"{option} {why}")
    if complaints:
        raise Unusable(*complaints)
    return Subscription(
        name=name,
        email=email,
        query=query,
        at=time.fromisoformat(at.zfill(5)),
        zone=zone,
        days=parse_days(days),
        when_empty=when_empty,
    )


@app.command("list")
def list_(context: typer.Context) -> None:
    """All subscriptions and when each is due next."""
    with service(context) as built:
        all_ = built.archive.subscriptions.list()
    if wants_json(context):
        emit({"subscriptions": [shown.subscription(asked) for asked in all_]})
        return
    table(
        ("name", "email", "at", "zone", "days", "next due (UTC)", "query"),
        [
            (
                s.name,
                s.email,
                s.at.strftime("%H:%M"),
                s.zone,
                ",".join(s.days) or "every day",
                "paused" if s.paused else f"{s.next_due:%Y-%m-%d %H:%M}" if s.next_due else "",
                s.query,
            )
            for s in all_
        ],
    )


@app.command()
def remove(context: typer.Context, name: str) -> None:
    """End a subscription; its past digests stay readable."""
    with service(context) as built:
        try:
            built.archive.subscriptions.remove(name)
        except StorageError as why:
            raise Unusable(str(why)) from None
    _done(context, name, "removed")


@app.command()
def pause(
    context: typer.Context, name: str, resume: bool = typer.Option(False, "--resume", help="Take it up again.")
) -> None:
    """Hold a subscription; what is found meanwhile comes in the first digest after --resume."""
    with service(context) as built:
        try:
            asked = built.archive.subscriptions.get(name)
            built.archive.subscriptions.pause(name, not resume)
            if resume:
                built.archive.subscriptions.move_due(name, next_slot(asked, after=built.clock()))
        except StorageError as why:
            raise Unusable(str(why)) from None
    _done(context, name, "resumed" if resume else "paused")


def _done(context: typer.Context, name: str, what: str) -> None:
    if wants_json(context):
        emit({"name": name, "done": what})
    else:
        say(f"{name}: {what}")
