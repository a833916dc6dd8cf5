"""All settings, in one place: read once at the edge, handed on as values."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from platformdirs import user_data_path
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

DIGEST = Path(__file__).parent.parent / "ingest" / "books" / "digest.txt"


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
    host: str = Field("127.0.0.1", description="网页服务监听的地址")
    port: int = Field(7860, ge=0, le=65535, description="网页服务监听的端口")

    @property
    def is_digest(self) -> bool:
        """Whether the bundled digest is in use."""
        return self.book == DIGEST
