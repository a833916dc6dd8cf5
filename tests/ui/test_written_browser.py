"""Written answers where readers meet them: page, widget, API and command line show the same."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.request
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from assistant.answer import Answer
from tests.scripted_model import KEY, MODEL, ScriptedModel
from tests.ui.conftest import NewPage, Service, ask, open_chat
from tests.ui.test_axe_browser import serious
from tests.ui.test_widget_browser import Portal, frame, press_button, visit
from tests.ui.test_widget_browser import ask as ask_widget

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser

_QUESTION = "缺少专有数据的问题有多普遍？"
_TRUE = "53% 的 CEO 表示，专有数据不足会妨碍生成式 AI 计划取得成功"
_FALSE = "63% 的 CEO 表示，专有数据不足会妨碍生成式 AI 计划取得成功"
_WRITTEN = f"{_TRUE}。[{{53%}}]{_FALSE}。[{{53%}}]"
_SHOWN = f"{_TRUE}。[第4章·注40]"


def ask_api(service: Service) -> Answer:
    """Ask the API for JSON."""
    return Answer.model_validate_json(post(service).read())


def post(service: Service, *, accept: str = "application/json") -> Any:  # noqa: ANN401
    request = urllib.request.Request(
        f"{service.url}/api/ask",
        json.dumps({"question": _QUESTION}).encode(),
        {"Content-Type": "application/json", "Accept": accept},
    )
    return urllib.request.urlopen(request, timeout=60)


def run_guide(model: ScriptedModel, data_dir: Path, *arguments: str) -> str:
    """Run the command line with the scripted model."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("GUIDE_")}
    done = subprocess.run(
        [sys.executable, "-m", "ui.cli", *arguments],
        capture_output=True,
        text=True,
        env=kept
        | {
            "GUIDE_DATA_DIR": str(data_dir),
            "GUIDE_LLM": f"openai:{MODEL}",
            "GUIDE_LLM_BASE_URL": model.url,
            "GUIDE_LLM_API_KEY": KEY,
            "PYTHONIOENCODING": "utf-8",
        },
        cwd=Path(__file__).parents[2],
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert KEY not in done.stdout + done.stderr
    return done.stdout


def words_of(answer: Locator, paragraphs: str) -> str:
    """Give the verified text of an answer on a screen, its chips as marks."""
    return str(
        answer.locator(paragraphs).evaluate_all(
            "all => all.map(p => [...p.childNodes].map(n => "
            "n.className === 'chip' ? `[${n.textContent}]` : n.textContent).join('')).join('\\n')"
        )
    )


def test_page_widget_api_and_command_line_show_the_same(
    new_page: NewPage, writing: Service, model: ScriptedModel, portal: Portal, indexed: Path
) -> None:
    model.says(_WRITTEN)
    answer = ask_api(writing)
    assert answer.answer == _SHOWN
    assert answer.mode == "llm"

    page = open_chat(new_page(), writing.url)
    expect(page.locator("#masthead .notice")).to_contain_text("逐句核对")
    on_page = ask(page, _QUESTION)
    assert words_of(on_page, ":scope > p:not(.acts)") == answer.answer
    expect(on_page.locator(".unsupported del")).to_have_text(f"{_FALSE}。")
    expect(on_page.locator(".unsupported .tag")).to_have_text("未经证实")
    expect(on_page.locator(".unsupported .reason")).to_have_text(answer.unsupported[0].reason)
    expect(on_page.locator(".sources li")).to_have_count(1)

    site = visit(new_page(), portal, writing)
    press_button(site)
    in_widget = ask_widget(site, _QUESTION).locator(".answer")
    assert words_of(in_widget, ":scope > p:not(.soft, .acts)") == answer.answer
    expect(in_widget.locator("p.soft")).to_have_text(
        f"{_FALSE}。 未经证实：{answer.unsupported[0].reason}"
    )

    printed = run_guide(model, indexed, "ask", "--json", _QUESTION)
    same = {"id": None, "seconds": 0.0}
    assert Answer.model_validate_json(printed).model_copy(update=same) == answer.model_copy(
        update=same
    )
    readable = run_guide(model, indexed, "ask", _QUESTION)
    assert readable.startswith(_SHOWN)
    assert "未经证实" in readable


def test_a_struck_sentence_is_not_copied(
    new_page: NewPage, writing: Service, model: ScriptedModel
) -> None:
    model.says(_WRITTEN)
    page = open_chat(new_page(), writing.url)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, _QUESTION).get_by_text("复制", exact=True).click()
    expect(page.locator("#announce")).to_have_text("已复制")
    assert "63%" not in page.evaluate("() => navigator.clipboard.readText()")


def test_the_stream_carries_drafts_then_sentences(writing: Service, model: ScriptedModel) -> None:
    model.says(_WRITTEN, pause=0.03)
    text = post(writing, accept="text/event-stream").read().decode()
    said = [block.split("\n") for block in text.strip().split("\n\n")]
    events = [(b[0].removeprefix("event: "), json.loads(b[1].removeprefix("data: "))) for b in said]
    names = [name for name, _ in events]
    assert names.index("draft") < names.index("sentence") < names.index("unsupported")
    assert names[-1] == "done"
    assert [data["text"] for name, data in events if name == "sentence"] == [_SHOWN]
    assert names.count("citation") == 1
    drafts = [data["text"] for name, data in events if name == "draft"]
    assert any(draft and _TRUE.startswith(draft) for draft in drafts)
    assert not any("63%" in data["text"] for name, data in events if name == "sentence")
    assert "draft" not in events[-1][1]


