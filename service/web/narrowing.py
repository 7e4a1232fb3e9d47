"""A search narrowed and widened by links: a query walks in, the queries one click away walk out. Pure.

What stands at the top of a query beside its words (topic:sco -country:JP after:2023) is a filter that can be taken away.
"""

from dataclasses import dataclass

from storage.search.tree import And, Days, Fact, Not, Or, Part, Query, day_range, fact_value


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition of a query that is no word."""

    field: str
    value: str
    excluded: bool
    #: The query without it.
    without: str


def filters(query: Query) -> list[Filter]:
    parts = _parts(query)
    found = []
    for number, part in enumerate(parts):
        inner = part.part if isinstance(part, Not) else part
        if isinstance(inner, Fact | Days):
            value = inner.value if isinstance(inner, Fact) else inner.text
            without = _joined(parts[:number] + parts[number + 1 :], exact=query.exact)
            found.append(Filter(inner.name, value, inner is not part, without))
    if query.exact:
        found.append(Filter("exact", "yes", False, _joined(parts)))
    return found


def words_of(query: Query) -> str:
    """The query without any filter."""
    return _joined(tuple(part for part in _parts(query) if not _is_filter(part)))


def narrowed(text: str, query: Query, field: str, value: str) -> str:
    """The query `text`, parsed as `query`, with one more filter; as typed, for it is shown in the search box."""
    typed = f"({text})" if isinstance(query.root, Or) else text
    return f"{typed} {Fact(field, fact_value(value))}".strip()


def dated(query: Query, when: str) -> str:
    """The query asked of one day, month or year, in the place of any `on:` it had."""
    first, past = day_range(when)
    kept = tuple(part for part in _parts(query) if not (isinstance(part, Days) and part.name == "on"))
    return _joined((*kept, Days("on", first, past, when)), exact=query.exact)


def _parts(query: Query) -> tuple[Part, ...]:
    match query.root:
        case None:
            return ()
        case And(parts):
            return parts
        case part:
            return (part,)


def _is_filter(part: Part) -> bool:
    return isinstance(part.part if isinstance(part, Not) else part, Fact | Days)


def _joined(parts: tuple[Part, ...], *, exact: bool = False) -> str:
    return str(Query(And(parts) if len(parts) > 1 else parts[0] if parts else None, exact=exact))
