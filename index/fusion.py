"""Merging what words say with what vectors say.

Ranks alone throw away how sure BM25 is: where question and passage share their words, reciprocal
rank fusion loses what BM25 had right. Scaling BM25 to its best passage has the opposite fault:
where a question shares hardly a word with any passage, the best of them still counts in full, and
drowns the vectors just where they are needed. So a BM25 score is set beside the highest that the
question's words could reach at all: a share that says how much of the question was matched. The
cosine is counted in standard deviations from the question's mean over all passages, because some
questions are close to everything. (Measured against the two others; see the model card.)
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

# Of a cosine one standard deviation above the mean, beside a BM25 score that matches all words.
WEIGHT: Final = 0.03


def fuse(
    lexical: NDArray[np.float32],
    cosine: NDArray[np.float32],
    *,
    ceiling: ArrayLike,
    weight: float = WEIGHT,
) -> NDArray[np.float32]:
    """Add the cosine of each passage to its BM25 score, each on a scale common to all questions.

    Parameters
    ----------
    lexical : array of float32, shape (..., passages)
        BM25 scores of all passages for a question (a row a question), from 0.
    cosine : array of float32, same shape
        Cosines of the same passages, in the same order.
    ceiling : float, or array of shape (...)
        What `bm25_ceiling` gives for each question. Where it is 0, the cosine decides alone.
    weight : float
        Share of a full match of words that one standard deviation of the cosine is worth.

    Returns
    -------
    array of float32, same shape
        Higher is better. Scores compare within a question only.

    Raises
    ------
    ValueError
        If the shapes differ.
    """
    if lexical.shape != cosine.shape:
        raise ValueError(f"shapes differ: {lexical.shape} lexical, {cosine.shape} cosine")
    highest = np.asarray(ceiling, np.float32)[..., None]
    matched = lexical / np.where(highest > 0, highest, 1)
    return (matched + weight * _standardised(cosine)).astype(np.float32)


def bm25_ceiling(held_by: Iterable[int], *, passages: int) -> float:
    """Give the BM25 score that no passage can exceed for a question.

    Parameters
    ----------
    held_by : iterable of int
        For each word of the question, repetitions included: how many passages hold it; 0 for a
        word that none holds, which so counts as a word left unmatched.
    passages : int
        How many passages there are.

    Returns
    -------
    float
        The sum of the words' idf, as Lucene defines it (and bm25s by default).
    """
    return sum(math.log(1 + (passages - held + 0.5) / (held + 0.5)) for held in held_by)


def _standardised(cosine: NDArray[np.float32]) -> NDArray[np.float32]:
    """Count in standard deviations from the mean over the passages; 0 where all are alike."""
    if not cosine.shape[-1]:
        return cosine
    spread = cosine.std(axis=-1, keepdims=True)
    standardised: NDArray[np.float32] = (cosine - cosine.mean(axis=-1, keepdims=True)) / np.where(
        spread > 1e-6, spread, np.inf
    )
    return standardised
