"""What stands at PostgreSQL's door: servers and databases that cannot be used, each told with its remedy and no password."""

from collections.abc import Iterator
from typing import Any

import pytest

from storage.archive.archive import open_archive
from storage.archive.database import Database
from storage.errors import ArchiveError
from tests.fakes.stores import AStore, Server
from tests.fakes.texts import NOON, a_verdict, an_article


@pytest.fixture
def database(postgresql: Server) -> Iterator[AStore]:
    with postgresql.archive() as store:
        yield store


@pytest.fixture(scope="session")
def guarded(postgresql: Server) -> Server:
    """The server with a user who must bring the password `sesame`, and one who may do nothing."""
    rules = postgresql.folder / "pg_hba.conf"
    rules.write_text("local all guarded scram-sha-256\n" + rules.read_text())
    postgresql.tell(
        "CREATE ROLE guarded LOGIN PASSWORD 'sesame'",
        "CREATE ROLE poor LOGIN",
        "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0",
        "CREATE DATABASE guarded OWNER guarded TEMPLATE template0",
        "CREATE DATABASE poor TEMPLATE template0",
        "CREATE DATABASE standby TEMPLATE template0",
        "ALTER DATABASE standby SET default_transaction_read_only = on",
        "SELECT pg_reload_conf()",
    )
    return postgresql


@pytest.mark.parametrize(
    ("user", "name", "says"),
    [
        pytest.param("guarded:hunter2", "guarded", "refuses this user or password", id="a wrong password"),
        pytest.param("guarded", "guarded", "refuses this user or password", id="no password"),
        pytest.param("nobody:hunter2", "guarded", "refuses this user or password", id="an unknown user"),
        pytest.param("postgres", "nowhere", "no such database. Create it", id="an unknown database"),
        pytest.param("postgres", "latin", "encoded in LATIN1.*ENCODING 'UTF8'", id="another encoding"),
        pytest.param("poor", "poor", "may not do that there.*OWNER TO", id="a user who may make no table"),
        pytest.param("postgres", "standby", "may only be read.*primary", id="a server that may only be read"),
    ],
)
def test_what_cannot_be_used_is_told_with_its_remedy(guarded: Server, user: str, name: str, says: str) -> None:
    with pytest.raises(ArchiveError, match=rf"{name}.*{says}") as told:
        open_archive(guarded.url(name, user))
    assert "\n" not in str(told.value)
    assert "hunter2" not in str(told.value)


def test_the_right_password_opens(guarded: Server) -> None:
    open_archive(guarded.url("guarded", "guarded:sesame")).close()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        pytest.param("postgresql://me:hunter2@127.0.0.1:1/x", "cannot be reached.*runs", id="nobody is there"),
        pytest.param("postgresql://me:hunter2@no.such.host.invalid/x", "cannot be reached", id="no such host"),
        pytest.param("postgres://me:hunter2@127.0.0.1:1/x", "cannot be reached", id="the shorter scheme"),
        pytest.param("postgresql://me:hunter2@127.0.0.1:1/", "names no database", id="no database named"),
        pytest.param("postgresql://me:hunter2@127.0.0.1:port/x", "is not the address", id="a port of letters"),
        pytest.param("postgresql://me:a@hunter2@127.0.0.1/x", "must be written %40", id="a bare @ in the password"),
        pytest.param("postgresql://127.0.0.1:1/x?password=hunter2", "cannot be", id="a password in the query"),
        pytest.param("postgresql://127.0.0.1/x?passwrod=hunter2", "passwrod", id="an option nobody knows"),
    ],
)
def test_an_address_that_leads_nowhere_is_told_without_its_password(url: str, says: str) -> None:
    with pytest.raises(ArchiveError, match=says) as told:
        open_archive(url)
    assert "hunter2" not in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("code", "says"),
    [
        pytest.param("53100", "the server's disk is full. Free some space there; nothing was half-written", id="full"),
        pytest.param("25006", "may only be read", id="turned to a standby meanwhile"),
        pytest.param("42501", "may not do that", id="rights taken away"),
        pytest.param("XX001", "damaged.*restore the last backup", id="damaged"),
        pytest.param("57P01", "stopping or starting", id="shut down"),
        pytest.param("P0001", "the server says: no room$", id="anything else, in its own words"),
    ],
)
def test_what_the_server_complains_of_later_is_told_and_nothing_is_half_written(
    database: AStore, code: str, says: str
) -> None:
    with open_archive(database.url) as archive:
        with database.refusing("evidence", code=code), pytest.raises(ArchiveError, match=says):
            archive.articles.keep(an_article(), a_verdict(), now=NOON)
        assert (archive.articles.count(), archive.articles.last_change()) == (0, 0)
        assert archive.articles.keep(an_article(), a_verdict(), now=NOON)[1].change == 1


def test_a_writer_that_will_not_end_is_waited_for_and_then_told(database: AStore) -> None:
    patient, impatient = Database(database.url), Database(f"{database.url}&options=-c lock_timeout=50ms")
    with patient.write(), pytest.raises(ArchiveError, match="has held it for over"), impatient.write():
        pass
    for one in (patient, impatient):
        one.close()


def test_a_server_that_went_away_is_asked_again(database: AStore) -> None:
    with open_archive(database.url) as archive:
        archive.articles.keep(an_article(), a_verdict(), now=NOON)
        database.tell(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND application_name = 'entente'"
        )
        assert archive.articles.count() == 1


@pytest.mark.parametrize(
    ("sql", "value"),
    [
        pytest.param("SHOW transaction_isolation", "repeatable read", id="a look is one state of the whole"),
        pytest.param("SHOW timezone", "UTC", id="times are spoken in UTC"),
        pytest.param("SHOW lock_timeout", "30s", id="another process is waited for"),
    ],
)
def test_postgresql_is_set_up_as_promised(database: AStore, sql: str, value: Any) -> None:
    opened = Database(database.url)
    with opened.read() as connection:
        assert connection.exec_driver_sql(sql).scalar() == value
    opened.close()
