"""When to knock again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.fetching.pacing import LONGEST_ASKED, LONGEST_REST, asked_wait, next_visit

NOW = datetime(2024, 3, 5, 12, 0, tzinfo=UTC)
HALF_AN_HOUR = timedelta(minutes=30)


@pytest.mark.parametrize(
    ("patience", "failures", "asked", "rest"),
    [
        pytest.param(HALF_AN_HOUR, 0, None, HALF_AN_HOUR, id="after a good visit, the outlet's patience"),
        pytest.param(HALF_AN_HOUR, 1, None, timedelta(hours=1), id="after one failure, twice that"),
        pytest.param(HALF_AN_HOUR, 3, None, timedelta(hours=4), id="after three, eight times"),
        pytest.param(HALF_AN_HOUR, 9, None, LONGEST_REST, id="after many, a day"),
        pytest.param(HALF_AN_HOUR, 10_000_000, None, LONGEST_REST, id="after a year of failures, still a day"),
        pytest.param(timedelta(days=3), 2, None, timedelta(days=3), id="never sooner than patience"),
        pytest.param(HALF_AN_HOUR, 0, timedelta(hours=2), timedelta(hours=2), id="longer if the outlet asks"),
        pytest.param(HALF_AN_HOUR, 0, timedelta(minutes=1), HALF_AN_HOUR, id="not sooner because it asks for less"),
        pytest.param(HALF_AN_HOUR, 4, timedelta(hours=1), timedelta(hours=8), id="failures outweigh a shorter wish"),
        pytest.param(HALF_AN_HOUR, 0, timedelta(days=3650), LONGEST_ASKED, id="a wish of ten years is a slip"),
        pytest.param(HALF_AN_HOUR, 0, timedelta(days=-1), HALF_AN_HOUR, id="a wish for yesterday is none"),
    ],
)
def test_next_visit(patience: timedelta, failures: int, asked: timedelta | None, rest: timedelta) -> None:
    assert next_visit(NOW, patience=patience, failures=failures, asked=asked) == NOW + rest


@pytest.mark.parametrize(
    ("status", "headers", "wait"),
    [
        pytest.param(429, {"retry-after": "120"}, timedelta(minutes=2), id="a number of seconds"),
        pytest.param(503, {"retry-after": " 120 "}, timedelta(minutes=2), id="with blanks around it"),
        pytest.param(503, {"retry-after": "Tue, 05 Mar 2024 13:00:00 GMT"}, timedelta(hours=1), id="a date"),
        pytest.param(503, {"retry-after": "Tuesday, 05-Mar-24 13:00:00 GMT"}, timedelta(hours=1), id="RFC 850's date"),
        pytest.param(503, {"retry-after": "Tue Mar  5 13:00:00 2024"}, timedelta(hours=1), id="asctime's, always GMT"),
        pytest.param(503, {"retry-after": "Tue, 05 Mar 2024 11:00:00 GMT"}, None, id="a date that has passed"),
        pytest.param(503, {"retry-after": "Tue, 05 Mar 2999 11:00:00 GMT"}, LONGEST_ASKED, id="a far date is capped"),
        pytest.param(503, {"retry-after": "9" * 5000}, LONGEST_ASKED, id="an absurd number is capped"),
        pytest.param(503, {"retry-after": "0"}, None, id="no wait at all"),
        pytest.param(503, {"retry-after": "soon"}, None, id="a word"),
        pytest.param(503, {"retry-after": "²"}, None, id="a digit that is no digit"),
        pytest.param(503, {}, None, id="nothing said"),
        pytest.param(200, {"cache-control": "public, max-age=600"}, timedelta(minutes=10), id="fresh for ten minutes"),
        pytest.param(304, {"cache-control": 'MAX-AGE="600"'}, timedelta(minutes=10), id="unchanged, loud and quoted"),
        pytest.param(200, {"cache-control": "max-age=600", "age": "240"}, timedelta(minutes=6), id="less its age"),
        pytest.param(200, {"cache-control": "max-age=600", "age": "700"}, None, id="older than it is fresh"),
        pytest.param(200, {"cache-control": "max-age=31536000"}, None, id="a year is meant for pictures"),
        pytest.param(200, {"cache-control": "no-cache, max-age=600"}, None, id="told to ask each time"),
        pytest.param(200, {"cache-control": "s-maxage=600"}, None, id="meant for shared caches"),
        pytest.param(500, {"cache-control": "max-age=600"}, None, id="an error is not fresh"),
        pytest.param(
            200, {"retry-after": "60", "cache-control": "max-age=600"}, timedelta(minutes=1), id="the plain wish first"
        ),
    ],
)
def test_asked_wait(status: int, headers: dict[str, str], wait: timedelta | None) -> None:
    assert asked_wait(headers, now=NOW, status=status) == wait


@given(st.text(max_size=40), st.text(max_size=40), st.sampled_from([200, 304, 429, 503]))
def test_no_header_upsets_the_clock(retry_after: str, cache_control: str, status: int) -> None:
    headers = {"retry-after": retry_after, "cache-control": cache_control, "age": retry_after}
    wait = asked_wait(headers, now=NOW, status=status)
    assert wait is None or timedelta(0) < wait <= LONGEST_ASKED
