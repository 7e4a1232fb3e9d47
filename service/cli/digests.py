"""`entente digest`: what a subscriber would be told, is told, was told."""

import typer

from service.assembly import Service
from service.cli import shown
from service.cli.output import emit, say, table, wants_json, write
from service.cli.service_of import service
from service.errors import Unusable
from service.runs.alerting import digest_for, send_now
from storage.errors import StorageError
from storage.records import DigestState, Subscription

app = typer.Typer(help="Digests: preview, send now, list.", no_args_is_help=True)

NAME = typer.Argument("", metavar="[SUBSCRIPTION]", help="All subscriptions if none is named.")


def _subscriptions(built: Service, name: str) -> list[Subscription]:
    try:
        asked = [built.archive.subscriptions.get(name)] if name else built.archive.subscriptions.list()
    except StorageError as why:
        raise Unusable(str(why)) from None
    if not asked:
        raise Unusable("There is no subscription yet: entente subscription add --name N --email A")
    return list(asked)


@app.command()
def preview(context: typer.Context, name: str = NAME) -> None:
    """What would be told now, without telling it."""
    with service(context) as built:
        now = built.clock()
        alerting = built.alerting()
        digests = [digest_for(alerting, asked, due=now, now=now) for asked in _subscriptions(built, name)]
    composed = [digest for digest in digests if digest]
    if wants_json(context):
        emit({"digests": [shown.digest_text(digest) for digest in composed]})
        return
    for digest in composed:
        write(f"To: {digest.email}\nSubject: {digest.subject}\n\n{digest.text}")
    if not composed:
        say("Nothing new to tell.")


@app.command()
def send(context: typer.Context, name: str = NAME) -> None:
    """Tell now what has not been told yet, whatever the hour."""
    with service(context) as built:
        alerting = built.alerting()
        records = [record for asked in _subscriptions(built, name) if (record := send_now(alerting, asked))]
    if wants_json(context):
        emit({"digests": [shown.digest(record) for record in records]})
    else:
        for record in records:
            say(f"{record.digest.subscription}: {record.digest.subject}: {record.via or record.why}")
        if not records:
            say("Nothing new to tell.")
    if any(record.state is not DigestState.SENT for record in records):
        raise typer.Exit(1)


@app.command("list")
def list_(context: typer.Context, name: str = NAME, limit: int = typer.Option(50, min=1)) -> None:
    """The digests of the past and their fate, newest first."""
    with service(context) as built:
        records = built.archive.ledger.list(name or None, limit=limit)
        if name and not records:  # a subscription that was removed leaves its digests readable
            _subscriptions(built, name)
    if wants_json(context):
        emit({"digests": [shown.digest(record) for record in records]})
        return
    table(
        ("number", "subscription", "due (UTC)", "state", "items", "subject", "via or why"),
        [
            (
                r.number,
                r.digest.subscription,
                f"{r.digest.due:%Y-%m-%d %H:%M}",
                r.state.value,
                len(r.digest.told),
                r.digest.subject,
                r.via or r.why,
            )
            for r in records
        ],
    )
