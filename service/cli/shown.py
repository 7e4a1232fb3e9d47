"""Records as the command line and the web show them: a record walks in, plain JSON walks out. Pure."""

from dataclasses import asdict
from typing import Any

from scrapers.classifying.explaining import NearMiss
from scrapers.parsing.plaintext import plain
from service.cli.revisions import touched
from service.runs.intake import tell
from service.runs.revisiting import Revisited
from service.runs.revisiting import tell as tell_revisit
from service.stories import Copy, Telling
from storage.records import (
    Absence,
    Article,
    Correction,
    Digest,
    DigestRecord,
    Entry,
    Evidence,
    Feed,
    Kept,
    Mark,
    Outlet,
    PointState,
    Published,
    Revision,
    Revisit,
    Subscription,
    Verdict,
    Visit,
    rfc3339,
)
from storage.search.documents import events
from storage.search.snippets import Snippet


def published(when: Published | None) -> str | None:
    """RFC 3339 on the outlet's own clock."""
    return rfc3339(when.local) if when else None


def article(read: Article) -> dict[str, Any]:
    return {
        "url": read.url,
        "outlet": read.outlet,
        "title": read.title,
        "text": read.text,
        "byline": read.byline,
        "published": published(read.published),
        "published_basis": read.published.basis.value if read.published else "none",
        "language": read.language,
    }


def entry(listed: Entry) -> dict[str, Any]:
    return {
        "url": listed.url,
        "title": listed.title,
        "published": published(listed.published),
        "summary": listed.summary,
    }


def feed(parsed: Feed) -> dict[str, Any]:
    return {"kind": parsed.kind, "title": parsed.title, "entries": [entry(listed) for listed in parsed.entries]}


def verdict(given: Verdict) -> dict[str, Any]:
    return {
        "topics": list(given.topics),
        "strength": {topic: strength.value for topic, strength in given.strength.items()},
        "activities": list(given.activities),
        "events": list(given.events),
        "evidence": [evidence(piece) for piece in given.evidence],
    }


def evidence(piece: Evidence) -> dict[str, Any]:
    return {
        "topic": piece.topic,
        "rule": piece.rule,
        "form": piece.form,
        "field": piece.field,
        "start": piece.start,
        "end": piece.end,
        "sentence": piece.sentence,
    }


def near_miss(miss: NearMiss) -> dict[str, Any]:
    """A rule that fired on a text or came near, and what decided it."""
    return asdict(miss)


def near_miss_line(miss: NearMiss) -> str:
    """The same for people."""
    return f"    {miss.topic}/{miss.rule} ({miss.outcome}): {miss.reason}"


def kept(found: Kept) -> dict[str, Any]:
    """An article as `entente show` prints it."""
    return {
        "id": found.id,
        **article(found.article),
        "outlet_name": found.outlet_name,
        "canonical_id": found.article.canonical_id,
        "origin": found.article.origin,
        "first_seen": rfc3339(found.first_seen),
        "captured": rfc3339(found.captured),
        "revision": found.revision,
        "seed": found.seed,
        "late": found.late,
        "changed": found.edits > 0,
        "gone_since": rfc3339(found.gone_since) if found.gone_since else None,
        "rules_version": found.verdict.rules_version,
        **verdict(found.verdict),
        "attached": [asdict(one) for one in found.attached],
    }


def states(found: Kept) -> list[str]:
    """What a list should say of an article beside its title."""
    said = (found.seed, "seed archive"), (found.edits > 0, "changed"), (found.gone_since is not None, "gone")
    return [name for is_so, name in said if is_so]


def hit(found: Kept, snippet: Snippet, earlier: Revision | None = None) -> dict[str, Any]:
    """An article as one hit of a search; `marks` are the ranges of characters of `snippet` that were met, `earlier` the
    text they stand in where that is not the present one."""
    return {
        "id": found.id,
        "url": found.article.url,
        "title": found.article.title,
        "outlet": found.article.outlet,
        "published": published(found.article.published),
        "language": found.article.language,
        "topics": list(found.verdict.topics),
        "activities": list(found.verdict.activities),
        "snippet": snippet.text,
        "marks": [list(mark) for mark in snippet.marks],
        "seed": found.seed,
        "changed": found.edits > 0,
        "gone": found.gone_since is not None,
        "earlier_revision": {"number": earlier.number, "captured": rfc3339(earlier.captured)} if earlier else None,
        "outlet_name": found.outlet_name,
        "country": found.country,
        "strength": {topic: strength.value for topic, strength in found.verdict.strength.items()},
        "events": list(events(found)),
    }


def marked(snippet: Snippet) -> str:
    """A snippet for people: **so** where the query was met."""
    text, pieces, at = snippet.text, [], 0
    for start, end in snippet.marks:
        pieces += [text[at:start], "**", text[start:end], "**"]
        at = end
    return " ".join("".join([*pieces, text[at:]]).split())


def revision(text: Revision) -> dict[str, Any]:
    return {
        "number": text.number,
        "title": text.title,
        "text": text.text,
        "sha256": text.text_hash,
        "captured": rfc3339(text.captured),
        "filled": text.filled,
        "material": None if text.touched is None else text.is_material,
        "touched": [touched(one) for one in text.touched or ()],
    }


