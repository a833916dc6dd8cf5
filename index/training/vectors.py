"""The rows that training starts from.

A row is a word's meaning (what it stands beside in the corpus, and what its English glosses are)
mixed with a random direction, times its idf. The random part tells rare words apart, as BM25 does;
without it, start rows of little variance drown them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from index.training.thesaurus import unit_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Rows = NDArray[np.float32]

_WINDOW: Final = 5  # tokens on each side
_SMOOTHING: Final = 0.75  # Levy, Goldberg and Dagan 2015
_TRUSTED: Final = 20  # occurrences from which what a word stands beside counts half
_GLOSS: Final = 0.7  # of the glosses beside the corpus
_MEANING: Final = 0.4  # of the squared length; the rest is random


def start_rows(
    texts: Sequence[Sequence[int]],
    glosses: Any,  # noqa: ANN401
    *,
    dimension: int,
    seed: int,
) -> Rows:
    """Make the rows that training starts from.

    Parameters
    ----------
    texts : sequence of sequences of int
        The passages of the corpus, as token ids.
    glosses : scipy sparse array, shape (vocabulary, features)
        Rows of unit length or zero, from `index.training.thesaurus.gloss_rows`.
    dimension : int
        Length of a row.
    seed : int
        Of the random directions and of the factorisation.

    Returns
    -------
    array of float32, shape (vocabulary, dimension)
        Row 0, the unknown token's, is zero.
    """
    size = glosses.shape[0]
    meaning = _meaning(texts, glosses, dimension=dimension, seed=seed)
    chance = np.random.default_rng(seed).standard_normal((size, dimension), np.float32)
    mixed = np.sqrt(_MEANING) * meaning + np.sqrt(1 - _MEANING) * _unit(chance)
    rows: Rows = (mixed * _idf(texts, size)[:, None]).astype(np.float32)
    rows[0] = 0
    return rows


def _meaning(
    texts: Sequence[Sequence[int]],
    glosses: Any,  # noqa: ANN401
    *,
    dimension: int,
    seed: int,
) -> Rows:
    """Factorise what words stand beside and what they are explained by, together."""
    from scipy.sparse import diags_array, hstack
    from sklearn.utils.extmath import randomized_svd

    size = glosses.shape[0]
    tokens = np.concatenate([np.asarray(text, np.int64) for text in texts])
    counts = np.bincount(tokens, minlength=size)
    trust = (counts / (counts + _TRUSTED)).astype(np.float32)
    beside = diags_array(trust) @ unit_rows(_ppmi(_neighbours(texts, size)))
    table = hstack([beside, _GLOSS * glosses]).tocsr()
    rank = min(dimension, *(side - 1 for side in table.shape))
    left, strengths, _ = randomized_svd(table, rank, n_iter=3, random_state=seed)
    meaning = np.zeros((size, dimension), np.float32)
    meaning[:, :rank] = left * np.sqrt(strengths)
    return _unit(meaning)


def _neighbours(texts: Sequence[Sequence[int]], size: int) -> Any:  # noqa: ANN401
    """Count how often two tokens stand at most `_WINDOW` apart in a text."""
    from scipy.sparse import coo_array, csr_array

    tokens = np.concatenate([np.asarray(text, np.int64) for text in texts])
    owner = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    total = csr_array((size, size), dtype=np.float32)
    for distance in range(1, _WINDOW + 1):
        together = owner[:-distance] == owner[distance:]
        keys = tokens[:-distance][together] * size + tokens[distance:][together]
        unique, counts = np.unique(keys, return_counts=True)
        places = (unique // size, unique % size)
        total = total + coo_array((counts.astype(np.float32), places), (size, size)).tocsr()
    return (total + total.T).tocoo()


def _ppmi(counts: Any) -> Any:  # noqa: ANN401
    """Turn counts into positive pointwise mutual information, contexts smoothed."""
    from scipy.sparse import coo_array

    row, column = counts.coords
    size = counts.shape[0]
    rows = np.bincount(row, weights=counts.data, minlength=size)
    contexts = np.bincount(column, weights=counts.data, minlength=size) ** _SMOOTHING
    contexts /= contexts.sum()
    values = np.log(counts.data / np.maximum(rows[row] * contexts[column], 1e-12))
    kept = values > 0
    places = (row[kept], column[kept])
    return coo_array((values[kept].astype(np.float32), places), counts.shape).tocsr()


def _idf(texts: Sequence[Sequence[int]], size: int) -> Rows:
    """Give each token's inverse document frequency; an unseen token counts as a rare one."""
    held = np.zeros(size, np.int64)
    for text in texts:
        held[np.unique(np.asarray(text, np.int64))] += 1
    idf = np.log((len(texts) + 1) / (held + 1)).astype(np.float32)
    seen = idf[held > 0]
    return np.minimum(idf, np.quantile(seen, 0.98)) if len(seen) else idf


def _unit(rows: Rows) -> Rows:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Rows = (rows / np.maximum(lengths, 1e-9)).astype(np.float32)
    return unit
