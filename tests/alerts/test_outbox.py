"""Digests in a folder: whole, once, and named so that they sort."""

import stat
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

import pytest

from alerts.errors import PermanentFailure, SettingError, TemporaryFailure
from alerts.sending.outbox import OutboxSender
from tests.alerts.test_smtp import DIGEST


def test_a_digest_stands_in_the_folder_and_opens_as_a_mail(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "outbox"
    via = OutboxSender(folder).send(DIGEST)
    (file,) = folder.iterdir()
    assert via == f"outbox:{file.name}"
    assert file.name.startswith("20260314T040000Z-morning-")
    message = message_from_bytes(file.read_bytes(), policy=SMTP.clone(raise_on_defect=True))
    assert message["message-id"] == DIGEST.message_id
    assert message["from"] == "Entente <entente@localhost>"


def test_the_same_message_is_written_once(tmp_path: Path) -> None:
    sender = OutboxSender(tmp_path)
    first = sender.send(DIGEST)
    assert sender.send(replace(DIGEST, text="composed anew\n")) == first
    (file,) = tmp_path.iterdir()
    assert b"composed anew" not in file.read_bytes()


def test_other_slots_and_subscriptions_are_other_files(tmp_path: Path) -> None:
    sender = OutboxSender(tmp_path)
    tomorrow = replace(DIGEST, due=DIGEST.due + timedelta(days=1), message_id="<b@e.example>")
    # Two names with one label: the Message-ID keeps them apart.
    twin = replace(DIGEST, subscription="Morning!", message_id="<c@e.example>")
    names = {sender.send(digest) for digest in (DIGEST, tomorrow, twin)}
    assert len(names) == len(list(tmp_path.iterdir())) == 3


def test_a_name_leads_nowhere_else(tmp_path: Path) -> None:
    OutboxSender(tmp_path / "outbox").send(replace(DIGEST, subscription="../../../escape"))
    assert [path.name for path in tmp_path.iterdir()] == ["outbox"]


def test_only_the_owner_may_read_addresses(tmp_path: Path) -> None:
    OutboxSender(tmp_path).send(DIGEST)
    (file,) = tmp_path.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_folder_that_cannot_be_one_is_told_and_tried_again(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file")
    with pytest.raises(TemporaryFailure, match="could not be written"):
        OutboxSender(tmp_path / "outbox").send(DIGEST)


def test_nothing_half_written_stays_when_the_name_is_taken_by_a_folder(tmp_path: Path) -> None:
    name = OutboxSender(tmp_path / "a").send(DIGEST).removeprefix("outbox:")
    broken = tmp_path / "b"
    broken.mkdir()
    (broken / name).symlink_to(broken / "missing" / "target")
    OutboxSender(broken).send(DIGEST)
    assert [path.name for path in broken.iterdir()] == [name]
    assert not (broken / name).is_symlink()


def test_what_cannot_be_a_mail_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(PermanentFailure):
        OutboxSender(tmp_path).send(replace(DIGEST, email="nobody"))
    assert list(tmp_path.iterdir()) == []


def test_a_sender_that_is_no_address_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="ENTENTE_MAIL_FROM"):
        OutboxSender(tmp_path, mail_from="nobody")
