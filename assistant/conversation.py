"""What the conversation has said: a question that goes on asks for something else."""

from __future__ import annotations

from functools import lru_cache

from ingest.document import Sentence
from ingest.figures import find_figures
from ingest.normalise import letter_pairs, normalise

_SHARED = 0.4  # of a sentence's pairs of characters, when it was said; fewer where a note tells
_SHARED_NOTED = 0.25
_NEAR = 0.1  # share of a figure by which an answer that cites its note may round it


def is_said(sentence: Sentence, answer: str, notes: frozenset[int]) -> bool:
    """Tell whether an answer has said a sentence of the book, in its own words or in others.

    Parameters
    ----------
    sentence : Sentence
    answer : str
        The last answer of the conversation.
    notes : frozenset of int
        Those that the answer cited.

    Returns
    -------
    bool
        False where the sentence states a figure that the answer does not.
    """
    if not answer:
        return False
    pairs, values = _held(answer)
    own, stated = _held(sentence.text)
    noted = bool(notes & set(sentence.notes))
    near = _NEAR if noted else 0.0  # 「六成多」, of 64%
    if not all(any(abs(one - said) <= near * one for said in values) for one in stated):
        return False
    shared = len(own & pairs) / max(len(own), 1)
    return shared >= (_SHARED_NOTED if noted else _SHARED)


@lru_cache(maxsize=1024)
def _held(text: str) -> tuple[frozenset[str], frozenset[float]]:
    """Give the pairs of characters and the values of the figures, years included, of a text."""
    return letter_pairs(text), frozenset(f.value for f in find_figures(normalise(text)))
