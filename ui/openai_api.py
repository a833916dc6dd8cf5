"""The assistant as a model of the OpenAI API, so that existing chat clients connect.

``POST /v1/chat/completions`` and ``GET /v1/models``. The text of an answer holds its marks
(``[第4章·注40]``); the answer's own fields ``answered``, ``citations``, ``notes``, ``mode``,
``unsupported`` and ``notice`` stand beside the usual ones, in the last chunk where the answer is
streamed.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing
from typing import Any, Literal

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.answer import MAX_QUESTION, Answer, Question, Turn
from index.tokens import count_tokens
from ui.asking import Desk
from ui.errors import BadRequestError, NotHereError, ServiceError
from ui.requests import error_body

MODEL = "guide"
_ABOUT = {"id": MODEL, "object": "model", "owned_by": "guide-assistant"}
_EXAMPLE = {
    "model": MODEL,
    "messages": [{"role": "user", "content": "多少受访 CEO 把数据的沿袭和来源看作障碍？"}],
    "stream": False,
}
_BESIDE = {"answered", "citations", "notes", "mode", "unsupported", "notice"}
_CORRECTED = "\n\n更正后的回答：\n"  # a stream cannot take back what it has sent


class Part(BaseModel):
    """A piece of a message."""

    model_config = ConfigDict(extra="ignore")

    type: str
    text: str = ""


class Message(BaseModel):
    """One message of the conversation; those of tools are passed over."""

    model_config = ConfigDict(extra="ignore")

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | tuple[Part, ...] | None = None

    @property
    def text(self) -> str:
        """What it says, its pictures and other parts left out."""
        if isinstance(self.content, str):
            return self.content
        return "\n".join(part.text for part in self.content or () if part.type == "text")


class StreamOptions(BaseModel):
    """What a stream should hold beside the answer."""

    model_config = ConfigDict(extra="ignore")

    include_usage: bool | None = None


class ChatRequest(BaseModel):
    """A request for a chat completion; what steers a language model has no effect here."""

    model_config = ConfigDict(extra="ignore")

    model: str
    messages: tuple[Message, ...] = Field(min_length=1)
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    n: int | None = None


class OpenAIProblem(BaseModel):
    """Why a request was not answered, as the OpenAI API puts it."""

    error: dict[str, Any]


def openai_router(desk: Desk) -> APIRouter:
    """Give the routes below ``/v1``."""
    router = APIRouter(prefix="/v1")
    created = int(time.time())

    @router.get("/models", summary="List the models", responses=_problems(401, 403))
    def models() -> dict[str, Any]:
        return {"object": "list", "data": [{**_ABOUT, "created": created}]}

    @router.get(
        "/models/{model}", summary="The model that answers", responses=_problems(401, 403, 404)
    )
    def model(model: str) -> dict[str, Any]:
        _check_model(model)
        return {**_ABOUT, "created": created}

    @router.post(
        "/chat/completions",
        summary="Ask as a chat client of OpenAI does",
        responses=_problems(400, 401, 403, 404, 413, 415, 429, 503),
        openapi_extra={
            "requestBody": {"content": {"application/json": {"example": _EXAMPLE}}},
        },
    )
    async def complete(request: ChatRequest) -> Response:
        _check_model(request.model)
        if request.n is not None and request.n != 1:
            raise BadRequestError("n 只能是 1：同一个问题只有一个回答。")
        question = question_of(request.messages)
        answers = desk.ask(question)
        first = await anext(answers)  # a full queue is told before a stream begins
        if request.stream:
            with_usage = bool(request.stream_options and request.stream_options.include_usage)
            return StreamingResponse(
                _chunks(request, first, answers, with_usage=with_usage),
                media_type="text/event-stream",
                headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
            )
        whole = first
        async with aclosing(answers):
            async for answer in answers:
                whole = answer
        return JSONResponse(_completion(request, whole))

    return router


def question_of(messages: tuple[Message, ...]) -> Question:
    """Turn a conversation into a question with its history.

    Raises
    ------
    BadRequestError
        If the last message is not the user's, is empty, or is too long.
    """
    said = [message for message in messages if message.role not in ("tool", "function")]
    if not said or said[-1].role != "user":
        raise BadRequestError("messages 的最后一条应是 user 的提问。")
    history = tuple(
        Turn(role="system" if m.role == "developer" else m.role, content=m.text) for m in said[:-1]
    )
    try:
        return Question(id=uuid.uuid4().hex, question=said[-1].text, history=history)
    except ValidationError as error:
        is_long = error.errors()[0]["type"] == "string_too_long"
        why = f"太长了，请缩短到 {MAX_QUESTION} 字以内" if is_long else "没有内容"
        raise BadRequestError(f"messages 的最后一条{why}。") from error


def _check_model(name: str) -> None:
    if name != MODEL:
        raise NotHereError(f"没有 {name!r} 这个模型，请用 {MODEL!r}（model not found）。")


def _problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return {status: {"model": OpenAIProblem} for status in statuses}


def _completion(request: ChatRequest, answer: Answer) -> dict[str, Any]:
    message = {"role": "assistant", "content": answer.answer, "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    return {
        **_head(answer, "chat.completion"),
        "choices": [choice],
        "usage": _usage(request, answer),
        **_beside(answer),
    }


async def _chunks(
    request: ChatRequest, first: Answer, rest: AsyncGenerator[Answer], *, with_usage: bool
) -> AsyncIterator[str]:
    """Give a growing answer as chunks, the whole of its fields in the last one."""
    head = _head(first, "chat.completion.chunk")
    yield _data({**head, "choices": [_delta({"role": "assistant", "content": first.answer})]})
    shown = first
    try:
        async with aclosing(rest):
            async for answer in rest:
                for text in _growth(shown.answer, answer.answer):
                    yield _data({**head, "choices": [_delta({"content": text})]})
                shown = answer
    except ServiceError as error:
        yield _data(error_body(error))
        return
    yield _data({**head, "choices": [_delta({}, finish_reason="stop")], **_beside(shown)})
    if with_usage:
        yield _data({**head, "choices": [], "usage": _usage(request, shown)})
    yield "data: [DONE]\n\n"


def _growth(before: str, now: str) -> Iterator[str]:
    if now.startswith(before):
        if now != before:
            yield now[len(before) :]
    else:
        yield f"{_CORRECTED}{now}"


def _delta(delta: dict[str, str], finish_reason: str | None = None) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}


def _head(answer: Answer, kind: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{answer.id}",
        "object": kind,
        "created": int(time.time()),
        "model": MODEL,
    }


def _beside(answer: Answer) -> dict[str, Any]:
    """Give the fields of an answer that the OpenAI API has no name for."""
    return answer.model_dump(mode="json", include=_BESIDE)


def _usage(request: ChatRequest, answer: Answer) -> dict[str, int]:
    asked = sum(count_tokens(message.text) for message in request.messages)
    given = count_tokens(answer.answer)
    return {
        "prompt_tokens": asked,
        "completion_tokens": given,
        "total_tokens": asked + given,
    }


def _data(data: dict[str, Any]) -> str:
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n"
