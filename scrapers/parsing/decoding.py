"""Turn bytes into text, whatever they claim to be. Bytes walk in, a `Page` walks out; pure, and it never raises.

Declarations lie: pages that say gb2312 are gb18030 or UTF-8, headers and documents disagree, feeds name encodings that do
not exist. So each claim is tried in the order of its trust and believed only if the text it gives reads like text; when
none does, the encodings of our outlets' languages are tried as well, then what bs4 detects; the most plausible wins.
Labels are read as browsers read them (https://encoding.spec.whatwg.org): gb2312 as gb18030, iso-8859-1 as windows-1252.
"""

import codecs
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from bs4.dammit import EncodingDetector
from w3lib.encoding import http_content_type_encoding, resolve_encoding

from scrapers.parsing.plausibility import plausibility
from storage.records import Page

#: A reading at least this plausible ends the search: the claims are ordered by trust, not by beauty.
_CONVINCING = 0.75

#: What a claim that fits the bytes is worth where nothing convinces: most in a few words, where letters prove little.
_FAVOUR, _FAVOUR_OF_FEW = 0.15, 6.0

#: What is tried when no claim convinces, by how often our outlets' languages come in it.
_USUAL = ("gb18030", "cp1251", "koi8-r", "big5hkscs", "cp932", "euc_jp", "cp949", "iso8859-5", "cp866", "cp1252")

#: This many characters that are valid UTF-8, and none that is not, are no accident; fewer may be (GBK has such words).
_NO_ACCIDENT = 4

#: Names Python knows that are no character encodings of documents; utf-7 and the escapes would even run markup past us.
_NEVER = frozenset({"utf-7", "idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"})

#: Seven-bit encodings: their bytes look like ASCII and are recognised by their shift sequences alone.
_SEVEN_BIT = ((b"\x1b$", "iso2022_jp"), (b"~{", "hz"))

#: Enough of the document to judge a reading by, in bytes with the high bit set.
_SAMPLE = 6_000
_HIGH = re.compile(rb"[\x80-\xff]")
_C1 = re.compile(r"[\x80-\x9f]")


def to_page(body: bytes, *, url: str, content_type: str = "", hint: str = "") -> Page:
    """`body` as text, with the name of the encoding it was really in ("utf-8" for plain ASCII).

    `content_type` is the HTTP header, `hint` the encoding the outlet is known for. Bytes that fit no encoding come out as
    U+FFFD. A byte order mark and NUL characters are not part of the text.
    """
    bare, marked = EncodingDetector.strip_byte_order_mark(body)
    encoding = marked or _encoding_of(bare, content_type, hint)
    text = bare.decode(encoding, errors="replace").removeprefix("\ufeff").replace("\0", "")
    return Page(url=url, text=_C1.sub(_meant, text), encoding=_public_name(encoding))


def _meant(found: re.Match[str]) -> str:
    """The character of windows-1252 a C1 control stands for: nobody publishes controls, browsers read them so as well."""
    return found[0].encode("latin-1").decode("cp1252", errors="ignore")


def _encoding_of(body: bytes, content_type: str, hint: str) -> str:
    if wide := _wide(body):
        return wide
    claims = list(dict.fromkeys(_claims(body, content_type, hint)))
    if not _HIGH.search(body):
        return next((name for sign, name in _SEVEN_BIT if sign in body and name in claims), "utf-8")
    if _is_utf8(body, doubted=any(claim != "utf-8" for claim in claims)):
        return "utf-8"
    sample = _sample(body)
    trusted = dict.fromkeys(("utf-8", *claims))
    scores: dict[str, float] = {}
    for encoding in trusted:
        scores[encoding] = _score(sample, encoding)
        if scores[encoding] >= _CONVINCING:
            return encoding
    scores.update((encoding, _score(sample, encoding)) for encoding in _USUAL if encoding not in trusted)
    favour = _FAVOUR + _FAVOUR_OF_FEW / len(_HIGH.findall(sample))
    best = max(scores, key=lambda encoding: scores[encoding] + favour * (encoding in claims and _fits(body, encoding)))
    if best not in claims and scores[best] < _CONVINCING:
        guesses = filter(None, map(known_codec, EncodingDetector(sample).encodings))
        return max((best, *guesses), key=lambda encoding: _score(sample, encoding))
    return best


def _is_utf8(body: bytes, *, doubted: bool) -> bool:
    """Whether `body` is valid UTF-8, and long enough to be no accident where something claims otherwise."""
    if not _fits(body, "utf-8"):
        return False
    # One character at least for every four bytes beyond ASCII.
    return not doubted or len(list(islice(_HIGH.finditer(body), 4 * _NO_ACCIDENT))) == 4 * _NO_ACCIDENT


def _fits(body: bytes, encoding: str) -> bool:
    """Whether every byte means something in `encoding`."""
    try:
        body.decode(encoding)
    except UnicodeError:
        return False
    return True


def _claims(body: bytes, content_type: str, hint: str) -> Iterator[str]:
    """Codec names claimed by the header, the document and the outlet, in that order."""
    declared = EncodingDetector.find_declared_encoding(body, is_html=True)
    for label in (http_content_type_encoding(content_type), declared, *re.findall(r"[\w-]+", hint)[:1]):
        if label and (codec := known_codec(label)):
            yield codec


@lru_cache(maxsize=256)
def known_codec(label: str) -> str | None:
    """The Python codec for a charset label of the web, as browsers understand it; None if there is none."""
    try:
        name = codecs.lookup(resolve_encoding(label.strip("'\" ")) or "").name
        b"a".decode(name)  # base64, rot13 and the like are codecs too, but not of text
    except (LookupError, ValueError):
        return None
    if name in _NEVER or name.startswith(("utf-16", "utf-32")):
        return None  # without a byte order mark the bytes themselves tell, see _wide
    return name


def _wide(body: bytes) -> str | None:
    """UTF-16 or UTF-32 without a byte order mark: markup in it has a NUL beside each of its first characters."""
    head = body[:8]
    for name, unit in (("utf-32-be", 4), ("utf-32-le", 4), ("utf-16-be", 2), ("utf-16-le", 2)):
        try:
            text = head[: len(head) // unit * unit].decode(name)
        except UnicodeDecodeError:
            continue
        if len(text) * unit >= 8 and text.isascii() and "\0" not in text:
            return name
    return None


def _sample(body: bytes) -> bytes:
    """The part of `body` that holds its first few thousand bytes beyond ASCII, whole lines where there are lines."""
    if len(body) <= _SAMPLE:
        return body
    last = 0
    for count, found in enumerate(_HIGH.finditer(body)):
        last = found.end()
        if count >= _SAMPLE:
            break
    line = body.find(b"\n", last)
    # A cut inside a character would count against every encoding alike; ASCII is safe ground in all of them.
    return body[: line if 0 <= line < last + 10_000 else last]


def _score(sample: bytes, encoding: str) -> float:
    try:
        return plausibility(sample.decode(encoding, errors="replace"))
    except (UnicodeError, LookupError):
        return 0.0


def _public_name(codec: str) -> str:
    """As HTTP writes it."""
    return f"windows-{codec[2:]}" if codec.startswith("cp125") else codec
