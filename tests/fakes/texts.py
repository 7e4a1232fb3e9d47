"""Small builders of articles and what is said of them: name what the test is about, the rest is made up."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from storage.archive.archive import Archive
from storage.archive.verdicts import Rejudged
from storage.records import Article, Evidence, Kept, Published, Strength, Verdict

NOON = datetime(2024, 7, 2, 12, 0, tzinfo=UTC)

_ARTICLE = Article(
    outlet="harbour-post",
    canonical_id="bridge",
    url="https://harbour-post.test/news/bridge",
    title="Two navies meet off the bridge",
    text="The navies of China and Russia began a joint patrol. It passed the bridge on Monday.",
    published=Published(at=datetime(2024, 7, 2, 9, 30, tzinfo=UTC), offset_minutes=480),
    language="en",
)

_EVIDENCE = Evidence(
    topic="china-russia",
    rule="joint-patrol",
    form="joint patrol",
    field="text",
    start=39,
    end=51,
    sentence="The navies of China and Russia began a joint patrol.",
)

_VERDICT = Verdict(
    strength={"china-russia": Strength.TIE},
    activities=("joint-patrol", "naval"),
    evidence=(_EVIDENCE,),
    points={"china-russia": 4.0},
    rules_version="rules-1",
)


def an_article(**over: Any) -> Article:
    """An article; one with its own `canonical_id` gets its own address unless one is given."""
    if "canonical_id" in over and "url" not in over:
        over["url"] = f"https://{over.get('outlet', _ARTICLE.outlet)}.test/news/{over['canonical_id']}"
    return replace(_ARTICLE, **over)


def a_verdict(**over: Any) -> Verdict:
    """A verdict that ties the text of an_article() to one topic."""
    return replace(_VERDICT, **over)


def no_verdict() -> Verdict:
    """The verdict on a text that no topic claims."""
    return Verdict(rules_version=_VERDICT.rules_version)


def a_kept(**over: Any) -> Kept:
    """An article as an archive would hand it out, without an archive."""
    whole = Kept(id="0123456789ab", article=an_article(), verdict=a_verdict(), first_seen=NOON, captured=NOON)
    return replace(whole, **over)


def rejudge(archive: Archive, id: str, verdict: Verdict, now: datetime) -> bool:
    """Puts `verdict` in the place of an article's last one, as applying rules does; whether a reader sees a difference."""
    kept = archive.articles.get(id)
    judged = Rejudged(id, kept.change if kept else 0, verdict)
    return archive.verdicts.replace([judged], found_before={}, now=now)[1] == 1
