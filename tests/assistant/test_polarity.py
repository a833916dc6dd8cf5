"""What denies, what only looks like it, and which words are opposites."""

from __future__ import annotations

import pytest

from assistant.polarity import (
    agree,
    denials,
    find_negations,
    find_orders,
    find_poles,
    is_avoiding,
    is_doubt,
    is_set_off,
    takes_back,
)


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        pytest.param("尚未评估影响", ["评估影响"], id="not-yet"),
        pytest.param("没有方法,但有人", ["方法"], id="up-to-the-comma"),
        pytest.param("不是取代而是增强", ["取代"], id="up-to-but"),
        pytest.param("增强而非取代员工", ["取代员工"], id="rather-than"),
        pytest.param("管不了", [""], id="what-stands-before"),
        pytest.param("不仅如此", [], id="not-only"),
        pytest.param("离不开数据", [], id="twice-denied"),
        pytest.param("无一不是数字产品", [], id="without-exception"),
        pytest.param("没有数据就没有模型", [], id="only-with"),
        pytest.param("好不好", [], id="a-question"),
        pytest.param("特别重要", [], id="a-syllable"),
        pytest.param("不到六成", [], id="a-hedge"),
        pytest.param("未来", [], id="the-future"),
        pytest.param("虽非万能", ["万能"], id="though-not"),
        pytest.param("没有统一视图,个性化就难以实现", [], id="without-it-hard"),
        pytest.param("没有人的参与,变革推不起来。", [], id="without-it-stuck"),
        pytest.param("有统一视图,个性化就难以实现", ["实现"], id="with-it-hard"),
        pytest.param("没有哪个岗位能幸免", [], id="none-is-spared"),
        pytest.param("宁可退出也不愿牺牲", [], id="rather"),
        pytest.param("协作不及编程", [], id="a-comparison"),
        pytest.param("来不及准备", ["及准备"], id="too-late"),
    ],
)
def test_negations_and_what_they_deny(text: str, denied: list[str]) -> None:
    found = find_negations(text)
    assert [text[n.end : n.scope_end] for n in found] == denied


def test_doubts_and_contrasts_are_told_from_plain_negations() -> None:
    assert is_doubt("不认为会", find_negations("不认为会")[0])
    assert not is_doubt("不会", find_negations("不会")[0])
    assert is_set_off("不是成本,而是收入", find_negations("不是成本,而是收入")[0])


def test_a_denial_of_an_earlier_time_needs_no_denial_of_the_book() -> None:
    for text, told in (("起初并不是首选,后来却是", True), ("起初并不是首选", False)):
        assert is_avoiding(text, find_negations(text)[0]) is told


@pytest.mark.parametrize(
    ("text", "told"), [("但事实并非如此", True), ("恰恰相反", True), ("如此重要", False)]
)
def test_what_takes_back_a_sentence(text: str, told: bool) -> None:
    assert takes_back(text) is told


def test_words_that_nearly_deny() -> None:
    assert denials("难以为继")
    assert not denials("难得一见")
    assert denials("取代人类") == denials("顶替人类") != denials("错过时机")


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        pytest.param("创新优先于安全", "创新", "安全", id="before"),
        pytest.param("创新排在安全之后", "安全", "创新", id="behind"),
        pytest.param("增强而不是取代", "增强", "取代", id="set-off"),
        pytest.param("编程不及协作", "协作", "编程", id="less-than"),
    ],
)
def test_orders(text: str, first: str, second: str) -> None:
    (order,) = find_orders(text)
    assert (text[slice(*order.first)], text[slice(*order.second)]) == (first, second)


@pytest.mark.parametrize(
    "text", ["企业若不提升本领就会掉队", "没有信任,这种便利就没有价值", "没有什么比它更重要"]
)
def test_what_denies_twice_needs_no_denial_of_the_book(text: str) -> None:
    assert all(is_avoiding(text, negation) for negation in find_negations(text))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("增加", "提高", True),
        ("增加", "减少", False),
        ("高于", "低于", False),
        ("加快", "放缓", False),
        ("大多数", "少数", False),
        ("增加", "高于", True),
        ("共识", "分歧", False),
        ("会变,", "不变", False),
    ],
)
def test_opposites_do_not_agree(one: str, other: str, same: bool) -> None:
    assert agree(find_poles(one)[0], find_poles(other)[0]) is same
