"""What is wrong with outlet files, said so that whoever wrote them can put it right. Imported by `scrapers/outlets`; the error
by whoever calls `read_outlets`."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Complaint:
    """One fault: where it is, what it is, what to do."""

    file: str
    line: int
    #: Key of the outlet, as far as it is known; and the field, as in `listings[2].item_time_format`.
    outlet: str = ""
    field: str = ""
    what: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        where = ": ".join(part for part in (f"{self.file}, line {self.line}", self.outlet, self.field) if part)
        return f"{where}: {self.what}: {self.remedy}."


class OutletFileError(Exception):
    """Outlet files that cannot be used as they are. Carries every fault found; nothing of any file was taken."""

    def __init__(self, complaints: Sequence[Complaint]) -> None:
        count = "one fault" if len(complaints) == 1 else f"{len(complaints)} faults"
        super().__init__("\n".join([f"The outlet files have {count}; none was taken.", *map(str, complaints)]))
        self.complaints = tuple(complaints)
