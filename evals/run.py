"""``guide eval``: put a data set to one or more systems, judge, report.

Importing this is cheap, because the command line does it for its help; what evaluates is imported
when it is used.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.settings import Settings
    from evals.dataset import Item
    from evals.metrics import Outcome
    from evals.report import Made, Run, SystemRun
    from evals.systems import System, Workbench

# Repeated from `evals.systems.SYSTEMS`, which loads the whole assistant.
SYSTEM_NAMES = (
    "guide",
    "no-bank",
    "dense",
    "lexical",
    "no-structure",
    "no-reranking",
    "stock",
    "bm25",
)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``guide eval`` to its parser."""
    parser.add_argument(
        "--dataset",
        type=Path,
        metavar="FILE",
        help="题集（JSONL，每行一题）；默认是随附的 golden 题集",
    )
    parser.add_argument(
        "--split",
        choices=("tune", "test", "all"),
        default="all",
        help="用哪一半题：tune 供调试，test 只供报告（默认 all）",
    )
    parser.add_argument(
        "--kinds", type=_listed, default=(), metavar="KIND,…", help="只评这些题型（默认全部）"
    )
    parser.add_argument(
        "--systems",
        type=_systems,
        default=("guide",),
        metavar="NAME,…",
        help=f"比较哪些系统：{'、'.join(SYSTEM_NAMES)}，或 all（默认 guide）；第一个是被评的",
    )
    parser.add_argument(
        "--verifier",
        action="store_true",
        help="改为衡量逐句核对：正确的句子和故意改错的句子各判对多少（可与 --split、--json 同用）",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="把全部结果写成 JSON")
    parser.add_argument("--html", type=Path, metavar="FILE", help="把报告写成一个 HTML 文件")
    parser.add_argument(
        "--compare", type=Path, metavar="RUN.json", help="与以前 --json 写下的结果逐题比较"
    )
    parser.add_argument(
        "--min-right",
        type=_share,
        metavar="SHARE",
        help="全对的比例低于它时以状态 1 退出，如 0.9",
    )


def main(options: argparse.Namespace, *, settings: Settings) -> int:
    """Evaluate as the options say; returns the exit status, 1 where too few answers are right.

    Raises
    ------
    BookError
        If the book, the data set or the earlier run cannot be read, or a report not written.
    """
    if options.verifier:
        return _verifier(options, settings)
    from evals.dataset import GOLDEN, choose, read_items
    from evals.metrics import compare
    from evals.page import page
    from evals.report import changes, read_run, tables, write_run, write_text
    from evals.systems import Workbench

    path = options.dataset or GOLDEN
    before = read_run(options.compare) if options.compare else None
    everything = read_items(path)
    split = None if options.split == "all" else options.split
    items = choose(everything, split=split, kinds=options.kinds, path=path)
    tuning = [item for item in everything if item.split != "test"] or everything
    workbench = Workbench(settings, tuning)
    run = evaluate(
        items, workbench, options.systems, made=_made(options, path, settings, workbench)
    )
    judged = run.systems[0]
    print(tables(run))
    comparison = compare(before.systems[0].outcomes, judged.outcomes) if before else None
    if before:
        print(
            f"\n{changes(comparison, judged.outcomes)}"
            if comparison
            else "\n两次评测没有相同的题。"
        )
    if options.json:
        write_run(run, options.json)
    if options.html:
        write_text(page(run, workbench.book, comparison), options.html)
    if options.min_right is not None and judged.right < options.min_right:
        print(f"全对 {judged.right:.1%}，低于要求的 {options.min_right:.1%}。", file=sys.stderr)
        return 1
    return 0


