"""Sentences and their citations, whatever the borders between the pieces of a stream."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.sentences import SentenceCutter, WrittenSentence, without_thinking

_TABLE = [
    ("before-and-after", "甲占 53%[1]。乙。[2]", [("甲占 53%。", (1,)), ("乙。", (2,))]),
    ("two-brackets", "甲。[1][2]乙。", [("甲。", (1, 2)), ("乙。", ())]),
    ("one-bracket-for-three", "甲。 [1, 2、3]", [("甲。", (1, 2, 3))]),
    ("wide", "甲【1】。乙。〔2〕丙［3］。", [("甲。", (1,)), ("乙。", (2,)), ("丙。", (3,))]),
    ("range", "甲。[2-4]", [("甲。", (2, 3, 4))]),
    ("with-a-word", "甲[段落 1]。乙。[^2]", [("甲。", (1,)), ("乙。", (2,))]),
    ("within-a-sentence", "甲 [1]，乙 [2]。", [("甲，乙。", (1, 2))]),
    ("decimal-point", "增长 2.5 倍。[1]", [("增长 2.5 倍。", (1,))]),
    ("western-stop", "甲[1].乙[2].", [("甲.", (1,)), ("乙.", (2,))]),
    ("quotation", "他说：“甲。乙。”[1]丙。", [("他说：“甲。乙。”", (1,)), ("丙。", ())]),
    ("parenthesis", "甲（见下。）乙。[1]", [("甲（见下。）乙。", (1,))]),
    ("line-break", "甲\n乙。[1]", [("甲", ()), ("乙。", (1,))]),
    ("bold", "**甲**。[1]", [("甲。", (1,))]),
    ("made-up-mark", "甲。[第4章·注40]乙。", [("甲。", ()), ("[第4章·注40]乙。", ())]),
    ("a-year-is-no-citation", "甲[2023]。", [("甲[2023]。", ())]),
    ("nothing-said", "[1]\n。！", []),
    ("no-stop", "没有写完", [("没有写完", ())]),
]


def cut(pieces: list[str]) -> list[WrittenSentence]:
    cutter = SentenceCutter()
    sentences = [sentence for piece in pieces for sentence in cutter.feed(piece)]
    return sentences + cutter.close()


@pytest.mark.parametrize(
    ("text", "expected"), [pytest.param(text, said, id=name) for name, text, said in _TABLE]
)
@pytest.mark.parametrize("size", [1, 2, 1000])
def test_sentences_come_with_their_numbers(
    text: str, expected: list[tuple[str, tuple[int, ...]]], size: int
) -> None:
    pieces = [text[i : i + size] for i in range(0, len(text), size)]
    assert [(s.text, s.cited) for s in cut(pieces)] == expected


@given(
    st.lists(
        st.sampled_from([*"甲乙。！？.\n“”（）[]【】0123 ,-*", "[1]", "[1,2]", "1. ", "- ", "53%"]),
        max_size=40,
    ),
    st.data(),
)
def test_borders_between_pieces_change_nothing(signs: list[str], data: st.DataObject) -> None:
    text = "".join(signs)
    size = st.integers(1, 7)
    pieces, start = [], 0
    while start < len(text):
        end = start + data.draw(size)
        pieces.append(text[start:end])
        start = end
    assert cut(pieces) == cut([text])


def test_a_sentence_is_given_out_before_the_next_one_is_whole() -> None:
    cutter = SentenceCutter()
    assert cutter.feed("甲。") == []  # a number may follow
    assert cutter.feed("[1") == []
    assert [s.cited for s in cutter.feed("]乙")] == [(1,)]
    assert cutter.rest == "乙"


def test_lists_and_lines_are_kept_as_layout() -> None:
    sentences = cut(["1. 甲。[1]\n2. 乙。[2]丙。\n\n- 丁[3]。"])
    assert [(s.text, s.opens_line, s.listed) for s in sentences] == [
        ("甲。", True, True),
        ("乙。", True, True),
        ("丙。", False, False),
        ("丁。", True, True),
    ]


@pytest.mark.parametrize("made_up", ["[第4章·注40]", "[注40]", "（第 4 章 · 注 40、41）", "[引言]"])
def test_marks_of_the_model_can_be_taken_out(made_up: str) -> None:
    (sentence,) = cut([f"甲占 53%{made_up}。[1]"])
    assert sentence.unmarked == "甲占 53%。"
    assert "40" in sentence.text or "引言" in sentence.text  # the verifier still sees them


def test_what_never_ends_is_cut() -> None:
    assert max(len(s.text) for s in cut(["长" * 9000])) <= 2000


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<think>想。[9]</think>甲。", "甲。"),
        (" \n<think>想</think>甲", "甲"),
        ("<thin 甲", "<thin 甲"),
        ("甲<think>", "甲<think>"),
        ("<think>没有说完", ""),
        ("", ""),
    ],
)
@pytest.mark.parametrize("size", [1, 1000])
def test_thinking_aloud_is_no_answer(text: str, said: str, size: int) -> None:
    pieces = (text[i : i + size] for i in range(0, len(text), size))
    assert "".join(without_thinking(pieces)) == said
