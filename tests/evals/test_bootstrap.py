"""Intervals and tests, against values that can be had otherwise."""

import math

import numpy as np
import pytest

from evals.bootstrap import mcnemar, quantile_interval, ratio_interval


class TestRatio:
    def test_a_share_has_the_interval_of_the_binomial(self) -> None:
        """80 of 100: the normal approximation gives 0.8 ± 1.96 √(0.8 · 0.2 / 100)."""
        low, high = ratio_interval([1] * 80 + [0] * 20, np.ones(100)) or (0, 0)
        half = 1.96 * math.sqrt(0.8 * 0.2 / 100)
        assert low == pytest.approx(0.8 - half, abs=0.015)
        assert high == pytest.approx(0.8 + half, abs=0.015)

    def test_what_never_varies_has_no_width(self) -> None:
        assert ratio_interval([2, 2, 2], [4, 4, 4]) == (0.5, 0.5)

    def test_it_is_a_ratio_of_sums_and_no_mean_of_ratios(self) -> None:
        """One question with 1 of 1 and one with 0 of 9: resamples give 1, 1/10 or 0."""
        low, high = ratio_interval([1, 0], [1, 9]) or (0, 0)
        assert (low, high) == (0.0, 1.0)
        assert ratio_interval([1, 1], [10, 10]) == (0.1, 0.1)

    def test_questions_that_do_not_count_leave_the_interval_defined(self) -> None:
        low, high = ratio_interval([1, 0, 0], [1, 0, 0]) or (0, 0)
        assert (low, high) == (1.0, 1.0)

    def test_without_anything_counted_there_is_no_interval(self) -> None:
        assert ratio_interval([0, 0], [0, 0]) is None
        assert ratio_interval([], []) is None

    def test_the_same_run_gives_the_same_interval(self) -> None:
        values = np.arange(30) % 3
        assert ratio_interval(values, np.ones(30)) == ratio_interval(values, np.ones(30))


def test_the_interval_of_a_median_holds_it_and_is_narrower_than_the_values() -> None:
    low, high = quantile_interval(range(101), 0.5) or (0, 0)
    assert 35 < low < 50 < high < 65
    assert quantile_interval([], 0.5) is None


@pytest.mark.parametrize(
    ("first", "second", "p"),
    [
        pytest.param(0, 0, 1.0, id="no-difference"),
        pytest.param(5, 5, 1.0, id="even"),
        pytest.param(0, 6, 2 / 64, id="six-to-none"),
        pytest.param(1, 5, 2 * (1 + 6) / 64, id="five-to-one"),
    ],
)
def test_mcnemar_counts_coin_tosses(first: int, second: int, p: float) -> None:
    assert mcnemar(only_first=first, only_second=second) == pytest.approx(p)
    assert mcnemar(only_first=second, only_second=first) == pytest.approx(p)
