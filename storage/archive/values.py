"""What every store is told in the same words: texts it can hold, JSON as it is written.

Only the stores of `storage.archive` import this module.
"""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Engine, event

from storage.columns import storable


def json_text(value: Any) -> str:
    """JSON (RFC 8259) with its characters as they are, and in the order given."""
    return storable(json.dumps(value, ensure_ascii=False))


def clean_texts(engine: Engine) -> None:
    """From now on no text that a store cannot hold reaches it through `engine`, whether it is kept or asked for.

    PostgreSQL holds no NUL, and no store half a character; both stores answer alike, since neither is ever told.
    """
    event.listen(engine, "before_cursor_execute", _clean, retval=True)


def _clean(
    _connection: Connection, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool
) -> tuple[str, Any]:
    return statement, _cleaned(parameters)


def _cleaned(value: Any) -> Any:
    if type(value) is str:
        return storable(value)
    if isinstance(value, Mapping):
        return {name: _cleaned(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_cleaned(one) for one in value)
    return value
