"""The service benchmark: that it measures what it says; no figure is asserted here."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from assistant.settings import Settings
from evals.service_benchmark import (
    Alone,
    ServiceDownError,
    ServiceSpeed,
    Start,
    Together,
    measure,
    table,
)
from tests.conftest import small_book

MEASURED = ServiceSpeed(
    machine="x86_64, 2 cores",
    load=0.25,
    book="book.txt",
    starts=(
        Start(2.5, 4.25, 4.75, 0.06),
        Start(2.75, 4.5, 5.0, 0.07),
        Start(9.0, 9.5, 9.75, 0.08),
    ),
    alone=Alone(questions=40, first_byte=0.002, first_sentence=0.026, whole=0.031),
    together=Together(askers=50, rounds=3, errors=1, p50=0.7, p95=1.25),
)


def _settings(folder: Path) -> Settings:
    book = folder / "shop.txt"
    book.write_text(small_book(), encoding="utf-8")
    return Settings(_env_file=None, book=book, data_dir=folder)


def test_the_table_gives_every_figure_with_its_unit() -> None:
    said = " ".join(table(MEASURED).split())
    for figure in (
        "load 0.2",
        "start to usable page 4.50 s 4.25 s",  # median, best
        "start to open index 5.00 s 4.75 s",
        "click to usable 0.07 s 0.06 s",
        "first byte, p50 2 ms",
        "50 at once, p95 1.25 s",
        "errors 1",
    ):
        assert figure in said


def test_what_no_browser_measured_is_left_out() -> None:
    unseen = ServiceSpeed(
        **{**asdict(MEASURED), "starts": (Start(2.5, None, 4.75, None),)}
        | {"alone": MEASURED.alone, "together": MEASURED.together}
    )
    assert "page" not in table(unseen)
    assert "widget" not in table(unseen)


def test_it_runs_from_end_to_end(tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    speed = measure(settings, starts=1, warm=2, askers=4, in_browser=False)
    assert speed.book == "shop.txt"
    assert 0 < speed.starts[0].replies <= speed.starts[0].index
    assert 0 < speed.alone.first_byte <= speed.alone.first_sentence
    assert (speed.together.askers, speed.together.rounds, speed.together.errors) == (4, 3, 0)
    assert json.dumps(asdict(speed))
    assert [path.name for path in tmp_path.iterdir()] == [
        "shop.txt"
    ]  # the index is built in a folder of its own


def test_a_service_that_does_not_come_up_is_no_figure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUIDE_ALLOWED_ORIGINS", "*")
    settings = _settings(tmp_path)
    with pytest.raises(ServiceDownError, match="GUIDE_ALLOWED_ORIGINS"):
        measure(settings, starts=1, warm=1, askers=1, in_browser=False)
