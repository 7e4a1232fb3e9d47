"""The seed archive as we describe it: the manifest walks in, `SeedDocument` values walk out.

Called by `service` at start and by tests; the documents' own text comes from the operator's folder, never from here.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from storage.records import Basis, Published, SeedDocument, Strength


@cache
def read_manifest() -> tuple[SeedDocument, ...]:
    """The five documents, in order of their keys."""
    described = yaml.safe_load(files("storage.seeds").joinpath("manifest.yaml").read_text(encoding="utf-8"))
    return tuple(_document(fields) for fields in described)


def _document(fields: Mapping[str, Any]) -> SeedDocument:
    return SeedDocument(
        key=fields["key"],
        title=fields["title"],
        outlet=fields["outlet"],
        outlet_name=fields["outlet_name"],
        through=fields["through"],
        url=fields["url"],
        author=fields["author"],
        published=_published(fields["published"], fields["zone"]),
        language=fields["language"],
        topics={topic: Strength(strength) for topic, strength in fields["topics"].items()},
        activities=tuple(fields["activities"]),
        sha256=fields["sha256"],
        abstract=fields["abstract"].strip(),
        repairs=tuple((r["cut"], "") if "cut" in r else (r["put"][0], r["put"][1]) for r in fields["repairs"]),
        wrapped=fields["wrapped"],
    )


def _published(written: str, zone: str) -> Published:
    local = datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(zone))
    offset = local.utcoffset()
    assert offset is not None
    return Published(
        at=local.astimezone(UTC),
        offset_minutes=int(offset.total_seconds() // 60),
        basis=Basis.PAGE,
        has_time="T" in written,
    )
