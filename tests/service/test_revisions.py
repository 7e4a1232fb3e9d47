"""Revisions as people and scripts meet them: `show`, `show --diff`, `fetch`, and the pages of the web."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import lxml.html
import pytest

from service.runs.keeping import keep
from storage.archive.archive import open_archive
from storage.records import Revisit
from tests.fakes.commands import Told, entente
from tests.fakes.house import Clock, a_feed, a_page, a_service, an_outlet, drill
from tests.fakes.outlet_server import OutletServer
from tests.fakes.reading_room import pages_of
from tests.fakes.texts import an_article
from tests.fakes.warc import write_warc

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
FIRST = (
    "China and Russia began a joint patrol with eight warships in the Sea of Japan on Monday.\n"
    "Tea was served on board.\n"
    "The weather was fine.\n"
    "Gulls <b>cried</b>."
)
SECOND = FIRST.replace("eight", "ten")
THIRD = SECOND.replace("fine", "splendid")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with an article that was changed in what matters, then polished; one that is gone; one that is as it was."""
    place = tmp_path_factory.mktemp("revisions")
    clock = Clock(NOW)
    with a_service(place / "data", press=[an_outlet("post.test", "/feed")], clock=clock) as service:
        for days, text in enumerate((FIRST, SECOND, THIRD)):
            article = an_article(canonical_id="patrol", outlet="harbour", title="Joint patrol begins", text=text)
            keep(service.archive, service.rules, article, now=NOW + days * DAY, id="patrol")
        for id in ("lost", "calm"):
            article = an_article(canonical_id=id, outlet="harbour", title=f"Joint patrol, {id}", text=f"{FIRST}\n{id}.")
            keep(service.archive, service.rules, article, now=NOW, id=id)
        revisit = Revisit(
            article="lost", outlet="harbour", url="http://post.test/news/1", first_seen=NOW, due=NOW + DAY
        )
        service.archive.revisits.watch(revisit)
        gone = replace(
            revisit,
            missing_since=NOW + DAY,
            confirmed=NOW + 2 * DAY,
            why="http://post.test/news/1 answered 404",
            due=NOW + 9 * DAY,
        )
        service.archive.revisits.save(gone, now=NOW + 2 * DAY)
        service.index.catch_up()
    return place


def ask(folder: Path, *words: str) -> Any:
    return entente(*words, "--json", folder=folder).document


# ------------------------------------------------------------------ the command line


def test_show_lists_every_text_with_what_it_touched(folder: Path) -> None:
    document = ask(folder, "show", "patrol")
    assert [(one["number"], one["material"], one["filled"]) for one in document["revisions"]] == [
        (1, False, False),
        (2, True, False),
        (3, False, False),
    ]
    assert {"what": "number", "was": "eight", "now": "ten"} in document["revisions"][1]["touched"]
    assert [one["text"] for one in document["revisions"]] == [FIRST, SECOND, THIRD]
    assert (document["changed"], document["gone_since"], document["absences"]) == (True, None, [])
    told = entente("show", "patrol", folder=folder)
    assert "revision 2, 2026-11-21T08:00:00Z: material change\n" in told.out
    assert "evidence, number: eight → ten" in told.out
    assert "revision 3, 2026-11-22T08:00:00Z: small change\n" in told.out


def test_show_says_that_a_page_is_gone_and_how_that_is_known(folder: Path) -> None:
    document = ask(folder, "show", "lost")
    assert document["gone_since"] == "2026-11-21T08:00:00Z"
    assert document["absences"] == [
        {
            "since": "2026-11-21T08:00:00Z",
            "confirmed": "2026-11-22T08:00:00Z",
            "back": None,
            "why": "http://post.test/news/1 answered 404",
        }
    ]
    assert (document["revisits"]["due"], document["text"]) == ("2026-11-29T08:00:00Z", f"{FIRST}\nlost.")
    assert "gone since 2026-11-21T08:00:00Z, sure 2026-11-22T08:00:00Z" in entente("show", "lost", folder=folder).out


