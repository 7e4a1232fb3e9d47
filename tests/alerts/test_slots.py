"""When a subscription is due: tables of clock changes, and years in which every local day has one slot."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.errors import DaysError, ZoneError
from alerts.slots import DAYS, check_zone, next_slot, parse_days
from storage.records import Subscription


def at(zone: str, hour: int, minute: int = 0, *, days: tuple[str, ...] = ()) -> Subscription:
    return Subscription(name="s", email="a@example.org", at=time(hour, minute), zone=zone, days=days)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("subscription", "after", "due"),
    [
        pytest.param(at("UTC", 7), "2026-03-14T06:59:59Z", "2026-03-14T07:00Z", id="later today"),
        pytest.param(at("UTC", 7), "2026-03-14T07:00:00Z", "2026-03-15T07:00Z", id="the very moment is past: tomorrow"),
        pytest.param(at("Europe/Moscow", 7), "2026-03-14T00:00Z", "2026-03-14T04:00Z", id="on the subscriber's clock"),
        pytest.param(at("Asia/Kathmandu", 7), "2026-03-14T00:00Z", "2026-03-14T01:15Z", id="five hours forty-five east"),
        pytest.param(at("Pacific/Kiritimati", 7), "2026-03-13T12:00Z", "2026-03-13T17:00Z", id="tomorrow is already there"),
        pytest.param(at("America/New_York", 2, 30), "2026-03-08T00:00Z", "2026-03-08T07:00Z", id="half past two is left out in spring: at three"),
        pytest.param(at("America/New_York", 1, 30), "2026-11-01T00:00Z", "2026-11-01T05:30Z", id="half past one comes twice in autumn: the first"),
        pytest.param(at("America/New_York", 1, 30), "2026-11-01T05:30Z", "2026-11-02T06:30Z", id="and not the second"),
        pytest.param(at("Australia/Lord_Howe", 2, 15), "2026-10-03T00:00Z", "2026-10-03T15:30Z", id="a jump of half an hour"),
        pytest.param(at("Australia/Lord_Howe", 1, 45), "2026-04-04T12:00Z", "2026-04-04T14:45Z", id="half an hour twice"),
        pytest.param(at("America/Nuuk", 23, 30), "2026-03-28T12:00Z", "2026-03-29T01:00Z", id="a jump over midnight"),
        pytest.param(at("Africa/Cairo", 0, 0), "2026-04-23T12:00Z", "2026-04-23T22:00Z", id="midnight itself is left out"),
        pytest.param(at("Pacific/Apia", 7), "2011-12-29T17:30Z", "2011-12-30T17:00Z", id="a day the calendar left out has no slot"),
        pytest.param(at("UTC", 7, days=("mon",)), "2026-03-09T07:00Z", "2026-03-16T07:00Z", id="a week later"),
        pytest.param(at("UTC", 7, days=("mon", "thu")), "2026-03-09T07:00Z", "2026-03-12T07:00Z", id="Monday and Thursday"),
        pytest.param(at("Asia/Shanghai", 7, days=("mon",)), "2026-03-08T12:00Z", "2026-03-08T23:00Z", id="Monday there is Sunday in UTC"),
        pytest.param(at("Pacific/Apia", 7, days=("fri",)), "2011-12-29T00:00Z", "2012-01-05T17:00Z", id="the Friday left out, then the next"),
        pytest.param(at("UTC", 7), "2028-02-28T07:00Z", "2028-02-29T07:00Z", id="a leap day"),
    ],
)  # fmt: skip
def test_the_next_slot(subscription: Subscription, after: str, due: str) -> None:
    assert next_slot(subscription, after=instant(after)) == instant(due)


#: From 2005 to 2036.
MOMENTS = st.integers(1_104_537_600, 2_114_380_800).map(lambda second: datetime.fromtimestamp(second, UTC))

ZONES = (
    "UTC",
    "Europe/Moscow",
    "Asia/Shanghai",
    "America/New_York",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "America/Nuuk",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Pacific/Apia",
    "America/St_Johns",
    "Asia/Tehran",
)


@given(
    zone=st.sampled_from(ZONES),
    when=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    start=MOMENTS,
)
@settings(max_examples=60, deadline=None)
def test_every_local_day_has_one_slot(zone: str, when: time, start: datetime) -> None:
    subscription = Subscription(name="s", email="a@example.org", at=when, zone=zone)
    slots = [start]
    for _ in range(400):
        slots.append(next_slot(subscription, after=slots[-1]))
    days = [day_of(slot, when, ZoneInfo(zone)) for slot in slots[1:]]
    left_out = {date(2011, 12, 30)} if zone == "Pacific/Apia" else set()
    expected = [days[0] + timedelta(days=n) for n in range(len(days) + 1)]
    assert days == [day for day in expected if day not in left_out][: len(days)]
    assert days[0] - start.astimezone(ZoneInfo(zone)).date() <= timedelta(days=1)


def day_of(slot: datetime, when: time, zone: ZoneInfo) -> date:
    """The local day a slot belongs to: a jump over midnight carries late slots into the next day's first moment."""
    local = slot.astimezone(zone)
    carried = local.time() < when and local.time() <= time(1) and when >= time(23)
    return local.date() - timedelta(days=1) if carried else local.date()


