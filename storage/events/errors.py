"""What is wrong with files of the register, said so that whoever wrote them can put it right."""

from collections.abc import Sequence
from dataclasses import dataclass

from storage.errors import StorageError


@dataclass(frozen=True, slots=True)
class Complaint:
    """One fault: where it is, what it is, what to do."""

    file: str
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.what}: {self.remedy}."


class EventFileError(StorageError):
    """Files of events that cannot be used as they are. Carries every fault found; nothing of any file was taken."""

    def __init__(self, complaints: Sequence[Complaint]) -> None:
        count = "one fault" if len(complaints) == 1 else f"{len(complaints)} faults"
        super().__init__("\n".join([f"The files of events have {count}; none was taken.", *map(str, complaints)]))
        self.complaints = tuple(complaints)