@pytest.mark.parametrize(
    ("numbers", "line", "unlike"),
    [
        pytest.param(
            (), "The weather was [-fine-]{+splendid+}.", "warships", id="the last change unless told otherwise"
        ),
        pytest.param(("1",), "with [-eight-]{+ten+} warships", "nowhere", id="from one to the present"),
        pytest.param(("1", "2"), "with [-eight-]{+ten+} warships", "weather", id="from one to another"),
        pytest.param(("2", "1"), "with [-ten-]{+eight+} warships", "weather", id="and back"),
    ],
)
def test_a_difference_in_plain_text(folder: Path, numbers: tuple[str, ...], line: str, unlike: str) -> None:
    told = entente("show", "patrol", "--diff", *numbers, folder=folder)
    assert (told.code, told.err) == (0, "")
    assert line in told.out
    assert unlike not in told.out
    assert "unchanged" in told.out or numbers == ("1",)


def test_a_difference_for_scripts_gives_either_text_back(folder: Path) -> None:
    document = ask(folder, "show", "patrol", "--diff", "1", "3")
    assert (document["id"], document["from"], document["to"]) == ("patrol", 1, 3)
    assert "".join(piece["was"] for piece in document["text"]) == FIRST
    assert "".join(piece["now"] for piece in document["text"]) == THIRD
    assert {piece["edit"] for piece in document["text"]} == {"same", "cut", "added"}
    assert {"what": "number", "was": "eight", "now": "ten"} in document["touched"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        pytest.param(("patrol", "--diff", "1", "9"), "no revision 9: they are numbered 1 to 3", id="a number too high"),
        pytest.param(("patrol", "--diff", "0"), "no revision 0", id="a number too low"),
        pytest.param(("calm", "--diff"), "one revision only", id="nothing to compare"),
        pytest.param(("patrol", "--diff", "1", "2", "3"), "two numbers", id="too many numbers"),
        pytest.param(("patrol", "2"), "behind --diff", id="numbers without a difference"),
        pytest.param(("nobody", "--diff"), "No article has the id", id="no such article"),
    ],
)
def test_what_cannot_be_compared_is_told(folder: Path, words: tuple[str, ...], why: str) -> None:
    told = entente("show", *words, folder=folder)
    assert (told.code, told.out) == (2, "")
    assert why in told.err


def test_search_finds_edits_vanished_pages_and_words_that_were_taken_out(folder: Path) -> None:
    assert [hit["id"] for hit in ask(folder, "search", "changed:yes")["hits"]] == ["patrol"]
    assert [hit["id"] for hit in ask(folder, "search", "gone:yes")["hits"]] == ["lost"]
    hits = {hit["id"]: hit for hit in ask(folder, "search", '"eight warships"')["hits"]}
    assert hits.keys() == {"patrol", "lost", "calm"}
    assert hits["patrol"]["earlier_revision"] == {"number": 1, "captured": "2026-11-20T08:00:00Z"}
    assert "eight warships" in hits["patrol"]["snippet"]
    assert (hits["lost"]["earlier_revision"], hits["lost"]["gone"], hits["patrol"]["changed"]) == (None, True, True)
    told = entente("search", '"eight warships"', folder=folder).out
    assert "in an earlier revision, of 2026-11-20T08:00:00Z:" in told
    assert told.count("[changed]") == told.count("[gone]") == 1


# ------------------------------------------------------------------ one run by hand


OUTLET = """
id: gazette
name: The Gazette
country: CN
languages: [en]
hosts: ['{host}']
delay_seconds: 0
feeds:
  - url: http://{host}/feed.xml
article_url_pattern: '/news/\\d+'
"""


@pytest.fixture
def server() -> Iterator[OutletServer]:
    with OutletServer() as running:
        running.answer("/feed.xml", a_feed((running.url("/news/1"), "Joint exercise begins")))
        running.answer("/news/1", a_page("Joint exercise begins", *drill(1)))
        yield running


def fetch(folder: Path, server: OutletServer, *words: object) -> Told:
    (folder / "outlets").mkdir(exist_ok=True)
    (folder / "outlets" / "gazette.yaml").write_text(OUTLET.format(host=server.host), encoding="utf-8")
    settings = {"outlets_dir": folder / "outlets", "only_outlets": "gazette", "allow_hosts": server.host}
    return entente("fetch", *words, "--json", folder=folder, **settings)


def test_fetch_visits_again_what_is_due(tmp_path: Path, server: OutletServer) -> None:
    assert fetch(tmp_path, server).document["revisits"] == []
    with open_archive(tmp_path / "data" / "entente.db") as archive:
        [kept] = [one for one in archive.articles.newest(limit=9) if not one.seed]
        revisit = archive.revisits.get(kept.id)
        assert revisit is not None
        archive.revisits.save(replace(revisit, due=kept.first_seen), now=kept.first_seen)
    server.forget("/news/1")
    server.answer("/news/1", a_page("Joint exercise begins", *drill(2)))
    told = fetch(tmp_path, server)
    [one] = told.document["revisits"]
    assert (told.code, one["article"], one["outcome"], one["revised"]) == (0, kept.id, "revised", True)


