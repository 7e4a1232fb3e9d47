"""PostgreSQL as a store: a server that several machines may share.

A look is one snapshot of the whole (REPEATABLE READ). A write takes its turn before it reads, by a lock on the archive that
ends with the transaction, so change numbers come into sight in the order they were given. A server that goes away is asked
again at the next question; waiting for a connection or another's write has an end. Only `storage.archive.stores` imports
this module.
"""

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, func, select, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError, TimeoutError

from storage.archive.values import json_text
from storage.errors import ArchiveError

#: The oldest version the tests speak for.
_OLDEST = 15
#: The lock on the right to write, one in each database: "Entente" in ASCII.
_TURN = int.from_bytes(b"Entente")
#: Settings of each connection unless the address gives them. Seconds in connect_timeout; the server's own words in options.
_CONNECTION = {"connect_timeout": "10", "application_name": "entente"}
_OPTIONS = "-c lock_timeout=30s -c timezone=UTC"


class PostgreSQL:
    """A `Store` on a server. Raises ArchiveError for an address that names no database or hides its password badly."""

    def __init__(self, url: URL, *, hint: str) -> None:
        if not url.database:
            raise ArchiveError(f"The address of the PostgreSQL server names no database. {hint}")
        if "@" in (url.host or ""):
            raise ArchiveError(
                "In ENTENTE_DATABASE_URL a @ inside the password must be written %40 (and % itself %25)."
            )
        self._url = url.set(drivername="postgresql+psycopg")

    @property
    def name(self) -> str:
        # An address may carry secrets in its query, too: only where the socket lies is told of it.
        where = {"host": self._url.query["host"]} if "host" in self._url.query else {}
        plain = URL.create("postgresql", self._url.username, None, self._url.host, self._url.port, self._url.database)
        return plain.set(query=where).render_as_string()

    @property
    def looking(self) -> Mapping[str, Any]:
        # Not also read-only: to end that, SQLAlchemy would open the next write even where the server was set to read-only.
        return {"isolation_level": "REPEATABLE READ"}

    def new_engine(self, *, foreign_keys: bool = True) -> Engine:  # noqa: ARG002 PostgreSQL rebuilds no table
        options = f"{_OPTIONS} {self._url.query.get('options', '')}"
        settings: dict[str, Any] = {name: value for name, value in _CONNECTION.items() if name not in self._url.query}
        return create_engine(
            self._url,
            json_serializer=json_text,
            pool_pre_ping=True,
            max_overflow=20,
            connect_args=settings | {"options": options},
        )

    def take_turn(self, connection: Connection) -> None:
        connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": _TURN})

    def make_room(self) -> None:
        """A database is made by whoever runs the server."""

    def is_there(self) -> bool:
        return True

    def go_on_counting(self, connection: Connection, table: Table) -> None:
        if (counted := table.autoincrement_column) is not None:
            sequence = func.pg_get_serial_sequence(table.name, counted.name)
            connection.execute(select(func.setval(sequence, func.max(counted))))

    def look_over(self, connection: Connection) -> None:
        version = int((connection.dialect.server_version_info or (0,))[0])
        if version < _OLDEST:
            raise ArchiveError(
                f"The server of {self.name} is PostgreSQL {version}; Entente needs {_OLDEST} or newer. Upgrade it."
            )
        encoding = connection.scalar(text("SHOW server_encoding"))
        if encoding != "UTF8":
            raise ArchiveError(
                f"The database {self.name} is encoded in {encoding}, which cannot hold three scripts. Make another one: "
                "CREATE DATABASE entente ENCODING 'UTF8' TEMPLATE template0"
            )

    def remedy(self, error: SQLAlchemyError) -> str:
        if isinstance(error, TimeoutError):
            return "all its connections were busy for 30 seconds. See what keeps the server so long."
        cause = getattr(error, "orig", None) or error
        state = str(getattr(cause, "sqlstate", None) or "")
        said = " ".join(str(getattr(getattr(cause, "diag", None), "message_primary", None) or cause).split())
        for code, words, remedy in _REMEDIES:
            sign = re.search(words, said) if words else None
            if sign or (state and state.startswith(code)):
                return remedy.format(sign=sign.group() if sign else said)
        return f"the server says: {said}"


#: What PostgreSQL says (SQLSTATE, appendix A of its manual) and, where a connection was never made and none is given, the
#: words of its client library; in the order in which they are looked for.
_REMEDIES = (
    (
        "28",
        "password authentication failed|no password supplied|role .* does not exist|no pg_hba.conf entry",
        "the server refuses this user or password, or lets it in from elsewhere only. Correct ENTENTE_DATABASE_URL (in a "
        "password @ is written %40, : %3A, / %2F, % %25), or what the server allows in its pg_hba.conf.",
    ),
    (
        "3D000",
        "database .* does not exist",
        "the server has no such database. Create it there: CREATE DATABASE name ENCODING 'UTF8' TEMPLATE template0",
    ),
    (
        "53300",
        "too many c(lients|onnections)",
        "the server has no connection free. Stop what holds them, or raise its max_connections.",
    ),
    ("53100", "No space left", "the server's disk is full. Free some space there; nothing was half-written."),
    ("25006", None, "it may only be read there: a standby, or a server set to read-only. Name the primary server."),
    (
        "42501",
        None,
        "this user may not do that there. Let it own the database: ALTER DATABASE name OWNER TO user",
    ),
    ("55P03", None, "another program has held it for over 30 seconds. See what else writes there."),
    ("54000", None, "a text is too long for an index of the server. Nothing was half-written."),
    ("XX00", None, "the server's files are damaged. Stop the service and restore the last backup."),
    (
        "57P",
        "starting up|shutting down|closed the connection|connection (is|was) (closed|lost)",
        "the server is stopping or starting, or broke the connection off. Nothing was half-written: try again when it runs.",
    ),
    (
        "08",
        "Connection refused|failed to resolve host|timeout expired|[a-z ]+ unreachable|No such file or directory",
        "the server cannot be reached ({sign}). See that it runs and that ENTENTE_DATABASE_URL names its host and port rightly.",
    ),
)
