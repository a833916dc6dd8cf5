"""Reading from the opening of an answer whether a claim is confirmed or corrected."""

import pytest

from assistant.answer import Answer
from evals.scoring import judge
from evals.verdict import stated_verdict
from tests.evals.conftest import make_answer, make_citation, make_item


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("书中确有这个数字，原文是：\n74%。", "confirmed", id="there-it-is"),
        pytest.param("是的，书中说 74%。[第1章·注4]", "confirmed", id="yes"),
        pytest.param("对，74% 的退货不会发生。", "confirmed", id="right"),
        pytest.param("**属实**。74% 的退货不会发生。", "confirmed", id="in-bold"),
        pytest.param("这个说法与书中一致：74%。", "confirmed", id="as-in-the-book"),
        pytest.param("您的说法正确，74%。", "confirmed", id="you-are-right"),
        pytest.param("Yes, 74% of returns would not happen.", "confirmed", id="english-yes"),
        pytest.param("与书中的数字不符，书中写的是：\n74%。", "corrected", id="it-differs"),
        pytest.param("不是，是 74%。", "corrected", id="no"),
        pytest.param("这个数字不准确，书中为 74%。", "corrected", id="not-accurate"),
        pytest.param("数字对，人群不对：74% 说的是退货。", "corrected", id="half-right-is-wrong"),
        pytest.param("恰恰相反，74% 的退货不会发生。", "corrected", id="the-opposite"),
        pytest.param("书中没有这个说法，只说 74%。", "corrected", id="the-book-does-not"),
        pytest.param("您记错了，是 74%。", "corrected", id="wrongly-remembered"),
        pytest.param("No, it is 74%.", "corrected", id="english-no"),
        pytest.param("书中的说法是：\n不是 74%。", None, id="says-neither"),
        pytest.param("74% 的人看重收入，而不是成本。", None, id="a-quote-that-denies"),
        pytest.param("不同行业的高管看法不同。", None, id="a-quote-that-differs"),
        pytest.param("对企业来说，这不够。", None, id="a-quote-that-opens-with-a-preposition"),
        pytest.param("确保数据准确。[第1章]不对。", None, id="behind-the-first-mark"),
        pytest.param("Note that 74% hold.", None, id="no-word-of-its-own"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_the_opening_tells(text: str, expected: str | None) -> None:
    assert stated_verdict(text) == expected


SOURCE = "74% 的退货不会发生。"
QUOTE = make_citation(SOURCE, footnotes=[4])


@pytest.mark.parametrize(
    ("opening", "expected", "right", "faults"),
    [
        pytest.param("是的，", "confirmed", True, (), id="confirmed"),
        pytest.param("不对，", "corrected", True, (), id="corrected"),
        pytest.param("是的，", "corrected", False, ("说成属实，其实不对",), id="a-false-yes"),
        pytest.param("不对，", "confirmed", False, ("说成不对，其实属实",), id="a-false-no"),
        pytest.param("", "corrected", False, (), id="unsaid"),
        pytest.param("不对，", None, None, (), id="no-claim"),
    ],
)
def test_a_false_verdict_is_a_fault_and_a_missing_one_is_only_counted(
    opening: str, expected: str | None, right: bool | None, faults: tuple[str, ...]
) -> None:
    item = make_item(kind="check", chapters=(1,), footnotes=(4,), verdict=expected)
    judgement = judge(item, make_answer(f"{opening}{SOURCE}", QUOTE), SOURCE)
    assert judgement.verdict_right is right
    assert judgement.faults == faults


def test_a_refusal_gives_no_verdict() -> None:
    refused: Answer = make_answer("书中没有这个说法。", answered=False)
    assert judge(make_item(verdict="corrected"), refused, SOURCE).verdict_right is False
