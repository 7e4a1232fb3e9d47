"""Archive to mailbox through a real SMTP server and a real outbox: told on time, told once, told whole."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from alerts.slots import next_slot
from service.assembly import Service
from service.runs.alerting import LEASE, digest_for, run_alerting, send_now
from service.runs.keeping import keep
from service.runs.seeding import run_seeding
from storage.records import DigestState, Published, Subscription, WhenEmpty
from tests.fakes.house import Clock, a_service, drill
from tests.fakes.mail_server import mail_server
from tests.fakes.texts import an_article

#: 05:00 in Berlin.
NIGHT = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
MORNING = Subscription(name="morning", email="reader@example.org", at=time(7, 0), zone="Europe/Berlin")


@pytest.fixture
def clock() -> Clock:
    return Clock(NIGHT)


@pytest.fixture
def service(tmp_path: Path, clock: Clock) -> Iterator[Service]:
    with a_service(tmp_path, clock=clock) as built:
        yield built


def news(service: Service, number: int, **over: object) -> None:
    """One more article arrives, a little later than the last."""
    service.clock.now += timedelta(seconds=1)  # type: ignore[attr-defined]
    article = an_article(
        canonical_id=str(number),
        title=f"China and Russia hold joint exercise {number}",
        text="\n".join(drill(number)),
        published=None,
    )
    keep(service.archive, service.rules, replace(article, **over), now=service.clock())  # type: ignore[arg-type]


def subscribe(service: Service, subscription: Subscription = MORNING) -> None:
    now = service.clock()
    dated = replace(subscription, since=now - timedelta(days=1), next_due=next_slot(subscription, after=now))
    service.archive.subscriptions.add(dated)


def outbox(service: Service) -> list[str]:
    folder = service.settings.data_dir / "outbox"
    return sorted(path.name for path in folder.glob("*.eml")) if folder.exists() else []


def unmarked(text: str) -> str:
    """The words of a mail without what marks them in HTML or plain text."""
    return re.sub(r"</?(?:mark|span|b|strong)[^>]*>|[*\[\]]", "", text)


def test_a_digest_goes_out_at_its_local_hour_and_not_before(service: Service, clock: Clock) -> None:
    subscribe(service)
    news(service, 1)
    assert run_alerting(service.alerting()) == []
    clock.now = datetime(2026, 11, 21, 6, 0, 20, tzinfo=UTC)
    [record] = run_alerting(service.alerting())
    assert record.state is DigestState.SENT
    assert record.digest.due == datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
    assert not record.digest.late
    assert run_alerting(service.alerting()) == [], "the slot is answered"
    assert len(outbox(service)) == 1


def test_a_mail_holds_what_a_reader_needs(service: Service) -> None:
    subscribe(service)
    news(service, 1)
    send_now(service.alerting(), service.archive.subscriptions.get("morning"))
    body = (service.settings.data_dir / "outbox" / outbox(service)[0]).read_bytes()
    message = message_from_bytes(body, policy=policy.default)
    text = message.get_body(("plain",))
    html = message.get_body(("html",))
    assert text is not None
    assert html is not None
    for part in (text.get_content(), html.get_content()):
        part = unmarked(part)
        assert "China and Russia hold joint exercise 1" in part
        assert "https://harbour-post.test/news/1" in part
        assert "joint exercise" in part
    assert message["To"] == "reader@example.org"


def test_nothing_is_told_twice(service: Service) -> None:
    subscribe(service)
    news(service, 1)
    asked = service.archive.subscriptions.get("morning")
    first = send_now(service.alerting(), asked)
    assert first is not None
    assert send_now(service.alerting(), asked) is None
    news(service, 2)
    second = send_now(service.alerting(), asked)
    assert second is not None
    assert "joint exercise 2" in unmarked(second.digest.text)
    assert "joint exercise 1" not in unmarked(second.digest.text)
    assert len(outbox(service)) == 2


def test_an_edited_article_is_told_again_as_changed(service: Service) -> None:
    subscribe(service)
    news(service, 1)
    asked = service.archive.subscriptions.get("morning")
    send_now(service.alerting(), asked)
    news(service, 1, text="\n".join(drill(7)))
    again = send_now(service.alerting(), asked)
    assert again is not None
    assert again.digest.told[0][1] == 2


def test_old_news_and_seeds_are_never_told(service: Service) -> None:
    run_seeding(service.archive, service.rules, Path("nowhere"), now=service.clock())
    subscribe(service, replace(MORNING, when_empty=WhenEmpty.SKIP))
    news(service, 1, published=Published(at=NIGHT - timedelta(days=400)))
    assert send_now(service.alerting(), service.archive.subscriptions.get("morning")) is None


@pytest.mark.parametrize(
    ("policy_", "mails"),
    [
        pytest.param(WhenEmpty.SEND, 1, id="says that there is nothing new"),
        pytest.param(WhenEmpty.SKIP, 0, id="keeps silent"),
    ],
)
def test_an_empty_day(service: Service, clock: Clock, policy_: WhenEmpty, mails: int) -> None:
    subscribe(service, replace(MORNING, when_empty=policy_))
    clock.now += timedelta(hours=3)
    run_alerting(service.alerting())
    assert len(outbox(service)) == mails
    assert service.archive.subscriptions.get("morning").next_due == datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


def test_three_days_of_outage_end_in_one_digest_marked_late(service: Service, clock: Clock) -> None:
    subscribe(service)
    for number in (1, 2):
        news(service, number)
    clock.now += timedelta(days=3, hours=9)
    [record] = run_alerting(service.alerting())
    assert record.digest.late
    assert len(record.digest.told) == 2
    assert run_alerting(service.alerting()) == []


def test_a_mail_server_that_is_down_costs_patience_and_nothing_else(tmp_path: Path, clock: Clock) -> None:
    with a_service(tmp_path, clock=clock, smtp_url="smtp://127.0.0.1:9") as service:
        subscribe(service)
        news(service, 1)
        clock.now += timedelta(hours=3)
        [failed] = run_alerting(service.alerting())
        assert failed.state is DigestState.CLAIMED
        assert "127.0.0.1:9" in failed.why
    with mail_server() as server, a_service(tmp_path, clock=clock, smtp_url=server.url()) as service:
        clock.now += timedelta(minutes=30)
        [record] = run_alerting(service.alerting())
        assert record.state is DigestState.SENT
        assert record.digest.message_id == failed.digest.message_id
        assert len(server.inbox) == 1


def test_two_processes_send_one_mail(tmp_path: Path, clock: Clock) -> None:
    with mail_server() as server, a_service(tmp_path, clock=clock, smtp_url=server.url()) as one:
        subscribe(one)
        news(one, 1)
        clock.now += timedelta(hours=3)
        with a_service(tmp_path, clock=clock, smtp_url=server.url()) as other:
            run_alerting(replace(one.alerting(), owner="one"))
            run_alerting(replace(other.alerting(), owner="other"))
        assert len(server.inbox) == 1


def test_a_claim_left_by_a_crash_is_sent_under_the_same_message_id(service: Service, clock: Clock) -> None:
    subscribe(service)
    news(service, 1)
    now = clock()
    digest = digest_for(service.alerting(), service.archive.subscriptions.get("morning"), due=now, now=now)
    assert digest is not None
    service.archive.ledger.claim(digest, owner="a process that died", now=now, lease=LEASE)
    assert run_alerting(service.alerting()) == [], "the lease still runs"
    clock.now += LEASE + timedelta(seconds=1)
    [record] = run_alerting(service.alerting())
    assert (record.state, record.digest.message_id) == (DigestState.SENT, digest.message_id)


def test_a_query_that_no_longer_parses_costs_its_subscription_only(service: Service, clock: Clock) -> None:
    subscribe(service, replace(MORNING, name="broken", query='"open'))
    subscribe(service)
    news(service, 1)
    clock.now += timedelta(hours=3)
    [record] = run_alerting(service.alerting())
    assert record.digest.subscription == "morning"


def test_small_edits_are_told_to_nobody_and_material_ones_are(service: Service) -> None:
    subscribe(service)
    story = "\n".join(drill(1))
    news(service, 1, text=f"{story}\nThe weather was fine.")
    assert send_now(service.alerting(), MORNING) is not None
    news(service, 1, text=f"{story}\nThe weather was splendid.")
    assert send_now(service.alerting(), MORNING) is None
    news(service, 1, text=f"{story}\nThe weather was splendid, and forty tents stood on the shore.")
    told = send_now(service.alerting(), MORNING)
    assert told is not None
    assert [revision for _, revision in told.digest.told] == [3]
    assert "1 changed" in told.digest.subject
