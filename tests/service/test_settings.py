"""What the operator may decide, and how a mistake is told: all at once, each with its remedy."""

from pathlib import Path

import pytest

from service.errors import Unusable
from service.settings import read_settings


def complaints(environment: dict[str, str]) -> str:
    with pytest.raises(Unusable) as told:
        read_settings(environment)
    return "\n".join(told.value.complaints)


def test_nothing_needs_to_be_set() -> None:
    settings = read_settings({"PATH": "/bin"})
    assert (settings.bind, settings.data_dir) == ("127.0.0.1:8000", Path("data"))


def test_every_mistake_is_told_at_once() -> None:
    told = complaints({"ENTENTE_BIND": "8000", "ENTENTE_WORKERS": "many", "ENTENTE_SMPT_URL": "smtp://x"})
    assert "ENTENTE_BIND is '8000': write it as host:port" in told
    assert "ENTENTE_WORKERS is 'many'" in told
    assert "ENTENTE_SMPT_URL is no setting of Entente: did you mean ENTENTE_SMTP_URL?" in told


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        pytest.param("ENTENTE_BIND", "127.0.0.1:http", "host:port", id="a port is a number"),
        pytest.param("ENTENTE_BIND", "", "leave it out", id="an empty address is no address"),
        pytest.param("ENTENTE_WEB_URL", "entente.example", "http://host", id="a web address has a scheme"),
        pytest.param("ENTENTE_DATABASE_URL", "mysql://x", "postgresql://user", id="an unknown database"),
        pytest.param("ENTENTE_OUTLETS_DIR", "/no/such/folder", "create it", id="a folder that is not there"),
        pytest.param("ENTENTE_ALLOW_HOSTS", "http://127.0.0.1", "without http://", id="a host is no address"),
        pytest.param("ENTENTE_SMTP_URL", "smpt://mail", "smtp://", id="a mail server of unknown kind"),
        pytest.param("ENTENTE_MAIL_FROM", "nobody", "@", id="a sender without an address"),
        pytest.param(
            "ENTENTE_MAIL_FROM", "a@b.example\nBcc: c@d.example", "ENTENTE_MAIL_FROM", id="a header smuggled in"
        ),
        pytest.param("ENTENTE_CONTACT", "me", "mail address or a web page", id="a contact nobody can write to"),
        pytest.param("ENTENTE_WORKERS", "0", "greater than or equal to 1", id="no worker at all"),
        pytest.param("ENTENTE_LOG_LEVEL", "loud", "debug, info, warning or error", id="an unknown level"),
        pytest.param("ENTENTE_SEED_DIR", __file__, "name a folder", id="a file where a folder is meant"),
    ],
)
def test_a_wrong_setting_names_itself_and_its_remedy(name: str, value: str, remedy: str) -> None:
    told = complaints({name: value})
    assert name in told
    assert remedy in told


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "smtp"
    secret.write_text("smtp+starttls://reader:p%40ss@mail.example:587\n", encoding="utf-8")
    settings = read_settings({"ENTENTE_SMTP_URL_FILE": str(secret)})
    assert settings.smtp_url.get_secret_value() == "smtp+starttls://reader:p%40ss@mail.example:587"
    assert "p%40ss" not in repr(settings)


def test_a_missing_secret_file_is_told() -> None:
    assert "ENTENTE_SMTP_URL_FILE names '/no/such/file', which cannot be read" in complaints(
        {"ENTENTE_SMTP_URL_FILE": "/no/such/file"}
    )


def test_a_setting_given_twice_is_told(tmp_path: Path) -> None:
    told = complaints({"ENTENTE_CONTACT": "a@b.example", "ENTENTE_CONTACT_FILE": str(tmp_path)})
    assert "both set" in told


@pytest.mark.parametrize("name", ["ENTENTE_SMTP_URL", "ENTENTE_DATABASE_URL"])
def test_a_wrong_secret_is_not_repeated_in_the_complaint(name: str) -> None:
    assert "hunter2" not in complaints({name: "ftp://user:hunter2@mail.example"})


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        pytest.param("", Path("data/entente.db"), id="nothing: a file in the data folder"),
        pytest.param("sqlite:////srv/entente.db", "sqlite:////srv/entente.db", id="a file elsewhere"),
        pytest.param("postgresql://me:hunter2@db/entente", "postgresql://me:hunter2@db/entente", id="a server"),
        pytest.param("postgres://me:hunter2@db/entente", "postgres://me:hunter2@db/entente", id="a shorter scheme"),
    ],
)
def test_the_archive_is_where_the_address_says_and_its_password_is_not_shown(given: str, meant: object) -> None:
    settings = read_settings({"ENTENTE_DATABASE_URL": given})
    assert settings.database == meant
    assert "hunter2" not in repr(settings)


@pytest.mark.parametrize(
    ("environment", "url"),
    [
        pytest.param({}, "http://127.0.0.1:8000", id="where it listens"),
        pytest.param({"ENTENTE_BIND": "0.0.0.0:80"}, "http://127.0.0.1:80", id="anywhere is here"),
        pytest.param({"ENTENTE_WEB_URL": "https://news.example/"}, "https://news.example", id="where the proxy is"),
    ],
)
def test_links_in_mail_lead_to_the_page(environment: dict[str, str], url: str) -> None:
    assert read_settings(environment).page_url == url
