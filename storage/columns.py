"""How values of ours become columns: moments in UTC, words of a fixed list, texts that any store can hold.

Only `storage` imports this module.
"""

import re
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from sqlalchemy import DateTime, Dialect, String, Text
from sqlalchemy.types import TypeDecorator

from storage.records import utc

#: Halves of characters (no UTF-8 can hold them) and NUL (PostgreSQL holds none).
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """`text` with what no store can hold turned into spaces, one for one: offsets into it stay true."""
    return _UNSTORABLE.sub(" ", text)


#: Bytes of UTF-8 an ordered index can surely hold beside another column: PostgreSQL's refuse a row of more than 2,704.
LONGEST_KEY = 2_000


def indexable(text: str) -> str:
    """`text` as any store can look it up: of what is longer than LONGEST_KEY, the beginning and a SHA-256 of the whole."""
    text = storable(text)
    whole = text.encode("utf-8") if len(text) * 4 > LONGEST_KEY else b""
    if len(whole) <= LONGEST_KEY:
        return text
    digest = sha256(whole).hexdigest()
    return whole[: LONGEST_KEY - len(digest)].decode("utf-8", "ignore") + digest


class Moment(TypeDecorator[datetime]):
    """An instant, kept in UTC. A naive time is refused with ValueError: it would be a guess."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        return None if value is None else utc(value)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        # SQLite gives back the UTC clock without saying so.
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Word(TypeDecorator[StrEnum]):
    """One word of a StrEnum, kept as its value: readable in the database and free to gain words later."""

    impl = String
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        return None if value is None else self.words(value).value

    def process_result_value(self, value: Any | None, _dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.words(value)


#: Text that came from outside, of any length.
Prose = Text


class Key(TypeDecorator[str]):
    """Text from outside by which rows are told apart: kept and looked for as `indexable` makes it."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        return None if value is None else indexable(value)


class ProseKey(Key):
    """The same, in a column without a length of its own on any store."""

    impl = Text
    cache_ok = True
