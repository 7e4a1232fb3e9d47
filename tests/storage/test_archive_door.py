"""What stands at the door: databases that cannot be used, and how the one we use is set up."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from storage.archive.archive import open_archive
from storage.archive.database import Database
from storage.errors import ArchiveError
from tests.fakes.texts import NOON, a_verdict, an_article


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
