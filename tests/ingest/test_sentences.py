"""A sentence is what an answer quotes: it must be whole, exact, and carry its own note alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.document import Book
from ingest.marks import Mark, find_marks
from ingest.sentences import Span, is_damaged, split_sentences

_PASSAGE = st.text("书店开门AI2%.，：。！？!?“”‘’（）()【】[]*¹²³ \n\u3000", max_size=60)


def cut(text: str) -> list[tuple[str, tuple[int, ...]]]:
    return [
        (text[span.start : span.end], tuple(mark.number for mark in span.marks))
        for span in split_sentences(text)
    ]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        pytest.param("甲。乙！丙？", [("甲。", ()), ("乙！", ()), ("丙？", ())], id="each-stop"),
        pytest.param("甲。", [("甲。", ())], id="one-alone"),
        pytest.param("甲", [("甲", ())], id="a-heading-has-no-stop"),
        pytest.param("甲。乙", [("甲。", ()), ("乙", ())], id="an-open-end"),
        pytest.param("甲。³", [("甲。", (3,))], id="a-mark-at-the-end"),
        pytest.param("甲。³乙。", [("甲。", (3,)), ("乙。", ())], id="a-glued-mark-looks-back"),
        pytest.param("甲。 ³ 乙。", [("甲。", (3,)), ("乙。", ())], id="a-space-before-the-mark"),
        pytest.param("甲³。乙。", [("甲³。", (3,)), ("乙。", ())], id="a-mark-before-the-stop"),
        pytest.param("甲¹，乙。²", [("甲¹，乙。", (1, 2))], id="a-mark-within"),
        pytest.param(
            "甲。⁴⁵\n乙。⁴⁶", [("甲。", (45,)), ("乙。", (46,))], id="a-mark-on-each-line"
        ),
        pytest.param("“甲。”乙。", [("“甲。”", ()), ("乙。", ())], id="quotation-marks-close"),
        pytest.param("“甲。”⁹", [("“甲。”", (9,))], id="a-mark-after-a-quotation"),
        pytest.param(
            "“甲。乙。”⁹ 丙。",
            [("“甲。", (9,)), ("乙。”", (9,)), ("丙。", ())],
            id="it-covers-the-whole-quotation",
        ),
        pytest.param(
            "丁。“甲。乙。”⁹",
            [("丁。", ()), ("“甲。", (9,)), ("乙。”", (9,))],
            id="and-nothing-before-it",
        ),
        pytest.param(
            "“甲。¹乙。”²", [("“甲。", (1,)), ("乙。”", (2,))], id="a-sentence-with-a-mark-keeps-it"
        ),
        pytest.param("甲（乙。丙）丁。", [("甲（乙。丙）丁。", ())], id="no-stop-inside-brackets"),
        pytest.param("甲 (63%) 乙。", [("甲 (63%) 乙。", ())], id="half-width-brackets"),
        pytest.param("甲。）乙。", [("甲。）", ()), ("乙。", ())], id="a-stray-closing-bracket"),
        pytest.param(
            "（如甲 AI)。乙。", [("（如甲 AI)。", ()), ("乙。", ())], id="brackets-of-two-widths"
        ),
        pytest.param(
            "甲（乙。\n\n丙。丁。",
            [("甲（乙。\n\n丙。", ()), ("丁。", ())],
            id="an-open-bracket-ends-with-the-paragraph",
        ),
        pytest.param("甲？！乙。", [("甲？！", ()), ("乙。", ())], id="two-stops-are-one-end"),
        pytest.param("甲 3.4 倍，乙。", [("甲 3.4 倍，乙。", ())], id="a-decimal-point"),
        pytest.param("**甲。** 乙。", [("甲。", ()), ("乙。", ())], id="a-bold-opening"),
        pytest.param("**甲：** 乙。", [("**甲：** 乙。", ())], id="a-bold-opening-without-a-stop"),
        pytest.param(
            "甲。**乙**丙。", [("甲。", ()), ("**乙**丙。", ())], id="bold-opens-the-next"
        ),
        pytest.param(" \n甲。\u3000", [("甲。", ())], id="outer-white-space"),
        pytest.param("甲\n乙。", [("甲\n乙。", ())], id="a-line-break-within"),
        pytest.param("", [], id="nothing"),
        pytest.param(" \n ", [], id="white-space"),
    ],
)
def test_a_text_is_cut_at_its_stops(
    text: str, sentences: list[tuple[str, tuple[int, ...]]]
) -> None:
    assert cut(text) == sentences


def test_offsets_count_from_the_start_of_the_source() -> None:
    assert split_sentences("甲。²", offset=10) == (Span(10, 12, (Mark(2, 12, 13),)),)


@pytest.mark.parametrize(
    ("sentence", "damaged"),
    [
        pytest.param("的店主都说好。", True, id="the-share-is-gone"),
        pytest.param("半的店主都说好。", True, id="half-a-half"),
        pytest.param("**的店主**都说好。", True, id="behind-a-bold-sign"),
        pytest.param("%的店主都说好。", True, id="a-percent-sign-without-its-figure"),
        pytest.param("分之二的店主都说好。", True, id="a-fraction-without-its-whole"),
        pytest.param("成的店主都说好。", True, id="tenths-without-their-figure"),
        pytest.param("，店主都说好。", True, id="a-comma"),
        pytest.param("们都说好。", True, id="a-plural-ending"),
        pytest.param("年，店主都说好。", True, id="a-year-without-its-figure"),
        pytest.param("了三家店。", True, id="a-verb-ending"),
        pytest.param("的确很好。", False, id="indeed"),
        pytest.param("了解顾客。", False, id="to-understand"),
        pytest.param("了结旧账。", False, id="to-settle"),
        pytest.param("了不起的店主。", False, id="terrific"),
        pytest.param("了如指掌的只有店主。", False, id="like-the-palm-of-the-hand"),
        pytest.param("年轻人都说好。", False, id="the-young"),
        pytest.param("日子还长。", False, id="days"),
        pytest.param("半数店主都说好。", False, id="half"),
        pytest.param("成功的店主都说好。", False, id="successful"),
        pytest.param("分店都说好。", False, id="a-branch"),
        pytest.param("“好。”", False, id="a-quotation"),
        pytest.param("75% 的店主都说好。", False, id="whole"),
    ],
)
def test_a_sentence_that_lost_its_beginning_is_told(sentence: str, damaged: bool) -> None:
    assert is_damaged(sentence) is damaged


@given(_PASSAGE)
def test_sentences_are_ordered_slices_that_hold_every_letter(text: str) -> None:
    spans = split_sentences(text)
    bounds = [0, *(edge for span in spans for edge in (span.start, span.end)), len(text)]
    assert bounds == sorted(bounds)
    marks = {place for mark in find_marks(text) for place in range(mark.start, mark.end)}
    held = {place for span in spans for place in range(span.start, span.end)}
    lost = {text[place] for place in range(len(text)) if place not in held | marks}
    assert lost <= set(" \n\u3000*")


@given(_PASSAGE)
def test_joined_with_what_stands_between_they_are_the_text(text: str) -> None:
    joined, position = "", 0
    for span in split_sentences(text):
        joined += text[position : span.start] + text[span.start : span.end]
        position = span.end
    assert joined + text[position:] == text


@given(_PASSAGE)
def test_no_mark_is_lost_and_none_is_made(text: str) -> None:
    called = {mark for span in split_sentences(text) for mark in span.marks}
    assert called == set(find_marks(text))


@given(_PASSAGE, st.integers(0, 500))
def test_an_offset_moves_everything_alike(text: str, offset: int) -> None:
    moved = tuple(
        Span(
            span.start + offset,
            span.end + offset,
            tuple(Mark(mark.number, mark.start + offset, mark.end + offset) for mark in span.marks),
        )
        for span in split_sentences(text)
    )
    assert split_sentences(text, offset=offset) == moved


@given(st.lists(st.text("书店开门AI，", min_size=1), min_size=1, max_size=6), st.data())
def test_a_mark_belongs_to_the_sentence_that_it_ends(words: list[str], data: st.DataObject) -> None:
    marked = [data.draw(st.sampled_from(["", "⁵", "²³", "¹⁰⁵"])) for _ in words]
    text = "".join(f"{word}。{mark}" for word, mark in zip(words, marked, strict=True))
    numbers = {"": (), "⁵": (5,), "²³": (23,), "¹⁰⁵": (105,)}
    assert [own for _, own in cut(text)] == [numbers[mark] for mark in marked]


def test_the_digest_is_cut_into_clean_sentences(digest: Book) -> None:
    """No sentence of real prose opens with closing punctuation or holds two stops in a row."""
    for passage in digest.passages:
        for sentence in passage.sentences:
            assert sentence.text == sentence.text.strip(), passage.id
            assert sentence.text[0] not in "。！？，、”）)", passage.id
