"""The rules in use while the operator's topic files change underneath. A folder is watched, rules walk out. Built by `assembly`.

A service runs for weeks. Changed files count from the next look on; files that cannot be used are refused aloud, and the rules
that stood before stay, so a slip of the pen never stops the news.
"""

import threading
from collections.abc import Callable
from pathlib import Path

import structlog

from scrapers.classifying.loading import TopicFileError, topic_files
from scrapers.classifying.rules import Rules
from service.errors import Unusable

log = structlog.get_logger("topics")

#: What a changed file shows without being read: its name, size, and when it was written (ns).
_Stamp = tuple[tuple[str, int, int], ...]


class StandingRules:
    """Gives the rules in use. Several threads may ask."""

    def __init__(self, read: Callable[[], Rules], folder: Path | None) -> None:
        """`read` reads the rules and raises Unusable; `folder` is the operator's, whose files `read` reads among others."""
        self._read, self._folder = read, folder
        self._lock = threading.Lock()
        self._rules: Rules | None = None
        self._seen: _Stamp = ()
        #: Why the files that stand in the folder now are not in use, with file, line and reason; empty: they are.
        self.refused = ""

    def __call__(self) -> Rules:
        """The rules in use, read when first asked for. Raises Unusable when they cannot be."""
        with self._lock:
            if self._rules is None:
                self._seen = self._stamp()
                self._rules = self._read()
            return self._rules

    def renewed(self) -> Rules:
        """The rules in use after a look at the folder, which costs next to nothing while no file has changed."""
        standing = self()
        with self._lock:
            stamp = self._stamp()
            if stamp == self._seen:
                return self._rules or standing
            self._seen = stamp
            try:
                self._rules = self._read()
            except Unusable as why:
                self.refused = str(why)
                log.warning("topic files refused, the rules stay", rules=standing.version, why=self.refused)
                return self._rules or standing
            self.refused = ""
            if self._rules.version != standing.version:
                log.info(
                    "new rules", rules=self._rules.version, before=standing.version, judge_anew="entente topics apply"
                )
            return self._rules

    def _stamp(self) -> _Stamp:
        """Taken before the files are read: what is written meanwhile is seen at the next look."""
        if self._folder is None:
            return ()
        try:
            looked = [(path, path.stat()) for path in topic_files(self._folder)]
        except (TopicFileError, OSError):  # gone, or going: the reader says it better
            return (("", 0, 0),)
        return tuple((str(path), found.st_size, found.st_mtime_ns) for path, found in looked)
