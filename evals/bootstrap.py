"""How sure a figure is, and whether two runs differ: resampling over questions.

The questions of a data set are a sample of those that leaders may ask, so each figure comes with a
percentile interval over resampled questions (Efron and Tibshirani, "An Introduction to the
Bootstrap", 1993, chapter 13). All random numbers are seeded: the same run gives the same interval.
"""

from __future__ import annotations

from functools import lru_cache
from math import comb
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

RESAMPLES = 2_000
LEVEL = 0.95
_SEED = 20_230_901


def ratio_interval(parts: ArrayLike, wholes: ArrayLike) -> tuple[float, float] | None:
    """Give the interval of a ratio of sums, ``sum(parts) / sum(wholes)``, over questions.

    A mean is the ratio whose wholes are 1, a share the ratio whose parts are 0 or 1.

    Parameters
    ----------
    parts, wholes : array_like of float, shape (questions,)
        Of each question.

    Returns
    -------
    (float, float) or None
        Lower and upper end, at `LEVEL`; None where the wholes sum to 0. Resamples whose wholes sum
        to 0 are left out.
    """
    parts, wholes = np.asarray(parts, float), np.asarray(wholes, float)
    if not wholes.sum():
        return None
    times = _times_drawn(len(parts))
    below = times @ wholes
    drawn = below > 0
    return _ends((times @ parts)[drawn] / below[drawn])


def quantile_interval(values: ArrayLike, quantile: float) -> tuple[float, float] | None:
    """Give the interval of a quantile of one value a question; None without a question."""
    values = np.asarray(values, float)
    if not len(values):
        return None
    rng = np.random.default_rng(_SEED)
    drawn = values[rng.integers(len(values), size=(RESAMPLES, len(values)))]
    return _ends(np.quantile(drawn, quantile, axis=1))


def mcnemar(*, only_first: int, only_second: int) -> float:
    """Give the two-sided exact p of McNemar's test for two runs over the same questions.

    Parameters
    ----------
    only_first, only_second : int
        How many questions one run alone got right.

    Returns
    -------
    float
        How likely so uneven a split is, or a more uneven one, if each question that the runs judge
        differently falls to either by the toss of a coin; 1 where there is no such question.

    References
    ----------
    McNemar, Psychometrika 1947; exact form by the binomial distribution with p = 1/2.
    """
    differing = only_first + only_second
    tail = sum(comb(differing, k) for k in range(min(only_first, only_second) + 1))
    return min(1.0, 2.0 * tail / float(2**differing))


@lru_cache(maxsize=4)  # all measures of a run are resampled alike; 13 MB for 800 questions
def _times_drawn(questions: int) -> NDArray[np.float64]:
    """Draw the resamples as counts: how often each question is in each, shape (resamples, n)."""
    rng = np.random.default_rng(_SEED)
    shares = np.full(questions, 1 / questions)
    return rng.multinomial(questions, shares, size=RESAMPLES).astype(float)


def _ends(values: NDArray[np.float64]) -> tuple[float, float]:
    low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)
