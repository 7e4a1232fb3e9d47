"""What stands at the door: databases that cannot be used, and how the one we use is set up."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from storage.archive.archive import open_archive
from storage.archive.database import Database
from storage.errors import ArchiveError
from tests.fakes.rights import barred
from tests.fakes.texts import NOON, a_verdict, an_article

ROOT = Path(__file__).resolve().parents[2]


def junk(folder: Path) -> str:
    (folder / "entente.db").write_bytes(b"no database at all, only words " * 99)
    return f"sqlite:///{folder / 'entente.db'}"


def a_folder(folder: Path) -> str:
    (folder / "entente.db").mkdir()
    return f"sqlite:///{folder / 'entente.db'}"


def below_a_file(folder: Path) -> str:
    (folder / "data").write_text("a file where a folder should be", encoding="utf-8")
    return f"sqlite:///{folder / 'data' / 'entente.db'}"


@pytest.mark.parametrize(
    ("url", "says"),
    [
        pytest.param(junk, r"entente\.db.*not an SQLite database\. Move it away", id="the file is something else"),
        pytest.param(a_folder, r"entente\.db.*cannot be opened\. See that", id="a folder bears its name"),
        pytest.param(below_a_file, r"folder .*data for the archive cannot be made", id="its folder cannot be made"),
        pytest.param(lambda _: "entente.db", "'entente.db' is not the address", id="a file name is no address"),
        pytest.param(lambda _: "sqlite://", "names no file", id="memory forgets"),
        pytest.param(lambda _: "shelf://x/y", "is not the address", id="a store nobody knows"),
        pytest.param(lambda _: "mysql+nodriver://x/y", "is not the address", id="a driver nobody knows"),
    ],
)
def test_a_database_that_cannot_be_used_is_told_with_its_remedy(tmp_path: Path, url: Any, says: str) -> None:
    with pytest.raises(ArchiveError, match=says) as told:
        open_archive(url(tmp_path))
    assert "\n" not in str(told.value)


def test_a_password_is_never_told() -> None:
    for url in ("postgres:reader:secret@host/db", "shelf://reader:secret@host/db"):
        with pytest.raises(ArchiveError, match="host/db") as told:
            open_archive(url)
        assert "secret" not in str(told.value)


def test_a_damaged_file_is_told_at_the_question_that_met_it(tmp_path: Path) -> None:
    file = tmp_path / "entente.db"
    with open_archive(f"sqlite:///{file}") as archive:
        for n in range(50):
            archive.articles.keep(an_article(canonical_id=str(n)), a_verdict(), now=NOON)
    body = bytearray(file.read_bytes())
    body[3 * 4096 :] = b"\xff" * (len(body) - 3 * 4096)
    file.write_bytes(body)
    with (
        pytest.raises(ArchiveError, match=r"damaged.*restore the last backup"),
        open_archive(f"sqlite:///{file}") as again,
    ):
        again.articles.newest(limit=50)


def test_the_folders_above_a_new_archive_are_made(tmp_path: Path) -> None:
    file = tmp_path / "a" / "b" / "entente.db"
    open_archive(f"sqlite:///{file}").close()
    assert file.is_file()


@pytest.mark.parametrize("name", ["50% off", "what?", "a #1 & more", "архив 档案", "a%41b", "user@host"])
def test_a_path_may_hold_what_an_address_may_not(tmp_path: Path, name: str) -> None:
    file = tmp_path / name / "entente.db"
    open_archive(file).close()
    assert file.is_file()


def test_a_file_that_may_only_be_read_is_told_and_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    open_archive(folder / "entente.db").close()
    before = (folder / "entente.db").read_bytes()
    with (
        barred(folder),
        pytest.raises(ArchiveError, match=r"entente\.db .*may not be written\. Give this user the right"),
    ):
        open_archive(folder / "entente.db")
    assert (folder / "entente.db").read_bytes() == before


def test_a_file_that_another_program_holds_is_waited_for_and_then_told(tmp_path: Path) -> None:
    with open_archive(f"sqlite:///{tmp_path / 'entente.db'}?timeout=0.05") as archive:
        with closing(sqlite3.connect(tmp_path / "entente.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert archive.articles.count() == 0, "who only looks need not wait"
            with pytest.raises(ArchiveError, match=r"another program has held it .* what else has the file open"):
                archive.articles.keep(an_article(), a_verdict(), now=NOON)
        assert archive.articles.keep(an_article(), a_verdict(), now=NOON)[1].change == 1


UNTIL_FULL = """
import resource, sys
from itertools import count
from storage.archive.archive import open_archive
from storage.errors import ArchiveError
from tests.fakes.rights import barred
from tests.fakes.texts import NOON, a_verdict, an_article
with open_archive(sys.argv[1]) as archive:
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
    try:
        for n in count():
            kept = archive.articles.keep(an_article(canonical_id=str(n), text=f"{n} " * 2000), a_verdict(), now=NOON)[1]
    except ArchiveError as why:
        sys.stdout.write(f"{kept.change} {why}")
"""


def test_a_disk_that_fills_up_is_told_and_what_was_kept_stays(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'entente.db'}"
    command = [sys.executable, "-c", UNTIL_FULL, url]
    ended = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": "."}, check=False
    )
    last, _, told = ended.stdout.partition(" ")
    assert "entente.db cannot be used: the disk " in told, ended
    with open_archive(url) as archive:
        assert archive.articles.last_change() == archive.articles.count() == int(last)
        assert len(archive.articles.changed_since(0, 9_999)) == int(last)
    with closing(sqlite3.connect(tmp_path / "entente.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        pytest.param("journal_mode", "wal", id="readers do not wait for writers"),
        pytest.param("synchronous", 2, id="what is kept survives a power cut"),
        pytest.param("foreign_keys", 1, id="no row points nowhere"),
        pytest.param("busy_timeout", 30_000, id="another process is waited for"),
    ],
)
def test_sqlite_is_set_up_as_promised(tmp_path: Path, pragma: str, value: object) -> None:
    database = Database(f"sqlite:///{tmp_path / 'entente.db'}")
    with database.read() as connection:
        assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value
    database.close()


def test_closing_leaves_one_file(tmp_path: Path) -> None:
    with open_archive(f"sqlite:///{tmp_path / 'entente.db'}") as archive:
        archive.articles.keep(an_article(), a_verdict(), now=NOON)
    assert [file.name for file in tmp_path.iterdir()] == ["entente.db"]
    with closing(sqlite3.connect(tmp_path / "entente.db")) as database:
        assert database.execute("SELECT count(*) FROM article").fetchone() == (1,)
