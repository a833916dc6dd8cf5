"""How much the verifier of written sentences catches, and how often it is wrong about a right one.

Measured on `evals.corruption`: sentences known to be right, and the same sentences made wrong. The
half called ``tune`` was read while the verifier was made. Of ``test`` no sentence was read, but its
rates and the counts of its reasons were watched, so it flatters a little; the 60 paraphrases that
were added last (``para-w…``) were measured once, when all was done.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict

from assistant.verifying import Verifier
from evals.corruption import (
    CORRECT,
    KINDS,
    Origin,
    Split,
    cases,
    read_paraphrases,
)
from evals.report import aligned
from index.store import GuideIndex

_ORIGINS: dict[Origin, str] = {"book": "书中的句子", "paraphrase": "改述"}
_SPLITS: dict[Split, str] = {"tune": "调试", "test": "留出"}


class Rate(BaseModel):
    """The share of one kind of case that was judged rightly."""

    model_config = ConfigDict(frozen=True)

    kind: str
    origin: Origin
    split: Split
    right: int  # accepted where the sentence is correct, caught where it is corrupted
    cases: int  # at least one
    low: float  # 95% interval of the share, Wilson 1927
    high: float


class Verification(BaseModel):
    """What one measuring of the verifier found."""

    model_config = ConfigDict(frozen=True)

    rates: tuple[Rate, ...]
    divisions: int  # of the book from which cases were made
    milliseconds_median: float  # of a core, for one sentence
    milliseconds_p95: float


def measure(index: GuideIndex, *, split: Split | None = None) -> Verification:
    """Put every case to the verifier.

    Parameters
    ----------
    index : GuideIndex
        Of the book whose sentences are corrupted.
    split : {"tune", "test"} or None
        Take one half only; None takes both, and reports them apart.
    """
    from tqdm import tqdm

    verifier = Verifier(index)
    chosen = [
        case
        for case in cases(index.book, read_paraphrases(), index.words)
        if split in {None, case.split}
    ]
    judged: dict[tuple[str, Origin, Split], list[bool]] = {}
    seconds = []
    for case in tqdm(chosen, desc="核对", disable=None):
        started = time.thread_time()  # of a core: another program at work must not count
        verdict = verifier.verify(case.text, case.cited, case.supplied)
        seconds.append(time.thread_time() - started)
        right = verdict.supported == (case.kind in CORRECT)
        judged.setdefault((case.kind, case.origin, case.split), []).append(right)
    return Verification(
        rates=tuple(_rates(judged)),
        divisions=len({case.chapter for case in chosen}),
        milliseconds_median=1000 * float(np.median(seconds)),
        milliseconds_p95=1000 * float(np.quantile(seconds, 0.95)),
    )


def table(found: Verification) -> str:
    """Lay the rates out for the terminal: one line a kind and origin, the halves side by side."""
    splits: list[Split] = [s for s in _SPLITS if any(r.split == s for r in found.rates)]
    rows = [["逐句核对", "来自", *(f"{_SPLITS[s]}：判对 / 句数，95% 区间" for s in splits)]]
    for kind, label in KINDS.items():
        for origin, name in _ORIGINS.items():
            cells = [_cell(found.rates, kind, origin, one) for one in splits]
            if any(cells):
                rows.append([label, name, *cells])
    total = sum(rate.cases for rate in found.rates)
    wrong = sum(rate.cases for rate in found.rates if rate.kind not in CORRECT)
    return "\n".join(
        [
            *aligned(rows),
            "",
            f"共 {total} 句（其中改错的 {wrong} 句），来自书中 {found.divisions} 个部分；"
            f"每句用时中位数 {found.milliseconds_median:.1f} ms，"
            f"95% 在 {found.milliseconds_p95:.1f} ms 以内",
        ]
    )


def _rates(judged: dict[tuple[str, Origin, Split], list[bool]]) -> Iterator[Rate]:
    from scipy.stats import binomtest

    for (kind, origin, split), rights in judged.items():
        right = sum(rights)
        interval = binomtest(right, len(rights)).proportion_ci(method="wilson")
        yield Rate(
            kind=kind,
            origin=origin,
            split=split,
            right=right,
            cases=len(rights),
            low=float(interval.low),
            high=float(interval.high),
        )


def _cell(rates: Sequence[Rate], kind: str, origin: Origin, split: Split) -> str:
    for rate in rates:
        if (rate.kind, rate.origin, rate.split) == (kind, origin, split):
            share = rate.right / rate.cases
            return f"{share:.1%}  {rate.right}/{rate.cases}  {rate.low:.1%}–{rate.high:.1%}"
    return ""
