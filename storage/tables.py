"""The rows of the archive, declared with sqlmodel: this room's private business, nothing of it leaves.

Rows are declared here and spoken to through SQLAlchemy Core (the upper-case tables at the end): a row leaves the archive as
a record of `storage.records`, whose fields it shares (tests hold the two together). Change a row and a new step is owed to
`storage/migrations`. Only `storage` imports this module.
"""

from datetime import date, datetime, time
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, Index, Integer, LargeBinary, MetaData, Table, UniqueConstraint
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from storage.columns import Key, Moment, Prose, ProseKey, Word
from storage.records import Basis, Confidence, DigestState, Fate, How, LinkKind, Outcome, Strength, WhenEmpty

#: Constraints bear names, so that later steps can speak of them on every store.
_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

METADATA = MetaData(naming_convention=_NAMES)


class Row(SQLModel, registry=registry(metadata=METADATA)):
    """What all rows share: the archive's own metadata."""


# ------------------------------------------------------------------ counting changes


class CounterRow(Row, table=True):
    """Numbers of the whole: `change` is raised inside the transaction whose rows bear the number, `identity` never moves."""

    __tablename__: ClassVar[str] = "counter"

    name: str = Field(primary_key=True)
    value: int = 0


# ------------------------------------------------------------------ outlets, their entry points, visits


class OutletRow(Row, table=True):
    """What readers see of an outlet; all else stands in its file."""

    __tablename__: ClassVar[str] = "outlet"

    key: str = Field(primary_key=True)
    name: str = Field(sa_type=Prose)
    country: str = ""
    #: False once no file speaks of it any more: its articles still need its name.
    enabled: bool = True


class PointRow(Row, table=True):
    """PointState."""

    __tablename__: ClassVar[str] = "entry_point"

    outlet: str = Field(primary_key=True)
    url: str = Field(primary_key=True)
    due: datetime = Field(sa_type=Moment)
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    failures: int = 0
    last_visit: datetime | None = Field(default=None, sa_type=Moment)
    last_ok: datetime | None = Field(default=None, sa_type=Moment)
    newest: datetime | None = Field(default=None, sa_type=Moment)


class VisitRow(Row, table=True):
    """Visit."""

    __tablename__: ClassVar[str] = "visit"
    __table_args__ = (Index(None, "latest", "outlet", "url"), Index(None, "at"))

    number: int | None = Field(default=None, primary_key=True)
    outlet: str
    url: str
    outcome: Outcome = Field(sa_type=Word(Outcome))
    at: datetime = Field(sa_type=Moment)
    entries: int = 0
    new: int = 0
    revised: int = 0
    same: int = 0
    capped: int = 0
    failed: int = 0
    why: str = Field(default="", sa_type=Prose)
    #: True for the last visit to its entry point: asked often, of a table that only grows.
    latest: bool = True


class EntryRow(Row, table=True):
    """KnownEntry, the fields of its Entry beside its own."""

    __tablename__: ClassVar[str] = "entry"
    __table_args__ = (
        UniqueConstraint("outlet", "canonical_id"),
        Index(None, "outlet", "fate", "first_seen"),
        Index(None, "url", postgresql_using="hash"),
    )

    #: Order of arrival: within one visit, the order of the feed.
    number: int | None = Field(default=None, primary_key=True)
    outlet: str
    canonical_id: str = Field(sa_type=Key)
    url: str = Field(sa_type=Prose)
    title: str = Field(default="", sa_type=Prose)
    published_at: datetime | None = Field(default=None, sa_type=Moment)
    published_offset: int | None = None
    published_basis: Basis | None = Field(default=None, sa_type=Word(Basis))
    published_has_time: bool | None = None
    summary: str = Field(default="", sa_type=Prose)
    content: str = Field(default="", sa_type=Prose)
    byline: str = Field(default="", sa_type=Prose)
    guid: str = Field(default="", sa_type=Prose)
    point: str
    first_seen: datetime = Field(sa_type=Moment)
    fate: Fate = Field(sa_type=Word(Fate))
    why: str = Field(default="", sa_type=Prose)
    attempts: int = 0
    next_try: datetime | None = Field(default=None, sa_type=Moment)
    settled: datetime | None = Field(default=None, sa_type=Moment)
    #: Tells whether the entry reads as it did when its entry point last listed it.
    stamp: str


# ------------------------------------------------------------------ articles and what is said of them


