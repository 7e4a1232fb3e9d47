"""The pages as a reader sees them: in a real browser, on a phone and on a desk, by day and by night, on paper too."""

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from service.web.rendering import article_link
from tests.alerts.test_look import CHROMIUM, CONTRAST, QUIET
from tests.fakes.house import Clock, a_service
from tests.fakes.reading_room import NOW, ODD_ID, PRESS, fill, pages_of

PAGES = (
    "/",
    "/search?q=exercise+topic:china-russia",
    "/articles/patrol",
    article_link(ODD_ID),
    "/chronology?since=2025",
    "/chronology/joint_sea-2025",
    "/outlets",
    "/digests",
    "/digests/1",
    "/subscriptions",
)
#: Answered with an error status, which a browser's console always remarks on.
LOST = ("/nowhere", "/search?q=patrol+topik:sco")

#: What a reader presses: at least 24 CSS pixels high (WCAG 2.2, 2.5.8) where it does not stand in a line of words.
SMALL_TARGETS = """() => [...document.querySelectorAll("button, input:not([type=hidden]), summary, nav a, .filters a, .labels a, #narrow li a")]
  .filter(element => element.checkVisibility({contentVisibilityAuto: true}) && element.getBoundingClientRect().height < 24).map(element => element.outerHTML)"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine: apt-get install chromium, and the pages are looked at too")
    folder = tmp_path_factory.mktemp("look")
    with a_service(folder, press=PRESS, clock=Clock(NOW)) as service:
        fill(service)
        with pages_of(service) as base:
            yield base


@pytest.fixture(scope="module")
def browser(site: str) -> Iterator[Browser]:  # noqa: ARG001 - without a site there is nothing to look at
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET) as browser:
        yield browser


class Watched:
    """A tab that remembers every complaint of the browser and every request that went elsewhere or failed."""

    def __init__(self, browser: Browser, site: str, width: int, scheme: Literal["light", "dark"]) -> None:
        self.page: Page = browser.new_page(
            viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce"
        )
        self._site = site
        self.complaints: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("requestfailed", lambda request: self._failed(request.url, request.failure or ""))
        self.page.on("request", lambda request: self._elsewhere(request.url))

    def _failed(self, url: str, why: str) -> None:
        # Leaving a page, the browser drops what it was still fetching for it, such as the icon.
        if why != "net::ERR_ABORTED":
            self.complaints.append(f"failed: {url} {why}")

    def _elsewhere(self, url: str) -> None:
        if not url.startswith(self._site):
            self.complaints.append(f"asked elsewhere: {url}")

    def open(self, path: str) -> Page:
        self.page.goto(self._site + path)
        return self.page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1100])
def test_every_page_reads_well(browser: Browser, site: str, width: int, scheme: Literal["light", "dark"]) -> None:
    tab = Watched(browser, site, width, scheme)
    ground = "rgb(250, 249, 246)" if scheme == "light" else "rgb(22, 24, 27)"
    for path in (*PAGES, *LOST):
        if path in LOST:
            told = len(tab.complaints)
        page = tab.open(path)
        if path in LOST:
            assert [text.split(":")[0] for text in tab.complaints[told:]] == ["Failed to load resource"], path
            del tab.complaints[told:]
        assert page.evaluate("document.documentElement.scrollWidth") == width, f"{path} must not scroll sideways"
        assert page.evaluate(CONTRAST) >= 4.5, path
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == ground, path
        assert page.evaluate(SMALL_TARGETS) == [], path
    assert tab.complaints == []
    tab.page.close()


def test_the_pages_are_walked_with_the_keyboard(browser: Browser, site: str) -> None:
    tab = Watched(browser, site, 800, "light")
    page = tab.open("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the text"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.get_by_role("combobox").fill("军演")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="中俄海军举行联合军演").focus()
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid", "what has the focus is seen to have it"
    page.keyboard.press("Enter")
    assert page.get_by_role("heading", level=1).inner_text() == "中俄海军举行联合军演"
    assert tab.complaints == []
    page.close()


def test_the_digest_is_shown_whole_in_its_frame_and_does_nothing(browser: Browser, site: str) -> None:
    tab = Watched(browser, site, 1100, "light")
    page = tab.open("/digests/1")
    frame = page.frame_locator("iframe.mail")
    assert frame.get_by_role("heading", level=1).is_visible()
    inside = page.frames[1].evaluate("document.documentElement.scrollHeight")
    height = page.locator("iframe.mail").evaluate("frame => frame.clientHeight")
    assert inside <= height <= inside * 2, "high enough to be read without a second scroll bar, and little more"
    assert tab.complaints == []
    page.close()


def test_on_paper_only_the_article_is_left(browser: Browser, site: str) -> None:
    tab = Watched(browser, site, 1100, "dark")
    page = tab.open("/articles/patrol")
    page.emulate_media(media="print")
    assert not page.get_by_role("search").is_visible()
    assert not page.get_by_role("navigation").is_visible()
    assert page.get_by_text("https://harbour.test/news/patrol", exact=True).is_visible(), "where it comes from"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.querySelector('.text mark')).textDecorationLine") == "underline"
    page.close()
