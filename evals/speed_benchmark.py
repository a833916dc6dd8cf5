"""How long an answer takes and how much memory it needs: ``make bench``.

Four figures, each of what a user does:

- ``guide ask`` alone: a fresh process, start-up included; median wall time, largest peak memory;
- a batch of questions in one fresh process, start-up included;
- warm answers in this process, p50 and p95, and the stock langchain chain beside them;
- the index, built from nothing in a fresh process.

Peak memory is the largest resident set that the kernel saw (``ru_maxrss`` of `os.wait4`).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assistant.settings import Settings
from evals.dataset import GOLDEN, Item, read_items
from evals.errors import EvaluationError

if TYPE_CHECKING:
    from evals.systems import System

BATCH = 200
ALONE = 5  # times that ``guide ask`` is run
_WARM_UP = 20  # questions asked before the clock counts
_KIB_PER_MIB = 1024


@dataclass(frozen=True, slots=True)
class Process:
    """What one fresh process took."""

    seconds: float  # wall time
    peak_mib: float


@dataclass(frozen=True, slots=True)
class Latency:
    """How long one system takes for a question, in this process."""

    system: str
    questions: int
    p50_ms: float
    p95_ms: float


@dataclass(frozen=True, slots=True)
class Speed:
    """All that one run measured."""

    machine: str
    book: str
    index: Process
    alone: Process  # median wall time, largest peak
    batch: Process
    batch_questions: int
    warm: tuple[Latency, ...]


class FailedCommandError(EvaluationError):
    """A command that is to be measured failed."""

    def __init__(self, arguments: Sequence[str], *, status: int, said: str) -> None:
        super().__init__(
            f"guide {' '.join(arguments)}：以状态 {status} 结束（command failed）：{said}。"
            "请先单独运行它，看它能否成功。"
        )
        self.arguments, self.status, self.said = tuple(arguments), status, said


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m evals.speed_benchmark", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--questions", type=int, default=BATCH, help="in the batch, and warm")
    options = parser.parse_args(arguments)
    result = measure(Settings(), questions=options.questions)
    print(
        json.dumps(asdict(result), ensure_ascii=False, indent=2) if options.json else table(result)
    )


def measure(settings: Settings, *, questions: int = BATCH, alone: int = ALONE) -> Speed:
    """Measure the command line and the warm assistant on one book.

    Parameters
    ----------
    settings : Settings
        Name the book and the embedder; indexes are built in a folder of their own.
    questions : int
        In the batch and asked warm, from 1; the golden questions over and over.
    alone : int
        How often ``guide ask`` is run, from 1.
    """
    items = list(islice(cycle(read_items(GOLDEN)), questions))
    with tempfile.TemporaryDirectory(prefix="guide-speed-") as name:
        folder = Path(name)
        own = settings.model_copy(update={"data_dir": folder / "data"})
        batch = folder / "batch.jsonl"
        rows = [item.asked.model_dump_json() for item in items]
        batch.write_text("\n".join(rows), encoding="utf-8")
        index = run_guide(["ingest", "--json"], own)
        singles = [run_guide(["ask", items[i % len(items)].question], own) for i in range(alone)]
        return Speed(
            machine=f"{platform.machine()}, {os.cpu_count()} cores, "
            f"Python {platform.python_version()}",
            book=settings.book.name,
            index=index,
            alone=Process(
                seconds=float(np.median([one.seconds for one in singles])),
                peak_mib=max(one.peak_mib for one in singles),
            ),
            batch=run_guide(["ask", "--json", "--batch", str(batch)], own),
            batch_questions=questions,
            warm=_warm(items, own),
        )


def run_guide(arguments: Sequence[str], settings: Settings) -> Process:
    """Run the command line in a process of its own, and measure it.

    Raises
    ------
    FailedCommandError
        If it does not end with status 0.
    """
    named = {"GUIDE_BOOK": str(settings.book), "GUIDE_DATA_DIR": str(settings.data_dir)}
    with tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "ui.cli", *arguments],
            env={**os.environ, **named, "GUIDE_EMBEDDER": settings.embedder},
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)  # it has been waited for
        if process.returncode:
            errors.seek(0)
            said = errors.read().decode(errors="replace").strip().splitlines()[-1:]
            raise FailedCommandError(arguments, status=process.returncode, said="".join(said))
    return Process(seconds, usage.ru_maxrss / _KIB_PER_MIB)


def table(speed: Speed) -> str:
    """Lay the figures out for reading."""
    rows = [
        ("index built from nothing", speed.index),
        ("guide ask alone (median)", speed.alone),
        (f"batch of {speed.batch_questions} questions", speed.batch),
    ]
    lines = [f"{speed.book}; {speed.machine}", f"{'':<28}{'wall':>10}{'peak memory':>14}"]
    lines += [f"{name:<28}{p.seconds:>8.2f} s{p.peak_mib:>10.0f} MiB" for name, p in rows]
    lines.append(f"{'warm, in process':<28}{'p50':>10}{'p95':>14}")
    lines += [f"  {w.system:<26}{w.p50_ms:>7.1f} ms{w.p95_ms:>11.1f} ms" for w in speed.warm]
    return "\n".join(lines)


def _warm(items: Sequence[Item], settings: Settings) -> tuple[Latency, ...]:
    from evals.systems import Workbench

    workbench = Workbench(settings)
    return tuple(_latency(workbench.open(name), items) for name in ("guide", "stock"))


def _latency(system: System, items: Sequence[Item]) -> Latency:
    for item in items[:_WARM_UP]:
        system.ask(item.asked)
    milliseconds = []
    for item in items:
        question = item.asked
        started = time.perf_counter()
        system.ask(question)
        milliseconds.append(1000 * (time.perf_counter() - started))
    p50, p95 = np.quantile(milliseconds, [0.5, 0.95])
    return Latency(system.name, len(items), float(p50), float(p95))


if __name__ == "__main__":
    main()
