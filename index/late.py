"""Late interaction: each word of a question meets the nearest word of a passage.

The vector of a whole text blurs its words; here every word of the question keeps its own, and takes
the best match among the words of the passage and of the bank questions that the passage answers
(MaxSim, Khattab and Zaharia 2020, over static vectors). Words weigh as in the shipped model, whose
vectors are longer for rarer words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ingest.normalise import normalise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.static import StaticEmbedder


@dataclass(frozen=True, slots=True)
class WordMatch:
    """How well each group of texts covers each word of a question."""

    weights: NDArray[np.float32]  # of the question's known words, shape (words,), sum 1
    cosines: NDArray[np.float32]  # to the nearest word of each group, shape (words, groups)

    @property
    def scores(self) -> NDArray[np.float32]:
        """The weighted mean of the cosines, shape (groups,); 0 where no word is known."""
        return np.asarray(self.weights @ self.cosines, np.float32)


class LateInteraction:
    """Scores groups of texts against a question, word by word."""

    def __init__(
        self, words: NDArray[np.int64], starts: NDArray[np.int64], embedder: StaticEmbedder
    ) -> None:
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

    def meet(self, question: str) -> WordMatch:
        """Match every word of a question with every group."""
        asked = self._embedder.token_vectors(normalise(question))
        lengths = np.linalg.norm(asked, axis=1)
        asked, lengths = asked[lengths > 0], lengths[lengths > 0]
        if not len(lengths):
            return WordMatch(lengths, np.zeros((0, len(self._starts)), np.float32))
        cosines = _unit(asked) @ self._vectors.T
        best = np.maximum.reduceat(cosines[:, self._places], self._starts, axis=1)
        return WordMatch(lengths / lengths.sum(), best)


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), np.float32)
