"""A fetch cycle in which nothing is new: 200 outlets answer 304, and what that costs us beside a bare httpx loop.

Run it with `python -m benchmarks.fetch_cycle`. Each outlet is a host of its own (127.0.1.1, 127.0.1.2 and so on, each
with its own port, as Linux allows), so each has its own connection, robots rules and turn. Both sides make the same
requests from one thread, over new connections as after half an hour's rest; the outlets live in another process, so only
our own CPU time is counted. Robots rules were read in the round before, as in any cycle but the first of a day.
"""

import asyncio
import multiprocessing
import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from multiprocessing.connection import Connection

import httpx

from scrapers.fetching.web import WebFetcher

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


def measure(urls: Sequence[str]) -> tuple[float, float]:
    """CPU seconds of one cycle over `urls`, by us and by the peer: the medians of rounds taken in turn."""
    hosts = [httpx.URL(url).host for url in urls]
    no_delay = timedelta(0)
    with WebFetcher(contact="bench@example.org", allow_hosts=hosts) as web, httpx.Client() as peer:

        def ours() -> None:
            for url in urls:
                assert web.fetch(url, etag=ETAG, delay=no_delay) is None

        def theirs() -> None:
            for url in urls:
                assert peer.get(url, headers={"If-None-Match": ETAG}).status_code == 304

        ours()
        theirs()
        rounds = [(_cpu_seconds(ours), _cpu_seconds(theirs)) for _ in range(ROUNDS)]
    return statistics.median(mine for mine, _ in rounds), statistics.median(other for _, other in rounds)


def main() -> None:
    here, there = multiprocessing.Pipe()
    outlets = multiprocessing.get_context("spawn").Process(target=_play_outlets, args=(there,), daemon=True)
    outlets.start()
    try:
        ours, theirs = measure(here.recv())
    finally:
        outlets.terminate()
        outlets.join()
    ratio = ours / theirs
    print(
        f"fetch cycle: {OUTLETS} outlets, all 304: {ours * 1000:.0f} ms of CPU; "
        f"bare httpx {httpx.__version__} loop, same requests: {theirs * 1000:.0f} ms; "
        f"ratio {ratio:.2f} (at most {ALLOWED_RATIO:g})"
    )


if __name__ == "__main__":
    main()
