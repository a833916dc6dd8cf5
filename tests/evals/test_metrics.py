"""The measures of a run of four questions, worked by hand."""

import math
from collections.abc import Callable

import pytest

from evals.metrics import Measure, Outcome, compare, measure
from tests.evals.conftest import make_answer, make_citation, make_item

RETURNS = "74% 的退货就不会发生。"

Judge = Callable[..., Outcome]


@pytest.fixture
def run(outcome_of: Judge) -> list[Outcome]:
    """Give one right answer, one with a note too many, one false refusal, one false answer.

    ========  ========  ==========  ==============  ===========  =====================
    question  expected  cited       facts           sentences    ranking: place of it
    ========  ========  ==========  ==============  ===========  =====================
    a         1 / 4     1 / 4       1 of 1          1, held      first
    b         1 / 4     1 / 4, 1/5  1 of 2          2, one held  second of two relevant
    c         2 / 9     refused     0 of 1          none         not found
    d         nothing   1 / 5       none            1, held      does not count
    ========  ========  ==========  ==============  ===========  =====================
    """
    cited_4 = make_citation(RETURNS, footnotes=[4])
    cited_5 = make_citation("本子早就丢了。", footnotes=[5])
    bent_5 = make_citation("本子丢了。", footnotes=[5])
    marked_4 = f"{RETURNS}[第1章·注4]"
    expected: dict[str, object] = {"chapters": (1,), "footnotes": (4,)}
    two = (("74%",), ("三成",))
    return [
        outcome_of(
            make_item("a", **expected),
            make_answer(marked_4, cited_4),
            seconds=0.1,
            ranking=["x", "y"],
            relevant=["x"],
        ),
        outcome_of(
            make_item("b", **expected, facts=two),
            make_answer(f"{marked_4}\n不知去向。[第1章·注5]", cited_4, bent_5),
            seconds=0.2,
            ranking=["z", "x"],
            relevant=["x", "y"],
        ),
        outcome_of(
            make_item("c", chapters=(2,), footnotes=(9,)),
            make_answer("书中没有。", answered=False),
            seconds=0.3,
            relevant=["x"],
        ),
        outcome_of(
            make_item("d", answerable=False),
            make_answer("本子早就丢了。[第1章·注5]", cited_5),
            seconds=0.4,
            ranking=["x"],
        ),
    ]


def value(measures: tuple[Measure, ...], name: str) -> float | None:
    [found] = [one for one in measures if one.name == name]
    return found.value


NDCG_OF_B = (1 / math.log2(3)) / (1 + 1 / math.log2(3))  # one of two relevant, at rank 2


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("right", 1 / 4),
        ("fact_recall", 2 / 4),  # of 1 + 2 + 1 + 0 facts
        ("chapter_precision", 2 / 3),  # a and b right, d cites one for nothing
        ("chapter_recall", 2 / 3),  # c cites none
        ("chapter_f1", 2 * 2 / (3 + 3)),
        ("footnote_precision", 2 / 4),  # b cites 5 too, d cites 5
        ("footnote_recall", 2 / 3),
        ("footnote_f1", 2 * 2 / (4 + 3)),
        ("sentence_recall", 3 / 4),  # the second of b stands in no quote
        ("sentence_precision", 3 / 4),
        ("quote_exactness", 3 / 4),
        ("refusal_precision", 0 / 1),  # c is the only refusal, and wrong
        ("refusal_recall", 0 / 1),  # d should have been
        ("answerable_refused", 1 / 3),
        ("seconds_p50", 0.25),
        ("success_at_1", 1 / 3),  # over a, b, c
        ("success_at_5", 2 / 3),
        ("recall_at_1", 1 / 3),
        ("recall_at_5", (1 + 1 / 2 + 0) / 3),
        ("mrr", (1 + 1 / 2 + 0) / 3),
        ("ndcg_at_10", (1 + NDCG_OF_B + 0) / 3),
    ],
)
def test_each_measure_is_what_hand_counting_gives(
    run: list[Outcome], name: str, expected: float
) -> None:
    assert value(measure(run), name) == pytest.approx(expected)


def test_every_value_lies_in_its_interval(run: list[Outcome]) -> None:
    for one in measure(run * 5):
        if one.name == "verdict":  # no claim among them
            continue
        assert one.value is not None
        assert one.low is not None
        assert one.high is not None
        assert one.low <= one.value <= one.high, one.name


def test_front_matter_counts_for_notes_but_not_for_chapters(outcome_of: Judge) -> None:
    """An answerable question without chapters tells nothing about chapters, whatever is cited."""
    given = make_answer("74%", make_citation(RETURNS, chapter=1, footnotes=[4]))
    measures = measure([outcome_of(make_item(footnotes=(4,)), given)])
    assert value(measures, "chapter_precision") is None
    assert value(measures, "chapter_recall") is None
    assert value(measures, "footnote_recall") == 1


def test_verdicts_are_counted_over_the_claims_alone(outcome_of: Judge) -> None:
    """Of three claims one is judged rightly, one wrongly, one not at all; the fourth is none."""
    cited = make_citation(RETURNS, footnotes=[4])
    claim: dict[str, object] = {"kind": "check", "footnotes": (4,), "verdict": "corrected"}
    outcomes = [
        outcome_of(make_item("a", **claim), make_answer(f"不对，{RETURNS}", cited)),
        outcome_of(make_item("b", **claim), make_answer(f"是的，{RETURNS}", cited)),
        outcome_of(make_item("c", **claim), make_answer(RETURNS, cited)),
        outcome_of(make_item("d", footnotes=(4,)), make_answer(f"是的，{RETURNS}", cited)),
    ]
    assert value(measure(outcomes), "verdict") == pytest.approx(1 / 3)
    assert value(measure(outcomes), "right") == pytest.approx(3 / 4)
    assert value(measure(outcomes[3:]), "verdict") is None


def test_what_was_not_there_has_no_value(outcome_of: Judge) -> None:
    refused = make_answer("没有。", answered=False)
    measures = measure([outcome_of(make_item(answerable=False), refused)])
    assert value(measures, "fact_recall") is None
    assert value(measures, "mrr") is None
    assert value(measures, "refusal_recall") == 1
    assert [m.name for m in measures] == [m.name for m in measure([])]


class TestComparing:
    @pytest.fixture
    def outcomes(self, outcome_of: Judge) -> dict[str, tuple[Outcome, Outcome]]:
        """Give a wrong and a right outcome for each of four questions."""
        return {
            key: (
                outcome_of(make_item(key), make_answer("不知道。")),
                outcome_of(make_item(key), make_answer("74%")),
            )
            for key in "abcd"
        }

    def test_gains_and_losses_are_paired_by_question(
        self, outcomes: dict[str, tuple[Outcome, Outcome]]
    ) -> None:
        def runs(right: str) -> list[Outcome]:
            return [both[key in right] for key, both in outcomes.items()]

        found = compare(runs("ab"), list(reversed(runs("acd"))))
        assert found is not None
        assert (set(found.better), found.worse) == ({"c", "d"}, ("b",))
        assert found.difference == pytest.approx(1 / 4)
        assert found.low < found.difference < found.high
        assert found.p == pytest.approx(1.0)  # 2 against 1: 2 * (1 + 3) / 8

    def test_a_question_in_other_words_is_another(
        self, outcomes: dict[str, tuple[Outcome, Outcome]]
    ) -> None:
        wrong, right = outcomes["a"]
        other = right.model_copy(update={"item": make_item("a", question="另一个问题？")})
        assert compare([wrong], [other]) is None
