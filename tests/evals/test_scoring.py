"""Judging one answer: each rule by itself, and all of them together."""

import pytest

from assistant.answer import Answer, Note
from evals.scoring import LONGEST_LIST, LONGEST_SINGLE, is_exact, judge, longest
from tests.evals.conftest import make_answer, make_citation, make_item

SOURCE = "书里说，74% 的退货不会发生。"
QUOTE = make_citation(SOURCE[4:], footnotes=[4])
NOTE = Note(number=4, text="A survey of 120 shops.", url=None)
EXPECTED = make_item(chapters=(1,), footnotes=(4,))


def faults(answer: Answer, **fields: object) -> tuple[str, ...]:
    item = make_item(**{"chapters": (1,), "footnotes": (4,), **fields})
    return judge(item, answer, SOURCE).faults


def test_an_answer_with_nothing_wrong_is_right() -> None:
    judgement = judge(EXPECTED, make_answer("有 74%。", QUOTE, notes=[NOTE]), SOURCE)
    assert judgement.right
    assert judgement.facts_found == 1


def test_a_missing_fact_is_named_with_its_wordings() -> None:
    assert faults(make_answer("很多。", QUOTE), facts=(("74%", "四分之三"),)) == (
        "缺少事实：74% / 四分之三",
    )


def test_a_fact_may_stand_in_the_notes() -> None:
    given = make_answer("见注。", QUOTE, notes=[NOTE])
    assert faults(given, facts=(("120",),)) == ()
    assert faults(make_answer("见注。", QUOTE), facts=(("120",),)) == ("缺少事实：120",)


@pytest.mark.parametrize(
    ("cited", "expected", "said"),
    [
        pytest.param([1], (1,), (), id="the-same"),
        pytest.param([1, 2], (1,), ("章不对：引了 1、2",), id="one-too-many"),
        pytest.param([1], (1, 2), ("章不对：引了 1",), id="one-too-few"),
        pytest.param([None], (1,), ("章不对：引了 （无）",), id="front-matter-is-no-chapter"),
        pytest.param([1, None], (1,), (), id="front-matter-beside-it"),
        pytest.param([2], (), (), id="no-chapter-is-expected"),
    ],
)
def test_chapters_must_be_those_expected(
    cited: list[int | None], expected: tuple[int, ...], said: tuple[str, ...]
) -> None:
    citations = [make_citation(SOURCE, chapter=chapter, footnotes=[4]) for chapter in cited]
    assert faults(make_answer("74%", *citations), chapters=expected) == said


@pytest.mark.parametrize(
    ("cited", "kind", "said"),
    [
        pytest.param([4], "figure", (), id="exactly"),
        pytest.param([4, 5], "figure", ("注不对：引了 4、5",), id="one-too-many"),
        pytest.param([], "figure", ("注不对：引了 （无）",), id="none"),
        pytest.param([], "source", (), id="a-listed-note-counts-for-a-source"),
        pytest.param([5], "source", ("注不对：引了 4、5",), id="but-no-other-beside-it"),
    ],
)
def test_footnotes_must_be_exact(cited: list[int], kind: str, said: tuple[str, ...]) -> None:
    given = make_answer("74%", make_citation(SOURCE, footnotes=cited), notes=[NOTE])
    assert faults(given, kind=kind) == said


def test_a_footnote_that_nothing_expects_is_wrong() -> None:
    assert faults(make_answer("74%", QUOTE), footnotes=()) == ("注不对：引了 4",)


def test_every_quote_must_stand_in_the_book() -> None:
    bent = make_citation("74% 的退货 不会发生", footnotes=[4])
    assert faults(make_answer("74%", QUOTE, bent)) == ("1 处引文与书不符",)
    assert not is_exact("", SOURCE)


@pytest.mark.parametrize(
    ("kind", "facts", "expected"),
    [
        pytest.param("figure", 1, LONGEST_SINGLE, id="single"),
        pytest.param("figure", 2, LONGEST_SINGLE, id="pair"),
        pytest.param("figure", 3, LONGEST_LIST, id="three-facts-are-a-list"),
        pytest.param("action", 1, LONGEST_LIST, id="actions-are-a-list"),
    ],
)
def test_a_list_may_be_longer(kind: str, facts: int, expected: int) -> None:
    assert longest(make_item(kind=kind, facts=[[f"{n}%"] for n in range(facts)])) == expected


def test_an_answer_at_the_bound_is_read_and_one_above_it_not() -> None:
    padding = "长" * (LONGEST_SINGLE - len("74%"))
    assert faults(make_answer("74%" + padding, QUOTE)) == ()
    assert faults(make_answer("74%" + padding + "长", QUOTE)) == ("太长：701 字，上限 700 字",)


def test_a_refusal_of_an_answerable_question_is_one_fault() -> None:
    given = judge(EXPECTED, make_answer("书中没有。", answered=False), SOURCE)
    assert given.faults == ("书中有，却没有回答",)
    assert given.facts_found == 0


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param(make_answer("没有。", answered=False), (), id="refused"),
        pytest.param(make_answer("有 74%。", QUOTE), ("书中没有，却作了回答",), id="answered"),
        pytest.param(
            make_answer("没有。", QUOTE, answered=False),
            ("拒答却附了引文",),
            id="refused-but-cites",
        ),
    ],
)
def test_what_the_book_does_not_say_is_refused_without_citation(
    given: Answer, said: tuple[str, ...]
) -> None:
    assert judge(make_item(answerable=False), given, SOURCE).faults == said
