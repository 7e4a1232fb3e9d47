"""Every page as its reader gets it: asked over HTTP, from a full archive, a hostile one, an empty one and a broken one."""

import re
import socket
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from lxml import html

from service.assembly import Service
from service.runs.seeding import run_seeding
from service.serving import listen
from service.web.app import POLICY
from service.web.rendering import article_link
from tests.fakes.house import Clock, a_service
from tests.fakes.reading_room import BY_HAND, HOSTILE_TITLE, MORNING, NOW, ODD_ID, PRESS, fill, pages_of

#: Every page there is, on the filled archive.
PAGES = (
    "/",
    "/search",
    "/search?q=exercise",
    "/search?q=topic:china-russia&sort=date",
    "/articles/patrol",
    "/articles/patrol?revision=1",
    "/articles/patrol?from=1",
    "/articles/seed-000",
    article_link(ODD_ID),
    "/chronology?since=2025",
    "/chronology/joint_sea-2025",
    "/outlets",
    "/digests",
    "/digests/1",
    "/subscriptions",
)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("room")
    with a_service(folder, press=PRESS, clock=Clock(NOW), contact="desk@example.org") as service:
        fill(service)
        yield service


@pytest.fixture(scope="module")
def site(room: Service) -> Iterator[httpx.Client]:
    with pages_of(room) as base, httpx.Client(base_url=base, trust_env=False) as client:
        yield client


class Shown:
    """A page, read as a browser would."""

    def __init__(self, site: httpx.Client, path: str, *, status: int = 200) -> None:
        answer = site.get(path)
        assert answer.status_code == status, answer.text
        self.source = answer.text
        self.tree = html.document_fromstring(answer.content)

    @property
    def text(self) -> str:
        return " ".join(self.tree.find(".//main").text_content().split())

    @property
    def title(self) -> str:
        return str(self.tree.findtext(".//title"))

    def texts(self, css: str) -> list[str]:
        return [" ".join(found.text_content().split()) for found in self.tree.cssselect(css)]

    def link(self, text: str) -> str:
        """Where the link that says `text` leads."""
        return next(a.get("href") for a in self.tree.cssselect("a") if " ".join(a.text_content().split()) == text)


# ------------------------------------------------------------------ what every page keeps


@pytest.mark.parametrize("path", [*PAGES, "/nowhere", "/?page=0", "/search?q=(", "/static/style.css", "/healthz"])
def test_every_answer_carries_our_policy(site: httpx.Client, path: str) -> None:
    headers = site.get(path).headers
    assert headers["content-security-policy"] == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("path", PAGES)
def test_a_page_stands_alone_and_says_what_it_is(site: httpx.Client, path: str) -> None:
    page = Shown(site, path)
    assert page.tree.get("lang") == "en"
    assert page.title.endswith(" · Entente")
    assert len(page.tree.cssselect("h1")) == 1
    assert not page.tree.cssselect(
        "script:not([src^='/static/']), style, [style], [onclick], [onerror], form[method]:not([action='/marks']):not([action='/stories']):not([action='/events']), img, object, embed"
    )
    levels = [int(heading.tag[1]) for heading in page.tree.cssselect("h1, h2, h3, h4")]
    assert all(level <= before + 1 for before, level in pairwise(levels)), "a heading was skipped"
    ids = [element.get("id") for element in page.tree.cssselect("[id]")]
    assert len(ids) == len(set(ids))


def test_everything_the_pages_lead_to_is_there(site: httpx.Client) -> None:
    leads: dict[str, str] = {}
    for path in PAGES:
        page = Shown(site, path)
        ids = {element.get("id") for element in page.tree.cssselect("[id]")}
        for element in page.tree.cssselect("[href], [src]"):
            there = element.get("href") or element.get("src")
            if there.startswith("#"):
                assert there[1:] in ids
            else:
                leads[there.split("#")[0]] = path
    assert {there for there in leads if not there.startswith("/")} == {
        f"https://{outlet}.test/news/{id}" for outlet, id in (("harbour", "patrol"),)
    }
    for there, path in leads.items():
        if there.startswith("/"):
            assert site.head(there).status_code == 200, f"{there} on {path}"


