"""What can go wrong in the index, with what, where and what to do.

::

    BookError
    ├── EmbedderError            no vectors can be had from the embedder that was asked for
    │   ├── BrokenModelError     its files are missing or do not fit together
    │   ├── MissingPackageError  the package that reads it is not installed
    │   └── UnknownEmbedderError no such model, or it cannot be loaded
    ├── BrokenBankError          a line of a question bank cannot be read
    └── UnwritableDataError      the folder for indexes cannot be written
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.errors import BookError

if TYPE_CHECKING:
    from pathlib import Path

_OFFLINE = "离线可用的是随附的默认模型：GUIDE_EMBEDDER=default。"


class EmbedderError(BookError):
    """No vectors can be had from the embedder that was asked for."""


class BrokenModelError(EmbedderError):
    """The files of a static model are missing or do not fit together."""

    def __init__(self, folder: Path, *, reason: str) -> None:
        super().__init__(
            f"{folder}：读不出向量模型（embedding model）：{reason}。"
            "请重新安装本项目，或用 make model 重新训练。"
        )
        self.folder, self.reason = folder, reason


class MissingPackageError(EmbedderError):
    """The package that the named embedder needs is not installed."""

    def __init__(self, name: str, *, package: str) -> None:
        super().__init__(
            f"{name}：这个向量模型（embedder）需要 {package}，"
            f"本机没有安装（package not installed）。请先 pip install {package}。{_OFFLINE}"
        )
        self.name, self.package = name, package


class UnknownEmbedderError(EmbedderError):
    """There is no such model, or it cannot be loaded or downloaded here."""

    def __init__(self, name: str, *, reason: str) -> None:
        super().__init__(
            f"{name}：找不到或无法载入这个向量模型（embedder not available）：{reason}。"
            f"请给出 sentence-transformers 模型的本地文件夹，或检查名称与网络。{_OFFLINE}"
        )
        self.name, self.reason = name, reason


class BrokenBankError(BookError):
    """A line of a question bank that was written for a book cannot be read."""

    def __init__(self, path: Path, *, line: int) -> None:
        super().__init__(
            f"{path}:{line}：读不出问题库的这一行（broken question bank）。"
            "请改正或删去这一行；删去整个文件，再运行 guide ingest --expand，会重新写出。"
        )
        self.path, self.line = path, line


class UnwritableDataError(BookError):
    """The folder that holds the indexes cannot be written."""

    def __init__(self, folder: Path, *, reason: str) -> None:
        super().__init__(
            f"{folder}：无法写入索引（cannot write index）：{reason}。"
            "请检查目录权限与剩余空间，或用 GUIDE_DATA_DIR 指定另一个目录。"
        )
        self.folder, self.reason = folder, reason
