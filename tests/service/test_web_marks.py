"""The form that marks a verdict: what it writes, whom it takes nothing from, and what it looks like."""

import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from fastapi import FastAPI
from lxml import html

from service.assembly import Service
from service.web.pages import marks
from service.web.rendering import Renderer
from storage.records import Kept
from tests.fakes.house import Clock, a_service
from tests.fakes.texts import NOON, a_verdict, an_article

OURS = {"sec-fetch-site": "same-origin"}


class Site:
    """The application, asked as a browser would."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    def ask(self, method: str, path: str, *, headers: Mapping[str, str], content: str | bytes = b"") -> httpx.Response:
        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(self._app)
            async with httpx.AsyncClient(transport=transport, base_url="http://entente.test") as client:
                return await client.request(method, path, headers=headers, content=content)

        return asyncio.run(asked())

    def post(self, path: str, *, headers: Mapping[str, str], content: str | bytes) -> httpx.Response:
        return self.ask("POST", path, headers=headers, content=content)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with a_service(tmp_path, clock=Clock(NOON)) as built:
        built.archive.articles.keep(an_article(), a_verdict(), now=NOON, id="a/b")
        yield built


@pytest.fixture
def site(service: Service) -> Site:
    app = FastAPI()
    app.include_router(marks.router(service, Renderer(service)))
    return Site(app)


def form(**fields: str) -> str:
    return urlencode({"article": "a/b", "topic": "china-russia", "say": "right", **fields})


def test_a_mark_is_put_and_the_article_shown_again(service: Service, site: Site) -> None:
    answer = site.post("/marks", content=form(say="wrong", note=" 不对 & "), headers=OURS)
    assert (answer.status_code, answer.headers["location"]) == (303, "/articles/a%2Fb#marks")
    [mark] = service.archive.marks.list()
    assert (mark.article, mark.topic, mark.right, mark.note, mark.by, mark.at) == (
        *("a/b", "china-russia", False, "不对 &", "web", NOON),
    )


def test_a_mark_is_taken_back(service: Service, site: Site) -> None:
    for say in ("right", "back", "back"):
        assert site.post("/marks", content=form(say=say), headers=OURS).status_code == 303
    assert service.archive.marks.list() == []


@pytest.mark.parametrize(
    ("headers", "taken"),
    [
        pytest.param({"sec-fetch-site": "same-origin"}, True, id="from a page of ours"),
        pytest.param({"origin": "http://entente.test"}, True, id="from a page of ours, by an older browser"),
        pytest.param({"sec-fetch-site": "cross-site"}, False, id="from another site"),
        pytest.param({"sec-fetch-site": "same-site"}, False, id="from a neighbouring host"),
        pytest.param({"sec-fetch-site": "cross-site", "origin": "http://entente.test"}, False, id="two stories"),
        pytest.param({"origin": "http://evil.test"}, False, id="from another site, by an older browser"),
        pytest.param({"origin": "null"}, False, id="from nowhere"),
        pytest.param({}, False, id="from nobody"),
    ],
)
def test_only_our_own_forms_are_taken(service: Service, site: Site, headers: dict[str, str], taken: bool) -> None:
    assert site.post("/marks", content=form(), headers=headers).status_code == (303 if taken else 403)
    assert len(service.archive.marks.list()) == int(taken)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param(form(article="nobody"), 404, id="an unknown article"),
        pytest.param(form(topic="soc"), 400, id="an unknown topic"),
        pytest.param(form(say="perhaps"), 400, id="neither right nor wrong"),
        pytest.param(form(note="x" * 2_001), 400, id="a long note"),
        pytest.param(form(note="x" * 40_000), 413, id="a note without end"),
        pytest.param("", 404, id="nothing at all"),
        pytest.param("\xff&&=&%", 404, id="no form"),
    ],
)
def test_what_cannot_be_marked_is_refused(service: Service, site: Site, body: str, status: int) -> None:
    assert site.post("/marks", content=body.encode("latin-1"), headers=OURS).status_code == status
    assert service.archive.marks.list() == []


def test_asking_for_the_form_s_address_marks_nothing(service: Service, site: Site) -> None:
    assert site.ask("GET", f"/marks?{form()}", headers=OURS).status_code == 405
    assert service.archive.marks.list() == []


# ------------------------------------------------------------------ the form


def shown(service: Service) -> html.HtmlElement:
    kept = service.archive.articles.get("a/b")
    assert isinstance(kept, Kept)
    template = Renderer(service)._environment.get_template("marking.html")
    given = {"kept": kept, "marks": service.archive.marks.of(kept.id), "topics": tuple(service.rules.topics)}
    return html.fromstring(template.render(given))


def test_the_form_sends_what_the_page_takes(service: Service, site: Site) -> None:
    first, *_ = shown(service).cssselect("form")
    fields = {field.get("name"): field.get("value") or "" for field in first.cssselect("input")}
    [button] = [button for button in first.cssselect("button") if button.text == "Wrong"]
    fields[button.get("name")] = button.get("value")
    assert (first.get("method"), first.get("action")) == ("post", "/marks")
    assert site.post("/marks", content=urlencode(fields), headers=OURS).status_code == 303
    assert [(mark.topic, mark.right) for mark in service.archive.marks.list()] == [("china-russia", False)]


def test_a_mark_is_shown_and_can_be_taken_back(service: Service, site: Site) -> None:
    site.post("/marks", content=form(note="<b>bold</b>"), headers=OURS)
    first, second = shown(service).cssselect("form")
    assert [button.text for button in first.cssselect("button")] == ["Take back"]
    assert "right" in first.text_content()
    assert "<b>bold</b>" in first.text_content(), "as text"
    assert [button.text for button in second.cssselect("button")] == ["Right", "Wrong"]
    assert "not given" in second.text_content()
