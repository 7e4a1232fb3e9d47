"""When to knock again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.fetching.pacing import LONGEST_ASKED, LONGEST_REST, asked_wait, next_retry, next_revisit, next_visit

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


# ------------------------------------------------------------------ articles visited again

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("age", "missing", "confirmed", "due"),
    [
        pytest.param(0 * HOUR, None, None, HOUR, id="an hour after it was first seen"),
        pytest.param(HOUR, None, None, 6 * HOUR, id="then six"),
        pytest.param(6 * HOUR, None, None, DAY, id="a day"),
        pytest.param(DAY, None, None, 3 * DAY, id="three days"),
        pytest.param(3 * DAY, None, None, 7 * DAY, id="a week"),
        pytest.param(7 * DAY, None, None, 30 * DAY, id="a month"),
        pytest.param(30 * DAY, None, None, None, id="and no more"),
        pytest.param(5 * DAY, None, None, 7 * DAY, id="visits missed are not made up for"),
        pytest.param(400 * DAY, None, None, None, id="nor after a year"),
        pytest.param(3 * DAY, 3 * DAY, None, 4 * DAY, id="what is missing is looked for a day later"),
        pytest.param(HOUR, HOUR, None, 6 * HOUR, id="and at its usual times"),
        pytest.param(30 * DAY, 30 * DAY, None, 31 * DAY, id="after a month, too"),
        pytest.param(31 * DAY, 30 * DAY, 31 * DAY, 38 * DAY, id="what is gone is looked for a week later"),
        pytest.param(38 * DAY, 30 * DAY, 31 * DAY, 61 * DAY, id="and a month later"),
        pytest.param(61 * DAY, 30 * DAY, 31 * DAY, None, id="and then left alone"),
    ],
)
def test_when_an_article_is_visited_again(
    age: timedelta, missing: timedelta | None, confirmed: timedelta | None, due: timedelta | None
) -> None:
    found = next_revisit(
        NOW + age,
        first_seen=NOW,
        missing_since=None if missing is None else NOW + missing,
        confirmed=None if confirmed is None else NOW + confirmed,
    )
    assert found == (None if due is None else NOW + due)


@pytest.mark.parametrize(
    ("failures", "planned", "asked", "due"),
    [
        pytest.param(1, 5 * DAY, None, HOUR, id="after one failure in an hour"),
        pytest.param(3, 5 * DAY, None, 4 * HOUR, id="after three in four"),
        pytest.param(3, 2 * HOUR, None, 2 * HOUR, id="not later than planned"),
        pytest.param(6, 5 * DAY, None, 5 * DAY, id="after many as planned"),
        pytest.param(1, None, None, HOUR, id="also when the rhythm is over"),
        pytest.param(6, None, None, None, id="but not for ever"),
        pytest.param(1, 5 * DAY, 3 * HOUR, 3 * HOUR, id="later when the outlet asks for it"),
        pytest.param(1, 2 * HOUR, 999 * DAY, LONGEST_ASKED, id="within reason"),
    ],
)
def test_when_a_visit_that_told_nothing_is_tried_again(
    failures: int, planned: timedelta | None, asked: timedelta | None, due: timedelta | None
) -> None:
    found = next_retry(NOW, failures=failures, planned=None if planned is None else NOW + planned, asked=asked)
    assert found == (None if due is None else NOW + due)
