"""`guide doctor`: what it finds at the endpoint, and what it says to set."""

from __future__ import annotations

import pytest

from assistant.settings import Settings
from tests.scripted_model import KEY, Reply, ScriptedModel, nobody_there
from ui.doctor import examine


@pytest.fixture
def endpoint(model: ScriptedModel) -> ScriptedModel:
    """Give an endpoint that is well."""
    model.does(text="脚注是正文之外的说明。它写在页脚。")
    model.models, model.listing_status = ["scripted", "other"], 200
    return model


def settings(url: str, **more: object) -> Settings:
    usual: dict[str, object] = {"llm": "openai:scripted", "llm_base_url": url, "llm_api_key": KEY}
    return Settings(_env_file=None, **(usual | more))


def test_without_a_model_it_says_what_to_set(capsys: pytest.CaptureFixture[str]) -> None:
    assert examine(Settings(_env_file=None)) == 0
    printed = capsys.readouterr().out
    for name in ("GUIDE_LLM=", "GUIDE_LLM_BASE_URL=", "GUIDE_LLM_API_KEY="):
        assert name in printed


def test_all_is_well(endpoint: ScriptedModel, capsys: pytest.CaptureFixture[str]) -> None:
    assert examine(settings(endpoint.url)) == 0
    printed = capsys.readouterr().out
    assert printed.count("✓") == 4
    for said in ("可以访问", "列出了模型 scripted", "一问一答正常", "流式传输正常", "一切正常"):
        assert said in printed


@pytest.mark.parametrize(
    ("how", "said"),
    [
        pytest.param({"status": 401}, "GUIDE_LLM_API_KEY", id="key"),
        pytest.param({"status": 500, "headers": {"Retry-After": "0.01"}}, "HTTP 500", id="broken"),
        pytest.param({"text": ""}, "没有写出任何内容", id="empty"),
        pytest.param({"text": "脚注。", "piece": 99}, "流式传输", id="no-streaming"),
        pytest.param({"raw": b"data: <html>\n\n"}, "无法识别", id="garbage"),
    ],
)
def test_what_has_to_be_mended_is_told(
    endpoint: ScriptedModel,
    capsys: pytest.CaptureFixture[str],
    how: dict[str, object],
    said: str,
) -> None:
    endpoint.does(**how)
    assert examine(settings(endpoint.url)) == 1
    printed = capsys.readouterr()
    assert said in printed.out.split("✗")[1]
    assert KEY not in printed.out + printed.err


def test_a_model_that_is_not_listed(
    endpoint: ScriptedModel, capsys: pytest.CaptureFixture[str]
) -> None:
    assert examine(settings(endpoint.url, llm="openai:missing")) == 1
    printed = capsys.readouterr().out
    assert "没有列出模型 missing" in printed
    assert "scripted、other" in printed
    assert "GUIDE_LLM " in printed


def test_an_endpoint_without_a_list_is_examined_all_the_same(
    endpoint: ScriptedModel, capsys: pytest.CaptureFixture[str]
) -> None:
    endpoint.listing_status = 404
    assert examine(settings(endpoint.url)) == 0
    assert "一问一答正常" in capsys.readouterr().out


def test_a_list_that_is_refused(
    endpoint: ScriptedModel, capsys: pytest.CaptureFixture[str]
) -> None:
    endpoint.listing_status = 401
    assert examine(settings(endpoint.url)) == 1
    assert "GUIDE_LLM_API_KEY" in capsys.readouterr().out


def test_nobody_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert examine(settings(nobody_there())) == 1
    printed = capsys.readouterr().out
    assert "连接不上" in printed
    assert "GUIDE_LLM_BASE_URL" in printed


def test_a_password_in_the_address_is_not_printed(
    endpoint: ScriptedModel, capsys: pytest.CaptureFixture[str]
) -> None:
    endpoint.script = lambda _: Reply(status=401)
    examine(settings(endpoint.url.replace("//", "//me:hush@")))
    printed = capsys.readouterr()
    assert "hush" not in printed.out + printed.err
