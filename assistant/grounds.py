"""The passages that a sentence may rest on, taken apart and laid side by side for comparing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from assistant.statements import Count, Statement, take_apart
from ingest.document import Book, Passage, Sentence
from ingest.normalise import compact, normalise
from ingest.populations import find_groups

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.static import StaticEmbedder


@dataclass(frozen=True)
class Ground:
    """One passage of the book, taken apart sentence by sentence."""

    passage: Passage
    sentences: tuple[Statement, ...]
    setting: Statement  # chapter, section and speaker: they tell what the passage speaks of
    notes: str  # the texts of its notes, normalised: they date and name its surveys

    @cached_property
    def text(self) -> str:
        """The passage, normalised."""
        return " ".join(sentence.text for sentence in self.sentences)

    @cached_property
    def said(self) -> str:
        """All that the passage, its setting and its notes name, letters and digits alone."""
        return compact(f"{self.text} {self.setting.text} {self.notes}")

    @cached_property
    def groups(self) -> frozenset[str]:
        """The groups that the passage, its setting or its notes name."""
        named = {group.kind for one in (*self.sentences, self.setting) for group in one.groups}
        return frozenset(named | {group.kind for group in find_groups(self.notes)})


def ground(passage: Passage, book: Book, embedder: StaticEmbedder) -> Ground:
    """Take a passage of a book apart."""
    section = passage.section
    speaker = passage.speaker
    setting = (
        section.division.label,
        section.division.title,
        section.label,
        section.heading,
        passage.lead,
        f"{speaker.name}，{speaker.title}" if speaker else "",
    )
    return Ground(
        passage=passage,
        sentences=tuple(
            take_apart(normalise(sentence.text), embedder) for sentence in passage.sentences
        ),
        setting=take_apart(normalise("，".join(filter(None, setting))), embedder),
        notes=normalise(
            " ".join(
                book.notes_by_number[number].text
                for number in passage.notes
                if number in book.notes_by_number
            )
        ),
    )


@dataclass(frozen=True)
class BookCount:
    """A figure of the book, and the sentence in which it stands."""

    sentence: int  # place in `Grounds.sentences`
    count: Count


class Grounds:
    """Passages side by side; s sentences, t tokens in all."""

    def __init__(self, grounds: Sequence[Ground]) -> None:
        self.grounds = tuple(grounds)
        self.statements = tuple(s for g in grounds for s in g.sentences)
        self.sentences: tuple[tuple[Passage, Sentence], ...] = tuple(
            (g.passage, sentence) for g in grounds for sentence in g.passage.sentences
        )
        self.ground_of = tuple(i for i, g in enumerate(grounds) for _ in g.sentences)
        sizes = [len(s.weights) for s in self.statements]
        self.starts = np.cumsum([0, *sizes])
        self.clauses = tuple(
            (place, clause)
            for place, s in enumerate(self.statements)
            for clause in range(len(s.clauses))
        )
        self.clause_starts = np.cumsum(
            [
                0,
                *(
                    n
                    for s in self.statements
                    for n in np.bincount(s.clause_of, minlength=len(s.clauses))
                ),
            ]
        )
        self.vectors = np.concatenate([s.vectors for s in self.statements])
        self.counts = tuple(
            BookCount(place, count)
            for place, statement in enumerate(self.statements)
            for count in statement.counts
        )

    def tokens(self, sentence: int) -> slice:
        """Where the tokens of one sentence lie."""
        return slice(int(self.starts[sentence]), int(self.starts[sentence + 1]))


class Meeting:
    """The words of one statement, each with every word of the grounds."""

    def __init__(self, statement: Statement, grounds: Grounds) -> None:
        self.statement, self.grounds = statement, grounds
        self.cosines: NDArray[np.float32] = statement.vectors @ grounds.vectors.T
        # Shape (tokens of the statement, sentences).
        self.by_sentence = met(_best(self.cosines, grounds.starts))
        settings = [
            met((statement.vectors @ g.setting.vectors.T).max(axis=1, initial=0))
            for g in grounds.grounds
        ]
        self.by_setting = np.stack(settings, axis=1)  # shape (tokens, grounds)

    @cached_property
    def by_clause(self) -> NDArray[np.float32]:
        """Share of each clause's words that each clause of the grounds meets.

        Shape (clauses of the statement, clauses of the grounds).
        """
        met_by = met(_best(self.cosines, self.grounds.clause_starts))
        weights, clause_of = self.statement.weights, self.statement.clause_of
        members = clause_of == np.arange(len(self.statement.clauses))[:, None]
        weighed = members * weights
        return np.asarray(
            weighed @ met_by / np.maximum(weighed.sum(axis=1), 1e-9)[:, None], np.float32
        )


def _best(cosines: NDArray[np.float32], starts: NDArray[np.int64]) -> NDArray[np.float32]:
    """Give the greatest cosine of each row within each stretch of columns, 0 in an empty one."""
    filled = np.diff(starts) > 0
    best = np.zeros((len(cosines), len(filled)), np.float32)
    if len(cosines) and filled.any():
        best[:, filled] = np.maximum.reduceat(cosines, starts[:-1][filled], axis=1)
    return best


def met(cosines: NDArray[np.float32]) -> NDArray[np.float32]:
    """Say how far a word is met by its nearest word: 0 to 1, linear between chance and synonym."""
    return np.asarray(np.clip((cosines - 0.25) / 0.5, 0.0, 1.0), np.float32)
