"""What stops the service or a command, said so that the person in front of it can mend it."""

from collections.abc import Sequence


class Unusable(Exception):
    """Wrong use or unusable input: nothing was done. Several complaints are told at once, each with its remedy."""

    def __init__(self, *complaints: str) -> None:
        super().__init__("\n".join(complaints))
        self.complaints: Sequence[str] = complaints
