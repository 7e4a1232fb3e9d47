"""Search in an archive of made-up articles in three languages, beside SQLite's FTS5 holding the very same words.

Run it with `python -m benchmarks.search [--articles N] [--folder FOLDER] [--no-peer]`. Without a folder everything goes to a
temporary one; a folder that was filled before is used again. An archive of a million takes about 10 GB and an hour.

A request is told whole: from the text of a query to its hits with articles loaded and snippets cut, as the command and the page
ask for it, without and with the counts of all facets and the timeline. FTS5 is asked for the numbers of its best twenty alone
(`ORDER BY rank`). Times are of a warm machine, in milliseconds, the middle one and the 95th of a hundred. What it costs to keep
an article and make it findable is told at this size and at 10,000 articles, in turn.
"""

import argparse
import json
import multiprocessing
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.asked import FILTERS, Asked, Kind
from benchmarks.filling import fill
from benchmarks.made_up import NOW, OUTLETS, made_up
from benchmarks.peer import Peer, make_peer
from service.assembly import Service, assemble, configure_logging
from service.finding import find
from service.settings import read_settings

ARTICLES, FEW = 20_000, 10_000
ROUNDS = 3
#: Articles kept one by one at each size.
KEPT = 15


def opened(folder: Path) -> Service:
    return assemble(read_settings({"ENTENTE_DATA_DIR": str(folder)}), clock=lambda: NOW, press=OUTLETS)


# ------------------------------------------------------------------ filling, in processes of their own


def filled(folder: Path, count: int) -> dict[str, Any]:
    """An archive of `count` articles with its index in `folder`, and what making it took."""
    notes = folder / "notes.json"
    if not notes.exists():
        process = multiprocessing.get_context("spawn").Process(target=_fill, args=(folder, count))
        process.start()
        process.join()
    said: dict[str, Any] = json.loads(notes.read_text(encoding="utf-8"))
    return said


def _fill(folder: Path, count: int) -> None:
    configure_logging("warning", as_json=False)
    with closing(opened(folder)) as service:
        seen = ((made.number, made.article, made.verdict, NOW) for made in made_up(count))
        text = fill(service.archive, seen)
        began, cpu = time.perf_counter(), time.process_time()
        service.index.catch_up()
        took, cpu = time.perf_counter() - began, time.process_time() - cpu
    size = sum(file.stat().st_size for file in (folder / "index").rglob("*") if file.is_file())
    said = {"articles": count, "text": text, "index": size, "seconds": took, "cpu": cpu, "memory": _peak()}
    (folder / "notes.json").write_text(json.dumps(said), encoding="utf-8")


def _make_peer(folder: Path, count: int) -> Path:
    file = folder / "fts5.db"
    if not file.exists():
        make_peer(file, (made.article for made in made_up(count)))
    return file


