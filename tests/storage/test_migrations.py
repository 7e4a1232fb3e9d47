"""Migrating an archive ends where a new one begins, whoever starts at once, and never harms what is not ours."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import fields
from multiprocessing import get_context

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

from storage import records, tables
from storage.archive.archive import open_archive
from storage.archive.upgrading import head
from storage.errors import ArchiveError, ArchiveTooNew
from storage.records import Change
from tests.fakes.stores import AStore
from tests.fakes.texts import NOON, a_verdict, an_article, rejudge
from tests.storage.schemas import STEPS, built, fill, held, made_at, reflected


def open_once(url: str) -> int:
    with open_archive(url) as archive:
        return archive.articles.count()


NewStore = Callable[[], AStore]


def test_the_steps_lead_to_the_rows_as_they_are_declared(bare_store: NewStore) -> None:
    store = bare_store()
    open_once(store.url)
    with store.engine().connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), tables.METADATA)
    assert differences == [], "write the next step in storage/migrations/versions"


def test_a_migrated_archive_is_built_like_a_new_one(bare_store: NewStore) -> None:
    migrated, fresh = bare_store(), bare_store()
    open_once(migrated.url)
    tables.METADATA.create_all(fresh.engine())
    assert [part for part in built(migrated) if part[0] != "alembic_version"] == built(fresh)


@pytest.mark.parametrize("step", STEPS)
def test_what_any_earlier_archive_held_is_kept(bare_store: NewStore, step: str) -> None:
    store = bare_store()
    made_at(step, store)
    before, known = fill(store), reflected(store)
    with open_archive(store.url) as archive:
        assert held(store, known) == before
        assert archive.articles.get("a1")
        assert archive.articles.keep(an_article(), a_verdict(), now=NOON)[0] is Change.NEW


def test_opening_again_keeps_what_was_kept(store: AStore) -> None:
    with open_archive(store.url) as archive:
        kept = archive.articles.keep(an_article(), a_verdict(), now=NOON)[1]
    with open_archive(store.url) as archive:
        assert archive.articles.get(kept.id) == kept


def test_what_an_old_archive_holds_is_read_by_the_new_one(bare_store: NewStore) -> None:
    store = bare_store()
    made_at("0001", store)
    store.tell(
        """INSERT INTO article VALUES ('a1', 'post', '7', 'https://post.test/7', '', 'en', '', FALSE, NULL, NULL, NULL, NULL,
            '2024-07-02 00:00:00', '2024-07-02 00:00:00', FALSE, FALSE, 1, 'ab', TRUE, 1)""",
        "INSERT INTO revision VALUES ('a1', 1, 'Two navies meet', 'They met.', 'ab', '2024-07-02 00:00:00')",
        """INSERT INTO verdict VALUES
            (5, 'a1', 1, TRUE, '2024-07-02 00:00:00', 'rules-0', '{"sco": "tie"}', '["patrol"]', '{}')""",
        "INSERT INTO evidence VALUES (5, 0, 'sco', 'meet', 'met', 'text', 5, 8, 'They met.')",
    )
    with open_archive(store.url) as archive:
        verdict = archive.articles.many(["a1"])["a1"].verdict
        assert (verdict.topics, verdict.activities, verdict.events) == (("sco",), ("patrol",), ())
        assert [piece.form for piece in verdict.evidence] == ["met"]
        assert rejudge(archive, "a1", a_verdict(events=("sea-2025",)), NOON)
        assert archive.articles.many(["a1"])["a1"].verdict.events == ("sea-2025",)


def test_revisions_kept_before_anyone_judged_them_all_count(bare_store: NewStore) -> None:
    store = bare_store()
    made_at("0005", store)
    for number, (id, seed) in enumerate((("news", "FALSE"), ("seed-1", "TRUE"))):
        store.tell(
            f"""INSERT INTO article VALUES ('{id}', 'post', '{id}', 'https://post.test/{id}', '', 'en', '', FALSE, NULL, NULL,
                NULL, NULL, '2024-07-02 00:00:00', '2024-07-03 00:00:00', {seed}, FALSE, 2, 'cd', TRUE, {number})""",
            f"INSERT INTO revision VALUES ('{id}', 1, 'Navies', 'They met.', 'ab', '2024-07-02 00:00:00')",
            f"INSERT INTO revision VALUES ('{id}', 2, 'Navies', 'They met again.', 'cd', '2024-07-03 00:00:00')",
            f"""INSERT INTO verdict VALUES
                ({number}, '{id}', 2, TRUE, '2024-07-03 00:00:00', 'rules-0', '{{}}', '[]', '{{}}', '[]')""",
        )
    with open_archive(store.url) as archive:
        kept = archive.articles.many(["news", "seed-1"])
        assert [(one.edits, one.matters, one.gone_since) for one in kept.values()] == [(1, 2, None), (0, 2, None)]
        assert [one.touched for one in archive.articles.revisions("news")] == [None, None]
        assert archive.revisits.count_due(now=NOON) == 0, "what was read before has no page to visit again"


def test_threads_may_open_one_new_archive_at_once(bare_store: NewStore) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(open_once, [bare_store().url] * 16)) == [0] * 16


def test_processes_may_open_one_new_archive_at_once(bare_store: NewStore) -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        assert list(pool.map(open_once, [bare_store().url] * 4)) == [0] * 4


def test_two_archives_bear_two_numbers(bare_store: NewStore) -> None:
    with open_archive(bare_store().url) as one, open_archive(bare_store().url) as other:
        assert one.articles.identity() != other.articles.identity()


def test_a_step_that_fails_leaves_the_old_shape(bare_store: NewStore) -> None:
    store = bare_store()
    # The step will stumble in its midst: a table it wants to make is there, as a view nobody looks for.
    store.tell("CREATE VIEW ledger AS SELECT 1")
    with pytest.raises(ArchiveError, match="ledger"):
        open_once(store.url)
    assert inspect(store.engine()).get_table_names() == []


def test_an_archive_of_a_newer_version_is_refused_and_left_alone(bare_store: NewStore) -> None:
    store = bare_store()
    open_once(store.url)
    store.tell("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(ArchiveTooNew, match=rf"shape is 9999, this one knows {head()}.*Install that version"):
        open_once(store.url)
    assert store.tell("SELECT version_num FROM alembic_version") == [("9999",)]


def test_the_database_of_another_program_is_refused_and_left_alone(bare_store: NewStore) -> None:
    store = bare_store()
    store.tell("CREATE TABLE recipes (name TEXT)")
    with pytest.raises(ArchiveError, match="belongs to another program"):
        open_once(store.url)
    assert inspect(store.engine()).get_table_names() == ["recipes"]


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
            {
                "article",
                "verdict",
                "published",
                "title",
                "text",
                "outlet_name",
                "country",
                "attached",
                "earlier",
                "story",
            },
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
