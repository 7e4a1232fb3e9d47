"""A whole digest as its templates see it: stories and the frame walk in, one value of plain strings walks out. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from alerts.composing.entries import NAME_LIMIT, EntryView, Source, entry_view, source_of
from alerts.composing.layout import one_line, safe_link
from alerts.composing.phrases import Phrases, clock
from alerts.slots import DAYS
from storage.records import Completeness, Match, Story, Subscription

#: Names of outlets told in one line of the completeness; the rest is counted.
MOST_NAMES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What a digest needs to know besides the news."""

    subscription: Subscription
    completeness: Completeness
    due: datetime
    now: datetime
    #: Without a slash at its end; empty when nobody serves the pages.
    web_url: str
    #: Mail address of the operator; may be empty.
    contact: str
    late: bool
    phrases: Phrases


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How much of a digest is shown: entries in full, entries in one line, and sentences an entry."""

    full: int
    brief: int
    sentences: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    title: str
    entries: tuple[EntryView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """How to stop: a web page, an address, or neither (then a reply will do)."""

    link: str
    write: str
    contact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestPage:
    """All strings of one digest, ready to be escaped and laid out."""

    language: str
    name: str
    headline: str
    date: str
    late: str
    hint: str
    empty: str
    preheader: str
    sections: tuple[Section, ...]
    brief: tuple[Source, ...]
    rest: str
    rest_link: str
    completeness: str
    #: (what happened, names of outlets).
    gaps: tuple[tuple[str, str], ...]
    query: str
    why: str
    schedule: str
    stop: Stop


def digest_page(stories: Sequence[Story], frame: Frame, share: Share) -> DigestPage:
    """The page of `stories`, most important first, of which `share` says how many are shown."""
    say = frame.phrases.say
    shown, brief, rest = _shared(stories, share)
    left = sum(len(story.matches) for story in rest)
    name = one_line(frame.subscription.name, NAME_LIMIT)
    return DigestPage(
        language=frame.phrases.language,
        name=name,
        headline=headline([m for story in stories for m in story.matches], frame.phrases),
        date=_slot(frame.due, frame),
        late=say("late", due=_slot(frame.due, frame), now=_slot(frame.now, frame)) if frame.late else "",
        hint=_hint(frame),
        empty="" if stories else say("empty"),
        preheader=one_line(" · ".join(story.lead.kept.article.title for story in stories[1:4]), 160),
        sections=_sections(shown, frame, share.sentences),
        brief=tuple(source_of(s.lead.kept, phrases=frame.phrases, web_url=frame.web_url) for s in brief),
        rest=frame.phrases.count("rest", left) if left else "",
        rest_link=search_link(frame) if left else "",
        completeness=_completeness(frame),
        gaps=_gaps(frame),
        query=one_line(frame.subscription.query, 400),
        why=say("why.search", name=name),
        schedule=_schedule(frame),
        stop=_stop(frame),
    )


def _shared(stories: Sequence[Story], share: Share) -> tuple[Sequence[Story], Sequence[Story], Sequence[Story]]:
    end = share.full + share.brief
    return stories[: share.full], stories[share.full : end], stories[end:]


def headline(matches: Sequence[Match], phrases: Phrases, *, key: str = "headline") -> str:
    """How many are new and how many changed. `key` chooses the long form of the page or the short one of a subject."""
    changed = sum(match.changed for match in matches)
    new = len(matches) - changed
    if not matches:
        return phrases.say("headline.empty")
    if not new:
        return phrases.count("headline.only_changed" if key == "headline" else f"{key}.changed", changed)
    counts = [phrases.count(f"{key}.new", new)]
    if changed:
        counts.append(phrases.count(f"{key}.changed", changed))
    return ", ".join(counts)


def _sections(stories: Sequence[Story], frame: Frame, sentences: int) -> tuple[Section, ...]:
    """Entries by topic, in the order in which their first one comes; what no topic claims comes last."""
    views: dict[str, list[EntryView]] = {}
    for story in stories:
        view = entry_view(story, phrases=frame.phrases, web_url=frame.web_url, sentences=sentences)
        views.setdefault(view.topic, []).append(view)
    topics = sorted(views, key=lambda topic: topic == "")
    return tuple(Section(title=_section_title(topic, frame.phrases), entries=tuple(views[topic])) for topic in topics)


def _section_title(topic: str, phrases: Phrases) -> str:
    return one_line(phrases.topic(topic), NAME_LIMIT) if topic else phrases.say("topic.other")


def _slot(moment: datetime, frame: Frame) -> str:
    """A moment on the subscriber's clock."""
    local = moment.astimezone(ZoneInfo(frame.subscription.zone))
    return frame.phrases.say(
        "date.slot", day=frame.phrases.day(local), time=clock(local), zone=frame.subscription.zone.replace("_", " ")
    )


def _hint(frame: Frame) -> str:
    """One line at the top when the news may be incomplete."""
    seen = frame.completeness
    if not seen.visited:
        return frame.phrases.say("hint.none_visited")
    unread = len({*seen.failed, *seen.blocked})
    return frame.phrases.count("hint.incomplete", unread) if unread else ""


def _completeness(frame: Frame) -> str:
    seen = frame.completeness
    if not seen.visited:
        return frame.phrases.say("hint.none_visited")
    if seen.ok >= seen.visited:
        return frame.phrases.count("completeness.all", seen.visited)
    return frame.phrases.say("completeness.some", visited=seen.visited, ok=seen.ok)


def _gaps(frame: Frame) -> tuple[tuple[str, str], ...]:
    seen = frame.completeness
    kinds = (("failed", seen.failed), ("blocked", seen.blocked), ("silent", seen.silent), ("capped", seen.capped))
    return tuple((frame.phrases.say(f"completeness.{k}"), _names(names, frame.phrases)) for k, names in kinds if names)


def _names(names: Sequence[str], phrases: Phrases) -> str:
    told = ", ".join(one_line(name, NAME_LIMIT) for name in names[:MOST_NAMES])
    left = len(names) - MOST_NAMES
    return f"{told} {phrases.say('names.more', n=left)}" if left > 0 else told


def _schedule(frame: Frame) -> str:
    phrases, subscription = frame.phrases, frame.subscription
    days = [phrases.weekdays[DAYS.index(day)] for day in DAYS if day in subscription.days]
    when = phrases.say("days.some", days=", ".join(days)) if days else phrases.say("days.every")
    zone = subscription.zone.replace("_", " ")
    return phrases.say("why.schedule", days=when, time=f"{subscription.at:%H:%M}", zone=zone)


def _stop(frame: Frame) -> Stop:
    say, contact = frame.phrases.say, one_line(frame.contact, 200)
    link = safe_link(f"{frame.web_url}/subscriptions") if frame.web_url else ""
    if link:
        return Stop(link=link, write=say("stop.write", contact=contact) if contact else "", contact=contact)
    return Stop(
        link="", write=say("stop.only_write", contact=contact) if contact else say("stop.reply"), contact=contact
    )


def search_link(frame: Frame) -> str:
    """The archive's answer to the subscription's search, the newest first."""
    if not frame.web_url:
        return ""
    return safe_link(f"{frame.web_url}/search?q={quote(frame.subscription.query, safe='')}&sort=date")
