"""Vectors of short texts that are all compared with each question: sentences, bank questions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.embedding import Embedder


def build_vectors(texts: Sequence[str], embedder: Embedder, path: Path) -> None:
    """Embed texts and write their vectors, float32 of shape (len(texts), dimension)."""
    dimension = len(embedder.embed_query("AI"))
    vectors = np.asarray(embedder.embed_documents(list(texts)), np.float32)
    vectors = vectors.reshape(len(texts), dimension)
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    np.save(path, vectors / np.maximum(norms, 1e-12))


def load_vectors(path: Path) -> NDArray[np.float32]:
    """Read vectors that `build_vectors` wrote; they stay on disk until they are used."""
    vectors: NDArray[np.float32] = np.load(path, mmap_mode="r")
    return vectors
