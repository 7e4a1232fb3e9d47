"""What the walks ask of the door: an address walks in, the bytes it answered walk out.

`WebFetcher` asks the web, `ReplayFetcher` a capture; whoever holds a `Fetcher` cannot tell which. Only `service` and
tests import this room.
"""

from datetime import timedelta
from typing import Protocol

from storage.records import Capture


class Fetcher(Protocol):
    """Fetches one address at a time; safe to share between threads."""

    def fetch(
        self, url: str, *, etag: str = "", last_modified: str = "", delay: timedelta = timedelta(seconds=5)
    ) -> Capture | None:
        """What `url` answers, redirects followed; None when it has not changed since the answer that carried
        `etag` and `last_modified`.

        `delay` is the least time between the end of one request to a host and the start of the next; robots rules
        may ask for more. Raises one of the `FetchError` family, whose message is one line for people.
        """
