"""The words around a figure: a share is worth little without whom it counts and of what."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.frames import read_frame, read_time, tidy


@pytest.mark.parametrize(
    ("before", "after", "subject", "population"),
    [
        pytest.param("", " 的受访高管表示，猫会招来客人。", "猫会招来客人", "高管", id="forwards"),
        pytest.param("认为猫会招来客人的受访高管占 ", "。", "猫会招来客人", "高管", id="backwards"),
        pytest.param("养了猫的 CEO 只有 ", "，这不奇怪。", "养了猫", "CEO", id="a-tail-goes-on"),
        pytest.param("受访 CMO 中有 ", " 想养几只猫。", "想养几只猫", "CMO", id="group-before"),
        pytest.param("", " 的受访 IT 高管想要三只猫。", "想要三只猫", "IT高管", id="a-space"),
        pytest.param("", " 的猫粮支出将流向外地。", "将流向外地", "猫粮支出", id="what-is-shared"),
        pytest.param("在猫粮支出中，罐头占 ", "。", "在猫粮支出中，罐头", "猫粮支出", id="a-base"),
        pytest.param("猫招来客人，", " 的受访高管这样看。", "猫招来客人", "高管", id="so"),
        pytest.param("，而 2018 年这一比例仅为 ", "。", "", None, id="points-back"),
        pytest.param("，但只有 ", " 的其他高管认同此观点。", "", "其他高管", id="of-others"),
    ],
)  # fmt: skip
def test_a_frame_tells_subject_and_group(
    before: str, after: str, subject: str, population: str | None
) -> None:
    frame = read_frame(before, after)
    assert (frame.subject, frame.population) == (subject, population)


@pytest.mark.parametrize(
    ("before", "after", "year", "when"),
    [
        pytest.param("到 2025 年，", " 的店会养猫", 2025, "2025 年", id="before"),
        pytest.param("", " 的店计划到 2024 年底养猫", 2024, "2024 年", id="after"),
        pytest.param("从 2018 年的 3% 增至 2025 年的", "", 2025, "2025 年", id="the-nearest"),
        pytest.param("2023 年的猫比 2020 年多出 ", "", 2023, "2023 年", id="not-the-base"),
        pytest.param("“2023 年养猫研究”说，", " 的店养猫", None, "", id="not-of-a-study"),
        pytest.param("未来两年内，", " 的店会养猫", None, "未来两年内", id="a-span"),
        pytest.param("目前，", " 的店养猫", None, "目前", id="now"),
        pytest.param("", " 的店养猫", None, "", id="untold"),
    ],
)  # fmt: skip
def test_a_frame_tells_the_time(before: str, after: str, year: int | None, when: str) -> None:
    assert read_time(before, after) == (year, when)


@pytest.mark.parametrize(
    ("told", "subject"),
    [
        pytest.param("猫爱吃鱼 ，这不奇怪。", "猫爱吃鱼，这不奇怪", id="where-a-bracket-stood"),
        pytest.param("猫在店里是不存在的。", "猫在店里是不存在的", id="its-last-word-is-needed"),
        pytest.param("受访组织预计到 2025 年，猫将增长 3%", "猫将增长 3%", id="who-expects-it"),
        pytest.param("预计到 2025 年将养猫", "将养猫", id="a-date"),
    ],
)
def test_a_subject_is_tidied(told: str, subject: str) -> None:
    assert tidy(told) == subject


@given(st.text(alphabet="的受访高管表示，。（）() 2023年占只有AI：——猫", max_size=40))
def test_reading_never_fails_and_tidying_adds_nothing(text: str) -> None:
    frame = read_frame(text, text)
    assert set(frame.subject) <= set(text)
    assert set(tidy(text)) <= set(text)
