"""No form of question breaks on a book of another size: two chapters, few notes, few people."""

from __future__ import annotations

import pytest

from assistant.answer import Question, Turn
from assistant.pipeline import Assistant
from index.embedding import embedder
from index.store import open_index
from ingest.document import Book


@pytest.fixture(scope="module")
def other(small: Book, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return Assistant(open_index(small, embedder(), tmp_path_factory.mktemp("other")))


@pytest.mark.parametrize(
    "question",
    [
        "第 1 章的三个主题是什么？",
        "第 2 章在第几页？",
        "第 9 章讲什么？",
        "序言有多少条注释？",
        "全书一共几条注释？",
        "全书分成哪几个部分？",
        "第一部分包括哪些章？",
        "第三部分包括哪些章？",
        "part 0 有哪些章",
        "第 1 章的副标题",
        "注 1 的来源",
        "注 999 的来源",
        "哪些数据来自那份调查？",
        "这本书用到了哪些报告？",
        "谁说过这句话？",
        "第 1 章里有哪几位企业家发了言？",
        "谁署名了序言？",
        "我们应该怎么做？",
        "是不是有 80% 的人这么看？",
        "两章的数字差多少？",
        "第 1 章和第 2 章的比例各是多少？",
        "多少人？",
        "What should we do?",
        "？",
    ],
)
def test_every_form_gets_an_answer_or_a_refusal(other: Assistant, question: str) -> None:
    answer = other.invoke(question)
    assert answer.answer
    assert answer.answered or not answer.citations
    assert all(citation.quote in other.book.source for citation in answer.citations)


def test_marks_in_the_history_that_the_book_does_not_have_are_passed_over(other: Assistant) -> None:
    history = (
        Turn(role="user", content="有多少人？"),
        Turn(role="assistant", content="很多。[第4章·注400]"),
    )
    assert other.invoke(Question(question="这个数字哪来的？", history=history)).answer
