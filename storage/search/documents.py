"""A kept article as a document of the index, and the schema of both. Articles walk in, tantivy documents walk out.

Only `index` and `compiling` import this module. A change here, in `streams` or in `storage.words` makes older indexes
useless: `FORMAT` changes with these files by itself, and an index of another format is made anew.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from functools import cache
from importlib.metadata import version
from pathlib import Path

import tantivy

import storage.words
from storage.records import Kept
from storage.search import former as former_module
from storage.search import streams as streams_module
from storage.search.former import former_passages, former_titles
from storage.search.streams import GAP, Streams, streams
from storage.search.tree import fact_value

#: Where words may stand: anywhere, in the title, in the first words of the text (see Streams.lead).
ANYWHERE, TITLE, LEAD = "", "title_", "lead"
MONTHS_A_YEAR = 12

FACETS = ("outlet", "country", "language", "topic", "activity", "event", "strength", "year", "seed")

#: Places of the sort key: seconds since year 1 above, a hash of the id below, so that no two articles share one.
_TIE_BITS = 24
_YEAR_ONE = -62_135_596_800


@cache
def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for scope in (ANYWHERE, TITLE):
        for stream in ("stems", "exact"):
            builder.add_text_field(scope + stream, tokenizer_name="whitespace", index_option="position")
        builder.add_text_field(f"{scope}han", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field(LEAD, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("facts", tokenizer_name="raw", index_option="basic")
    for facet in FACETS:
        builder.add_text_field(facet, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("order", fast=True, indexed=True)
    builder.add_unsigned_field("day", fast=True)
    builder.add_unsigned_field("month", fast=True)
    builder.add_unsigned_field("change", fast=True)
    return builder.build()


@cache
def index_format() -> str:
    """Names everything an index depends on: the files that cut and shape documents, and the libraries under them."""
    digest = hashlib.sha256()
    for source in (storage.words.__file__, streams_module.__file__, former_module.__file__, __file__):
        digest.update(Path(str(source)).read_bytes())
    for library in ("tantivy", "PyStemmer", "OpenCC"):
        digest.update(f"{library} {version(library)}\n".encode())
    return digest.hexdigest()[:16]


def document(kept: Kept) -> tantivy.Document:
    """`kept` as the index holds it."""
    doc = tantivy.Document()
    doc.add_text("id", _storable(kept.id))
    title, text = streams(kept.article.title), streams(kept.article.text)
    titles = [streams(former) for former in former_titles(kept)]
    _add(doc, ANYWHERE, _apart([title, text, *titles, *map(streams, former_passages(kept))]))
    _add(doc, TITLE, _apart([title, *titles]))
    doc.add_text(LEAD, " ".join(text.lead))
    for fact in facts(kept):
        doc.add_text("facts", fact)
    for facet, values in _facets(kept).items():
        for value in values:
            doc.add_text(facet, _storable(value))
    when = moment(kept)
    doc.add_unsigned("order", sort_key(when, kept.id))
    doc.add_unsigned("day", (when.date() - date.min).days)
    doc.add_unsigned("month", when.year * MONTHS_A_YEAR + when.month - 1)
    doc.add_unsigned("change", kept.change)
    return doc


def _apart(cuts: Sequence[Streams]) -> Streams:
    """One after the other, so that no phrase reaches from one into the next."""
    stems, exact, han = list(cuts[0].stems), list(cuts[0].exact), list(cuts[0].han)
    for cut in cuts[1:]:
        stems += [GAP, *cut.stems]
        exact += [GAP, *cut.exact]
        han += cut.han
    return Streams(stems, exact, han)


def _add(doc: tantivy.Document, scope: str, cut: Streams) -> None:
    doc.add_text(f"{scope}stems", " ".join(cut.stems))
    doc.add_text(f"{scope}exact", " ".join(cut.exact))
    if cut.han:
        doc.add_text(f"{scope}han", " ".join(cut.han))


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def moment(kept: Kept) -> datetime:
    """When an article counts as published, in UTC: a day printed without a time stays that day; unknown is first seen."""
    published = kept.article.published
    if published is None:
        return kept.first_seen.astimezone(UTC)
    if not published.has_time:
        return datetime.combine(published.local.date(), time.min, UTC)
    return published.at.astimezone(UTC)


def sort_key(when: datetime, id: str = "") -> int:
    """Grows with time; below the second it tells articles apart, always in the same way. Without an id: the second's first."""
    tie = int.from_bytes(hashlib.sha256(id.encode("utf-8", "replace")).digest()[: _TIE_BITS // 8]) if id else 0
    return (int(when.timestamp()) - _YEAR_ONE) << _TIE_BITS | tie


def seconds(key: int) -> int:
    """The Unix time of a sort key."""
    return (key >> _TIE_BITS) + _YEAR_ONE


# ------------------------------------------------------------------ what may be filtered by and counted


def facts(kept: Kept) -> set[str]:
    """`name=value` for everything a field of the query language may ask for."""
    article, verdict = kept.article, kept.verdict
    said = [
        ("outlet", article.outlet),
        ("outlet", kept.outlet_name),
        ("country", kept.country),
        ("lang", _primary(article.language)),
        ("seed", _yes(kept.seed)),
        ("changed", _yes(kept.edits > 0)),
        ("changed", "material" if kept.edits and kept.matters > 1 else ""),
        ("gone", _yes(kept.gone_since is not None)),
        ("id", kept.id),
        ("url", address(article.url)),
        *(("activity", activity) for activity in verdict.activities),
        *(("event", event) for event in events(kept)),
        *(("topic", topic) for topic in verdict.strength),
        *(("strength", strength) for strength in verdict.strength.values()),
        *(("topic", f"{topic}/{strength}") for topic, strength in verdict.strength.items()),
        *(("outlet-family", family) for family in families(article.outlet)),
    ]
    return {f"{name}={fact_value(value)}" for name, value in said if value}


def events(kept: Kept) -> tuple[str, ...]:
    """Ids of the events an article tells of: those of the register it attaches to, and what its verdict names beside them."""
    return tuple(dict.fromkeys((*(attached.event for attached in kept.attached), *kept.verdict.events)))


def families(outlet: str) -> list[str]:
    """Leading parts of an outlet's key: tass for tass-en and tass-ru."""
    parts = outlet.split("-")
    return ["-".join(parts[:count]) for count in range(1, len(parts))]


def address(url: str) -> str:
    """An address without what does not tell pages apart: scheme, www, a last slash."""
    folded = fact_value(url)
    for start in ("https://", "http://", "www."):
        folded = folded.removeprefix(start)
    return folded.rstrip("/")


def _facets(kept: Kept) -> dict[str, tuple[str, ...]]:
    article, verdict = kept.article, kept.verdict
    facets = {
        "outlet": (article.outlet,),
        "country": (kept.country,),
        "language": (_primary(article.language),),
        "topic": verdict.topics,
        "activity": verdict.activities,
        "event": events(kept),
        "strength": tuple(dict.fromkeys(verdict.strength.values())),
        "year": (f"{moment(kept).year:04d}",),
        "seed": (_yes(kept.seed),),
    }
    return {name: tuple(value for value in values if value) for name, values in facets.items()}


def _primary(language: str) -> str:
    """zh of zh-Hant (BCP 47): what is asked for by."""
    return language.split("-")[0].lower()


def _yes(value: bool) -> str:
    return "yes" if value else "no"
