"""The nouns of Entente: frozen values that any room may import. Standard library only, no behaviour beyond reading oneself.

All times are aware and in UTC unless a field says otherwise; texts are `str` as published, never folded.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum

# ------------------------------------------------------------------ outlets and what they answer


class PointKind(StrEnum):
    """How an entry point lists what is new."""

    FEED = "feed"  # RSS, Atom, RDF or JSON Feed
    LISTING = "listing"  # an HTML page of links
    LISTING_JSON = "listing-json"  # a JSON file behind a listing page
    SITEMAP = "sitemap"  # sitemaps.org XML, index or news sitemap


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPoint:
    """One address at which an outlet lists what is new. YYYY, MM and DD in `url` stand for the date at the outlet."""

    url: str
    kind: PointKind
    #: The outlet's own name of the part, for people.
    section: str = ""
    #: What others recorded of it (live, stale, unverified...); shown, never trusted.
    status: str = ""
    #: Regular expression searched in the absolute address of a link; empty accepts what the outlet's pattern accepts.
    item_link_pattern: str = ""
    #: CSS selectors of listing pages; empty means every link of the page.
    item: str = ""
    item_link: str = ""
    item_title: str = ""
    item_time: str = ""
    item_time_pattern: str = ""
    item_time_format: str = ""
    #: The whole text of an article, where the listing itself carries it (a page of posts); fills `Entry.content`.
    item_text: str = ""
    #: JSON listings: the key of the list, and our word -> their key (url, title, published, summary, text, byline).
    items_key: str = ""
    item_fields: Mapping[str, str] = field(default_factory=dict)
    #: JSON behind a listing: how its id stands in the page at `url`, and the address to fill it into (`{id}`).
    id_pattern: str = ""
    data_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where one generation of an outlet's pages keeps what we read. All selectors are CSS; several are tried in order."""

    #: First day (inclusive) this layout is known for, as found in the catalogue; None where undated.
    since: datetime | None = None
    title: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    byline: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    #: Regular expression whose first group is the time inside the text found.
    published_pattern: str = ""
    #: strptime formats tried in order; empty leaves it to the general reader of dates.
    published_formats: tuple[str, ...] = ()
    byline_pattern: str = ""
    #: Elements cut before the text is taken, and the element the text stops at.
    exclude: tuple[str, ...] = ()
    stop: str = ""
    #: Selector of "who it was taken from" (来源, source), when the page says so.
    origin: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """A publisher whose entry points we visit. Read from data in `scrapers/outlets/` and the operator's folder."""

    #: Short, stable, lowercase; seen in addresses and logs, never reused.
    key: str
    name: str
    #: ISO 3166-1 alpha-2.
    country: str = ""
    #: BCP 47 primary tags (en, ru, zh), the most usual first.
    languages: tuple[str, ...] = ()
    kind: str = ""
    homepage: str = ""
    #: Hosts that serve this outlet's articles; links elsewhere are not its articles.
    hosts: tuple[str, ...] = ()
    #: IANA zone of times printed without one.
    timezone: str = "UTC"
    encoding: str = ""
    #: open, fragile or blocked: what reaching the pages is known to be like.
    access: str = "open"
    enabled: bool = True
    entry_points: tuple[EntryPoint, ...] = ()
    article_url_pattern: str = ""
    #: Regular expression; the first group that matched is the article's stable key.
    canonical_id: str = ""
    not_articles: tuple[str, ...] = ()
    layouts: tuple[Layout, ...] = ()
    #: Furniture cut from the end of the text, and from the end of a title.
    tails: tuple[str, ...] = ()
    title_suffix: str = ""
    #: Regular expression of a further page of the same article; its first group is the page number.
    next_page_pattern: str = ""
    #: Where the text is served when the article's address shows only a shell; `{id}` stands for the canonical id.
    page_url: str = ""
    #: Regular expression of addresses that are copies; its group `origin` names the outlet copied from, as the address does.
    reprint_url_pattern: str = ""
    #: Whether feed text stands for the page (pages blocked, or full text in the feed).
    read_from_feed: bool = False
    #: The least time between two visits to one entry point, and between two requests to one host: promises to the outlet.
    patience: timedelta = timedelta(minutes=30)
    delay: timedelta = timedelta(seconds=5)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """What an address answered, byte for byte after transfer decoding."""

    url: str
    #: After redirects.
    final_url: str
    status: int
    #: Lower-case names.
    headers: Mapping[str, str]
    body: bytes
    captured: datetime

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A document as text, with the encoding it was really in."""

    url: str
    text: str
    encoding: str = "utf-8"


class Basis(StrEnum):
    """Where a published time was read."""

    PAGE = "page"
    FEED = "feed"
    ADDRESS = "address"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """When an outlet says it published: the instant in UTC, the outlet's offset beside it, and where it was read."""

    at: datetime
    #: Minutes east of UTC that were printed or that the outlet's zone had then.
    offset_minutes: int = 0
    basis: Basis = Basis.PAGE
    #: False when only the day is known; `at` is then midnight at the outlet.
    has_time: bool = True

    @property
    def local(self) -> datetime:
        """The same instant on the outlet's clock."""
        return self.at.astimezone(timezone(timedelta(minutes=self.offset_minutes)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a feed, listing or sitemap: what an outlet says is new."""

    url: str
    title: str = ""
    published: Published | None = None
    #: Plain text.
    summary: str = ""
    #: Full text when the feed carries it, as the HTML or text given; never shown as HTML.
    content: str = ""
    byline: str = ""
    #: The feed's own id (guid, atom:id), if any.
    guid: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What one entry point listed, in its own order."""

    url: str
    #: rss, atom, json-feed, listing, listing-json or sitemap.
    kind: str
    title: str = ""
    entries: tuple[Entry, ...] = ()
    #: Sitemap indexes list further sitemaps instead of articles.
    children: tuple[str, ...] = ()
    #: The least time the feed asks us to wait (RSS ttl, sy:updatePeriod), if it does.
    ttl: timedelta | None = None


# ------------------------------------------------------------------ articles and what is said of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The text we read at an outlet. Identity is (outlet, canonical_id); the same text elsewhere is another article."""

    outlet: str
    canonical_id: str
    url: str
    title: str
    text: str
    byline: str = ""
    published: Published | None = None
    #: BCP 47 primary tag (en, ru, zh...); empty when it cannot be told.
    language: str = ""
    #: Who it was taken from, as the page says ("Source: Xinhua"); empty for own copy.
    origin: str = ""
    #: True when the text is the feed's summary because the page could not be read.
    summary_only: bool = False


class Change(StrEnum):
    """What an article is to the archive."""

    NEW = "new"
    REVISED = "revised"
    SAME = "same"


class Strength(StrEnum):
    """How much a text is about a topic."""

    TIE = "tie"
    MENTION = "mention"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The words that earned a verdict. `original[start:end]` of `field` is what stood in the text."""

    topic: str
    #: Id of the rule that fired, as written in the topic file.
    rule: str
    #: The form as it stood in the text.
    form: str
    #: "title" or "text".
    field: str
    #: Character offsets into the original, unfolded field.
    start: int
    end: int
    #: The sentence around it, as it stood.
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Topics, strengths, activities and events given to a text, and why."""

    #: topic -> tie or mention; topics judged "none" are absent.
    strength: Mapping[str, Strength] = field(default_factory=dict)
    #: The primary activity first.
    activities: tuple[str, ...] = ()
    #: Named events, the strongest first: an exercise and its edition, the same in every language (joint_sea-2025).
    events: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    #: topic -> points, for people who write rules.
    points: Mapping[str, float] = field(default_factory=dict)
    #: Changes whenever any rule does.
    rules_version: str = ""

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple(self.strength)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An article as the archive holds it."""

    #: Stable, short, in addresses and output: the same in every archive that holds this article.
    id: str
    article: Article
    verdict: Verdict
    first_seen: datetime
    captured: datetime
    #: 1 for the text first kept; each changed text adds one.
    revision: int = 1
    #: SHA-256, in hex, of the text as it is compared (folded, without whitespace): reprints share it.
    text_hash: str = ""
    seed: bool = False
    #: Published long before it was first seen: archived, never told as new.
    late: bool = False
    outlet_name: str = ""
    country: str = ""
    #: Names the story it is in, which is its own id where it stands alone; empty while it has no place yet.
    story: str = ""
    #: Grows with every change search can see; the index is caught up by it.
    change: int = 0
    #: The events of the register it tells of, the surest first.
    attached: tuple["Attachment", ...] = ()
    #: How often the outlet changed the text since; a full text in the place of a summary is no edit.
    edits: int = 0
    #: The last revision that matters: the first one, or a later one that touched evidence, numbers or names.
    matters: int = 1
    #: When it was first missed, once its page is known to have vanished and has not come back.
    gone_since: datetime | None = None
    #: The texts it had before this one, the first one first.
    earlier: tuple["Revision", ...] = ()


class Particular(StrEnum):
    """What makes a change of a text material."""

    #: The words or the sentence that earned a verdict.
    EVIDENCE = "evidence"
    #: Numbers, dates among them.
    NUMBER = "number"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Touched:
    """One particular that a revision touched: the words before and after, either of which may be empty."""

    what: Particular
    was: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One text an article has had."""

    number: int
    title: str
    text: str
    text_hash: str
    captured: datetime
    #: A full text in the place of a summary: our reading grew, the outlet edited nothing.
    filled: bool = False
    #: What it touched of the evidence, the numbers and the names; None where nobody judged (an older Entente kept it).
    touched: tuple[Touched, ...] | None = ()

    @property
    def is_material(self) -> bool:
        return bool(self.touched)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revisit:
    """What is remembered of an article's page between visits. Only articles that matched, read from their pages, have one."""

    #: The article's id, its outlet's key, and the address its page was read at.
    article: str
    outlet: str
    url: str
    first_seen: datetime
    #: None once the rhythm is over.
    due: datetime | None
    #: Visits that told something: the page stood there, or was missing.
    visits: int = 0
    #: Visits in a row that told nothing (an error, a refusal, a line that broke).
    failures: int = 0
    last_visit: datetime | None = None
    etag: str = ""
    last_modified: str = ""
    #: SHA-256 of the last body read, in hex: an unchanged one needs no reading.
    page_hash: str = ""
    #: When it was first found missing, and when that was confirmed; both None while it stands there.
    missing_since: datetime | None = None
    confirmed: datetime | None = None
    #: What the last visit met, where that was no article.
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """A page that vanished, from the visit that first missed it; and when it was found again, if it was."""

    article: str
    since: datetime
    confirmed: datetime
    back: datetime | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What an analyst said of one verdict: of this article, on this topic, right or wrong."""

    article: str
    topic: str
    right: bool
    #: What had been judged; None where the topic was not given.
    strength: Strength | None
    #: The text that was judged, by its number, and the rules that judged it.
    revision: int
    rules_version: str
    at: datetime
    note: str = ""
    #: Who said so; empty where nobody asked.
    by: str = ""

    @property
    def is_about(self) -> bool:
        """Whether the text is about the topic, as the analyst sees it."""
        return self.right is (self.strength is not None)


# ------------------------------------------------------------------ events of the register


class Confidence(StrEnum):
    """How far a statement is to be trusted."""

    HIGH = "high"
    MED = "med"
    #: Not to be shown as settled.
    LOW = "low"


class Grounds(StrEnum):
    """What an event of the register rests on."""

    #: Met in a text read for the register.
    SEEN = "seen"
    #: Known to experts and not checked again: not to be shown as settled.
    RECALL = "recall"
    #: Reported by several outlets of this archive, and accepted by an analyst.
    REPORTED = "reported"


class Precision(StrEnum):
    """How exactly the days of an event are known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A named exercise, patrol, meeting or agreement: one event, whatever the language and the outlet that tells of it."""

    #: Stable; of an edition of an exercise the id that verdicts give it (joint_sea-2025).
    id: str
    #: By language (en, ru, zh); English is always there.
    names: Mapping[str, str]
    activity: str
    #: First and last day. Where only months or years are known, the first and last day of these.
    first: date
    last: date
    precision: Precision = Precision.DAY
    topics: tuple[str, ...] = ()
    #: ISO 3166-1 alpha-2, lower case, of those who took part and of those who watched.
    who: tuple[str, ...] = ()
    observers: tuple[str, ...] = ()
    #: Ids of the register's words: where it was, who met, and what a text without its name must speak of.
    places: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    #: The how-manieth of its series; 0 where they are not counted.
    number: int = 0
    confidence: Confidence = Confidence.HIGH
    basis: Grounds = Grounds.SEEN
    #: Only announced: nobody has reported that it took place.
    announced: bool = False
    note: str = ""

    @property
    def is_settled(self) -> bool:
        """Whether readers may take it as a fact."""
        return self.confidence is not Confidence.LOW and self.basis is not Grounds.RECALL and not self.announced


class How(StrEnum):
    """By what an article attaches to an event."""

    #: The text names it.
    NAME = "name"
    #: The text tells of it without its name: the same act, days, participants and place or people.
    TELLING = "telling"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """That an article tells of an event, how sure that is, and why."""

    event: str
    how: How
    confidence: Confidence
    reason: str


def surest_first(attachment: Attachment) -> tuple[int, str]:
    """The order in which attachments are kept and shown."""
    return list(Confidence).index(attachment.confidence), attachment.event


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """By what an article tells of an event that the register does not hold: where two meet on near days, it may be one."""

    article_id: str
    #: named/joint_sea-2026, at/sanya, meeting/belousov+dong_jun, act/bombers, with/la.
    handle: str
    activity: str
    #: The day it was published, at the outlet.
    day: date
    #: The outlet, whatever the language of its edition.
    publisher: str
    #: Reprints share it, and count once.
    text_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """An analyst's word on an event that several outlets reported and the register did not hold."""

    #: Id of the event.
    id: str
    accepted: bool
    event: Event
    #: Ids of the articles it was judged by.
    articles: tuple[str, ...]
    at: datetime
    note: str = ""
    by: str = ""


class LinkKind(StrEnum):
    """Why two articles are one story."""

    #: Word for word, or nearly.
    COPY = "copy"
    #: One is a part of the other.
    SHORTENED = "shortened"
    #: The same headline, where a headline is all there is.
    HEADLINE = "headline"
    #: Told in other words.
    RETOLD = "retold"
    #: Told in another language: the same event, day and people.
    TRANSLATED = "translated"


@dataclass(frozen=True, slots=True)
class Likeness:
    """Why two articles are one story, and how surely: 1 to 100."""

    kind: LinkKind
    strength: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """What the archive needs to find an article its place among the stories."""

    article: str
    #: What likeness is told from, packed; the archive compares two of them by a function it is handed.
    traits: bytes
    #: 63-bit keys it is filed under, and those under which its like may be filed.
    filed: frozenset[int]
    sought: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Two articles found alike."""

    one: str
    other: str
    likeness: Likeness


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A person's word on two articles: one story, or not. The last one on a pair stands for ever."""

    one: str
    other: str
    together: bool
    at: datetime
    by: str = ""
    note: str = ""


# ------------------------------------------------------------------ which articles a question may concern


@dataclass(frozen=True, slots=True)
class Holds:
    """Articles whose folded title or text holds these characters side by side, be it inside a word."""

    text: str


@dataclass(frozen=True, slots=True)
class Judged:
    """Articles that have a topic now."""


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Articles of which one part holds; without parts: none."""

    parts: tuple["Condition", ...] = ()


@dataclass(frozen=True, slots=True)
class AllOf:
    """Articles of which every part holds; without parts: all there are."""

    parts: tuple["Condition", ...] = ()


Condition = Holds | Judged | AnyOf | AllOf


# ------------------------------------------------------------------ visits


class Outcome(StrEnum):
    """How one knock at one entry point ended."""

    OK = "ok"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    #: Robots rules or a bot wall: not to be got round.
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One knock at one entry point, told in one line."""

    outlet: str
    url: str
    outcome: Outcome
    at: datetime
    entries: int = 0
    new: int = 0
    revised: int = 0
    same: int = 0
    #: Entries left for the next visit because this one had read its share.
    capped: int = 0
    #: Articles that could not be read this time.
    failed: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PointState:
    """What is remembered about an entry point between visits."""

    outlet: str
    url: str
    due: datetime
    etag: str = ""
    last_modified: str = ""
    #: SHA-256 of the last body, in hex: an unchanged body needs no parsing.
    body_hash: str = ""
    failures: int = 0
    last_visit: datetime | None = None
    last_ok: datetime | None = None
    #: The newest published time it ever listed: an answering feed may still be silent.
    newest: datetime | None = None


class Fate(StrEnum):
    """What became of an entry we were shown."""

    WAITING = "waiting"
    #: Read, classified and kept.
    KEPT = "kept"
    #: Passed over for good, and why is said (no article, other host, too old).
    DROPPED = "dropped"
    #: Given up after several tries; a later change of the entry tries again.
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEntry:
    """An entry the archive has been shown, and what became of it."""

    outlet: str
    canonical_id: str
    entry: Entry
    #: The entry point that showed it first.
    point: str
    first_seen: datetime
    fate: Fate = Fate.WAITING
    why: str = ""
    attempts: int = 0
    next_try: datetime | None = None
    #: When its fate was last decided.
    settled: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedDocument:
    """One document of the seed archive as our manifest describes it; its full text comes from the operator's folder."""

    #: Three digits, as in "000".
    key: str
    title: str
    outlet: str
    outlet_name: str
    #: Who it reached us through (GlobalSecurity.org, a news digest...).
    through: str
    url: str
    author: str
    published: Published
    language: str
    topics: Mapping[str, Strength]
    #: The primary one first.
    activities: tuple[str, ...]
    #: SHA-256 of the document's bytes, in hex.
    sha256: str
    #: 120 to 200 words of our own.
    abstract: str
    #: (pattern, replacement) pairs that repair the document's quirks, applied in order.
    repairs: tuple[tuple[str, str], ...] = ()
    #: True when the document's lines are broken inside sentences.
    wrapped: bool = False


# ------------------------------------------------------------------ subscriptions, digests, the ledger


class WhenEmpty(StrEnum):
    SEND = "send"
    SKIP = "skip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A saved search, its schedule and its channel: what one subscriber asked for."""

    name: str
    email: str
    query: str = "topic:china-russia OR topic:sco"
    #: Local time in `zone` at which the digest is due.
    at: time = time(7, 0)
    #: IANA zone.
    zone: str = "UTC"
    #: mon ... sun; empty means every day.
    days: tuple[str, ...] = ()
    when_empty: WhenEmpty = WhenEmpty.SEND
    paused: bool = False
    next_due: datetime | None = None
    #: News first seen before this instant is not told: a new subscriber is not flooded with the archive.
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An article that answers a subscription and has not been told yet."""

    kept: Kept
    #: True when the article was told before and its text has changed since.
    changed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Matches that tell the same thing: the first publisher leads, the others reprint it."""

    lead: Match
    others: tuple[Match, ...] = ()

    @property
    def matches(self) -> tuple[Match, ...]:
        return (self.lead, *self.others)


@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    """What the reader must know about what we could not see."""

    visited: int = 0
    ok: int = 0
    #: Names of outlets, sorted.
    failed: tuple[str, ...] = ()
    blocked: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    capped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """Matches gathered on time, as they go out."""

    subscription: str
    email: str
    subject: str
    html: str
    text: str
    message_id: str
    #: The slot it answers, and when it was composed.
    due: datetime
    composed: datetime
    #: (article id, revision) told by it.
    told: tuple[tuple[str, int], ...] = ()
    late: bool = False


class DigestState(StrEnum):
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestRecord:
    """A digest and its fate, as the ledger holds it."""

    number: int
    digest: Digest
    state: DigestState
    attempts: int = 0
    sent: datetime | None = None
    #: smtp://host:port or outbox:file.eml, once sent.
    via: str = ""
    why: str = ""
    next_try: datetime | None = None


# ------------------------------------------------------------------ small things said alike everywhere


def utc(moment: datetime) -> datetime:
    """`moment` in UTC. Raises ValueError for a naive one: a time without a zone is a guess."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone")
    return moment.astimezone(UTC)


def rfc3339(moment: datetime) -> str:
    """RFC 3339 with seconds, `Z` for UTC."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone")
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
