"""An archive goes over to another store: whole and verified, or not at all."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from storage.archive.archive import open_archive
from storage.archive.copying import CopiedTable, Copying
from storage.errors import ArchiveError
from storage.records import Digest
from storage.search.index import SearchIndex
from storage.tables import METADATA
from tests.fakes.stores import AStore, Server, Shelf
from tests.fakes.texts import NOON, a_verdict, an_article
from tests.storage.schemas import fill

ROOT = Path(__file__).resolve().parents[2]
DIGEST = Digest(
    subscription="morning",
    email="reader@example.test",
    subject="Two articles — 两篇",
    html="",
    text="Учения",
    message_id="<1@entente.test>",
    due=NOON,
    composed=NOON,
    told=(("b", 2),),
)


@pytest.fixture(
    params=[
        pytest.param(("sqlite", "postgresql"), id="from SQLite to PostgreSQL"),
        pytest.param(("postgresql", "sqlite"), id="from PostgreSQL to SQLite"),
    ]
)
def pair(
    request: pytest.FixtureRequest, tmp_path: Path, shelf: Shelf, postgresql: Server
) -> Iterator[tuple[AStore, AStore]]:
    """The store to copy, with an archive in it, and an empty one of the other kind."""
    with ExitStack() as stack:
        stores = {"sqlite": shelf.new(tmp_path), "postgresql": stack.enter_context(postgresql.archive())}
        source, target = (stores[kind] for kind in request.param)
        kept_in(source)
        yield source, target


@pytest.fixture
def files(tmp_path: Path, shelf: Shelf) -> tuple[AStore, AStore]:
    """The same in two files, where the kind of store matters to nobody."""
    for folder in ("old", "new"):
        (tmp_path / folder).mkdir()
    source, target = (shelf.new(tmp_path / folder) for folder in ("old", "new"))
    kept_in(source)
    return source, target


def kept_in(store: AStore) -> None:
    """Something in every table there is, and articles in three scripts with what is odd about them."""
    fill(store)
    with open_archive(store.url) as archive:
        for n, text in enumerate(("两国海军 🚢 联合军演", "Начались учения", "a \x00 NUL, half a \ud83d ship", "")):
            archive.articles.keep(an_article(canonical_id=f"c-{n}", text=text), a_verdict(), now=NOON)
        archive.ledger.claim(DIGEST, owner="one", now=NOON, lease=timedelta(minutes=1))


def copy(source: AStore, target: AStore, advance: Any = lambda _: None) -> tuple[CopiedTable, ...]:
    with closing(Copying(source.url, target.url)) as copying:
        return copying.run(advance)


def contents(store: AStore) -> dict[str, list[str]]:
    """Every row of every table, in an order of its own."""
    with store.engine().begin() as connection:
        return {
            table.name: sorted(repr(tuple(row)) for row in connection.execute(table.select()))
            for table in METADATA.sorted_tables
        }


def is_empty(store: AStore) -> bool:
    return all(not rows for table, rows in contents(store).items() if table != "counter")


def test_every_row_of_every_table_goes_over(pair: tuple[AStore, AStore]) -> None:
    source, target = pair
    copied = {table.table: table.rows for table in copy(source, target)}
    assert contents(target) == contents(source)
    assert copied == {table: len(rows) for table, rows in contents(source).items()}
    assert min(copied.values()) >= 1


def test_there_and_back_again_says_the_same(pair: tuple[AStore, AStore], tmp_path: Path) -> None:
    source, target = pair
    back = AStore(f"sqlite:///{tmp_path / 'back' / 'entente.db'}")
    assert copy(source, target) == copy(target, back)


def test_numbers_go_on_where_they_were(pair: tuple[AStore, AStore]) -> None:
    source, target = pair
    copy(source, target)
    with open_archive(target.url) as archive:
        last = archive.articles.last_change()
        assert archive.articles.keep(an_article(canonical_id="new"), a_verdict(), now=NOON)[1].change == last + 1
        before = max(record.number for record in archive.ledger.list())
        claimed = archive.ledger.claim(
            replace(DIGEST, due=NOON + timedelta(days=1), told=()), owner="one", now=NOON, lease=timedelta(minutes=1)
        )
        assert claimed is not None
        assert claimed.number > before


def test_the_search_index_serves_the_copy(pair: tuple[AStore, AStore], tmp_path: Path) -> None:
    source, target = pair
    with open_archive(source.url) as archive:
        assert SearchIndex(tmp_path / "index", archive.articles).catch_up() > 0
    copy(source, target)
    with open_archive(target.url) as archive:
        assert SearchIndex(tmp_path / "index", archive.articles).catch_up() == 0


def test_progress_hears_of_every_row_written_and_read_back(files: tuple[AStore, AStore]) -> None:
    heard: list[int] = []
    with closing(Copying(*(store.url for store in files))) as copying:
        copying.run(heard.append)
        assert sum(heard) == 2 * copying.count()


# ------------------------------------------------------------------ what is refused, and leaves all as it was


def test_a_store_that_holds_something_is_not_written_to(files: tuple[AStore, AStore]) -> None:
    source, target = files
    with open_archive(target.url) as archive:
        archive.articles.keep(an_article(), a_verdict(), now=NOON)
    before = contents(target)
    with pytest.raises(ArchiveError, match=r"new.entente\.db is not empty \(article: 1, .*nothing has been kept in"):
        copy(source, target)
    assert contents(target) == before


def test_a_store_is_not_copied_to_itself(files: tuple[AStore, AStore]) -> None:
    with pytest.raises(ArchiveError, match="cannot be copied to itself"):
        copy(files[0], files[0])


def test_what_is_no_archive_is_not_copied_nor_made(tmp_path: Path) -> None:
    missing = AStore(f"sqlite:///{tmp_path / 'mistyped' / 'entente.db'}")
    with pytest.raises(ArchiveError, match="holds no archive"):
        copy(missing, AStore(f"sqlite:///{tmp_path / 'new' / 'entente.db'}"))
    assert list(tmp_path.iterdir()) == []


def test_a_copy_that_cannot_be_finished_is_none(pair: tuple[AStore, AStore]) -> None:
    source, target = pair
    with target.refusing("evidence"), pytest.raises(ArchiveError, match="no room"):
        copy(source, target)
    assert is_empty(target)
    copy(source, target)
    assert contents(target) == contents(source)


def test_rows_that_arrive_otherwise_are_none(files: tuple[AStore, AStore]) -> None:
    source, target = files
    target.tell("CREATE TRIGGER harm AFTER INSERT ON revision BEGIN UPDATE revision SET title = 'x'; END")
    with pytest.raises(ArchiveError, match=r"rows of revision read otherwise in .* Nothing was copied"):
        copy(source, target)
    assert is_empty(target)


def test_an_archive_that_is_written_to_meanwhile_is_not_copied_in_part(pair: tuple[AStore, AStore]) -> None:
    source, target = pair

    def keep_once(_rows: int) -> None:
        with open_archive(source.url) as archive:
            archive.articles.keep(an_article(canonical_id="late"), a_verdict(), now=NOON)

    with pytest.raises(
        ArchiveError, match=r"was written to while it was copied\. Nothing was copied: stop the service"
    ):
        copy(source, target, keep_once)
    assert is_empty(target)


HALF_WAY = """
import sys
from storage.archive.copying import Copying
rows = 0
def advance(more):
    global rows
    rows += more
    if rows > 20:
        print("ready", flush=True)
        sys.stdin.read()
Copying(*sys.argv[1:]).run(advance)
"""


def test_a_copy_killed_half_way_is_none(pair: tuple[AStore, AStore]) -> None:
    source, target = pair
    command = [sys.executable, "-c", HALF_WAY, source.url, target.url]
    environment = os.environ | {"PYTHONPATH": "."}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        child.kill()
    copy(source, target)
    assert contents(target) == contents(source)
