"""Fit what the assistant decides by, on the tuning questions: ``python -m evals.tuning``.

Writes ``assistant/wording.npy`` and ``assistant/fitted.json`` and prints what each decision gets
right in cross-validation. The test halves are never read here. Whoever changes the question bank,
the embedding model or a feature runs it again; ``GUIDE_BOOK`` names the book to fit on.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.answer import Question
from assistant.fitted import FITTED
from assistant.pipeline import Assistant
from assistant.refusal import evidence_features
from assistant.retrieval import Retrieved
from assistant.selection import list_features, run_around, second_features, weigh
from assistant.settings import Settings
from assistant.understanding import JOINED, understand
from assistant.wording import BUCKETS, MODEL, MOST, buckets
from evals.facts import states
from index.bank import NO_BANK, Bank, bank_for
from index.embedding import embedder
from index.store import open_index
from ingest.parse import read_book

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

SETS = ("golden.jsonl", "dev.jsonl", "figures.jsonl", "oblique.jsonl", "pairs.jsonl", "blind.jsonl")
_FOLDER = Path(__file__).parent
_FROM_STRUCTURE = frozenset({"outline", "reverse", "source", "speaker"})
_FALSE_REFUSALS = 0.015  # share of the answerable that may be refused
_OF_OTHER_BOOKS = 0.01  # the same for books of which less is known
_FOLDS = 5
_STEP = 0.05  # log-odds between two thresholds that are tried
_SMOOTHED = 13  # thresholds over which what they get right is averaged
_COMPARED = 0.25  # weight of a comparison: the tuning sets hold far more than leaders ask
# Features that need a question bank; what words are known counts for little without its words.
_BANK_ONLY = ("question", "unanswered", "wording", "wording of the near", "words", "unknown")
# Features that need to know what the guide does not answer, which a bank that a model wrote for
# another book does not tell; and how many questions a place such a bank has, about.
_GUIDE_ONLY = ("unanswered", "wording", "wording of the near")
_WRITTEN_A_PLACE = 5


@dataclass(frozen=True)
class Tuned:
    """One question of a tuning set, or one that the guide does not answer."""

    question: Question
    kind: str
    answerable: bool
    sources: tuple[str, ...] = ()
    facts: tuple[tuple[str, ...], ...] = ()
    listed: bool = field(default=False)  # stands among the unanswered questions of the bank


@dataclass(frozen=True)
class Rows:
    """What a decision is fitted on."""

    features: list[dict[str, float]] = field(default_factory=list)
    yes: list[bool] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    questions: list[int] = field(default_factory=list)  # rows of one question share a fold

    def add(self, features: Mapping[str, float], yes: bool, kind: str, question: int) -> None:
        """Add one row."""
        self.features.append(dict(features))
        self.yes.append(yes)
        self.kinds.append(kind)
        self.questions.append(question)


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit, print and write."""
    parser = argparse.ArgumentParser(prog="python -m evals.tuning", description=__doc__)
    parser.add_argument(
        "--choices", action="store_true", help="fit only what to answer with, not when to refuse"
    )
    options = parser.parse_args(arguments)
    settings = Settings()
    book = read_book(settings.book)
    bank = bank_for(book)
    tuned = list(tuning_questions(bank))
    model = embedder(settings.embedder)
    assistant = Assistant(open_index(book, model, settings.data_dir, bank=bank))
    decisions = json.loads(FITTED.read_text(encoding="utf-8"))
    lists, second = collect_choices(assistant, tuned)
    decisions["lists"] = fit("lists", lists)
    decisions["second"] = fit("second", second)
    if not options.choices:
        held_out = fit_wording(bank)
        rows = collect_answers(assistant, tuned, held_out)
        decisions["answers"] = fit("answers", rows, refused=_FALSE_REFUSALS)
        thin = Assistant(open_index(book, model, settings.data_dir, bank=as_written(bank)))
        rows = collect_answers(thin, tuned, held_out)
        decisions["answers_with_written_bank"] = fit(
            "answers_with_written_bank", rows, refused=_OF_OTHER_BOOKS, left_out=_GUIDE_ONLY
        )
        bare = Assistant(open_index(book, model, settings.data_dir, bank=NO_BANK))
        rows = collect_answers(bare, tuned, held_out)
        decisions["answers_without_bank"] = fit(
            "answers_without_bank", rows, refused=_OF_OTHER_BOOKS, left_out=_BANK_ONLY
        )
    text = json.dumps(decisions, ensure_ascii=False, indent=2)
    FITTED.write_text(text + "\n", encoding="utf-8")


