"""Batches of pairs, made afresh each epoch: crops, near synonyms, and pairs of the thesaurus."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from index.training.thesaurus import Thesaurus, Tokens

_Item = TypeVar("_Item")

_SHORTEST_CROPPED: Final = 12  # tokens of a passage that a crop may be taken from
_CROP: Final = (4, 24)  # tokens of a crop; the longest also at most half the passage


@dataclass(frozen=True, slots=True)
class Augmentation:
    """How much a pair is changed before it is learnt."""

    cropped: float = 0.4  # share of pairs replaced by a crop of the positive against its rest
    replaced: float = 0.2  # share of the anchor's tokens replaced by a near synonym
    glosses: int = 150  # pairs of words alike by gloss, beside each batch
    phrases: int = 150  # pairs of the hand-written groups, likewise
    paraphrases: int = 100  # hand-written pairs of sentences, likewise


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts as token ids; the two of one place belong together, all others are negatives."""

    anchors: tuple[Tokens, ...]
    positives: tuple[Tokens, ...]


def batches(
    anchors: Sequence[Tokens],
    positives: Sequence[Tokens],
    thesaurus: Thesaurus,
    *,
    size: int,
    augmentation: Augmentation,
    random: Generator,
) -> Iterator[Batch]:
    """Yield the batches of one epoch; the pairs left over at its end are skipped.

    Parameters
    ----------
    anchors, positives : sequences of arrays of int
        The corpus as token ids; all sources together, so that shuffling mixes them.
    thesaurus : Thesaurus
        What may stand in the place of a token.
    size : int
        Pairs of the corpus in a batch.
    augmentation : Augmentation
        How much to change them.
    random : Generator
        Decides the order and all changes.
    """
    order = random.permutation(len(anchors))
    synonyms = sorted(thesaurus.alternatives)
    for start in range(0, len(order) - size + 1, size):
        pairs = [
            _changed(anchors[place], positives[place], thesaurus, augmentation, random)
            for place in order[start : start + size]
        ]
        pairs += _thesaurus_pairs(thesaurus, synonyms, augmentation, random)
        filled = [pair for pair in pairs if len(pair[0]) and len(pair[1])]
        yield Batch(tuple(one for one, _ in filled), tuple(other for _, other in filled))


def crop(passage: Tokens, random: Generator) -> tuple[Tokens, Tokens]:
    """Take a run of tokens out of a passage; give the run and the rest."""
    shortest, longest = _CROP
    length = int(random.integers(shortest, min(longest, len(passage) // 2) + 1))
    start = int(random.integers(0, len(passage) - length + 1))
    rest = np.concatenate([passage[:start], passage[start + length :]])
    return passage[start : start + length], rest


def replace(tokens: Tokens, thesaurus: Thesaurus, share: float, random: Generator) -> Tokens:
    """Put near synonyms in the place of a share of the tokens, where there are any."""
    chosen = random.random(len(tokens)) < share
    if not chosen.any():
        return tokens
    parts: list[NDArray[np.int64]] = []
    for place, token in enumerate(tokens):
        others = thesaurus.alternatives.get(int(token)) if chosen[place] else None
        parts.append(_one_of(others, random) if others else tokens[place : place + 1])
    return np.concatenate(parts)


def _changed(
    anchor: Tokens,
    positive: Tokens,
    thesaurus: Thesaurus,
    augmentation: Augmentation,
    random: Generator,
) -> tuple[Tokens, Tokens]:
    if len(positive) > _SHORTEST_CROPPED and random.random() < augmentation.cropped:
        anchor, positive = crop(positive, random)
    return replace(anchor, thesaurus, augmentation.replaced, random), positive


def _thesaurus_pairs(
    thesaurus: Thesaurus, tokens: Sequence[int], augmentation: Augmentation, random: Generator
) -> Iterator[tuple[Tokens, Tokens]]:
    """Yield pairs that mean nearly the same, of each kind that there is."""
    for _ in range(augmentation.glosses if tokens else 0):
        token = _one_of(tokens, random)
        yield np.array([token], np.int64), _one_of(thesaurus.alternatives[token], random)
    for _ in range(augmentation.phrases if thesaurus.phrases else 0):
        yield _one_of(thesaurus.phrases, random)
    for _ in range(augmentation.paraphrases if thesaurus.paraphrases else 0):
        question, report = _one_of(thesaurus.paraphrases, random)
        yield replace(question, thesaurus, augmentation.replaced, random), report


def _one_of(items: Sequence[_Item], random: Generator) -> _Item:
    return items[int(random.random() * len(items))]
