"""When a text states a fact."""

import pytest

from evals.facts import states


@pytest.mark.parametrize(
    ("text", "fact", "expected"),
    [
        pytest.param("有 74% 的退货", "74%", True, id="plain"),
        pytest.param("有 74 ％ 的退货", "74%", True, id="spaced-and-full-width"),
        pytest.param("有 174% 的退货", "74%", False, id="end-of-a-longer-number"),
        pytest.param("涨到 12.74%", "74%", False, id="decimals-of-another-number"),
        pytest.param("涨到 3.4 倍", "3", False, id="a-number-goes-on-after-the-point"),
        pytest.param("共 6,000 人", "6", False, id="a-number-goes-on-after-the-comma"),
        pytest.param("共 6,000 人", "6,000", True, id="with-its-comma"),
        pytest.param("访问了 315³ 人", "315", True, id="a-mark-is-no-digit"),
        pytest.param("2023 年 7 月", "2023年7月", True, id="spaces-in-the-text"),
        pytest.param("The CEO Study", "ceo study", True, id="case"),
        pytest.param("近一半的人", "一半", True, id="within-other-words"),
        pytest.param("一 些 半 数", "一半", False, id="letters-between"),
        pytest.param("价格 (c++)", "c++", True, id="signs-are-no-pattern"),
    ],
)
def test_a_fact_is_met_whole_and_however_it_is_spaced(text: str, fact: str, expected: bool) -> None:
    assert states(text, [fact]) is expected


def test_any_of_the_accepted_wordings_will_do() -> None:
    assert states("近三分之二", ["63%", "近三分之二"])
    assert not states("近三分之一", ["63%", "近三分之二"])
    assert not states("任何文字", [])
