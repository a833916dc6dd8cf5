"""What `guide eval --verifier` measures and prints."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.corruption import CORRECT
from evals.verification import Rate, Verification, measure, table
from index.embedding import embedder
from index.store import open_index
from ingest.document import Book
from tests.conftest import small_book
from ui.cli import main as guide


def rate(kind: str, right: int, cases: int) -> Rate:
    return Rate(kind=kind, origin="book", split="test", right=right, cases=cases, low=0.5, high=1.0)


def test_the_table_gives_shares_counts_and_intervals() -> None:
    found = Verification(
        rates=(rate("correct", 9, 10), rate("figure", 4, 4)),
        divisions=3,
        milliseconds_median=1.25,
        milliseconds_p95=2.5,
    )
    text = table(found)
    assert "90.0%  9/10  50.0%–100.0%" in text
    assert "改动数字" in text
    assert "共 14 句（其中改错的 4 句），来自书中 3 个部分" in text
    assert "调试" not in text


def test_the_command_measures_and_writes_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUIDE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("GUIDE_BOOK", str(tmp_path / "shop.txt"))
    (tmp_path / "shop.txt").write_text(small_book(), encoding="utf-8")
    path = tmp_path / "verifier.json"
    assert guide(["eval", "--verifier", "--split", "test", "--json", str(path)]) == 0
    assert "编造引文" in capsys.readouterr().out
    found = Verification.model_validate(json.loads(path.read_text(encoding="utf-8")))
    assert {one.split for one in found.rates} == {"test"}


@pytest.mark.book
def test_the_verifier_does_not_get_worse_on_the_guide(guide_book: Book, indexed: Path) -> None:
    """A floor under the held-back half; the tuning half has harder sentences, put there to tune."""
    found = measure(open_index(guide_book, embedder(), indexed), split="test")
    shares = {
        kind: (sum(r.right for r in of_kind), sum(r.cases for r in of_kind))
        for kind in {r.kind for r in found.rates}
        for of_kind in [[r for r in found.rates if r.kind == kind]]
    }
    least = dict.fromkeys(("figure", "mark", "quote", "uncited"), 0.99)
    least |= dict.fromkeys(("population", "direction", "negation", "merged"), 0.9)
    least |= dict.fromkeys(CORRECT, 0.95)
    wrong = {
        kind: f"{right}/{cases}"
        for kind, (right, cases) in shares.items()
        if right < least[kind] * cases
    }
    assert wrong == {}
