"""Matches become a digest: a subscription, what it has not been told and how complete that is walk in, a `Digest` walks out.

Pure: no clock, no network, no archive. `service` and tests call it. The same values compose the same digest, byte for
byte, and a slot of a subscription has one Message-ID for ever.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from alerts.addresses import domain_of
from alerts.composing.layout import one_line
from alerts.composing.page import DigestPage, Frame, Share, digest_page, headline
from alerts.composing.phrases import ENGLISH
from alerts.composing.rendering import Rendered, render
from alerts.selecting import group_stories
from alerts.slots import check_zone
from storage.records import Completeness, Digest, Match, Story, Subscription, WhenEmpty, utc

#: Bytes of HTML and text together. In base64 they grow by 37 %: the message stays below 100 kB, and no mail program clips it.
LARGEST = 70_000

#: What is shown, from generous to bare; the first that fits is taken.
SHARES = (
    Share(full=25, brief=40, sentences=2),
    Share(full=20, brief=30, sentences=2),
    Share(full=14, brief=24, sentences=2),
    Share(full=10, brief=16, sentences=1),
    Share(full=5, brief=8, sentences=1),
    Share(full=1, brief=4, sentences=1),
    Share(full=0, brief=0, sentences=0),
)

SUBJECT_LIMIT = 150


def compose(
    subscription: Subscription,
    matches: Sequence[Match],
    *,
    completeness: Completeness,
    due: datetime,
    now: datetime,
    web_url: str,
    mail_from: str = "",
    contact: str = "",
    late: bool = False,
) -> Digest | None:
    """The digest of `matches` (most important first) for the slot `due`, composed at `now`; both aware.

    None when there is nothing to tell and the subscription wants to hear nothing then. `web_url` is where the archive's
    pages are, `mail_from` lends its domain to the Message-ID, `contact` is whom to write to. Everything in `matches` counts
    as told, also what is only counted and linked for want of room. Raises ComposeError when a template fails, ZoneError
    when the subscription's zone is none.
    """
    if not matches and subscription.when_empty is WhenEmpty.SKIP:
        return None
    check_zone(subscription.zone)
    stories = group_stories(matches)
    frame = Frame(
        subscription=subscription,
        completeness=completeness,
        due=utc(due),
        now=utc(now),
        web_url=web_url.rstrip("/"),
        contact=contact,
        late=late,
        phrases=ENGLISH,
    )
    page, rendered = _fitted(stories, frame)
    return Digest(
        subscription=subscription.name,
        email=subscription.email,
        subject=_subject(stories, page, frame),
        html=rendered.html,
        text=rendered.text,
        message_id=message_id(subscription.name, due, domain=domain_of(mail_from)),
        due=frame.due,
        composed=frame.now,
        told=tuple((match.kept.id, match.kept.revision) for match in matches),
        late=late,
    )


def _fitted(stories: Sequence[Story], frame: Frame) -> tuple[DigestPage, Rendered]:
    """The most that stays within LARGEST; the barest share always does, for every string in it is bounded."""
    for share in SHARES:
        page = digest_page(stories, frame, share)
        rendered = render(page, frame.phrases)
        if rendered.size <= LARGEST:
            break
    return page, rendered


def _subject(stories: Sequence[Story], page: DigestPage, frame: Frame) -> str:
    phrases = frame.phrases
    if not stories:
        key = "subject.empty_late" if frame.late else "subject.empty"
        day = phrases.day(frame.due.astimezone(check_zone(frame.subscription.zone)))
        return one_line(phrases.say(key, name=page.name, day=day), SUBJECT_LIMIT)
    counts = headline([m for story in stories for m in story.matches], phrases, key="subject")
    title = one_line(stories[0].lead.kept.article.title, SUBJECT_LIMIT) or phrases.say("untitled")
    key = "subject.late" if frame.late else "subject.news"
    return one_line(phrases.say(key, name=page.name, counts=counts, title=title), SUBJECT_LIMIT)


def message_id(subscription: str, due: datetime, *, domain: str) -> str:
    """The Message-ID (RFC 5322, 3.6.4) of the slot `due` of a subscription, brackets included; the same at every try."""
    slot = f"{utc(due):%Y%m%dT%H%M%SZ}"
    digest = hashlib.sha256(f"{subscription}\n{utc(due).isoformat()}".encode("utf-8", "surrogatepass")).hexdigest()
    return f"<digest.{slot}.{digest[:16]}@{domain}>"
