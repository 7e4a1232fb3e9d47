"""One story as a digest shows it: a `Story` walks in, a view of plain strings walks out. Pure; composing alone calls it."""

from dataclasses import dataclass
from datetime import UTC
from urllib.parse import quote

from alerts.composing.layout import one_line, safe_link
from alerts.composing.marking import Passage, marked_sentences, marked_title
from alerts.composing.phrases import Phrases, clock, offset
from storage.records import Kept, Match, Story, Strength

TITLE_LIMIT, SENTENCE_LIMIT, NAME_LIMIT = 220, 300, 60
#: Reprints named under one story; the archive page knows the rest.
MOST_REPRINTS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where one article of a story stands."""

    outlet: str
    #: Local time at the outlet with its offset, and UTC where that differs.
    when: str
    original: str
    archived: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView:
    """One entry of a digest."""

    topic: str
    #: BCP 47, for the fonts and voices of mail programs; empty when unknown.
    language: str
    title: Passage
    source: Source
    #: Strength, activities and further topics in plain words.
    labels: tuple[str, ...]
    is_tie: bool
    #: "Changed since you were told", or empty.
    changed: str
    sentences: tuple[Passage, ...]
    reprints: tuple[Source, ...]
    reprints_left: int


def entry_view(story: Story, *, phrases: Phrases, web_url: str, sentences: int) -> EntryView:
    kept = story.lead.kept
    return EntryView(
        topic=topic_of(story),
        language=one_line(kept.article.language, 20) if kept.article.language.isascii() else "",
        title=marked_title(kept, limit=TITLE_LIMIT) or (),
        source=source_of(kept, phrases=phrases, web_url=web_url),
        labels=_labels(kept, phrases),
        is_tie=Strength.TIE in kept.verdict.strength.values(),
        changed=_changed(story.lead, phrases),
        sentences=marked_sentences(kept, most=sentences, limit=SENTENCE_LIMIT),
        reprints=tuple(source_of(m.kept, phrases=phrases, web_url=web_url) for m in story.others[:MOST_REPRINTS]),
        reprints_left=max(0, len(story.others) - MOST_REPRINTS),
    )


def topic_of(story: Story) -> str:
    """The topic an entry is listed under: the first it is a tie of, else the first at all, else none."""
    strength = story.lead.kept.verdict.strength
    return next((topic for topic, how in strength.items() if how is Strength.TIE), next(iter(strength), ""))


def source_of(kept: Kept, *, phrases: Phrases, web_url: str) -> Source:
    return Source(
        outlet=one_line(kept.outlet_name or kept.article.outlet, NAME_LIMIT),
        when=_when(kept, phrases),
        original=safe_link(kept.article.url),
        archived=f"{web_url}/articles/{quote(kept.id, safe='')}" if web_url else "",
        title=one_line(kept.article.title, TITLE_LIMIT) or phrases.say("untitled"),
    )


def _when(kept: Kept, phrases: Phrases) -> str:
    """Local time at the outlet, its offset, and the same in UTC with the day where it is another."""
    published = kept.article.published
    if published is None:
        seen = kept.first_seen.astimezone(UTC)
        return phrases.say("published.none", day=phrases.short_day(seen), time=clock(seen))
    local, universal = published.local, published.at.astimezone(UTC)
    if not published.has_time:
        return phrases.say("published.no_time", day=phrases.short_day(local))
    said = f"{phrases.short_day(local)}, {clock(local)} {offset(local)}"
    if not local.utcoffset():
        return said
    other_day = "" if local.date() == universal.date() else f"{phrases.short_day(universal)}, "
    return f"{said} ({other_day}{clock(universal)} UTC)"


def _labels(kept: Kept, phrases: Phrases) -> tuple[str, ...]:
    strength = kept.verdict.strength
    labels = []
    if strength:
        tie = Strength.TIE in strength.values()
        labels.append(phrases.say("strength.tie" if tie else "strength.mention"))
    if kept.verdict.activities:
        labels.append(", ".join(one_line(phrases.activity(a), NAME_LIMIT) for a in kept.verdict.activities[:4]))
    first = topic_of(Story(lead=Match(kept=kept)))
    others = [one_line(phrases.topic(topic), NAME_LIMIT) for topic in strength if topic != first]
    if others:
        labels.append(phrases.say("also", topics=", ".join(others[:3])))
    if kept.article.summary_only:
        labels.append(phrases.say("summary_only"))
    return tuple(labels)


def _changed(match: Match, phrases: Phrases) -> str:
    if not match.changed:
        return ""
    return f"{phrases.say('changed')} ({phrases.say('revision', n=match.kept.revision)})"