@pytest.mark.parametrize("path", ["/", "/search", "/articles/patrol", "/static/style.css", "/healthz"])
def test_head_is_answered_like_get_without_a_body(site: httpx.Client, path: str) -> None:
    asked, got = site.head(path), site.get(path)
    assert (asked.status_code, asked.content) == (200, b"")
    assert asked.headers["content-type"] == got.headers["content-type"]


@pytest.mark.parametrize("path", ["/outlets/", "/search/?q=exercise", "/articles/patrol/", "/?utm_source=x&page=1"])
def test_a_stray_slash_or_parameter_does_no_harm(site: httpx.Client, path: str) -> None:
    assert site.get(path, follow_redirects=True).status_code == 200


def test_the_style_sheet_is_kept_by_browsers_until_it_changes(site: httpx.Client) -> None:
    sheet = next(element.get("href") for element in Shown(site, "/").tree.cssselect("link[rel=stylesheet]"))
    assert re.fullmatch(r"/static/style\.css\?v=[0-9a-f]{8}", sheet)
    tag = site.get(sheet).headers["etag"]
    assert site.get(sheet, headers={"If-None-Match": tag}).status_code == 304


def test_small_answers_are_sent_at_once() -> None:
    # asyncio sets TCP_NODELAY where a socket is named TCP; without it a kept connection waits 40 ms for each answer.
    with listen("127.0.0.1", 0) as listening:
        assert listening.proto == socket.IPPROTO_TCP


# ------------------------------------------------------------------ what is new


def test_news_stands_by_day_the_seeds_last(site: httpx.Client) -> None:
    page = Shown(site, "/")
    assert page.texts(".day > h2") == [
        "Saturday 21 November 2026 1 article",
        "Friday 20 November 2026 3 articles",
        "Thursday 19 November 2026 1 article",
        "Seed archive 5 articles",
    ]
    assert "10 articles on China–Russia or SCO military ties, of 11 in the archive." in page.text
    assert "Tea exports grow" not in page.text, "what no topic claims is no news"


def test_news_is_told_with_its_evidence_its_reprints_and_what_could_not_be_seen(site: httpx.Client) -> None:
    page = Shown(site, "/")
    entry = next(li for li in page.tree.cssselect(".entries > li") if "fly joint patrol" in li.text_content())
    for part in ("h3", ".said"):
        assert "joint patrol" in " ".join(mark.text_content() for mark in entry.cssselect(f"{part} mark"))
    said = " ".join(entry.text_content().split())
    assert "The Harbour Gazette, China · 20 Nov 2026, 19:00 UTC+8 (11:00 UTC) · English" in said
    assert "Same story at The Echo Gazette, 20 Nov 2026, 19:00 UTC+8 (11:00 UTC)" in said
    assert "China–Russia · main subject" in said
    assert "materially changed" in said
    assert "Failed: The Haifeng Gazette. Refused us: The Vestnik Gazette." in page.text
    assert "[morning] " in page.text, "the last digest is a click away"


def test_titles_and_sentences_keep_their_own_language_and_direction(site: httpx.Client) -> None:
    page = Shown(site, "/")
    title = next(h for h in page.tree.cssselect("h3") if "联合军演" in h.text_content())
    assert (title.get("lang"), title.get("dir")) == ("zh", "auto")
    said = next(p for p in page.tree.cssselect(".said") if "учения" in p.text_content())
    assert (said.get("lang"), said.get("dir")) == ("ru", "auto")


# ------------------------------------------------------------------ search


