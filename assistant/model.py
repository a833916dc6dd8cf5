"""The language model behind written answers: opened by its name, streamed within limits of time.

All streams run on one event loop on a thread of its own, so that any thread can read one and break
it off at once, whatever the endpoint does meanwhile. Retries on 429, 5xx and refused connections,
with growing pauses, are the client library's; the waiting time bounds them too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import aclosing, closing
from functools import cache
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

from assistant.errors import ModelFaultError, ModelSettingError
from assistant.prompting import Messages
from assistant.sentences import without_thinking

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from assistant.settings import Settings

_RETRIES = 2
_PULSE_SECONDS = 0.25  # without text after which a reader gets control
_NO_KEY = "none"  # for endpoints that ask for none; the client library insists on one
_opening = Lock()
_STATUSES = {
    400: "模型接口不接受这次请求",
    401: "模型接口拒绝了密钥",
    403: "模型接口拒绝了密钥",
    404: "模型接口没有这个模型或地址",
    429: "模型接口暂时限制了请求次数",
}


class LanguageModel:
    """A chat model that can be read from any thread.

    Parameters
    ----------
    model : BaseChatModel
    wait_seconds : float
        How long it may stay silent, retries included.
    total_seconds : float
        How long one answer may take.
    """

    def __init__(self, model: BaseChatModel, *, wait_seconds: float, total_seconds: float) -> None:
        self.chat = model
        self.wait_seconds = wait_seconds
        self._total = total_seconds

    def stream(self, messages: Messages) -> Generator[str]:
        """Give the answer in pieces as it arrives, and "" from time to time while nothing does.

        Closing the iterator breaks the request off.

        Raises
        ------
        ModelFaultError
            If the endpoint cannot be reached, refuses, stays silent, breaks off, or sends nothing
            or nothing readable.
        """
        with closing(self._stream(messages)) as pieces:
            yield from without_thinking(pieces)

    def _stream(self, messages: Messages) -> Generator[str]:
        arrived: SimpleQueue[str | ModelFaultError | None] = SimpleQueue()
        reading = asyncio.run_coroutine_threadsafe(self._read(messages, arrived), _loop())
        try:
            while True:
                try:
                    piece = arrived.get(timeout=_PULSE_SECONDS)
                except Empty:
                    piece = ""
                if piece is None:
                    return
                if isinstance(piece, ModelFaultError):
                    raise piece
                yield piece
        finally:
            reading.cancel()

    async def _read(
        self, messages: Messages, arrived: SimpleQueue[str | ModelFaultError | None]
    ) -> None:
        said, ending = False, ""
        clock = asyncio.get_running_loop().time
        try:
            async with (
                asyncio.timeout(self._total),
                asyncio.timeout(self.wait_seconds) as silence,
                aclosing(self.chat.astream(list(messages))) as chunks,  # type: ignore[type-var]
            ):
                async for chunk in chunks:
                    silence.reschedule(clock() + self.wait_seconds)
                    said = said or bool(chunk.text)
                    ending = _ending(chunk.response_metadata) or ending
                    arrived.put(str(chunk.text))
        except Exception as error:  # providers raise what they like, and all of it means one thing
            arrived.put(_fault(error, begun=said))
            return
        arrived.put(_shortcoming(ending, said=said))


def open_model(settings: Settings) -> LanguageModel | None:
    """Open the model that the settings name; None where they name none.

    Raises
    ------
    ModelSettingError
        If no such model can be opened; nothing has been asked of it yet.
    """
    if settings.llm is None:
        return None
    from langchain.chat_models import init_chat_model

    options: dict[str, Any] = {"temperature": 0, "max_retries": _RETRIES}
    if settings.llm_base_url:
        options["base_url"] = settings.llm_base_url
    if settings.llm_api_key:
        options["api_key"] = settings.llm_api_key.get_secret_value()
    elif settings.llm_base_url:
        options["api_key"] = _NO_KEY  # else a key meant for another endpoint would be sent
    try:
        model = init_chat_model(settings.llm, **options)
    except ImportError as error:
        raise ModelSettingError(settings.llm, reason=f"缺少软件包 {error.name}") from None
    except Exception as error:  # its text may hold the key, so it goes no further
        raise ModelSettingError(settings.llm, reason=type(error).__name__) from None
    # This limit of langchain-openai reads every chunk in a task of its own, and the wait_for of
    # Python 3.11 swallows a cancelling that comes together with a chunk: an asker who left would
    # not stop the model. Our own limits are enough.
    if "stream_chunk_timeout" in type(model).model_fields:
        model = model.model_copy(update={"stream_chunk_timeout": None})
    return LanguageModel(
        model, wait_seconds=settings.llm_wait_seconds, total_seconds=settings.llm_total_seconds
    )


def describe_fault(error: Exception) -> ModelFaultError:
    """Say in our words what an exception of a client library means."""
    return _fault(error, begun=False)


def _loop() -> asyncio.AbstractEventLoop:
    with _opening:  # the first threads to ask must not each get a loop of their own
        return _only_loop()


@cache
def _only_loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    Thread(target=loop.run_forever, name="language-model", daemon=True).start()
    return loop


def _ending(metadata: dict[str, Any]) -> str:
    """Read why the model stopped: ``finish_reason``, ``stop_reason``, ``done_reason`` and so on."""
    return next((str(v) for k, v in metadata.items() if "reason" in k.lower() and v), "")


def _shortcoming(ending: str, *, said: bool) -> ModelFaultError | None:
    """Tell what is wrong with an answer that came to an end, if anything is."""
    if "filter" in ending:
        return ModelFaultError("模型接口拦下了这次回答")
    if not said:
        return ModelFaultError("模型没有写出任何内容")
    if not ending or "length" in ending or "max_tokens" in ending:
        return ModelFaultError("模型的回答中途断了")
    return None


def _fault(error: Exception, *, begun: bool) -> ModelFaultError:
    if isinstance(error, ModelFaultError):
        return error
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        said = _STATUSES.get(status) or ("模型接口出错" if status >= 500 else _STATUSES[400])
        return ModelFaultError(said, status=status)
    kinds = " ".join(kind.__name__ for kind in type(error).__mro__)
    if "Timeout" in kinds:
        return ModelFaultError("模型迟迟没有写完" if begun else "模型迟迟没有回应")
    if "Connect" in kinds or "Protocol" in kinds or "ReadError" in kinds:
        return ModelFaultError("模型的回答中途断了" if begun else "连接不上模型接口")
    if "APIError" in kinds:
        return ModelFaultError("模型接口出错")  # said within the stream, without a status
    return ModelFaultError("模型接口返回的内容无法识别")
