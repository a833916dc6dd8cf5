"""Step 5 catches what the other steps must never do."""

from __future__ import annotations

import pytest

from assistant.answer import Answer
from assistant.checking import check
from assistant.errors import BrokenCitationError
from assistant.pipeline import Assistant

QUESTION = "有多少 CEO 觉得缺少专有数据会妨碍生成式 AI 计划？"


@pytest.fixture(scope="module")
def answer(assistant: Assistant) -> Answer:
    return assistant.invoke(QUESTION)


def _with(answer: Answer, **changes: object) -> Answer:
    """Change the only citation of an answer."""
    (citation,) = answer.citations
    return answer.model_copy(update={"citations": (citation.model_copy(update=changes),)})


def test_a_true_answer_is_given_back(answer: Answer, assistant: Assistant) -> None:
    assert check(answer, assistant.book) is answer


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param({"passage_id": "ch04.t9.know.p9"}, "没有这个段落", id="no-such-passage"),
        pytest.param({"passage_id": "ch04.t2.know.p2"}, "不是书中原文", id="other-passage"),
        pytest.param({"chapter": 5}, "章节或页码不符", id="other-chapter"),
        pytest.param({"pages": (1, 2)}, "章节或页码不符", id="other-pages"),
        pytest.param({"footnotes": ()}, "注号不符", id="lost-footnote"),
        pytest.param({"footnotes": (41,)}, "注号不符", id="other-footnote"),
    ],
)
def test_a_broken_citation_is_an_error(
    answer: Answer, assistant: Assistant, changes: dict[str, object], reason: str
) -> None:
    with pytest.raises(BrokenCitationError, match=reason):
        check(_with(answer, **changes), assistant.book)


def test_an_altered_quote_is_an_error(answer: Answer, assistant: Assistant) -> None:
    (citation,) = answer.citations
    altered = _with(answer, quote=citation.quote.replace("53%", "85%"))
    with pytest.raises(BrokenCitationError, match="不是书中原文"):
        check(altered, assistant.book)


def test_an_altered_figure_in_the_answer_is_an_error(answer: Answer, assistant: Assistant) -> None:
    altered = answer.model_copy(update={"answer": answer.answer.replace("53%", "85%")})
    with pytest.raises(BrokenCitationError, match="改动了引文"):
        check(altered, assistant.book)


def test_a_missing_or_altered_note_is_an_error(answer: Answer, assistant: Assistant) -> None:
    with pytest.raises(BrokenCitationError, match="缺少所引的注释"):
        check(answer.model_copy(update={"notes": ()}), assistant.book)
    other = answer.notes[0].model_copy(update={"text": "Another survey."})
    with pytest.raises(BrokenCitationError, match="注释与书中不同"):
        check(answer.model_copy(update={"notes": (other,)}), assistant.book)
