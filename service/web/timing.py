"""Moments in words for people: aware times walk in, text walks out. Pure; whoever asks says what time it is."""

from datetime import UTC, date, datetime

from storage.records import Published

MINUTE, HOUR, DAY = 60, 3600, 86_400


def iso(moment: datetime) -> str:
    """RFC 3339 in UTC, for machines that read the page."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def short_day(day: date) -> str:
    """21 Nov 2026."""
    return f"{day.day} {day:%b} {day.year}"


def long_day(day: date) -> str:
    """Saturday 21 November 2026."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def stamp(moment: datetime | None) -> str:
    """21 Nov 2026, 06:43 UTC; "never" for none."""
    if moment is None:
        return "never"
    at = moment.astimezone(UTC)
    return f"{short_day(at)}, {at:%H:%M} UTC"


def when(published: Published | None) -> str:
    """When an outlet says it published, on its own clock and then in UTC: 21 Nov 2026, 14:43 UTC+8 (06:43 UTC)."""
    if published is None:
        return "no date given"
    local, at = published.local, published.at.astimezone(UTC)
    if not published.has_time:
        return short_day(local)
    said = f"{short_day(local)}, {local:%H:%M} {_offset(published.offset_minutes)}"
    if not published.offset_minutes:
        return said
    other_day = "" if at.date() == local.date() else f"{short_day(at)}, "
    return f"{said} ({other_day}{at:%H:%M} UTC)"


def _offset(minutes: int) -> str:
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'−' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


def ago(moment: datetime, now: datetime) -> str:
    """How long before `now`, or how long until, in the largest unit that says enough; beyond a fortnight the day itself."""
    seconds = (now - moment).total_seconds()
    away = abs(seconds)
    if away < MINUTE:
        return "just now"
    if away >= 14 * DAY:
        return short_day(moment.astimezone(UTC))
    size, unit = next((s, u) for s, u in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute")) if away >= s)
    count = int(away // size)
    said = f"{count} {unit}{'' if count == 1 else 's'}"
    return f"{said} ago" if seconds > 0 else f"in {said}"