@pytest.mark.parametrize(
    ("query", "marks", "title"),
    [
        pytest.param("军演", ["军演"], "中俄海军举行联合军演", id="inside a Chinese sentence"),
        pytest.param(
            "учение", ["учения", "учения", "учения"], "Флоты России и Китая начали учения", id="Russian endings"
        ),
        pytest.param(
            "exercises spokesman",
            ["exercise", "spokesman"],
            "Chinese and Russian bombers fly joint patrol",
            id="English endings",
        ),
    ],
)
def test_a_search_marks_what_it_found_in_title_and_text(
    site: httpx.Client, query: str, marks: list[str], title: str
) -> None:
    page = Shown(site, f"/search?q={quote(query)}")
    entry = next(li for li in page.tree.cssselect(".entries > li") if title in li.text_content())
    assert set(marks) <= {mark.text_content() for mark in entry.cssselect("mark")}
    assert page.tree.cssselect("input[name=q]")[0].get("value") == query


def test_a_hit_in_the_title_is_marked_there(site: httpx.Client) -> None:
    assert Shown(site, "/search?q=tea").texts("h2 mark") == ["Tea"]


def test_a_search_by_filters_alone_shows_what_earned_the_verdict(site: httpx.Client) -> None:
    page = Shown(site, "/search?q=id:exercise")
    assert page.texts(".said mark"), "the evidence stands where no word was searched"


@pytest.mark.parametrize("query", ["", "patrol", "exercise OR учения", "patrol -country:JP"])
def test_each_facet_leads_to_just_as_many_articles_as_it_says(site: httpx.Client, query: str) -> None:
    page = Shown(site, f"/search?q={quote(query)}")
    choices = page.tree.cssselect("#narrow li")
    assert choices
    for choice in choices:
        for a in choice.cssselect("a"):
            count = int(choice.cssselect(".number")[0].text_content())
            narrower = Shown(site, a.get("href"))
            found = narrower.texts("h1")[0]
            assert found == f"{count} article{'s' * (count != 1)} found", a.get("href")
            assert a.text_content() in narrower.text


def test_facets_are_called_by_names(site: httpx.Client) -> None:
    names = Shown(site, "/search").texts("#narrow a")
    assert {"China–Russia", "main subject", "joint patrol", "Russian", "Global Times (English)", "seed archive"} <= {
        *names
    }


def test_a_filter_can_be_taken_away(site: httpx.Client) -> None:
    page = Shown(site, f"/search?q={quote('patrol topic:china-russia -lang:ru')}&sort=date")
    assert page.texts(".filters a") == [
        "Topic: China–Russia ×: take this filter away",
        "not language: Russian ×: take this filter away",
    ]
    first, second = (a.get("href") for a in page.tree.cssselect(".filters a"))
    assert first == f"/search?q={quote('patrol -lang:ru', safe='').replace('%20', '+')}&sort=date"
    assert Shown(site, second).texts(".filters a") == ["Topic: China–Russia ×: take this filter away"]
    chosen = page.tree.cssselect("#narrow strong a")[0]
    assert chosen.text_content().startswith("China–Russia"), "what is chosen already is marked"
    assert chosen.get("href") == first, "and taken away where it stands, too"


@pytest.mark.parametrize(
    ("query", "position", "word", "hint"),
    [
        pytest.param("patrol topik:sco", 8, "topik:sco", "Did you mean topic", id="a field that is none"),
        pytest.param('navy "joint patrol', 6, '"joint', "Close the phrase", id="a quotation mark left open"),
        pytest.param("after:tomorrow", 7, "tomorrow", "after:2023", id="a day that is none"),
        pytest.param("<b>( tea", 4, "(", "Close it", id="and the query is shown as text"),
    ],
)
def test_a_wrong_query_is_answered_with_where_and_why(
    site: httpx.Client, query: str, position: int, word: str, hint: str
) -> None:
    page = Shown(site, f"/search?q={quote(query)}", status=400)
    assert f"at character {position}." in page.text
    assert hint in page.text
    assert page.texts("mark.here") == [word]
    assert page.texts("pre") == [query]
    assert page.tree.cssselect("input[name=q]")[0].get("value") == query, "it can be corrected in place"


