"""When two sentences on one matter say opposite things."""

from __future__ import annotations

import pytest

from assistant.opposites import opposed


@pytest.mark.parametrize(
    ("said", "book"),
    [
        pytest.param("退货会减少", "退货将增加", id="words"),
        pytest.param("店主已经评估过雨伞", "店主尚未评估雨伞的用处", id="affirmed"),
        pytest.param("店主没有换书架", "店主换书架", id="denied"),
        pytest.param("取代而非增强店员", "增强而不是取代店员", id="turned-round"),
        pytest.param("把地图放在诗集前面", "诗集优先于地图", id="other-form"),
        pytest.param("灯会取代店员", "灯会增强而不是取代店员", id="the-part-denied"),
        pytest.param("店主计划用灯取代店员", "店主计划用灯来增强而不是取代店员", id="its-word"),
        pytest.param("两家店的差距会拉大", "两家店的差距会弥合", id="nearer-and-further"),
        pytest.param("灯的风险比好处还大", "灯的好处超过了风险", id="more-than"),
        pytest.param("店主加快了装修", "店主推迟了装修", id="sooner-and-later"),
        pytest.param("没有因为下雨而关门", "因为下雨关门的店", id="denied-behind-a-reason"),
    ],
)
def test_opposites_are_told(said: str, book: str) -> None:
    assert opposed(said, book)


@pytest.mark.parametrize(
    ("said", "book"),
    [
        pytest.param("退货多了", "退货将增加", id="same-direction"),
        pytest.param("缺少雨伞的店", "没有雨伞的店", id="two-words-for-lack"),
        pytest.param("让店员更强，而不是消失", "增强而非取代店员", id="paraphrase"),
        pytest.param("店主计划用灯增强店员", "店主计划用灯增强而不是取代店员", id="the-part-kept"),
        pytest.param("超过四分之一的店会变", "会变的也会超过四分之一", id="a-bound-is-no-order"),
        pytest.param("用不用灯由店主定", "用灯由店主定", id="whether-or-not"),
        pytest.param("没有灯，就看不清书", "有灯才能看清书", id="condition"),
        pytest.param("灯的好处比风险大", "灯的好处超过了风险", id="more-than-alike"),
        pytest.param("", "退货将增加", id="nothing-said"),
    ],
)
def test_paraphrases_pass(said: str, book: str) -> None:
    assert not opposed(said, book)
