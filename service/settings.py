"""What the operator decided. The environment walks in, one checked `Settings` walks out, or all complaints at once.

Only `service` imports this module. Every setting may also come from a file: ENTENTE_SMTP_URL_FILE names a file holding
what ENTENTE_SMTP_URL would, as Docker and Kubernetes hand over secrets.
"""

import difflib
import ipaddress
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from alerts.errors import SettingError
from alerts.sending.message import check_mail_from
from alerts.sending.smtp import SmtpSender
from service.errors import Unusable

PREFIX = "ENTENTE_"
_ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>]+")
_STORE = re.compile(r"sqlite:///|postgres(ql)?(\+psycopg)?://")


class Settings(BaseModel):
    """One field per ENTENTE_ setting, checked once at start."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: Database, index, outbox: everything Entente writes.
    data_dir: Path = Path("data")
    #: host:port of the web pages.
    bind: str = "127.0.0.1:8000"
    #: Where readers of mail reach the web pages; empty means http://<bind>.
    web_url: str = ""
    #: postgresql:// or sqlite:///; empty means entente.db in the data folder. May hold a password.
    database_url: SecretStr = SecretStr("")
    #: The five seed documents, and nothing else.
    seed_dir: Path = Path("seed-archive")
    #: The operator's own outlets and topics; they add to ours or override them by key.
    outlets_dir: Path | None = None
    topics_dir: Path | None = None
    #: The operator's own events, beside or in the place of those of the register.
    events_dir: Path | None = None
    #: Keys of the outlets to visit; empty means all that are enabled.
    only_outlets: str = ""
    #: host or host:port of private or loopback servers that may be visited all the same.
    allow_hosts: str = ""
    #: smtp://, smtps:// or smtp+starttls://user:password@host:port; empty means the outbox folder.
    smtp_url: SecretStr = SecretStr("")
    mail_from: str = "Entente <entente@localhost>"
    #: A mail address or web page at which outlets reach the operator; sent with every request.
    contact: str = ""
    #: Threads that visit outlets side by side; each outlet is visited by one at a time.
    workers: int = Field(default=8, ge=1, le=64)
    #: Articles read at one outlet in one run; what is left waits for the next.
    share: int = Field(default=60, ge=1, le=10_000)
    #: Articles visited again in one run to see whether they changed: all together (0 for none), and at one outlet.
    revisits: int = Field(default=200, ge=0, le=100_000)
    revisits_per_outlet: int = Field(default=10, ge=1, le=10_000)
    #: Time of day (UTC) of the nightly backup, and for how many days one is kept; 0 makes none.
    backup_at: str = "03:00"
    backup_days: int = Field(default=7, ge=0, le=3650)
    log_level: str = "info"

    @field_validator("bind")
    @classmethod
    def _bind(cls, value: str) -> str:
        host, colon, port = value.rpartition(":")
        if not colon or not host or not port.isdecimal() or not 0 <= int(port) <= 65535:
            raise ValueError("write it as host:port, as in 127.0.0.1:8000")
        return value

    @field_validator("backup_at")
    @classmethod
    def _backup_at(cls, value: str) -> str:
        if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
            raise ValueError("write it as HH:MM, in UTC, as in 03:00")
        return value

    @field_validator("web_url")
    @classmethod
    def _web_url(cls, value: str) -> str:
        if value and (urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).netloc):
            raise ValueError("write it as http://host or https://host, or leave it out")
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _database_url(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not _STORE.match(value.get_secret_value()):
            raise ValueError(
                "write it as postgresql://user:password@host/database or sqlite:///path/to/entente.db, or leave it out"
            )
        return value

    @field_validator("outlets_dir", "topics_dir", "events_dir")
    @classmethod
    def _folder(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_dir():
            raise ValueError("no such folder: create it, or leave the setting out")
        return value

    @field_validator("data_dir", "seed_dir")
    @classmethod
    def _no_file(cls, value: Path) -> Path:
        if value.exists() and not value.is_dir():
            raise ValueError("that is a file: name a folder")
        return value

    @field_validator("allow_hosts")
    @classmethod
    def _allow_hosts(cls, value: str) -> str:
        for host in _listed(value):
            if "/" in host or not host.rpartition(":")[0 if ":" in host else 2]:
                raise ValueError(
                    f"{host!r} is no host or host:port: write 127.0.0.1:8080,news.example, without http://"
                )
        return value

    @field_validator("smtp_url")
    @classmethod
    def _smtp_url(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value():
            try:
                SmtpSender(value.get_secret_value(), mail_from="entente@localhost")
            except SettingError as why:
                raise ValueError(why.remedy) from None
        return value

    @field_validator("mail_from")
    @classmethod
    def _mail_from(cls, value: str) -> str:
        try:
            check_mail_from(value)
        except SettingError as why:
            raise ValueError(why.remedy) from None
        return value

    @field_validator("contact")
    @classmethod
    def _contact(cls, value: str) -> str:
        reachable = _ADDRESS.fullmatch(value) or urlsplit(value).scheme in ("http", "https")
        if value and not (reachable and value.isascii() and value.isprintable()):
            raise ValueError("use a mail address or a web page outlets can write to, in plain ASCII letters")
        return value

    @field_validator("log_level")
    @classmethod
    def _log_level(cls, value: str) -> str:
        if value.lower() not in ("debug", "info", "warning", "error"):
            raise ValueError("use debug, info, warning or error")
        return value.lower()

    @property
    def database(self) -> str | Path:
        """Where the archive is, as `open_archive` takes it."""
        return self.database_url.get_secret_value() or self.data_dir / "entente.db"

    @property
    def host(self) -> str:
        return self.bind.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        return int(self.bind.rpartition(":")[2])

    @property
    def page_url(self) -> str:
        """Where the web pages are, for links in mail."""
        if self.web_url:
            return self.web_url
        try:
            anywhere = ipaddress.ip_address(self.host).is_unspecified
        except ValueError:
            anywhere = False
        return f"http://{'127.0.0.1' if anywhere else self.host}:{self.port}"

    @property
    def only(self) -> tuple[str, ...]:
        return _listed(self.only_outlets)

    @property
    def allowed_hosts(self) -> tuple[str, ...]:
        return _listed(self.allow_hosts)

    def but(self, **changes: Any) -> Self:
        """The same settings with some changed, unchecked: for the demo and for tests."""
        return self.model_copy(update=changes)


def _listed(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Settings from `environment` (names in capitals, prefix ENTENTE_). Raises Unusable with every complaint at once."""
    values, complaints = _values(environment)
    try:
        settings = Settings.model_validate(values)
    except ValidationError as wrong:
        complaints += [_complaint(error, values) for error in wrong.errors()]
        raise Unusable(*complaints) from None
    if complaints:
        raise Unusable(*complaints)
    return settings


