"""The measures of a run: what they are, and how each is counted.

Every measure but the latencies is a ratio of two sums over the same questions, so that one formula
gives the value and one resampling its interval. The values of single questions are kept in the
outcomes; nothing is averaged twice. Precision and recall are micro-averaged: sums over all
questions first, then the ratio (van Rijsbergen, "Information Retrieval", 1979, chapter 7).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from assistant.answer import Answer
from evals.bootstrap import mcnemar, quantile_interval, ratio_interval
from evals.dataset import Item
from evals.scoring import Judgement
from evals.support import Support

RANKS_KEPT = 20  # passages of a ranking that are measured
_CUTS = (1, 5, 10, 20)

Unit = Literal["share", "seconds", "characters"]


class Outcome(BaseModel):
    """One question put to one system, its answer, and all that was judged about it."""

    model_config = ConfigDict(frozen=True)

    item: Item
    answer: Answer
    judgement: Judgement
    support: Support
    seconds: float
    ranking: tuple[str, ...]  # ids of passages, best first, RANKS_KEPT at most
    relevant: tuple[str, ...]  # ids of passages that should be found; () where nothing tells


class Measure(BaseModel):
    """One figure of a run with its 95% interval."""

    model_config = ConfigDict(frozen=True)

    name: str  # "footnote_recall"
    label: str  # as printed, in Chinese
    unit: Unit
    value: float | None  # None where nothing was there to be measured
    low: float | None
    high: float | None
    count: float  # what it is a share or a mean of: questions, facts, citations …


class Comparison(BaseModel):
    """Two runs over the same questions."""

    model_config = ConfigDict(frozen=True)

    questions: int
    better: tuple[str, ...]  # ids that only the second run got right
    worse: tuple[str, ...]  # ids that only the first run got right
    difference: float  # share of right answers, second less first
    low: float  # paired bootstrap, 95%
    high: float
    p: float  # McNemar, exact, two-sided


@dataclass(frozen=True, slots=True)
class _Ratio:
    """A measure as two numbers a question: what is counted, and out of what."""

    name: str
    label: str
    count: Callable[[Outcome], tuple[float, float]]
    unit: Unit = "share"


def _when(counts: bool, part: float) -> tuple[float, float]:
    """Count a question where it belongs to the measure, else leave it out."""
    return (float(part), 1.0) if counts else (0.0, 0.0)


def _chapters(outcome: Outcome) -> tuple[set[int], set[int]] | None:
    """Give the chapters expected and cited; None where the answer stands in no chapter."""
    if outcome.item.answerable and not outcome.item.chapters:
        return None
    return set(outcome.item.chapters), set(outcome.judgement.cited_chapters)


def _footnotes(outcome: Outcome) -> tuple[set[int], set[int]]:
    return set(outcome.item.footnotes), set(outcome.judgement.cited_footnotes)


def _precision(sets: tuple[set[int], set[int]] | None) -> tuple[float, float]:
    expected, cited = sets or (set(), set())
    return len(expected & cited), len(cited)


def _recall(sets: tuple[set[int], set[int]] | None) -> tuple[float, float]:
    expected, cited = sets or (set(), set())
    return len(expected & cited), len(expected)


def _f1(sets: tuple[set[int], set[int]] | None) -> tuple[float, float]:
    """Count for the harmonic mean of precision and recall: 2 hits / (cited + expected)."""
    expected, cited = sets or (set(), set())
    return 2 * len(expected & cited), len(expected) + len(cited)


# What is counted for each question, in the order of the report. A refusal of an answerable question
# states no fact, gives no verdict and cites nothing; a citation given to an unanswerable one is a
# wrong citation.
_RATIOS: tuple[_Ratio, ...] = (
    _Ratio("right", "全对", lambda o: (o.judgement.right, 1)),
    _Ratio("fact_recall", "事实召回", lambda o: (o.judgement.facts_found, len(o.item.facts))),
    _Ratio(
        "verdict",
        "核对结论",
        lambda o: _when(o.item.verdict is not None, bool(o.judgement.verdict_right)),
    ),
    _Ratio("chapter_precision", "章引用精确率", lambda o: _precision(_chapters(o))),
    _Ratio("chapter_recall", "章引用召回率", lambda o: _recall(_chapters(o))),
    _Ratio("chapter_f1", "章引用 F1", lambda o: _f1(_chapters(o))),
    _Ratio("footnote_precision", "注引用精确率", lambda o: _precision(_footnotes(o))),
    _Ratio("footnote_recall", "注引用召回率", lambda o: _recall(_footnotes(o))),
    _Ratio("footnote_f1", "注引用 F1", lambda o: _f1(_footnotes(o))),
    _Ratio(
        "sentence_recall",
        "逐句引用召回率 (ALCE)",
        lambda o: (o.support.sentences_supported, o.support.sentences),
    ),
    _Ratio(
        "sentence_precision",
        "逐句引用精确率 (ALCE)",
        lambda o: (o.support.citations_needed, o.support.citations),
    ),
    _Ratio("quote_exactness", "引文逐字", lambda o: (o.judgement.quotes_exact, o.judgement.quotes)),
    _Ratio(
        "refusal_precision",
        "拒答精确率",
        lambda o: _when(not o.judgement.answered, not o.item.answerable),
    ),
    _Ratio(
        "refusal_recall",
        "拒答召回率",
        lambda o: _when(not o.item.answerable, not o.judgement.answered),
    ),
    _Ratio(
        "answerable_refused",
        "误拒",
        lambda o: _when(o.item.answerable, not o.judgement.answered),
    ),
    _Ratio(
        "characters",
        "回答字数",
        lambda o: _when(o.judgement.answered, o.judgement.characters),
        unit="characters",
    ),
)


def measure(outcomes: Sequence[Outcome]) -> tuple[Measure, ...]:
    """Measure a run, or the questions of one kind.

    Parameters
    ----------
    outcomes : sequence of Outcome
        Of one system.

    Returns
    -------
    tuple of Measure
        Always the same ones, in the same order.
    """
    ratios = [_of_counts(r.name, r.label, r.unit, [*map(r.count, outcomes)]) for r in _RATIOS]
    latencies = [_of_latency(outcomes, percent) for percent in (50, 95)]
    return (*ratios, *latencies, *_of_retrieval(outcomes))


def compare(before: Iterable[Outcome], after: Iterable[Outcome]) -> Comparison | None:
    """Compare two runs over the questions that both were asked in the same words.

    Returns
    -------
    Comparison or None
        None where the runs share no question.
    """
    earlier = {(o.item.id, o.item.question): o.judgement.right for o in before}
    later = {(o.item.id, o.item.question): o.judgement.right for o in after}
    shared = [key for key in later if key in earlier]
    if not shared:
        return None
    better = tuple(key[0] for key in shared if later[key] and not earlier[key])
    worse = tuple(key[0] for key in shared if earlier[key] and not later[key])
    changes = [float(later[key]) - float(earlier[key]) for key in shared]
    low, high = ratio_interval(changes, np.ones(len(changes))) or (0.0, 0.0)
    return Comparison(
        questions=len(shared),
        better=better,
        worse=worse,
        difference=sum(changes) / len(changes),
        low=low,
        high=high,
        p=mcnemar(only_first=len(worse), only_second=len(better)),
    )


def _of_counts(name: str, label: str, unit: Unit, counts: Sequence[tuple[float, float]]) -> Measure:
    """Measure a ratio of sums from its two numbers a question."""
    parts, wholes = np.array(counts, float).reshape(-1, 2).T
    whole = float(wholes.sum())
    low, high = ratio_interval(parts, wholes) or (None, None)
    return Measure(
        name=name,
        label=label,
        unit=unit,
        value=float(parts.sum()) / whole if whole else None,
        low=low,
        high=high,
        count=whole,
    )


def _of_latency(outcomes: Sequence[Outcome], percent: int) -> Measure:
    seconds = [outcome.seconds for outcome in outcomes]
    low, high = quantile_interval(seconds, percent / 100) or (None, None)
    return Measure(
        name=f"seconds_p{percent}",
        label=f"用时 p{percent}",
        unit="seconds",
        value=float(np.quantile(seconds, percent / 100)) if seconds else None,
        low=low,
        high=high,
        count=len(seconds),
    )


def _of_retrieval(outcomes: Sequence[Outcome]) -> Iterator[Measure]:
    """Measure the rankings, over the questions that tell what should be found.

    Counted by ir-measures (MacAvaney, Macdonald and Ounis, ECIR 2022), which calls trec_eval.
    recall@k: the share of the relevant passages that is among the first k. success@k: any of them
    is. MRR: one over the rank of the first (Voorhees, TREC-8, 1999), 0 where it is not among those
    kept. nDCG@10: Järvelin and Kekäläinen, ACM TOIS 2002, with gains 0 and 1.
    """
    import ir_measures
    from ir_measures import RR, R, Success, nDCG

    measures = {
        **{Success @ k: (f"success_at_{k}", f"success@{k}") for k in _CUTS},
        **{R @ k: (f"recall_at_{k}", f"recall@{k}") for k in _CUTS},
        RR @ RANKS_KEPT: ("mrr", "MRR"),
        nDCG @ 10: ("ndcg_at_10", "nDCG@10"),
    }
    judged = {str(number): o for number, o in enumerate(outcomes) if o.relevant}
    qrels = [ir_measures.Qrel(q, passage, 1) for q, o in judged.items() for passage in o.relevant]
    ranked = [
        ir_measures.ScoredDoc(q, passage, -rank)
        for q, o in judged.items()
        for rank, passage in enumerate(o.ranking[:RANKS_KEPT])
    ]
    values: dict[str, list[tuple[float, float]]] = {}
    for metric in ir_measures.iter_calc(list(measures), qrels, ranked) if judged else ():
        values.setdefault(str(metric.measure), []).append((metric.value, 1.0))
    for one, (name, label) in measures.items():
        yield _of_counts(name, label, "share", values.get(str(one), []))