class ArticleRow(Row, table=True):
    """Kept without what changes with the text: title and text stand in the revision that is current."""

    __tablename__: ClassVar[str] = "article"
    __table_args__ = (
        UniqueConstraint("outlet", "canonical_id"),
        UniqueConstraint("change"),
        Index(None, "matched", "first_seen", "id"),
        Index(None, "first_seen", "id"),
        Index(None, "text_hash"),
        # Addresses may be longer than an ordered index of PostgreSQL can hold.
        Index(None, "url", postgresql_using="hash"),
    )

    id: str = Field(primary_key=True)
    outlet: str
    canonical_id: str = Field(sa_type=ProseKey)
    url: str = Field(sa_type=Prose)
    byline: str = Field(default="", sa_type=Prose)
    language: str = ""
    origin: str = Field(default="", sa_type=Prose)
    summary_only: bool = False
    published_at: datetime | None = Field(default=None, sa_type=Moment)
    published_offset: int | None = None
    published_basis: Basis | None = Field(default=None, sa_type=Word(Basis))
    published_has_time: bool | None = None
    first_seen: datetime = Field(sa_type=Moment)
    captured: datetime = Field(sa_type=Moment)
    seed: bool = False
    late: bool = False
    #: The current revision, and the hash of its text.
    revision: int = 1
    text_hash: str
    #: Whether the current verdict names any topic.
    matched: bool = False
    change: int
    edits: int = 0
    matters: int = 1
    gone_since: datetime | None = Field(default=None, sa_type=Moment)


class AddressRow(Row, table=True):
    """A further address at which an article was met."""

    __tablename__: ClassVar[str] = "address"

    url: str = Field(primary_key=True, sa_type=ProseKey)
    article_id: str = Field(foreign_key="article.id")


class RevisionRow(Row, table=True):
    """Revision. Every text an article has had, the current one among them, kept for ever."""

    __tablename__: ClassVar[str] = "revision"

    article_id: str = Field(primary_key=True, foreign_key="article.id")
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    title: str = Field(sa_type=Prose)
    text: str = Field(sa_type=Prose)
    text_hash: str
    captured: datetime = Field(sa_type=Moment)
    filled: bool = False
    #: [what, was, now] of each; null for those kept before anyone judged.
    touched: list[Any] | None = Field(default=None, sa_type=JSON)


class RevisitRow(Row, table=True):
    """Revisit."""

    __tablename__: ClassVar[str] = "revisit"
    __table_args__ = (Index(None, "due"),)

    article: str = Field(primary_key=True, foreign_key="article.id")
    outlet: str
    url: str = Field(sa_type=Prose)
    first_seen: datetime = Field(sa_type=Moment)
    due: datetime | None = Field(default=None, sa_type=Moment)
    visits: int = 0
    failures: int = 0
    last_visit: datetime | None = Field(default=None, sa_type=Moment)
    etag: str = Field(default="", sa_type=Prose)
    last_modified: str = Field(default="", sa_type=Prose)
    page_hash: str = ""
    missing_since: datetime | None = Field(default=None, sa_type=Moment)
    confirmed: datetime | None = Field(default=None, sa_type=Moment)
    why: str = Field(default="", sa_type=Prose)


class AbsenceRow(Row, table=True):
    """Absence."""

    __tablename__: ClassVar[str] = "absence"

    article: str = Field(primary_key=True, foreign_key="article.id")
    since: datetime = Field(primary_key=True, sa_type=Moment)
    confirmed: datetime = Field(sa_type=Moment)
    back: datetime | None = Field(default=None, sa_type=Moment)
    why: str = Field(default="", sa_type=Prose)


class VerdictRow(Row, table=True):
    """Verdict. One is current; those it replaced stay, with their evidence, so that an old digest can be explained."""

    __tablename__: ClassVar[str] = "verdict"
    __table_args__ = (Index(None, "article_id", "current"),)

    number: int | None = Field(default=None, primary_key=True)
    article_id: str = Field(foreign_key="article.id")
    #: The revision it was given to: the offsets of its evidence are of that text.
    revision: int
    current: bool = True
    decided: datetime = Field(sa_type=Moment)
    rules_version: str = ""
    #: JSON, not JSONB: the order of topics, activities and events means something.
    strength: dict[str, Any] = Field(sa_type=JSON)
    activities: list[Any] = Field(sa_type=JSON)
    points: dict[str, Any] = Field(sa_type=JSON)
    events: list[Any] = Field(sa_type=JSON)


class EvidenceRow(Row, table=True):
    """Evidence, in the order of its verdict."""

    __tablename__: ClassVar[str] = "evidence"

    verdict: int = Field(primary_key=True, foreign_key="verdict.number")
    position: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    topic: str
    rule: str
    form: str = Field(sa_type=Prose)
    field: str
    start: int
    end: int
    sentence: str = Field(sa_type=Prose)


