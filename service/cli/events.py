"""`entente events`: the chronology, its export, and events that several outlets report."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

import typer

from service.assembly import Service
from service.chronology import writing
from service.chronology.exporting import exported
from service.chronology.rows import Asked, Row, articles_of, between, in_words, rows
from service.cli import shown
from service.cli.output import emit, say, table, wants_json, write, write_file
from service.cli.service_of import service
from service.errors import Unusable
from service.runs.ruling import Proposed, proposals, reopen, rule
from storage.records import Ruling, rfc3339

app = typer.Typer(
    help="Exercises, patrols, meetings and agreements: the chronology, its export, and what is proposed for it.",
    no_args_is_help=True,
)


class Format(StrEnum):
    CSV = "csv"
    JSON = "json"
    ICS = "ics"


_QUERY = typer.Argument(None, metavar="[QUERY]...", help="Words of its names, place, participants or note.")
_ACTIVITY = typer.Option("", help="Only this activity, as joint_patrol.")
_TOPIC = typer.Option("", help="Only events of this topic.")
_WITH = typer.Option("", "--with", metavar="STATE", help="Only with this state, by its two letters.")
_SINCE = typer.Option("", metavar="DATE", help="Only what went on on or after this day, month or year.")
_UNTIL = typer.Option("", metavar="DATE", help="Only what went on on or before it.")
_SETTLED = typer.Option(False, "--settled", help="Only what may be taken as a fact.")


@app.command("list")
def list_(
    context: typer.Context,
    query: list[str] = _QUERY,
    activity: str = _ACTIVITY,
    topic: str = _TOPIC,
    with_: str = _WITH,
    since: str = _SINCE,
    until: str = _UNTIL,
    settled: bool = _SETTLED,
) -> None:
    """The chronology, the earliest event first."""
    with _caught_up(context) as built:
        found = rows(built, _asked(built, query, activity, topic, with_, since, until, settled))
        page = writing.Page(url=built.settings.page_url)
        proposed = len(proposals(built))
    if wants_json(context):
        emit({"events": [writing.document(row, page) for row in found], "proposed": proposed})
        return
    table(("id", "date", "event", "activity", "participants", "articles", ""), [_line(row) for row in found])
    if proposed:
        say(f"{proposed} proposed by what outlets report: entente events proposals")


@app.command()
def show(context: typer.Context, id: str = typer.Argument(..., help="As `entente events list` prints it.")) -> None:
    """One event: what is known of it and how well, and the articles that tell of it with the reason."""
    with _caught_up(context) as built:
        row = next((row for row in rows(built) if row.event.id == id), None)
        if row is None:
            near = built.register.near(id)
            hint = f"did you mean {' or '.join(near)}?" if near else "see `entente events list`."
            raise Unusable(f"There is no event {id!r}: {hint}")
        told = articles_of(built, id)
        document = writing.document(row, writing.Page(url=built.settings.page_url), told)
    if wants_json(context):
        emit(document)
        return
    write("\n".join(_read_aloud(row)))
    for one in told:
        when = shown.published(one.kept.article.published) or "no date"
        write(f"\n{one.kept.id}  {one.kept.article.title}\n  {one.kept.outlet_name}, {when}")
        write(f"  {one.by.confidence.value}: {one.by.reason}")


@app.command()
def export(
    context: typer.Context,
    query: list[str] = _QUERY,
    format: Format = typer.Option(Format.JSON, "--format"),
    activity: str = _ACTIVITY,
    topic: str = _TOPIC,
    with_: str = _WITH,
    since: str = _SINCE,
    until: str = _UNTIL,
    settled: bool = _SETTLED,
) -> None:
    """The chronology as a file on standard output: CSV, JSON, or a calendar (iCalendar)."""
    with _caught_up(context) as built:
        found = rows(built, _asked(built, query, activity, topic, with_, since, until, settled))
        text = exported(built, found, format.value)
    write_file(text)


@app.command("proposals")
def proposals_(
    context: typer.Context, decided: bool = typer.Option(False, "--decided", help="Those accepted or refused instead.")
) -> None:
    """Events that several outlets report and the register does not hold. None of it is settled."""
    with _caught_up(context) as built:
        if decided:
            rulings = built.archive.rulings.list()
            _tell_rulings(context, rulings)
            return
        found = proposals(built)
    if wants_json(context):
        emit({"proposals": [_proposal(one) for one in found]})
        return
    for one in found:
        event = one.proposal.event
        write(f"{event.id}  PROPOSED  {event.names['en']}\n  {in_words(event)}; {one.proposal.reason}")
        for kept in one.articles:
            write(f"    {kept.id}  {kept.outlet_name}: {kept.article.title}")
    if not found:
        say("Nothing is proposed.")


def _tell_rulings(context: typer.Context, rulings: list[Ruling]) -> None:
    if wants_json(context):
        emit({"decided": [_ruling(one) for one in rulings]})
        return
    table(
        ("event", "is", "by", "on", "note", "name"),
        [
            (
                one.id,
                "accepted" if one.accepted else "refused",
                one.by,
                f"{one.at:%Y-%m-%d}",
                one.note,
                one.event.names["en"],
            )
            for one in rulings
        ],
    )


@app.command()
def accept(
    context: typer.Context,
    id: str = typer.Argument(..., help="As `entente events proposals` prints it."),
    name: str = typer.Option("", help="What readers are to call it."),
    date: str = typer.Option("", help="Its days as far as known: 2027-05-03, 2027-05, 2027-05-03/2027-05-09."),
    note: str = typer.Option(""),
) -> None:
    """Take a proposed event into the register of this archive."""
    with _caught_up(context) as built:
        ruling = rule(built, id, accepted=True, now=built.clock(), name=name, days=date, note=note, by=_who())
    _done(context, ruling)


@app.command()
def refuse(context: typer.Context, id: str = typer.Argument(...), note: str = typer.Option("", help="Why.")) -> None:
    """Say that a proposal is no event; it is not proposed again."""
    with _caught_up(context) as built:
        ruling = rule(built, id, accepted=False, now=built.clock(), note=note, by=_who())
    _done(context, ruling)


@app.command("reopen")
def reopen_(context: typer.Context, id: str = typer.Argument(...)) -> None:
    """Take back that an event was accepted or refused."""
    with _caught_up(context) as built:
        reopen(built, id)
    if wants_json(context):
        emit({"id": id, "reopened": True})
    else:
        write(f"{id}: open again")


# ------------------------------------------------------------------ what they stand on


@contextmanager
def _caught_up(context: typer.Context) -> Iterator[Service]:
    """The service with every article attached to the events it tells of."""
    with service(context) as built:
        built.read_register()  # a file that cannot be used is told of before anything is done
        built.index.catch_up()
        yield built


def _asked(
    built: Service, query: list[str] | None, activity: str, topic: str, who: str, since: str, until: str, settled: bool
) -> Asked:
    events = built.register.events.values()
    for what, value, known in (
        ("activity", activity, {event.activity for event in events}),
        ("topic", topic, {topic for event in events for topic in event.topics}),
    ):
        if value and value not in known:
            raise Unusable(f"There is no {what} {value!r} among the events: use {', '.join(sorted(known))}.")
    # What the shell was told is one word is a phrase.
    words = " ".join(f'"{word}"' if " " in word else word for word in query or ())
    asked = Asked(words=words, activity=activity, topic=topic, who=who.lower(), settled=settled)
    try:
        return between(asked, since, until)
    except ValueError as why:
        raise Unusable(f"{why}: write a day, month or year, as 2025-08-01, 2025-08 or 2025.") from None


def _line(row: Row) -> tuple[object, ...]:
    marks = [*row.doubts, *(["planned"] if row.planned else [])]
    return (
        row.event.id,
        row.written,
        row.event.names["en"],
        row.event.activity,
        row.participants,
        row.linked.articles or "",
        "; ".join(marks),
    )


def _read_aloud(row: Row) -> Iterator[str]:
    event = row.event
    yield event.names["en"]
    yield from (name for language, name in event.names.items() if language != "en")
    place = f", {row.where}" if row.where else ""
    yield f"{in_words(event)}{place}{'  (planned)' if row.planned else ''}"
    yield f"{event.activity}  {', '.join(event.topics)}  {row.participants}"
    yield from [f"watching: {row.observers}"] if row.observers else []
    doubts = f": {'; '.join(row.doubts)}" if row.doubts else ""
    yield f"confidence {event.confidence.value}, {event.basis.value}{doubts}"
    yield from [event.note] if event.note else []
    yield f"{row.linked.articles or 'no'} article{'' if row.linked.articles == 1 else 's'}: entente search {row.query}"


def _proposal(one: Proposed) -> dict[str, Any]:
    event = one.proposal.event
    return {
        "id": event.id,
        "state": "proposed",
        "name": event.names["en"],
        "names": dict(event.names),
        "first": event.first.isoformat(),
        "last": event.last.isoformat(),
        "activity": event.activity,
        "topics": list(event.topics),
        "publishers": list(one.proposal.publishers),
        "reason": one.proposal.reason,
        "articles": [
            {
                "id": kept.id,
                "url": kept.article.url,
                "title": kept.article.title,
                "outlet": kept.article.outlet,
                "published": shown.published(kept.article.published),
            }
            for kept in one.articles
        ],
    }


def _ruling(one: Ruling) -> dict[str, Any]:
    return {
        "id": one.id,
        "accepted": one.accepted,
        "name": one.event.names["en"],
        "articles": list(one.articles),
        "at": rfc3339(one.at),
        "by": one.by,
        "note": one.note,
    }


def _done(context: typer.Context, ruling: Ruling) -> None:
    if wants_json(context):
        emit(_ruling(ruling))
    else:
        write(f"{ruling.id}: {'accepted' if ruling.accepted else 'refused'}")


def _who() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in some containers
        return ""
