"""Which mail server, and how to reach it: the text of ENTENTE_SMTP_URL walks in, a `MailServer` walks out. Pure."""

import ipaddress
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from alerts.errors import SettingError

SETTING = "ENTENTE_SMTP_URL"
_PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
_FORMS = "smtp://host:25, smtps://user:password@host:465 or smtp+starttls://user:password@host:587"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """A mail server as the operator named it."""

    #: smtp (in clear), smtps (TLS from the first byte) or smtp+starttls (TLS before anything that matters).
    scheme: str
    host: str
    port: int
    #: Empty: no login.
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def name(self) -> str:
        """The server as it may be logged: without user and password."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


def read_server(url: str) -> MailServer:
    """The server `url` names. Raises SettingError, which never repeats the address: it may hold a password."""
    try:
        parts = urlsplit(url.strip())
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        raise SettingError(SETTING, f"its host or port cannot be read; write it as {_FORMS}.") from None
    if parts.scheme not in _PORTS:
        raise SettingError(SETTING, f"it must begin with smtp://, smtps:// or smtp+starttls://, as in {_FORMS}.")
    if not host or port == 0:
        raise SettingError(SETTING, f"it names no server; write it as {_FORMS}.")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise SettingError(
            SETTING, "something follows the port. Percent-encode / ? # and @ inside a password: %2F %3F %23 %40."
        )
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    _check_login(user, password, in_clear=parts.scheme == "smtp" and not _is_this_machine(host))
    return MailServer(scheme=parts.scheme, host=host, port=port or _PORTS[parts.scheme], user=user, password=password)


def _check_login(user: str, password: str, *, in_clear: bool) -> None:
    if bool(user) != bool(password):
        raise SettingError(SETTING, "a login needs both a user and a password, as in user:password@host.")
    if not (user + password).isascii() or any(not c.isprintable() for c in user + password):
        raise SettingError(SETTING, "user and password may hold printable ASCII only.")
    if user and in_clear:
        raise SettingError(SETTING, "smtp:// would send the password in clear: use smtp+starttls:// or smtps://.")


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
