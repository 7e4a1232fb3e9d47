"""What can go wrong between an outlet and an article: each says what, where and what to do, and costs one outlet at most."""

from datetime import timedelta


class ScrapeError(Exception):
    """The family. `url` is where it happened; the message is one line for people."""

    def __init__(self, url: str, message: str) -> None:
        super().__init__(message)
        self.url = url


class FetchError(ScrapeError):
    """An address gave nothing usable; trying again later may help."""


class Unreachable(FetchError):
    """No connection, no name, a broken line."""


class TimedOut(FetchError):
    """The answer did not come, or did not end, in the time allowed."""


class TooBig(FetchError):
    """More bytes than the cap allows, before or after decompression."""


class RedirectLoop(FetchError):
    """More redirects than any real page needs."""


class ForbiddenAddress(FetchError):
    """A private, loopback or otherwise local address, first or after a redirect: never visited unless named."""


class NotInCapture(FetchError):
    """A replay was asked for an address its capture does not hold."""


class HttpFailure(FetchError):
    """An HTTP status that is no success. `asked` is how long the outlet wants us to wait (Retry-After)."""

    def __init__(self, url: str, message: str, *, status: int, asked: timedelta | None = None) -> None:
        super().__init__(url, message)
        self.status = status
        self.asked = asked


class Gone(HttpFailure):
    """404 or 410: the page is not there (any more)."""


class Blocked(FetchError):
    """Robots rules forbid it or a bot wall refuses us: not to be got round. `asked` as in HttpFailure."""

    def __init__(self, url: str, message: str, *, asked: timedelta | None = None) -> None:
        super().__init__(url, message)
        self.asked = asked


class NotAFeed(ScrapeError):
    """It answered, but not with what its entry point promises: the address needs a human, retrying will not help."""

    def __init__(self, url: str, *, looks_like: str) -> None:
        super().__init__(
            url,
            f"{url} answered with {looks_like}, not a feed, listing or sitemap. "
            "Open it in a browser, then correct the outlet's file.",
        )
        self.looks_like = looks_like


class NotAnArticle(ScrapeError):
    """A page without prose: photo, video, section or challenge pages end here."""
