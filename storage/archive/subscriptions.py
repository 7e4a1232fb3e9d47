"""What may be asked of the archive about subscriptions: who asked for what, and whose digest is due.

Only `service` and tests call it, through `Archive.subscriptions`.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from storage.archive.database import Database
from storage.archive.doors import columns_of
from storage.archive.giving_up import give_up
from storage.errors import DuplicateSubscription, UnknownSubscription
from storage.records import DigestState, Subscription
from storage.tables import DIGESTS, SUBSCRIPTIONS


class Subscriptions:
    """Saved searches with their schedule. Every method may raise ArchiveError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, subscription: Subscription) -> None:
        """Raises DuplicateSubscription for a name in use."""
        with self._database.write() as connection:
            if _row(connection, subscription.name) is not None:
                raise DuplicateSubscription(subscription.name)
            columns = columns_of(subscription) | {"days": list(subscription.days)}
            connection.execute(insert(SUBSCRIPTIONS).values(**columns))

    def get(self, name: str) -> Subscription:
        """Raises UnknownSubscription."""
        with self._database.read() as connection:
            return _known(connection, name)

    def remove(self, name: str) -> None:
        """Forgets the subscription and gives up what is on its way to it; digests that went out stay readable.

        Raises UnknownSubscription.
        """
        with self._database.write() as connection:
            _known(connection, name)
            claimed = (DIGESTS.c.subscription == name) & (DIGESTS.c.state == DigestState.CLAIMED)
            for number in connection.scalars(select(DIGESTS.c.number).where(claimed)).all():
                give_up(connection, number, why="The subscription was removed before it was sent.")
            connection.execute(delete(SUBSCRIPTIONS).where(SUBSCRIPTIONS.c.name == name))

    def pause(self, name: str, paused: bool) -> None:
        """Raises UnknownSubscription."""
        with self._database.write() as connection:
            _known(connection, name)
            _change(connection, name, paused=paused)

    def due(self, now: datetime) -> list[Subscription]:
        """Those whose digest is due and that are not paused, the longest due first."""
        order = (SUBSCRIPTIONS.c.next_due, SUBSCRIPTIONS.c.name)
        is_due = (SUBSCRIPTIONS.c.next_due <= now) & ~SUBSCRIPTIONS.c.paused
        with self._database.read() as connection:
            rows = connection.execute(select(SUBSCRIPTIONS).where(is_due).order_by(*order)).mappings()
            return [_subscription(row) for row in rows]

    def move_due(self, name: str, next_due: datetime) -> None:
        """Sets the next slot. A subscription that was removed meanwhile is passed by."""
        with self._database.write() as connection:
            _change(connection, name, next_due=next_due)

    def list(self) -> list[Subscription]:
        """By name."""
        with self._database.read() as connection:
            rows = connection.execute(select(SUBSCRIPTIONS).order_by(SUBSCRIPTIONS.c.name)).mappings()
            return [_subscription(row) for row in rows]


def _change(connection: Connection, name: str, **values: Any) -> None:
    connection.execute(update(SUBSCRIPTIONS).where(SUBSCRIPTIONS.c.name == name).values(**values))


def _row(connection: Connection, name: str) -> RowMapping | None:
    return connection.execute(select(SUBSCRIPTIONS).where(SUBSCRIPTIONS.c.name == name)).mappings().first()


def _known(connection: Connection, name: str) -> Subscription:
    row = _row(connection, name)
    if row is None:
        raise UnknownSubscription(name, connection.scalars(select(SUBSCRIPTIONS.c.name)).all())
    return _subscription(row)


def _subscription(row: RowMapping) -> Subscription:
    columns: dict[str, Any] = dict(row)
    return Subscription(**columns | {"days": tuple(row["days"])})
