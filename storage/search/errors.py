"""What can go wrong in search: the person's query, or the folder the index lives in."""

from pathlib import Path

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

    def __init__(self, folder: Path, why: BaseException) -> None:
        said = (str(why) or repr(why)).splitlines()[0]
        full, barred = (any(sign in said for sign in signs) for signs in (_FULL, _BARRED))
        remedy = _REMEDY_FULL if full else _REMEDY_BARRED if barred else _REMEDY
        super().__init__(f"The search index in {folder} cannot be used: {remedy.format(said=said)}")
        self.folder = folder
        self.disk_is_full = full
        #: False when throwing it away would help nobody: there is no room for another, or no right to make one.
        self.can_be_made_anew = not full and not barred


#: What the operating system says inside tantivy's messages (ENOSPC, EDQUOT, EFBIG; EACCES, EPERM, EROFS).
_FULL = ("No space left", "StorageFull", "quota exceeded", "File too large")
_BARRED = ("Permission denied", "not permitted", "Read-only file system")
_REMEDY_FULL = (
    "its disk is full. Free some space: the index then catches up by itself; the archive holds all that was kept."
)
_REMEDY_BARRED = (
    "this user may not write there, not even to read it safely. Give this user the right, or delete the folder: it is made "
    "anew from the archive."
)
_REMEDY = "{said}. The folder may be deleted: it is made anew from the archive."
