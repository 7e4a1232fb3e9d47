"""The small decisions behind the pages: evidence in its place, moments in words, filters of a query."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from scrapers.classifying.loading import load_rules
from service.web.marking import marked, marked_title, paragraphs, passages
from service.web.naming import Names, country, language
from service.web.narrowing import Filter, filters, narrowed, words_of
from service.web.pages.digests import height
from service.web.pages.news import days
from service.web.pages.search import parted
from service.web.rendering import article_link, counted, link
from service.web.timing import ago, long_day, stamp, when
from storage.events.reading import read_register
from storage.records import Evidence, Kept, Published
from storage.search.query import parse_query
from tests.fakes.texts import a_kept, a_verdict, an_article

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


# ------------------------------------------------------------------ evidence


@pytest.mark.parametrize(
    ("spans", "html"),
    [
        pytest.param([], "a &lt;b&gt; c", id="nothing marked, and what looks like HTML is text"),
        pytest.param([(2, 5)], "a <mark>&lt;b&gt;</mark> c", id="a mark is escaped inside too"),
        pytest.param([(2, 5), (0, 3)], "<mark>a &lt;b&gt;</mark> c", id="overlapping marks are one"),
        pytest.param([(0, 1), (9, 12), (-5, -2)], "<mark>a</mark> &lt;b&gt; c", id="what lies outside is left out"),
        pytest.param(
            [(4, 400), (-9, 1)], "<mark>a</mark> &lt;b<mark>&gt; c</mark>", id="marks end where the text does"
        ),
    ],
)
def test_words_are_marked_where_they_stand(spans: list[tuple[int, int]], html: str) -> None:
    assert str(marked("a <b> c", spans)) == html


def evidence(text: str, form: str, sentence: str, *, nth: int = 1, field: str = "text", rule: str = "pair") -> Evidence:
    """Evidence for the nth place `form` stands in."""
    start = -1
    for _ in range(nth):
        start = text.index(form, start + 1)
    return Evidence(
        topic="sco", rule=rule, form=form, field=field, start=start, end=start + len(form), sentence=sentence
    )


TEXT = "No drill here.\n\nOne drill, then a drill again. \nLast line of a drill."


def test_only_the_place_that_counted_is_marked() -> None:
    second = evidence(TEXT, "drill", "One drill, then a drill again.", nth=3)
    found = paragraphs(TEXT, [second])
    assert [str(p.html) for p in found] == [
        "No drill here.",
        "One drill, then a <mark>drill</mark> again. ",
        "Last line of a drill.",
    ]
    assert [p.number for p in found] == [0, 1, 0]


def test_the_evidence_is_told_by_sentence_the_title_first_and_leads_to_its_paragraph() -> None:
    last = evidence(TEXT, "drill", "Last line of a drill.", nth=4)
    first = evidence(TEXT, "drill", "One drill, then a drill again.", nth=2)
    other = replace(evidence(TEXT, "again", "One drill, then a drill again."), rule="again", topic="china-russia")
    title = evidence("A drill", "drill", "A drill", field="title")
    kept = a_kept(
        article=an_article(title="A drill", text=TEXT), verdict=a_verdict(evidence=(last, first, other, title))
    )
    told = passages(kept)
    assert [(str(p.html), p.field, p.paragraph) for p in told] == [
        ("A <mark>drill</mark>", "title", 0),
        ("One <mark>drill</mark>, then a drill <mark>again</mark>.", "text", 1),
        ("Last line of a <mark>drill</mark>.", "text", 2),
    ]
    assert told[1].rules == {"sco": ["pair"], "china-russia": ["again"]}
    assert str(marked_title(kept)) == "A <mark>drill</mark>"
    assert [p.number for p in paragraphs(TEXT, kept.verdict.evidence)] == [0, 1, 2]


def test_a_sentence_that_was_tidied_still_shows_its_word() -> None:
    tidied = evidence(TEXT, "drill", "ONE tidied drill", nth=2)
    kept = a_kept(article=an_article(text=TEXT), verdict=a_verdict(evidence=(tidied,)))
    assert [str(p.html) for p in passages(kept)] == ["ONE tidied <mark>drill</mark>"]


# ------------------------------------------------------------------ moments


@pytest.mark.parametrize(
    ("published", "said"),
    [
        pytest.param(None, "no date given", id="no time is said to be none"),
        pytest.param(Published(at=NOON), "21 Nov 2026, 12:00 UTC", id="at UTC once is enough"),
        pytest.param(
            Published(at=NOON, offset_minutes=480),
            "21 Nov 2026, 20:00 UTC+8 (12:00 UTC)",
            id="the outlet's clock first",
        ),
        pytest.param(
            Published(at=NOON, offset_minutes=785),
            "22 Nov 2026, 01:05 UTC+13:05 (21 Nov 2026, 12:00 UTC)",
            id="another day there than in UTC",
        ),
        pytest.param(
            Published(at=NOON, offset_minutes=-210), "21 Nov 2026, 08:30 UTC−3:30 (12:00 UTC)", id="west of Greenwich"
        ),
        pytest.param(
            Published(at=datetime(2023, 4, 1, 16, tzinfo=UTC), offset_minutes=480, has_time=False),
            "2 Apr 2023",
            id="only the day, on the outlet's calendar",
        ),
    ],
)
def test_when_an_article_was_published(published: Published | None, said: str) -> None:
    assert when(published) == said


@pytest.mark.parametrize(
    ("before", "said"),
    [
        pytest.param(timedelta(seconds=20), "just now", id="seconds"),
        pytest.param(timedelta(minutes=1), "1 minute ago", id="one minute"),
        pytest.param(timedelta(hours=23, minutes=59), "23 hours ago", id="hours are not rounded up"),
        pytest.param(timedelta(days=2), "2 days ago", id="days"),
        pytest.param(timedelta(days=40), "12 Oct 2026", id="beyond a fortnight the day itself"),
        pytest.param(timedelta(hours=-3), "in 3 hours", id="what lies ahead"),
    ],
)
def test_how_long_ago(before: timedelta, said: str) -> None:
    assert ago(NOON - before, NOON) == said


def test_days_and_stamps_are_said_in_full() -> None:
    assert long_day(date(2026, 11, 2)) == "Monday 2 November 2026"
    assert (stamp(NOON), stamp(None)) == ("21 Nov 2026, 12:00 UTC", "never")


# ------------------------------------------------------------------ news by day


def test_news_goes_by_the_day_first_seen_with_the_seeds_last_and_each_text_once() -> None:
    def at(id: str, hours: int, **over: Any) -> Kept:
        return a_kept(id=id, first_seen=NOON - timedelta(hours=hours), story=id, **over)

    seed = at("seed", 1, seed=True)
    copies = [replace(at(id, 2), story="first") for id in ("first", "copy")]
    yesterday = at("yesterday", 30)
    found = days([seed, *copies, yesterday], beside=[at("more", 31)])
    assert [(day.day, day.count, len(day.stories), day.whole) for day in found] == [
        (date(2026, 11, 21), 2, 1, True),
        (date(2026, 11, 20), 1, 1, False),
        (None, 1, 1, True),
    ]


# ------------------------------------------------------------------ queries


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("", [], id="nothing asked"),
        pytest.param("joint patrol", [], id="words are no filters"),
        pytest.param("topic:sco", [Filter("topic", "sco", False, "")], id="the only condition leaves everything"),
        pytest.param(
            'patrol -country:jp "a b"',
            [Filter("country", "jp", True, 'patrol "a b"')],
            id="words stay when a filter goes",
        ),
        pytest.param(
            "after:2023 (a OR b) seed:yes",
            [
                Filter("after", "2023", False, "(a OR b) seed:yes"),
                Filter("seed", "yes", False, "after:2023 (a OR b)"),
            ],
            id="what is in brackets stays whole",
        ),
        pytest.param("topic:sco OR topic:china-russia", [], id="an alternative cannot be taken away by halves"),
    ],
)
def test_filters_can_be_taken_away_one_by_one(query: str, found: list[Filter]) -> None:
    assert filters(parse_query(query)) == found


@pytest.mark.parametrize(
    ("query", "narrower"),
    [
        pytest.param("", "outlet:tass-en", id="from everything"),
        pytest.param("учения", "учения outlet:tass-en", id="from a word"),
        pytest.param("a OR b", "(a OR b) outlet:tass-en", id="both sides of an OR are narrowed"),
        pytest.param("a b OR c", "(a b OR c) outlet:tass-en", id="an OR over several words too"),
    ],
)
def test_a_facet_narrows_the_whole_query(query: str, narrower: str) -> None:
    assert narrowed(query, parse_query(query), "outlet", "tass-en") == narrower
    parse_query(narrower)


def test_the_words_of_a_query_are_what_is_left_without_filters() -> None:
    assert words_of(parse_query('topic:sco patrol -seed:yes "a b"')) == 'patrol "a b"'


@pytest.mark.parametrize(
    ("position", "parts"),
    [
        pytest.param(0, ("", "ab", " cd"), id="at the start"),
        pytest.param(3, ("ab ", "cd", ""), id="in the middle"),
        pytest.param(2, ("ab", " ", "cd"), id="at a space"),
        pytest.param(5, ("ab cd", "", ""), id="at the end"),
    ],
)
def test_the_word_that_is_wrong_is_pointed_at(position: int, parts: tuple[str, str, str]) -> None:
    assert parted("ab cd", position) == parts


# ------------------------------------------------------------------ names and addresses


def test_keys_are_called_by_names_people_know() -> None:
    names = Names(load_rules(), read_register(), {"tass-en": "TASS (English)"})
    assert names.topic("china-russia") == "China–Russia"
    assert names.topic("my_own-topic") == "my own topic"
    assert names.activity("joint_exercise") == names.value("activity", "joint-exercise") == "joint exercise"
    assert names.value("outlet", "tass-en") == "TASS (English)"
    assert names.value("event", "joint-sea-2015ii") == names.event("joint_sea-2015II") == "Joint Sea-2015 (II)"
    assert names.event("joint_sea-2031") == "Joint Sea-2031", "an edition that no register holds"
    assert names.value("country", "kz") == country("KZ") == "Kazakhstan"
    assert (names.value("on", "2023"), country("ZZ")) == ("2023", "ZZ")
    assert (language("zh"), language("xx"), language("")) == ("Chinese", "xx", "language unknown")


def test_an_id_of_any_characters_can_be_linked() -> None:
    assert article_link("a/b c?d#e") == "/articles/a%2Fb%20c%3Fd%23e"
    assert link("/search", q="a&b", sort="", page=None) == "/search?q=a%26b"


def test_numbers_agree_with_their_nouns() -> None:
    assert [counted(number, "digest") for number in (0, 1, 2000)] == ["0 digests", "1 digest", "2,000 digests"]


def test_a_mail_gets_a_frame_of_about_its_height() -> None:
    assert height("") < height("line\n" * 100) < height("line\n" * 200)
    assert height("line\n" * 10**6) == height("line\n" * 10**7), "a frame has an end"
