"""The register of events in use while the operator's files change underneath. Built by `assembly`.

Pages and attachments speak by the same register. Changed files count as soon as somebody asks for the version; files that
cannot be used are refused aloud, and the register that stood before stays.
"""

import threading
from pathlib import Path

import structlog

from service.errors import Unusable
from storage.events.errors import EventFileError
from storage.events.reading import read_register, register_version
from storage.events.register import Register

log = structlog.get_logger("events")


class StandingRegister:
    """Gives the register in use. Several threads may ask."""

    def __init__(self, folder: Path | None) -> None:
        """`folder` is the operator's."""
        self._folder = folder
        self._lock = threading.Lock()
        self._register: Register | None = None
        self._seen = ""
        #: Why the files that stand in the folder now are not in use, with file, line and reason; empty: they are.
        self.refused = ""

    def __call__(self) -> Register:
        """The register in use, read when first asked for. Raises Unusable when it cannot be."""
        with self._lock:
            return self._register or self._read()

    def version(self) -> str:
        """The version in use after a look at the files. Raises Unusable when none can be."""
        with self._lock:
            try:
                found = register_version(self._folder)
            except EventFileError as why:
                return self._refuse(why)
            if self._register is None:
                return found
            if found not in (self._register.version, self._seen):
                self._seen = found
                try:
                    self._register, self.refused = read_register(self._folder), ""
                    log.info("new register of events", register=found)
                except EventFileError as why:
                    return self._refuse(why)
            elif found == self._register.version:
                self.refused = ""
            return self._register.version

    def _refuse(self, why: EventFileError) -> str:
        if self._register is None:
            raise Unusable(str(why)) from why
        if self.refused != str(why):
            self.refused = str(why)
            log.warning(
                "files of events refused, the register stays", register=self._register.version, why=self.refused
            )
        return self._register.version

    def _read(self) -> Register:
        try:
            self._register = read_register(self._folder)
        except EventFileError as why:
            raise Unusable(str(why)) from why
        return self._register
