"""A digest becomes a mail: a `Digest` walks in, an `EmailMessage` walks out. Pure; the senders of this folder and tests call it.

RFC 5322 for the frame, 2047 for headers beyond ASCII, 2046 for the alternatives, 2919 and 2369 for List-Id and
List-Unsubscribe, 3834 for Auto-Submitted. Seven-bit throughout, so that no server on the way has to change a byte.
"""

import hashlib
import re
from base64 import encodebytes
from email.header import Header
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime, getaddresses
from quopri import encodestring
from urllib.parse import quote

from alerts.addresses import check_address, domain_of
from alerts.errors import AddressError, PermanentFailure, SettingError
from storage.records import Digest, utc

_MESSAGE_ID = re.compile(r"<[!-;=?-~]+@[!-;=?-~]+>")


class _ListHeader(UnstructuredHeader, BaseHeader):
    """Addresses in angle brackets, one a line: the general way of folding would encode long ones, and nobody reads them so."""

    def fold(self, *, policy: Policy) -> str:
        lines = f",{policy.linesep} ".join(str(self).split(", "))
        return f"{self.name}: {lines}{policy.linesep}"


class _Subject(UnstructuredHeader, BaseHeader):
    """A subject wholly encoded as soon as a part of it must be: the general way loses spaces between the parts (CPython 3.11)."""

    def fold(self, *, policy: Policy) -> str:
        charset = "us-ascii" if self.isascii() else "utf-8"
        encoded = Header(str(self), charset, header_name=self.name, maxlinelen=76)
        return f"{self.name}: {encoded.encode(linesep=policy.linesep)}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("subject", _Subject)
for _name in ("list-id", "list-unsubscribe"):
    _HEADERS.map_to_type(_name, _ListHeader)
POLICY = SMTP.clone(header_factory=_HEADERS)


def to_message(digest: Digest, *, mail_from: str, contact: str = "", web_url: str = "") -> EmailMessage:
    """The mail of `digest`, from `mail_from` (`Name <name@domain>`), which can be left at `contact` or on `web_url`.

    The same digest always makes the same bytes. Raises PermanentFailure for an address or a header that cannot be sent,
    SettingError when `mail_from` is no address.
    """
    message = EmailMessage(policy=POLICY)
    sender = check_mail_from(mail_from)
    message["From"] = sender
    message["To"] = Address(addr_spec=_recipient(digest))
    message["Subject"] = _subject(digest)
    message["Date"] = format_datetime(utc(digest.composed))
    message["Message-ID"] = _message_id(digest)
    message["Auto-Submitted"] = "auto-generated"
    message["List-Id"] = f"<{list_label(digest.subscription)}.{domain_of(sender.addr_spec)}>"
    ways_out = _ways_out(digest, contact=contact, web_url=web_url)
    if ways_out:
        message["List-Unsubscribe"] = ways_out
    message.set_content(digest.text, cte=_encoding(digest.text))
    message.add_alternative(digest.html, subtype="html", cte=_encoding(digest.html))
    message.set_boundary("=_" + hashlib.sha256(digest.message_id.encode()).hexdigest()[:32])
    return message


def check_mail_from(mail_from: str) -> Address:
    """The sender as a header holds it. Raises SettingError naming ENTENTE_MAIL_FROM."""
    found = getaddresses([mail_from]) if mail_from.isprintable() else []
    name, address = found[0] if len(found) == 1 else ("", "")
    try:
        return Address(display_name=name, addr_spec=check_address(address))
    except AddressError:
        raise SettingError("ENTENTE_MAIL_FROM", "write it as Entente <entente@example.org>.") from None


def list_label(subscription: str) -> str:
    """A subscription's name as it may stand in a List-Id or a file name: ASCII letters and digits, never empty."""
    label = re.sub(r"[^a-z0-9]+", "-", subscription.lower()).strip("-")[:40].strip("-")
    return label or "s" + hashlib.sha256(subscription.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _recipient(digest: Digest) -> str:
    try:
        return check_address(digest.email)
    except AddressError as why:
        raise PermanentFailure(f"Digest for {digest.subscription!r} not sent: {why}") from why


def _subject(digest: Digest) -> str:
    """The subject, if it is one printable line: a line break would begin another header."""
    if not digest.subject.isprintable():
        raise PermanentFailure(
            f"Digest for {digest.subscription!r} not sent: its subject holds line breaks or control characters. "
            "Compose it anew with: entente digest send"
        )
    # A title that looks like an encoded word would be decoded on its way, into whatever it hides.
    return digest.subject.replace("=?", "= ?")


def _message_id(digest: Digest) -> str:
    if not _MESSAGE_ID.fullmatch(digest.message_id):
        raise PermanentFailure(f"Digest for {digest.subscription!r} not sent: {digest.message_id!r} is no Message-ID.")
    return digest.message_id


def _ways_out(digest: Digest, *, contact: str, web_url: str) -> str:
    """How a mail program may offer to leave (RFC 2369): a mail to the operator, a page, both or none."""
    ways = []
    if "@" in contact:
        try:
            subject = quote(f"stop {digest.subscription}", safe="")
            ways.append(f"<mailto:{check_address(contact)}?subject={subject}>")
        except AddressError:
            pass  # a contact that is no address is the operator's page for outlets, not a way to leave
    if re.fullmatch(r"https?://[!-~]+", web_url) and not re.search(r"[<>,]", web_url):
        ways.append(f"<{web_url.rstrip('/')}/subscriptions>")
    return ", ".join(way for way in ways if len(way) < 900)


def _encoding(text: str) -> str:
    """The shorter of the two seven-bit encodings: quoted-printable for English, base64 for Russian and Chinese."""
    body = text.encode()
    return "quoted-printable" if len(encodestring(body)) < len(encodebytes(body)) else "base64"
