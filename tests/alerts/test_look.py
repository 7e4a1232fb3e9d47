"""The mail as a reader sees it: in a real browser, on a phone and on a desk, by day and by night."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

import pytest
from playwright.sync_api import Browser, sync_playwright

from storage.records import Completeness
from tests.alerts.press import COLUMN, EXERCISE_ZH, MINISTERS_RU, PATROL, kept
from tests.alerts.test_composing import digest

CHROMIUM = shutil.which("chromium") or ""
QUIET = [
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

#: For each element with text of its own: the contrast (WCAG 2.2, 1.4.3) of its colour to the nearest background; the worst.
CONTRAST = """() => {
  const rgb = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = element => {
    for (let e = element; e; e = e.parentElement) {
      const colour = rgb(getComputedStyle(e).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  let worst = 21;
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!own || getComputedStyle(element).display === "none") continue;
    const [a, b] = [light(rgb(getComputedStyle(element).color)), light(behind(element))].sort((x, y) => y - x);
    worst = Math.min(worst, (a + 0.05) / (b + 0.05));
  }
  return worst;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine: apt-get install chromium, and the mail is looked at too")
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET) as browser:
        yield browser


def a_full_morning() -> str:
    """All that a mail can show: three languages, a reprint, a change, a giant word, gaps, a late note."""
    copy = replace(EXERCISE_ZH, id="copy", article=replace(EXERCISE_ZH.article, outlet="copy", origin="海风日报"))
    giant = kept("Unbreakable" * 30, "x" * 400, id="giant", outlet_name="An outlet with quite a long name " * 3)
    made = digest(
        *(PATROL, EXERCISE_ZH, copy, MINISTERS_RU, replace(COLUMN, revision=2, matters=2), giant),
        told={COLUMN.id: 1},
        completeness=Completeness(visited=9, ok=7, failed=("Granite",), blocked=("Зенит",)),
        late=True,
    )
    return made.html


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 800])
def test_the_mail_reads_well(browser: Browser, width: int, scheme: Literal["light", "dark"]) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(a_full_morning())
    assert page.evaluate("document.documentElement.scrollWidth") == width, "it must not scroll sideways"
    assert page.evaluate(CONTRAST) >= 4.5
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(250, 249, 246)" if scheme == "light" else "rgb(22, 24, 27)")
    assert asked == [], "a mail must not ask anyone for anything"
    page.close()
