"""A backup is taken while the archive is written to, and makes the same archive again: whole, or not at all."""

import hashlib
import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from service.errors import Unusable
from service.exchange.lines import written
from service.exchange.packing import MANIFEST, SNAPSHOT
from service.runs.backing_up import run_backup
from service.runs.restoring import run_restore
from service.settings import Settings, read_settings
from storage.archive.archive import open_archive
from storage.records import Subscription
from tests.fakes.commands import ROOT, entente, environment
from tests.fakes.stores import Server, Shelf
from tests.fakes.texts import NOON, a_verdict, an_article, no_verdict

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)


@pytest.fixture
def place(tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[str, str], Settings]:
    """Settings of an Entente in a folder of its own, on either kind of store; nothing is there yet."""

    def new(name: str, kind: str = "sqlite") -> Settings:
        chosen = {"ENTENTE_DATA_DIR": str(tmp_path / name)}
        if kind == "postgresql":
            server: Server = request.getfixturevalue("postgresql")
            database = server.database()
            chosen["ENTENTE_DATABASE_URL"] = database.__enter__().url
            request.addfinalizer(lambda: database.__exit__(None, None, None))
        return read_settings(chosen)

    return new


def stock(settings: Settings, articles: int = 3) -> None:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with open_archive(settings.database) as archive:
        archive.subscriptions.add(Subscription(name="desk", email="desk@example.org", next_due=NOON))
        for number in range(articles):
            archive.articles.keep(an_article(canonical_id=str(number)), a_verdict(), now=NOON)
        archive.articles.keep(an_article(canonical_id="0", text="Он изменён, 改了."), no_verdict(), now=NOW)


def told(settings: Settings) -> list[bytes]:
    """All that is remembered of articles; and who subscribed."""
    with open_archive(settings.database) as archive:
        names = [one.name.encode() for one in archive.subscriptions.list()]
        return [*(written(one) for one in archive.histories.all()), *names]


@pytest.fixture
def backup(place: Callable[..., Settings], tmp_path: Path) -> Path:
    """A good backup of a small archive."""
    settings = place("first")
    stock(settings)
    run_backup(settings, tmp_path / "good.zip", now=NOW)
    return tmp_path / "good.zip"


# ------------------------------------------------------------------ there and back


@pytest.mark.parametrize("source", ["sqlite", "postgresql"])
@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
def test_a_backup_makes_the_same_archive_in_either_store(
    place: Callable[..., Settings], tmp_path: Path, source: str, target: str
) -> None:
    first, second = place("first", source), place("second", target)
    stock(first)
    made = run_backup(first, tmp_path / "all.zip", now=NOW)
    assert (made.store, made.rows["article"], made.rows["revision"]) == (source, 3, 4)
    run_restore(second, tmp_path / "all.zip")
    assert told(second) == told(first)
    with open_archive(first.database) as one, open_archive(second.database) as other:
        assert one.articles.identity() != other.articles.identity(), "no index of the one is taken for the other's"
        assert other.articles.keep(an_article(canonical_id="new"), a_verdict(), now=NOW)[1].change > 3


@pytest.mark.parametrize("source", ["sqlite", "postgresql"])
def test_what_is_written_meanwhile_does_not_tear_it(
    place: Callable[..., Settings], tmp_path: Path, source: str
) -> None:
    first, second = place("first", source), place("second")
    stock(first)
    stop, number = threading.Event(), 0

    def write() -> None:
        nonlocal number
        with open_archive(first.database) as archive:
            while not stop.is_set():
                number += 1
                archive.articles.keep(an_article(canonical_id=f"more-{number}"), a_verdict(), now=NOW)

    def mid_way(_done: int, _total: int) -> None:
        reached = number + 2
        while number < reached:
            stop.wait(0.005)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        run_backup(first, tmp_path / "all.zip", now=NOW, told=mid_way)
    finally:
        stop.set()
        writer.join()
    run_restore(second, tmp_path / "all.zip")
    with open_archive(second.database) as archive:
        faults = [*archive.soundness.store(), *archive.soundness.references(), *archive.soundness.chains()]
        assert (faults, list(archive.soundness.texts())) == ([], [])
        assert 3 <= archive.articles.count() < 3 + number


