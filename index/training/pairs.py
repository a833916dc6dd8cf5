"""The corpus: pairs of texts that belong together."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts that say the same or answer each other."""

    anchor: str  # heading, question or sentence
    positive: str  # the passage that belongs to it
    source: str  # name in the corpus's list of sources


def read_pairs(folder: Path, *, without: Iterable[str] = ()) -> Iterator[Pair]:
    """Read every ``*.jsonl.zst`` of a folder, by name.

    Parameters
    ----------
    folder : Path
        Holds one JSON object a line with ``anchor``, ``positive`` and ``source``.
    without : iterable of str
        Sources to leave out: a name, or its start followed by ``*``.

    Raises
    ------
    FileNotFoundError
        If the folder holds no such file.
    """
    paths = sorted(folder.glob("*.jsonl.zst"))
    if not paths:
        raise FileNotFoundError(
            f"{folder}：没有训练语料（no *.jsonl.zst）。请用 --corpus 给出语料所在的文件夹。"
        )
    left_out = tuple(without)
    for path in paths:
        for record in _records(path):
            if not any(_named(record["source"], name) for name in left_out):
                yield Pair(record["anchor"], record["positive"], record["source"])


def _records(path: Path) -> Iterator[dict[str, str]]:
    from zstandard import ZstdDecompressor

    with path.open("rb") as file:
        stream = ZstdDecompressor(max_window_size=2**27).stream_reader(file)
        yield from map(json.loads, io.TextIOWrapper(stream, encoding="utf-8"))


def _named(source: str, name: str) -> bool:
    return source.startswith(name[:-1]) if name.endswith("*") else source == name
