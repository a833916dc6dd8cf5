"""The endpoint over real HTTP: what goes wrong with it has a name, and never holds the key."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from assistant.errors import ModelFaultError, ModelSettingError
from assistant.model import LanguageModel, _loop, _only_loop, open_model
from assistant.settings import Settings
from tests.scripted_model import KEY, Reply, ScriptedModel, nobody_there, scripted_model

_ASKED = [("human", "问题")]


@pytest.fixture
def endpoint() -> Iterator[ScriptedModel]:
    with scripted_model() as running:
        yield running


def opened(url: str, **settings: object) -> LanguageModel:
    usual: dict[str, object] = {"llm": "openai:scripted", "llm_base_url": url, "llm_api_key": KEY}
    model = open_model(Settings(_env_file=None, **(usual | settings)))
    assert model
    return model


@pytest.mark.parametrize("cut", [None, 1, 5, 7])
def test_text_arrives_whole_whatever_the_borders_of_the_chunks(
    endpoint: ScriptedModel, cut: int | None
) -> None:
    said = "近三分之二的高管🙂认为如此。[1]"
    endpoint.does(text=said, cut=cut)
    assert "".join(opened(endpoint.url).stream(_ASKED)) == said
    assert endpoint.keys == [f"Bearer {KEY}"]
    assert endpoint.requests[0]["stream"] is True


_ERROR_EVENT = b'data: {"error": {"message": "x"}}\n\n'
FAULTS = [
    pytest.param({"status": 401}, "拒绝了密钥", 1, id="401"),
    pytest.param({"status": 404}, "没有这个模型", 1, id="404"),
    pytest.param({"status": 429, "headers": {"Retry-After": "0.01"}}, "限制了请求", 3, id="429"),
    pytest.param({"status": 500, "headers": {"Retry-After": "0.01"}}, "接口出错", 3, id="500"),
    pytest.param({"text": "一二三四五六" * 9, "breaks": True}, "中途断了", 1, id="half-a-stream"),
    pytest.param({"text": "一二三", "finish": None}, "中途断了", 1, id="no-end"),
    pytest.param({"text": "一二三", "finish": "length"}, "中途断了", 1, id="too-long"),
    pytest.param({"text": "一", "finish": "content_filter"}, "拦下", 1, id="filtered"),
    pytest.param({"text": ""}, "没有写出", 1, id="empty"),
    pytest.param({"raw": b"data: {\"a\": \"\xff\xfe\"}\n\n"}, "无法识别", 1, id="invalid-utf-8"),
    pytest.param({"raw": b"data: <html>\n\n"}, "无法识别", 1, id="no-json"),
    pytest.param({"raw": b"data: [1, 2]\n\n"}, "无法识别", 1, id="another-json"),
    pytest.param({"raw": _ERROR_EVENT}, "接口出错", 1, id="error-event"),
]  # fmt: skip


@pytest.mark.parametrize(("how", "reason", "requests"), FAULTS)
def test_every_fault_has_a_name(
    endpoint: ScriptedModel, how: dict[str, Any], reason: str, requests: int
) -> None:
    endpoint.does(**how)
    model = opened(endpoint.url)
    with pytest.raises(ModelFaultError, match=reason) as raised:
        list(model.stream(_ASKED))
    assert len(endpoint.requests) == requests
    assert KEY not in str(raised.value)


@pytest.mark.parametrize(
    ("how", "limits", "reason"),
    [
        pytest.param({"first_pause": 60}, {"wait": 0.3}, "没有回应", id="silent"),
        pytest.param({"text": "字" * 600, "pause": 0.1}, {"total": 1}, "没有写完", id="slow"),
        pytest.param({"text": "字" * 6, "pause": 60}, {"total": 0.3}, "没有回应", id="stuck"),
    ],
)
def test_time_is_limited_between_pieces_and_in_all(
    endpoint: ScriptedModel, how: dict[str, Any], limits: dict[str, float], reason: str
) -> None:
    endpoint.does(**how)
    named = {f"llm_{name}_seconds": seconds for name, seconds in limits.items()}
    with pytest.raises(ModelFaultError, match=reason):
        list(opened(endpoint.url, **named).stream(_ASKED))


def test_nobody_there() -> None:
    with pytest.raises(ModelFaultError, match="连接不上"):
        list(opened(nobody_there()).stream(_ASKED))


def test_a_retry_that_succeeds_is_no_fault(endpoint: ScriptedModel) -> None:
    hurried = {"Retry-After": "0.01"}
    replies = iter([Reply(status=503, headers=hurried), Reply(status=429, headers=hurried)])
    endpoint.script = lambda _: next(replies, Reply("好"))
    assert "".join(opened(endpoint.url).stream(_ASKED)) == "好"


def test_closing_breaks_the_request_off(endpoint: ScriptedModel) -> None:
    endpoint.does(text="字" * 3000, pause=0.01)
    pieces = opened(endpoint.url).stream(_ASKED)
    while not next(pieces):
        pass
    pieces.close()
    assert endpoint.broken_off.wait(10)


def test_closing_breaks_off_a_request_whose_chunks_arrive_without_a_pause(
    endpoint: ScriptedModel,
) -> None:
    """A client that reads each chunk in a task of its own may lose the cancelling."""
    endpoint.says("三分之二。" * 5000, pause=0.001)
    model = opened(endpoint.url)
    for _ in range(8):
        endpoint.broken_off.clear()
        pieces = model.stream(_ASKED)
        while not next(pieces):
            pass
        pieces.close()
        assert endpoint.broken_off.wait(5)


def test_a_reader_gets_control_while_nothing_arrives(endpoint: ScriptedModel) -> None:
    endpoint.does(text="好", first_pause=1.0)
    assert list(opened(endpoint.url).stream(_ASKED)).count("") >= 2


def test_many_streams_at_a_time_and_one_after_the_other(endpoint: ScriptedModel) -> None:
    endpoint.does(text="甲乙丙丁", pause=0.01)
    model = opened(endpoint.url)
    streams = [model.stream(_ASKED) for _ in range(5)]
    assert ["".join(stream) for stream in streams] == ["甲乙丙丁"] * 5
    assert "".join(model.stream(_ASKED)) == "甲乙丙丁"


def test_the_key_appears_nowhere(
    endpoint: ScriptedModel, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """The server repeats it in its error messages, as some do."""
    with caplog.at_level(logging.DEBUG):
        endpoint.does(status=401)
        with pytest.raises(ModelFaultError) as raised:
            list(opened(endpoint.url).stream(_ASKED))
    assert endpoint.keys == [f"Bearer {KEY}"]
    shown = capfd.readouterr()
    settings = Settings(_env_file=None, llm_api_key=KEY)
    texts = (str(raised.value), repr(raised.value), repr(settings), shown.out, shown.err)
    assert not any(KEY in text for text in texts)
    ours = [r for r in caplog.records if r.name.split(".")[0] in ("assistant", "ui", "guide")]
    assert not any(KEY in r.getMessage() for r in ours)


def test_no_key_is_sent_to_an_endpoint_that_was_given_none(
    endpoint: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-for-somebody-else")
    endpoint.does(text="好")
    list(opened(endpoint.url, llm_api_key=None).stream(_ASKED))
    assert endpoint.keys == ["Bearer none"]


def test_no_model_is_no_error() -> None:
    assert open_model(Settings(_env_file=None)) is None


@pytest.mark.parametrize("name", ["nowhere:model", "google_genai:gemini", "?"])
def test_a_model_that_cannot_be_opened_is_named(name: str, tmp_path: Path) -> None:
    with pytest.raises(ModelSettingError, match="GUIDE_LLM=") as raised:
        open_model(Settings(_env_file=None, llm=name, llm_api_key=KEY))
    assert KEY not in str(raised.value)
    assert raised.value.model == name


def test_threads_that_are_the_first_and_come_together_share_one_loop() -> None:
    """A client of the library belongs to one loop: a second one breaks every stream on it."""
    _only_loop.cache_clear()
    together, interval = Barrier(8), sys.getswitchinterval()

    def loop_of(_: int) -> object:
        together.wait()
        return _loop()

    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            assert len(set(pool.map(loop_of, range(8)))) == 1
    finally:
        sys.setswitchinterval(interval)