def test_what_a_capture_or_a_file_brings_is_nobodys_to_visit(tmp_path: Path, server: OutletServer) -> None:
    answered = {"/feed.xml": a_feed((server.url("/news/1"), "Drill")), "/news/1": a_page("Drill", *drill(1))}
    capture = write_warc(tmp_path / "day.warc", [(server.url(path), 200, {}, body) for path, body in answered.items()])
    assert fetch(tmp_path, server, "--replay", capture).document["new"] == 1
    with open_archive(tmp_path / "data" / "entente.db") as archive:
        [kept] = [one for one in archive.articles.newest(limit=9) if not one.seed]
        assert archive.revisits.get(kept.id) is None
    assert server.asked == []


# ------------------------------------------------------------------ pages


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[httpx.Client]:
    clock = Clock(NOW + 3 * DAY)
    with (
        a_service(folder / "data", press=[an_outlet("post.test", "/feed")], clock=clock) as service,
        pages_of(service) as base,
        httpx.Client(base_url=base, trust_env=False) as client,
    ):
        yield client


def page(site: httpx.Client, path: str, status: int = 200) -> Any:
    answer = site.get(path)
    assert answer.status_code == status
    return lxml.html.fromstring(answer.text)


def texts(tree: Any, css: str) -> list[str]:
    return [" ".join(element.text_content().split()) for element in tree.cssselect(css)]


def test_an_article_lists_its_revisions_the_last_one_first(site: httpx.Client) -> None:
    tree = page(site, "/articles/patrol")
    listed = texts(tree, "#revisions > ol > li")
    assert [line.split(" ", 2)[1] for line in listed] == ["3", "2", "1"]
    assert ["small change" in listed[0], "material" in listed[1], "material" in listed[2]] == [True, True, False]
    assert "evidence, number: was eight now ten" in listed[1]
    assert tree.cssselect("#revisions a[href='/articles/patrol?from=1&revision=2']")


def test_what_changed_is_marked_for_eyes_and_for_ears(site: httpx.Client) -> None:
    tree = page(site, "/articles/patrol?from=1&revision=3")
    assert texts(tree, ".changes del") == ["cut: eight (end of cut)", "cut: fine (end of cut)"]
    assert texts(tree, ".changes ins") == ["added: ten (end of added)", "added: splendid (end of added)"]
    assert "Gulls <b>cried</b>." in texts(tree, ".changes")[0], "a text is never markup"
    assert texts(tree, "select[name=from] option[selected]") == ["revision 1, 20 Nov 2026, 08:00 UTC"]
    assert len(texts(tree, "select[name=revision] option")) == 3


def test_long_stretches_without_a_change_are_left_out(site: httpx.Client) -> None:
    tree = page(site, "/articles/patrol?from=1&revision=2")
    assert texts(tree, ".changes .nothing") == ["2 paragraphs unchanged"]


def test_a_page_that_vanished_says_so_and_keeps_its_text(site: httpx.Client) -> None:
    tree = page(site, "/articles/lost")
    [notice] = texts(tree, ".notice")
    assert "first missed 21 Nov 2026, 08:00 UTC" in notice
    assert "http://post.test/news/1 answered 404" in notice
    assert "eight warships" in texts(tree, ".text")[0]


def test_a_hit_in_an_earlier_revision_is_marked_as_such(site: httpx.Client) -> None:
    tree = page(site, '/search?q="eight+warships"')
    [earlier] = texts(tree, ".earlier")
    assert earlier == "In an earlier revision of 20 Nov 2026, 08:00 UTC:"
    assert tree.cssselect(".earlier a")[0].get("href") == "/articles/patrol?revision=1"
    assert "gone" in texts(tree, ".labels .gone")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        pytest.param("/articles/patrol?from=7", 404, id="no such revision"),
        pytest.param("/articles/calm?from=1", 404, id="nothing to compare"),
        pytest.param("/articles/patrol?from=x", 400, id="no number"),
    ],
)
def test_what_cannot_be_compared_is_told_on_a_page(site: httpx.Client, path: str, status: int) -> None:
    assert "revision" in page(site, path, status).text_content() or status == 400
