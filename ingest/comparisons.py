"""Comparisons that the book itself draws: then and now, one group and another, saying and doing.

They are found in the wording: figures of one sentence, or of two in a row, of which the later
says the same of another year or another group (`Statistic.follows`), or is set against the
earlier by 「但」 (`Statistic.turns`). Only shares are: an increase upon an increase is no
then and now, and would look like a fall.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ingest.statistics import Statistic

ComparisonKind = Literal["time", "groups", "turn"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Figures that belong side by side."""

    kind: ComparisonKind  # over time; between groups; two statements of one group, set in contrast
    subject: str  # of the first in the text
    statistics: tuple[Statistic, ...]  # at least two; over time: the earliest first


def find_comparisons(statistics: Sequence[Statistic]) -> tuple[Comparison, ...]:
    """Find the comparisons among the statistics of a book, in the order of the text.

    Parameters
    ----------
    statistics : sequence of Statistic
        In the order of the text, as `find_statistics` gives them.

    Returns
    -------
    tuple of Comparison
        A figure stands in one of them at most.
    """
    exact = [row for row in statistics if not row.rounds]
    chains: list[list[Statistic]] = []
    for row in exact:
        chain = next((c for c in reversed(chains) if _continues(c, row)), None)
        if chain is not None:
            chain.append(row)
        else:
            chains.append([row])
    return tuple(_comparisons(chains))


def _continues(chain: Sequence[Statistic], row: Statistic) -> bool:
    """Tell whether a figure says of another time or group what the chain says."""
    last = chain[-1]
    return row.follows == last.id and (
        _time(row) != _time(last) or row.population != last.population
    )


def _comparisons(chains: Sequence[Sequence[Statistic]]) -> Iterator[Comparison]:
    turned: set[str] = set()
    for place, chain in enumerate(chains):
        first = chain[0]
        if len(chain) > 1:
            over_time = len({_time(row) for row in chain}) == len(chain)
            rows = sorted(chain, key=_order) if over_time else chain
            yield Comparison("time" if over_time else "groups", first.subject, tuple(rows))
        elif first.turns and place and first.id not in turned:
            before = chains[place - 1]
            if len(before) == 1 and _is_turn(before[0], first):
                turned.add(first.id)
                yield Comparison("turn", before[0].subject, (before[0], first))


def _is_turn(one: Statistic, two: Statistic) -> bool:
    """Tell whether one sentence sets two shares of one group against each other."""
    return (
        one.claim.id == two.claim.id
        and one.kind == two.kind == "share"
        and one.population == two.population
    )


def _time(row: Statistic) -> str:
    return row.when or "目前"


def _order(row: Statistic) -> tuple[bool, int]:
    """Put what is said of no year (now) between what was and what will be: before any year to come.

    The book dates the past by its year only where a later year follows it.
    """
    return (row.year is not None, row.year or 0)