@given(
    zone=st.sampled_from(ZONES),
    days=st.sets(st.sampled_from(DAYS), min_size=1),
    hour=st.integers(0, 22),
    after=MOMENTS,
)
@settings(max_examples=100, deadline=None)
def test_a_slot_is_later_and_on_one_of_the_days(zone: str, days: set[str], hour: int, after: datetime) -> None:
    due = next_slot(at(zone, hour, days=tuple(days)), after=after)
    assert after < due <= after + timedelta(days=15)
    assert DAYS[due.astimezone(ZoneInfo(zone)).weekday()] in days


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        next_slot(at("UTC", 7), after=instant("2026-03-14T00:00Z").replace(tzinfo=None))


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        pytest.param("Europe/Moskow", "Europe/Moscow", id="a slip of the pen"),
        pytest.param("europe/moscow", "Europe/Moscow", id="without capitals"),
        pytest.param("Shanghai", "Asia/Shanghai", id="the city alone"),
        pytest.param("Asia/Beijing", "Asia/Shanghai", id="a city no zone is called after"),
        pytest.param("new york", "America/New_York", id="as people write it"),
    ],
)
def test_an_unknown_zone_is_refused_with_its_neighbour(name: str, meant: str) -> None:
    with pytest.raises(ZoneError, match=meant) as refused:
        check_zone(name)
    assert refused.value.near[0] == meant


@pytest.mark.parametrize("name", ["", "Europe", "../etc/passwd", "/etc/localtime", "Mars/Olympus", "\0", "UTC+3"])
def test_what_is_no_zone_is_refused_with_advice(name: str) -> None:
    with pytest.raises(ZoneError, match=r"Europe/Moscow|did you mean"):
        check_zone(name)
    with pytest.raises(ZoneError):
        next_slot(at(name, 7), after=instant("2026-03-14T00:00Z"))


@pytest.mark.parametrize(
    ("text", "days"),
    [
        pytest.param("", (), id="nothing said is every day"),
        pytest.param("daily", (), id="daily is every day"),
        pytest.param("mon,thu", ("mon", "thu"), id="as promised"),
        pytest.param("Thursday, Monday", ("mon", "thu"), id="full names, in the week's order"),
        pytest.param("fri fri", ("fri",), id="once"),
        pytest.param("mon,tue,wed,thu,fri,sat,sun", (), id="all seven is every day"),
    ],
)
def test_days_are_read(text: str, days: tuple[str, ...]) -> None:
    assert parse_days(text) == days


@pytest.mark.parametrize("text", ["mon,freitag", "m", "8"])
def test_what_is_no_day_is_named(text: str) -> None:
    with pytest.raises(DaysError, match="mon, tue"):
        parse_days(text)
