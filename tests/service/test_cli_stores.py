"""`entente migrate-store` and `entente index rebuild`: what they print, what they refuse, and what is left behind."""

import re
import shutil
from pathlib import Path

import pytest

from tests.fakes.commands import Told, entente
from tests.fakes.stores import Server


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A folder in which Entente has kept one article of ours."""
    (tmp_path / "note.txt").write_text("China and Russia began a joint patrol.", encoding="utf-8")
    assert entente("import", tmp_path / "note.txt", folder=tmp_path).code == 0
    return tmp_path


def search(folder: Path, **settings: object) -> Told:
    return entente("search", "patrols", "--json", folder=folder, **settings)


def test_an_archive_goes_over_to_postgresql_and_is_searched_there(house: Path, postgresql: Server) -> None:
    with postgresql.database() as database:
        told = entente("migrate-store", house / "data" / "entente.db", database.url, "--json", folder=house)
        assert told.code == 0, told.err
        document = told.document
        rows = {table["table"]: table["rows"] for table in document["tables"]}
        assert (rows["article"], document["rows"]) == (6, sum(rows.values()))
        assert all(re.fullmatch("[0-9a-f]{32}", table["hash"]) for table in document["tables"])
        before, after = search(house).document, search(house, database_url=database.url).document
        assert [hit["id"] for hit in after["hits"]] == [hit["id"] for hit in before["hits"]] != []


def test_without_to_it_goes_where_the_setting_says(house: Path) -> None:
    new = house / "elsewhere" / "new.db"
    told = entente("migrate-store", house / "data" / "entente.db", folder=house, database_url=f"sqlite:///{new}")
    assert told.code == 0
    assert re.search(r"^article +6 +[0-9a-f]{32}", told.out, re.MULTILINE)
    assert f"to {new}, read back and found the same" in told.err
    assert new.is_file()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param("{data}/entente.db", "cannot be copied to itself", id="to where the setting is now"),
        pytest.param("{data}/mistyped.db {data}/new.db", "mistyped.db holds no archive", id="from nowhere"),
        pytest.param("{data}/entente.db {data}/full.db", "full.db is not empty", id="to where something is kept"),
        pytest.param("{folder}/note.txt {data}/new.db", "not an SQLite database", id="from something else"),
        pytest.param("{data}/entente.db shelf://x/y", "not the address of a database", id="to a store nobody knows"),
        pytest.param(
            "{data}/entente.db postgresql://me:hunter2@127.0.0.1:1/x",
            "cannot be reached",
            id="to a server that is down",
        ),
    ],
)
def test_what_cannot_be_copied_is_refused_and_left_alone(house: Path, words: str, says: str) -> None:
    data = house / "data"
    shutil.copy(data / "entente.db", data / "full.db")
    before = (data / "full.db").read_bytes()
    told = entente("migrate-store", *words.format(data=data, folder=house).split(), folder=house)
    assert (told.code, told.out) == (2, "")
    assert says in told.err
    assert "hunter2" not in told.err
    assert len(told.err.splitlines()) == 1
    assert (data / "full.db").read_bytes() == before
    assert not (data / "mistyped.db").exists()


def test_the_index_is_made_anew(house: Path) -> None:
    before = search(house).document["hits"]
    for file in (house / "data" / "index").rglob("*.term"):
        file.write_bytes(b"not what it was")
    told = entente("index", "rebuild", "--json", folder=house)
    assert (told.code, told.document["articles"]) == (0, 6)
    assert search(house).document["hits"] == before


def test_people_are_told_how_many_can_be_found(house: Path) -> None:
    told = entente("index", "rebuild", folder=house)
    assert (told.code, told.out) == (0, "")
    assert "6 articles can be found, after" in told.err
