"""The assistant as a model of the OpenAI API, asked by OpenAI's own client over a real server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import openai
import pytest
from fastapi.testclient import TestClient

from assistant.answer import Answer, Question
from assistant.settings import Settings
from tests.ui.conftest import Service, served
from tests.ui.scripted import FIGURES, ScriptedAssistant
from ui.auth import new_api_key
from ui.openai_api import MODEL, Message, question_of
from ui.server import create_app

_KEY, _HASH = new_api_key()
_ASKED = "多少受访 CEO 把数据的来源看作障碍？"


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Serve with a key, six questions a minute."""
    folder = tmp_path_factory.mktemp("keyed")
    with served(folder, api_keys=_HASH, asks_per_minute="6") as running:
        yield running


@pytest.fixture
def client(service: Service) -> Iterator[openai.OpenAI]:
    """Give OpenAI's client of the served application."""
    with openai.OpenAI(base_url=f"{service.url}/v1", api_key="none", max_retries=0) as client:
        yield client


def _user(text: str) -> dict[str, str]:
    return {"role": "user", "content": text}


def test_the_model_is_listed(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == [MODEL]
    assert client.models.retrieve(MODEL).owned_by == "guide-assistant"


def test_a_completion_is_the_answer_with_its_citations_and_notes(client: openai.OpenAI) -> None:
    done = client.chat.completions.create(model=MODEL, messages=[_user(_ASKED)])
    message = done.choices[0].message
    beside = done.model_extra
    assert "[第4章·注43]" in message.content
    assert done.choices[0].finish_reason == "stop"
    assert beside["answered"] is True
    assert beside["citations"][0]["passage_id"] == FIGURES
    assert [note["number"] for note in beside["notes"]] == [43]
    assert done.usage.total_tokens == done.usage.prompt_tokens + done.usage.completion_tokens
    # The same answer as every other way in, field for field.
    Answer.model_validate({"question": _ASKED, "answer": message.content, **beside})


def test_a_stream_grows_to_the_same_answer(client: openai.OpenAI) -> None:
    asked = [_user("怎样让治理处于中心？")]
    whole = client.chat.completions.create(model=MODEL, messages=asked)
    chunks = list(
        client.chat.completions.create(
            model=MODEL, messages=asked, stream=True, stream_options={"include_usage": True}
        )
    )
    texts = [chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices]
    last = next(c for c in chunks if c.choices and c.choices[0].finish_reason == "stop")
    assert len([text for text in texts if text]) == 3
    assert "".join(texts) == whole.choices[0].message.content
    assert last.model_extra["citations"] == whole.model_extra["citations"]
    assert last.model_extra["notes"] == whole.model_extra["notes"]
    assert chunks[-1].usage.completion_tokens > 0
    assert len({chunk.id for chunk in chunks}) == 1


def test_a_refusal_is_told_apart(client: openai.OpenAI) -> None:
    done = client.chat.completions.create(model=MODEL, messages=[_user("明天天气怎样？")])
    assert done.model_extra["answered"] is False
    assert done.model_extra["citations"] == []


def test_the_conversation_becomes_history() -> None:
    question = question_of(
        (
            Message(role="developer", content="只用中文"),
            Message(role="user", content="第 4 章讲什么？"),
            Message(role="assistant", content=None),
            Message(role="tool", content="42"),
            Message(role="user", content=({"type": "text", "text": "来源呢？"},)),
        )
    )
    assert question.question == "来源呢？"
    assert [turn.role for turn in question.history] == ["system", "user", "assistant"]


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        pytest.param({"model": "gpt-5"}, openai.NotFoundError, "gpt-5", id="model"),
        pytest.param({"messages": []}, openai.BadRequestError, "messages", id="no-message"),
        pytest.param({"messages": [_user(" ")]}, openai.BadRequestError, "没有内容", id="blank"),
        pytest.param({"messages": [_user("长" * 501)]}, openai.BadRequestError, "500", id="long"),
        pytest.param(
            {"messages": [{"role": "assistant", "content": "好"}]},
            openai.BadRequestError,
            "最后一条",
            id="last-is-not-the-user",
        ),
        pytest.param({"n": 2}, openai.BadRequestError, "n 只能是 1", id="n"),
        pytest.param(
            {"messages": [_user("长" * 30_000), _user("短")]},
            openai.APIStatusError,
            "太大",
            id="body",
        ),
    ],
)
def test_what_cannot_be_answered_fails_in_openais_form(
    client: openai.OpenAI,
    change: dict[str, object],
    error: type[openai.APIStatusError],
    said: str,
) -> None:
    with pytest.raises(error, match=said) as raised:
        client.chat.completions.create(**{"model": MODEL, "messages": [_user(_ASKED)], **change})
    assert isinstance(raised.value.body, dict)
    assert said in raised.value.body["message"]
    assert raised.value.body["type"]


def test_keys_and_the_rate_limit_hold_here_too(keyed: Service) -> None:
    url = f"{keyed.url}/v1"
    with openai.OpenAI(base_url=url, api_key="gk-wrong", max_retries=0) as stranger:
        with pytest.raises(openai.AuthenticationError, match="密钥"):
            stranger.chat.completions.create(model=MODEL, messages=[_user(_ASKED)])
        with pytest.raises(openai.AuthenticationError):
            stranger.models.list()
    with openai.OpenAI(base_url=url, api_key=_KEY, max_retries=0) as known:
        assert known.chat.completions.create(model=MODEL, messages=[_user(_ASKED)]).choices
        with pytest.raises(openai.RateLimitError, match="频繁") as raised:
            _ask_often(known)
    assert int(raised.value.response.headers["retry-after"]) > 0


def _ask_often(client: openai.OpenAI) -> None:
    for _ in range(6):
        client.chat.completions.create(model=MODEL, messages=[_user(_ASKED)])


def test_a_full_queue_is_told_before_a_stream_begins(
    scripted: ScriptedAssistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(_env_file=None, data_dir=tmp_path, waiting_limit=1)
    app = create_app(scripted, settings, with_pages=False)
    monkeypatch.setattr("ui.asking.Desk.ask", _busy)
    with TestClient(app, base_url="http://127.0.0.1") as http:
        reply = http.post(
            "/v1/chat/completions",
            json={"model": MODEL, "messages": [_user(_ASKED)], "stream": True},
        )
    assert reply.status_code == 503
    assert reply.json()["error"]["type"] == "server_error"


async def _busy(_desk: object, _question: Question) -> object:
    from ui.errors import BusyError

    raise BusyError
    yield


def test_a_foreign_site_may_not_ask(service: Service) -> None:
    import httpx

    with httpx.Client(base_url=service.url, trust_env=False) as http:
        reply = http.post(
            "/v1/chat/completions",
            json={"model": MODEL, "messages": [_user(_ASKED)]},
            headers={"Origin": "http://evil.test"},
        )
    assert reply.status_code == 403
    assert reply.json()["error"]["message"]
