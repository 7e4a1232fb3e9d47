"""Mail servers that answer like real ones: real sockets on loopback, a real SMTP speaker, and its bad days.

`mail_server()` speaks through aiosmtpd: in clear, with STARTTLS or with TLS from the first byte, with or without login, with
recipients it refuses, and with three ways to end a message. `bad_server()` does what a script tells it, for servers that
are silent, drip, speak nonsense or hang up.
"""

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as MAIL
from enum import StrEnum
from functools import cache
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

LOOPBACK = "127.0.0.1"


class Ending(StrEnum):
    """What the server does once it has the whole message."""

    ANSWER = "answer"
    #: Keeps the message and cuts the line before the answer.
    DROP = "drop"
    #: Keeps the message and never answers.
    SILENCE = "silence"


@dataclass(frozen=True, slots=True)
class Received:
    """One message as it came over the wire."""

    mail_from: str
    recipients: tuple[str, ...]
    content: bytes
    #: User of the login, empty without one.
    user: str
    encrypted: bool

    @property
    def message(self) -> EmailMessage:
        """Parsed strictly: a defect raises."""
        parsed = message_from_bytes(self.content, policy=MAIL.clone(raise_on_defect=True))
        assert isinstance(parsed, EmailMessage)
        return parsed


@dataclass
class FakeMailServer:
    """Where the server listens, what it received, and the certificates a client must trust to talk to it."""

    scheme: str
    port: int
    context: ssl.SSLContext
    inbox: list[Received] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.scheme}://localhost:{self.port}"

    def url(self, login: str = "") -> str:
        """The address as ENTENTE_SMTP_URL would name it; `login` is user:password, percent-encoded."""
        return f"{self.scheme}://{login + '@' if login else ''}localhost:{self.port}"


@contextmanager
def mail_server(
    *,
    scheme: str = "smtp",
    users: Mapping[str, str] | None = None,
    refuses: Mapping[str, str] | None = None,
    answer: str = "250 taken over",
    ending: Ending = Ending.ANSWER,
    largest: int = 5_000_000,
) -> Iterator[FakeMailServer]:
    """A server for `scheme` (smtp, smtps, smtp+starttls). `users`: user -> password, who alone may send.

    `refuses`: sender or recipient address -> the reply it gets; `answer`: the reply to a whole message.
    """
    to_serve, to_trust = _certificates()
    listening = socket.create_server((LOOPBACK, 0))
    server = FakeMailServer(scheme=scheme, port=listening.getsockname()[1], context=to_trust)
    handler = _Handler(server.inbox, users is not None, refuses or {}, answer, ending)

    def speaker() -> SMTP:
        return SMTP(
            handler,
            hostname="mail.example",
            data_size_limit=largest,
            tls_context=to_serve if scheme == "smtp+starttls" else None,
            require_starttls=scheme == "smtp+starttls",
            auth_require_tls=scheme == "smtp+starttls",
            authenticator=_Users(users or {}),
            loop=loop,
        )

    loop = asyncio.new_event_loop()
    thread = threading.Thread(
        target=_serve, args=(loop, speaker, listening, to_serve if scheme == "smtps" else None), daemon=True
    )
    thread.start()
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


def _serve(
    loop: asyncio.AbstractEventLoop, speaker: Callable[[], SMTP], listening: socket.socket, tls: ssl.SSLContext | None
) -> None:
    """Run until stopped, then end every conversation."""
    asyncio.set_event_loop(loop)
    loop.set_exception_handler(lambda *_: None)  # clients that vanish are what some tests are about
    server = loop.run_until_complete(loop.create_server(speaker, sock=listening, ssl=tls))
    loop.run_forever()
    server.close()
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()