def test_the_commands_carry_an_archive_to_another_place(tmp_path: Path) -> None:
    (tmp_path / "topics").mkdir()
    mine = tmp_path / "topics" / "mine.yaml"
    mine.write_bytes((ROOT / "docs" / "examples" / "china-pakistan.yaml").read_bytes())
    old, new = tmp_path / "old", tmp_path / "new"
    first = {"folder": old, "topics_dir": tmp_path / "topics", "smtp_url": "smtp+starttls://user:sesame@mail.test:587"}
    entente("subscription", "add", "--name", "desk", "--email", "desk@example.org", **first)
    made = entente("backup", tmp_path / "all.zip", "--json", **first)
    assert (made.code, made.document["articles"]) == (0, 5)
    assert (tmp_path / "all.zip").stat().st_mode & 0o077 == 0, "subscribers' addresses are for the owner alone"
    assert b"sesame" not in zipfile.ZipFile(tmp_path / "all.zip").read(MANIFEST)
    assert entente("verify", tmp_path / "all.zip", folder=new).code == 0
    restored = entente("restore", tmp_path / "all.zip", "--json", folder=new)
    assert restored.code == 0, restored
    assert restored.document["articles"] == 5
    assert (Path(restored.document["own"]) / "topics" / "mine.yaml").read_bytes() == mine.read_bytes()
    assert entente("subscription", "list", "--json", folder=new).document["subscriptions"][0]["name"] == "desk"
    assert entente("search", "seed:yes", "--json", folder=new).document["total"] == 5
    assert entente("verify", "--json", folder=new).document["ok"] is True


# ------------------------------------------------------------------ what is no backup


