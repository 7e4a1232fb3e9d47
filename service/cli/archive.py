"""`entente search` and `entente show`: what the archive answers."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from enum import StrEnum
from typing import Any

import typer

from scrapers.classifying.explaining import NearMiss, explain
from scrapers.classifying.rules import Rules
from service.cli import shown
from service.cli.output import emit, say, wants_json, write
from service.cli.revisions import as_json, for_people, history
from service.cli.service_of import service
from service.diffs import NoSuchRevision, diff_of
from service.errors import Unusable
from service.finding import Found, find
from service.stories import telling
from storage.events.register import Register
from storage.records import Kept, Revision, rfc3339
from storage.search.errors import QueryError
from storage.search.results import Nothing


class Sort(StrEnum):
    RELEVANCE = "relevance"
    DATE = "date"


class Per(StrEnum):
    DAY = "day"
    MONTH = "month"


def add_to(app: typer.Typer) -> None:
    # A word to leave out begins with a hyphen, and is no option.
    app.command("search", context_settings={"ignore_unknown_options": True})(search)
    app.command("show")(show)


def search(
    context: typer.Context,
    query: list[str] = typer.Argument(
        None, help='Words, "phrases", OR, -not, (), word*, field:value. docs/searching.md.'
    ),
    limit: int = typer.Option(20, min=0, max=10_000),
    offset: int = typer.Option(0, min=0),
    sort: Sort = typer.Option(Sort.RELEVANCE),
    like: str = typer.Option("", metavar="ID", help="Only what is like this article, the likest first."),
    as_of: int = typer.Option(None, min=0, help="The as_of of an earlier answer: its next page, whatever came since."),
    timeline: Per = typer.Option(None, help="Count articles per day or month; else as the span asks."),
) -> None:
    """Search the archive: news and seed documents alike."""
    for word in query or ():
        if word.startswith("--"):
            raise Unusable(f"No such option: {word}. See `entente search --help`.")
    if not query and not like:
        raise Unusable(
            'Missing argument: say what to search for, as in entente search patrol; "" stands for everything.'
        )
    with service(context) as built:
        built.index.catch_up()
        if like and built.archive.articles.get(like) is None:
            raise Unusable(f"No article has the id {like!r}: take one from `entente search`.")
        try:
            found = find(
                built,
                " ".join(query or ()),
                limit=limit,
                offset=offset,
                sort="date" if sort is Sort.DATE else "relevance",
                like=like,
                as_of=as_of,
                per=None if timeline is None else "day" if timeline is Per.DAY else "month",
            )
        except QueryError as why:
            raise Unusable(str(why)) from None
    if wants_json(context):
        emit(_document(found))
    else:
        write(_for_people(found))


def _document(found: Found) -> dict[str, Any]:
    document = {
        "total": found.total,
        "took_ms": round(found.took_ms, 2),
        "as_of": found.as_of,
        "hits": [shown.hit(hit.kept, hit.snippet, hit.earlier) for hit in found.hits],
        "facets": {name: dict(counts) for name, counts in found.facets.items()},
        "timeline": {"per": found.timeline.per, "counts": dict(found.timeline.counts)},
    }
    return document if found.nothing is None else document | {"nothing": asdict(found.nothing)}


def _for_people(found: Found) -> str:
    lines = [f"{found.total} found in {found.took_ms:.1f} ms"]
    for hit in found.hits:
        article = hit.kept.article
        when = shown.published(article.published) or "no date"
        mark = "".join(f"  [{state}]" for state in shown.states(hit.kept))
        lines += ["", f"{hit.kept.id}  {article.title}{mark}", f"  {hit.kept.outlet_name or article.outlet}, {when}"]
        if hit.earlier:
            lines += [f"  in an earlier revision, of {rfc3339(hit.earlier.captured)}:"]
        lines += [f"  {shown.marked(hit.snippet)}"]
    return "\n".join([*lines, *(_why_nothing(found.nothing) if found.nothing else ())])


def _why_nothing(nothing: Nothing) -> Iterator[str]:
    if nothing.nowhere:
        yield f"Nowhere in the archive: {', '.join(nothing.nowhere)}"
    for one in nothing.without:
        yield f"Without {one.part}: {one.total} found"
    for query in nothing.instead:
        yield f"Did you mean: {query}"


def show(
    context: typer.Context,
    id: str = typer.Argument(..., help="As search and digests print it."),
    numbers: list[int] = typer.Argument(None, metavar="[FROM TO]", help="With --diff: which two revisions."),
    diff: bool = typer.Option(
        False, "--diff", help="What changed: from one revision to another, by default the last change."
    ),
    why: bool = typer.Option(False, "--why", help="Also tell which rules came near, and what was missing."),
) -> None:
    """One article: its text, all revisions, the evidence, and who else published the same words."""
    if len(numbers or ()) > (2 if diff else 0):
        raise Unusable("Write two numbers of revisions behind --diff, as in: entente show ID --diff 1 2.")
    with service(context) as built:
        kept = built.archive.articles.get(id)
        if kept is None:
            raise Unusable(f"No article has the id {id!r}: take one from `entente search`.")
        revisions = built.archive.articles.revisions(id)
        absences, revisit = built.archive.revisits.absences(id), built.archive.revisits.get(id)
        told = telling(built.archive, kept)
        near = _near(built.rules, kept) if why else ()
        events = _events(built.register, kept)
    if diff:
        _show_diff(context, kept, revisions, numbers or ())
        return
    document = shown.kept(kept) | {
        "revisions": [shown.revision(revision) for revision in revisions],
        "absences": [shown.absence(absence) for absence in absences],
        "revisits": shown.revisits(revisit) if revisit else None,
        "story_id": told.id,
        "story": shown.copies(told),
    }
    if wants_json(context):
        emit(document | ({"why": [shown.near_miss(miss) for miss in near]} if why else {}))
        return
    past = history(revisions, absences, revisit)
    write("\n".join([_read_aloud(kept, [*events, *past]), *map(shown.near_miss_line, near)]))
    say(f"{len(revisions)} revision(s), {shown.copies_line(told)}")


def _show_diff(context: typer.Context, kept: Kept, revisions: Sequence[Revision], numbers: Sequence[int]) -> None:
    """Without numbers the last change; with one, from that revision to the present text."""
    try:
        told = diff_of(revisions, *numbers)
    except NoSuchRevision as why:
        raise Unusable(f"Article {kept.id}: {why}") from None
    if wants_json(context):
        emit({"id": kept.id, **as_json(told)})
    else:
        write(for_people(told))


def _near(rules: Rules, kept: Kept) -> tuple[NearMiss, ...]:
    article = kept.article
    day = article.published.at.date() if article.published else None
    return explain(rules, title=article.title, text=article.text, published=day, country=kept.country)


def _events(register: Register, kept: Kept) -> list[str]:
    """A line for each event it tells of, with the reason; then the editions it names that are in no register."""
    lines = [
        f"  event: {register.name(one.event)} ({one.event}, {one.confidence.value}): {one.reason}"
        for one in kept.attached
    ]
    attached = {one.event for one in kept.attached}
    unknown = [id for id in kept.verdict.events if id not in attached and not register.stages(id)]
    return [*lines, *(f"  event: {register.name(id)} ({id}): named in the text, not in the register" for id in unknown)]


def _read_aloud(kept: Kept, events: Sequence[str] = ()) -> str:
    article = kept.article
    strengths = ", ".join(f"{topic}: {strength.value}" for topic, strength in kept.verdict.strength.items())
    lines = [
        article.title,
        " · ".join(
            filter(None, [kept.outlet_name or article.outlet, shown.published(article.published), article.byline])
        ),
        article.url,
        f"{strengths or 'no topic'}  {', '.join(kept.verdict.activities)}",
        *events,
        *(f"  «{piece.form}» in: {' '.join(piece.sentence.split())}" for piece in kept.verdict.evidence),
        "",
        article.text,
    ]
    return "\n".join(lines)
