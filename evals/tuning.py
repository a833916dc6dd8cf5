"""Fit the assistant's few weights on the tuning questions: ``python -m evals.tuning``.

Prints the weights of `assistant.refusal` (a logistic model of answerability) with what they get
right in cross-validation. The test half of the golden set is never read here.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from assistant.answer import Question
from assistant.pipeline import Assistant, open_assistant
from assistant.refusal import WEIGHTS, evidence_features
from assistant.settings import Settings
from assistant.understanding import understand
from index.bank import UNANSWERED

_FOLDER = Path(__file__).parent
_ANSWERED = ("golden.jsonl", "dev.jsonl", "figures.jsonl", "oblique.jsonl")
_FROM_STRUCTURE = frozenset({"outline", "reverse", "source", "speaker"})
_FALSE_REFUSALS = 0.03  # share of the answerable that may be refused


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit and print."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    parser = argparse.ArgumentParser(prog="python -m evals.tuning", description=__doc__)
    parser.parse_args(arguments)
    assistant = open_assistant(Settings())
    rows = list(_rows())
    features = np.array([_features(assistant, row) for row in rows])
    answered = np.array([bool(row["answerable"]) for row in rows])
    kinds = np.array([str(row["kind"]) for row in rows])
    scale = np.maximum(np.abs(features).max(axis=0), 1e-9)
    model = LogisticRegression(C=3, class_weight="balanced", max_iter=3000, fit_intercept=False)
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    chance = cross_val_predict(model, features / scale, answered, cv=folds, method="predict_proba")
    probability = chance[:, 1]
    threshold = float(np.quantile(probability[answered], _FALSE_REFUSALS))
    print(f"threshold {threshold:.3f} refuses {_FALSE_REFUSALS:.0%} of the answerable and")
    for kind in sorted(set(kinds)):
        chosen = kinds == kind
        print(f"  {np.mean(probability[chosen] < threshold):6.1%} of {kind} ({chosen.sum()})")
    model.fit(features / scale, answered)
    weights = model.coef_[0] / scale
    for name, weight in zip(WEIGHTS, weights, strict=True):
        print(f'    "{name}": {weight:.3f},')


def _rows() -> Iterator[dict[str, object]]:
    for name in _ANSWERED:
        for row in map(json.loads, (_FOLDER / name).read_text(encoding="utf-8").splitlines()):
            if row.get("split", "tune") == "tune" and row["kind"] not in _FROM_STRUCTURE:
                yield row
    for row in map(json.loads, UNANSWERED.read_text(encoding="utf-8").splitlines()):
        yield {**row, "answerable": False, "listed": True}


def _features(assistant: Assistant, row: dict[str, object]) -> tuple[float, ...]:
    question = Question.model_validate({k: row[k] for k in ("question", "history") if k in row})
    query = understand(question, assistant.book)
    # A listed question would meet itself among the unanswered ones: it is left out of them.
    left_out = str(row["question"]) if row.get("listed") else None
    found = assistant.retriever.retrieve(query, left_out=left_out)
    return tuple(evidence_features(found, assistant.book).values())


if __name__ == "__main__":
    main()
