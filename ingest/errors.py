"""Every error that a user of the project may have to act on, with what, where and what to do.

::

    BookError
    ├── ReadError            the file cannot be turned into text
    │   ├── BookNotFoundError
    │   ├── EmptyBookError
    │   └── NotTextError
    └── StructureError       the text is not laid out as a guide
        ├── NoChaptersError
        ├── MissingPartError
        └── NotesError       the body and its list of notes disagree
            ├── UndefinedFootnoteError
            ├── UncalledFootnoteError
            ├── MisplacedFootnoteError
            └── UnresolvedIbidError

The other packages add their own branches below `BookError` in their own ``errors.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


class BookError(Exception):
    """Base of all errors that the project raises on purpose."""


class ReadError(BookError):
    """The file cannot be turned into text."""


class BookNotFoundError(ReadError):
    """There is no readable file at the path given for the book."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path}：找不到书的文件（file not found）。"
            "请检查 --book 或 GUIDE_BOOK；都不设置时使用随附的摘要版。"
        )
        self.path = path


class EmptyBookError(ReadError):
    """The file holds nothing but white space."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path}：文件是空的（empty file）。请换成含有全文的纯文本文件。")
        self.path = path


class NotTextError(ReadError):
    """The bytes are no text in an encoding that can be told."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path}：不是可识别的文本文件（binary or unknown encoding）。"
            "请另存为 UTF-8 纯文本；GB18030 和 UTF-16 也可以直接读取。"
        )
        self.path = path


class StructureError(BookError):
    """The text is not laid out as a guide with a contents list, chapters and notes."""


class NoChaptersError(StructureError):
    """The contents list is missing, or names no chapter."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path}：没有找到任何章节（no chapters found）。"
            "书中应有「目录」，其中每章一行，形如「第 1 章<Tab>标题<Tab>页码」。"
        )
        self.path = path


class MissingPartError(StructureError):
    """Something that the contents list announces does not stand in the body."""

    def __init__(self, what: str, *, path: Path, line: int | None = None) -> None:
        where = f"{path}:{line}" if line else f"{path}"
        super().__init__(
            f"{where}：正文中缺少{what}（missing part）。"
            "请对照「目录」检查这一处是否完整、标题行是否单独成行。"
        )
        self.what, self.path, self.line = what, path, line


class NotesError(StructureError):
    """The marks of the body and the list of notes disagree."""


class UndefinedFootnoteError(NotesError):
    """The body calls a note that the list of notes does not hold."""

    def __init__(self, number: int, *, path: Path, line: int) -> None:
        super().__init__(
            f"{path}:{line}：正文标有注 {number}，注释表中没有这一条（undefined footnote）。"
            "请在「注释与来源」中补上，或删去该标记。"
        )
        self.number, self.path, self.line = number, path, line


class UncalledFootnoteError(NotesError):
    """The list of notes holds notes that no mark of the body calls, or that are called twice."""

    def __init__(self, numbers: Sequence[int], *, path: Path) -> None:
        listed = "、".join(map(str, numbers))
        super().__init__(
            f"{path}：注 {listed} 在正文中没有对应的标记，或标记次数不是一次（uncalled footnote）。"
            "请检查正文中的上标数字是否丢失或重复。"
        )
        self.numbers, self.path = tuple(numbers), path


class MisplacedFootnoteError(NotesError):
    """A mark stands in another chapter than its note."""

    def __init__(self, number: int, *, path: Path, line: int, found: str, listed: str) -> None:
        super().__init__(
            f"{path}:{line}：注 {number} 的标记出现在{found}，"
            f"注释表却把它列在{listed}（misplaced footnote）。"
            "请检查章节边界：一章的开篇短文位于「第 N 章」标题页之前。"
        )
        self.number, self.path, self.line = number, path, line
        self.found, self.listed = found, listed


class UnresolvedIbidError(NotesError):
    """An Ibid. stands first, or its number does not follow on, so that it names no source."""

    def __init__(self, number: int, *, path: Path, line: int) -> None:
        super().__init__(
            f"{path}:{line}：注 {number} 写作 “Ibid.”，但前面没有可指的来源（unresolved ibid）。"
            "请写出完整来源。"
        )
        self.number, self.path, self.line = number, path, line
