"""Train the embedding model: ``python -m index.training`` (``make model``)."""

from __future__ import annotations

import argparse
import logging
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from index.static import MODEL_FOLDER
from index.training.english import choose_english, widen
from index.training.export import save_model
from index.training.fit import Schedule, fit
from index.training.overlap import benchmark_texts, without_overlap
from index.training.pairs import Pair, read_pairs
from index.training.places import PlaceSchedule, fit_places, places_of
from index.training.thesaurus import (
    build_thesaurus,
    gloss_rows,
    gloss_texts,
    read_glosses,
    read_groups,
    read_paraphrases,
)
from index.training.vectors import start_rows
from index.training.vocabulary import (
    choose_pieces,
    count_words,
    encode,
    general_counts,
    pieces_of,
    tokenizer_of,
)
from ingest.books import DIGEST
from ingest.document import Book
from ingest.normalise import normalise
from ingest.parse import read_book

_LOG: Final = logging.getLogger("index.training")
_PIECES: Final = 35_000  # at 512 dimensions the folder then stays under 20 MB
_DIMENSION: Final = 512
_SEED: Final = 0


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the corpus, train, and write the model's folder."""
    options = _options(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    pairs = _pairs(options.corpus, options.benchmarks, options.without)
    schedule = Schedule(epochs=options.epochs, batch_pairs=options.batch)
    started = time.monotonic()
    train(
        pairs,
        options.out,
        schedule,
        float_folder=options.float32,
        bank=read_book(DIGEST),
        processes=os.cpu_count() or 1,
    )
    _LOG.info("wrote %s after %.0f s", options.out, time.monotonic() - started)


def train(
    pairs: Sequence[Pair],
    folder: Path,
    schedule: Schedule,
    *,
    pieces: int = _PIECES,
    dimension: int = _DIMENSION,
    seed: int = _SEED,
    float_folder: Path | None = None,
    bank: Book | None = None,
    processes: int = 1,
) -> None:
    """Train a model on pairs and write it.

    Parameters
    ----------
    pairs : sequence of Pair
        The corpus, test sets already out of it.
    folder : Path
        Where to write the int8 model.
    schedule : Schedule
        How long and how fast to train.
    pieces : int
        Size of the vocabulary, at most.
    dimension : int
        Length of a vector.
    seed : int
        The same seed on the same machine gives the same files.
    float_folder : Path, optional
        Where to write the same model unrounded, for comparison.
    bank : Book, optional
        The digest: its texts and the questions of the bank are learnt last.
    processes : int
        For counting words.
    """
    anchors, positives = [pair.anchor for pair in pairs], [pair.positive for pair in pairs]
    _LOG.info("counting the words of %d pairs", len(pairs))
    counts = count_words([*anchors, *positives], processes=processes)
    glosses, groups, general = read_glosses(), read_groups(), general_counts()
    known = glosses.keys() | general.keys()
    sure = {word for group in groups for word in group if 2 <= len(word) <= 4 and word in known}
    chosen = choose_pieces(counts, size=pieces, everyday=glosses, general=general, sure=sure)
    tokenizer = tokenizer_of(chosen)
    meanings = gloss_rows(pieces_of(tokenizer), glosses)
    thesaurus = build_thesaurus(
        meanings,
        [encode(tokenizer, group) for group in groups],
        [encode(tokenizer, pair) for pair in read_paraphrases()],
    )
    _LOG.info("start rows for %d pieces", tokenizer.get_vocab_size())
    passages = encode(tokenizer, sorted(set(positives)))
    rows = start_rows(passages, meanings, dimension=dimension, seed=seed)
    _LOG.info("training")
    trained = fit(
        tokenizer,
        rows,
        [np.array(ids, np.int64) for ids in encode(tokenizer, anchors)],
        [np.array(ids, np.int64) for ids in encode(tokenizer, positives)],
        thesaurus,
        schedule,
        seed=seed,
    )
    if bank is not None:
        _LOG.info("training on the question bank")
        places = places_of(bank)
        texts = [text for place in places for text in (*place.questions, *place.texts)]
        words = choose_english(gloss_texts(), filter(str.isascii, texts))
        kept = {word for group in groups for word in group}
        tokenizer, trained = widen(
            tokenizer, trained, words, glosses, kept=kept, used=normalise("\n".join(texts))
        )
        trained = fit_places(tokenizer, trained, places, PlaceSchedule(), seed=seed)
    save_model(tokenizer, trained, folder)
    if float_folder:
        save_model(tokenizer, trained, float_folder, quantised=False)


def _pairs(corpus: Path, benchmarks: Path, without: Sequence[str]) -> list[Pair]:
    read = list(read_pairs(corpus, without=without))
    kept = list(without_overlap(read, benchmark_texts(benchmarks)))
    _LOG.info(
        "%d pairs, %d dropped for sharing text with a test set", len(kept), len(read) - len(kept)
    )
    return kept


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m index.training", description=__doc__)
    default = Schedule()
    parser.add_argument("--corpus", type=Path, default=Path("../shared/corpus"))
    parser.add_argument(
        "--benchmarks",
        type=Path,
        default=Path("../shared/benchmarks"),
        help="test sets; pairs that share text with them are dropped",
    )
    parser.add_argument("--out", type=Path, default=MODEL_FOLDER)
    parser.add_argument("--float32", type=Path, metavar="DIR", help="also write unrounded weights")
    parser.add_argument(
        "--without",
        action="append",
        default=[],
        metavar="SOURCE",
        help="leave a source of the corpus out (NAME or NAME*); may be repeated",
    )
    parser.add_argument("--epochs", type=int, default=default.epochs)
    parser.add_argument("--batch", type=int, default=default.batch_pairs)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
