"""What can go wrong with an answer.

::

    BookError
    └── BrokenCitationError  an answer does not say what the book says at the place that it cites
"""

from __future__ import annotations

from ingest.errors import BookError


class BrokenCitationError(BookError):
    """An answer does not say what the book says at the place that it cites: a defect of ours."""

    def __init__(self, passage_id: str, *, reason: str) -> None:
        super().__init__(
            f"{passage_id}：引文核对未通过（citation check failed）：{reason}。"
            "这条回答没有显示；请把问题原文告诉维护者。"
        )
        self.passage_id, self.reason = passage_id, reason
