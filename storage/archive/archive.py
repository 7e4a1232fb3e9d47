"""The archive: one object whose parts answer for one noun each. It opens whole and upgraded, or says why it cannot.

`service` builds it; `storage.search` and tests use it too.
"""

from pathlib import Path
from types import TracebackType
from typing import Self

from storage.archive.articles import Articles
from storage.archive.attachments import Attachments
from storage.archive.database import Database
from storage.archive.entries import Entries
from storage.archive.histories import Histories
from storage.archive.ledger import Ledger
from storage.archive.marks import Marks
from storage.archive.outlets import Outlets
from storage.archive.points import Points
from storage.archive.revisits import Revisits
from storage.archive.rulings import Rulings
from storage.archive.seeds import Seeds
from storage.archive.soundness import Soundness
from storage.archive.stories import Stories
from storage.archive.subscriptions import Subscriptions
from storage.archive.upgrading import upgrade
from storage.archive.verdicts import Verdicts
from storage.archive.visits import Visits


class Archive:
    """What Entente remembers. Safe to share between threads; each process opens its own."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.articles = Articles(database)
        self.histories = Histories(database)
        self.verdicts = Verdicts(database)
        self.marks = Marks(database)
        self.attachments = Attachments(database)
        self.rulings = Rulings(database)
        self.revisits = Revisits(database)
        self.entries = Entries(database)
        self.points = Points(database)
        self.outlets = Outlets(database)
        self.visits = Visits(database)
        self.seeds = Seeds(database)
        self.stories = Stories(database)
        self.subscriptions = Subscriptions(database)
        self.ledger = Ledger(database)
        self.soundness = Soundness(database)

    @property
    def where(self) -> str:
        """The store, as people are told of it: a file, or an address without its password."""
        return self._database.name

    def close(self) -> None:
        """Lets go of the store. Nothing waits to be written: every answer was final."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def open_archive(where: str | Path) -> Archive:
    """The archive at `where`, made or upgraded as needed: the path of an SQLite file, or as text an address as SQLAlchemy
    reads them (sqlite:////data/entente.db), in which a % of a path must be written %25.

    Raises ArchiveError when the store cannot be used, ArchiveTooNew when a newer Entente has used it.
    """
    database = Database(where)
    try:
        upgrade(database)
    except BaseException:
        database.close()
        raise
    return Archive(database)