def absence(gone: Absence) -> dict[str, Any]:
    return {
        "since": rfc3339(gone.since),
        "confirmed": rfc3339(gone.confirmed),
        "back": rfc3339(gone.back) if gone.back else None,
        "why": gone.why,
    }


def revisits(known: Revisit) -> dict[str, Any]:
    """When an article's page is visited again, and what the last visit met."""
    moments = ("due", "last_visit", "missing_since")
    return {
        **{name: rfc3339(moment) if (moment := getattr(known, name)) else None for name in moments},
        "visits": known.visits,
        "failures": known.failures,
        "why": known.why,
    }


def revisited(one: Revisited) -> dict[str, Any]:
    return tell_revisit(one) | {"at": rfc3339(one.at)}


def copies(told: Telling) -> list[dict[str, Any]]:
    """A story, the first publisher first; nothing where nobody else tells it."""
    return [] if told.is_alone else [_copy(one) for one in told.copies]


def _copy(one: Copy) -> dict[str, Any]:
    read = one.kept.article
    return {
        "id": one.kept.id,
        "outlet": read.outlet,
        "outlet_name": one.kept.outlet_name,
        "url": read.url,
        "title": read.title,
        "language": read.language,
        "published": published(read.published),
        "first_seen": rfc3339(one.kept.first_seen),
        "origin": read.origin,
        "role": one.role.value,
        "delay_seconds": None if one.delay is None else int(one.delay.total_seconds()),
        "words_added": one.words_added,
        "words_cut": one.words_cut,
        "added": one.added,
        "cut": one.cut,
    }


def story(told: Telling) -> dict[str, Any]:
    """A story by itself."""
    return {
        "id": told.id,
        "articles": [_copy(one) for one in told.copies],
        "more": told.more,
        "corrections": [correction(said) for said in told.corrections],
    }


def correction(said: Correction) -> dict[str, Any]:
    return {
        "one": said.one,
        "other": said.other,
        "together": said.together,
        "at": rfc3339(said.at),
        "by": said.by,
        "note": said.note,
    }


def copies_line(told: Telling) -> str:
    """How many tell the same story, in words."""
    others = len(told.copies) - 1 + told.more
    return (
        f"{others} other article(s) of the same story: entente stories show {told.id}"
        if others
        else "no other tells it"
    )


def visit(made: Visit) -> dict[str, Any]:
    return tell(made) | {"at": rfc3339(made.at)}


def subscription(asked: Subscription) -> dict[str, Any]:
    return {
        "name": asked.name,
        "email": asked.email,
        "query": asked.query,
        "at": asked.at.strftime("%H:%M"),
        "zone": asked.zone,
        "days": list(asked.days),
        "when_empty": asked.when_empty.value,
        "paused": asked.paused,
        "next_due": rfc3339(asked.next_due) if asked.next_due else None,
    }


def digest(record: DigestRecord) -> dict[str, Any]:
    return {
        "number": record.number,
        "subscription": record.digest.subscription,
        "email": record.digest.email,
        "subject": record.digest.subject,
        "message_id": record.digest.message_id,
        "due": rfc3339(record.digest.due),
        "composed": rfc3339(record.digest.composed),
        "items": [{"id": id, "revision": number} for id, number in record.digest.told],
        "late": record.digest.late,
        "state": record.state.value,
        "attempts": record.attempts,
        "sent": rfc3339(record.sent) if record.sent else None,
        "via": record.via,
        "why": record.why,
    }


def digest_text(composed: Digest) -> dict[str, Any]:
    """A digest as it would go out."""
    return {
        "subscription": composed.subscription,
        "email": composed.email,
        "subject": composed.subject,
        "text": composed.text,
        "html": composed.html,
        "items": [{"id": id, "revision": number} for id, number in composed.told],
    }


def mark(put: Mark) -> dict[str, Any]:
    return {
        "article": put.article,
        "topic": put.topic,
        "right": put.right,
        "strength": put.strength.value if put.strength else None,
        "is_about": put.is_about,
        "revision": put.revision,
        "rules_version": put.rules_version,
        "note": put.note,
        "by": put.by,
        "at": rfc3339(put.at),
    }


def outlet(known: Outlet, states: list[PointState]) -> dict[str, Any]:
    """An outlet with what its entry points last did."""
    by_url = {state.url: state for state in states}
    return {
        "key": known.key,
        "name": known.name,
        "country": known.country,
        "languages": list(known.languages),
        "kind": known.kind,
        "homepage": known.homepage,
        "access": known.access,
        "enabled": known.enabled,
        "entry_points": [
            {
                "url": point.url,
                "kind": point.kind.value,
                "section": point.section,
                "status": point.status,
                "failures": by_url[point.url].failures if point.url in by_url else 0,
                "last_ok": _moment(by_url.get(point.url)),
            }
            for point in known.entry_points
        ],
    }


def _moment(state: PointState | None) -> str | None:
    return rfc3339(state.last_ok) if state and state.last_ok else None


def one_line(text: str) -> str:
    """Text without markup or line breaks, for a row of a table."""
    return " ".join(plain(text).split())
