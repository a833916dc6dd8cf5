"""What can go wrong with an answer.

::

    BookError
    ├── BrokenCitationError  an answer does not say what the book says at the place that it cites
    ├── ModelSettingError    GUIDE_LLM names a model that cannot be opened
    └── ModelFaultError      the language model gave no whole answer
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


class ModelSettingError(BookError):
    """The setting GUIDE_LLM names a model that cannot be opened."""

    def __init__(self, model: str, *, reason: str) -> None:
        super().__init__(
            f"GUIDE_LLM={model}：打不开这个模型（cannot open the model）：{reason}。"
            "请写作 openai:MODEL，并按需设置 GUIDE_LLM_BASE_URL 与 GUIDE_LLM_API_KEY；"
            "不设置 GUIDE_LLM 则摘录原句作答。"
        )
        self.model, self.reason = model, reason


class ModelFaultError(BookError):
    """The language model gave no whole answer; never holds what the endpoint itself said.

    An endpoint may repeat the key in its message, so the reason is always one of ours.
    """

    def __init__(self, reason: str, *, status: int | None = None) -> None:
        super().__init__(f"{reason}（HTTP {status}）" if status else reason)
        self.reason, self.status = reason, status
