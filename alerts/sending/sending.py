"""What every way out promises: a digest walks in, a message leaves the house. `service` holds one and calls it."""

from typing import Protocol

from storage.records import Digest


class Sender(Protocol):
    def send(self, digest: Digest) -> str:
        """Hand `digest` over and say where it went: `smtp://host:port` or `outbox:NAME.eml`, never a password.

        Raises SendError: TemporaryFailure, PermanentFailure or UnclearDelivery, and nothing else.
        """
        ...