def _memory(of: str) -> float:
    """Megabytes of this process, by a name of /proc/self/status."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1000 for line in lines if line.startswith(f"{of}:"))


def _peak() -> float:
    return _memory("VmHWM")


# ------------------------------------------------------------------ asking


def timed(calls: Sequence[Callable[[], object]], *, rounds: int = ROUNDS) -> list[float]:
    """Milliseconds of each call in each round, after one round that nobody counts."""
    took = []
    for round in range(rounds + 1):
        for call in calls:
            began = time.perf_counter()
            call()
            if round:
                took.append((time.perf_counter() - began) * 1000)
    return took


def said(took: Sequence[float]) -> str:
    """The middle one and the 95th of a hundred."""
    ordered = sorted(took)
    return f"{statistics.median(ordered):7.1f} {ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]:7.1f}"


def _tell_kind(service: Service, kind: Kind, peer: Peer | None) -> None:
    for name, behind in FILTERS.items():
        queries = [f"{query}{behind}" for query in kind.queries]
        totals = [find(service, query, limit=0).total for query in queries]
        best = timed([partial(find, service, query, counts=False) for query in queries])
        newest = timed([partial(find, service, query, counts=False, sort="date") for query in queries])
        counts = timed([partial(find, service, query, limit=0) for query in queries])
        line = f"{f'{kind.name} {name}':62} {statistics.median(totals):9.0f} {said(best)} {said(newest)} {said(counts)}"
        if peer is not None and kind.is_compared and not name:
            for query, total in zip(queries, totals, strict=True):
                assert peer.total(query) == total, f"{query}: the two found different articles"
            theirs = timed([partial(peer.best, query) for query in kind.queries])
            line += f"   FTS5 {said(theirs)}, ratio {statistics.median(theirs) / statistics.median(best):.0f}"
        print(line, flush=True)


def _tell_questions(service: Service, asked: Asked, peer: Peer | None) -> None:
    print(f"{'':62} {'found':>9} {'by relevance':>15} {'by date':>15} {'facets, timeline':>15}")
    print(f"{'':62} {'':>9} {'p50     p95':>15} {'p50     p95':>15} {'p50     p95':>15}")
    for kind in asked.kinds():
        _tell_kind(service, kind, peer)
    took = timed([partial(service.index.suggestions, typed) for typed in asked.typed()])
    print(f"suggestions while typing: p50, p95 {said(took)} ms")


def _tell_keeping(small: Service, large: Service) -> None:
    """Milliseconds to keep an article and make it findable, in a small archive and in a large one, in turn."""
    first = large.archive.articles.last_change() + 10_000_000
    took: dict[str, list[float]] = {"small": [], "large": []}
    for made in made_up(KEPT, first=first):
        now = NOW + timedelta(minutes=made.number - first)
        for name, service in (("small", small), ("large", large)):
            began = time.perf_counter()
            service.archive.articles.keep(made.article, made.verdict, now=now)
            service.index.catch_up()
            _found(service, made.article.url)
            took[name].append((time.perf_counter() - began) * 1000)
    middle = {name: statistics.median(times) for name, times in took.items()}
    ratio = middle["large"] / middle["small"]
    print(
        f"keeping an article and making it findable: {middle['small']:.0f} ms at {FEW}, {middle['large']:.0f} ms here; ratio {ratio:.2f}"
    )


def _found(service: Service, url: str) -> None:
    assert find(service, url, counts=False).total == 1, f"{url} is not found"


def measure(folder: Path, *, articles: int, has_peer: bool) -> None:
    notes, few = filled(folder / "archive", articles), filled(folder / "few", FEW)
    took, rate = notes["seconds"], articles / notes["seconds"]
    print(
        f"{articles} articles, {notes['text'] / 1e6:.0f} MB of text; load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()}"
    )
    print(
        f"indexed in {took:.0f} s ({notes['cpu']:.0f} s of processors; {rate:.0f} a second; peak {notes['memory']:.0f} MB); "
        f"index {notes['index'] / 1e6:.0f} MB, ratio to the text {notes['index'] / notes['text']:.2f}"
    )
    peer = Peer(_make_peer(folder, articles)) if has_peer else None
    asked = Asked()
    with ExitStack() as stack:
        service = stack.enter_context(closing(opened(folder / "archive")))
        _tell_questions(service, asked, peer)
        print(
            f"memory of this process: {_memory('VmRSS'):.0f} MB, of it its own {_memory('RssAnon'):.0f} MB; load {os.getloadavg()[0]:.1f}"
        )
        _tell_keeping(stack.enter_context(closing(opened(folder / "few"))), service)
    assert few["articles"] == FEW


def main() -> None:
    wanted = argparse.ArgumentParser(prog="python -m benchmarks.search", description="Search at any size, beside FTS5.")
    wanted.add_argument("--articles", type=int, default=ARTICLES)
    wanted.add_argument("--folder", type=Path, help="used again when it was filled before")
    wanted.add_argument("--no-peer", action="store_true", help="leave FTS5 out")
    chosen = wanted.parse_args()
    configure_logging("warning", as_json=False)
    with tempfile.TemporaryDirectory() as temporary:
        measure(chosen.folder or Path(temporary), articles=chosen.articles, has_peer=not chosen.no_peer)


if __name__ == "__main__":
    main()
