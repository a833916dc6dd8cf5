"""Which figure of a sentence counts whom, when."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.assertions import bind


def _groups(text: str) -> list[tuple[float, tuple[str, ...]]]:
    return [(bound.figure.value, bound.groups) for bound in bind(text).bounds]


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("60% 的受访高管这样看", [(60, ("高管",))]),
        ("受访 CEO 中有 60% 这样看", [(60, ("CEO",))]),
        ("把书架当橱窗的受访组织占 60%", [(60, ("组织",))]),
        ("74% 的 CEO 同意，其他高管只有 29%", [(74, ("CEO",)), (29, ("其他高管",))]),
        ("首席执行官里 40% 会写信", [(40, ("CEO",))]),
        ("ceo 的 40% 会写信", [(40, ("CEO",))]),
        ("书架换新，退货少了 12%", [(12, ())]),
    ],
)
def test_a_figure_belongs_to_its_group(
    text: str, bound: list[tuple[float, tuple[str, ...]]]
) -> None:
    assert _groups(text) == bound


def test_each_figure_takes_the_year_beside_it() -> None:
    bounds = bind("愿意送货的店：2018 年 46%，2022 年 94%").bounds
    assert [(b.figure.value, b.years) for b in bounds] == [(46, (2018,)), (94, (2022,))]


def test_now_and_later_are_told_apart() -> None:
    bounds = bind("送货：目前 27%，2025 年 75%").bounds
    assert [(b.is_now, b.years) for b in bounds] == [(True, ()), (False, (2025,))]


def test_the_year_of_a_survey_dates_no_figure() -> None:
    assert bind("2023 年的调研显示，到 2025 年 30% 的店会关门").years == (2025,)


def test_a_figure_said_twice_is_one() -> None:
    (bound,) = bind("近三分之二 (63%) 的顾客愿意等").bounds
    assert [figure.text for figure in bound.said] == ["63%", "三分之二"]


def test_two_figures_in_brackets_are_two() -> None:
    assert len(bind("诗集 (57%) 和地图 (55%) 卖得好").bounds) == 2


def test_the_mask_takes_figures_and_years_out() -> None:
    masked = bind("到 2025 年，六成店主会用 3.4 倍的纸").masked
    assert not any(character.isdigit() for character in masked)
    assert "店主" in masked


@pytest.mark.parametrize("text", ["三位店主", "两年内", "第 3 章", "2025 年"])
def test_small_counts_spans_and_years_are_not_checked(text: str) -> None:
    assert bind(text).bounds == ()


@given(
    st.text(
        alphabet="1234567890%％年成半一二三分之的中，,。；：（）() CEO高管组织受访→|", max_size=60
    )
)
def test_any_text_is_bound_within_itself(text: str) -> None:
    told = bind(text)
    for bound in told.bounds:
        assert told.text[bound.figure.start : bound.figure.end].strip() == bound.figure.text
        assert bound.figure.text in bound.own or bound.rough
