"""What a subscription has not been told yet: what its search found walks in, matches walk out; matches group into stories.

Pure; `service`, composing and tests call it. The ledger alone decides what was told, never a window of time.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

from storage.records import Evidence, Kept, Match, Story, Strength

#: Evidence of a named exercise is labelled with the year of its edition: peace_mission-2021.
_EDITION = re.compile(r"-(?:19|20)\d\d$")

#: What a subscription has that no article was ever kept quiet from.
NOTHING: Mapping[str, int] = MappingProxyType({})


def select(
    found: Sequence[Kept], *, told: Mapping[str, int], since: datetime | None, quiet: Mapping[str, int] = NOTHING
) -> tuple[Match, ...]:
    """The articles to tell, the most important first.

    `told` is the ledger: article id -> revision told. An article told before comes again, marked `changed`, once a revision
    that matters came after it: small changes are kept and found, and told to nobody. One never told is left out when it is a
    seed, when it was late (old news is archived, not told as new), when it was first seen before `since`, and up to its
    revision in `quiet` (only later rules found it).
    """
    latest: dict[str, Kept] = {}
    for kept in found:
        if kept.id not in latest or kept.revision > latest[kept.id].revision:
            latest[kept.id] = kept
    matches = [match for kept in latest.values() if (match := _match(kept, told.get(kept.id), since, quiet))]
    return tuple(sorted(matches, key=_importance))


def _match(kept: Kept, told: int | None, since: datetime | None, quiet: Mapping[str, int]) -> Match | None:
    if told is not None:
        return Match(kept=kept, changed=True) if kept.matters > told else None
    if kept.seed or kept.late or (since is not None and kept.first_seen < since):
        return None
    return Match(kept=kept) if kept.matters > quiet.get(kept.id, 0) else None


def _importance(match: Match) -> tuple[int, int, float, str]:
    """Ties before mentions; what the title names before what the text holds; the newest first; the id, for a fixed order."""
    verdict = match.kept.verdict
    strengths = verdict.strength.values()
    strength = 0 if Strength.TIE in strengths else 1 if Strength.MENTION in strengths else 2
    return strength, _prominence(verdict.evidence), -_moment(match.kept).timestamp(), match.kept.id


def _prominence(evidence: Iterable[Evidence]) -> int:
    """0: the title names an event; 1: the title holds other evidence; 2: only the text does."""
    rules = [found.rule for found in evidence if found.field == "title"]
    if any(_EDITION.search(rule) for rule in rules):
        return 0
    return 1 if rules else 2


def _moment(kept: Kept) -> datetime:
    return kept.article.published.at if kept.article.published else kept.first_seen


def group_stories(matches: Sequence[Match]) -> tuple[Story, ...]:
    """Matches that the archive holds to be one story come together under its first publisher; the order stays."""
    groups: dict[str, list[Match]] = {}
    for match in matches:
        groups.setdefault(match.kept.story or match.kept.id, []).append(match)
    return tuple(_story(group) for group in groups.values())


def _story(group: Sequence[Match]) -> Story:
    by_id = {match.kept.id: match for match in group}
    lead = first_publisher([match.kept for match in group])
    others = in_time(match.kept for match in group if match.kept.id != lead.id)
    return Story(lead=by_id[lead.id], others=tuple(by_id[kept.id] for kept in others))


def first_publisher(articles: Collection[Kept]) -> Kept:
    """Who published a story first: own copy before copy that names another origin, then the earliest."""
    return min(articles, key=lambda kept: (bool(kept.article.origin), *_in_time(kept)))


def in_time(articles: Iterable[Kept]) -> list[Kept]:
    """Articles in the order they were published. A day without a time counts as its end."""
    return sorted(articles, key=_in_time)


def _in_time(kept: Kept) -> tuple[datetime, datetime, str]:
    published = kept.article.published
    when = _moment(kept)
    if published is not None and not published.has_time:
        when += timedelta(days=1)
    return when, kept.first_seen, kept.id
