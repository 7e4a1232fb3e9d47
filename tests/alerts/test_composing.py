"""What a digest says, in both of its forms, and what no news can do to it."""

import re
from dataclasses import replace
from datetime import time, timedelta
from html import unescape

import pytest
from bs4 import BeautifulSoup

from alerts.composing.composing import LARGEST, compose
from alerts.errors import ZoneError
from alerts.selecting import select
from storage.records import Article, Completeness, Digest, Evidence, Kept, Published, Strength, WhenEmpty
from tests.alerts.press import CN_RU, COLUMN, DAWN, EXERCISE_ZH, MINISTERS_RU, MORNING, PATROL, SCO, kept

WEB = "https://entente.example"
ALL_WELL = Completeness(visited=17, ok=17)


def digest(*found: Kept, told: dict[str, int] | None = None, **changes: object) -> Digest:
    made = compose_with(*found, told=told, **changes)
    assert made is not None
    return made


def compose_with(*found: Kept, told: dict[str, int] | None = None, **changes: object) -> Digest | None:
    arguments = {
        "subscription": MORNING,
        "completeness": ALL_WELL,
        "due": DAWN,
        "now": DAWN + timedelta(minutes=2),
        "web_url": WEB,
        "contact": "operator@example.org",
        "mail_from": "Entente <news@press.example>",
    } | changes
    return compose(matches=select(found, told=told or {}, since=None), **arguments)  # type: ignore[arg-type]


def plain(html: str) -> str:
    """What a reader of the HTML sees, in one line."""
    body = BeautifulSoup(html, "lxml").body
    body.find("div", class_="preheader").decompose()
    return " ".join(body.get_text(" ").split())


def marks(html: str) -> list[str]:
    return [mark.get_text() for mark in BeautifulSoup(html, "lxml").find_all("mark")]


@pytest.mark.parametrize(
    ("made", "subject"),
    [
        pytest.param(digest(PATROL), f"[morning] 1 new: {PATROL.article.title}", id="one article"),
        pytest.param(digest(PATROL, EXERCISE_ZH, MINISTERS_RU), f"[morning] 3 new: {EXERCISE_ZH.article.title}", id="count and lead title"),
        pytest.param(digest(PATROL, replace(COLUMN, revision=2, matters=2), told={COLUMN.id: 1}), f"[morning] 1 new, 1 changed: {PATROL.article.title}", id="new and changed"),
        pytest.param(digest(replace(COLUMN, revision=2, matters=2), told={COLUMN.id: 1}), f"[morning] 1 changed: {COLUMN.article.title}", id="only changed"),
        pytest.param(digest(), "[morning] Nothing new, Saturday, 14 March 2026", id="nothing"),
        pytest.param(digest(late=True), "[morning] Late, nothing new, Saturday, 14 March 2026", id="nothing, and late"),
        pytest.param(digest(PATROL, late=True), f"[morning] Late, 1 new: {PATROL.article.title}", id="late"),
    ],
)  # fmt: skip
def test_the_subject_says_the_news(made: Digest, subject: str) -> None:
    assert made.subject == subject


def test_nobody_hears_of_nothing_who_asked_not_to() -> None:
    assert compose_with(subscription=replace(MORNING, when_empty=WhenEmpty.SKIP)) is None
    assert compose_with(PATROL, subscription=replace(MORNING, when_empty=WhenEmpty.SKIP)) is not None


@pytest.mark.parametrize("form", ["html", "text"])
def test_an_entry_says_what_where_when_and_why(form: str) -> None:
    made = digest(PATROL)
    said = plain(made.html) if form == "html" else " ".join(made.text.split())
    said = said.replace("*", "").replace("> ", "")
    for words in (
        "1 new article",
        "Saturday, 14 March 2026, 07:00 (Europe/Moscow)",
        "China–Russia military ties" if form == "html" else "CHINA–RUSSIA MILITARY TIES",
        PATROL.article.title,
        "Bay Herald",
        "14 Mar 2026, 06:00 UTC+8 (13 Mar 2026, 22:00 UTC)",
        "main subject",
        "joint patrol",
        "flew a joint patrol over the Sea of Japan on Friday",
        "All 17 outlets visited answered.",
        "topic:china-russia OR topic:sco",
        "Sent every day at 07:00, Europe/Moscow.",
        f"{WEB}/subscriptions",
        "operator@example.org",
    ):
        assert words in said, words


