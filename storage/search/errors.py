"""What can go wrong in search: the person's query, or the folder the index lives in."""

from storage.errors import ArchiveError, StorageError


class QueryError(StorageError):
    """A query that cannot be understood: what is wrong, where (characters from 0), and what to write instead."""

    def __init__(self, message: str, position: int, hint: str = "") -> None:
        super().__init__(f"{message} (at character {position + 1})." + (f" {hint}" if hint else ""))
        self.message = message
        self.position = position
        self.hint = hint


class IndexUnusable(ArchiveError):
    """The index folder can be neither read nor made anew: its disk is full, or this user may not write there."""

    @property
    def disk_is_full(self) -> bool:
        """Whether making room would help, and nothing else."""
        return "No space left" in str(self.__cause__)