def as_written(bank: Bank) -> Bank:
    """Thin a bank out to what a language model writes for another book."""
    places = Counter[str]()
    taken = []
    for question in bank.questions:
        places[question.place] += 1
        if places[question.place] <= _WRITTEN_A_PLACE:
            taken.append(question)
    return Bank(tuple(taken))


def tuning_questions(bank: Bank) -> Iterator[Tuned]:
    """Give the tuning halves of the sets, and the unanswered questions of the bank."""
    for name in SETS:
        for row in map(json.loads, (_FOLDER / name).read_text(encoding="utf-8").splitlines()):
            if row.get("split", "tune") == "tune":
                question = Question(question=row["question"], history=row.get("history", ()))
                sources = tuple(row.get("sources", ()))
                facts = tuple(map(tuple, row.get("facts", ())))
                yield Tuned(question, row["kind"], row["answerable"], sources, facts)
    for text in bank.unanswered:
        yield Tuned(Question(question=text), "unanswered", answerable=False, listed=True)


def fit_wording(bank: Bank) -> dict[str, float]:
    """Fit the model of wording, write it, and give its log-odds of the unanswered, held out."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    texts = [question.text for question in bank.questions] + list(bank.unanswered)
    answered = np.arange(len(texts)) < len(bank.questions)
    matrix = _bag(texts)
    model = LogisticRegression(
        C=10, class_weight="balanced", max_iter=2000, fit_intercept=False, solver="liblinear"
    )
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=0)
    odds = cross_val_predict(model, matrix, answered, cv=folds, method="decision_function")
    print(f"wording: AUC {roc_auc_score(answered, odds):.3f} of {len(texts)} questions")
    np.save(MODEL, model.fit(matrix, answered).coef_[0].astype(np.float16))
    return dict(zip(texts, map(float, np.clip(odds, -MOST, MOST)), strict=True))


def _bag(texts: Sequence[str]) -> csr_matrix:
    from scipy.sparse import csr_matrix

    found = [buckets(text) for text in texts]
    rows = np.repeat(np.arange(len(texts)), [len(one) for one in found])
    values = np.concatenate([np.full(len(one), len(one) ** -0.5) for one in found])
    return csr_matrix((values, (rows, np.concatenate(found))), shape=(len(texts), BUCKETS))


def collect_answers(
    assistant: Assistant, tuned: Sequence[Tuned], held_out: Mapping[str, float]
) -> Rows:
    """Give the rows for: does the guide answer the question.

    Parameters
    ----------
    held_out : mapping of str to float
        Log-odds of the wording of questions that the model of wording was fitted on.
    """
    rows = Rows()
    for number, one in enumerate(tuned):
        if one.answerable and one.kind in _FROM_STRUCTURE:
            continue
        found = _retrieve(assistant, one)
        features = evidence_features(found, assistant.book)
        if one.listed and found.has_unanswered:
            worded = held_out[one.question.question]
            features |= {"wording": worded, "wording of the near": worded * features["score"]}
        rows.add(features, one.answerable, one.kind, number)
    return rows


def collect_choices(assistant: Assistant, tuned: Sequence[Tuned]) -> tuple[Rows, Rows]:
    """Give the rows for: is the answer a list of actions, and is there a second run to it."""
    lists, second = Rows(), Rows()
    for number, one in enumerate(tuned):
        if not one.answerable:
            continue
        found = _retrieve(assistant, one)
        if found.query.intent in _FROM_STRUCTURE | {"speakers"}:
            continue
        if one.kind != "oblique":  # its sources are whole sections, whatever answers there
            lists.add(list_features(found), _is_list(one.sources), one.kind, number)
        candidates = weigh(found)
        if candidates[0].hit.passage.id in one.sources and found.query.intent in JOINED:
            said = run_around(candidates[0]).quote
            for run, features in second_features(found, candidates):
                more = run.passage.id in one.sources and adds(one.facts, said, run.quote)
                second.add(features, more, one.kind, number)
    return lists, second


def adds(facts: Sequence[Sequence[str]], said: str, quote: str) -> bool:
    """Tell whether a quote states a fact that is asked for and has not been said."""
    return any(states(quote, fact) and not states(said, fact) for fact in facts)


def _retrieve(assistant: Assistant, one: Tuned) -> Retrieved:
    query = understand(one.question, assistant.book)
    # A listed question would meet itself among the unanswered ones: it is left out of them.
    left_out = one.question.question if one.listed else None
    return assistant.retriever.retrieve(query, left_out=left_out)


def _is_list(sources: Sequence[str]) -> bool:
    """Whether the answer is a list of actions: several bullets of one."""
    bullets = [source for source in sources if ".act.b" in source]
    return len(bullets) > 1 and len({bullet.rsplit(".", 1)[0] for bullet in bullets}) == 1


def fit(
    name: str, rows: Rows, *, refused: float | None = None, left_out: Sequence[str] = ()
) -> dict[str, Any]:
    """Fit one decision and print what it gets right in cross-validation.

    Where a share that may be `refused` of the yes is given, the threshold refuses it, and no and
    yes weigh alike: there are many more no than a leader asks. Else it decides most rows rightly.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold, cross_val_predict

    names = [feature for feature in rows.features[0] if feature not in left_out]
    matrix = np.array([[row[feature] for feature in names] for row in rows.features])
    yes, kinds = np.array(rows.yes), np.array(rows.kinds)
    scale = np.maximum(np.abs(matrix).max(axis=0), 1e-9)
    model = LogisticRegression(
        C=3,
        class_weight=None if refused is None else "balanced",
        max_iter=3000,
        fit_intercept=False,
    )
    weights = np.where(kinds == "compare", _COMPARED, 1.0)
    odds = cross_val_predict(
        model,
        matrix / scale,
        yes,
        groups=rows.questions,
        cv=GroupKFold(_FOLDS),
        method="decision_function",
        params={"sample_weight": weights},
    )
    if refused is None:
        threshold = _best(odds, yes, np.array(rows.questions), weights)
    else:
        threshold = float(np.quantile(odds[yes], refused))
    print(f"{name}: threshold {threshold:.2f}, right of {len(yes)}:")
    for kind in sorted(set(kinds)):
        for answer in (True, False):
            chosen = (kinds == kind) & (yes == answer)
            if chosen.any():
                right = np.mean((odds[chosen] >= threshold) == answer)
                print(f"  {right:6.1%} of {chosen.sum()} {kind}, {'yes' if answer else 'no'}")
    fitted = model.fit(matrix / scale, yes, sample_weight=weights).coef_[0] / scale
    return {
        "weights": {n: round(float(w), 3) for n, w in zip(names, fitted, strict=True)},
        "threshold": round(threshold, 3),
    }


def _best(
    odds: NDArray[np.float64],
    yes: NDArray[np.bool_],
    questions: NDArray[np.int_],
    weights: NDArray[np.float64],
) -> float:
    """Give the threshold that decides most questions rightly, each by its best row."""
    best_rows = [
        max(np.flatnonzero(questions == question), key=lambda row: odds[row])
        for question in np.unique(questions)
    ]
    asked = np.array([yes[questions == questions[row]].any() for row in best_rows])
    top, right_row = odds[best_rows], yes[best_rows]
    weight = weights[best_rows]
    grid = np.arange(top.min(), top.max(), _STEP)
    right = [np.sum(weight * np.where(top >= c, right_row, ~asked)) for c in grid]
    # A single best threshold is a matter of chance: take the best neighbourhood.
    near = np.ones(_SMOOTHED) / _SMOOTHED
    return float(grid[int(np.argmax(np.convolve(right, near, mode="same")))])


if __name__ == "__main__":
    main()