class MarkRow(Row, table=True):
    """Mark. The last one on an article and a topic stands."""

    __tablename__: ClassVar[str] = "mark"

    article: str = Field(primary_key=True, foreign_key="article.id")
    topic: str = Field(primary_key=True)
    right: bool
    strength: Strength | None = Field(default=None, sa_type=Word(Strength))
    revision: int
    rules_version: str = ""
    at: datetime = Field(sa_type=Moment)
    note: str = Field(default="", sa_type=Prose)
    by: str = Field(default="", sa_type=Prose)


class AttachmentRow(Row, table=True):
    """Attachment. Derived from article, verdict and register: thrown away and made again when any of them changes."""

    __tablename__: ClassVar[str] = "attachment"
    __table_args__ = (Index(None, "event"),)

    article_id: str = Field(primary_key=True, foreign_key="article.id")
    event: str = Field(primary_key=True)
    how: How = Field(sa_type=Word(How))
    confidence: Confidence = Field(sa_type=Word(Confidence))
    reason: str = Field(sa_type=Prose)


class SightingRow(Row, table=True):
    """Sighting. Derived like an attachment."""

    __tablename__: ClassVar[str] = "sighting"
    __table_args__ = (Index(None, "handle", "day"),)

    article_id: str = Field(primary_key=True, foreign_key="article.id")
    handle: str = Field(primary_key=True)
    activity: str
    day: date
    publisher: str
    text_hash: str


class RulingRow(Row, table=True):
    """Ruling. The event as a file of the register would hold it, so that one reader reads both."""

    __tablename__: ClassVar[str] = "ruling"

    id: str = Field(primary_key=True)
    accepted: bool
    event: dict[str, Any] = Field(sa_type=JSON)
    articles: list[Any] = Field(sa_type=JSON)
    at: datetime = Field(sa_type=Moment)
    note: str = Field(default="", sa_type=Prose)
    by: str = Field(default="", sa_type=Prose)


class SeedRow(Row, table=True):
    """SeedDocument as the manifest that was loaded last describes it, without how its text is repaired."""

    __tablename__: ClassVar[str] = "seed_record"

    key: str = Field(primary_key=True)
    article_id: str = Field(foreign_key="article.id", unique=True)
    title: str = Field(sa_type=Prose)
    outlet: str
    outlet_name: str = Field(sa_type=Prose)
    through: str = Field(sa_type=Prose)
    url: str = Field(sa_type=Prose)
    author: str = Field(sa_type=Prose)
    published_at: datetime = Field(sa_type=Moment)
    published_offset: int
    published_basis: Basis = Field(sa_type=Word(Basis))
    published_has_time: bool
    language: str
    topics: dict[str, Any] = Field(sa_type=JSON)
    activities: list[Any] = Field(sa_type=JSON)
    sha256: str
    abstract: str = Field(sa_type=Prose)


# ------------------------------------------------------------------ stories


class StoryPlaceRow(Row, table=True):
    """The place of an article among the stories, and what it is recognised by: derived, made anew by `entente stories rebuild`."""

    __tablename__: ClassVar[str] = "story_place"
    __table_args__ = (Index(None, "story"),)

    number: int | None = Field(default=None, primary_key=True)
    article: str = Field(foreign_key="article.id", unique=True)
    #: Id of the article the story began with.
    story: str
    #: Tells whether the article reads and is judged as it was when it was placed.
    stamp: str
    #: What likeness is told from, as scrapers.reading packs it.
    traits: bytes = Field(sa_type=LargeBinary)


class StoryKeyRow(Row, table=True):
    """A key under which an article is looked up by those that may be like it."""

    __tablename__: ClassVar[str] = "story_key"
    # The rows are nothing but their key: kept once, in its order.
    __table_args__: ClassVar[dict[str, Any]] = {"sqlite_with_rowid": False}

    key: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    place: int = Field(primary_key=True, sa_type=Integer, sa_column_kwargs={"autoincrement": False})


class StoryLinkRow(Row, table=True):
    """Two places whose articles are alike, as the machine sees it; `one` is the smaller number."""

    __tablename__: ClassVar[str] = "story_link"
    __table_args__ = (Index(None, "other"),)

    one: int = Field(primary_key=True, sa_type=Integer, sa_column_kwargs={"autoincrement": False})
    other: int = Field(primary_key=True, sa_type=Integer, sa_column_kwargs={"autoincrement": False})
    kind: LinkKind = Field(sa_type=Word(LinkKind))
    #: Of a hundred.
    strength: int


