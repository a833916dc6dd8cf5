"""Late interaction: each word of a question meets the nearest word of a passage.

The vector of a whole text blurs its words; here every word of the question keeps its own, and takes
the best match among the words of the passage and of the bank questions that the passage answers
(MaxSim, Khattab and Zaharia 2020, over static vectors). Words weigh as in the shipped model, whose
vectors are longer for rarer words.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ingest.normalise import normalise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.static import StaticEmbedder


class LateInteraction:
    """Scores groups of texts against a question, word by word."""

    def __init__(self, words: NDArray[np.int64], starts: NDArray[np.int64], embedder: StaticEmbedder) -> None:
        self._embedder = embedder
        self._words = words
        held, self._places = np.unique(words, return_inverse=True)
        self._vectors = _unit(embedder.rows(held))
        self._starts = starts

    @classmethod
    def build(cls, groups: Sequence[Sequence[str]], embedder: StaticEmbedder) -> LateInteraction:
        """Index groups of texts, such as a passage and its questions; none may be empty."""
        unknown = np.zeros(1, np.int64)  # stands for a group without any word; its row is zero
        words = [
            np.unique(np.concatenate([unknown, *(embedder.token_ids(normalise(t)) for t in texts)]))
            for texts in groups
        ]
        starts = np.cumsum([0, *map(len, words[:-1])], dtype=np.int64)
        return cls(np.concatenate(words), starts, embedder)

    @classmethod
    def load(cls, path: Path, embedder: StaticEmbedder) -> LateInteraction:
        """Read an index that `save` wrote, for the same embedder."""
        with np.load(path) as stored:
            return cls(stored["words"], stored["starts"], embedder)

    def save(self, path: Path) -> None:
        """Write the index as one ``.npz`` file."""
        np.savez(path, words=self._words, starts=self._starts)

    def scores(self, question: str) -> NDArray[np.float32]:
        """Give the weighted mean, over the question's words, of each word's best cosine.

        Returns
        -------
        array of float32, shape (groups,)
            0 where the question has no known word.
        """
        asked = self._embedder.token_vectors(normalise(question))
        lengths = np.linalg.norm(asked, axis=1)
        if not lengths.any():
            return np.zeros(len(self._starts), np.float32)
        cosines = _unit(asked) @ self._vectors.T
        best = np.maximum.reduceat(cosines[:, self._places], self._starts, axis=1)
        return np.asarray(lengths @ best / lengths.sum(), np.float32)


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), np.float32)
