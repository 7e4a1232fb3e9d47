"""Migrating an archive ends where a new one begins, whoever starts at once, and never harms what is not ours."""

import sqlite3
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing
from dataclasses import fields
from multiprocessing import get_context
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine

from storage import records, tables
from storage.archive.archive import open_archive
from storage.archive.upgrading import head
from storage.errors import ArchiveError, ArchiveTooNew
from tests.fakes.texts import NOON, a_verdict, an_article, rejudge


def address(folder: Path) -> str:
    return f"sqlite:///{folder / 'entente.db'}"


def open_once(url: str) -> int:
    with open_archive(url) as archive:
        return archive.articles.count()


def test_the_steps_lead_to_the_rows_as_they_are_declared(tmp_path: Path) -> None:
    open_once(address(tmp_path))
    engine = create_engine(address(tmp_path))
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), tables.METADATA)
    engine.dispose()
    assert differences == [], "write the next step in storage/migrations/versions"


def test_a_migrated_archive_is_built_like_a_new_one(tmp_path: Path) -> None:
    open_once(address(tmp_path))
    engine = create_engine(f"sqlite:///{tmp_path / 'fresh.db'}")
    tables.METADATA.create_all(engine)
    engine.dispose()

    def built(file: str) -> list[tuple[object, ...]]:
        found: list[tuple[object, ...]] = []
        with closing(sqlite3.connect(tmp_path / file)) as database:
            for table in tables.METADATA.tables:
                for pragma in ("table_info", "foreign_key_list"):
                    found += [(table, *row) for row in database.execute(f"PRAGMA {pragma}({table})")]
                for _, name, unique, *_ in database.execute(f"PRAGMA index_list({table})").fetchall():
                    columns = [column for _, _, column in database.execute(f"PRAGMA index_info({name})")]
                    # SQLite numbers the indexes it makes itself by their place in the statement.
                    found.append((table, name.rstrip("0123456789"), unique, *columns))
        return sorted(found, key=repr)

    assert built("entente.db") == built("fresh.db")


def test_opening_again_keeps_what_was_kept(tmp_path: Path) -> None:
    with open_archive(address(tmp_path)) as archive:
        kept = archive.articles.keep(an_article(), a_verdict(), now=NOON)[1]
    with open_archive(address(tmp_path)) as archive:
        assert archive.articles.get(kept.id) == kept


def made_at(step: str, url: str) -> None:
    """An archive as the version that knew no later step left it."""
    engine = create_engine(url)
    settings = Config()
    settings.set_main_option("script_location", str(Path(tables.__file__).parent / "migrations"))
    with engine.begin() as connection:
        settings.attributes["connection"] = connection
        command.upgrade(settings, step)
    engine.dispose()


def test_what_an_old_archive_holds_is_read_by_the_new_one(tmp_path: Path) -> None:
    made_at("0001", address(tmp_path))
    with closing(sqlite3.connect(tmp_path / "entente.db")) as database:
        database.executescript("""
            INSERT INTO article VALUES ('a1', 'post', '7', 'https://post.test/7', '', 'en', '', 0, NULL, NULL, NULL, NULL,
                '2024-07-02 00:00:00', '2024-07-02 00:00:00', 0, 0, 1, 'ab', 1, 1);
            INSERT INTO revision VALUES ('a1', 1, 'Two navies meet', 'They met.', 'ab', '2024-07-02 00:00:00');
            INSERT INTO verdict VALUES (5, 'a1', 1, 1, '2024-07-02 00:00:00', 'rules-0', '{"sco": "tie"}', '["patrol"]', '{}');
            INSERT INTO evidence VALUES (5, 0, 'sco', 'meet', 'met', 'text', 5, 8, 'They met.');
        """)
    with open_archive(address(tmp_path)) as archive:
        verdict = archive.articles.many(["a1"])["a1"].verdict
        assert (verdict.topics, verdict.activities, verdict.events) == (("sco",), ("patrol",), ())
        assert [piece.form for piece in verdict.evidence] == ["met"]
        assert rejudge(archive, "a1", a_verdict(events=("sea-2025",)), NOON)
        assert archive.articles.many(["a1"])["a1"].verdict.events == ("sea-2025",)


