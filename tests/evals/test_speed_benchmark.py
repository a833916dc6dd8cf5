"""The speed benchmark: that it measures what it says; no figure is asserted here."""

import io
import json
import resource
from dataclasses import asdict
from pathlib import Path

import pytest

from assistant.settings import Settings
from evals.speed_benchmark import (
    FailedCommandError,
    Latency,
    Process,
    Speed,
    main,
    measure,
    run_guide,
    table,
)
from ingest.books import DIGEST
from tests.conftest import small_book

MEASURED = Speed(
    machine="x86_64, 2 cores",
    book="book.txt",
    index=Process(9.5, 432.4),
    alone=Process(1.25, 300.0),
    batch=Process(4.0, 310.0),
    batch_questions=200,
    warm=(Latency("guide", 200, 12.34, 33.0), Latency("stock", 200, 2.0, 6.66)),
)


def test_a_process_is_measured_from_start_to_end(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings = Settings(book=DIGEST, data_dir=tmp_path_factory.mktemp("data"))
    took = run_guide(["config"], settings)
    assert 0.01 < took.seconds < 60
    largest_kib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    assert 5 < took.peak_mib <= largest_kib / 1024


def test_a_command_that_fails_is_no_figure() -> None:
    settings = Settings(book=DIGEST.parent / "none.txt")
    with pytest.raises(FailedCommandError, match=r"状态 1 .*none\.txt") as caught:
        run_guide(["ingest"], settings)
    assert caught.value.status == 1


def test_the_table_gives_every_figure_with_its_unit() -> None:
    said = " ".join(table(MEASURED).split())
    for figure in ("9.50 s 432 MiB", "1.25 s 300 MiB", "batch of 200 questions 4.00 s 310 MiB"):
        assert figure in said
    assert "guide 12.3 ms 33.0 ms" in said
    assert "stock 2.0 ms 6.7 ms" in said


def test_it_runs_from_end_to_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = tmp_path / "shop.txt"
    book.write_text(small_book(), encoding="utf-8")
    measured = measure(Settings(book=book), questions=3, alone=1)
    assert (measured.book, measured.batch_questions) == ("shop.txt", 3)
    assert [one.system for one in measured.warm] == ["guide", "stock"]
    assert min(took.seconds for took in (measured.index, measured.alone, measured.batch)) > 0.1
    assert 0 < measured.warm[0].p50_ms <= measured.warm[0].p95_ms

    # What is measured is what is printed.
    monkeypatch.setattr("evals.speed_benchmark.measure", lambda *_, **__: measured)
    printed = io.StringIO()
    monkeypatch.setattr("sys.stdout", printed)
    main(["--json"])
    assert json.loads(printed.getvalue())["alone"] == asdict(measured.alone)
