"""A fetch cycle in which nothing is new: 200 outlets answer 304, and what the walk costs beside a bare httpx loop.

Run it with `python -m benchmarks.fetch_cycle`. Each outlet is a host of its own (127.0.1.1, 127.0.1.2 and so on, each
with its own port, as Linux allows), so each has its own connection, robots rules and turn. Both sides make the same
requests from one thread, over new connections as after half an hour's rest; the outlets live in another process, so only
our own CPU time is counted. Robots rules were read in the round before, as in any cycle but the first of a day.
"""

import asyncio
import logging
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import structlog

from scrapers.classifying.loading import load_rules
from scrapers.fetching.web import WebFetcher
from service.assembly import system_clock
from service.runs.intake import Intake, run_intake
from storage.archive.archive import open_archive
from storage.records import EntryPoint, Outcome, Outlet, PointKind, PointState

OUTLETS = 200
ROUNDS = 7
ALLOWED_RATIO = 2.0

ETAG = '"a-list-of-news"'
_COMMON = "Date: Tue, 05 Mar 2024 06:00:00 GMT\r\nServer: outlet\r\nCache-Control: max-age=300\r\n"
_UNCHANGED = f"HTTP/1.1 304 Not Modified\r\n{_COMMON}ETag: {ETAG}\r\n\r\n".encode()
_RULES = b"User-agent: *\nDisallow: /private/\nDisallow: /search\nCrawl-delay: 0\n"
_ROBOTS = f"HTTP/1.1 200 OK\r\n{_COMMON}Content-Length: {len(_RULES)}\r\n\r\n".encode() + _RULES


async def _outlet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(asyncio.IncompleteReadError, ConnectionError):
        while request := await reader.readuntil(b"\r\n\r\n"):
            writer.write(_ROBOTS if request.startswith(b"GET /robots.txt ") else _UNCHANGED)
            await writer.drain()
    writer.close()


async def _serve(pipe: Connection) -> None:
    servers = [await asyncio.start_server(_outlet, f"127.0.1.{n}", 0) for n in range(1, OUTLETS + 1)]
    places = [server.sockets[0].getsockname() for server in servers]
    pipe.send([f"http://{host}:{port}/feed.xml" for host, port in places])
    await asyncio.Event().wait()


def _play_outlets(pipe: Connection) -> None:
    asyncio.run(_serve(pipe))


def _cpu_seconds(cycle: Callable[[], None]) -> float:
    began = time.process_time()
    cycle()
    return time.process_time() - began


def _outlets(urls: Sequence[str]) -> list[Outlet]:
    return [
        Outlet(
            key=f"outlet-{number}",
            name=f"Outlet {number}",
            hosts=(urlsplit(url).netloc,),
            entry_points=(EntryPoint(url=url, kind=PointKind.FEED),),
            delay=timedelta(0),
        )
        for number, url in enumerate(urls)
    ]


def measure(urls: Sequence[str]) -> tuple[float, float, float]:
    """CPU seconds of one cycle over `urls`: the whole intake walk, our fetching alone, and the peer; medians of rounds in turn."""
    hosts = [httpx.URL(url).host for url in urls]
    outlets = _outlets(urls)
    with ExitStack() as stack:
        web = stack.enter_context(WebFetcher(contact="bench@example.org", allow_hosts=hosts))
        peer = stack.enter_context(httpx.Client())
        archive = stack.enter_context(
            open_archive(Path(stack.enter_context(tempfile.TemporaryDirectory())) / "entente.db")
        )
        now = system_clock()
        known = [PointState(outlet=o.key, url=o.entry_points[0].url, due=now, etag=ETAG) for o in outlets]
        archive.visits.record([], known)
        intake = Intake(archive=archive, fetcher=web, rules=load_rules(), clock=system_clock, workers=1)

        def walk() -> None:
            visits = run_intake(intake, outlets, only_due=False)
            assert [visit.outcome for visit in visits] == [Outcome.UNCHANGED] * len(outlets)

        def fetching() -> None:
            for url in urls:
                assert web.fetch(url, etag=ETAG, delay=timedelta(0)) is None

        def theirs() -> None:
            for url in urls:
                assert peer.get(url, headers={"If-None-Match": ETAG}).status_code == 304

        cycles = (walk, fetching, theirs)
        for cycle in cycles:
            cycle()
        rounds = [[_cpu_seconds(cycle) for cycle in cycles] for _ in range(ROUNDS)]
    walked, fetched, peered = (statistics.median(column) for column in zip(*rounds, strict=True))
    return walked, fetched, peered


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    here, there = multiprocessing.Pipe()
    servers = multiprocessing.get_context("spawn").Process(target=_play_outlets, args=(there,), daemon=True)
    servers.start()
    try:
        walked, fetched, theirs = measure(here.recv())
    finally:
        servers.terminate()
        servers.join()
    print(
        f"fetch cycle, {OUTLETS} outlets, all 304, CPU: whole intake walk {walked * 1000:.0f} ms, our fetching alone "
        f"{fetched * 1000:.0f} ms, bare httpx {httpx.__version__} loop with the same requests {theirs * 1000:.0f} ms; "
        f"ratio {walked / theirs:.2f} (at most {ALLOWED_RATIO:g}), fetching alone {fetched / theirs:.2f}"
    )


if __name__ == "__main__":
    main()
