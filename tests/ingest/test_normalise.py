"""What is shown must be clean, what is searched must meet its other spellings."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.marks import find_marks
from ingest.normalise import compact, normalise, readable, simplified

# What a page of such a book holds, with everything that the cleaning looks for.
_PAGE = st.text("书店門與AIa2 5%$*\\\n\u3000，。（(＊＄“”「」³⁴—…ＡＩ％①ﬁé²", max_size=40)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("书店。³", "书店。", id="a-mark-goes"),
        pytest.param("**书店**开门", "书店开门", id="bold-signs-go"),
        pytest.param("书店\n开门", "书店开门", id="a-break-between-characters-goes"),
        pytest.param("书店\n  开门", "书店开门", id="with-its-indent"),
        pytest.param("two\nwords", "two words", id="a-break-between-words-is-a-space"),
        pytest.param("CEO\n行动", "CEO行动", id="a-break-before-a-character-goes"),
        pytest.param("算出 $1+1=3$ 来", "算出 1+1=3 来", id="math-signs-go"),
        pytest.param("售价 \\$900", "售价 $900", id="an-escaped-dollar-is-a-dollar"),
        pytest.param("\n 书店 \n", "书店", id="outer-space-goes"),
        pytest.param("生成式 AI 书店", "生成式 AI 书店", id="inner-spaces-stay-as-printed"),
        pytest.param("占地 10 m²", "占地 10 m²", id="a-unit-stays"),
        pytest.param("書店", "書店", id="traditional-stays-as-printed"),
    ],
)
def test_readable_is_one_clean_line(text: str, shown: str) -> None:
    assert readable(text) == shown


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("生成式 AI 书店", "生成式AI书店", id="spaces-by-a-character"),
        pytest.param("ＡＩ", "AI", id="full-width-letters"),
        pytest.param("７５％", "75%", id="full-width-figures"),
        pytest.param("75 %", "75%", id="a-space-before-percent"),
        pytest.param("書店與網路", "书店与网路", id="traditional-characters"),
        pytest.param("书，店", "书,店", id="commas"),
        pytest.param("（例）", "(例)", id="brackets"),
        pytest.param("“书”", "「书」", id="quotation-marks"),
        pytest.param("CEO", "ceo", id="capitals"),
        pytest.param("书店\n开门", "书店开门", id="line-breaks"),
        pytest.param("**书店**。⁴", "书店。", id="marks-and-bold-signs"),
        pytest.param("open  source", "open source", id="double-spaces"),
    ],
)
def test_spellings_of_one_text_meet(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("open source", "opensource", id="words-stay-apart"),
        pytest.param("第 3 章", "第 4 章", id="figures-differ"),
        pytest.param("1 2", "12", id="numbers-stay-apart"),
    ],
)
def test_different_texts_stay_apart(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


def test_compact_keeps_letters_and_digits_alone() -> None:
    assert compact("**75 %** 的「CEO」，\n書店。⁴") == "75的ceo书店"


def test_simplified_leaves_the_rest_as_it_is() -> None:
    assert simplified("網路 AI，A's ３") == "网路 AI，A's ３"


@given(_PAGE)
@example("售价从 \\$5 涨到 \\$6")
@example("＊＊书店＊＊")
def test_normalising_twice_changes_nothing(text: str) -> None:
    """A query that was folded already must still meet the folded passages."""
    assert normalise(normalise(text)) == normalise(text)


@given(_PAGE)
def test_readable_holds_no_mark_no_bold_sign_and_no_break(text: str) -> None:
    shown = readable(text)
    assert find_marks(shown) == ()
    assert "\n" not in shown


@given(_PAGE)
def test_compact_is_letters_and_digits(text: str) -> None:
    folded = compact(text)
    assert folded == "" or folded.isalnum()
    assert compact(folded) == folded
