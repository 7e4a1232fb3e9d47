"""The ledger: nothing is told twice, or never, whoever dies and wherever."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from storage.archive.archive import Archive
from storage.errors import ArchiveError
from storage.records import Digest, DigestRecord, DigestState, Subscription
from tests.fakes.stores import AStore

NOW = datetime(2024, 7, 2, 7, 0, tzinfo=UTC)
SOON = NOW + timedelta(minutes=5)
LEASE = timedelta(minutes=10)
DIGEST = Digest(
    subscription="morning",
    email="reader@example.test",
    subject="Two articles — 两篇",
    html="<p>Учения</p>",
    text="Учения",
    message_id="<1@entente.test>",
    due=NOW,
    composed=NOW,
    told=(("b", 2), ("a", 1)),
)
NEXT = replace(DIGEST, due=NOW + timedelta(days=1), message_id="<2@entente.test>")


def claim(archive: Archive, digest: Digest = DIGEST, *, now: datetime = NOW) -> DigestRecord:
    claimed = archive.ledger.claim(digest, owner="one", now=now, lease=LEASE)
    assert claimed is not None
    return claimed


def unfinished(archive: Archive, *, now: datetime, owner: str = "two") -> list[DigestRecord]:
    return archive.ledger.unfinished(now=now, owner=owner, lease=LEASE)


def test_a_digest_is_claimed_then_sent_and_stays_readable(archive: Archive) -> None:
    record = claim(archive, replace(DIGEST, late=True))
    assert (record.digest, record.state, record.attempts) == (replace(DIGEST, late=True), DigestState.CLAIMED, 1)
    archive.ledger.mark_sent(record.number, now=SOON, via="smtp://mail.test:25")
    sent = archive.ledger.get(record.number)
    assert sent == replace(record, state=DigestState.SENT, sent=SOON, via="smtp://mail.test:25")
    assert archive.ledger.list() == [sent]
    assert archive.ledger.told("morning") == {"a": 1, "b": 2}


@pytest.mark.parametrize(
    "digest",
    [
        pytest.param(replace(DIGEST, told=(("c", 1),)), id="the slot is taken"),
        pytest.param(replace(NEXT, told=(("c", 1), ("a", 1))), id="one of its articles was told"),
    ],
)
@pytest.mark.parametrize("sent", [pytest.param(True, id="and sent"), pytest.param(False, id="and on its way")])
def test_nothing_is_claimed_twice(archive: Archive, digest: Digest, sent: bool) -> None:
    record = claim(archive)
    if sent:
        archive.ledger.mark_sent(record.number, now=SOON, via="outbox:1.eml")
    assert archive.ledger.claim(digest, owner="two", now=SOON, lease=LEASE) is None
    assert archive.ledger.told("morning") == {"a": 1, "b": 2}
    assert len(archive.ledger.list()) == 1


def test_a_new_revision_may_be_told_of_an_article_told_before(archive: Archive) -> None:
    claim(archive)
    claim(archive, replace(NEXT, told=(("a", 2),)))
    assert archive.ledger.told("morning") == {"a": 2, "b": 2}


def test_subscriptions_do_not_share_what_they_were_told(archive: Archive) -> None:
    claim(archive)
    claim(archive, replace(DIGEST, subscription="evening", told=(("a", 1),)))
    assert archive.ledger.told("evening") == {"a": 1}
    assert [record.digest.subscription for record in archive.ledger.list("evening")] == ["evening"]
    assert archive.ledger.told("unknown") == {}


def test_an_empty_digest_takes_its_slot_too(archive: Archive) -> None:
    claim(archive, replace(DIGEST, told=()))
    assert archive.ledger.claim(replace(DIGEST, told=()), owner="two", now=NOW, lease=LEASE) is None


def test_a_claim_left_open_is_taken_up_after_its_lease_under_the_same_message_id(archive: Archive) -> None:
    record = claim(archive)
    assert unfinished(archive, now=NOW + LEASE - timedelta(seconds=1)) == []
    assert unfinished(archive, now=NOW + LEASE) == [replace(record, attempts=2)]
    assert unfinished(archive, now=NOW + LEASE, owner="three") == []
    assert archive.ledger.told("morning") == {"a": 1, "b": 2}


def test_a_digest_that_could_not_be_sent_is_tried_again_at_its_time(archive: Archive) -> None:
    record = claim(archive)
    retry = NOW + timedelta(hours=1)
    archive.ledger.release(record.number, now=SOON, why="connection refused", next_try=retry)
    resting = archive.ledger.get(record.number)
    assert resting == replace(record, why="connection refused", next_try=retry)
    assert unfinished(archive, now=NOW + LEASE) == []
    assert unfinished(archive, now=retry) == [replace(record, why="connection refused", attempts=2)]
    archive.ledger.mark_sent(record.number, now=retry, via="smtp://mail.test:25")
    sent = archive.ledger.get(record.number)
    assert sent is not None
    assert (sent.state, sent.why, sent.attempts) == (DigestState.SENT, "", 2)


def test_what_a_digest_given_up_would_have_told_comes_in_the_next_one(archive: Archive) -> None:
    record = claim(archive)
    archive.ledger.release(record.number, now=SOON, why="no such mailbox", next_try=None)
    given_up = archive.ledger.get(record.number)
    assert given_up == replace(record, state=DigestState.FAILED, why="no such mailbox")
    assert archive.ledger.told("morning") == {}
    assert unfinished(archive, now=NOW + timedelta(days=9)) == []
    assert claim(archive, NEXT).digest.told == DIGEST.told


def test_a_digest_that_was_sent_cannot_be_released(archive: Archive) -> None:
    record = claim(archive)
    archive.ledger.mark_sent(record.number, now=SOON, via="outbox:1.eml")
    for next_try in (None, NOW + timedelta(hours=1)):
        archive.ledger.release(record.number, now=SOON, why="a slow loser", next_try=next_try)
    sent = archive.ledger.get(record.number)
    assert sent is not None
    assert (sent.state, sent.why, sent.next_try) == (DigestState.SENT, "", None)
    assert archive.ledger.told("morning") == {"a": 1, "b": 2}


def test_said_to_be_sent_twice_the_first_time_stands(archive: Archive) -> None:
    record = claim(archive)
    archive.ledger.mark_sent(record.number, now=SOON, via="outbox:1.eml")
    archive.ledger.mark_sent(record.number, now=NOW + timedelta(days=1), via="outbox:2.eml")
    sent = archive.ledger.get(record.number)
    assert sent is not None
    assert (sent.sent, sent.via) == (SOON, "outbox:1.eml")


def test_what_went_out_was_told_even_if_it_was_given_up_meanwhile(archive: Archive) -> None:
    record = claim(archive)
    archive.ledger.release(record.number, now=SOON, why="lease over", next_try=None)
    claim(archive, replace(NEXT, told=(("a", 1),)))
    archive.ledger.mark_sent(record.number, now=SOON, via="smtp://mail.test:25")
    assert archive.ledger.told("morning") == {"a": 1, "b": 2}


def test_a_claim_that_cannot_be_written_whole_is_not_written(archive: Archive, store: AStore) -> None:
    with store.refusing("ledger"), pytest.raises(ArchiveError):
        archive.ledger.claim(DIGEST, owner="one", now=NOW, lease=LEASE)
    assert archive.ledger.list() == []


def test_a_removed_subscription_gets_nothing_more_and_its_digests_stay_readable(archive: Archive) -> None:
    archive.subscriptions.add(Subscription(name="morning", email="reader@example.test"))
    sent, open_ = claim(archive), claim(archive, replace(NEXT, told=(("c", 1),)))
    archive.ledger.mark_sent(sent.number, now=SOON, via="outbox:1.eml")
    archive.subscriptions.remove("morning")
    assert unfinished(archive, now=NOW + timedelta(days=9)) == []
    states = [(record.number, record.state, record.digest.text) for record in archive.ledger.list("morning")]
    assert states == [(open_.number, DigestState.FAILED, "Учения"), (sent.number, DigestState.SENT, "Учения")]
    assert archive.ledger.told("morning") == {"a": 1, "b": 2}


def test_the_last_digests_come_first(archive: Archive) -> None:
    numbers = [claim(archive, replace(DIGEST, due=NOW + timedelta(days=n), told=())).number for n in range(3)]
    assert [record.number for record in archive.ledger.list(limit=2)] == numbers[:0:-1]
    assert archive.ledger.get(999) is None
