"""What a query must not be, told with where and why: quotes and brackets without partners, no day left, exact: in brackets.

Pure. Only `query` calls it.
"""

import re
from datetime import date
from typing import TypeGuard, cast

from storage.search.errors import QueryError
from storage.search.tree import And, Days, Fact, Not, Or, Part, Query

_QUOTES = '"“”„«»＂'
_QUOTED_OR_BRACKET = re.compile(rf"[{_QUOTES}][^{_QUOTES}]*(?P<closed>[{_QUOTES}])?|(?P<bracket>[()（）])")


def check_pairs(text: str, *, deepest: int) -> None:
    """Quotes and brackets come in pairs, and brackets not too deep: said before the grammar stumbles over them."""
    open_at: list[int] = []
    for found in _QUOTED_OR_BRACKET.finditer(text):
        if found["bracket"] is None:
            if found["closed"] is None:
                raise QueryError("A quotation mark has no partner", found.start(), 'Close the phrase: "joint patrol".')
        elif found["bracket"] in "(（":
            open_at.append(found.start())
            if len(open_at) > deepest:
                raise QueryError(f"Brackets stand more than {deepest} deep", found.start(), "Write it in fewer levels.")
        elif not open_at:
            raise QueryError("A closing bracket has no partner", found.start(), "Remove it, or open one before it.")
        else:
            open_at.pop()
    if open_at:
        raise QueryError("A bracket is not closed", open_at[-1], "Close it with ).")


def apart(root: Part | None, text: str) -> Query:
    """The query `root`, typed as `text`, with `exact:` taken out of it: it speaks of all words, so it stands beside them."""
    parts = root.parts if isinstance(root, And) else () if root is None else (root,)
    said = [part.value == "yes" for part in parts if _is_exact(part)]
    others = tuple(part for part in parts if not _is_exact(part))
    query = Query(And(others) if len(others) > 1 else others[0] if others else None, exact=any(said))
    if any(_is_exact(leaf) for leaf in query.leaves()):
        stray = re.search(r"exact\s*[:：]", text, re.IGNORECASE)
        raise QueryError(
            "exact: speaks of the whole query",
            stray.start() if stray else 0,
            "Write it once, outside brackets, without OR or a minus.",
        )
    return query


def _is_exact(part: Part) -> TypeGuard[Fact]:
    return isinstance(part, Fact) and part.name == "exact"


def check_days(part: Part | None) -> None:
    """Days that must all be met leave at least one."""
    match part:
        case And(parts):
            _check_span([one for one in parts if isinstance(one, Days)])
            for inner in parts:
                check_days(inner)
        case Or(parts):
            for inner in parts:
                check_days(inner)
        case Not(inner):
            check_days(inner)


def _check_span(days: list[Days]) -> None:
    since = max((one for one in days if one.since), key=lambda one: cast(date, one.since), default=None)
    until = min((one for one in days if one.until), key=lambda one: cast(date, one.until), default=None)
    if since is None or until is None or cast(date, since.since) < cast(date, until.until):
        return
    first, last = sorted((since, until), key=lambda days: days.first)
    last_day = last.text if last.first > first.first else last.past.isoformat()
    raise QueryError(
        f"No day is both {since} and {until}",
        max(since.position, until.position),
        f"Put the earlier one behind after: and the later one behind before: (after:{first.text} before:{last_day}). "
        "What stands behind before: does not count itself.",
    )
