"""Which study a question means."""

from __future__ import annotations

import pytest

from assistant.answer import Question, Turn
from assistant.studies import find_study, notes_in_state, study_asked_of
from assistant.understanding import Query, understand
from ingest.document import Book


def _asked(text: str, book: Book, *history: Turn) -> Query:
    return understand(Question(question=text, history=list(history)), book)


@pytest.mark.parametrize(
    ("question", "note"),
    [
        ("问了五百位高管的那份初步调查，支撑了哪些数字？", 126),
        ("414 名美国高管的调查，书里用了哪些数据？", 112),
        ("Sharma 等人 2023 年 6 月的研究，哪些结论来自它？", 58),
        ("2022 年 5 月讲数据中心以外 IT 的报告，支撑了哪些数字？", 133),
        ("Which figures come from the Wall Street Journal?", 83),
        ("《Embedded finance》被引用过几次？", 34),
    ],
)
def test_a_study_is_told_by_sample_authors_date_title(
    question: str, note: int, digest: Book
) -> None:
    study = study_asked_of(_asked(question, digest), digest)
    assert study is not None
    assert note in study.notes


def test_a_named_chapter_must_cite_the_study(digest: Book) -> None:
    named = find_study(_asked("2023 年的 CEO 研究支撑了第 7 章的哪些数字？", digest), digest)
    assert named is not None
    cited = {digest.notes_by_number[number].division for number in named.notes}
    assert "ch07" in cited


def test_the_same_survey_is_the_one_just_cited(digest: Book) -> None:
    history = [
        Turn(role="user", content="这个比例出自哪里？"),
        Turn(role="assistant", content="出自一项脉冲调查〔76〕。"),
    ]
    study = study_asked_of(_asked("同一份调查别的地方还撑着哪些结论？", digest, *history), digest)
    assert study is not None
    assert study.notes == (80, 114)


@pytest.mark.parametrize(
    "question",
    [
        "六成二的人这么说，调查的名称是什么？",  # asks for the source of a figure
        "消费者调查是什么时候做的？",  # asks about the study
        "客户服务怎么改进？",
    ],
)
def test_other_questions_ask_for_no_list_of_findings(question: str, digest: Book) -> None:
    assert study_asked_of(_asked(question, digest), digest) is None


def test_notes_are_listed_by_the_state_of_their_data(digest: Book) -> None:
    def numbers(question: str) -> list[int]:
        return [note.number for note in notes_in_state(_asked(question, digest), digest)]

    assert numbers("哪几条注用的是初步数据？") == [126, 128, 130, 131, 132, 135]
    assert numbers("第 7 章哪些注标了未公开？") == [68, 69, 70, 74]
    assert numbers("初步的结论是什么？") == []
