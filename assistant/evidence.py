"""What an answer rests on: runs of sentences, each an exact stretch of the book."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.document import Footnote, Passage, Sentence


@dataclass(frozen=True, slots=True)
class Evidence:
    """A run of sentences of one passage."""

    passage: Passage
    sentences: tuple[Sentence, ...]  # neighbours, in order, at least one
    score: float = 0.0

    @property
    def quote(self) -> str:
        """The exact stretch of the source, without the marks that follow it."""
        start = self.sentences[0].start - self.passage.start
        return self.passage.text[start : self.sentences[-1].end - self.passage.start]

    @property
    def notes(self) -> tuple[int, ...]:
        """The notes that carry it, ascending."""
        return tuple(sorted({note for sentence in self.sentences for note in sentence.notes}))


def whole(passage: Passage, score: float = 0.0) -> Evidence:
    """Take a whole passage as evidence."""
    return Evidence(passage, passage.sentences, score)


@dataclass(frozen=True, slots=True)
class Selection:
    """What to answer, before it is put into words."""

    lead: str  # a first sentence of our own; "" where the evidence speaks for itself
    evidence: tuple[Evidence, ...]  # best first, or in the order of the book for a list
    notes: tuple[Footnote, ...] = ()  # whose sources the answer spells out
    listed: bool = False  # show the evidence as a numbered list
    refused: bool = False  # the guide does not say; then there is no evidence
    near: tuple[str, ...] = ()  # keys of divisions to name beside a refusal


def refuse(reason: str, near: Sequence[str] = ()) -> Selection:
    """Say that the guide does not say, why, and which chapters are nearest."""
    return Selection(lead=reason, evidence=(), refused=True, near=tuple(near))
