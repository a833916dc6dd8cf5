"""Page and widget, searched by axe-core for what shuts readers out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import axe_playwright_python
import pytest

from tests.ui.conftest import NewPage, Service, ask, open_chat
from tests.ui.test_widget_browser import Portal, frame, visit
from tests.ui.test_widget_browser import ask as ask_widget

if TYPE_CHECKING:
    from playwright.sync_api import Frame, Page

pytestmark = pytest.mark.browser

_AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")


def serious(place: Page | Frame) -> list[tuple[str, list[str]]]:
    """Give the serious and critical violations: rule, and the elements that break it."""
    place.evaluate(_AXE)
    found: dict[str, Any] = place.evaluate(
        "() => axe.run({ iframes: false, resultTypes: ['violations'] })"
    )
    return [
        (violation["id"], [node["html"][:160] for node in violation["nodes"]])
        for violation in found["violations"]
        if violation["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_shuts_nobody_out(
    new_page: NewPage, service: Service, scheme: str, width: int
) -> None:
    page = open_chat(
        new_page(color_scheme=scheme, viewport={"width": width, "height": 800}), service.url
    )
    assert serious(page) == []
    ask(page, "怎样做好数据治理？")
    ask(page, "明天天气怎么样？")
    ask(page, "给我一个有链接的数字").locator(".chip").click()
    page.locator("#panel mark").wait_for()
    assert serious(page) == []


def test_a_chapter_and_the_comment_box_shut_nobody_out(page: Page) -> None:
    page.locator("#contents a").nth(3).click()
    page.locator("#panel .topic").first.wait_for()
    assert serious(page) == []
    page.keyboard.press("Escape")
    ask(page, "多少？").get_by_role("link", name="引用不符").click()
    page.locator("#comment textarea").wait_for()
    assert serious(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_widget_shuts_nobody_out(
    new_page: NewPage, portal: Portal, service: Service, theme: str
) -> None:
    page = visit(new_page(), portal, service, attributes=f'data-open data-theme="{theme}"')
    ask_widget(page, "多少？")
    assert serious(frame(page)) == []
    frame(page).locator(".chip").click()
    frame(page).locator("#panel mark").wait_for()
    assert serious(frame(page)) == []
    assert serious(page) == []


def test_the_login_page_shuts_nobody_out(new_page: NewPage, service: Service) -> None:
    page = new_page()
    page.goto(f"{service.url}/login")
    assert serious(page) == []