@pytest.mark.parametrize("form", ["html", "text"])
def test_an_entry_leads_to_the_original_and_to_the_archive(form: str) -> None:
    body = unescape(getattr(digest(PATROL), form))
    assert PATROL.article.url in body
    assert f"{WEB}/articles/{PATROL.id}" in body


def test_an_id_that_was_imported_leads_to_its_page_whatever_is_in_it() -> None:
    assert f"{WEB}/articles/a%2Fb%20c%3Fd" in digest(replace(PATROL, id="a/b c?d")).html


def test_the_matched_words_are_marked_in_their_sentences() -> None:
    made = digest(EXERCISE_ZH)
    assert marks(made.html)[:2] == ["中俄", "海上联合—2026"]
    assert {"中俄两国海军", "此次联合演习"} <= set(marks(made.html))
    assert "双方派出十余艘水面舰艇参加*此次联合演习*。" in made.text


def test_a_few_sentences_are_shown_and_not_twelve() -> None:
    text = " ".join(f"Sentence {n} tells of a joint drill. " for n in range(12))
    article = Article(outlet="o", canonical_id="c", url="https://o.example/c", title="T", text=text)
    found = tuple(
        Evidence(topic=CN_RU, rule="r", form="joint drill", field="text", start=at.start(), end=at.end(), sentence=f"Sentence {n} tells of a joint drill.")
        for n, at in enumerate(re.finditer("joint drill", text))
    )  # fmt: skip
    many = replace(kept(id="many"), article=article)
    made = digest(replace(many, verdict=replace(many.verdict, evidence=found)))
    assert marks(made.html) == ["joint drill", "joint drill"]


def test_an_article_no_rule_speaks_for_shows_how_it_begins() -> None:
    made = digest(kept("Harbour news", "The lighthouse was painted on Monday.", strength={}, activities=()))
    assert "Other matches" in plain(made.html)
    assert "The lighthouse was painted on Monday." in plain(made.html)
    assert "main subject" not in plain(made.html)


@pytest.mark.parametrize(
    ("published", "said"),
    [
        pytest.param(Published(at=DAWN, offset_minutes=480), "14 Mar 2026, 12:00 UTC+8 (04:00 UTC)", id="the outlet's clock and UTC"),
        pytest.param(Published(at=DAWN, offset_minutes=345), "14 Mar 2026, 09:45 UTC+5:45 (04:00 UTC)", id="an odd offset"),
        pytest.param(Published(at=DAWN, offset_minutes=-210), "14 Mar 2026, 00:30 UTC-3:30 (04:00 UTC)", id="west"),
        pytest.param(Published(at=DAWN, offset_minutes=-300), "13 Mar 2026, 23:00 UTC-5 (14 Mar 2026, 04:00 UTC)", id="another day there"),
        pytest.param(Published(at=DAWN), "14 Mar 2026, 04:00 UTC", id="UTC alone is said once"),
        pytest.param(Published(at=DAWN - timedelta(hours=12), offset_minutes=480, has_time=False), "14 Mar 2026, no time given", id="only the day is known"),
        pytest.param(None, "no date given; first seen 14 Mar 2026, 03:00 UTC", id="no date at all"),
    ],
)  # fmt: skip
def test_times_are_said_on_both_clocks(published: Published | None, said: str) -> None:
    article = replace(PATROL, article=replace(PATROL.article, published=published))
    made = digest(article)
    assert said in plain(made.html)
    assert said in made.text


def test_entries_stand_under_their_topics() -> None:
    made = plain(digest(PATROL, MINISTERS_RU, COLUMN).html)
    places = [made.index(words) for words in (
        "China–Russia military ties", PATROL.article.title, COLUMN.article.title, "SCO military ties", "Степной вестник",
    )]  # fmt: skip
    assert places == sorted(places)
    assert "mentioned in passing" in made
    assert "also China–Russia military ties" in made


@pytest.mark.parametrize("form", ["html", "text"])
def test_reprints_stand_under_the_first_publisher(form: str) -> None:
    copy = replace(
        PATROL,
        id="copy",
        story=PATROL.id,
        outlet_name="Copy & Sons",
        article=replace(PATROL.article, outlet="copy", origin="Bay Herald", url="https://copy.example/1"),
    )
    made = digest(copy, replace(PATROL, story=PATROL.id))
    body = plain(made.html) if form == "html" else made.text
    assert body.count("In the archive") == 1
    assert body.index("Bay Herald") < body.index("Same story") < body.index("Copy & Sons")
    assert "https://copy.example/1" in getattr(made, form)
    assert set(made.told) == {(PATROL.id, 1), ("copy", 1)}


