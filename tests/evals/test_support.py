"""Citation recall and precision by sentence, worked by hand."""

import pytest

from evals.support import Statement, Support, statements_of, support
from ingest.document import Book
from tests.evals.conftest import make_answer, make_citation

LOST = "半的店主坦白，本子早就丢了。"
RETURNS = "老顾客说过的话若是都写在本子上，74% 的退货就不会发生。"
A, B = make_citation(RETURNS, footnotes=[4]), make_citation(LOST, footnotes=[5])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("甲。乙。[第1章·注4]", [("甲。", 1), ("乙。", 1)], id="a-mark-covers-its-run"),
        pytest.param(
            "甲。[第1章]乙。[第2章]", [("甲。", 1), ("乙。", 1)], id="back-to-the-last-mark"
        ),
        pytest.param("甲。[第1章][引言·注1、2]", [("甲。", 2)], id="two-marks"),
        pytest.param("甲。[第1章]乙。", [("甲。", 1), ("乙。", 0)], id="none-behind-it"),
        pytest.param("甲。\n乙。[第1章]", [("甲。", 0), ("乙。", 1)], id="a-line-stands-alone"),
        pytest.param("要做三件事：\n1. 甲。[第1章]", [("甲。", 1)], id="an-announcement"),
        pytest.param("。[第1章]", [], id="no-letter"),
    ],
)
def test_which_mark_covers_which_sentence(text: str, expected: list[tuple[str, int]]) -> None:
    assert [(s.text, len(s.marks)) for s in statements_of(text)] == expected


def test_a_mark_is_read_as_it_is_printed() -> None:
    [statement] = statements_of("甲。[第 1 章·注4、 5]")
    assert statement == Statement("甲。", ("[第1章·注4、5]",))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # sentences, supported, marks, needed marks
        pytest.param(f"{RETURNS}[第1章·注4]", (1, 1, 1, 1), id="word-for-word"),
        pytest.param(
            "老顾客说过的话若是都写在本子上,74%的退货就不会发生[第1章·注4]",
            (1, 1, 1, 1),
            id="spacing-and-punctuation-aside",
        ),
        pytest.param("四分之三的退货不会发生。[第1章·注4]", (1, 0, 1, 0), id="other-words"),
        pytest.param(f"{RETURNS}[第1章·注5]", (1, 0, 1, 0), id="another-passage"),
        pytest.param(f"{RETURNS}[第2章·注4]", (1, 0, 1, 0), id="a-mark-of-nothing"),
        pytest.param(RETURNS, (1, 0, 0, 0), id="no-mark"),
        pytest.param(f"{RETURNS}[第1章·注4][第1章·注5]", (1, 1, 2, 1), id="one-mark-too-many"),
        pytest.param(
            f"{RETURNS}[第1章·注4]\n{LOST}[第1章·注4]", (2, 1, 2, 1), id="one-of-two-lines"
        ),
    ],
)
def test_sentences_and_marks_are_counted(
    small: Book, text: str, expected: tuple[int, int, int, int]
) -> None:
    counted = support(make_answer(text, A, B), small)
    assert counted == Support(
        sentences=expected[0],
        sentences_supported=expected[1],
        citations=expected[2],
        citations_needed=expected[3],
    )


def test_two_passages_that_carry_a_sentence_only_together_are_both_needed(small: Book) -> None:
    """ALCE: a citation that does not suffice is still precise where the sentence falls without."""
    first = make_citation("店里的事太多，", footnotes=[1])
    second = make_citation("谁也记不全。", footnotes=[2])
    given = make_answer("店里的事太多，谁也记不全。[第1章·注1][第1章·注2]", first, second)
    assert support(given, small) == Support(
        sentences=1, sentences_supported=1, citations=2, citations_needed=2
    )


def test_two_quotes_of_one_mark_carry_what_it_covers(small: Book) -> None:
    first, second = make_citation("一格就够。"), make_citation("灰要常擦。")
    given = make_answer("1. 一格就够。[第1章]\n2. 灰要常擦。[第1章]", first, second)
    assert support(given, small).sentences_supported == 2


def test_front_matter_is_cited_by_its_name(small: Book) -> None:
    cited = make_citation("关灯之前，再看一眼书架。", chapter=None, place="结束语")
    given = make_answer("关灯之前，再看一眼书架。[结束语]", cited)
    assert support(given, small).sentences_supported == 1


def test_the_book_says_who_speaks(small: Book) -> None:
    cited = make_citation("“书架是店主写给整条街的一封长信。”")
    given = make_answer(
        "Mei Lin（一页书店 首席执行官）：“书架是店主写给整条街的一封长信。”[第1章]",
        cited.model_copy(update={"passage_id": "ch01.opening.q1"}),
    )
    assert support(given, small).sentences_supported == 1
    assert support(given.model_copy(update={"citations": (cited,)}), small).sentences_supported == 0


def test_a_refusal_has_nothing_to_support(small: Book) -> None:
    assert support(make_answer("书中没有。", answered=False), small) == Support()