def _values(environment: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    values: dict[str, str] = {}
    complaints: list[str] = []
    for name, value in sorted(environment.items()):
        if not name.startswith(PREFIX) or name == f"{PREFIX}SHARED":
            continue
        field = name.removeprefix(PREFIX).lower()
        if field.endswith("_file") and field.removesuffix("_file") in Settings.model_fields:
            field = field.removesuffix("_file")
            if f"{PREFIX}{field.upper()}" in environment:
                complaints.append(f"{name} and {PREFIX}{field.upper()} are both set: keep one of them.")
                continue
            try:
                value = Path(value).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as why:
                complaints.append(
                    f"{name} names {value!r}, which cannot be read ({why}): correct the path or its rights."
                )
                continue
        if field not in Settings.model_fields:
            complaints.append(_unknown(name, field))
        elif value.strip() or field in (
            "smtp_url",
            "contact",
            "only_outlets",
            "allow_hosts",
            "web_url",
            "database_url",
        ):
            values[field] = value.strip()
        elif field not in (
            "outlets_dir",
            "topics_dir",
            "events_dir",
        ):  # empty means "none of mine" there, as compose files write it
            complaints.append(f"{name} is empty: set it, or leave it out for {_default(field)!r}.")
    return values, complaints


def _default(field: str) -> str:
    return str(Settings.model_fields[field].default)


def _unknown(name: str, field: str) -> str:
    near = difflib.get_close_matches(field, Settings.model_fields, n=1)
    return f"{name} is no setting of Entente: " + (
        f"did you mean {PREFIX}{near[0].upper()}?" if near else "take it out, or see the list of settings in README.md."
    )


def _complaint(error: Any, values: Mapping[str, str]) -> str:
    field = str(error["loc"][0])
    said = "what you set" if field in ("smtp_url", "database_url") else repr(values.get(field, ""))
    if error["type"] == "value_error":
        remedy = str(error["ctx"]["error"])
    elif error["type"] == "int_parsing":
        remedy = "use a whole number"
    else:
        remedy = error["msg"].replace("Input", "it")
    return f"{PREFIX}{field.upper()} is {said}: {remedy.rstrip('.')}."
