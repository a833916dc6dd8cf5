"""77% is 「近八成」 and never 「八成」: what may be told for what the book states."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.rounding import complement, restates
from ingest.figures import find_figures


@pytest.mark.parametrize(
    ("said", "stated", "right"),
    [
        pytest.param("77%", "77%", True, id="the-same"),
        pytest.param("四分之三", "75%", True, id="a-fraction"),
        pytest.param("三分之二", "67%", True, id="a-fraction-for-the-nearest-percent"),
        pytest.param("七成五", "75%", True, id="tenths-and-hundredths"),
        pytest.param("近八成", "77%", True, id="near-from-below"),
        pytest.param("八成", "77%", False, id="rounded-without-a-hedge"),
        pytest.param("近七成", "77%", False, id="near-is-no-less"),
        pytest.param("约四分之三", "74%", True, id="about"),
        pytest.param("超过七成", "77%", True, id="above"),
        pytest.param("超过八成", "77%", False, id="above-what-it-is-not"),
        pytest.param("超过六成", "77%", False, id="true-and-misleading"),
        pytest.param("不到八成", "77%", True, id="below"),
        pytest.param("不到七成", "77%", False, id="below-what-it-is-not"),
        pytest.param("过半", "56%", True, id="over-half"),
        pytest.param("过半", "92%", False, id="over-half-of-nearly-all"),
        pytest.param("85%", "87%", False, id="altered"),
        pytest.param("超过 60%", "超过 60%", True, id="the-same-hedge"),
        pytest.param("60%", "超过 60%", False, id="the-hedge-left-out"),
        pytest.param("不到 60%", "超过 60%", False, id="the-hedge-turned"),
        pytest.param("不到一半", "近一半", True, id="nearly-is-less"),
        pytest.param("8 倍", "8%", False, id="another-unit"),
        pytest.param("200 名", "200 位", True, id="another-counter"),
        pytest.param("90 万美元", "900,000 美元", True, id="ten-thousands"),
        pytest.param("2023 年", "2023 年", True, id="a-year"),
        pytest.param("2024 年", "2023 年", False, id="another-year"),
    ],
)
def test_a_figure_is_told_right_or_wrong(said: str, stated: str, right: bool) -> None:
    assert restates(find_figures(said)[0], find_figures(stated)[0]) is right


@given(st.integers(1, 99), st.integers(1, 99))
def test_exact_percentages_restate_themselves_alone(one: int, other: int) -> None:
    first, second = find_figures(f"{one}% 的人")[0], find_figures(f"{other}% 的人")[0]
    assert restates(first, second) == (one == other)


@given(st.integers(1, 99))
def test_no_share_is_both_above_and_below(share: int) -> None:
    stated = find_figures(f"{share}%")[0]
    for tenths in "一二三四五六七八九":
        above, below = find_figures(f"超过{tenths}成")[0], find_figures(f"不到{tenths}成")[0]
        assert not (restates(above, stated) and restates(below, stated))


def test_the_complement_turns_value_and_hedge() -> None:
    rest = complement(find_figures("超过 60% 的人")[0])
    assert (rest.value, rest.direction) == (40, "below")