def test_a_search_without_hits_says_what_to_try(site: httpx.Client) -> None:
    page = Shown(site, f"/search?q={quote('patrol lang:fa')}")
    assert page.texts("h1") == ["0 articles found"]
    assert "No article has lang:fa" in page.text
    without = Shown(site, page.link("patrol")).texts("h1")[0].removesuffix(" found")
    assert page.texts(".nothing li") == [f"Without lang:fa: {without}"]
    assert page.link(without) == page.link("patrol") == "/search?q=patrol"


def test_a_slip_of_the_pen_is_answered_with_what_was_meant(site: httpx.Client) -> None:
    page = Shown(site, "/search?q=patrl")
    assert page.texts(".meant") == ["Did you mean patrol?"]
    assert Shown(site, page.link("patrol")).texts(".entries li")


@pytest.mark.parametrize("query", ["%ED%A0%80", "%00", "%E2%80%AE", "%F0%9F%9A%A2", "%3E%3Cscript%3E", "a" * 9_000])
def test_any_characters_may_be_searched_for(site: httpx.Client, query: str) -> None:
    page = Shown(site, f"/search?q={query}")
    assert not page.tree.cssselect("script:not([src^='/static/'])")


# ------------------------------------------------------------------ one article


def marked_places(page: Shown, text: str) -> set[int]:
    """Positions in `text` that the page marks."""
    begins = [found.start() for found in re.finditer(r"^.*\S.*$", text, flags=re.MULTILINE)]
    places: set[int] = set()
    for begin, paragraph in zip(begins, page.tree.cssselect(".text p"), strict=True):
        at = begin + len(paragraph.text or "")
        for mark in paragraph:
            places |= {*range(at, at + len(mark.text))}
            at += len(mark.text) + len(mark.tail or "")
    return places


@pytest.mark.parametrize("id", ["patrol", "exercise", "drill", "seed-004"])
def test_an_article_marks_exactly_the_words_that_earned_its_verdict(room: Service, site: httpx.Client, id: str) -> None:
    kept = room.archive.articles.get(id)
    assert kept is not None
    earned = {place for e in kept.verdict.evidence if e.field == "text" for place in range(e.start, e.end)}
    assert earned
    assert marked_places(Shown(site, f"/articles/{id}"), kept.article.text) == earned


def test_an_article_leads_from_its_evidence_to_the_place_and_on_to_the_original(site: httpx.Client) -> None:
    page = Shown(site, "/articles/patrol")
    first, _, last = page.tree.cssselect(".text p")
    assert (first.get("id"), last.get("id")) == ("e1", "e2"), "evidence leads to its paragraph"
    assert "in the title" in page.texts(".evidence li")[0]
    assert [a.get("href") for a in page.tree.cssselect(".evidence a")] == ["#e1", "#e2"]
    assert page.link("Original at harbour.test") == "https://harbour.test/news/patrol"
    assert "The Echo Gazette" in page.texts("#story li")[1]


def test_a_revised_article_shows_what_each_revision_said(site: httpx.Client) -> None:
    page = Shown(site, "/articles/patrol")
    newest, first = page.texts("#revisions > ol > li")
    assert newest.startswith(
        "Revision 2 21 Nov 2026, 15:00 UTC material What changed evidence: was Bombers of two air forces"
    )
    assert first == "Revision 1 20 Nov 2026, 12:00 UTC"
    old = Shown(site, page.link("Revision 1"))
    assert old.texts("h1") == ["Bombers of two air forces meet over the sea"]
    assert old.texts(".text p") == ["Weather was fine."]
    assert "The text has changed since" in old.text
    assert not old.tree.cssselect(".text mark"), "today's evidence is not yesterday's"
    assert old.texts("#evidence h2") == ["Evidence in revision 2"]


def test_an_article_without_a_topic_says_so(site: httpx.Client) -> None:
    assert "No topic" in Shown(site, "/articles/tea").text


