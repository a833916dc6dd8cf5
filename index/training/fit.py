"""Training the token rows: in-batch negatives, at several lengths of vector at once."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from index.training.batches import Augmentation, batches

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

    from index.training.thesaurus import Thesaurus, Tokens

    Rows = NDArray[np.float32]

_LOG: Final = logging.getLogger(__name__)
_SCALE: Final = 20.0  # of the cosine, before the softmax; sentence-transformers' own default
_WARM_UP: Final = 0.1  # share of the steps in which the learning rate rises
_REPORT_STEPS: Final = 50


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long, how fast and on what batches to train."""

    epochs: int = 3
    batch_pairs: int = 2048
    learning_rate: float = 0.015
    prefixes: tuple[int, ...] = (512, 256, 128)  # lengths of vector that are trained together
    augmentation: Augmentation = field(default_factory=Augmentation)


def fit(
    tokenizer: Tokenizer,
    rows: Rows,
    anchors: Sequence[Tokens],
    positives: Sequence[Tokens],
    thesaurus: Thesaurus,
    schedule: Schedule,
    *,
    seed: int,
) -> Rows:
    """Train token rows so that the means of belonging texts point the same way.

    Parameters
    ----------
    tokenizer : Tokenizer
        Whose ids the rows and texts use.
    rows : array of float32, shape (vocabulary, dimension)
        The start rows; they stay as they are.
    anchors, positives : sequences of arrays of int
        Texts that belong together, by place.
    thesaurus : Thesaurus
        Near synonyms, for changing anchors and for pairs of their own.
    schedule : Schedule
        Epochs, batches and learning rate.
    seed : int
        Of the order and of all changes.

    Returns
    -------
    array of float32, same shape as `rows`
        Row 0, the unknown token's, is zero.
    """
    import torch

    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    module, loss = _model(tokenizer, rows, schedule)
    optimizer = torch.optim.Adam(module.parameters(), lr=schedule.learning_rate)
    steps = len(anchors) // schedule.batch_pairs * schedule.epochs
    rate = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step, steps))
    step = 0
    for _ in range(schedule.epochs):
        for batch in batches(
            anchors,
            positives,
            thesaurus,
            size=schedule.batch_pairs,
            augmentation=schedule.augmentation,
            random=random,
        ):
            value = loss([_features(batch.anchors), _features(batch.positives)], None)
            optimizer.zero_grad()
            value.backward()
            optimizer.step()
            rate.step()
            step += 1
            if step % _REPORT_STEPS == 0:
                _LOG.info("step %d of %d, loss %.3f", step, steps, value.item())
    trained: Rows = module.embedding.weight.detach().cpu().numpy().copy()
    trained[0] = 0
    return trained


def _model(tokenizer: Tokenizer, rows: Rows, schedule: Schedule) -> tuple[Any, Any]:
    """Make the module to train and its loss; on a GPU where there is one."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.losses import (
        MatryoshkaLoss,
        MultipleNegativesRankingLoss,
    )
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding

    module = StaticEmbedding(tokenizer, embedding_weights=rows.copy())
    model = SentenceTransformer(modules=[module])
    ranking = MultipleNegativesRankingLoss(model, scale=_SCALE)
    prefixes = [length for length in schedule.prefixes if length <= rows.shape[1]]
    return module, MatryoshkaLoss(model, ranking, prefixes or [rows.shape[1]])


def _features(texts: Sequence[Tokens]) -> dict[str, Any]:
    """Lay texts out as the module reads them: all ids in a row, and where each text starts."""
    import torch

    device = "cuda" if torch.cuda.is_available() else "cpu"
    starts = np.concatenate(([0], np.cumsum([len(text) for text in texts])[:-1]))
    return {
        "input_ids": torch.from_numpy(np.concatenate(texts)).to(device),
        "offsets": torch.from_numpy(starts).to(device),
    }


def _rate(step: int, steps: int) -> float:
    """Rise during the warm-up, then fall to zero in a straight line."""
    rise = (step + 1) / max(_WARM_UP * steps, 1)
    return rise if rise < 1 else max(1 - step / max(steps, 1), 0.0)
