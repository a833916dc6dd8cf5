"""How much more of a question two runs of sentences answer together than the first does alone.

The vector of a question that asks two things lies between those of the two, nearer to their sum
than to either. A second answer is one whose vector, added to the first's, comes nearer to the
question: one step of matching pursuit (Mallat and Zhang 1993) with weights that are not negative.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from assistant.evidence import Evidence
from index.store import GuideIndex

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NOTHING = np.zeros(0, int)
_LEAST = 0.05  # of one less the squared cosine of two vectors that are added


@dataclass(frozen=True, slots=True)
class Joint:
    """How near a question is to two runs of sentences, cosines."""

    first: float  # to the first alone
    second: float  # to the second alone
    gain: float  # what a sum of the two is nearer than the first


class Coverage:
    """Compares questions with runs of sentences: with the sentences and with what they are asked.

    Parameters
    ----------
    index : GuideIndex
    """

    def __init__(self, index: GuideIndex) -> None:
        self._questions = index.vectors["questions"]
        self._sentences = index.vectors["sentences"]
        asked: dict[tuple[str, int | None], list[int]] = {}
        for i, question in enumerate(index.bank.questions):
            asked.setdefault((question.place, question.note), []).append(i)
        self._asked = {key: np.array(members) for key, members in asked.items()}
        self._places = {
            (passage.id, sentence): i for i, (passage, sentence) in enumerate(index.sentences)
        }

    def joint(self, question: NDArray[np.float32], first: Evidence, second: Evidence) -> Joint:
        """Compare a question with two runs of sentences, alone and together.

        Parameters
        ----------
        question : array of float32, shape (dimensions,)
            Of length 1, or 0 for a text without a known word.
        """
        apart = first.passage.id != second.passage.id
        firsts, seconds = self._vectors(first, whole=apart), self._vectors(second, whole=apart)
        alone = firsts @ question
        nearest = firsts[int(alone.argmax())]
        near = float(alone.max())
        others = seconds @ question
        between = seconds @ nearest
        square = near**2 + others**2 - 2 * near * others * between
        together = np.sqrt(np.maximum(square, 0) / np.maximum(1 - between**2, _LEAST))
        adds = (others > near * between) & (near > others * between)
        gain = np.where(adds, together - near, 0).max()
        return Joint(near, float(others.max()), float(gain))

    def _vectors(self, run: Evidence, *, whole: bool) -> NDArray[np.float32]:
        """Give the vectors of a run and of the questions for its notes, or for the passage."""
        notes = [*run.notes, *([None] if whole else [])]
        asked = [self._asked.get((run.passage.id, note), _NOTHING) for note in notes]
        said = [self._places[run.passage.id, sentence] for sentence in run.sentences]
        questions = self._questions[np.concatenate([_NOTHING, *asked])]
        return np.concatenate([questions, self._sentences[said]])
