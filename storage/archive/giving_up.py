"""How a digest is given up, by its sender or by the removal of its subscription: inside a transaction the caller holds.

Only `storage.archive` imports this module.
"""

from sqlalchemy import Connection, delete, update

from storage.records import DigestState
from storage.tables import DIGESTS, LEDGER


def give_up(connection: Connection, number: int, *, why: str) -> None:
    """A claimed digest becomes FAILED and what it would have told is untold; one that was sent stays as it is."""
    claimed = (DIGESTS.c.number == number) & (DIGESTS.c.state == DigestState.CLAIMED)
    failed = {"state": DigestState.FAILED, "why": why, "next_try": None}
    if connection.execute(update(DIGESTS).where(claimed).values(**failed)).rowcount:
        connection.execute(delete(LEDGER).where(LEDGER.c.digest == number))
