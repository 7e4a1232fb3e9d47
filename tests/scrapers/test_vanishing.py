"""Whether a page has vanished though its address answered; and what only stands in the way."""

import pytest

from scrapers.reading.vanishing import why_vanished
from storage.records import Outlet, Page
from tests.fakes.house import a_page, an_outlet

OUTLET = an_outlet("post.test", "/feed")
ASKED = "http://post.test/news/2026/11/21/drill-1001.html"
TITLE = "China and Russia begin joint exercise"
STORY = a_page(TITLE, "The navies of both countries left harbour in the morning. " * 20).decode()


def met(text: str = STORY, *, landed: str = ASKED, outlet: Outlet | None = OUTLET, asked: str = ASKED) -> str:
    return why_vanished(Page(url=landed, text=text), asked=asked, title=TITLE, outlet=outlet)


def page(title: str, *lines: str) -> str:
    body = "".join(f"<p>{line}</p>" for line in lines)
    return (
        f"<html><head><title>{title}</title></head><body><nav>Home News Sport</nav><h1>{title}</h1>{body}</body></html>"
    )


@pytest.mark.parametrize(
    "landed",
    [
        pytest.param("http://post.test/", id="the front page"),
        pytest.param("http://post.test/index.html", id="the front page by its file"),
        pytest.param("https://www.post.test/", id="the front page of its other host"),
        pytest.param("http://post.test/news/", id="a section"),
        pytest.param("http://post.test/news/2026/11/", id="a month"),
        pytest.param("http://post.test/404.html", id="a page for errors"),
        pytest.param("http://post.test/error/notfound?from=1001", id="another such page"),
    ],
)
def test_where_redirects_lead_when_a_page_has_vanished(landed: str) -> None:
    assert landed in met(page("The Post", "Weather", "Sport"), landed=landed)


@pytest.mark.parametrize(
    "landed",
    [
        pytest.param(ASKED, id="nowhere else"),
        pytest.param(ASKED.replace("http:", "https:"), id="the same page, secured"),
        pytest.param(ASKED.replace("post.test", "www.post.test"), id="the same page at another host"),
        pytest.param(ASKED + "?utm_source=feed", id="the same page with a tracker"),
        pytest.param(ASKED + "/", id="the same page with a slash"),
        pytest.param("http://post.test/login?next=/news/2026/11/21/drill-1001.html", id="a login"),
        pytest.param("http://post.test/consent", id="a question of consent"),
    ],
)
def test_where_they_lead_when_it_has_not(landed: str) -> None:
    assert met(page("Log in", "Please log in to read on."), landed=landed) == ""


def test_a_page_that_bears_the_title_has_not_vanished_wherever_it_stands() -> None:
    assert met(landed="http://post.test/news/") == ""
    assert met(page(TITLE, "An error 404 was found."), landed=ASKED) == ""


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(page("404 Not Found"), id="a server's own words"),
        pytest.param(
            page("Page not found | The Post", "Try the search.", *["Related news of the day"] * 200),
            id="a title above much else",
        ),
        pytest.param(page("The Post", "Sorry, the page you are looking for cannot be found."), id="a short sentence"),
        pytest.param(page("The Post", "This article has been removed."), id="removed"),
        pytest.param(page("The Post", "The story is no longer available."), id="no longer available"),
        pytest.param(page("Ошибка 404", "Страница не найдена"), id="Russian"),
        pytest.param(page("Вестник", "К сожалению, запрашиваемая страница удалена."), id="Russian, removed"),
        pytest.param(page("Вестник", "Материал не найден или снят с публикации"), id="Russian, a story"),
        pytest.param(page("提示信息", "您访问的页面不存在或已被删除！"), id="Chinese"),
        pytest.param(page("404", "很抱歉，您要访问的网页找不到了"), id="Chinese, politely"),
        pytest.param(page("新闻网", "抱歉，該文章已被刪除"), id="Chinese in traditional script"),
    ],
)
def test_what_a_page_says_when_its_story_is_gone(text: str) -> None:
    assert met(text).startswith(f"{ASKED} answers: ")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(STORY, id="the story"),
        pytest.param(
            a_page("Drill goes on", "The wreck could not be found, the page boy said. " * 40).decode(),
            id="the story, edited, with such words",
        ),
        pytest.param(page("Just a moment...", "Checking your browser before accessing post.test."), id="a challenge"),
        pytest.param(page("Access denied", "You do not have permission."), id="a refusal"),
        pytest.param(page("503 Service Unavailable", "Try again later."), id="a server that is busy"),
        pytest.param(page("Maintenance", "We will be back soon."), id="repairs"),
        pytest.param(page("Подождите", "Проверка браузера"), id="a Russian challenge"),
        pytest.param(page("安全验证", "请完成验证"), id="a Chinese challenge"),
        pytest.param("", id="nothing at all"),
        pytest.param("<html></html>", id="an empty page"),
    ],
)
def test_what_is_no_sign_of_it(text: str) -> None:
    assert met(text) == ""


def test_without_an_outlet_the_addresses_decide() -> None:
    assert "front page" in met(page("The Post"), landed="http://post.test/", outlet=None)
    assert met(outlet=None) == ""
