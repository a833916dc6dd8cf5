"""How well the embedder finds passages of Chinese text, beside BM25 and fused with it.

Protocol: for each question rank all passages of its own set; exactly one is right, and a passage
with the same score as the right one counts as ranked above it. Sets whose name ends in ``_test``
are for final figures: they are left out unless ``--final`` is given.

Usage: ``python -m evals.embedding_benchmark DIR… [--embedder NAME] [--final] [--json]``
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from index.embedding import DEFAULT, Embedder, embedder
from index.fusion import WEIGHT, bm25_ceiling, fuse
from index.static import MODEL_FOLDER, StaticEmbedder

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Scores = NDArray[np.float32]

_SPEED_TEXTS: Final = 20_000


@dataclass(frozen=True, slots=True)
class RetrievalSet:
    """Questions, the passages they are asked of, and which passage is right for each."""

    name: str
    questions: tuple[str, ...]
    passages: tuple[str, ...]
    right: tuple[int, ...]  # position of the right passage, one a question


@dataclass(frozen=True, slots=True)
class Quality:
    """How well one method ranks the passages of one set."""

    set_name: str
    method: str
    questions: int
    recall_at_1: float
    recall_at_5: float
    mrr_at_10: float


@dataclass(frozen=True, slots=True)
class Cost:
    """What the embedder costs to keep and to run."""

    load_seconds: float
    texts_per_second: float  # short texts (the sets' questions), one core
    size_bytes: int | None  # of the model's folder; None where there is no folder


@dataclass(frozen=True, slots=True)
class Benchmark:
    """All that one run measured."""

    embedder: str
    cosine_weight: float
    cost: Cost
    quality: tuple[Quality, ...]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    options = _options(arguments)
    # One core, as the figures say; tokenizers reads this at each call.
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    sets = [found for folder in options.folders for found in read_sets(folder, final=options.final)]
    if not sets:
        raise SystemExit(
            f"{'、'.join(map(str, options.folders))}：没有找到测试集（no NAME.jsonl.gz with "
            "NAME.passages.jsonl.gz）。请给出测试集所在的文件夹；以 _test 结尾的集要加 --final。"
        )
    result = measure(sets, options.embedder)
    as_json = json.dumps(asdict(result), ensure_ascii=False, indent=2)
    print(as_json if options.json else table(result))


def read_sets(folder: Path, *, final: bool = False) -> Iterator[RetrievalSet]:
    """Read every set of a folder, by name.

    Parameters
    ----------
    folder : Path
        Holds ``NAME.jsonl.gz`` (question, passage_id) and ``NAME.passages.jsonl.gz`` (passage_id,
        text), one record a line.
    final : bool
        Also read the sets whose name ends in ``_test``.
    """
    for path in sorted(folder.glob("*.passages.jsonl.gz")):
        name = path.name.removesuffix(".passages.jsonl.gz")
        if final or not name.endswith("_test"):
            yield _read_set(folder, name)


def measure(sets: Sequence[RetrievalSet], name: str = DEFAULT) -> Benchmark:
    """Measure an embedder, BM25 and their fusion on each set."""
    started = time.perf_counter()
    model = embedder(name)
    load_seconds = time.perf_counter() - started
    # The words are always those of the shipped model, whichever embedder is measured.
    words = (model if isinstance(model, StaticEmbedder) else StaticEmbedder()).tokens
    quality = tuple(row for one in sets for row in _quality(one, model, words))
    questions = [question for one in sets for question in one.questions]
    cost = Cost(load_seconds, _texts_per_second(model, questions), _size_bytes(name))
    return Benchmark(model.id, WEIGHT, cost, quality)


def ranks(scores: Scores, right: Sequence[int]) -> NDArray[np.int64]:
    """Give the rank, from 1, of the right passage of each question; ties rank above it."""
    own = scores[np.arange(len(right)), list(right)]
    rank: NDArray[np.int64] = np.count_nonzero(scores >= own[:, None], axis=1)
    return rank


def table(result: Benchmark) -> str:
    """Lay the figures out for reading, a set and method a line."""
    lines = [f"{'set':<14}{'method':<10}{'recall@1':>10}{'recall@5':>10}{'MRR@10':>10}"]
    lines += [
        f"{row.set_name:<14}{row.method:<10}"
        f"{row.recall_at_1:>10.4f}{row.recall_at_5:>10.4f}{row.mrr_at_10:>10.4f}"
        for row in result.quality
    ]
    cost = result.cost
    size = "?" if cost.size_bytes is None else f"{cost.size_bytes / 1e6:.1f}"
    lines += [
        f"embedder {result.embedder}, cosine weight {result.cosine_weight}",
        f"load {cost.load_seconds * 1000:.0f} ms, {size} MB, "
        f"{cost.texts_per_second:,.0f} short texts a second on one core",
    ]
    return "\n".join(lines)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m evals.embedding_benchmark",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folders", metavar="DIR", nargs="+", type=Path, help="of test sets")
    parser.add_argument("--embedder", default=DEFAULT, help="as GUIDE_EMBEDDER takes it")
    parser.add_argument("--final", action="store_true", help="measure the _test sets as well")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser.parse_args(arguments)


def _read_set(folder: Path, name: str) -> RetrievalSet:
    passages = list(_records(folder / f"{name}.passages.jsonl.gz"))
    questions = list(_records(folder / f"{name}.jsonl.gz"))
    position = {passage["passage_id"]: place for place, passage in enumerate(passages)}
    return RetrievalSet(
        name=name,
        questions=tuple(question["question"] for question in questions),
        passages=tuple(passage["text"] for passage in passages),
        right=tuple(position[question["passage_id"]] for question in questions),
    )


def _records(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _quality(
    one: RetrievalSet, model: Embedder, words: Callable[[str], list[str]]
) -> Iterator[Quality]:
    cosine = _cosines(one, model)
    lexical, ceiling = _bm25(one, words)
    fused = fuse(lexical, cosine, ceiling=ceiling)
    methods: dict[str, Scores] = {"embedder": cosine, "BM25": lexical, "fused": fused}
    for method, scores in methods.items():
        rank = ranks(scores, one.right)
        yield Quality(
            set_name=one.name,
            method=method,
            questions=len(one.questions),
            recall_at_1=float(np.mean(rank <= 1)),
            recall_at_5=float(np.mean(rank <= 5)),
            mrr_at_10=float(np.mean(np.where(rank <= 10, 1 / rank, 0))),
        )


def _cosines(one: RetrievalSet, model: Embedder) -> Scores:
    questions = _unit([model.embed_query(question) for question in one.questions])
    passages = _unit(model.embed_documents(list(one.passages)))
    return questions @ passages.T


def _bm25(one: RetrievalSet, words: Callable[[str], list[str]]) -> tuple[Scores, Scores]:
    """Score all passages for each question; give the scores and each question's ceiling."""
    from bm25s import BM25

    passages = [words(passage) for passage in one.passages]
    held_by = Counter(word for passage in passages for word in set(passage))
    index = BM25()
    index.index(passages, show_progress=False)
    scores = np.zeros((len(one.questions), len(passages)), np.float32)
    ceilings = np.zeros(len(one.questions), np.float32)
    for place, question in enumerate(one.questions):
        asked = words(question)
        if known := [word for word in asked if word in held_by]:
            scores[place] = index.get_scores(known)
        ceilings[place] = bm25_ceiling((held_by[word] for word in asked), passages=len(passages))
    return scores, ceilings


def _unit(vectors: Sequence[Sequence[float]]) -> Scores:
    array = np.asarray(vectors, np.float32)
    lengths = np.linalg.norm(array, axis=1, keepdims=True)
    return (array / np.where(lengths > 0, lengths, 1)).astype(np.float32, copy=False)


def _texts_per_second(model: Embedder, texts: Sequence[str]) -> float:
    """Embed the questions, over again until there are enough of them, and count."""
    many = [texts[place % len(texts)] for place in range(max(_SPEED_TEXTS, len(texts)))]
    # A transformer is slow: a hundredth of the texts tells its speed.
    embed = model.embed if isinstance(model, StaticEmbedder) else model.embed_documents
    measured = many if isinstance(model, StaticEmbedder) else many[:: _SPEED_TEXTS // 200]
    started = time.process_time()  # of a core: another program at work must not count
    embed(measured)
    return len(measured) / (time.process_time() - started)


def _size_bytes(name: str) -> int | None:
    folder = MODEL_FOLDER if name == DEFAULT else Path(name)
    if not folder.is_dir():
        return None
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    main()
