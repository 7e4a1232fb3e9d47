"""Digests handed to real mail servers on loopback, on their good and their bad days."""

import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from alerts.composing.composing import compose
from alerts.errors import PermanentFailure, SendError, SettingError, TemporaryFailure, UnclearDelivery
from alerts.selecting import select
from alerts.sending.smtp import SmtpSender
from storage.records import Completeness, Digest
from tests.alerts.press import COLUMN, DAWN, EXERCISE_ZH, MINISTERS_RU, MORNING, PATROL
from tests.fakes.mail_server import (
    Ending,
    babbling_at_the_end,
    bad_server,
    dripping,
    hanging_up,
    hanging_up_at_data,
    mail_server,
    nonsense,
    silent,
)

SENDER = "Entente <news@press.example>"
SOON = timedelta(seconds=0.3)


def composed() -> Digest:
    made = compose(
        MORNING,
        select([PATROL, EXERCISE_ZH, MINISTERS_RU, COLUMN], told={}, since=None),
        completeness=Completeness(visited=4, ok=4),
        due=DAWN,
        now=DAWN,
        web_url="https://entente.example",
        mail_from=SENDER,
        contact="ops@press.example",
    )
    assert made is not None
    return made


DIGEST = composed()


@pytest.mark.parametrize("scheme", ["smtp", "smtps", "smtp+starttls"])
@pytest.mark.parametrize("login", ["", "post%40master:p%2Fss:w%20rd"])
def test_a_digest_arrives_as_it_was_composed(scheme: str, login: str) -> None:
    with mail_server(scheme=scheme, users={"post@master": "p/ss:w rd"} if login else None) as server:
        sender = SmtpSender(server.url(login), mail_from=SENDER, contact="ops@press.example", context=server.context)
        assert sender.send(DIGEST) == server.name
    (received,) = server.inbox
    assert received.mail_from == "news@press.example"
    assert received.recipients == ("reader@example.org",)
    assert received.encrypted is (scheme != "smtp")
    assert received.user == ("post@master" if login else "")
    message = received.message
    assert message["subject"] == DIGEST.subject
    assert message["message-id"] == DIGEST.message_id
    for kind, sent in (("plain", DIGEST.text), ("html", DIGEST.html)):
        part = message.get_body((kind,))
        assert part is not None
        assert part.get_content().replace("\r\n", "\n").rstrip("\n") == sent.rstrip("\n")


def test_lines_that_begin_with_a_dot_arrive_with_it() -> None:
    dotted = replace(DIGEST, text=".\n..\n.end\n")
    with mail_server() as server:
        SmtpSender(server.url(), mail_from=SENDER).send(dotted)
    part = server.inbox[0].message.get_body(("plain",))
    assert part is not None
    assert part.get_content().replace("\r\n", "\n") == dotted.text


@pytest.mark.parametrize(
    ("server_is", "kind", "says", "kept"),
    [
        pytest.param({"refuses": {"reader@example.org": "550 5.1.1 no such user"}}, PermanentFailure, "reader@example.org: 550 5.1.1 no such user", 0, id="refuses the recipient"),
        pytest.param({"refuses": {"reader@example.org": "450 4.2.0 greylisted"}}, TemporaryFailure, "450 4.2.0 greylisted", 0, id="greylists the recipient"),
        pytest.param({"refuses": {"reader@example.org": "452 4.2.2 full"}}, TemporaryFailure, "452", 0, id="has no room now"),
        pytest.param({"refuses": {"news@press.example": "553 not yours"}}, TemporaryFailure, "ENTENTE_MAIL_FROM", 0, id="refuses the sender, whom the operator can correct"),
        pytest.param({"answer": "554 5.7.1 spam"}, PermanentFailure, "554 5.7.1 spam", 0, id="refuses the message"),
        pytest.param({"answer": "451 4.3.0 later"}, TemporaryFailure, "451 4.3.0 later", 0, id="wants the message later"),
        pytest.param({"largest": 1000}, PermanentFailure, "too big", 0, id="finds the message too big"),
        pytest.param({"users": {"a": "b"}}, TemporaryFailure, "Authentication required", 0, id="wants a login nobody gave us"),
        pytest.param({"ending": Ending.DROP}, UnclearDelivery, "may have been delivered", 1, id="drops the line after the message"),
        pytest.param({"ending": Ending.SILENCE}, UnclearDelivery, "timed out", 1, id="falls silent after the message"),
    ],
)  # fmt: skip
def test_what_a_server_says_is_told_for_what_it_is(
    server_is: dict[str, Any], kind: type[SendError], says: str, kept: int
) -> None:
    with mail_server(**server_is) as server:
        # The silent one is the only one waited for.
        patience = SOON if server_is.get("ending") is Ending.SILENCE else timedelta(seconds=20)
        with pytest.raises(SendError, match=says) as failed:
            SmtpSender(server.url(), mail_from=SENDER, timeout=patience).send(DIGEST)
    assert type(failed.value) is kind
    assert (failed.value.permanent, failed.value.ambiguous) == (kind is PermanentFailure, kind is UnclearDelivery)
    assert len(server.inbox) == kept


