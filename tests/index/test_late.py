"""Late interaction: every word of a question meets the nearest word of each group."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.late import LateInteraction
from index.static import StaticEmbedder

GROUPS = [["供应链 实时数据"], ["营销 内容", "客户 体验"], ["？？"]]


def test_a_word_that_stands_in_a_group_is_covered_whole() -> None:
    match = LateInteraction.build(GROUPS, StaticEmbedder()).meet("客户体验")
    assert match.weights.sum() == pytest.approx(1)
    assert match.scores.argmax() == 1
    assert match.scores[1] == pytest.approx(1, abs=1e-3)
    assert match.scores[2] == 0  # a group without any word covers nothing


def test_a_saved_index_gives_the_same(tmp_path: Path) -> None:
    late = LateInteraction.build(GROUPS, StaticEmbedder())
    late.save(tmp_path / "late.npz")
    again = LateInteraction.load(tmp_path / "late.npz", StaticEmbedder())
    assert np.allclose(again.meet("数据").cosines, late.meet("数据").cosines)


def test_no_known_word_gives_zero() -> None:
    assert not LateInteraction.build(GROUPS, StaticEmbedder()).meet("？").scores.any()
