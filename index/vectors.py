"""Vectors of short texts that are all compared with each question: sentences, bank questions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.embedding import Embedder

_BLOCK = 4096  # texts compared at a time: 8 MB, which the caches hold


def build_vectors(texts: Sequence[str], embedder: Embedder, path: Path) -> None:
    """Embed texts and write their vectors, float32 of shape (len(texts), dimension)."""
    dimension = len(embedder.embed_query("AI"))
    vectors = np.asarray(embedder.embed_documents(list(texts)), np.float32)
    vectors = vectors.reshape(len(texts), dimension)
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    np.save(path, vectors / np.maximum(norms, 1e-12))


def load_vectors(path: Path) -> NDArray[np.float32]:
    """Read vectors that `build_vectors` wrote; they stay on disk until they are used."""
    # A plain array on the same pages: a memmap costs more with every row that is taken.
    return np.asarray(np.load(path, mmap_mode="r"))


def cosines(questions: NDArray[np.float32], vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Compare questions with texts, by vectors of length 1.

    A few questions at a time are limited by the reading of `vectors`: each block is read once and
    compared with all of them, which is quicker than one product of matrices.

    Parameters
    ----------
    questions : array of float32, shape (questions, dimensions)
    vectors : array of float32, shape (texts, dimensions)

    Returns
    -------
    array of float32, shape (questions, texts)
    """
    found = np.empty((len(questions), len(vectors)), np.float32)
    for start in range(0, len(vectors), _BLOCK):
        block = vectors[start : start + _BLOCK]
        for row, question in zip(found, questions, strict=True):
            row[start : start + _BLOCK] = block @ question
    return found