@pytest.mark.parametrize(
    ("talk", "kind", "says"),
    [
        pytest.param(silent, TemporaryFailure, "timed out", id="says nothing"),
        pytest.param(dripping, TemporaryFailure, "closed", id="drips for ever"),
        pytest.param(nonsense, TemporaryFailure, "does not speak SMTP", id="is no mail server"),
        pytest.param(hanging_up, TemporaryFailure, "closed", id="hangs up at once"),
        pytest.param(hanging_up_at_data, TemporaryFailure, "closed", id="hangs up before the message"),
        pytest.param(babbling_at_the_end, UnclearDelivery, "may have been delivered", id="babbles after the message"),
    ],
)
def test_a_server_that(talk: Callable[[socket.socket], None], kind: type[SendError], says: str) -> None:
    with bad_server(talk) as url, pytest.raises(kind, match=says):
        SmtpSender(url, mail_from=SENDER, timeout=SOON, deadline=2 * SOON).send(DIGEST)


def test_a_server_that_is_down_is_tried_again_later() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(TemporaryFailure, match="refused"):
        SmtpSender(f"smtp://127.0.0.1:{port}", mail_from=SENDER).send(DIGEST)


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_an_untrusted_certificate_gets_neither_password_nor_message(scheme: str) -> None:
    with mail_server(scheme=scheme, users={"me": "secret"}) as server:
        sender = SmtpSender(server.url("me:secret"), mail_from=SENDER)
        with pytest.raises(TemporaryFailure, match="certificate is not trusted"):
            sender.send(DIGEST)
    assert server.inbox == []


def test_a_certificate_for_another_host_is_refused() -> None:
    with mail_server(scheme="smtps") as server:
        url = server.url().replace("localhost", "127.0.0.1")
        with pytest.raises(TemporaryFailure, match="certificate is not trusted"):
            SmtpSender(url, mail_from=SENDER, context=server.context).send(DIGEST)


def test_without_starttls_on_offer_nothing_is_said_in_clear() -> None:
    with mail_server(scheme="smtp") as server:
        url = f"smtp+starttls://me:secret@localhost:{server.port}"
        with pytest.raises(TemporaryFailure, match="does not offer what ENTENTE_SMTP_URL asks for"):
            SmtpSender(url, mail_from=SENDER, context=server.context).send(DIGEST)
    assert server.inbox == []


def test_a_refused_login_names_the_setting_and_not_the_password() -> None:
    with mail_server(scheme="smtp+starttls", users={"me": "secret"}) as server:
        sender = SmtpSender(server.url("me:s3cr3t-word"), mail_from=SENDER, context=server.context)
        with pytest.raises(TemporaryFailure, match="login: correct user and password in ENTENTE_SMTP_URL") as failed:
            sender.send(DIGEST)
    assert "s3cr3t-word" not in str(failed.value) + repr(failed.value) + repr(sender) + repr(vars(sender))


def test_a_hostile_recipient_never_reaches_the_server() -> None:
    with mail_server() as server, pytest.raises(PermanentFailure, match="no usable mail address"):
        SmtpSender(server.url(), mail_from=SENDER).send(replace(DIGEST, email="a@b.example>\r\nRCPT TO:<c@d.example"))
    assert server.inbox == []


@pytest.mark.parametrize(
    ("url", "says"),
    [
        pytest.param("", "must begin with", id="empty"),
        pytest.param("mail.example.org", "must begin with", id="no scheme"),
        pytest.param("http://mail.example.org", "must begin with", id="another scheme"),
        pytest.param("smtp://", "names no server", id="no host"),
        pytest.param("smtp://host:0", "names no server", id="port zero"),
        pytest.param("smtp://host:port", "host or port", id="a port in letters"),
        pytest.param("smtp://host:99999", "host or port", id="a port too high"),
        pytest.param("smtp://[::1", "host or port", id="half an address"),
        pytest.param("smtps://me:pa/ss@host", "Percent-encode|host or port", id="a slash in the password"),
        pytest.param("smtps://me:hunter2@host/path", "Percent-encode", id="a path"),
        pytest.param("smtps://me:hunter2@host?x=1", "Percent-encode", id="a question"),
        pytest.param("smtps://me@host", "both a user and a password", id="a user without a password"),
        pytest.param("smtps://:hunter2@host", "both a user and a password", id="a password without a user"),
        pytest.param("smtps://me:hunter2%C3%A9@host", "ASCII", id="a password smtplib cannot send"),
        pytest.param("smtps://me%0d%0a:hunter2@host", "printable", id="a line break in the user"),
        pytest.param("smtp://me:hunter2@mail.example.org", "in clear", id="a password in clear"),
    ],
)
def test_an_unusable_setting_is_named_with_its_remedy(url: str, says: str) -> None:
    with pytest.raises(SettingError, match=says) as refused:
        SmtpSender(url, mail_from=SENDER)
    assert refused.value.setting == "ENTENTE_SMTP_URL"
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "smtp://mail.example.org",
        "smtp://[::1]:25",
        "smtps://me:x@mail.example.org",
        "smtp+starttls://me:x@mail.example.org/",
    ],
)
def test_a_usable_setting_is_taken(url: str) -> None:
    SmtpSender(url, mail_from="entente@localhost")
