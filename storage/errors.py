"""What can go wrong in the archive: each says what happened, where, and what to do."""

from collections.abc import Collection
from difflib import get_close_matches


class StorageError(Exception):
    """The family. The message is one line for people."""


class ArchiveError(StorageError):
    """The archive cannot be used: no database, a damaged one, a full disk, a folder that may not be written."""


class ArchiveTooNew(ArchiveError):
    """The database was last used by a newer Entente than this one."""


class DuplicateSubscription(StorageError):
    """A subscription of this name exists."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"There is a subscription named {name!r} already. Choose another name, or remove the old one first: "
            f"entente subscription remove {name}"
        )
        self.name = name


class UnknownSubscription(StorageError):
    """No subscription of this name exists. `near` are names it may have been meant for."""

    def __init__(self, name: str, known: Collection[str]) -> None:
        self.name = name
        self.near = tuple(get_close_matches(name, known))
        hint = f"Did you mean {' or '.join(map(repr, self.near))}? " if self.near else ""
        super().__init__(f"There is no subscription named {name!r}. {hint}See them all with: entente subscription list")
