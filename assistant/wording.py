"""How a question is worded: like those that the guide answers, or like those that it does not.

Near misses give themselves away by their words (「平均要花多少钱」, 「股价」) even where a passage
lies close. A logistic model over hashed character n-grams (Weinberger et al. 2009), fitted on the
question bank and the unanswered questions by `evals.tuning`, weighs them.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from index.lexical import ngrams
from ingest.normalise import simplified

if TYPE_CHECKING:
    from numpy.typing import NDArray

MODEL = Path(__file__).parent / "wording.npy"  # float16, shape (BUCKETS,)
BUCKETS = 1 << 15
MOST = 2.5  # log-odds beyond which wording tells nothing more


def buckets(text: str) -> NDArray[np.int_]:
    """Give the distinct buckets of a question's n-grams, ascending."""
    line = " ".join(text.split())
    return np.unique([crc32(gram.encode()) % BUCKETS for gram in ngrams(simplified(line))] or [0])


def wording(text: str) -> float:
    """Give the log-odds that a question so worded has an answer in the guide, at most `MOST`."""
    found = buckets(text)
    return float(np.clip(_weights()[found].sum() / len(found) ** 0.5, -MOST, MOST))


@cache
def _weights() -> NDArray[np.float32]:
    return np.asarray(np.load(MODEL), np.float32)
