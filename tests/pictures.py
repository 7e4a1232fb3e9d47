"""The pictures of the README, made anew from the demo: `.venv/bin/python -m tests.pictures` (needs Chromium).

The demo walks its day, its pages are photographed as a reader sees them, and the demo is ended.
"""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "pictures"
#: name -> (page of the demo, width and height in CSS pixels)
PICTURES = {
    "page.png": ("/", 1100, 1004),
    "mail.png": ("/digests/1/html", 760, 1010),
}


def main() -> None:
    chromium = shutil.which("chromium") or sys.exit("There is no Chromium here: apt-get install chromium")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    demo = [str(Path(sys.executable).with_name("entente")), "demo"]
    settings = {"ENTENTE_BIND": address, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(demo, env=os.environ | settings, stderr=subprocess.PIPE, text=True) as running:
        try:
            assert running.stderr is not None
            if not any(address in line for line in running.stderr):  # the last line says where the pages are
                sys.exit("The demo ended before it opened its pages.")
            with sync_playwright() as playwright, playwright.chromium.launch(executable_path=chromium) as browser:
                photograph(browser, f"http://{address}")
        finally:
            running.terminate()


def photograph(browser: Browser, site: str) -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, (path, width, height) in PICTURES.items():
        page = browser.new_page(viewport={"width": width, "height": height}, color_scheme="light")
        page.goto(site + path)
        page.screenshot(path=FOLDER / name)
        page.close()


if __name__ == "__main__":
    main()
