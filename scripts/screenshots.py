"""Take the pictures of ``docs/screenshots/``: chat page, panel, widget, figures, surveys.

Each light and dark, some on a phone. Run ``python scripts/screenshots.py`` from the repository's
root. It always shows the bundled digest, whose text is our own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from io import BytesIO
from pathlib import Path
from socket import socket
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal

from PIL import Image
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Frame, Page, ViewportSize

Scheme = Literal["light", "dark"]

_ROOT = Path(__file__).parents[1]
_PICTURES = _ROOT / "docs" / "screenshots"
_SERVE = "from assistant.settings import Settings\nfrom ui.server import serve\nserve(Settings())"
_CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
_FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
_DESK: ViewportSize = {"width": 1360, "height": 860}
_PHONE: ViewportSize = {"width": 390, "height": 780}
_WINDOW: ViewportSize = {"width": 1100, "height": 760}
_SCHEMES: tuple[Scheme, ...] = ("light", "dark")
_FIGURE = "多少 CEO 担心专有数据不足会妨碍生成式 AI？"
_ACTION = "怎样用生成式 AI 改善客户服务？"
_REFUSED = "明天北京的天气怎么样？"


def main() -> None:
    """Serve the digest and take every picture."""
    _PICTURES.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder, socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()  # the service takes the port over
        environment = {k: v for k, v in os.environ.items() if not k.startswith("GUIDE_")}
        environment |= {
            "GUIDE_DATA_DIR": os.environ.get("GUIDE_DATA_DIR", folder),
            "GUIDE_PORT": str(port),
            "PYTHONPATH": str(_ROOT),
        }
        process = subprocess.Popen(
            [sys.executable, "-c", _SERVE], env=environment, stdout=subprocess.DEVNULL, cwd=_ROOT
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait(url, process)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=_FLAGS)
                _take(browser, url)
                browser.close()
        finally:
            process.terminate()
            process.wait(20)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(1200):
        if process.poll() is not None:
            raise SystemExit("the service did not start")
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=1):
                return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.1)  # between two looks at another process
    raise SystemExit("the service did not start in time")


def _take(browser: Browser, url: str) -> None:
    for name, size in (("page", _DESK), ("phone", _PHONE)):
        for scheme in _SCHEMES:
            page = _new_page(browser, size, scheme)
            page.goto(f"{url}/ui/")
            page.locator("#chat .example").first.wait_for()
            _shoot(page, f"{name}-start-{scheme}")
            _ask(page, _ACTION)
            _ask(page, _FIGURE)
            _shoot(page, f"{name}-answer-{scheme}")
            page.locator("#chat .answer").last.locator(".chip").first.click()
            page.locator("#panel mark").wait_for()
            _shoot(page, f"{name}-panel-{scheme}")
            page.keyboard.press("Escape")
            if (name, scheme) == ("page", "light"):
                page.locator("#contents a", has_text="网络安全").click()
                page.locator("#panel .topic").first.wait_for()
                _shoot(page, "page-chapter-light")
                page.keyboard.press("Escape")
                _ask(page, _REFUSED)
                _shoot(page, "page-refusal-light")
            page.close()
    for name, size in (("widget", _WINDOW), ("widget-phone", _PHONE)):
        for scheme in _SCHEMES:
            page = _new_page(browser, size, scheme)
            inside = _open_widget(page, url)
            _shoot(page, f"{name}-answer-{scheme}")
            inside.locator(".chip").last.click()
            inside.locator("#panel mark").wait_for()
            _shoot(page, f"{name}-panel-{scheme}")
            page.close()
    for scheme in _SCHEMES:
        page = _new_page(browser, _DESK, scheme)
        for name in ("figures", "surveys"):
            page.goto(f"{url}/{name}")
            _shoot(page, f"{name}-{scheme}")
        page.close()


def _shoot(page: Page, name: str) -> None:
    """Take a picture, in 256 colours: a page has few, and the file is a third of the size."""
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    few = picture.quantize(256, dither=Image.Dither.NONE)
    few.save(_PICTURES / f"{name}.png", optimize=True)


def _new_page(browser: Browser, size: ViewportSize, scheme: Scheme) -> Page:
    """Open an empty page on which nothing moves."""
    return browser.new_page(
        viewport=size, color_scheme=scheme, reduced_motion="reduce", locale="zh-CN"
    )


def _ask(page: Page, question: str) -> None:
    before = page.locator("#chat .acts").count()
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")
    page.locator("#chat .acts").nth(before).wait_for()
    page.locator("#question button", has_text="提问").wait_for()


def _open_widget(page: Page, url: str) -> Frame:
    page.goto(f"{url}/widget-demo")
    page.wait_for_function("() => Boolean(window.GuideWidget)")
    page.evaluate("() => window.GuideWidget.open()")
    if len(page.frames) < 2:
        page.wait_for_event("frameattached")
    inside = page.frames[1]
    inside.locator("html.framed").wait_for(state="attached")  # its script has run
    inside.locator("#question").fill(_FIGURE)
    inside.locator("#question").press("Enter")
    inside.locator(".sources").wait_for()
    return inside


if __name__ == "__main__":
    main()
