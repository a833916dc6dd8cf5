"""All settings, in one place: read once at the edge, handed on as values."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import Annotated

from platformdirs import user_data_path
from pydantic import BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from ingest.books import DIGEST


def _listed(text: object) -> object:
    """Split a list as an operator writes it: by commas, semicolons or white space."""
    return tuple(filter(None, re.split(r"[\s,;，；]+", text))) if isinstance(text, str) else text


Listed = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]


class Settings(BaseSettings):
    """What an operator can set: environment variables ``GUIDE_…``, or a file ``.env``.

    An empty variable counts as not set.
    """

    model_config = SettingsConfigDict(
        env_prefix="GUIDE_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    book: Path = Field(DIGEST, description="书的纯文本文件；不设置时用随附的摘要版")
    data_dir: Path = Field(
        default_factory=partial(user_data_path, "guide-assistant", appauthor=False),
        description="所有写入的内容（索引等）都放在这个目录",
    )
    embedder: str = Field(
        "default", description="向量模型：default、sentence-transformers 名称或路径、openai:名称"
    )
    embedder_base_url: str | None = Field(None, description="openai: 向量接口的地址")
    embedder_api_key: SecretStr | None = Field(None, description="openai: 向量接口的密钥")
    llm: str | None = Field(
        None,
        description="撰写回答的语言模型，如 openai:MODEL（任何 OpenAI 兼容接口）；不设置则摘录原句",
    )
    llm_base_url: str | None = Field(
        None, description="模型接口的地址，如 http://127.0.0.1:11434/v1"
    )
    llm_api_key: SecretStr | None = Field(None, description="模型接口的密钥；接口不要密钥则不设置")
    llm_wait_seconds: float = Field(
        20, gt=0, description="模型多少秒没有动静就放弃，改为摘录原句（含重试）"
    )
    llm_total_seconds: float = Field(120, gt=0, description="模型写一个回答最多用多少秒")
    llm_passage_tokens: int = Field(
        3000, ge=200, description="每次最多给模型多少 tokens 的原文（按随附的编码计）"
    )
    host: str = Field("127.0.0.1", description="网页服务监听的地址")
    port: int = Field(7860, ge=0, le=65535, description="网页服务监听的端口")
    public_url: str | None = Field(
        None, description="别人访问本服务的完整地址，如 https://guide.example.com；用于打印嵌入代码"
    )
    allowed_origins: Listed = Field(
        (),
        description="可以嵌入挂件、跨域提问的网站来源，如 https://portal.example.com；默认只限本站",
    )
    users: Listed = Field(
        (), description="可以登录网页的人：名称:口令散列（guide hash 名称 生成）；不设置则无需登录"
    )
    api_keys: Listed = Field(
        (),
        description="接口密钥的散列（guide key 生成）；设置后程序提问（/api/ask）需要密钥。"
        "网页和获准网站中的挂件不受影响：整个服务须登录时请设置 GUIDE_USERS",
    )
    asks_per_minute: int = Field(30, ge=1, description="每个来访地址每分钟最多提问次数")
    waiting_limit: int = Field(64, ge=1, description="同时排队的提问上限，超过时请对方稍后再试")
    max_body_bytes: int = Field(65_536, ge=1024, description="请求正文的大小上限（字节）")
    log_json: bool = Field(False, description="日志每行一个 JSON 对象；否则是便于阅读的文字")
    log_questions: bool = Field(False, description="是否把提问原文写入日志（默认不写）")

    @property
    def is_digest(self) -> bool:
        """Whether the bundled digest is in use."""
        return self.book == DIGEST
