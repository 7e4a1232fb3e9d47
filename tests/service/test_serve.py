"""`entente serve` in a process of its own, with signals, a second process beside it, and outlets on loopback."""

import json
import re
import signal
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from storage.archive.archive import open_archive
from storage.records import Subscription
from tests.fakes.commands import Serving, entente, until
from tests.fakes.house import a_feed, a_page, drill
from tests.fakes.outlet_server import OutletServer

OUTLET = """
id: {key}
name: The {key} gazette
country: CN
languages: [en]
hosts: ["{host}"]
timezone: Asia/Shanghai
patience_minutes: 30
feeds:
  - url: http://{host}/{key}.xml
article_url_pattern: '/{key}/\\d+'
"""


@pytest.fixture
def server() -> Iterator[OutletServer]:
    with OutletServer() as running:
        yield running


class House:
    """A data folder, two outlets on loopback, and a service to be started on it as often as one likes."""

    def __init__(self, folder: Path, server: OutletServer) -> None:
        self.folder = folder
        self._server = server
        (folder / "outlets").mkdir()
        for key in ("harbour", "lighthouse"):
            (folder / "outlets" / f"{key}.yaml").write_text(OUTLET.format(key=key, host=server.host), encoding="utf-8")
            server.answer(f"/{key}/1", a_page(f"China and Russia begin the {key} exercise", *drill()))
        #: What the harbour's feed lists; each test says how it is answered.
        self.feed = a_feed((server.url("/harbour/1"), "Exercise begins"))
        server.answer("/lighthouse.xml", a_feed((server.url("/lighthouse/1"), "Exercise begins")))

    def settings(self, *outlets: str) -> dict[str, object]:
        return {
            "outlets_dir": self.folder / "outlets",
            "only_outlets": ",".join(outlets or ("harbour",)),
            "allow_hosts": self._server.host,
        }

    def serving(self, *outlets: str) -> Serving:
        return Serving(self.folder, **self.settings(*outlets))

    def command(self, *words: object) -> Any:
        told = entente(*words, "--json", folder=self.folder, **self.settings())
        assert told.code == 0, told
        return told.document

    def subscribe(self, name: str) -> None:
        """A subscription whose slot is now."""
        now = datetime.now(UTC)
        with open_archive(self.folder / "data" / "entente.db") as archive:
            archive.subscriptions.add(
                replace(Subscription(name=name, email="reader@example.org"), next_due=now, since=now.replace(year=2000))
            )

    @property
    def mails(self) -> list[Path]:
        return sorted((self.folder / "data" / "outbox").glob("*.eml"))


@pytest.fixture
def house(tmp_path: Path, server: OutletServer) -> House:
    return House(tmp_path, server)


def found(serving: Serving, query: str) -> int:
    """How many articles the search page links to."""
    return len(set(re.findall(r"/articles/([\w.:-]+)", serving.page(f"/search?q={query}"))))


def test_the_seeds_are_there_before_any_outlet_answers_then_comes_the_news_and_a_stop_is_clean(
    house: House, server: OutletServer
) -> None:
    may_answer = threading.Event()

    def feed() -> Iterator[bytes]:
        may_answer.wait(30)
        yield house.feed

    server.answer("/harbour.xml", feed())
    with house.serving() as serving:
        until(lambda: serving.page("/healthz"), "a page")
        assert json.loads(serving.page("/readyz")) == {"status": "ready", "articles": 5}
        assert found(serving, "seed:yes") == 5
        may_answer.set()
        until(lambda: found(serving, "harbour") == 1, "the news")
        assert "harbour exercise" in re.sub(r"<[^>]+>", "", serving.page("/"))
        assert serving.end(signal.SIGTERM) == 0
    events = [line["event"] for line in serving.log]
    assert events[0] == "seed archive"
    assert "visited" in events
    assert events[-1] == "stopped"


def test_a_kill_loses_nothing_and_a_restart_visits_nobody_before_it_is_due(house: House, server: OutletServer) -> None:
    server.answer("/harbour.xml", house.feed)
    with house.serving() as serving:
        until(lambda: serving.has_said("visited"), "the visit written down")
        until(lambda: found(serving, "harbour") == 1, "the news")
        assert serving.end(signal.SIGKILL) == -signal.SIGKILL
    asked = server.paths().count("/harbour.xml")
    with house.serving("harbour", "lighthouse") as serving:
        # The lighthouse is visited in the first round after the start: by then that round has passed the harbour by.
        until(lambda: found(serving, "lighthouse") == 1, "the other outlet's news")
        assert found(serving, "harbour") == 1
        assert json.loads(serving.page("/readyz"))["articles"] == 7
        assert serving.end(signal.SIGINT) == 0
    assert server.paths().count("/harbour.xml") == asked == 1
    assert server.paths().count("/harbour/1") == 1


def test_commands_work_beside_the_service(house: House, server: OutletServer) -> None:
    server.answer("/harbour.xml", house.feed)
    note = house.folder / "note.txt"
    note.write_text("A note on the harbour\n" + "\n".join(drill(9)), encoding="utf-8")
    with house.serving() as serving:
        until(lambda: found(serving, "harbour") == 1, "the news")
        assert house.command("search", "title:harbour")["total"] == 1
        assert house.command("import", note)["added"] == 1
        house.command("subscription", "add", "--name", "desk", "--email", "desk@example.org")
        until(lambda: found(serving, "title:note") == 1, "what was imported")
        assert "desk" in serving.page("/subscriptions")
        assert house.command("digest", "send", "desk")["digests"][0]["state"] == "sent"
        assert len(house.mails) == 1
        assert serving.end(signal.SIGTERM) == 0


def test_a_digest_due_goes_out_once_however_often_the_service_starts(house: House, server: OutletServer) -> None:
    server.answer("/harbour.xml", house.feed)
    house.command("fetch", "harbour")
    house.subscribe("desk")
    for _ in range(2):
        with house.serving() as serving:
            until(lambda: house.mails, "the mail")
            until(lambda: "desk" in serving.page("/digests"), "the digest on the web")
            assert serving.end(signal.SIGTERM) == 0
    assert len(house.mails) == 1
    [digest] = house.command("digest", "list")["digests"]
    assert (digest["subscription"], digest["state"], len(digest["items"])) == ("desk", "sent", 1)


def test_a_taken_port_is_told_and_nothing_starts(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        address = f"127.0.0.1:{other.getsockname()[1]}"
        told = entente("serve", folder=tmp_path, bind=address)
    assert told.code == 2
    assert f"ENTENTE_BIND is {address}, which cannot be had" in told.err
    assert "choose another port" in told.err


def test_wrong_settings_stop_the_start_with_all_complaints_at_once(tmp_path: Path) -> None:
    told = entente("serve", folder=tmp_path, bind="8000", contact="nobody", worker="3", smtp_url="http://mail.example")
    assert told.code == 2
    assert told.out == ""
    for complaint in ("ENTENTE_BIND", "ENTENTE_CONTACT", "did you mean ENTENTE_WORKERS?", "ENTENTE_SMTP_URL"):
        assert complaint in told.err
    assert not (tmp_path / "data").exists(), "nothing was begun"
