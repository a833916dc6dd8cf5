"""BM25 as a share, over Chinese words and character pairs."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.lexical import LexicalIndex, stems, terms

TEXTS = ["供应链的实时数据", "营销团队与内容创作", "网络安全预算增加了 51%"]


def test_terms_hold_words_pairs_stems_and_numbers() -> None:
    found = terms("供應鏈 Executives 的 6,000 位")
    assert "供应链" in found
    assert {"供应", "应链", "execut", "6000"} <= set(found)
    assert "the" not in terms("the chain")


def test_the_best_text_shares_most_words() -> None:
    index = LexicalIndex.build(TEXTS)
    assert index.scores("供应链数据从哪来").argmax() == 0
    assert index.scores("安全预算").argmax() == 2


def test_an_unknown_word_lowers_the_share() -> None:
    index = LexicalIndex.build(TEXTS)
    assert index.scores("网络安全").max() > index.scores("网络安全火星探测").max() > 0


def test_no_shared_term_scores_zero() -> None:
    assert not LexicalIndex.build(TEXTS).scores("xyz").any()


def test_a_saved_index_scores_the_same(tmp_path: Path) -> None:
    index = LexicalIndex.build(TEXTS)
    index.save(tmp_path / "lexical")
    again = LexicalIndex.load(tmp_path / "lexical")
    assert again.scores("内容营销") == pytest.approx(index.scores("内容营销"))


def test_an_empty_list_can_be_indexed(tmp_path: Path) -> None:
    LexicalIndex.build([]).save(tmp_path / "lexical")
    assert LexicalIndex.load(tmp_path / "lexical").scores("供应链").shape == (0,)


def test_stems_leave_function_words_out() -> None:
    assert stems("What are the barriers of adoption?") == ["barrier", "adopt"]
