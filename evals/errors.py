"""What can go wrong in an evaluation, with what, where and what to do.

::

    BookError
    └── EvaluationError
        ├── DataSetError           a data set cannot be used
        │   ├── DataSetNotFoundError
        │   ├── BadItemError       a line is no question that can be judged
        │   ├── DuplicateIdError
        │   └── NoQuestionsError   nothing is left to ask
        ├── RunFileError           a file is no earlier run to compare with
        └── ReportError            a report cannot be written
"""

from __future__ import annotations

from pathlib import Path

from ingest.errors import BookError


class EvaluationError(BookError):
    """Base of what can go wrong in an evaluation."""


class DataSetError(EvaluationError):
    """A data set cannot be used."""


class DataSetNotFoundError(DataSetError):
    """There is no readable file of questions at the path given."""

    def __init__(self, path: Path, *, reason: str) -> None:
        super().__init__(
            f"{path}：读不了评测题集（cannot read data set）：{reason}。"
            "请用 --dataset 给出 UTF-8 的 JSONL 文件，每行一题。"
        )
        self.path, self.reason = path, reason


class BadItemError(DataSetError):
    """A line of a data set is no question that can be judged."""

    def __init__(self, path: Path, *, line: int, reason: str) -> None:
        super().__init__(f"{path}:{line}：这一题不能用（bad item）：{reason}。")
        self.path, self.line, self.reason = path, line, reason


class DuplicateIdError(DataSetError):
    """Two questions of a data set have the same id."""

    def __init__(self, item_id: str, *, path: Path, lines: tuple[int, int]) -> None:
        super().__init__(
            f"{path}:{lines[1]}：id「{item_id}」已用在第 {lines[0]} 行（duplicate id）。"
            "请改成另一个。"
        )
        self.item_id, self.path, self.lines = item_id, path, lines


class NoQuestionsError(DataSetError):
    """Nothing of a data set is left to ask."""

    def __init__(self, path: Path, *, wanted: str) -> None:
        super().__init__(
            f"{path}：没有符合条件的题（no questions）：{wanted}。请检查 --split 和 --kinds。"
        )
        self.path, self.wanted = path, wanted


class RunFileError(EvaluationError):
    """A file is no earlier run to compare with."""

    def __init__(self, path: Path, *, reason: str) -> None:
        super().__init__(
            f"{path}：不是可以比较的评测结果（not a run）：{reason}。"
            "请给出 guide eval --json 写下的文件。"
        )
        self.path, self.reason = path, reason


class ReportError(EvaluationError):
    """A report cannot be written."""

    def __init__(self, path: Path, *, reason: str) -> None:
        super().__init__(
            f"{path}：写不了报告（cannot write report）：{reason}。请检查目录是否存在、是否可写。"
        )
        self.path, self.reason = path, reason
