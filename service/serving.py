"""The service itself: the clock, the two walks and the web pages in one process, until it is told to stop."""

import signal
import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import FrameType

import structlog
import uvicorn

from service.assembly import Service
from service.errors import Unusable
from service.runs.alerting import run_alerting
from service.runs.intake import Intake, run_intake
from service.runs.revisiting import run_revisits
from service.runs.seeding import run_seeding
from service.schedule import Schedule
from service.web.app import create_app
from storage.records import Visit

log = structlog.get_logger("service")

#: How often due times are looked at; what is due stands on rows.
INTAKE_BEAT, ALERTING_BEAT, INDEX_BEAT = timedelta(minutes=1), timedelta(seconds=20), timedelta(seconds=5)
STORIES_BEAT = timedelta(seconds=30)
#: Articles placed among the stories from one line of the log to the next.
TOLD_EVERY = 10_000
REVISITS_BEAT, BACKUP_BEAT = timedelta(minutes=5), timedelta(minutes=5)


def serve(service: Service, *, ready: Callable[[str], None] = lambda url: None) -> None:
    """Run until SIGTERM or SIGINT. The seed archive is searchable and the web answers before the first outlet is visited."""
    listening = listen(service.settings.host, service.settings.port)
    run_seeding(service.archive, service.rules, service.settings.seed_dir, now=service.clock())
    service.catch_up()
    schedule = Schedule()
    with service.web_fetcher() as fetcher:
        intake, revisiting, alerting = service.intake(fetcher), service.revisiting(fetcher), service.alerting()
        schedule.every(INDEX_BEAT, "index", service.catch_up)
        schedule.every(STORIES_BEAT, "stories", lambda: service.place(told=_tell_placed))
        schedule.every(ALERTING_BEAT, "alerting", lambda: run_alerting(alerting))
        schedule.every(INTAKE_BEAT, "intake", lambda: visit_outlets(service, intake))
        schedule.every(
            REVISITS_BEAT, "revisits", lambda: run_revisits(replace(revisiting, rules=service.rules), service.outlets)
        )
        schedule.every(BACKUP_BEAT, "backup", service.nightly.run)
        server = _web_server(service)
        _stop_on_signals(service, server)
        schedule.start()
        log.info("serving", url=service.settings.page_url, outlets=len(service.outlets))
        ready(service.settings.page_url)
        try:
            server.run(sockets=[listening])
        finally:
            log.info("stopping")
            service.stop.set()
            schedule.stop()
    log.info("stopped")


def visit_outlets(service: Service, intake: Intake) -> list[Visit]:
    """One intake run, by the operator's topic files as they stand now; where these cannot be used, by those that stood before."""
    return run_intake(replace(intake, rules=service.read_rules.renewed()), service.outlets)


def _tell_placed(done: int) -> None:
    """After an upgrade that takes long, a line now and then."""
    if done % TOLD_EVERY == 0:
        log.info("finding stories", articles=done)


def _stop_on_signals(service: Service, server: uvicorn.Server) -> None:
    """While the web server runs it catches signals itself, and hands them on when it has ended; before, they come to us."""

    def stop(number: int, frame: FrameType | None) -> None:
        service.stop.set()
        server.handle_exit(number, frame)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)


def show_until_stopped(service: Service, listening: socket.socket, *, ready: Callable[[str], None]) -> None:
    """Only the web pages, on an archive that stands still: what the demo leaves open."""
    server = _web_server(service)
    _stop_on_signals(service, server)
    ready(service.settings.page_url)
    server.run(sockets=[listening])


def _web_server(service: Service) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(create_app(service), log_config=None, access_log=False, lifespan="off", server_header=False)
    )


def listen(host: str, port: int) -> socket.socket:
    """A socket that takes calls at the address of the web pages; they wait until the pages are there.

    Raises Unusable when it cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named TCP, so that asyncio knows to send small answers at once instead of 40 ms later (TCP_NODELAY).
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen()
    except OSError as why:
        listening.close()
        raise Unusable(
            f"ENTENTE_BIND is {host}:{port}, which cannot be had ({why.strerror or why}): "
            "stop what listens there, or choose another port."
        ) from why
    return listening