def test_threads_may_open_one_new_archive_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(open_once, [address(tmp_path)] * 16)) == [0] * 16


def test_processes_may_open_one_new_archive_at_once(tmp_path: Path) -> None:
    with ProcessPoolExecutor(3, mp_context=get_context("spawn")) as pool:
        assert list(pool.map(open_once, [address(tmp_path)] * 6)) == [0] * 6


def test_a_step_that_fails_leaves_the_old_shape(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "entente.db")) as database:
        # The step will stumble in its midst: a table it wants to make is there, as a view nobody looks for.
        database.execute("CREATE VIEW ledger AS SELECT 1")
    with pytest.raises(ArchiveError, match="ledger"):
        open_once(address(tmp_path))
    with closing(sqlite3.connect(tmp_path / "entente.db")) as database:
        assert database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall() == []


def test_an_archive_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    open_once(address(tmp_path))
    with closing(sqlite3.connect(tmp_path / "entente.db")) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
        with pytest.raises(ArchiveTooNew, match=rf"shape is 9999, this one knows {head()}.*Install that version"):
            open_once(address(tmp_path))
        assert database.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]


def test_the_database_of_another_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "entente.db")) as database:
        database.execute("CREATE TABLE recipes (name TEXT)")
        database.commit()
        with pytest.raises(ArchiveError, match="belongs to another program"):
            open_once(address(tmp_path))
        assert database.execute("SELECT name FROM sqlite_master").fetchall() == [("recipes",)]


PUBLISHED = {"published_at", "published_offset", "published_basis", "published_has_time"}


@pytest.mark.parametrize(
    ("row", "nouns", "elsewhere", "row_only"),
    [
        pytest.param(tables.PointRow, (records.PointState,), set(), set(), id="entry points"),
        pytest.param(tables.VisitRow, (records.Visit,), set(), {"number", "latest"}, id="visits"),
        pytest.param(
            tables.EntryRow,
            (records.KnownEntry, records.Entry),
            {"entry", "published"},
            {"number", "stamp", *PUBLISHED},
            id="entries",
        ),
        pytest.param(
            tables.ArticleRow,
            (records.Kept, records.Article),
            {"article", "verdict", "published", "title", "text", "outlet_name", "country", "attached"},
            {"matched", *PUBLISHED},
            id="articles",
        ),
        pytest.param(tables.RevisionRow, (records.Revision,), set(), {"article_id"}, id="revisions"),
        pytest.param(
            tables.VerdictRow,
            (records.Verdict,),
            {"evidence"},
            {"number", "article_id", "revision", "current", "decided"},
            id="verdicts",
        ),
        pytest.param(tables.EvidenceRow, (records.Evidence,), set(), {"verdict", "position"}, id="evidence"),
        pytest.param(
            tables.SeedRow,
            (records.SeedDocument,),
            {"published", "repairs", "wrapped"},
            {"article_id", *PUBLISHED},
            id="seed records",
        ),
        pytest.param(tables.AttachmentRow, (records.Attachment,), set(), {"article_id"}, id="attachments"),
        pytest.param(tables.SightingRow, (records.Sighting,), set(), set(), id="sightings"),
        pytest.param(tables.RulingRow, (records.Ruling,), set(), set(), id="rulings"),
        pytest.param(tables.SubscriptionRow, (records.Subscription,), set(), set(), id="subscriptions"),
        pytest.param(
            tables.DigestRow, (records.DigestRecord, records.Digest), {"digest"}, {"owner", "free_at"}, id="digests"
        ),
    ],
)
def test_rows_and_records_do_not_drift(
    row: type[tables.Row], nouns: tuple[type, ...], elsewhere: set[str], row_only: set[str]
) -> None:
    of_records = {field.name for noun in nouns for field in fields(noun)}
    assert set(row.model_fields) - row_only == of_records - elsewhere