def repacked(path: Path, change: Callable[[dict[str, Any]], None], **parts: bytes) -> bytes:
    """The same backup with another manifest, and some parts in the place of its own."""
    with zipfile.ZipFile(path) as old:
        manifest = json.loads(old.read(MANIFEST))
        held = {SNAPSHOT: old.read(SNAPSHOT), **parts}
    manifest["parts"] |= {
        name: {"bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()} for name, body in parts.items()
    }
    change(manifest)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        for name, body in (*held.items(), (MANIFEST, json.dumps(manifest).encode())):
            new.writestr(name, body)
    return out.getvalue()


def flipped(path: Path) -> bytes:
    body = bytearray(path.read_bytes())
    body[len(body) // 3] ^= 0xFF
    return bytes(body)


def no_zip(_path: Path) -> bytes:
    return b"hello"


def a_zip(_path: Path) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        new.writestr("holiday.txt", b"photos")
    return out.getvalue()


BAD = [
    pytest.param(no_zip, "is no backup of Entente", id="a file of another kind"),
    pytest.param(a_zip, "without its manifest", id="a zip archive of another kind"),
    pytest.param(lambda path: path.read_bytes()[:-200], "was cut short", id="one cut short at the end"),
    pytest.param(lambda path: path.read_bytes()[:3000], "was cut short", id="one cut short in the middle"),
    pytest.param(flipped, "is damaged", id="one with a flipped bit"),
    pytest.param(lambda path: repacked(path, lambda m: m["parts"].clear()), "holds no archive", id="an empty one"),
    pytest.param(
        lambda path: repacked(path, lambda m: m.update(entente_backup=2)), "newer Entente", id="one of a newer form"
    ),
    pytest.param(
        lambda path: repacked(path, lambda m: m.update(shape="0001")), "other rows than its manifest", id="a wrong shape"
    ),
    pytest.param(
        lambda path: repacked(path, lambda m: m["rows"].update(article=7)), "other rows than", id="rows that are missing"
    ),
    pytest.param(
        lambda path: repacked(path, lambda m: None, **{"own/topics/../../../../evil.yaml": b"x"}), "must not have",
        id="one that would write elsewhere",
    ),
    pytest.param(
        lambda path: repacked(path, lambda m: None, **{SNAPSHOT: b"SQLite format 3\0" + b"x" * 500}), "no sound archive",
        id="one whose archive is rubbish",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("harm", "why"), BAD)
def test_what_is_no_good_backup_is_refused_and_nothing_is_made(
    tmp_path: Path, backup: Path, harm: Callable[[Path], bytes], why: str
) -> None:
    bad = tmp_path / "bad.zip"
    bad.write_bytes(harm(backup))
    told = entente("restore", bad, folder=tmp_path / "new")
    assert (told.code, told.out) == (2, "")
    assert why in told.err
    assert str(bad) in told.err
    assert not [path for path in (tmp_path / "new" / "data").rglob("*") if path.is_file()]


def test_a_backup_of_a_newer_shape_names_the_way(tmp_path: Path, backup: Path) -> None:
    snapshot = tmp_path / "snapshot.db"
    snapshot.write_bytes(zipfile.ZipFile(backup).read(SNAPSHOT))
    with sqlite3.connect(snapshot) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    newer = repacked(backup, lambda m: m.update(shape="9999", version="9.0"), **{SNAPSHOT: snapshot.read_bytes()})
    (tmp_path / "newer.zip").write_bytes(newer)
    told = entente("restore", tmp_path / "newer.zip", folder=tmp_path / "new")
    assert told.code == 2
    assert "newer Entente (9.0; its archive has the shape 9999): restore it with that version" in told.err


# ------------------------------------------------------------------ places that are taken, full or forbidden


@pytest.mark.parametrize("left", ["entente.db", "entente.db-wal"])
def test_no_archive_is_restored_over_another(tmp_path: Path, backup: Path, left: str) -> None:
    data = tmp_path / "new" / "data"
    data.mkdir(parents=True)
    (data / left).write_bytes(b"precious")
    told = entente("restore", backup, folder=tmp_path / "new")
    assert told.code == 2
    assert "move" in told.err
    assert "ENTENTE_DATA_DIR" in told.err
    assert (data / left).read_bytes() == b"precious"
    assert [path.name for path in data.iterdir()] == [left]


def test_no_archive_on_a_server_is_restored_over(place: Callable[..., Settings], backup: Path) -> None:
    taken = place("taken", "postgresql")
    stock(taken, articles=1)
    before = told(taken)
    with pytest.raises(Unusable, match="CREATE DATABASE"):
        run_restore(taken, backup)
    assert told(taken) == before


@pytest.mark.parametrize(
    ("file", "why"),
    [
        pytest.param("good.zip", "is there already, and is left alone", id="a file that is there"),
        pytest.param("none/new.zip", "cannot be written", id="a folder that is not"),
        pytest.param("/proc/new.zip", "cannot be written", id="a folder nobody may write to"),
    ],
)
def test_a_backup_that_cannot_be_written_says_why(tmp_path: Path, backup: Path, file: str, why: str) -> None:
    before = backup.read_bytes()
    entente("search", "seed:yes", folder=tmp_path)
    told = entente("backup", tmp_path / file, folder=tmp_path)
    assert (told.code, told.out) == (2, "")
    assert why in told.err
    assert backup.read_bytes() == before


def test_a_place_nobody_may_write_to_takes_no_archive(backup: Path) -> None:
    told = entente("restore", backup, folder=Path("/proc/new"))
    assert (told.code, told.out) == (2, "")
    assert "/proc/new/data cannot be written" in told.err
    assert "No archive was made" in told.err


def test_where_there_is_no_archive_there_is_nothing_to_back_up(tmp_path: Path) -> None:
    told = entente("backup", tmp_path / "all.zip", folder=tmp_path)
    assert told.code == 2
    assert "nothing to back up" in told.err
    assert not list(tmp_path.rglob("*.*"))


#: A process whose files may not grow beyond this: to it every disk is full.
LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
from service.cli.main import main
main(sys.argv[1:])
"""


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_a_full_disk_is_told_and_leaves_nothing(place: Callable[..., Settings], tmp_path: Path, command: str) -> None:
    folder = tmp_path / "house"
    stock(place("house/data"))
    file, target = tmp_path / "away" / "all.zip", folder
    file.parent.mkdir()
    if command == "restore":
        assert entente("backup", file, folder=folder).code == 0
        target = tmp_path / "new"
    told = subprocess.run(
        [sys.executable, "-c", LIMITED.format(limit=100_000), command, str(file)],
        cwd=ROOT, env={**os.environ, **environment(target)}, capture_output=True, check=False,
    )  # fmt: skip
    said = told.stderr.decode()
    assert told.returncode in (1, 2)
    assert "free space" in said or "disk" in said
    assert "Traceback" not in said
    if command == "backup":
        assert list(file.parent.iterdir()) == []
    else:
        assert not [path for path in (target / "data").rglob("*") if path.is_file()]


KILLED = """
import os, signal
from pathlib import Path
from service.runs import restoring
from service.settings import read_settings
from storage.archive import snapshots
def die(*_, **__): os.kill(os.getpid(), signal.SIGKILL)
{where}
restoring.run_restore(read_settings(os.environ), Path({file!r}))
"""


@pytest.mark.parametrize(
    "where",
    [
        pytest.param("restoring._check = die", id="before it is unpacked"),
        pytest.param("snapshots.look = die", id="when it is unpacked"),
        pytest.param("snapshots.upgrade = die", id="before it is brought to today's shape"),
        pytest.param("snapshots._move = die", id="before it is put in place"),
    ],
)
def test_a_restore_that_was_killed_leaves_an_empty_place_and_can_be_made_again(
    place: Callable[..., Settings], backup: Path, where: str
) -> None:
    settings = place("new")
    script = KILLED.format(where=textwrap.dedent(where), file=str(backup))
    environ = {**os.environ, "ENTENTE_DATA_DIR": str(settings.data_dir)}
    killed = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environ, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert not (settings.data_dir / "entente.db").exists()
    run_restore(settings, backup)
    assert len(told(settings)) == 4
    assert sorted(path.name for path in settings.data_dir.iterdir()) == ["entente.db"]


# ------------------------------------------------------------------ verify


@pytest.fixture
def house(tmp_path: Path, shelf: Shelf) -> Path:
    (tmp_path / "data").mkdir()
    store = shelf.new(tmp_path / "data")
    with open_archive(store.url) as archive:
        for number in range(3):
            archive.articles.keep(an_article(canonical_id=str(number)), a_verdict(), now=NOON)
        archive.articles.keep(an_article(canonical_id="0", text="Edited."), no_verdict(), now=NOW)
    assert entente("verify", folder=tmp_path).code == 0
    return tmp_path


HARM = [
    pytest.param("UPDATE revision SET text = text || '!' WHERE number = 2", "texts", "revision 2", id="a text altered"),
    pytest.param("DELETE FROM revision WHERE number = 1", "revisions and verdicts", "not numbered", id="a revision lost"),
    pytest.param("UPDATE article SET text_hash = 'ab'", "revisions and verdicts", "current revision", id="another hash"),
    pytest.param("UPDATE article SET matters = 9", "revisions and verdicts", "matters is none", id="a number too great"),
    pytest.param("UPDATE verdict SET current = 0", "revisions and verdicts", "one current verdict", id="no verdict"),
    pytest.param("UPDATE verdict SET revision = 5", "revisions and verdicts", "not there", id="a verdict on nothing"),
    pytest.param("DELETE FROM evidence WHERE 0; DELETE FROM verdict WHERE current", "references", "means no verdict", id="evidence of nothing"),
    pytest.param("INSERT INTO quiet VALUES ('desk', 'nobody', 1)", "references", "quiet.article_id", id="a row on no article"),
    pytest.param("INSERT INTO story_link VALUES (7, 8, 'copy', 90)", "references", "story_link.one", id="a story of nothing"),
    pytest.param("UPDATE counter SET value = 1 WHERE name = 'change'", "counters", "bears number 4", id="a counter behind"),
]  # fmt: skip


@pytest.mark.parametrize(("statements", "what", "why"), HARM)
def test_verify_finds_what_is_wrong(house: Path, statements: str, what: str, why: str) -> None:
    connection = sqlite3.connect(house / "data" / "entente.db")
    connection.executescript(statements)
    connection.close()
    told = entente("verify", "--json", folder=house)
    assert told.code == 1
    assert told.document["ok"] is False
    bad = {one["what"]: one["says"] for one in told.document["findings"] if one["state"] == "bad"}
    assert why in bad[what]
    assert "entente restore FILE" in bad[what]


def test_verify_finds_what_the_index_does_not_hold(house: Path) -> None:
    connection = sqlite3.connect(house / "data" / "entente.db")
    # An article whose change the index has passed by.
    connection.execute("UPDATE article SET change = -7 WHERE id = (SELECT min(id) FROM article)")
    connection.commit()
    connection.close()
    told = entente("verify", "--json", folder=house)
    [index] = [one for one in told.document["findings"] if one["what"] == "index"]
    assert (told.code, index["state"]) == (1, "bad")
    assert "1 articles are not findable" in index["says"]
    assert "entente index rebuild" in index["says"]


def test_verify_finds_a_damaged_file(house: Path) -> None:
    file = house / "data" / "entente.db"
    body = bytearray(file.read_bytes())
    body[8192:12288] = b"\xff" * 4096
    file.write_bytes(body)
    told = entente("verify", "--json", folder=house)
    assert told.code == 1
    assert "restore the last" in json.dumps(told.document)
    assert entente("backup", house / "all.zip", folder=house).code == 2, "what is damaged is not backed up"


def test_verify_without_an_archive_makes_none(tmp_path: Path) -> None:
    told = entente("verify", folder=tmp_path)
    assert told.code == 2
    assert "no archive here yet" in told.err
    assert list(tmp_path.iterdir()) == []
