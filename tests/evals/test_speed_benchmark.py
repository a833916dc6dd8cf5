"""The speed benchmark: that it measures what it says; no figure is asserted here."""

import json
import resource

import pytest

from assistant.settings import Settings
from evals.speed_benchmark import (
    FailedCommandError,
    Latency,
    Process,
    Speed,
    main,
    run_guide,
    table,
)
from ingest.books import DIGEST

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


def test_it_runs_from_end_to_end(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GUIDE_BOOK", str(DIGEST))
    monkeypatch.setattr("evals.speed_benchmark.ALONE", 1)
    main(["--json", "--questions", "3"])
    measured = json.loads(capsys.readouterr().out)
    assert measured["batch_questions"] == 3
    assert [one["system"] for one in measured["warm"]] == ["guide", "stock"]
    assert min(measured[name]["seconds"] for name in ("index", "alone", "batch")) > 0
