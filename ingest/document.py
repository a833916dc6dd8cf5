"""The parsed book: what `ingest.parse.parse_book` gives and everything else reads.

All offsets are code points into `Book.source`, and every `text` is an exact slice of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Literal

from ingest.figures import Figure

DivisionKind = Literal["preface", "introduction", "part", "chapter", "closing", "method"]
SectionKind = Literal["front", "body", "essay", "opening", "know", "act"]
PassageKind = Literal["heading", "paragraph", "bullet", "quote", "signature"]

KNOW, ACT = "需要了解的事项", "需要采取的行动"


@dataclass(frozen=True, slots=True)
class Division:
    """A top-level unit of the book as the contents list names it."""

    key: str  # "ch04", "preface", "intro", "part1", "closing", "method"
    kind: DivisionKind
    label: str  # "第 4 章", "序言", "第一部分"
    title: str  # "平台、数据和治理"; for others the title under the label, or the label
    number: int | None = None  # 1-12 for chapters
    subtitle: str = ""  # of chapters
    part: str | None = None  # label of the part that a chapter stands in
    pages: tuple[int, int] | None = None  # first and last printed page; None where not listed

    @property
    def name(self) -> str:
        """The name that a citation prints: the title of a chapter, else the label."""
        return self.title if self.kind == "chapter" else self.label


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a division: the opening essay, or one half of a topic."""

    key: str  # "ch04.essay", "ch04.t2.know", "preface.body"
    division: Division
    kind: SectionKind
    topic: int | None = None  # 1-3
    label: str = ""  # of the topic: "数据"
    heading: str = ""  # what the section says in its own heading, on one line

    @property
    def topic_key(self) -> str | None:
        """The key of its topic, which two sections share: "ch04.t2"; None outside a topic."""
        return None if self.topic is None else f"{self.division.key}.t{self.topic}"

    @property
    def name(self) -> str:
        """The section as a citation prints it."""
        if self.topic is not None:
            return f"{self.topic}. {self.label}：{KNOW if self.kind == 'know' else ACT}"
        return {"essay": "开篇短文", "opening": "章首引语", "front": "扉页"}.get(self.kind, "正文")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody whom the book quotes, as printed."""

    name: str
    title: str  # office and company on one line


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a passage."""

    text: str  # exact source, without the marks that follow it
    start: int
    end: int
    marks: tuple[int, ...]  # notes called at its end
    notes: tuple[int, ...]  # notes that carry it: its own, else those called later for it
    damaged: bool  # lost its beginning in extraction: evidence of nothing by itself
    figures: tuple[Figure, ...]  # offsets are within the source


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrievable run of the book: a heading, a paragraph, a bullet or a speaker's quote."""

    id: str  # names the place: "ch04.t2.know.p3"
    section: Section
    kind: PassageKind
    text: str
    start: int
    end: int
    sentences: tuple[Sentence, ...]
    speaker: Speaker | None = None
    lead: str = ""  # the bold opening of a bullet, on one line

    @property
    def notes(self) -> tuple[int, ...]:
        """All notes that carry some sentence of the passage, ascending."""
        return tuple(sorted({note for sentence in self.sentences for note in sentence.notes}))


@dataclass(frozen=True, slots=True)
class PullOut:
    """A statistic set in large type, which repeats a sentence of the body without its mark."""

    text: str
    start: int
    end: int
    division: Division
    claim: str | None  # id of the claim that it repeats; None where no sentence is near enough
    damaged: bool  # lost its figure or its beginning in extraction


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement that can be true or false: its figures, who was counted, when, on what note."""

    id: str  # passage id and sentence: "ch04.t2.know.p3.s1"
    passage: Passage
    sentence: Sentence
    figures: tuple[Figure, ...]  # shares and amounts, years left out
    years: tuple[int, ...]
    populations: tuple[str, ...]  # groups named, in the book's words: "CEO", "受访高管"


@dataclass(frozen=True, slots=True)
class Source:
    """One work or survey that a note names."""

    text: str  # as printed, on one line, without Markdown signs
    title: str
    sample: str | None  # "200 US CEOs"
    sample_size: int | None
    date: str | None  # "April/May 2023", as printed
    url: str | None
    unpublished: bool
    preliminary: bool


@dataclass(frozen=True, slots=True)
class Footnote:
    """One numbered note of the book, its Ibid. already resolved."""

    number: int  # as printed: from 1, continuous through the book
    text: str  # the source in full, never "Ibid."
    sources: tuple[Source, ...]  # two where a semicolon joins them
    division: str  # key of the division under which the list prints it
    url: str | None = None  # the first that the note prints; None where it gives none
    ibid_of: int | None = None  # the note from which an Ibid. took its source


@dataclass(frozen=True, eq=False)
class Book:
    """A guide, parsed; compared and hashed as the one object it is, for it is large."""

    source: str
    divisions: tuple[Division, ...]
    sections: tuple[Section, ...]
    passages: tuple[Passage, ...]
    claims: tuple[Claim, ...]
    pull_outs: tuple[PullOut, ...]
    footnotes: tuple[Footnote, ...]
    set_aside: tuple[str, ...]  # captions and other furniture that is no evidence

    @cached_property
    def id(self) -> str:
        """A short hash of the text: the same book has the same id wherever it lies."""
        return sha256(self.source.encode()).hexdigest()[:12]

    @property
    def chapters(self) -> tuple[Division, ...]:
        """The numbered chapters, in order."""
        return tuple(d for d in self.divisions if d.kind == "chapter")

    @cached_property
    def notes_by_number(self) -> dict[int, Footnote]:
        """The notes by their number."""
        return {note.number: note for note in self.footnotes}

    @cached_property
    def passages_by_id(self) -> dict[str, Passage]:
        """The passages by their id."""
        return {passage.id: passage for passage in self.passages}

    def passages_of(self, section: Section) -> Iterator[Passage]:
        """Give the passages of one section, in order."""
        return (passage for passage in self.passages if passage.section.key == section.key)
