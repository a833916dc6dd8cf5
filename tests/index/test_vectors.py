"""Vectors of texts, and questions compared with them."""

from __future__ import annotations

import numpy as np

from index.vectors import cosines


def test_cosines_are_those_of_one_product() -> None:
    rng = np.random.default_rng(0)
    texts, questions = rng.normal(size=(1300, 16)), rng.normal(size=(3, 16))
    found = cosines(questions.astype(np.float32), texts.astype(np.float32))
    assert found.shape == (3, 1300)
    assert np.allclose(found, questions @ texts.T, atol=1e-4)
    assert cosines(questions.astype(np.float32), np.zeros((0, 16), np.float32)).shape == (3, 0)