class _Handler:
    """What the server does with senders, recipients and messages (names given by aiosmtpd)."""

    def __init__(
        self, inbox: list[Received], login: bool, refuses: Mapping[str, str], answer: str, ending: Ending
    ) -> None:
        self._inbox = inbox
        self._login = login
        self._refuses = refuses
        self._answer = answer
        self._ending = ending

    async def handle_MAIL(  # noqa: N802
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._login and not session.authenticated:
            return "530 5.7.0 Authentication required"
        if address in self._refuses:
            return self._refuses[address]
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self._refuses:
            return self._refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        login = session.auth_data.login.decode() if isinstance(session.auth_data, LoginPassword) else ""
        assert isinstance(envelope.content, bytes)
        received = Received(
            mail_from=envelope.mail_from or "",
            recipients=tuple(envelope.rcpt_tos),
            content=envelope.content,
            user=login,
            encrypted=session.ssl is not None
            or isinstance(server.transport.get_extra_info("ssl_object"), ssl.SSLObject),
        )
        if not self._answer.startswith("2"):
            return self._answer
        self._inbox.append(received)
        if self._ending is Ending.DROP:
            server.transport.abort()
        elif self._ending is Ending.SILENCE:
            await asyncio.Event().wait()
        return self._answer


class _Users:
    def __init__(self, users: Mapping[str, str]) -> None:
        self._users = users

    def __call__(self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
        known = isinstance(data, LoginPassword) and self._users.get(data.login.decode()) == data.password.decode()
        return AuthResult(success=known, handled=False, auth_data=data)


@cache
def _certificates() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A context to serve localhost with, and one that trusts it."""
    authority = trustme.CA()
    to_serve = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(to_serve)
    to_trust = ssl.create_default_context()
    authority.configure_trust(to_trust)
    return to_serve, to_trust


@contextmanager
def bad_server(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """The smtp:// address of a server that runs `talk` with everyone who comes; connections end when the test does."""
    listening = socket.create_server((LOOPBACK, 0))
    lines: list[socket.socket] = []
    conversations: list[threading.Thread] = []

    def welcome() -> None:
        with suppress(OSError):
            while True:
                line, _ = listening.accept()
                lines.append(line)
                conversations.append(threading.Thread(target=_converse, args=(talk, line), daemon=True))
                conversations[-1].start()

    door = threading.Thread(target=welcome, daemon=True)
    door.start()
    try:
        yield f"smtp://{LOOPBACK}:{listening.getsockname()[1]}"
    finally:
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        door.join()
        for line in lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        for conversation in conversations:
            conversation.join()
        for line in lines:
            line.close()


def _converse(talk: Callable[[socket.socket], None], line: socket.socket) -> None:
    with suppress(OSError):
        talk(line)
        line.shutdown(socket.SHUT_RDWR)


def silent(line: socket.socket) -> None:
    """Accepts the connection and never says a word."""
    while line.recv(1000):
        pass


def dripping(line: socket.socket) -> None:
    """Begins a greeting that never ends, a byte at a time."""
    pause = threading.Event()
    line.sendall(b"220")
    while True:
        line.sendall(b"-")
        pause.wait(0.02)


def nonsense(line: socket.socket) -> None:
    """Another kind of server altogether."""
    line.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    line.recv(1000)


def hanging_up(line: socket.socket) -> None:
    """Closes at once."""


def hanging_up_at_data(line: socket.socket) -> None:
    """Takes sender and recipient and is gone before the message."""
    line.sendall(b"220 mail.example\r\n")
    for answer in (b"250 mail.example", b"250 OK", b"250 OK"):
        line.recv(1000)
        line.sendall(answer + b"\r\n")
    line.recv(1000)


def babbling_at_the_end(line: socket.socket) -> None:
    """Takes the whole message and then answers with what is no reply."""
    line.sendall(b"220 mail.example\r\n")
    for answer in (b"250 mail.example", b"250 OK", b"250 OK", b"354 go on"):
        line.recv(1000)
        line.sendall(answer + b"\r\n")
    heard = b""
    while not heard.endswith(b"\r\n.\r\n"):
        heard += line.recv(65536)
    line.sendall(b"well, perhaps\r\n")
