"""`guide serve` from end to end: the real assistant, on the digest, in a real browser."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

from assistant.pipeline import open_assistant
from assistant.settings import Settings
from tests.ui.conftest import NewPage, ask, open_chat, served
from ui.words import WORDS

pytestmark = pytest.mark.browser

_SERVE = "from assistant.settings import Settings\nfrom ui.server import serve\nserve(Settings())"
_SECONDS = 30.0  # aimed at 6 on an idle machine (`make bench`); tests share theirs


def test_it_starts_answers_and_shows_the_source(new_page: NewPage, indexed: Path) -> None:
    began = time.monotonic()
    with served(indexed, ("-c", _SERVE)) as running:
        page = open_chat(new_page(), running.url)
        assert time.monotonic() - began < _SECONDS
        answer = ask(page, "专有数据不足会妨碍计划成功，多少 CEO 这样说？")
        expect(answer).to_contain_text("53%")
        answer.locator(".chip", has_text="第4章·注40").first.click()
        expect(page.locator("#panel mark")).to_contain_text("53%")
        expect(page.locator("#panel")).to_contain_text("200 US CEOs")
        printed = running.log.read_text("utf-8")
    assert f'<script src="{running.url}/widget.js"' in printed


def test_every_example_of_the_page_is_answered(indexed: Path) -> None:
    assistant = open_assistant(Settings(_env_file=None, data_dir=indexed))
    for words in WORDS.values():
        for _, question in words.examples:
            answer = assistant.invoke(question)
            assert answer.answered, question
            assert answer.citations, question
