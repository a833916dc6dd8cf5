"""Scores of words and of vectors are added so that neither drowns the other."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from index.fusion import WEIGHT, bm25_ceiling, fuse


def scores(*values: float) -> NDArray[np.float32]:
    return np.array(values, np.float32)


def test_a_share_of_the_words_and_deviations_of_the_cosine_are_added() -> None:
    """Cosines 0, 3, 6: mean 3, deviation √6; so the third stands √1.5 deviations above."""
    fused = fuse(scores(8, 4, 0), scores(0, 3, 6), ceiling=10.0, weight=0.1)
    deviation = math.sqrt(1.5)
    assert fused == pytest.approx([0.8 - 0.1 * deviation, 0.4, 0.1 * deviation])


def test_cosine_alone_decides_where_no_word_is_shared() -> None:
    fused = fuse(scores(0, 0, 0), scores(0.2, 0.8, -0.1), ceiling=12.0)
    assert list(np.argsort(-fused)) == [1, 0, 2]


def test_a_question_without_words_has_a_ceiling_of_zero_and_still_finite_scores() -> None:
    assert bm25_ceiling([], passages=3) == 0
    assert np.isfinite(fuse(scores(0, 0), scores(0, 0), ceiling=0.0)).all()


def test_a_clear_lexical_winner_is_not_outvoted() -> None:
    """Rank fusion loses such winners, which is why scores are added."""
    cosine = scores(*([0.1] * 50), 0.30, 0.45, 0.50)
    lexical = scores(*([0.0] * 50), 20, 6, 5)
    assert fuse(lexical, cosine, ceiling=25.0).argmax() == 50


def test_a_paraphrase_wins_where_hardly_a_word_is_shared() -> None:
    """The best BM25 score is small beside what the question's words could reach: it is chance."""
    cosine = scores(*([0.1] * 50), 0.1, 0.2, 0.6)
    lexical = scores(*([0.0] * 50), 2.0, 1.5, 0.5)
    assert fuse(lexical, cosine, ceiling=40.0).argmax() == 52


def test_many_questions_at_once_are_fused_one_by_one() -> None:
    lexical = np.array([[8, 4], [2, 1]], np.float32)
    cosine = np.array([[0.2, 0.4], [0.6, 0.8]], np.float32)
    ceilings = scores(9, 4)
    rows = [
        fuse(one, other, ceiling=highest)
        for one, other, highest in zip(lexical, cosine, ceilings, strict=True)
    ]
    assert fuse(lexical, cosine, ceiling=ceilings) == pytest.approx(np.stack(rows))


def test_no_passages_give_no_scores() -> None:
    assert fuse(scores(), scores(), ceiling=5.0).shape == (0,)


def test_scores_of_different_passages_are_refused() -> None:
    with pytest.raises(ValueError, match="shapes differ"):
        fuse(scores(1, 2), scores(1, 2, 3), ceiling=1.0)


def test_the_ceiling_is_the_sum_of_the_idf_of_all_words() -> None:
    """Of 9 passages: idf ln(1 + 8.5/1.5) for a word that one holds, ln 20 for an unknown one."""
    expected = math.log(1 + 8.5 / 1.5) + math.log(1 + 9.5 / 0.5)
    assert bm25_ceiling([1, 0], passages=9) == pytest.approx(expected)


def test_no_bm25_score_exceeds_the_ceiling() -> None:
    from bm25s import BM25

    passages = [["裁员", "裁员", "裁员"], ["投资"], ["员工", "投资"]]
    index = BM25()
    index.index(passages, show_progress=False)
    question = ["裁员", "投资"]
    ceiling = bm25_ceiling([1, 2], passages=len(passages))
    assert index.get_scores(question).max() < ceiling


def test_the_chosen_weight_lets_words_lead() -> None:
    """Even a cosine four deviations above the mean weighs less than a match of half the words."""
    assert 0 < 4 * WEIGHT < 0.5
