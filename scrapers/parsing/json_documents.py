"""JSON that others wrote: load it, and take a value only if it is what it should be. Pure, room-private."""

import json
from typing import Any

from scrapers.errors import NotAFeed
from scrapers.parsing.plaintext import without_controls


def load(text: str, *, url: str) -> Any:
    """The value of a JSON document. Raises NotAFeed for a broken one, saying where it breaks."""
    try:
        return json.loads(text, strict=False)
    except json.JSONDecodeError as why:
        raise NotAFeed(url, looks_like=f"JSON that breaks at line {why.lineno}, column {why.colno}") from why
    except (ValueError, RecursionError) as why:
        raise NotAFeed(url, looks_like="JSON no reader would take") from why


def text_of(value: Any) -> str:
    """A string or number as text; the rendered part of a WordPress field; nothing for all else."""
    if isinstance(value, dict):
        value = value.get("rendered", "")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return without_controls(str(value)).strip()


def dicts_of(value: Any) -> list[dict[str, Any]]:
    """The objects of a list, in order; an empty list where there is none."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