def test_a_draft_is_seen_before_it_is_verified(
    new_page: NewPage, writing: Service, model: ScriptedModel
) -> None:
    model.says(_WRITTEN, pause=0.1)
    page = open_chat(new_page(), writing.url)
    page.locator("#question textarea").fill(_QUESTION)
    page.locator("#question textarea").press("Enter")
    answer = page.locator("#chat .answer")
    expect(answer.locator(".draft")).to_contain_text("53%")
    expect(answer.locator("a.chip")).to_have_count(1)
    expect(answer.locator(".unsupported del")).to_have_count(1)
    expect(answer.locator(".draft")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_written_answer_shuts_nobody_out(
    new_page: NewPage, writing: Service, model: ScriptedModel, scheme: str
) -> None:
    model.says(_WRITTEN)
    page = open_chat(new_page(color_scheme=scheme), writing.url)
    ask(page, _QUESTION)
    model.does(status=401)
    ask(page, _QUESTION)
    assert serious(page) == []


FAULTS: list[dict[str, Any]] = [
    {"status": 401},
    {"text": f"{_TRUE}。[1]" * 3, "breaks": True},
    {"raw": b"data: \xff\xfe\n\n"},
    {"text": ""},
]


@pytest.mark.parametrize("how", FAULTS, ids=lambda how: next(iter(how)))
def test_a_fault_ends_in_a_notice_everywhere(
    new_page: NewPage,
    writing: Service,
    model: ScriptedModel,
    portal: Portal,
    how: dict[str, Any],
) -> None:
    model.does(**how)
    answer = ask_api(writing)
    assert answer.mode == "extractive"
    assert answer.notice
    on_page = ask(open_chat(new_page(), writing.url), _QUESTION)
    expect(on_page.locator(".notice")).to_have_text(answer.notice)
    expect(on_page.locator("a.chip")).to_have_count(1)
    site = visit(new_page(), portal, writing)
    press_button(site)
    in_widget = ask_widget(site, _QUESTION).locator(".answer")
    expect(in_widget.locator("p.soft")).to_have_text(answer.notice)
    expect(in_widget.locator(".chip")).to_have_count(1)


def _start(page: Page, model: ScriptedModel) -> None:
    model.broken_off.clear()
    model.says(_WRITTEN * 50, pause=0.05)
    page.locator("#question textarea").fill(_QUESTION)
    page.locator("#question textarea").press("Enter")
    expect(page.locator("#chat .answer a.chip").first).to_be_visible()


def test_the_stop_button_of_the_page_stops_the_model(
    new_page: NewPage, writing: Service, model: ScriptedModel
) -> None:
    page = open_chat(new_page(), writing.url)
    _start(page, model)
    page.get_by_role("button", name="停止").click()
    expect(page.get_by_role("button", name="提问")).to_be_visible()
    assert model.broken_off.wait(20)
    model.says(_WRITTEN)
    expect(ask(page, _QUESTION)).to_contain_text("53%")


def test_the_stop_button_of_the_widget_stops_the_model(
    new_page: NewPage, writing: Service, model: ScriptedModel, portal: Portal
) -> None:
    site = visit(new_page(), portal, writing)
    press_button(site)
    inside = frame(site)
    model.broken_off.clear()
    model.says(_WRITTEN * 50, pause=0.05)
    inside.locator("#question").fill(_QUESTION)
    inside.locator("#question").press("Enter")
    expect(inside.locator(".answer .chip").first).to_be_visible()
    inside.get_by_role("button", name="停止").click()
    assert model.broken_off.wait(20)
    expect(inside.locator(".answer")).to_contain_text("已停止")
    expect(inside.get_by_role("button", name="停止")).to_have_count(0)
    model.says(_WRITTEN)
    expect(ask_widget(site, _QUESTION).locator(".answer").last).to_contain_text("53%")


@pytest.mark.parametrize(
    ("path", "asked", "said"),
    [
        ("/api/ask", {"question": _QUESTION}, b"event: sentence"),
        (
            "/v1/chat/completions",
            {
                "model": "guide",
                "stream": True,
                "messages": [{"role": "user", "content": _QUESTION}],
            },
            b"53%",
        ),
    ],
)
def test_closing_the_stream_of_the_api_stops_the_model(
    writing: Service, model: ScriptedModel, path: str, asked: dict[str, object], said: bytes
) -> None:
    model.broken_off.clear()
    model.says(_WRITTEN * 50, pause=0.05)
    connection = HTTPConnection("127.0.0.1", writing.port, timeout=30)
    connection.request(
        "POST",
        path,
        json.dumps(asked),
        {"Content-Type": "application/json", "Accept": "text/event-stream"},
    )
    reply = connection.getresponse()
    while said not in reply.readline():
        pass
    reply.close()
    connection.close()
    assert model.broken_off.wait(20)


def test_unsupported_sentences_and_fallbacks_are_counted_and_no_key_is_logged(
    writing: Service, model: ScriptedModel
) -> None:
    def count(name: str) -> float:
        text = urllib.request.urlopen(f"{writing.url}/metrics", timeout=10).read().decode()
        found = re.search(rf"^guide_{name}_total (\S+)$", text, re.MULTILINE)
        assert found
        return float(found[1])

    before = count("unsupported_sentences"), count("fallbacks")
    model.says(_WRITTEN)
    ask_api(writing)
    model.does(status=401)
    ask_api(writing)
    assert (count("unsupported_sentences"), count("fallbacks")) == (before[0] + 1, before[1] + 1)
    log = writing.log.read_text("utf-8")
    assert "mode=llm" in log
    assert "模型接口拒绝了密钥" in log
    assert KEY not in log
    assert "Traceback" not in log
