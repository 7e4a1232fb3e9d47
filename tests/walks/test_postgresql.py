"""The whole job on PostgreSQL: outlet to digest, two machines on one store, the commands and the service."""

import json
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from alerts.slots import next_slot
from service.assembly import Service
from service.finding import find
from service.runs.alerting import run_alerting
from service.runs.intake import run_intake
from storage.records import DigestState, Outcome, Subscription
from tests.fakes.commands import Serving, entente, start, until
from tests.fakes.house import Clock, a_feed, a_page, a_service, an_outlet, drill
from tests.fakes.outlet_server import OutletServer
from tests.fakes.stores import AStore, Server

#: 05:00 in Berlin.
NIGHT = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
DUE = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
MORNING = Subscription(name="morning", email="reader@example.org", at=time(7, 0), zone="Europe/Berlin")


@pytest.fixture
def database(postgresql: Server) -> Iterator[AStore]:
    with postgresql.archive() as store:
        yield store


@pytest.fixture
def server() -> Iterator[OutletServer]:
    with OutletServer() as running:
        running.answer("/feed", a_feed((running.url("/news/1"), "Joint exercise begins")))
        page = a_page("China and Russia begin joint exercise", *drill(), published="2026-11-21T03:00:00Z")
        running.answer("/news/1", page)
        yield running


@pytest.fixture
def machines(tmp_path: Path, database: AStore, server: OutletServer) -> Iterator[list[Service]]:
    """Two services, each with a data folder of its own, on one store."""
    with ExitStack() as stack:
        outlet = an_outlet(server.host, "/feed")
        yield [
            stack.enter_context(
                a_service(
                    tmp_path / name, press=[outlet], clock=Clock(NIGHT), hosts=[server.host], database_url=database.url
                )
            )
            for name in ("one", "two")
        ]


def test_what_one_machine_keeps_the_other_finds_and_one_of_them_tells(machines: list[Service]) -> None:
    one, other = machines
    one.archive.subscriptions.add(
        replace(MORNING, since=NIGHT - timedelta(days=1), next_due=next_slot(MORNING, after=NIGHT))
    )
    with one.web_fetcher() as fetcher:
        [visit] = run_intake(one.intake(fetcher), one.outlets)
    assert (visit.outcome, visit.new) == (Outcome.OK, 1)

    assert other.index.catch_up() == 1
    [hit] = find(other, "topic:china-russia exercises", limit=9).hits
    assert hit.kept.article.title == "China and Russia begin joint exercise"

    for machine in machines:
        machine.clock.now = DUE + timedelta(seconds=20)  # type: ignore[attr-defined]
    with ThreadPoolExecutor(len(machines)) as pool:
        sent = [record for told in pool.map(lambda each: run_alerting(each.alerting()), machines) for record in told]
    assert [(record.state, record.digest.told) for record in sent] == [(DigestState.SENT, ((hit.kept.id, 1),))]
    assert len(list(machines[0].settings.data_dir.parent.rglob("*.eml"))) == 1


def test_two_processes_that_send_at_once_send_once(tmp_path: Path, database: AStore) -> None:
    def command(*words: object) -> None:
        assert entente(*words, folder=tmp_path, database_url=database.url).code == 0

    today = datetime.now(UTC).isoformat()
    texts = [
        {"url": f"https://post.test/{n}", "outlet": "post", "language": "en", "title": f"Joint exercise {n}"}
        | {"text": "\n".join(drill(n)), "published": today}
        for n in range(3)
    ]
    (tmp_path / "texts.jsonl").write_text("\n".join(map(json.dumps, texts)), encoding="utf-8")
    command("subscription", "add", "--name", "morning", "--email", "a@example.org", "--at", "07:00", "--zone", "UTC")
    command("import", tmp_path / "texts.jsonl")
    both = [start("digest", "send", "morning", folder=tmp_path, database_url=database.url) for _ in range(2)]
    for process in both:
        process.communicate(timeout=120)
    assert database.tell("SELECT count(*), count(DISTINCT article_id) FROM ledger") == [(3, 3)]
    told = database.tell("SELECT json_array_length(told) FROM digest WHERE json_array_length(told) > 0")
    assert told == [(3,)]


def test_a_commands_archive_is_where_the_setting_says(tmp_path: Path, database: AStore) -> None:
    (tmp_path / "note.txt").write_text("两国海军举行联合军演。 Начались совместные учения.", encoding="utf-8")
    assert entente("import", tmp_path / "note.txt", folder=tmp_path, database_url=database.url).code == 0
    for query in ("军演", "учение"):
        found = entente("search", query, "--json", folder=tmp_path, database_url=database.url).document
        assert found["total"] >= 1, query
    findings = entente("doctor", "--json", folder=tmp_path, database_url=database.url).document["findings"]
    assert [finding for finding in findings if finding["state"] == "bad"] == []
    assert not (tmp_path / "data" / "entente.db").exists()


def test_a_standby_can_be_searched_and_refuses_what_writes(tmp_path: Path, database: AStore) -> None:
    (tmp_path / "note.txt").write_text("Two navies began a joint patrol.", encoding="utf-8")
    (tmp_path / "late.txt").write_text("Two navies ended a joint patrol.", encoding="utf-8")
    assert entente("import", tmp_path / "note.txt", folder=tmp_path, database_url=database.url).code == 0
    standby = f"{database.url}&options=-c default_transaction_read_only=on"
    assert entente("search", "patrols", "--json", folder=tmp_path, database_url=standby).document["total"] >= 1
    told = entente("import", tmp_path / "late.txt", folder=tmp_path, database_url=standby)
    assert told.code != 0
    assert "may only be read there" in told.err
    assert "Traceback" not in told.err
    assert entente("doctor", folder=tmp_path, database_url=standby).code == 0


def test_a_server_that_is_down_stops_a_command_with_its_remedy_and_no_password(tmp_path: Path) -> None:
    told = entente("search", "x", folder=tmp_path, database_url="postgresql://me:hunter2@127.0.0.1:1/entente")
    assert told.code == 2
    assert "postgresql://me@127.0.0.1:1/entente cannot be used: the server cannot be reached" in told.err
    assert "hunter2" not in told.err + told.out
    assert len(told.err.splitlines()) == 1


OUTLET = """
id: harbour
name: The Harbour Gazette
country: CN
languages: [en]
hosts: ["{host}"]
timezone: Asia/Shanghai
patience_minutes: 30
feeds:
  - url: http://{host}/feed
article_url_pattern: '/news/\\d+'
"""


def test_the_service_runs_on_it(tmp_path: Path, database: AStore, server: OutletServer) -> None:
    (tmp_path / "outlets").mkdir()
    (tmp_path / "outlets" / "harbour.yaml").write_text(OUTLET.format(host=server.host), encoding="utf-8")
    settings = {"outlets_dir": tmp_path / "outlets", "only_outlets": "harbour", "allow_hosts": server.host}
    with Serving(tmp_path, database_url=database.url, **settings) as serving:
        until(lambda: "China and Russia begin" in serving.page("/search?q=outlet:harbour"), "the article on the page")
        assert serving.end(signal.SIGTERM) == 0
    assert not any(line.get("level") == "error" for line in serving.log)
    assert database.tell("SELECT count(*) FROM seed_record") == [(5,)]
