"""What we could not see: the last visits of every outlet walk in, one `Completeness` walks out."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from storage.archive.archive import Archive
from storage.records import Completeness, Outcome, Outlet, PointState, Visit

#: An outlet that answers but has listed nothing younger than this is silent beyond its rhythm.
SILENCE = timedelta(days=3)
#: Visits older than this say nothing about today.
FRESH = timedelta(days=1)


def completeness(archive: Archive, outlets: Sequence[Outlet], *, now: datetime) -> Completeness:
    """The state of the last day's intake, for the foot of a digest and the page of outlets."""
    return judge(outlets, archive.visits.latest(), archive.points.all(), now=now)


def judge(
    outlets: Sequence[Outlet], visits: Sequence[Visit], states: Sequence[PointState], *, now: datetime
) -> Completeness:
    """The same, pure. An outlet counts by the best of its entry points: what one misses another finds."""
    last: dict[str, list[Visit]] = defaultdict(list)
    for visit in visits:
        if now - visit.at <= FRESH:
            last[visit.outlet].append(visit)
    newest: dict[str, datetime] = {}
    for state in states:
        if state.newest:
            newest[state.outlet] = max(state.newest, newest.get(state.outlet, state.newest))
    ok, failed, blocked, silent, capped = [], [], [], [], []
    for outlet in outlets:
        outcomes = {visit.outcome for visit in last[outlet.key]}
        if not outcomes:
            continue
        if outcomes & {Outcome.OK, Outcome.UNCHANGED}:
            ok.append(outlet.name)
            if outlet.key in newest and now - newest[outlet.key] > SILENCE:
                silent.append(outlet.name)
        elif Outcome.BLOCKED in outcomes:
            blocked.append(outlet.name)
        else:
            failed.append(outlet.name)
        if any(visit.capped for visit in last[outlet.key]):
            capped.append(outlet.name)
    return Completeness(
        visited=len(ok) + len(failed) + len(blocked),
        ok=len(ok),
        failed=tuple(sorted(failed)),
        blocked=tuple(sorted(blocked)),
        silent=tuple(sorted(silent)),
        capped=tuple(sorted(capped)),
    )
