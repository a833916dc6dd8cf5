"""Marks are the only link between a sentence and its note: none may be lost, none invented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.marks import Mark, find_marks, without_marks

_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"


def superscript(number: int) -> str:
    return "".join(_SUPERSCRIPTS[int(digit)] for digit in str(number))


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        pytest.param("店关门了。¹", [1], id="after-a-full-stop"),
        pytest.param("店关门了。¹²³", [123], id="three-digits-are-one-mark"),
        pytest.param("店关门了。⁷他们走了。", [7], id="glued-to-the-next-sentence"),
        pytest.param("店关门了。 ⁷ 他们走了。", [7], id="with-spaces-around"),
        pytest.param("“店关门了。”¹⁰⁵", [105], id="after-a-closing-quotation-mark"),
        pytest.param("占四成 (40%)²²，仅此而已。", [22], id="after-a-bracket"),
        pytest.param("占 40%⁸", [8], id="after-a-percent-sign"),
        pytest.param("**店关门了。**⁹", [9], id="after-a-bold-sign"),
        pytest.param("甲。¹\n乙。²", [1, 2], id="one-at-the-end-of-each-line"),
        pytest.param("¹ 甲。", [1], id="at-the-very-beginning"),
        pytest.param("占地 10 m²", [], id="a-unit-is-no-mark"),
        pytest.param("体积 x³⁴", [], id="no-digit-of-an-exponent-is-a-mark"),
        pytest.param("10⁹ 次", [], id="a-power-of-ten-is-no-mark"),
        pytest.param("排放 CO₂", [], id="a-subscript-is-no-mark"),
        pytest.param("第 1 章", [], id="plain-digits-are-no-mark"),
        pytest.param("", [], id="nothing-in-nothing"),
    ],
)
def test_only_superscripts_after_a_sentence_are_marks(text: str, numbers: list[int]) -> None:
    assert [mark.number for mark in find_marks(text)] == numbers


def test_a_mark_is_placed_in_the_source() -> None:
    assert find_marks("甲。¹² 乙。³", offset=100) == (Mark(12, 102, 104), Mark(3, 107, 108))


def test_text_without_marks_keeps_its_units() -> None:
    assert without_marks("占地 10 m²。⁵ 不大。⁶") == "占地 10 m²。 不大。"


@given(
    st.lists(st.tuples(st.text("书店街坊AI 0，。”\n", min_size=1), st.integers(1, 999)), max_size=6)
)
def test_every_mark_set_after_a_stop_is_found(pieces: list[tuple[str, int]]) -> None:
    text = "".join(f"{words}。{superscript(number)}" for words, number in pieces)
    marks = find_marks(text)
    assert [mark.number for mark in marks] == [number for _, number in pieces]
    assert all(text[mark.start : mark.end] == superscript(mark.number) for mark in marks)


@given(st.text("书Am2 。" + _SUPERSCRIPTS))
def test_taking_the_marks_out_leaves_none(text: str) -> None:
    assert find_marks(without_marks(text)) == ()
