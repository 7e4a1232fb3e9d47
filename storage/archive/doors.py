"""Where records become rows and rows become records: the shapes that several nouns share.

Only `storage.archive` imports this module.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import RowMapping

from storage.records import Published

T = TypeVar("T")

#: How many values one IN (...) may name: well under what any store or driver takes.
BATCH = 500


def batches(values: Iterable[T], size: int = BATCH) -> Iterator[Sequence[T]]:
    rest = iter(values)
    while batch := list(islice(rest, size)):
        yield batch


def columns_of(record: Any, *, without: Iterable[str] = ()) -> dict[str, Any]:
    """The fields of a record by name, one level deep (dataclasses.asdict copies all below)."""
    left_out = set(without)
    return {field.name: getattr(record, field.name) for field in fields(record) if field.name not in left_out}


def published_columns(published: Published | None) -> dict[str, Any]:
    if published is None:
        return dict.fromkeys(("published_at", "published_offset", "published_basis", "published_has_time"))
    return {
        "published_at": published.at,
        "published_offset": published.offset_minutes,
        "published_basis": published.basis,
        "published_has_time": published.has_time,
    }


def published_of(row: RowMapping) -> Published | None:
    if row["published_at"] is None:
        return None
    return Published(
        at=row["published_at"],
        offset_minutes=row["published_offset"],
        basis=row["published_basis"],
        has_time=row["published_has_time"],
    )
