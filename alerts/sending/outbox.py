"""Digests into a folder of .eml files, for a house without a mail server: a `Digest` walks in, a file stands there.

Any mail program opens the files. They hold addresses and searches, so only their owner may read them.
"""

import hashlib
import os
import tempfile
from pathlib import Path

from alerts.errors import TemporaryFailure
from alerts.sending.message import check_mail_from, list_label, to_message
from storage.records import Digest, utc


class OutboxSender:
    """Writes each digest once, whole or not at all. Keeps the promises of `Sender`."""

    def __init__(
        self, folder: Path, *, mail_from: str = "Entente <entente@localhost>", contact: str = "", web_url: str = ""
    ) -> None:
        """`folder` is created when the first digest comes. Raises SettingError when `mail_from` is no address."""
        check_mail_from(mail_from)
        self._folder = folder
        self._mail_from = mail_from
        self._contact = contact
        self._web_url = web_url

    def send(self, digest: Digest) -> str:
        """Write the digest unless its Message-ID was written before; return `outbox:NAME.eml`."""
        message = to_message(digest, mail_from=self._mail_from, contact=self._contact, web_url=self._web_url)
        target = self._folder / file_name(digest)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if not target.exists():
                _write_whole(target, message.as_bytes())
        except OSError as why:
            raise TemporaryFailure(
                f"{target} could not be written ({why.strerror or why}): make room or correct the folder's rights."
            ) from why
        return f"outbox:{target.name}"


def file_name(digest: Digest) -> str:
    """One name for one Message-ID; names sort by slot."""
    mark = hashlib.sha256(digest.message_id.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{utc(digest.due):%Y%m%dT%H%M%SZ}-{list_label(digest.subscription)}-{mark}.eml"


def _write_whole(target: Path, body: bytes) -> None:
    """Write beside, flush to the disk, rename, flush the folder: after a power cut the file is whole or not there."""
    handle, beside = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).replace(target)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
