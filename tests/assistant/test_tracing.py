"""A trace runs the steps of the pipeline, and ends in the answer that is given without one."""

from __future__ import annotations

import pytest

from assistant.answer import Question
from assistant.pipeline import Assistant
from assistant.tracing import trace


@pytest.mark.parametrize(
    "asked",
    [
        "多少 CEO 担心缺少专有数据？",
        "注 115 的来源是什么？",
        "今天天气怎么样？",
        "第 4 章有哪三个主题？",
    ],
)
def test_a_trace_ends_in_the_answer_that_is_given_without_one(
    assistant: Assistant, asked: str
) -> None:
    steps = list(trace(assistant, Question(question=asked)))
    names = [step.name.split()[1] for step in steps]
    assert names == ["understand", "retrieve", "select", "compose", "check"]
    assert "\n".join(steps[3].lines) == assistant.invoke(asked).answer


def test_a_trace_tells_what_was_understood_and_found(assistant: Assistant) -> None:
    understood, retrieved, *_ = trace(assistant, Question(question="2025 年多少高管……第 3 章？"))
    assert "年份：2025" in understood.lines
    assert "章：3" in understood.lines
    assert len(retrieved.lines) == 6  # five passages and the odds
