"""Keeping the test sets out of training, word list included.

A pair goes if either of its texts shares a run of thirteen Chinese characters with any text of a
test set (other characters are skipped over), or if it is a question of a test set, however short.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from index.training.pairs import Pair

RUN: Final = 13  # characters; the length that the corpus itself was screened with

_OTHER = re.compile(r"[^\u3400-\u9fff]+")


def benchmark_texts(folder: Path) -> Iterator[str]:
    """Read all questions and passages of the test sets in a folder (``*.jsonl.gz``)."""
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                yield record["text"] if "text" in record else record["question"]


def without_overlap(pairs: Iterable[Pair], texts: Iterable[str]) -> Iterator[Pair]:
    """Yield the pairs that share nothing with the texts of the test sets, in order.

    Parameters
    ----------
    pairs : iterable of Pair
        The corpus.
    texts : iterable of str
        Questions and passages of the test sets.
    """
    kept_out = {_chinese(text) for text in texts}
    known = {run for text in kept_out for run in _runs(text)}
    seen: dict[str, bool] = {}  # many pairs share a passage
    for pair in pairs:
        for text in (pair.anchor, pair.positive):
            if text not in seen:
                chinese = _chinese(text)
                seen[text] = chinese in kept_out or not known.isdisjoint(_runs(chinese))
        if not (seen[pair.anchor] or seen[pair.positive]):
            yield pair


def _chinese(text: str) -> str:
    """Keep the Chinese characters only; a text without any stays as it is."""
    return _OTHER.sub("", text) or text


def _runs(chinese: str) -> Iterator[str]:
    return (chinese[start : start + RUN] for start in range(len(chinese) - RUN + 1))