@pytest.mark.parametrize("form", ["html", "text"])
def test_a_changed_article_is_marked(form: str) -> None:
    made = digest(replace(PATROL, revision=3, matters=3), told={PATROL.id: 1})
    assert "Changed since you were told (revision 3)" in getattr(made, form)
    assert made.told == ((PATROL.id, 3),)


@pytest.mark.parametrize("form", ["html", "text"])
def test_what_could_not_be_seen_is_said(form: str) -> None:
    seen = Completeness(
        visited=9, ok=6, failed=("Granite",), blocked=("Zenith", "Полюс"), silent=("海风日报",), capped=("Bay Herald",)
    )
    made = digest(completeness=seen)
    said = plain(made.html) if form == "html" else made.text
    assert "3 outlets could not be read" in said
    assert "9 outlets visited, 6 answered." in said
    for what, names in (
        ("Failed", "Granite"),
        ("Refused us", "Zenith, Полюс"),
        ("Silent", "海风日报"),
        ("rest follows", "Bay Herald"),
    ):
        assert re.search(rf"{what}[^:]*: {names}", said), what


def test_a_long_list_of_outlets_is_cut_and_counted() -> None:
    names = tuple(f"Outlet {n:02}" for n in range(40))
    said = digest(completeness=Completeness(visited=40, failed=names)).text
    assert "Outlet 11 and 28 more" in " ".join(said.split())


def test_a_day_without_a_visit_is_no_quiet_day() -> None:
    assert "No outlet was visited" in digest(completeness=Completeness()).text


def test_a_late_digest_says_so() -> None:
    made = digest(PATROL, late=True, now=DAWN + timedelta(days=3))
    for body in (plain(made.html), " ".join(made.text.split())):
        assert "due on Saturday, 14 March 2026, 07:00 (Europe/Moscow)" in body
        assert "goes out on Tuesday, 17 March 2026, 07:00 (Europe/Moscow)" in body
    assert made.late


def test_the_schedule_is_said_in_words() -> None:
    weekly = replace(MORNING, days=("thu", "mon"), at=time(18, 30), zone="Asia/Kathmandu")
    assert "Sent on Monday, Thursday at 18:30, Asia/Kathmandu." in digest(subscription=weekly).text


@pytest.mark.parametrize(
    ("ways", "said"),
    [
        pytest.param({"contact": ""}, f"open {WEB}/subscriptions", id="a page"),
        pytest.param({"web_url": ""}, "write to operator@example.org.", id="an address"),
        pytest.param({"web_url": "", "contact": ""}, "reply to this message.", id="neither: an answer will do"),
    ],
)
def test_how_to_stop_is_always_said(ways: dict[str, str], said: str) -> None:
    assert said in " ".join(digest(PATROL, **ways).text.split())


def test_the_message_id_belongs_to_the_slot() -> None:
    first = digest(PATROL)
    assert first.message_id == digest(EXERCISE_ZH, now=DAWN + timedelta(hours=5)).message_id
    assert re.fullmatch(r"<digest\.20260314T040000Z\.[0-9a-f]{16}@press\.example>", first.message_id)
    others = [
        digest(PATROL, due=DAWN + timedelta(days=1)).message_id,
        digest(PATROL, subscription=replace(MORNING, name="evening")).message_id,
    ]
    assert len({first.message_id, *others}) == 3


@pytest.mark.parametrize("mail_from", ["", "nobody", "a@b@", "x@бумага\n"])
def test_the_message_id_has_a_domain_whatever_the_sender(mail_from: str) -> None:
    assert digest(PATROL, mail_from=mail_from).message_id.endswith("@entente.local>")


def test_the_same_news_makes_the_same_digest() -> None:
    assert digest(PATROL, EXERCISE_ZH) == digest(EXERCISE_ZH, PATROL)


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(ZoneError):
        digest(subscription=replace(MORNING, zone="Mars/Olympus"))


HOSTILE = "<script>alert(1)</script>\r\nBcc: all@example.org \u202egnp.exe\u2066 \x00\x1b[31m{{ 7*7 }}{% raw %}"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"title": HOSTILE}, id="title"),
        pytest.param({"text": HOSTILE}, id="text"),
        pytest.param({"byline": HOSTILE, "language": '"><script>'}, id="language"),
    ],
)
def test_hostile_articles_are_made_harmless(change: dict[str, str]) -> None:
    made = digest(kept_hostile(change), subscription=replace(MORNING, name=HOSTILE, query=f"{HOSTILE} OR x"))
    soup = BeautifulSoup(made.html, "lxml")
    assert not soup.find_all(["script", "img", "iframe", "link", "form"])
    for part in (made.subject, made.html, made.text):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", part)
    assert made.subject.isprintable()
    assert "49" not in made.text


