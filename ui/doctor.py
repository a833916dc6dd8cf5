"""Look at the language model's endpoint as a user would meet it, and say what to set.

Each examination builds on the one before, so the first that fails ends it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from assistant.errors import ModelFaultError
from assistant.model import LanguageModel, describe_fault, open_model

if TYPE_CHECKING:
    from assistant.settings import Settings

_UNSET = """没有设置语言模型：回答摘录书中原句。
要由模型撰写、逐句核对，请设置（任何 OpenAI 兼容接口都可以）：
  GUIDE_LLM=openai:MODEL
  GUIDE_LLM_BASE_URL=http://127.0.0.1:11434/v1
  GUIDE_LLM_API_KEY=…  （接口不要密钥则不设置）"""
_HINTS = {
    401: "请检查 GUIDE_LLM_API_KEY。",
    403: "请检查 GUIDE_LLM_API_KEY。",
    404: "请检查 GUIDE_LLM_BASE_URL（通常以 /v1 结尾）和 GUIDE_LLM 中的模型名称。",
    429: "请稍后再试，或换一个密钥、套餐。",
}
_HINT = "请检查 GUIDE_LLM_BASE_URL 和 GUIDE_LLM，并确认接口正在运行。"
_PROBE = [
    ("system", "用中文回答，只写两句话。"),
    ("human", "请说明什么是脚注。"),
]
_NAMED = 8  # models of the list to print


def examine(settings: Settings) -> int:
    """Examine the endpoint and print what was found.

    Returns
    -------
    int
        Exit status: 0 where all is well, or no model is set; 1 where something has to be mended.

    Raises
    ------
    ModelSettingError
        If GUIDE_LLM names no model that can be opened.
    """
    model = open_model(settings)
    if model is None:
        print(_UNSET)
        return 0
    print(f"模型：{settings.llm}")
    print(f"地址：{_shown(settings.llm_base_url) or '（模型提供方的默认地址）'}")
    try:
        for line in _examinations(model):
            print(f"  ✓ {line}")
    except ModelFaultError as fault:
        print(f"  ✗ {fault}。{_HINTS.get(fault.status or 0, _HINT)}")
        return 1
    print("一切正常：回答将由模型撰写，逐句核对。")
    return 0


def _examinations(model: LanguageModel) -> Iterator[str]:
    listed = _listed(model)
    name = str(getattr(model.chat, "model_name", ""))
    if listed:
        yield "接口可以访问"
        if name not in listed:
            some = "、".join(listed[:_NAMED]) + ("……" if len(listed) > _NAMED else "")
            reason = f"接口没有列出模型 {name}，列出的有：{some}"
            raise ModelFaultError(reason, status=404)
        yield f"接口列出了模型 {name}"
    pieces = [piece for piece in model.stream(_PROBE) if piece]
    yield "一问一答正常"
    if len(pieces) < 2:
        raise ModelFaultError("回答不是逐字传来的：接口或其代理没有开启流式传输（streaming）")
    yield f"流式传输正常（{len(pieces)} 段）"


def _listed(model: LanguageModel) -> list[str]:
    """Give the models that the endpoint lists; none where it, or its client, keeps no list."""
    client = getattr(model.chat, "root_client", None)  # of OpenAI-compatible models
    if client is None:
        return []
    once = client.with_options(timeout=model.wait_seconds, max_retries=0)
    try:
        return [one.id for one in once.models.list()]
    except Exception as error:  # put into our words: its own may hold the key
        fault = describe_fault(error)
        if fault.status in (404, 405, 501):
            return []
        raise fault from None


def _shown(url: str | None) -> str:
    """Give an address without a password that may stand in it."""
    if not url:
        return ""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=host, query="").geturl()
