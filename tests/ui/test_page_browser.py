"""The chat page in a real browser, on the digest."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ingest.document import Book
from tests.ui.conftest import ask

pytestmark = pytest.mark.browser

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect

_QUESTION = "多少受访 CEO 把数据的沿袭和来源看作采用生成式 AI 的障碍？"


def test_answers_with_figure_chip_quote_and_note(page: Any, book: Book) -> None:
    answer = ask(page, _QUESTION)
    expect(answer).to_contain_text("61%")
    chip = answer.locator("a.chip", has_text="第4章·注43").first
    chip.click()
    panel = page.locator("#panel")
    mark = panel.locator("mark")
    expect(mark).to_be_in_viewport()
    passage_id, start, end = re.match(r"#src-(.+):(\d+)-(\d+)", chip.get_attribute("href")).groups()
    text = book.passages_by_id[passage_id].text
    assert mark.evaluate("node => node.textContent") == text[int(start) : int(end)]
    assert panel.locator("blockquote").evaluate("node => node.textContent") == text
    expect(panel).to_contain_text("第 4 章 平台、数据和治理")
    expect(panel).to_contain_text("第 41–50 页")
    expect(panel.locator(".note-block").first).to_contain_text("200 US CEOs")
