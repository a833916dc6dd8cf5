"""The last stage of training: the question bank, so that other words for one thing come together.

All questions that one place of the guide answers say one thing in different words; so do the
digest's texts at that place. Each question is drawn to a text of its place and pushed from the
places of the other questions in the batch. Texts are those of the digest and the bank, both our
own. General retrieval keeps its quality (see the model card for the figures before and after).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from index.bank import bank_for
from ingest.document import Book
from ingest.normalise import normalise, readable

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

    Rows = NDArray[np.float32]
    Tokens = NDArray[np.int64]

_LOG: Final = logging.getLogger(__name__)
_SCALE: Final = 20.0  # of the cosine, before the softmax
_NEVER: Final = -1e4  # logit of a pair of one place, which is no negative


@dataclass(frozen=True, slots=True)
class PlaceSchedule:
    """How long and how fast to train on the bank."""

    epochs: int = 8
    batch_questions: int = 512
    learning_rate: float = 0.005
    text_share: float = 0.4  # of questions drawn to a text of the book, not to another question


@dataclass(frozen=True, slots=True)
class PlaceQuestions:
    """One place of the guide: what is asked about it, and what it says."""

    key: str  # of the passage, section or division; two notes of one passage share it
    questions: tuple[str, ...]
    texts: tuple[str, ...]  # may be empty


def places_of(book: Book) -> tuple[PlaceQuestions, ...]:
    """Collect the bank's questions by place and note, with the book's texts at each."""
    asked: dict[tuple[str, int | None], list[str]] = {}
    for question in bank_for(book).questions:
        asked.setdefault((question.place, question.note), []).append(question.text)
    return tuple(
        PlaceQuestions(place, tuple(questions), tuple(_texts(book, place, note)))
        for (place, note), questions in asked.items()
    )


def _texts(book: Book, place: str, note: int | None) -> Iterator[str]:
    passage = book.passages_by_id.get(place)
    if passage:
        yield readable(passage.text)
        if passage.lead:
            yield passage.lead
        if note is not None:
            yield from (readable(s.text) for s in passage.sentences if note in s.notes)
        return
    for section in book.sections:
        if section.key == place:
            yield section.heading
            yield from (readable(p.text) for p in book.passages_of(section))


def fit_places(
    tokenizer: Tokenizer,
    rows: Rows,
    places: Sequence[PlaceQuestions],
    schedule: PlaceSchedule,
    *,
    seed: int,
) -> Rows:
    """Train token rows further on the questions of places.

    Parameters
    ----------
    tokenizer : Tokenizer
        Whose ids the rows stand by.
    rows : array of float32, shape (vocabulary, dimension)
        They stay as they are.
    places : sequence of PlaceQuestions
    schedule : PlaceSchedule
    seed : int
        Of the order and of all choices.

    Returns
    -------
    array of float32, same shape as `rows`
        Row 0, the unknown token's, is zero.
    """
    import torch

    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    ids = _ids(tokenizer, places)
    bag = torch.nn.EmbeddingBag.from_pretrained(torch.from_numpy(rows.copy()), freeze=False)
    optimizer = torch.optim.Adam(bag.parameters(), lr=schedule.learning_rate)

    def unit(texts: Sequence[str]) -> torch.Tensor:
        tokens = [ids[text] for text in texts]
        starts = np.concatenate(([0], np.cumsum([len(text) for text in tokens])[:-1]))
        means = bag(torch.from_numpy(np.concatenate(tokens)), torch.from_numpy(starts))
        return torch.nn.functional.normalize(means, dim=1)

    for epoch in range(schedule.epochs):
        total, count = 0.0, 0
        for keys, anchors, positives in _batches(places, schedule, random):
            logits = unit(anchors) @ unit(positives).T * _SCALE
            same = torch.from_numpy(keys[:, None] == keys[None, :])
            same.fill_diagonal_(False)
            logits = logits.masked_fill(same, _NEVER)
            target = torch.arange(len(anchors))
            loss = torch.nn.functional.cross_entropy(logits, target)
            loss = (loss + torch.nn.functional.cross_entropy(logits.T, target)) / 2
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            total, count = total + loss.item(), count + 1
        _LOG.info("places, epoch %d of %d, loss %.3f", epoch + 1, schedule.epochs, total / count)
    trained: Rows = bag.weight.detach().numpy().copy()
    trained[0] = 0
    return trained


def _ids(tokenizer: Tokenizer, places: Sequence[PlaceQuestions]) -> Mapping[str, Tokens]:
    texts = sorted({text for place in places for text in (*place.questions, *place.texts)})
    encoded = tokenizer.encode_batch([normalise(text) for text in texts], add_special_tokens=False)
    return {
        text: np.array(one.ids or [0], np.int64) for text, one in zip(texts, encoded, strict=True)
    }


def _batches(
    places: Sequence[PlaceQuestions], schedule: PlaceSchedule, random: Generator
) -> Iterator[tuple[NDArray[np.int64], list[str], list[str]]]:
    """Give the batches of one epoch: numbers of the places' keys, questions, texts to meet."""
    numbers = {key: n for n, key in enumerate(dict.fromkeys(place.key for place in places))}
    asked = [(place, question) for place in places for question in place.questions]
    order = random.permutation(len(asked))
    size = schedule.batch_questions
    for start in range(0, len(order) - min(size, len(order)) + 1, size):
        batch = [asked[i] for i in order[start : start + size]]
        keys = np.array([numbers[place.key] for place, _ in batch], np.int64)
        met = [_met(place, question, schedule.text_share, random) for place, question in batch]
        yield keys, [question for _, question in batch], met


def _met(place: PlaceQuestions, question: str, text_share: float, random: Generator) -> str:
    """Choose what a question is drawn to: another question of its place, or a text of it."""
    others = [other for other in place.questions if other != question]
    if place.texts and (not others or random.random() < text_share):
        return str(random.choice(place.texts))
    return str(random.choice(others)) if others else question
