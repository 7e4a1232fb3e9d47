"""An archive with a bit of everything, of our own writing, and its pages answered by a real server on loopback."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvicorn

from service.assembly import Service
from service.runs.alerting import send_now
from service.runs.keeping import keep
from service.runs.seeding import run_seeding
from service.serving import listen
from service.web.app import create_app
from storage.records import Outcome, PointState, Published, Strength, Subscription, Visit
from tests.fakes.house import an_outlet
from tests.fakes.texts import a_verdict, an_article

#: Whom the service visits, and one it does not.
PRESS = (
    an_outlet("127.0.0.1:9", "/harbour.xml", key="harbour"),
    an_outlet("127.0.0.1:9", "/haifeng.xml", key="haifeng"),
    an_outlet("127.0.0.1:9", "/vestnik.xml", key="vestnik"),
    an_outlet("127.0.0.1:9", "/echo.xml", key="echo"),
    replace(an_outlet("127.0.0.1:9", "/wall.xml", key="wall"), enabled=False, access="blocked"),
)
#: The moment the pages are read.
NOW = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
MORNING = Subscription(name="morning", email="reader@example.org", zone="Europe/Berlin", since=NOW - timedelta(days=9))

PATROL_TEXT = (
    "Chinese and Russian bombers flew a joint patrol over the Sea of Japan on Friday. Tea was served on landing.\n\n"
    "Nobody was surprised.\n"
    "The Chinese and Russian navies plan a joint exercise in spring, a spokesman of the defence ministry said."
)
EXERCISE_TEXT = "中俄两国海军联合军演在青岛附近海域举行，双方派出十余艘舰艇。\n国防部发言人介绍，此次联合演习为期五天，不针对第三方。"
DRILL_TEXT = (
    "Военно-морские силы России и Китая начали совместные учения в Японском море.\n"
    "Министерство обороны сообщило, что учения продлятся неделю."
)
#: An imported id may hold anything; a title may hold markup, be far too long, and turn the writing round.
ODD_ID = "box 7/a?b#c%41&d"
HOSTILE_TITLE = "<script>alert(1)</script> \u202eneila " + "Unbreakable" * 180 + " " + "word " * 20
BY_HAND = "</title><img src=https://tracker.example/x.png onerror=alert(1)>"


def fill(service: Service) -> None:
    """News of three languages, a revision, a reprint, a mention, a near miss, a hostile import, the seeds, visits, a digest."""
    run_seeding(service.archive, service.rules, Path("no-such-folder"), now=NOW - timedelta(days=3))
    yesterday, today = NOW - timedelta(hours=30), NOW - timedelta(hours=3)
    news(service, "patrol", "Bombers of two air forces meet over the sea", "Weather was fine.", at=yesterday)
    news(service, "patrol", "Chinese and Russian bombers fly joint patrol", PATROL_TEXT, at=today)
    news(
        service,
        "patrol-copy",
        "China, Russia fly joint patrol",
        PATROL_TEXT,
        at=yesterday,
        outlet="echo",
        origin="harbour",
    )
    news(service, "exercise", "中俄海军举行联合军演", EXERCISE_TEXT, at=today, outlet="haifeng", language="zh")
    news(
        service,
        "drill",
        "Флоты России и Китая начали учения",
        DRILL_TEXT,
        at=yesterday,
        outlet="vestnik",
        language="ru",
    )
    news(
        service,
        "tea",
        "Tea exports grow",
        "Tea exports from the coast grew again. No exercise was needed.",
        at=yesterday,
    )
    hostile(service)
    visits(service)
    service.index.catch_up()
    service.archive.subscriptions.add(MORNING)
    service.archive.subscriptions.add(
        Subscription(name="ШОС <b>", email="b@example.org", query="topic:sco", paused=True)
    )
    send_now(service.alerting(), MORNING)


def news(
    service: Service, id: str, title: str, text: str, *, at: datetime, outlet: str = "harbour", **over: str
) -> None:
    """An article comes in at `at`, published an hour before on a clock eight hours east."""
    published = Published(at=at - timedelta(hours=1), offset_minutes=480)
    article = an_article(canonical_id=id, outlet=outlet, title=title, text=text, published=published, **over)
    keep(service.archive, service.rules, article, now=at, id=id)


def hostile(service: Service) -> None:
    article = an_article(
        canonical_id=ODD_ID,
        outlet="x\"><b onclick='",
        url="javascript:alert(document.domain)",
        title=HOSTILE_TITLE,
        text="<img src=x onerror=alert(1)> & joint patrol\u202e\n" + "x" * 5_000,
        byline=BY_HAND,
        origin="file:///etc/passwd",
        language='"><i>',
        published=None,
    )
    verdict = a_verdict(strength={"china-russia": Strength.MENTION, "to<b>pic": Strength.TIE}, activities=("a<b>c",))
    service.archive.articles.keep(article, verdict, now=NOW - timedelta(hours=50), id=ODD_ID)


def visits(service: Service) -> None:
    """One outlet answers, one fails with a long and hostile reason, one refuses; the rest were never visited."""
    outcomes = (Outcome.OK, Outcome.FAILED, Outcome.BLOCKED)
    for outlet, outcome in zip(service.outlets, outcomes, strict=False):
        url = outlet.entry_points[0].url
        why = "" if outcome is Outcome.OK else f"{url} answered <b>500</b>, " + "which is no page " * 60
        at = NOW - timedelta(minutes=42)
        visit = Visit(outlet=outlet.key, url=url, outcome=outcome, at=at, entries=17, new=3, why=why)
        state = PointState(outlet=outlet.key, url=url, due=NOW, newest=NOW - timedelta(hours=5))
        service.archive.visits.record([visit], [state])


@contextmanager
def pages_of(service: Service) -> Iterator[str]:
    """The address at which the pages of `service` are answered while the block lasts."""
    listening = listen("127.0.0.1", 0)
    listening.listen()  # whoever knocks before the server is ready waits
    config = uvicorn.Config(create_app(service), log_config=None, access_log=False, lifespan="off", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listening.close()
