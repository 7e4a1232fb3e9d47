"""What a mail address is: a text walks in, an address that can stand in a header and on the wire walks out.

Pure; any module of this room, `service` and tests call it. The form is the common core of RFC 5321 (4.1.2, 4.5.3.1):
no quoted names and no address literals, because nobody has one and every trick hides in them.
"""

import re

from alerts.errors import AddressError

_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


def check_address(text: str) -> str:
    """`text` as it goes to a mail server, its domain in ASCII (IDNA). Raises AddressError saying what is wrong with it."""
    address = text.strip(" ")
    name, at, domain = address.rpartition("@")
    if not at or not name or not domain:
        raise AddressError(text, because="it needs a name, an @ and a domain")
    if any(not character.isprintable() or character.isspace() for character in address):
        raise AddressError(text, because="it holds spaces, line breaks or control characters")
    if not name.isascii():
        raise AddressError(text, because="letters beyond ASCII before the @ are refused by most mail servers")
    host = _in_ascii(domain)
    if not _NAME.fullmatch(name) or len(name) > 64:
        raise AddressError(text, because="the part before the @ is no mailbox name")
    if not _HOST.fullmatch(host) or len(host) > 253:
        raise AddressError(text, because="the part after the @ is no domain")
    return f"{name}@{host}"


def _in_ascii(domain: str) -> str:
    if domain.isascii():
        return domain
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


def domain_of(text: str, *, otherwise: str = "entente.local") -> str:
    """The domain of an address, bare or as `Name <name@domain>`; `otherwise` when there is none."""
    bare = text.rpartition("<")[2].partition(">")[0]
    try:
        return check_address(bare).rpartition("@")[2].lower()
    except AddressError:
        return otherwise
