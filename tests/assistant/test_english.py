"""A question in English: what we say ourselves is English, what the book says stays its own."""

from __future__ import annotations

import re

import pytest

from assistant.answer import Answer
from assistant.english import in_english, is_english
from assistant.pipeline import Assistant

_TITLES = re.compile("《[^》]*》|“[^”]*”")


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("本书没有谈到这个问题。", "The book does not discuss this."),
        (
            "书中没有给出这个群体的数据。相近的内容见第 2 章《雨伞》、序言《序言》。",
            "The book has no figures for that group. Nearest: chapter 2《雨伞》, 序言《序言》.",
        ),
        ("本书没有注 140，注释共 135 条。", "The book has no note 140; it has 135."),
        ("书中确有这个数字，原文是：", "The book has this figure:"),
        ("与书中的说法不符，书中写的是：", "The claim differs from the book's:"),
        ("注 9（原文作 Ibid.，即注 8 的来源）：Cats.", "Note 9 (printed as Ibid., note 8): Cats."),
        ("注 8：Cats.\n注 9：Dogs.", "Note 8: Cats.\nNote 9: Dogs."),
        ("引自 Cats 的内容见注 8，书中写道：", "From Cats, at note 8:"),
        ("引自 《猫》（Cats） 的内容见注 8、9，书中写道：", "From 《猫》 (Cats), at notes 8, 9:"),
        ("第 3 章引用了 Ann Lee、Bo Wu 的话：", "Chapter 3 quotes Ann Lee, Bo Wu:"),
        ("Ann Lee 是 店主。", "Ann Lee is 店主."),
        ("第 3 章《猫》有 2 个主题：吃、睡。", "Chapter 3《猫》 has 2 topics: 吃, 睡."),
        (
            "见第 3 章《猫，及其他》（第 7–9 页），属于第一部分，副标题「喵」。",
            "See chapter 3《猫，及其他》 (pp. 7–9), in 第一部分, subtitled “喵”.",
        ),
        (
            "第 3 章《猫》副标题是「喵」，开篇标题是：",
            "Chapter 3《猫》, subtitled “喵”, opens with:",
        ),
        ("第 3 章《猫》在第 7 页至第 9 页。", "Chapter 3《猫》 is on pages 7 to 9."),
        (
            "第 3 章《猫》的注释是第 7 至 9 条，共 3 条。",
            "Chapter 3《猫》 has notes 7 to 9, 3 in all.",
        ),
        (
            "第一部分《店》（第 3 页起）包括第 1 章《猫》。",
            "第一部分《店》 (from page 3) holds chapter 1《猫》.",
        ),
        (
            "全书分为2个部分：第一部分《店》（第 1–3 章）；第二部分《街》（第 4–4 章）。",
            "The book has 2 parts: 第一部分《店》 (chapters 1–3); 第二部分《街》 (chapters 4–4).",
        ),
    ],
)
def test_what_is_ours_has_its_english(chinese: str, english: str) -> None:
    assert in_english(chinese) == english


@pytest.mark.parametrize("heading", ["让猫有 3 个主题、包括睡觉：", "为猫做好准备，见效要快：", ""])
def test_a_heading_of_the_book_stays_as_it_is(heading: str) -> None:
    assert in_english(heading) == heading


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("What is the weather in Beijing tomorrow?", id="off-topic"),
        pytest.param("What does chapter 20 say?", id="no-such-chapter"),
        pytest.param("What is note 140?", id="no-such-note"),
        pytest.param("How does adoption in Europe compare with America?", id="place"),
        pytest.param("Where does the 53% about proprietary data come from?", id="source"),
        pytest.param("Which chapter covers cyber security?", id="chapter"),
        pytest.param("Is it true that 85% of CEOs see data privacy as a barrier?", id="check"),
        pytest.param("Which parts does the book have?", id="parts"),
    ],
)
def test_the_opening_of_an_answer_is_english(assistant: Assistant, question: str) -> None:
    answer = assistant.invoke(question)
    opening, _, quoted = (
        answer.answer.partition("\n") if answer.answered else (answer.answer, "", "")
    )
    ours = re.sub(
        r"第.部分|引言|序言|结束语|研究方法|战略|信任|合规性", "", _TITLES.sub("", opening)
    )
    assert is_english(ours)
    assert answer.answered == bool(answer.citations)
    if quoted:
        assert not is_english(quoted)


def test_a_question_in_chinese_is_answered_as_ever(assistant: Assistant) -> None:
    answer = assistant.invoke("第 20 章讲什么？")
    assert answer.answer.startswith("本书没有第 20 章")
    assert "相近的内容见" in answer.answer


def test_only_our_own_words_differ(assistant: Assistant) -> None:
    def rest(answer: Answer) -> object:
        return answer.citations, answer.notes

    chinese, english = map(assistant.invoke, ("注 115 的来源？", "The source of note 115?"))
    assert rest(chinese) == rest(english)
    assert english.answer.startswith("Note 115: ")
