"""`entente read`, `parse` and `classify`: one step of the walk on files, without an archive."""

import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer

from scrapers.classifying.classifying import classify as classified
from scrapers.classifying.explaining import explain
from scrapers.errors import ScrapeError
from scrapers.parsing.dates import parse_time
from scrapers.parsing.decoding import to_page
from scrapers.parsing.parsing import parse as parsed
from scrapers.reading.reading import read as read_page
from service.assembly import read_outlets_of, read_rules_of
from service.cli import shown
from service.cli.output import emit, say, wants_json, write
from service.cli.service_of import settings
from service.errors import Unusable
from service.files import BadFile, BadLine, body_of, json_lines, opened
from service.runs.documents import outlet_of, whole_date
from storage.records import Basis, EntryPoint, Outlet

FILE = typer.Argument(None, metavar="[FILE]", help="A saved page or feed; may be gzipped.")
URL = typer.Option("", "--url", help="The address it was saved from: decides the outlet and resolves links.")
MANIFEST = typer.Option(None, "--manifest", help="JSON Lines of {path, url}: many files in one go.")


def add_to(app: typer.Typer) -> None:
    app.command("read")(read)
    app.command("parse")(parse)
    app.command("classify")(classify)


def read(context: typer.Context, file: Path | None = FILE, url: str = URL, manifest: Path | None = MANIFEST) -> None:
    """A page to an article: text, title, byline, published time, language."""
    outlets = read_outlets_of(settings(context))
    now = datetime.now(UTC)

    def step(body: bytes, address: str) -> dict[str, Any]:
        page = to_page(body, url=address, hint=_hint(outlet_of(address, outlets)))
        outlet = outlet_of(address, outlets, page=page)
        return shown.article(read_page([page], now=now, outlet=outlet))

    _each(context, file, url, manifest, step)


def parse(context: typer.Context, file: Path | None = FILE, url: str = URL, manifest: Path | None = MANIFEST) -> None:
    """A feed, listing or sitemap to its entries."""
    outlets = read_outlets_of(settings(context))
    now = datetime.now(UTC)

    def step(body: bytes, address: str) -> dict[str, Any]:
        outlet = outlet_of(address, outlets)
        return shown.feed(parsed(body, url=address, now=now, outlet=outlet, point=_point(outlet, address), markup=True))

    _each(context, file, url, manifest, step)


def _hint(outlet: Outlet | None) -> str:
    return outlet.encoding if outlet else ""


def _point(outlet: Outlet | None, url: str) -> EntryPoint | None:
    return next((point for point in outlet.entry_points if point.url == url), None) if outlet else None


def _each(
    context: typer.Context,
    file: Path | None,
    url: str,
    manifest: Path | None,
    step: Callable[[bytes, str], dict[str, Any]],
) -> None:
    """Take one step on one file or on every line of a manifest. A file that fails costs itself, and is named."""
    if (file is None) == (manifest is None):
        raise Unusable("Name one FILE, or a --manifest of JSON Lines {path, url}.")
    failed = False
    for named, found, address in _lines(manifest) if manifest else [(str(file), file, url)]:
        answer: dict[str, Any] = {"path": named}
        try:
            answer |= step(_body(found), address or Path(named).absolute().as_uri())
        except (ScrapeError, BadFile, BadLine) as why:
            failed = True
            answer |= {"url": address, "error": str(why)}
            say(f"{named}: {why}")
        if wants_json(context) or manifest:
            emit(answer)
        elif "error" not in answer:
            write(_for_people(answer))
    if failed:
        raise typer.Exit(1 if manifest else 2)


def _body(found: Path | BadLine | None) -> bytes:
    if isinstance(found, BadLine):
        raise found
    return body_of(found) if found else b""


def _lines(manifest: Path) -> Iterator[tuple[str, Path | BadLine, str]]:
    """What a manifest names: each path as written, its file (beside the manifest when it is not found from here), its URL."""
    try:
        with opened(manifest) as stream:
            for number, line in json_lines(stream):
                if isinstance(line, BadLine):
                    yield f"{manifest}:{number}", line, ""
                elif not isinstance(path := line.get("path"), str) or not path or "\0" in path:
                    yield f"{manifest}:{number}", BadLine("has no path: write {path, url}"), ""
                else:
                    found = Path(path) if Path(path).exists() else manifest.parent / path
                    yield path, found, str(line.get("url") or "")
    except BadFile as why:
        raise Unusable(f"{manifest} {why}") from why


def _for_people(answer: dict[str, Any]) -> str:
    if "entries" in answer:
        head = f"{answer['kind']}: {answer['title']}"
        return "\n".join(
            [
                head,
                *(
                    f"  {e['published'] or '':25}  {shown.one_line(e['title'])}\n  {e['url']}"
                    for e in answer["entries"]
                ),
            ]
        )
    facts = [answer["outlet"], answer["published"] or "", answer["byline"], answer["language"]]
    return "\n".join([answer["title"], " · ".join(filter(None, facts)), "", answer["text"]])


def classify(
    context: typer.Context,
    file: Path | None = typer.Argument(None, metavar="[FILE]"),
    why: bool = typer.Option(False, "--why", help="Also tell which rules came near, and what was missing."),
) -> None:
    """Texts to verdicts: JSON Lines {id, title, text, ...} in (standard input without FILE), JSON Lines out."""
    chosen = settings(context)
    outlets, rules = read_outlets_of(chosen), read_rules_of(chosen)
    countries = {outlet.key: outlet.country for outlet in outlets}
    failed = False
    for number, line in _texts(file):
        try:
            if isinstance(line, BadLine):
                raise line
            text = _text(line, countries)
        except BadLine as bad:
            failed = True
            say(f"{file or 'standard input'}:{number}: {bad}")
            continue
        document = {"id": line.get("id", number)} | shown.verdict(classified(rules, **text))
        near = explain(rules, **text) if why else ()
        if wants_json(context) or not sys.stdout.isatty():
            emit(document | ({"why": [shown.near_miss(miss) for miss in near]} if why else {}))
        else:
            write("\n".join([_told(document), *map(shown.near_miss_line, near)]))
    if failed:
        raise typer.Exit(1)


def _texts(file: Path | None) -> Iterator[tuple[int, dict[str, Any] | BadLine]]:
    try:
        with opened(file) if file else nullcontext(sys.stdin.buffer) as stream:
            yield from json_lines(stream)
    except BadFile as why:
        raise Unusable(f"{file or 'standard input'} {why}") from why


def _text(line: dict[str, Any], countries: dict[str, str]) -> dict[str, Any]:
    """A line as classifying takes it. Raises BadLine."""
    wrong = [name for name in ("title", "text") if not isinstance(line.get(name), str | None)]
    if wrong:
        raise BadLine(f"{' and '.join(wrong)} must be text: write {{id, title, text}}")
    when = whole_date(str(line.get("published") or line.get("date") or ""))
    published = parse_time(when, zone="UTC", now=datetime.now(UTC), basis=Basis.PAGE) if when else None
    return {
        "title": line.get("title") or "",
        "text": line.get("text") or "",
        "published": published.at.date() if published else None,
        "country": countries.get(str(line.get("outlet") or ""), ""),
    }


def _told(document: dict[str, Any]) -> str:
    strengths = ", ".join(f"{topic}: {strength}" for topic, strength in document["strength"].items()) or "none"
    lines = [f"{document['id']}  {strengths}  {', '.join(document['activities'])}"]
    lines += [f"    {e['rule']}: «{e['form']}» in: {' '.join(e['sentence'].split())}" for e in document["evidence"]]
    return "\n".join(lines)
