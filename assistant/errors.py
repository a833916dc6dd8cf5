"""What can go wrong with an answer.

::

    BookError
    ├── BrokenCitationError  an answer does not say what the book says at the place that it cites
    ├── ModelSettingError    GUIDE_LLM names a model that cannot be opened
    ├── ModelFaultError      the language model gave no whole answer
    ├── NoModelError         a command needs a language model, and none is set
    └── BankInterruptedError the endpoint failed for good while a bank was written
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


class NoModelError(BookError):
    """A command needs a language model, and GUIDE_LLM names none."""

    def __init__(self, command: str) -> None:
        super().__init__(
            f"{command} 要由语言模型来写，而 GUIDE_LLM 没有设置（no language model）。"
            "请设置 GUIDE_LLM=openai:MODEL，并按需设置 GUIDE_LLM_BASE_URL 与 GUIDE_LLM_API_KEY；"
            "guide doctor 可以检查接口。"
        )
        self.command = command


class BankInterruptedError(BookError):
    """The endpoint failed for good while a question bank was written; nothing is lost."""

    def __init__(self, fault: ModelFaultError, *, done: int, total: int) -> None:
        super().__init__(
            f"模型接口出错，问题库没有写完（{done}/{total} 次请求已完成）：{fault}。"
            "已写的都留着。请用 guide doctor 检查接口，再运行同一条命令，只补没有写的。"
        )
        self.fault, self.done, self.total = fault, done, total
