"""The whole service in a test's own folder: real archive, real index, real rules; outlets and clock are the test's."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import service.assembly
from service.assembly import Service, assemble
from service.settings import read_settings
from storage.records import EntryPoint, Outlet, PointKind


class Clock:
    """The time of day, moved by the test alone."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@contextmanager
def a_service(
    folder: Path,
    *,
    press: Sequence[Outlet] = (),
    clock: Callable[[], datetime] | None = None,
    hosts: Collection[str] = (),
    **settings: str,
) -> Iterator[Service]:
    """A service on `folder`; `settings` are ENTENTE_ settings in lower case without their prefix."""
    chosen = {f"ENTENTE_{name.upper()}": value for name, value in settings.items()}
    read = read_settings({"ENTENTE_DATA_DIR": str(folder), "ENTENTE_ALLOW_HOSTS": ",".join(hosts), **chosen})
    built = assemble(read, clock=clock or service.assembly.system_clock, press=press)
    try:
        yield built
    finally:
        built.close()


def an_outlet(host: str, *paths: str, key: str = "harbour", kind: PointKind = PointKind.FEED) -> Outlet:
    """An outlet on loopback whose entry points are `paths`; any page under /news/ is an article. No waiting."""
    return Outlet(
        key=key,
        name=f"The {key.title()} Gazette",
        country="CN",
        languages=("en",),
        hosts=(host,),
        timezone="Asia/Shanghai",
        entry_points=tuple(EntryPoint(url=f"http://{host}{path}", kind=kind) for path in paths),
        article_url_pattern=r"/news/",
        patience=timedelta(minutes=30),
        delay=timedelta(0),
    )


def a_feed(*items: tuple[str, str], ttl: str = "") -> bytes:
    """RSS 2.0 with (link, title) items."""
    lines = "".join(f"<item><title>{title}</title><link>{link}</link></item>" for link, title in items)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{ttl}{lines}</channel></rss>'.encode()


def a_page(title: str, *paragraphs: str, published: str = "") -> bytes:
    """An article page with some furniture around it."""
    meta = f'<meta property="article:published_time" content="{published}">' if published else ""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>{title}</title>{meta}</head><body>"
        f"<nav><a href='/'>Home</a> <a href='/about'>About us</a></nav><article><h1>{title}</h1>{text}</article>"
        "<footer>All rights reserved by the gazette.</footer></body></html>"
    ).encode()


@cache
def drill(number: int = 1) -> tuple[str, ...]:
    """Paragraphs of our own about a joint exercise, different for each number."""
    return (
        f"Chinese and Russian warships began joint exercise number {number} in the Sea of Japan on Monday, the defence "
        "ministries of both countries said, with destroyers, a submarine and aircraft taking part for a whole week.",
        f"The navies of China and Russia will train air defence and rescue together, the commander of group {number} told "
        "reporters on board; the drill is not aimed at any third party, a spokesman of the Chinese defence ministry added.",
    )