def kept_hostile(change: dict[str, str]) -> Kept:
    article = replace(kept(strength={"<b>topic": Strength.TIE}, activities=("<i>act",)), outlet_name=HOSTILE)
    return replace(article, article=replace(article.article, **change))


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://a.example/x",
        "https://",
        "//a.example",
        "",
        "https://[broken",
        "http://a b/",
    ],
)
def test_only_web_addresses_become_links(url: str) -> None:
    made = digest(replace(PATROL, article=replace(PATROL.article, url=url)))
    links = [link["href"] for link in BeautifulSoup(made.html, "lxml").find_all("a")]
    assert links == [f"{WEB}/articles/{PATROL.id}", f"{WEB}/subscriptions"]
    assert "Original:" not in made.text


def test_an_address_with_quotes_and_spaces_stays_one_link() -> None:
    made = digest(replace(PATROL, article=replace(PATROL.article, url='https://a.example/x y"onclick="z/中')))
    assert 'href="https://a.example/x%20y%22onclick=%22z/%E4%B8%AD"' in made.html


def test_nothing_remote_is_loaded_and_nobody_is_counted() -> None:
    made = digest(PATROL, EXERCISE_ZH, MINISTERS_RU)
    assert not re.search(r"url\(|@import|<img|src=|<link|<script", made.html)


def test_the_styles_are_inlined_and_the_dark_ones_stay() -> None:
    soup = BeautifulSoup(digest(PATROL).html, "lxml")
    assert "max-width" in soup.find("div", class_="column")["style"]
    (style,) = soup.find_all("style")
    assert style.get_text().startswith("@media (prefers-color-scheme: dark)")


def huge(number: int) -> Kept:
    words = "Совместное учение 联合军事演习 " * 70
    return kept(
        f"{number} {words}"[:2000],
        f"{number}. " + "Военные корабли двух стран провели совместное учение " * 60,
        id=f"{number:012}",
        url=f"https://long.example/{number}/" + "x" * 900,
        outlet_name="И" * 300,
        words=("совместное учение",),
        language="ru",
    )


@pytest.mark.parametrize("count", [1, 40, 400])
def test_a_flood_stays_below_the_size_that_mail_programs_clip(count: int) -> None:
    made = digest(*(huge(n) for n in range(count)))
    assert len(made.html.encode()) + len(made.text.encode()) <= LARGEST
    assert len(made.told) == count
    assert len(made.subject) <= 150
    shown = made.text.count("https://long.example/")
    assert shown >= 1
    if count > shown:
        left = int(re.search(r"([\d,]+) more articles are in the archive", made.text)[1].replace(",", ""))
        assert left == count - shown
        assert f"{WEB}/search?q=topic%3Achina-russia" in made.html


def test_an_ordinary_busy_day_is_shown_in_full() -> None:
    found = [replace(PATROL, id=f"{n:012}", text_hash=str(n)) for n in range(15)]
    made = digest(*found)
    assert made.text.count("Original:") == 15
    assert "more articles" not in made.text


def test_a_title_longer_than_a_page_is_cut_between_words() -> None:
    made = digest(kept("word " * 400))
    assert "word word…" in made.text
    assert len(made.subject) <= 150


def test_plain_text_keeps_to_its_width_and_breaks_chinese_where_chinese_breaks() -> None:
    made = digest(PATROL, EXERCISE_ZH, MINISTERS_RU)
    lines = [line for line in made.text.splitlines() if "://" not in line]
    assert max(map(len, lines)) <= 72
    assert not [line for line in lines if line.lstrip(" >")[:1] in tuple("，。、")]


def test_a_topic_of_the_users_own_is_named_by_its_key() -> None:
    made = digest(kept(strength={"black-sea_grain": Strength.TIE}, activities=("sea_trial",)))
    assert "black sea grain" in made.html
    assert "sea trial" in made.html


def test_the_frame_of_the_default_search_names_both_topics() -> None:
    assert {CN_RU, SCO} <= set(re.findall(r"topic:([\w-]+)", digest().text))