def test_a_seed_record_is_marked_and_its_abstract_named_as_ours(site: httpx.Client) -> None:
    page = Shown(site, "/articles/seed-000")
    assert "seed archive" in page.texts(".labels li")
    assert "This is our abstract" in page.text


def test_a_seed_record_with_its_text_shows_abstract_and_text(tmp_path: Path, shared: Path) -> None:
    with a_service(tmp_path, clock=Clock(NOW)) as service:
        run_seeding(service.archive, service.rules, shared / "seeds", now=NOW)
        with pages_of(service) as base, httpx.Client(base_url=base, trust_env=False) as site:
            page = Shown(site, "/articles/seed-003")
            assert page.texts(".seeded p")[0].startswith("[Our abstract]")
            assert len(page.texts(".seeded p")) > 5
            assert "This is our abstract" not in page.text


def test_hostile_words_stay_words(site: httpx.Client) -> None:
    page = Shown(site, article_link(ODD_ID))
    assert page.texts("h1") == [" ".join(HOSTILE_TITLE.split())]
    assert page.tree.cssselect("h1")[0].get("class") == "long"
    assert page.texts(".text p")[0].startswith("<img src=x onerror=alert(1)> & joint patrol")
    assert BY_HAND in page.text
    assert "javascript:alert(document.domain)" in page.texts(".facts dd"), "shown, and no link"
    assert not page.tree.cssselect("a[rel]"), "there is no original to lead to"
    assert {element.get("lang") for element in page.tree.cssselect("[lang]")} == {"en", ""}, "no tag, no language"
    for path in ("/", "/search", "/digests/1", "/outlets", "/subscriptions"):
        assert not Shown(site, path).tree.cssselect("script:not([src^='/static/']), img, main b, main i")


# ------------------------------------------------------------------ outlets, digests, subscriptions


def test_outlets_tell_how_the_last_visit_ended_those_in_trouble_first(site: httpx.Client) -> None:
    page = Shown(site, "/outlets")
    rows = page.texts("tbody tr")
    assert [row.split(" Gazette")[0] for row in rows] == ["The Haifeng", "The Vestnik", "The Echo", "The Harbour"]
    assert [text.strip() for text in page.texts("tbody .state")] == [
        "failed",
        "refuses us",
        "not yet visited",
        "answers",
    ]
    assert "China, English" in rows[3]
    assert "42 minutes ago 17 5 hours ago" in rows[3]
    reason = page.texts(".reason")[0]
    assert "answered <b>500</b>" in reason
    assert len(reason) <= 200
    assert "The Wall Gazette China; refuses readers like us" in page.texts(".left-out li")


def test_a_digest_is_listed_framed_and_shown_as_sent(room: Service, site: httpx.Client) -> None:
    sent = room.archive.ledger.get(1)
    assert sent is not None
    listed = Shown(site, "/digests")
    page = Shown(site, listed.link(sent.digest.subject))
    frame = page.tree.cssselect("iframe")[0]
    assert "allow-scripts" not in frame.get("sandbox")
    assert int(frame.get("height")) >= 480
    whole = site.get(frame.get("src"))
    assert whole.text == sent.digest.html
    assert "sandbox" in whole.headers["content-security-policy"]
    assert "script" not in whole.headers["content-security-policy"]
    assert site.get(page.link("as plain text")).text == sent.digest.text
    assert "sent 21 Nov 2026, 18:00 UTC" in page.text


def test_subscriptions_tell_how_to_stop_and_no_address(site: httpx.Client) -> None:
    page = Shown(site, "/subscriptions")
    assert {"morning", "ШОС <b>"} == {*page.texts("h2")[:2]}
    assert "paused" in page.text
    assert "entente subscription remove" in page.text
    assert "desk@example.org" in page.text
    assert MORNING.email not in page.source