def _verifier(options: argparse.Namespace, settings: Settings) -> int:
    """Measure the verifier of written sentences, which needs no question and no model."""
    from evals.report import write_text
    from evals.verification import measure, table
    from index.embedding import embedder
    from index.store import open_index
    from ingest.parse import read_book

    # The verifier compares words by the shipped model, whatever embedder is set.
    index = open_index(read_book(settings.book), embedder(), settings.data_dir)
    found = measure(index, split=None if options.split == "all" else options.split)
    print(table(found))
    if options.json:
        write_text(found.model_dump_json(indent=1), options.json)
    return 0


def evaluate(
    items: Sequence[Item], workbench: Workbench, names: Sequence[str], *, made: Made
) -> Run:
    """Put questions to systems, one system after the other.

    Parameters
    ----------
    items : sequence of Item
        At least one.
    workbench : Workbench
    names : sequence of str
        Of the systems, in `SYSTEM_NAMES`.
    made : Made
        How the run came about, for the report.
    """
    from evals.report import Run

    return Run(made=made, systems=tuple(_run_system(items, workbench, name) for name in names))


def _run_system(items: Sequence[Item], workbench: Workbench, name: str) -> SystemRun:
    from tqdm import tqdm

    from evals.metrics import measure
    from evals.report import KindRun, SystemRun

    system = workbench.open(name)
    system.ask(items[0].asked)  # what is loaded on first use is no part of the latency
    outcomes = [
        _ask(item, system, workbench)
        for item in tqdm(items, desc=system.label, file=sys.stderr, disable=None)
    ]
    of_kind = {
        kind: [o for o in outcomes if o.item.kind == kind]
        for kind in dict.fromkeys(item.kind for item in items)
    }
    return SystemRun(
        name=name,
        label=system.label,
        measures=measure(outcomes),
        kinds=tuple(
            KindRun(kind=kind, questions=len(some), measures=measure(some))
            for kind, some in of_kind.items()
        ),
        outcomes=tuple(outcomes),
    )


def _ask(item: Item, system: System, workbench: Workbench) -> Outcome:
    import time

    from evals.dataset import relevant_passages
    from evals.metrics import Outcome
    from evals.scoring import judge
    from evals.support import support

    book = workbench.book
    started = time.perf_counter()
    reply = system.ask(item.asked)
    seconds = time.perf_counter() - started
    return Outcome(
        item=item,
        answer=reply.answer,
        judgement=judge(item, reply.answer, book.source),
        support=support(reply.answer, book),
        seconds=seconds,
        ranking=reply.ranking,
        relevant=relevant_passages(item, book),
    )


def _made(
    options: argparse.Namespace, path: Path, settings: Settings, workbench: Workbench
) -> Made:
    import os
    import platform
    from datetime import UTC, datetime
    from hashlib import sha256

    from evals.report import Made

    return Made(
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        commit=_commit(),
        machine=f"{platform.machine()}, {os.cpu_count()} cores",
        python=platform.python_version(),
        dataset=path.name,
        dataset_sha256=sha256(path.read_bytes()).hexdigest(),
        book=settings.book.name,
        book_id=workbench.book.id,
        embedder=settings.embedder,
        split=options.split,
        kinds=options.kinds,
    )


def _commit() -> str | None:
    """Give the commit that the project stands at, with a plus where files have been changed."""
    import subprocess

    command = ["git", "describe", "--always", "--dirty=+"]
    try:
        described = subprocess.run(
            command, cwd=Path(__file__).parent, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:  # no git here
        return None
    return described.stdout.strip() or None


def _listed(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (part.strip() for part in text.split(","))))


def _systems(text: str) -> tuple[str, ...]:
    names = SYSTEM_NAMES if text == "all" else _listed(text)
    if unknown := [name for name in names if name not in SYSTEM_NAMES]:
        raise argparse.ArgumentTypeError(f"没有这个系统：{'、'.join(unknown)}")
    if not names or len(set(names)) < len(names):
        raise argparse.ArgumentTypeError("至少给出一个系统，每个一次")
    return names


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"不是数：{text}") from error
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"应在 0 与 1 之间：{text}")
    return share
