"""`entente stories` and the story on an article's page: what they say, what they write, and what they refuse."""

import asyncio
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from lxml import html

from service.assembly import Service
from service.stories import span
from service.web.app import create_app
from tests.fakes.commands import Told, entente
from tests.fakes.house import Clock, a_service
from tests.fakes.texts import NOON

TEXT = (
    "Three frigates of two navies left the outer harbour on Monday morning under one command, the naval press office said. "
    "They will escort grain ships through the gulf for forty days and call at two ports on the way back."
)
ARTICLES = [
    {"id": "first", "outlet": "harbour", "title": "Frigates leave", "text": TEXT, "published": "2026-03-02T06:00:00Z"},
    {"id": "copy", "outlet": "copier", "title": "Frigates <leave>", "text": f"{TEXT} A band & a choir played.", "published": "2026-03-02T09:30:00Z"},
    {"id": "else", "outlet": "cape", "title": "A keeper retires", "text": "A lighthouse keeper retired after forty years at the cape; his daughter will paint the tower and keep the light.", "published": "2026-03-02T07:00:00Z"},
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of settings whose archive holds an article, its copy and one of something else."""
    file = tmp_path / "articles.jsonl"
    lines = [{**one, "language": "en", "url": f"https://{one['outlet']}.test/{one['id']}"} for one in ARTICLES]
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    assert ask("import", file, folder=tmp_path)["added"] == 3
    return tmp_path


def ask(*words: object, folder: Path) -> Any:
    told = entente(*words, "--json", folder=folder)
    assert told.code == 0, told.err
    return told.document


def members(folder: Path, id: str) -> list[str]:
    return [one["id"] for one in ask("stories", "show", id, folder=folder)["articles"]]


# ------------------------------------------------------------------ the command


def test_show_tells_the_story_in_order_with_what_was_added(folder: Path) -> None:
    shown = ask("show", "copy", folder=folder)
    first, copy = shown["story"]
    assert (first["id"], first["role"], first["delay_seconds"]) == ("first", "first", 0)
    assert {name: copy[name] for name in ("id", "outlet", "role", "delay_seconds", "words_added", "words_cut")} == {
        "id": "copy", "outlet": "copier", "role": "copy", "delay_seconds": 12_600, "words_added": 5, "words_cut": 0,
    }  # fmt: skip
    assert copy["added"] == ["A band & a choir played."]
    assert ask("show", "else", folder=folder)["story"] == [], "nobody else tells it"


def test_a_story_is_shown_by_any_of_its_articles_and_found_by_search(folder: Path) -> None:
    assert members(folder, "copy") == members(folder, "https://harbour.test/first") == ["first", "copy"]
    hits = ask("search", "story:copy", folder=folder)["hits"]
    assert {hit["id"] for hit in hits} == {"first", "copy"}
    listed = ask("stories", "list", folder=folder)
    assert [(one["id"], one["articles"]) for one in listed["stories"]] == [("first", 2)]
    assert (listed["total"], listed["articles"]) == (1, 2)


def test_a_word_by_hand_stands_through_a_rebuild(folder: Path) -> None:
    assert [one["id"] for one in ask("stories", "split", "copy", "--note", "not it", folder=folder)["articles"]] == [
        "copy"
    ]
    rebuilt = ask("stories", "rebuild", folder=folder)
    assert (rebuilt["stories"], rebuilt["articles_in_stories"]) == (0, 0)
    assert rebuilt["articles"] >= 3
    (said,) = ask("stories", "corrections", folder=folder)["corrections"]
    assert {said["one"], said["other"], said["together"], said["note"]} == {"copy", "first", False, "not it"}
    joined = ask("stories", "join", "else", "copy", "first", folder=folder)
    assert {one["id"] for one in joined["articles"]} == {"first", "copy", "else"}
    assert {one["together"] for one in joined["corrections"]} == {True}
    assert set(members(folder, "first")) == {"first", "copy", "else"}


def test_people_read_who_was_first_and_what_was_added(folder: Path) -> None:
    told = entente("stories", "show", "first", folder=folder)
    assert "copier, 2026-03-02T09:30:00Z: copy, 3 h 30 min after, 5 words added, 0 cut" in told.out
    assert "+ A band & a choir played." in told.out
    assert "1 stories told more than once" in entente("stories", "list", folder=folder).err
    entente("stories", "split", "copy", folder=folder)
    assert "apart" in entente("stories", "corrections", folder=folder).out
    assert "are apart" in entente("stories", "show", "copy", folder=folder).out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("show", "nothing"), "No article has the id", id="a story there is none of"),
        pytest.param(("join", "first"), "two articles or more", id="one article joined with nothing"),
        pytest.param(("join", "first", "first"), "two articles or more", id="an article joined with itself"),
        pytest.param(("split", "first", "nothing"), "'nothing'", id="a split of what is not there"),
        pytest.param(("split",), "Missing argument", id="a split of nothing"),
    ],
)
def test_wrong_use_is_told_and_writes_nothing(folder: Path, words: tuple[str, ...], said: str) -> None:
    told: Told = entente("stories", *words, folder=folder)
    assert told.code == 2
    assert said in told.err
    assert ask("stories", "corrections", folder=folder) == {"corrections": []}


@pytest.mark.parametrize(
    ("delay", "said"),
    [
        pytest.param(timedelta(seconds=20), "under a minute after", id="at once"),
        pytest.param(timedelta(minutes=61), "1 h 1 min after", id="two units"),
        pytest.param(timedelta(days=3, minutes=5), "3 d 5 min after", id="none of a unit"),
        pytest.param(-timedelta(hours=2), "2 h before", id="an earlier clock"),
    ],
)
def test_a_delay_in_words(delay: timedelta, said: str) -> None:
    assert span(delay) == said


# ------------------------------------------------------------------ the page


@pytest.fixture
def service(folder: Path) -> Iterator[Service]:
    with a_service(folder / "data", clock=Clock(NOON)) as built:
        yield built


def site(service: Service, method: str, path: str, **form: str) -> httpx.Response:
    """The application, asked as a browser would from one of our pages."""

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(create_app(service))
        async with httpx.AsyncClient(transport=transport, base_url="http://entente.test") as client:
            headers = {"sec-fetch-site": form.pop("site", "same-origin")}
            return await client.request(method, path, headers=headers, content=urlencode(form))

    return asyncio.run(asked())


def test_the_page_shows_the_story_with_what_was_added(service: Service) -> None:
    (story,) = html.fromstring(site(service, "GET", "/articles/first").text).cssselect("#story")
    assert [one.text_content() for one in story.cssselect("a")] == ["copier"]
    assert "copy, 3 h 30 min after" in story.text_content()
    assert "Frigates <leave>" in story.text_content()
    assert [one.text_content() for one in story.cssselect("ins")] == ["A band & a choir played."]
    (alone,) = html.fromstring(site(service, "GET", "/articles/else").text).cssselect("#story")
    assert "Nobody else has told it" in alone.text_content()


def test_a_story_is_corrected_from_the_page(service: Service) -> None:
    answer = site(service, "POST", "/stories", article="first", other="copy", say="split", note="不对")
    assert (answer.status_code, answer.headers["location"]) == (303, "/articles/first#story")
    assert service.archive.stories.members("first") == ["first"]
    assert [(one.by, one.note) for one in service.archive.stories.corrections()] == [("web", "不对")]
    site(service, "POST", "/stories", article="first", other=" https://cape.test/else ", say="join")
    assert service.archive.stories.members("first") == ["else", "first"]


@pytest.mark.parametrize(
    ("form", "status"),
    [
        pytest.param(
            {"article": "first", "other": "copy", "say": "split", "site": "cross-site"}, 403, id="another site's"
        ),
        pytest.param({"article": "first", "other": "nothing", "say": "join"}, 400, id="with nobody"),
        pytest.param({"article": "first", "other": "first", "say": "join"}, 400, id="with itself"),
        pytest.param({"article": "first", "other": "copy", "say": "melt"}, 400, id="no word of ours"),
        pytest.param({}, 400, id="empty"),
    ],
)
def test_other_forms_write_nothing(service: Service, form: dict[str, str], status: int) -> None:
    assert site(service, "POST", "/stories", **form).status_code == status
    assert service.archive.stories.corrections() == []