class StoryCorrectionRow(Row, table=True):
    """A person's word on two articles: one story or not. The last one on a pair stands, and no machine undoes it."""

    __tablename__: ClassVar[str] = "story_correction"
    __table_args__ = (Index(None, "other"),)

    #: The smaller id of the two.
    one: str = Field(primary_key=True, foreign_key="article.id")
    other: str = Field(primary_key=True, foreign_key="article.id")
    together: bool
    at: datetime = Field(sa_type=Moment)
    by: str = Field(default="", sa_type=Prose)
    note: str = Field(default="", sa_type=Prose)


# ------------------------------------------------------------------ subscriptions, digests, the ledger


class SubscriptionRow(Row, table=True):
    """Subscription."""

    __tablename__: ClassVar[str] = "subscription"
    __table_args__ = (Index(None, "next_due"),)

    name: str = Field(primary_key=True)
    email: str
    query: str = Field(sa_type=Prose)
    at: time
    zone: str
    days: list[Any] = Field(sa_type=JSON)
    when_empty: WhenEmpty = Field(sa_type=Word(WhenEmpty))
    paused: bool = False
    next_due: datetime | None = Field(default=None, sa_type=Moment)
    since: datetime | None = Field(default=None, sa_type=Moment)


class DigestRow(Row, table=True):
    """DigestRecord, the fields of its Digest beside its own. No key to the subscription: digests outlive it."""

    __tablename__: ClassVar[str] = "digest"
    __table_args__ = (
        UniqueConstraint("subscription", "due"),
        Index(None, "state", "free_at"),
    )

    number: int | None = Field(default=None, primary_key=True)
    subscription: str
    email: str
    subject: str = Field(sa_type=Prose)
    html: str = Field(sa_type=Prose)
    text: str = Field(sa_type=Prose)
    message_id: str
    due: datetime = Field(sa_type=Moment)
    composed: datetime = Field(sa_type=Moment)
    #: [article id, revision]: what it says, whatever became of it.
    told: list[Any] = Field(sa_type=JSON)
    late: bool = False
    state: DigestState = Field(sa_type=Word(DigestState))
    attempts: int = 1
    sent: datetime | None = Field(default=None, sa_type=Moment)
    via: str = ""
    why: str = Field(default="", sa_type=Prose)
    next_try: datetime | None = Field(default=None, sa_type=Moment)
    #: Who holds it, and when another may take it up: the end of the lease, or the next try.
    owner: str
    free_at: datetime = Field(sa_type=Moment)


class LedgerRow(Row, table=True):
    """One article told to one subscription in one revision: the row that cannot be written twice."""

    __tablename__: ClassVar[str] = "ledger"
    __table_args__ = (Index(None, "digest"),)

    subscription: str = Field(primary_key=True)
    article_id: str = Field(primary_key=True)
    revision: int = Field(primary_key=True, sa_type=Integer, sa_column_kwargs={"autoincrement": False})
    digest: int = Field(foreign_key="digest.number")


class QuietRow(Row, table=True):
    """An article that a subscription did not find before its verdict was replaced: up to this revision it is no news to it."""

    __tablename__: ClassVar[str] = "quiet"

    subscription: str = Field(primary_key=True)
    article_id: str = Field(primary_key=True, foreign_key="article.id")
    revision: int = Field(sa_type=Integer)


def _table(row: type[Row]) -> Table:
    return METADATA.tables[str(row.__tablename__)]


COUNTERS = _table(CounterRow)
OUTLETS = _table(OutletRow)
POINTS = _table(PointRow)
VISITS = _table(VisitRow)
ENTRIES = _table(EntryRow)
ARTICLES = _table(ArticleRow)
ADDRESSES = _table(AddressRow)
REVISIONS = _table(RevisionRow)
REVISITS = _table(RevisitRow)
ABSENCES = _table(AbsenceRow)
VERDICTS = _table(VerdictRow)
EVIDENCE = _table(EvidenceRow)
MARKS = _table(MarkRow)
ATTACHMENTS = _table(AttachmentRow)
SIGHTINGS = _table(SightingRow)
RULINGS = _table(RulingRow)
SEEDS = _table(SeedRow)
SUBSCRIPTIONS = _table(SubscriptionRow)
DIGESTS = _table(DigestRow)
LEDGER = _table(LedgerRow)
QUIET = _table(QuietRow)
STORY_PLACES = _table(StoryPlaceRow)
STORY_KEYS = _table(StoryKeyRow)
STORY_LINKS = _table(StoryLinkRow)
STORY_CORRECTIONS = _table(StoryCorrectionRow)
