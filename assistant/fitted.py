"""The decisions that are fitted on the tuning questions: when to refuse, and what to answer with.

Each is a logistic model over a few named features, so that a reader can see what speaks for what.
`evals.tuning` fits them and writes ``fitted.json``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FITTED = Path(__file__).parent / "fitted.json"


@dataclass(frozen=True, slots=True)
class Decision:
    """A logistic model with the log-odds from which it says yes."""

    weights: Mapping[str, float]
    threshold: float

    def logit(self, features: Mapping[str, float]) -> float:
        """Give the log-odds of yes.

        Raises
        ------
        KeyError
            If the features are not those that were fitted.
        """
        return sum(weight * features[name] for name, weight in self.weights.items())

    def holds(self, features: Mapping[str, float]) -> bool:
        """Say yes or no."""
        return self.logit(features) >= self.threshold


@dataclass(frozen=True, slots=True)
class Fitted:
    """All fitted decisions."""

    answers: Decision  # the guide answers the question
    answers_with_written_bank: Decision  # the same, for a bank that a model wrote for another book
    answers_without_bank: Decision  # the same, from what there is without a question bank
    lists: Decision  # a whole list of actions answers
    second: Decision  # a second passage is asked for too


@cache
def fitted() -> Fitted:
    """Read the decisions that come with the project."""
    stored = json.loads(FITTED.read_text(encoding="utf-8"))
    return Fitted(**{name: Decision(**decision) for name, decision in stored.items()})
