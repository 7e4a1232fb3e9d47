"""Printed times become instants, or nothing where they cannot be believed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.parsing.dates import parse_time
from scrapers.parsing.datewords import from_solar_hijri
from storage.records import Basis, Published

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def read(text: str, zone: str = "UTC", *formats: str) -> Published | None:
    return parse_time(text, zone=zone, now=NOW, basis=Basis.FEED, formats=formats)


@pytest.mark.parametrize(
    ("text", "zone", "instant"),
    [
        pytest.param("2026/5/7 18:37:07", "Asia/Shanghai", "2026-05-07T10:37:07", id="unpadded"),
        pytest.param("Feb 17, 2026 10:37 AM", "Asia/Shanghai", "2026-02-17T02:37:00", id="American, of the morning"),
        pytest.param(
            "Published: Feb 17, 2026 12:05 PM Updated: Feb 18, 2026", "UTC", "2026-02-17T12:05:00", id="after a word"
        ),
        pytest.param("March 8 2026 3 p.m.", "Asia/Seoul", "2026-03-08T06:00:00", id="an hour without minutes"),
        pytest.param("10.37am 5 May 2026", "UTC", "2026-05-05T10:37:00", id="a dot in the time"),
        pytest.param("13:51, 15 Август 2025", "Asia/Bishkek", "2025-08-15T07:51:00", id="a Russian month, time first"),
        pytest.param(
            "15 августа 2026 г., 13:51", "Europe/Moscow", "2026-08-15T10:51:00", id="a Russian month, inflected"
        ),
        pytest.param("05.08.2026 в 13:00", "Europe/Moscow", "2026-08-05T10:00:00", id="day first between dots"),
        pytest.param("02 October 2026, 11:54", "Europe/Minsk", "2026-10-02T08:54:00", id="an English month"),
        pytest.param("19:15, 03-Apr-2022", "Asia/Shanghai", "2022-04-03T11:15:00", id="dashes around the month"),
        pytest.param("2026年11月02日08:15", "Asia/Shanghai", "2026-11-02T00:15:00", id="Chinese"),
        pytest.param(
            "２０２６年５月７日 下午3:05", "Asia/Shanghai", "2026-05-07T07:05:00", id="Chinese, full-width, afternoon"
        ),
        pytest.param("1760000000", "Europe/Moscow", "2025-10-09T08:53:20", id="epoch seconds"),
        pytest.param("1760000000123", "Asia/Shanghai", "2025-10-09T08:53:20", id="epoch milliseconds"),
        pytest.param("Tue, 17 Feb 2026 10:37:00 +0300", "UTC", "2026-02-17T07:37:00", id="RFC 822 with an offset"),
        pytest.param("Tue, 17 Feb 2026 10:37:00 GMT", "Asia/Tokyo", "2026-02-17T10:37:00", id="RFC 822 in Greenwich"),
        pytest.param(
            "Tue, 17 Feb 26 10:37 EST", "UTC", "2026-02-17T15:37:00", id="RFC 822 with two digits and a zone name"
        ),
        pytest.param("Tue, 17 Feb 2026 10:37:00", "Asia/Seoul", "2026-02-17T01:37:00", id="RFC 822 without zone"),
        pytest.param("17 фев 2026 10:37 мск", "UTC", "2026-02-17T07:37:00", id="Moscow time, in Russian"),
        pytest.param("2026-02-17T10:37:00.123+08:00", "UTC", "2026-02-17T02:37:00", id="ISO 8601 with an offset"),
        pytest.param("20260217T103700Z", "Asia/Tokyo", "2026-02-17T10:37:00", id="ISO 8601, basic"),
        pytest.param("2026-02-17 10:37 UTC+8", "UTC", "2026-02-17T02:37:00", id="UTC and hours"),
        pytest.param(
            "Fri Nov 20 10:12:13 CST 2026", "Asia/Shanghai", "2026-11-20T02:12:13", id="asctime; CST is the outlet's"
        ),
        pytest.param("5/31/2026 10:00", "UTC", "2026-05-31T10:00:00", id="month first where day first cannot be"),
        pytest.param("13:51, 15 августа", "Asia/Bishkek", "2026-08-15T07:51:00", id="without year: the last such day"),
        pytest.param("25 December 10:00", "UTC", "2025-12-25T10:00:00", id="without year: not the one to come"),
        pytest.param("11月02日 08:15", "Asia/Shanghai", "2026-11-02T00:15:00", id="without year, Chinese"),
        pytest.param("08:15", "Asia/Bishkek", "2026-11-21T02:15:00", id="a clock time alone is today's"),
        pytest.param("23:15", "Asia/Bishkek", "2026-11-20T17:15:00", id="or yesterday's, where it lies ahead"),
        pytest.param("вчера, 13:51", "Europe/Moscow", "2026-11-20T10:51:00", id="yesterday"),
        pytest.param("今天 08:15", "Asia/Shanghai", "2026-11-21T00:15:00", id="today"),
        pytest.param("3小时前", "Asia/Shanghai", "2026-11-21T09:00:00", id="hours ago, Chinese"),
        pytest.param("5 минут назад", "Europe/Moscow", "2026-11-21T11:55:00", id="minutes ago, Russian"),
        pytest.param("an hour ago", "Europe/Moscow", "2026-11-21T11:00:00", id="an hour ago"),
        pytest.param("2016-12-31T23:59:60Z", "UTC", "2016-12-31T23:59:59", id="a leap second"),
        pytest.param("2026-03-29 02:30", "Europe/Berlin", "2026-03-29T01:30:00", id="a time the clocks left out"),
        pytest.param("2026-10-25 02:30", "Europe/Berlin", "2026-10-25T00:30:00", id="a time the clocks showed twice"),
        pytest.param("2026-11-20 10:00", "No/Such_Zone", "2026-11-20T10:00:00", id="an unknown zone is UTC"),
    ],
)
def test_a_printed_time_is_an_instant(text: str, zone: str, instant: str) -> None:
    published = read(text, zone)
    assert published is not None
    assert published.at == datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert published.has_time


@pytest.mark.parametrize(
    ("text", "zone", "local"),
    [
        pytest.param("2026-02-17", "Asia/Tokyo", "2026-02-17T00:00:00+09:00", id="ISO"),
        pytest.param("20260217", "Asia/Tokyo", "2026-02-17T00:00:00+09:00", id="without dashes"),
        pytest.param("Sept. 5, 2026", "UTC", "2026-09-05T00:00:00+00:00", id="English"),
        pytest.param("1404/12/15", "Asia/Tehran", "2026-03-06T00:00:00+03:30", id="Solar Hijri"),
        pytest.param("2 days ago", "Asia/Shanghai", "2026-11-19T00:00:00+08:00", id="days ago"),
    ],
)
def test_a_day_alone_is_midnight_at_the_outlet(text: str, zone: str, local: str) -> None:
    published = read(text, zone)
    assert published is not None
    assert published.local.isoformat() == local
    assert not published.has_time


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("2569-04-02 10:12", id="the year 2569"),
        pytest.param("1404/12/15", id="Solar Hijri outside Iran"),
        pytest.param("1989-12-31", id="before the web"),
        pytest.param("2026-11-24 13:00", id="three days ahead"),
        pytest.param("2026-02-31", id="a day that is not"),
        pytest.param("31.13.2026", id="a month that is not"),
        pytest.param("15 August, a Tuesday of 2018", id="a year that stands elsewhere"),
        pytest.param("0001-01-01T00:00:00Z", id="the beginning of time"),
        pytest.param("9999-12-31 23:59", id="the end of time"),
        pytest.param("Editor: huaxia", id="no date at all"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_cannot_be_is_no_date(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "written", "instant"),
    [
        pytest.param("07/05/2026", "%m/%d/%Y", "2026-07-05T00:00:00", id="the outlet knows the order"),
        pytest.param("Wednesday, 04 March 2026 10:12 PM", "%A, %d %B %Y %I:%M %p", "2026-03-04T22:12:00", id="names"),
        pytest.param("15 августа 2026", "%d %B %Y", "2026-08-15T00:00:00", id="Russian names too"),
        pytest.param("09.30", "%H.%M", "2026-11-21T09:30:00", id="a time alone is today's"),
        pytest.param("2026-02-17 10:37 +0300", "%Y-%m-%d %H:%M %z", "2026-02-17T07:37:00", id="with a zone"),
        pytest.param("2026-02-17", "%d.%m.%Y", "2026-02-17T00:00:00", id="a format that does not fit is passed over"),
    ],
)
def test_the_formats_of_the_outlet_come_first(text: str, written: str, instant: str) -> None:
    published = read(text, "UTC", written)
    assert published is not None
    assert published.at == datetime.fromisoformat(instant).replace(tzinfo=UTC)


def test_the_offset_that_was_printed_is_kept() -> None:
    published = read("Tue, 17 Feb 2026 10:37:00 -0500", "Asia/Shanghai")
    assert published == Published(
        at=datetime(2026, 2, 17, 15, 37, tzinfo=UTC), offset_minutes=-300, basis=Basis.FEED, has_time=True
    )


@pytest.mark.parametrize(
    ("hijri", "gregorian"),
    [
        pytest.param((1357, 11, 22), date(1979, 2, 11), id="a known day long ago"),
        pytest.param((1400, 1, 1), date(2021, 3, 21), id="a new year"),
        pytest.param((1403, 1, 1), date(2024, 3, 20), id="a new year after a leap year of the other calendar"),
        pytest.param((1403, 12, 30), date(2025, 3, 20), id="the day a leap year adds"),
    ],
)
def test_iranian_days_are_days(hijri: tuple[int, int, int], gregorian: date) -> None:
    assert from_solar_hijri(*hijri) == gregorian


@pytest.mark.parametrize("hijri", [(1404, 12, 30), (1404, 7, 31), (1404, 13, 1), (1404, 1, 0)])
def test_iranian_days_that_are_not_are_refused(hijri: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="Solar Hijri"):
        from_solar_hijri(*hijri)


@given(st.datetimes(min_value=datetime(1990, 1, 2), max_value=datetime(2026, 11, 21)), st.integers(-12 * 60, 14 * 60))  # noqa: DTZ001
def test_every_time_written_by_the_rules_is_read_back(moment: datetime, minutes: int) -> None:
    sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
    written = f"{moment:%Y-%m-%dT%H:%M:%S}{sign}{hours:02}:{rest:02}".replace("--", "-")
    published = read(written, "Asia/Shanghai")
    assert published is not None
    assert published.at == moment.replace(microsecond=0, tzinfo=UTC) - timedelta(minutes=minutes)


@given(st.text(max_size=40))
def test_no_text_raises(text: str) -> None:
    published = read(text, "Europe/Moscow")
    assert published is None or published.at <= NOW + timedelta(days=2)
