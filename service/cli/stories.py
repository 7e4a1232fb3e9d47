"""`entente stories`: who told what first, corrected by hand where the machine is wrong, and found anew."""

import getpass

import typer

from service.assembly import Service
from service.cli import shown
from service.cli.output import emit, progress, say, table, wants_json, write
from service.cli.service_of import service
from service.errors import Unusable
from service.runs.placing import placed
from service.stories import Copy, Telling, meant, place_in_story, telling

app = typer.Typer(help="Stories: reprints and tellings of one event, in the order they came.", no_args_is_help=True)

_IDS = typer.Argument(..., metavar="ID...", help="Ids or addresses of articles, as search and digests print them.")
_NOTE = typer.Option("", help="Why, for whoever reads the corrections.")


@app.command("list")
def list_(
    context: typer.Context, limit: int = typer.Option(20, min=1, max=10_000), offset: int = typer.Option(0, min=0)
) -> None:
    """The stories told most often."""
    with service(context) as built:
        total, articles = built.archive.stories.count()
        largest = built.archive.stories.largest(limit=limit, offset=offset)
        leads = built.archive.articles.many([id for id, _ in largest])
    if wants_json(context):
        told = [
            {"id": id, "articles": count, "title": leads[id].article.title, "outlet": leads[id].article.outlet}
            for id, count in largest
        ]
        emit({"total": total, "articles": articles, "stories": told})
        return
    table(
        ("story", "articles", "first seen at", "title"),
        [
            (id, count, leads[id].outlet_name or leads[id].article.outlet, leads[id].article.title)
            for id, count in largest
        ],
    )
    say(f"{total} stories told more than once, by {articles} articles")


@app.command()
def show(context: typer.Context, id: str = typer.Argument(..., help="Of a story, or of any article in it.")) -> None:
    """One story: first publisher, order and delay of each copy, what each added and cut."""
    with service(context) as built:
        _show(context, built, id)


@app.command()
def join(context: typer.Context, ids: list[str] = _IDS, note: str = _NOTE) -> None:
    """These articles are one story. The stories they are in become one, and stay one."""
    with service(context) as built:
        articles = meant(built.archive, ids)
        if len(articles) < 2:
            raise Unusable("To join takes two articles or more: name the others as well.")
        placed(built.archive, built.read_rules, list(built.archive.articles.many(articles).values()))
        built.archive.stories.join(articles, at=built.clock(), by=_who(), note=note)
        _show(context, built, articles[0])


@app.command()
def split(context: typer.Context, ids: list[str] = _IDS, note: str = _NOTE) -> None:
    """These articles are a story of their own. They leave the story they are in, and stay out of it."""
    with service(context) as built:
        articles = meant(built.archive, ids)
        placed(built.archive, built.read_rules, list(built.archive.articles.many(articles).values()))
        built.archive.stories.split(articles, at=built.clock(), by=_who(), note=note)
        _show(context, built, articles[0])


@app.command()
def corrections(context: typer.Context) -> None:
    """What was said by hand, the first said first."""
    with service(context) as built:
        said = built.archive.stories.corrections()
    if wants_json(context):
        emit({"corrections": [shown.correction(one) for one in said]})
        return
    rows = [
        (one.one, one.other, "one story" if one.together else "apart", f"{one.at:%Y-%m-%d}", one.by, one.note)
        for one in said
    ]
    table(("article", "and article", "are", "said", "by", "note"), rows)


@app.command()
def rebuild(context: typer.Context) -> None:
    """Find all stories anew, with a progress bar. What was said by hand stands."""
    with service(context) as built:
        built.archive.stories.forget(form=0)
        done = find_stories(built)
        total, articles = built.archive.stories.count()
    if wants_json(context):
        emit({"articles": done, "stories": total, "articles_in_stories": articles})
    else:
        say(f"{done} articles looked at: {total} stories told more than once, by {articles} articles")


def find_stories(built: Service) -> int:
    """Finds what was kept since the last time its place, under a progress bar; how many articles that were."""
    articles = built.archive.articles
    waiting = articles.last_change() - built.archive.stories.up_to()
    with progress() as bar:
        # Changes, not articles: one that changed twice is looked at once.
        task = bar.add_task("finding stories", total=min(waiting, articles.count()) or None)
        return built.place(told=lambda done: bar.update(task, completed=done))


def _show(context: typer.Context, built: Service, id: str) -> None:
    (article,) = meant(built.archive, [id])
    kept = built.archive.articles.get(article)
    if kept is None:
        raise Unusable(f"No article has the id {id!r}: take one from `entente search`.")
    told = telling(built.archive, kept)
    if wants_json(context):
        emit(shown.story(told))
    else:
        write("\n".join(_lines(told)))


def _lines(told: Telling) -> list[str]:
    lines = [f"story {told.id}"]
    for one in told.copies:
        article = one.kept.article
        when = shown.published(article.published) or "no date"
        lines += [
            "",
            f"{one.kept.id}  {article.title}",
            f"  {one.kept.outlet_name or article.outlet}, {when}: {_place(one)}",
        ]
        lines += [f"  + {stretch}" for stretch in one.added] + [f"  - {stretch}" for stretch in one.cut]
    if told.more:
        lines += ["", f"and {told.more} more: entente search story:{told.id}"]
    by_hand = {True: "one story", False: "apart"}
    lines += [f"said by hand: {said.one} and {said.other} are {by_hand[said.together]}" for said in told.corrections]
    return lines


def _place(one: Copy) -> str:
    changed = f", {one.words_added} words added, {one.words_cut} cut" if one.pieces else ""
    return place_in_story(one) + changed


def _who() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in some containers
        return ""
