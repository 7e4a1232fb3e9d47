"""What may be asked of the archive about digests and what they told: the reason nothing is told twice, or never.

    claim       one transaction writes the digest and a row for each article it tells; a second digest for the slot, or a
                second telling of a revision, cannot be written
    mark_sent   it went out
    release     it did not: a later try, or given up, and then its articles count as untold again
    unfinished  claims whose try has come, or whose owner died holding the lease: taken up under the same Message-ID

Only `service` and tests call it, through `Archive.ledger`.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, RowMapping, func, insert, select, tuple_, update

from storage.archive.database import Database
from storage.archive.doors import batches, columns_of
from storage.archive.giving_up import give_up
from storage.records import Digest, DigestRecord, DigestState
from storage.tables import DIGESTS, LEDGER, QUIET


class Ledger:
    """Digests and their fate. Every method may raise ArchiveError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def told(self, name: str) -> dict[str, int]:
        """Article id to the highest revision told to subscription `name`, in digests sent or on their way."""
        question = select(LEDGER.c.article_id, func.max(LEDGER.c.revision)).where(LEDGER.c.subscription == name)
        with self._database.read() as connection:
            return {row[0]: row[1] for row in connection.execute(question.group_by(LEDGER.c.article_id))}

    def quiet(self, name: str) -> dict[str, int]:
        """Article id to the revision up to which it is no news to subscription `name`: only later rules found it."""
        question = select(QUIET.c.article_id, QUIET.c.revision).where(QUIET.c.subscription == name)
        with self._database.read() as connection:
            return {row[0]: row[1] for row in connection.execute(question)}

    def claim(self, digest: Digest, *, owner: str, now: datetime, lease: timedelta) -> DigestRecord | None:
        """Writes down that `owner` is about to send `digest`, before it does.

        None when the slot is taken, or when one of its articles was told meanwhile (compose again). Until `now` plus
        `lease` nobody else takes it up.
        """
        with self._database.write() as connection:
            if _slot_is_taken(connection, digest) or _rows_told(connection, digest):
                return None
            columns = columns_of(digest) | {"told": [list(pair) for pair in digest.told]}
            claim = {"state": DigestState.CLAIMED, "attempts": 1, "owner": owner, "free_at": now + lease}
            written = insert(DIGESTS).values(**columns, **claim).returning(DIGESTS.c.number)
            number = connection.execute(written).scalar_one()
            _write_rows(connection, number, digest)
            return _record(connection, number)

    def unfinished(self, *, now: datetime, owner: str, lease: timedelta) -> list[DigestRecord]:
        """Digests that are owed another try, claimed anew for `owner`: no two processes get the same one."""
        owed = (DIGESTS.c.state == DigestState.CLAIMED) & (DIGESTS.c.free_at <= now)
        with self._database.write() as connection:
            numbers = connection.scalars(select(DIGESTS.c.number).where(owed).order_by(DIGESTS.c.number)).all()
            for number in numbers:
                values = {"owner": owner, "free_at": now + lease, "next_try": None}
                again = update(DIGESTS).where(DIGESTS.c.number == number)
                connection.execute(again.values(attempts=DIGESTS.c.attempts + 1, **values))
            return [found for number in numbers if (found := _record(connection, number))]

    def mark_sent(self, number: int, *, now: datetime, via: str) -> None:
        """It went out through `via` (smtp://host:port, outbox:file.eml). Said twice, the first time stands.

        What went out was told, even if someone gave it up meanwhile.
        """
        unsent = (DIGESTS.c.number == number) & (DIGESTS.c.state != DigestState.SENT)
        sent = {"state": DigestState.SENT, "sent": now, "via": via, "why": "", "next_try": None}
        with self._database.write() as connection:
            connection.execute(update(DIGESTS).where(unsent).values(**sent))
            if record := _record(connection, number):
                _write_rows(connection, number, record.digest)

    def release(self, number: int, *, now: datetime, why: str, next_try: datetime | None) -> None:
        """It could not be sent, and `why`. Another try comes at `next_try`; None gives it up (FAILED).

        The articles of a digest given up are untold again in the same transaction: the next digest has them. A digest
        that was sent stays sent.
        """
        with self._database.write() as connection:
            if next_try is None:
                give_up(connection, number, why=why)
                return
            claimed = (DIGESTS.c.number == number) & (DIGESTS.c.state == DigestState.CLAIMED)
            values = {"why": why, "next_try": next_try, "free_at": max(now, next_try)}
            connection.execute(update(DIGESTS).where(claimed).values(**values))

    def get(self, number: int) -> DigestRecord | None:
        with self._database.read() as connection:
            return _record(connection, number)

    def list(self, name: str | None = None, limit: int = 50) -> list[DigestRecord]:
        """The last digests, the newest first; of subscription `name`, or of all, those since removed among them."""
        question = select(DIGESTS).order_by(DIGESTS.c.number.desc()).limit(limit)
        if name is not None:
            question = question.where(DIGESTS.c.subscription == name)
        with self._database.read() as connection:
            return [_digest_record(row) for row in connection.execute(question).mappings()]


def _slot_is_taken(connection: Connection, digest: Digest) -> bool:
    slot = (DIGESTS.c.subscription == digest.subscription) & (DIGESTS.c.due == digest.due)
    return connection.scalar(select(DIGESTS.c.number).where(slot)) is not None


def _rows_told(connection: Connection, digest: Digest) -> set[tuple[str, int]]:
    """What `digest` tells that its subscription was told before, by whichever digest."""
    told: set[tuple[str, int]] = set()
    for batch in batches(digest.told):
        same: ColumnElement[bool] = tuple_(LEDGER.c.article_id, LEDGER.c.revision).in_(batch)
        question = select(LEDGER.c.article_id, LEDGER.c.revision).where(LEDGER.c.subscription == digest.subscription)
        told |= {(id, revision) for id, revision in connection.execute(question.where(same))}
    return told


def _write_rows(connection: Connection, number: int, digest: Digest) -> None:
    """The ledger rows of `digest` that do not stand there yet."""
    missing = set(digest.told) - _rows_told(connection, digest)
    about = {"subscription": digest.subscription, "digest": number}
    if rows := [about | {"article_id": id, "revision": revision} for id, revision in sorted(missing)]:
        connection.execute(insert(LEDGER), rows)


def _record(connection: Connection, number: int) -> DigestRecord | None:
    row = connection.execute(select(DIGESTS).where(DIGESTS.c.number == number)).mappings().first()
    return _digest_record(row) if row else None


def _digest_record(row: RowMapping) -> DigestRecord:
    told = tuple((id, revision) for id, revision in row["told"])
    digest = {name: row[name] for name in Digest.__dataclass_fields__ if name != "told"}
    own = {name: row[name] for name in DigestRecord.__dataclass_fields__ if name != "digest"}
    return DigestRecord(digest=Digest(**digest, told=told), **own)