# ------------------------------------------------------------------ what cannot be answered


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        pytest.param("/nowhere", 404, "There is nothing here", id="no such page"),
        pytest.param("/articles/nobody", 404, "No article has the id nobody.", id="no such article"),
        pytest.param("/articles/patrol?revision=9", 404, "no revision 9: it has 2", id="no such revision"),
        pytest.param(
            "/articles/%3Cscript%3E%00%ED%A0%80", 404, "No article has the id <script>", id="an id of rubbish"
        ),
        pytest.param("/articles", 404, "No article", id="no id"),
        pytest.param("/digests/77", 404, "There is no digest 77.", id="no such digest"),
        pytest.param("/digests/one", 400, "number is 'one': it should be a valid integer.", id="a digest by name"),
        pytest.param(f"/digests/{9**40}", 400, "should be less than", id="a number no store can hold"),
        pytest.param(
            "/?page=0", 400, "page is '0': it should be greater than or equal to 1.", id="before the first page"
        ),
        pytest.param("/?page=abc", 400, "page is 'abc': it should be a valid integer.", id="a page by name"),
        pytest.param(f"/?page={9**40}", 404, "the last one is 1", id="far beyond the last page"),
        pytest.param("/search?page=7", 404, "There is no page 7 of this search: the last one is 1.", id="no such hits"),
        pytest.param("/search?page=9999", 400, "less than or equal to 500", id="further than one may turn"),
        pytest.param(
            "/search?sort=nonsense", 400, "sort is 'nonsense': it should be 'relevance' or 'date'.", id="no order"
        ),
    ],
)
def test_what_cannot_be_answered_is_explained_on_a_page_of_ours(
    site: httpx.Client, path: str, status: int, said: str
) -> None:
    answer = site.get(path, follow_redirects=True)
    assert answer.status_code == status
    page = Shown(site, str(answer.url), status=status)
    assert said in page.text
    assert page.link("the archive") == "/search"
    assert len(page.text) < 400


def test_nothing_can_be_changed_through_the_pages(site: httpx.Client) -> None:
    for path in ("/", "/search", "/articles/patrol", "/subscriptions", "/digests/1"):
        for method in ("POST", "PUT", "DELETE"):
            assert site.request(method, path).status_code == 405


# ------------------------------------------------------------------ empty, and broken


@pytest.mark.parametrize(
    ("path", "said"),
    [
        pytest.param("/", "Nothing yet", id="what is new"),
        pytest.param("/search", "The archive is empty", id="the archive"),
        pytest.param("/search?q=exercise", "Nothing in the archive answers this", id="a search"),
        pytest.param("/outlets", "No outlet is set to be visited", id="outlets"),
        pytest.param("/digests", "No digest has been composed yet", id="digests"),
        pytest.param("/subscriptions", "There is none yet", id="subscriptions"),
    ],
)
def test_an_empty_archive_has_pages_too(empty: httpx.Client, path: str, said: str) -> None:
    assert said in Shown(empty, path).text


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with (
        a_service(tmp_path_factory.mktemp("empty"), clock=Clock(NOW)) as service,
        pages_of(service) as base,
        httpx.Client(base_url=base, trust_env=False) as client,
    ):
        yield client


def test_machines_can_ask_whether_it_lives_and_can_answer(site: httpx.Client) -> None:
    assert site.get("/healthz").json() == {"status": "ok"}
    assert site.get("/readyz").json() == {"status": "ready", "articles": 11}


def test_a_broken_archive_is_told_to_people_and_to_machines(tmp_path: Path) -> None:
    with (
        a_service(tmp_path, clock=Clock(NOW)) as service,
        pages_of(service) as base,
        httpx.Client(base_url=base, trust_env=False) as site,
    ):
        for name in ("entente.db", "entente.db-wal"):
            path = tmp_path / name
            if path.exists():
                path.write_bytes(b"no database at all " * 1000)
        page = Shown(site, "/", status=503)
        assert page.texts("h1") == ["That did not work"]
        assert str(tmp_path / "entente.db") in page.text
        ready = site.get("/readyz")
        assert (ready.status_code, ready.json()["status"]) == (503, "unready")
        assert site.get("/healthz").status_code == 200, "it lives all the same"
