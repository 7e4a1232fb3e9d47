"""A digest as a mail that any strict reader takes."""

import re
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.composing.layout import one_line
from alerts.errors import PermanentFailure, SettingError
from alerts.sending.message import check_mail_from, list_label, to_message
from storage.records import Digest
from tests.alerts.press import DAWN

DIGEST = Digest(
    subscription="morning",
    email="reader@example.org",
    subject="[morning] 2 new: 中俄联合演习开幕 — Начались учения",
    html="<!DOCTYPE html>\n<p>Учения 演习</p>\n",
    text="Учения 演习\n.\nFrom here on\n",
    message_id="<digest.20260314T040000Z.0123456789abcdef@press.example>",
    due=DAWN,
    composed=DAWN + timedelta(minutes=2),
)
SENDER = "Антанта <news@press.example>"


def strictly(message: EmailMessage) -> EmailMessage:
    """The message after a journey, read by a parser that raises at any defect."""
    read = message_from_bytes(message.as_bytes(), policy=SMTP.clone(raise_on_defect=True))
    assert isinstance(read, EmailMessage)
    return read


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_both_forms_and_all_headers_arrive() -> None:
    read = strictly(to_message(DIGEST, mail_from=SENDER, contact="ops@press.example", web_url="https://e.example/"))
    assert read["from"].addresses[0].display_name == "Антанта"
    assert read["to"] == "reader@example.org"
    assert read["subject"] == DIGEST.subject
    assert read["message-id"] == DIGEST.message_id
    assert read["date"].datetime == DIGEST.composed
    assert read["auto-submitted"] == "auto-generated"
    assert read["list-id"] == "<morning.press.example>"
    assert read["list-unsubscribe"] == (
        "<mailto:ops@press.example?subject=stop%20morning>, <https://e.example/subscriptions>"
    )
    assert not [name for name in read if name.lower().startswith("x-")]
    assert read.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in read.iter_parts()] == ["text/plain", "text/html"]
    assert body(read, "plain") == DIGEST.text
    assert body(read, "html") == DIGEST.html


def test_a_title_cannot_smuggle_a_header_as_an_encoded_word() -> None:
    hidden = "[morning] 1 new: =?utf-8?q?x=0D=0ABcc=3A_all@example.org?="
    raw = to_message(replace(DIGEST, subject=hidden), mail_from=SENDER).as_bytes()
    assert b"\r\nBcc" not in raw
    assert message_from_bytes(raw, policy=SMTP)["subject"] == hidden.replace("=?", "= ?")


def test_the_wire_carries_seven_bits_and_short_lines() -> None:
    raw = to_message(replace(DIGEST, html="<p>" + "演习" * 5000 + "</p>"), mail_from=SENDER).as_bytes()
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_the_same_digest_makes_the_same_bytes() -> None:
    assert to_message(DIGEST, mail_from=SENDER).as_bytes() == to_message(DIGEST, mail_from=SENDER).as_bytes()


@pytest.mark.parametrize(
    ("ways", "header"),
    [
        pytest.param({}, None, id="nobody to write to and no page: no header"),
        pytest.param({"contact": "https://e.example/about"}, None, id="a contact that is a page for outlets"),
        pytest.param({"contact": "ops@e.example"}, "<mailto:ops@e.example?subject=stop%20morning>", id="an address"),
        pytest.param({"web_url": "http://127.0.0.1:8000"}, "<http://127.0.0.1:8000/subscriptions>", id="a page"),
        pytest.param({"web_url": "https://e.example/>, <mailto:x@y"}, None, id="a page that would break out of its brackets"),
        pytest.param({"web_url": "https://e.example/" + "long/" * 60}, "<https://e.example/" + "long/" * 60 + "subscriptions>", id="a long page stays in one piece"),
    ],
)  # fmt: skip
def test_how_to_leave(ways: dict[str, str], header: str | None) -> None:
    assert strictly(to_message(DIGEST, mail_from=SENDER, **ways))["list-unsubscribe"] == header


def test_a_long_way_out_is_not_encoded_on_the_wire() -> None:
    web = "https://e.example/" + "long/" * 60
    raw = to_message(DIGEST, mail_from=SENDER, contact="ops@press.example", web_url=web).as_bytes()
    assert f",\r\n <{web}subscriptions>\r\n".encode() in raw


#: Letters, spaces and signs at which folding and encoding may go wrong.
SUBJECTS = st.text(alphabet=st.sampled_from("a b-:,=?_ я 演—“”…é"), max_size=160) | st.text(max_size=200)


@given(SUBJECTS)
def test_any_subject_a_digest_can_have_arrives(text: str) -> None:
    subject = one_line(f"[morning] 1 new: {text}", 150)
    if subject.isprintable():
        assert strictly(to_message(replace(DIGEST, subject=subject), mail_from=SENDER))["subject"] == (
            subject.replace("=?", "= ?")
        )


@given(st.text(max_size=300))
def test_any_text_arrives(text: str) -> None:
    text = re.sub("[\r\ud800-\udfff\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", "", text).rstrip("\n") + "\n"
    assert body(strictly(to_message(replace(DIGEST, text=text, html=text), mail_from=SENDER)), "plain") == text


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"email": "reader@example.org\r\nBcc: all@example.org"}, id="a header in the address"),
        pytest.param({"email": "reader@example.org, all@example.org"}, id="a second address"),
        pytest.param({"email": "nobody"}, id="no address"),
        pytest.param({"subject": "News\r\nBcc: all@example.org"}, id="a header in the subject"),
        pytest.param({"subject": "News\x00"}, id="a control character in the subject"),
        pytest.param({"message_id": "<a@b>\r\nBcc: all@example.org"}, id="a header in the Message-ID"),
        pytest.param({"message_id": "nonsense"}, id="no Message-ID"),
    ],
)
def test_what_would_break_the_headers_is_refused_for_good(wrong: dict[str, str]) -> None:
    with pytest.raises(PermanentFailure, match="not sent") as refused:
        to_message(replace(DIGEST, **wrong), mail_from=SENDER)
    assert refused.value.permanent
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("mail_from", ["", "Entente", "a@b\r\nBcc: c@d", "Entente <a b@c>", "<>", "x <a@b>, y <c@d>"])
def test_a_sender_that_is_no_address_names_its_setting(mail_from: str) -> None:
    with pytest.raises(SettingError, match="ENTENTE_MAIL_FROM"):
        check_mail_from(mail_from)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        pytest.param("morning", "morning", id="plain"),
        pytest.param("SCO / weekly!", "sco-weekly", id="signs become hyphens"),
        pytest.param("../../etc", "etc", id="no way out of a folder"),
        pytest.param("утро", "s9208235e437a", id="no Latin letter: a short hash"),
        pytest.param("", "se3b0c44298fc", id="nothing"),
    ],
)
def test_a_label_is_safe_wherever_it_stands(name: str, label: str) -> None:
    assert list_label(name) == label
