"""Digests to a mail server: a `Digest` walks in, a server has taken it over, or a `SendError` says how far it came.

The only module that opens the network outwards. No exception of smtplib, ssl or the socket leaves it. What matters is the
line between "surely not delivered" and "perhaps": it lies at the dot that ends the message (RFC 5321, 4.2.5).
"""

import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from alerts.addresses import check_address, domain_of
from alerts.errors import PermanentFailure, SendError, SettingError, TemporaryFailure, UnclearDelivery
from alerts.sending.message import check_mail_from, to_message
from alerts.sending.server import SETTING, MailServer, read_server
from storage.records import Digest

#: The one lasting refusal of MAIL FROM that is about the message; all others are about a setting the operator can mend.
_TOO_BIG = 552


class SmtpSender:
    """Sends over one connection a digest. Keeps the promises of `Sender`; may be used from several threads."""

    def __init__(
        self,
        url: str,
        *,
        mail_from: str,
        contact: str = "",
        web_url: str = "",
        timeout: timedelta = timedelta(seconds=30),
        deadline: timedelta = timedelta(minutes=3),
        context: ssl.SSLContext | None = None,
    ) -> None:
        """`url` as ENTENTE_SMTP_URL; `timeout` for each answer, `deadline` for the whole of one digest.

        `context` brings other certificates than the system's. Raises SettingError for an unusable `url` or `mail_from`.
        """
        self._server = read_server(url)
        self._sender = check_mail_from(mail_from).addr_spec
        self._mail_from = mail_from
        self._contact = contact
        self._web_url = web_url
        self._timeout = timeout
        self._deadline = deadline
        self._context = context or ssl.create_default_context()

    def send(self, digest: Digest) -> str:
        """Hand `digest` to the server and return its name. The answers of the server are kept in the errors' messages."""
        try:
            message = to_message(digest, mail_from=self._mail_from, contact=self._contact, web_url=self._web_url)
        except SettingError as why:
            raise TemporaryFailure(str(why)) from why
        recipient = check_address(digest.email)
        with self._connection() as client:
            self._hand_over(client, recipient, message.as_bytes())
        return self._server.name

    @contextmanager
    def _connection(self) -> Iterator[smtplib.SMTP]:
        """A greeted, encrypted and logged-in line to the server, hung up afterwards whatever happens."""
        alarm = _Alarm(self._deadline)
        client: smtplib.SMTP | None = None
        try:
            client = self._opened(alarm)
            yield client
            with suppress(smtplib.SMTPException, OSError):  # taken over is taken over, however the farewell goes
                client.quit()
        except smtplib.SMTPAuthenticationError as why:
            raise self._later(f"refused the login: correct user and password in {SETTING}", why) from why
        except (smtplib.SMTPException, OSError, ValueError) as why:
            raise self._later("could not be used", why) from why
        finally:
            alarm.cancel()
            if client is not None:
                client.close()

    def _opened(self, alarm: "_Alarm") -> smtplib.SMTP:
        server, timeout = self._server, self._timeout.total_seconds()
        # Named after the sender's domain: asking the system for its full name may take long and leaks it.
        name = domain_of(self._sender)
        client: smtplib.SMTP
        if server.scheme == "smtps":
            client = _TlsClient(alarm, server, name, timeout, self._context)
        else:
            client = _Client(alarm, server, name, timeout)
        try:
            if server.scheme == "smtp+starttls":
                client.starttls(context=self._context)
            client.ehlo_or_helo_if_needed()
            if server.user:
                client.login(server.user, server.password)
        except BaseException:
            client.close()
            raise
        return client

    def _hand_over(self, client: smtplib.SMTP, recipient: str, body: bytes) -> None:
        size = [f"size={len(body)}"] if client.has_extn("size") else []
        code, said = client.mail(self._sender, size)
        if code != 250:
            advice = "the message is too big for it" if code == _TOO_BIG else "see ENTENTE_MAIL_FROM"
            raise self._refusal(f"does not take mail from {self._sender} ({advice})", code, said, code == _TOO_BIG)
        code, said = client.rcpt(recipient)
        if code not in (250, 251):
            raise self._refusal(f"does not take mail for {recipient}", code, said, permanent=code // 100 == 5)
        code, said = client.docmd("DATA")
        if code != 354:
            raise self._refusal("does not take the message", code, said, permanent=code // 100 == 5)
        client.send(_stuffed(body))
        self._finish(client)

    def _finish(self, client: smtplib.SMTP) -> None:
        """Send the dot that ends the message. From here to the answer nobody can tell whether it was delivered."""
        client.send(b".\r\n")
        try:
            code, said = client.getreply()
        except (smtplib.SMTPException, OSError, ValueError) as why:
            raise self._unclear(_told(why)) from why
        if code // 100 in (4, 5):
            raise self._refusal("does not take the message", code, said, permanent=code // 100 == 5)
        if code // 100 != 2:
            raise self._unclear(f"it answered {code} {_clean(said)}")

    def _unclear(self, what: str) -> UnclearDelivery:
        return UnclearDelivery(
            f"{self._server.name} had the whole message when the line broke ({what}): it may have been delivered. "
            "A further try carries the same Message-ID."
        )

    def _refusal(self, what: str, code: int, said: bytes, permanent: bool) -> SendError:
        kind = PermanentFailure if permanent else TemporaryFailure
        return kind(f"{self._server.name} {what}: {code} {_clean(said)}")

    def _later(self, what: str, why: Exception) -> TemporaryFailure:
        return TemporaryFailure(f"{self._server.name} {what} ({_told(why)}).")


class _Alarm:
    """Hangs up a line that has been open for too long: a server that drips one byte a second outlives every time-out."""

    def __init__(self, after: timedelta) -> None:
        self._client: smtplib.SMTP | None = None
        self._timer = threading.Timer(after.total_seconds(), self._ring)
        self._timer.daemon = True
        self._timer.start()

    def watch(self, client: smtplib.SMTP) -> None:
        self._client = client

    def cancel(self) -> None:
        self._timer.cancel()

    def _ring(self) -> None:
        line = getattr(self._client, "sock", None)
        if line is not None:
            with suppress(OSError):
                # Past the TLS layer on purpose: a polite farewell could wait for the very server we give up on.
                socket.socket.shutdown(line, socket.SHUT_RDWR)


class _Client(smtplib.SMTP):
    """A line that is watched from before its first byte."""

    def __init__(self, alarm: _Alarm, server: MailServer, name: str, timeout: float) -> None:
        alarm.watch(self)
        super().__init__(server.host, server.port, local_hostname=name, timeout=timeout)


class _TlsClient(smtplib.SMTP_SSL):
    """The same, encrypted from its first byte."""

    def __init__(self, alarm: _Alarm, server: MailServer, name: str, timeout: float, context: ssl.SSLContext) -> None:
        alarm.watch(self)
        super().__init__(server.host, server.port, local_hostname=name, timeout=timeout, context=context)


def _stuffed(body: bytes) -> bytes:
    """Lines that begin with a dot get another (RFC 5321, 4.5.2), and the last line ends."""
    return re.sub(rb"(?m)^\.", b"..", body if body.endswith(b"\r\n") else body + b"\r\n")


def _told(why: Exception) -> str:
    """What a driver's error says, in one line."""
    if isinstance(why, TimeoutError):
        return "no answer in time"
    if isinstance(why, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {why.verify_message}"
    if isinstance(why, smtplib.SMTPNotSupportedError):
        return f"it does not offer what {SETTING} asks for: {_clean(str(why))}"
    if isinstance(why, smtplib.SMTPResponseException) and why.smtp_code == -1:
        return f"it does not speak SMTP: {_clean(why.smtp_error)}"
    if isinstance(why, smtplib.SMTPResponseException):
        return f"it said {why.smtp_code} {_clean(why.smtp_error)}"
    return _clean(str(why)) or type(why).__name__


def _clean(said: bytes | str) -> str:
    """An answer as one line that can be logged."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:300]
