"""Scores of words and of vectors are added so that neither drowns the other."""

import numpy as np
import pytest

from index.fusion import WEIGHT, fuse


def scores(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


def test_the_best_lexical_score_counts_one_and_the_cosine_counts_its_weight() -> None:
    fused = fuse(scores(8, 4, 0), scores(0.1, 0.9, 0.5), weight=0.5)
    assert fused == pytest.approx([1 + 0.05, 0.5 + 0.45, 0.25])


def test_cosine_alone_decides_where_no_word_is_shared() -> None:
    fused = fuse(scores(0, 0, 0), scores(0.2, 0.8, -0.1), weight=0.5)
    assert list(np.argsort(-fused)) == [1, 0, 2]
    assert np.isfinite(fused).all()


def test_a_clear_lexical_winner_is_not_outvoted() -> None:
    """Rank fusion loses such winners, which is why scores are added (see the model card)."""
    fused = fuse(scores(20, 6, 5), scores(0.30, 0.45, 0.50))
    assert fused.argmax() == 0


def test_a_paraphrase_wins_where_words_hardly_tell_passages_apart() -> None:
    fused = fuse(scores(5.0, 4.9, 4.8), scores(0.1, 0.2, 0.7))
    assert fused.argmax() == 2


def test_many_questions_at_once_are_scaled_one_by_one() -> None:
    lexical = np.array([[8, 4], [2, 1]], np.float32)
    cosine = np.array([[0.2, 0.4], [0.6, 0.8]], np.float32)
    rows = [fuse(one, other) for one, other in zip(lexical, cosine, strict=True)]
    assert np.array_equal(fuse(lexical, cosine), np.stack(rows))


def test_no_passages_give_no_scores() -> None:
    assert fuse(scores(), scores()).shape == (0,)


def test_scores_of_different_passages_are_refused() -> None:
    with pytest.raises(ValueError, match="shapes differ"):
        fuse(scores(1, 2), scores(1, 2, 3))


def test_the_chosen_weight_lets_words_lead() -> None:
    assert 0 < WEIGHT <= 1
