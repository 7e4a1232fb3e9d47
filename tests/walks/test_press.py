"""The made-up press: what its newspapers serve is what was written, and Entente's own parser and reader find it there."""

import http.client
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import Message
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

import pytest

from scrapers.parsing.addresses import canonical_id, is_article
from scrapers.parsing.decoding import to_page
from scrapers.parsing.parsing import parse
from scrapers.reading.reading import next_page, read
from service.demo.press import Press
from service.demo.stories import Newspaper, Story, read_newspapers
from storage.records import Article, Entry, Feed, Outlet, Page, Strength

DAY = datetime(2026, 3, 14, 15, 9, 26, tzinfo=UTC)
PAPERS = {paper.key: paper for paper in read_newspapers(DAY)}
BROKEN = "monsoon-post"


@pytest.fixture
def press() -> Iterator[Press]:
    with Press(day=DAY) as running:
        yield running


def get(url: str, **headers: str) -> tuple[int, Message, bytes]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc)
    try:
        connection.request(
            "GET", parts.path, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def outlet_of(press: Press, key: str) -> Outlet:
    return next(outlet for outlet in press.outlets if outlet.key == key)


def feed_of(outlet: Outlet) -> Feed:
    (point,) = outlet.entry_points
    status, headers, body = get(point.url)
    assert status == 200
    return parse(body, url=point.url, now=DAY, content_type=headers["Content-Type"], outlet=outlet, point=point)


def article_of(outlet: Outlet, entry: Entry) -> Article:
    pages: list[Page] = []
    address: str | None = entry.url
    while address:
        _, headers, body = get(address)
        pages.append(to_page(body, url=address, content_type=headers["Content-Type"], hint=outlet.encoding))
        address = next_page(pages[-1], outlet=outlet, have=[page.url for page in pages])
    return read(pages, now=DAY, outlet=outlet, entry=entry)


def listed(outlet: Outlet, paper: Newspaper, number: int) -> Iterator[tuple[Entry, Story]]:
    """The newspaper's entries beside the stories they announce."""
    stories = {story.path: story for story in paper.stories(number)}
    entries = [entry for entry in feed_of(outlet).entries if is_article(outlet, entry.url, outlet.entry_points[0])]
    assert len(entries) == len(stories)
    for entry in entries:
        yield entry, stories[urlsplit(entry.url).path]


# ------------------------------------------------------------------ what it holds


def test_there_is_enough_to_read_in_each_language() -> None:
    count = Counter(dict.fromkeys(("en", "ru", "zh"), 0))
    for paper in PAPERS.values():
        count[paper.language] += len(paper.stories(2))
    assert count.total() >= 40
    assert min(count.values()) >= 11


def test_stories_of_every_kind_are_there_and_near_misses_too() -> None:
    stories = [story for paper in PAPERS.values() for story in paper.stories(2) if not story.forbidden]
    kinds = Counter(tuple(sorted(set(story.expected.strength.values()))) for story in stories)
    assert kinds[(Strength.TIE,)] >= 15
    assert kinds[(Strength.MENTION,)] >= 4
    assert kinds[()] >= 10
    topics = {topic for story in stories for topic in story.expected.strength}
    assert topics == {"china-russia", "sco", "arms-sales"}, "ours, and the demo's own"
    assert len({story.expected.activity for story in stories} - {""}) >= 9


@pytest.mark.parametrize("number", [pytest.param(1, id="first round"), pytest.param(2, id="second round")])
def test_everything_was_printed_within_a_day_before_now(number: int) -> None:
    times = [story.published for paper in PAPERS.values() for story in paper.stories(number)]
    assert DAY - timedelta(days=1) <= min(times) <= max(times) < DAY


def test_what_is_new_in_the_second_round_is_dated_by_its_own_day() -> None:
    with Press(day=DAY) as press:
        outlet = outlet_of(press, "harbour-morning")
        before = {entry.url: entry.published for entry in feed_of(outlet).entries}
        press.advance(day=DAY + timedelta(hours=9))
        press.advance(day=DAY + timedelta(hours=99))
        after = {entry.url: entry.published for entry in feed_of(outlet).entries}
    (new,) = after.keys() - before.keys()
    assert {url: after[url] for url in before} == before
    published = after[new]
    assert published
    assert timedelta(hours=8, minutes=30) < published.at - DAY < timedelta(hours=9)


# ------------------------------------------------------------------ how it is served


@pytest.mark.parametrize("key", sorted(PAPERS))
def test_each_newspaper_is_parsed_and_read_as_it_was_written(press: Press, key: str) -> None:
    press.advance()
    outlet, paper = outlet_of(press, key), PAPERS[key]
    for entry, story in listed(outlet, paper, 2):
        assert entry.published
        assert (entry.title, entry.published.at) == (story.title, story.published)
        if story.forbidden:
            continue
        article = article_of(outlet, entry)
        assert article.published
        told = (article.title, article.byline, article.published.at, article.language, article.origin)
        assert told == (story.title, story.byline, story.published, paper.language, story.origin)
        assert article.text == "\n".join(paragraph for page in story.pages for paragraph in page)


def test_each_form_and_encoding_is_really_spoken(press: Press) -> None:
    press.advance()
    kinds = {outlet.key: feed_of(outlet).kind for outlet in press.outlets}
    assert set(kinds.values()) == {"rss", "atom", "json-feed", "listing"}
    for key, encoding in (("dongan-ribao", "gbk"), ("tayozhnaya-stroka", "windows-1251")):
        _, _, body = get(outlet_of(press, key).entry_points[0].url)
        assert PAPERS[key].name in body.decode(encoding)
        with pytest.raises(UnicodeDecodeError):
            body.decode("utf-8")


def test_what_has_not_changed_is_not_sent_twice(press: Press) -> None:
    url = outlet_of(press, "harbour-morning").entry_points[0].url
    _, headers, _ = get(url)
    status, again, body = get(url, If_None_Match=headers["ETag"])
    assert (status, again["ETag"], body) == (304, headers["ETag"], b"")
    assert get(url, If_Modified_Since=headers["Last-Modified"])[0] == 304
    # RFC 9110: where an ETag is given, the date does not count.
    assert get(url, If_None_Match='"other"', If_Modified_Since=headers["Last-Modified"])[0] == 200
    press.advance()
    assert get(url, If_None_Match=headers["ETag"])[0] == 200
    assert [status for _, status in press.answered] == [200, 304, 304, 200, 200]


def test_one_article_is_corrected_in_the_second_round_in_its_feed_and_on_its_page(press: Press) -> None:
    outlet = outlet_of(press, "harbour-morning")

    def told() -> tuple[Entry, Article]:
        entry = next(entry for entry in feed_of(outlet).entries if canonical_id(outlet, entry.url) == "1001")
        return entry, article_of(outlet, entry)

    before, first = told()
    press.advance()
    after, second = told()
    assert ("Eight warships" in before.summary, "Ten warships" in after.summary) == (True, True)
    assert ("Eight warships" in first.text, "Ten warships" in second.text) == (True, True)
    assert first.published == second.published
    assert before.url == after.url


def test_reprints_carry_the_same_text_and_name_their_origin() -> None:
    stories = [story for paper in PAPERS.values() for story in paper.stories(1)]
    reprints = [story for story in stories if story.origin]
    assert {story.origin for story in reprints} == {"Harbour Morning", "Северный вестник", "东岸日报"}
    for reprint in reprints:
        (original,) = (one for one in stories if one.pages == reprint.pages and not one.origin)
        assert (reprint.title, reprint.expected) == (original.title, original.expected)
        assert reprint.published > original.published


def test_one_article_goes_on_on_a_second_page(press: Press) -> None:
    outlet = outlet_of(press, "strait-observer")
    entry = next(entry for entry in feed_of(outlet).entries if canonical_id(outlet, entry.url) == "3302")
    article = article_of(outlet, entry)
    assert "what is it for?" in article.text
    assert "her lights already lit" in article.text
    assert [url for url, _ in press.answered][-1].endswith("/story/3302_2.html")


def test_one_server_is_broken_until_the_second_round(press: Press) -> None:
    outlet = outlet_of(press, BROKEN)
    assert get(outlet.entry_points[0].url)[0] == 500
    assert not [url for url in press.expected if url.startswith(outlet.homepage)]
    press.advance()
    assert len(feed_of(outlet).entries) == 2
    assert len([url for url in press.expected if url.startswith(outlet.homepage)]) == 2


def test_one_newspaper_has_rules_for_robots_and_lists_what_they_forbid(press: Press) -> None:
    outlet = outlet_of(press, "strait-observer")
    rules = RobotFileParser()
    rules.parse(get(f"{outlet.homepage}robots.txt")[2].decode().splitlines())
    (forbidden,) = press.forbidden
    assert not rules.can_fetch("entente", forbidden)
    assert forbidden in [entry.url for entry in feed_of(outlet).entries]
    assert forbidden not in press.expected
    assert rules.can_fetch("entente", outlet.entry_points[0].url)
    assert get(f"{outlet_of(press, 'harbour-morning').homepage}robots.txt")[0] == 404


def test_every_expected_address_answers_and_belongs_to_one_outlet(press: Press) -> None:
    for number in (1, 2):
        for url in press.expected:
            assert get(url)[0] == 200
            assert sum(is_article(outlet, url) for outlet in press.outlets) == 1
        if number == 1:
            press.advance()


def test_each_outlet_has_a_host_of_its_own_and_wants_no_rest(press: Press) -> None:
    hosts = [host for outlet in press.outlets for host in outlet.hosts]
    assert tuple(hosts) == press.hosts
    assert len(set(hosts)) == len(PAPERS)
    assert {outlet.patience + outlet.delay for outlet in press.outlets} == {timedelta(0)}


def test_people_find_a_front_page_and_strangers_a_404(press: Press) -> None:
    for outlet in press.outlets:
        if outlet.key != BROKEN:
            _, _, body = get(outlet.homepage)
            assert outlet.name in body.decode(outlet.encoding)
            assert get(f"{outlet.homepage}nothing/here")[0] == 404


def test_the_servers_are_gone_when_the_press_closes() -> None:
    with Press(day=DAY) as press:
        (host, *_) = press.hosts
    with pytest.raises(ConnectionRefusedError):
        get(f"http://{host}/")
    assert press.outlets == ()
