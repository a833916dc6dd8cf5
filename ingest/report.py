"""What was found in a book, counted against what it should hold."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.document import Book


@dataclass(frozen=True, slots=True)
class IngestReport:
    """The counts of one parsed book."""

    book: str  # id
    chapters: int
    topics: int
    passages: int
    claims: int
    quotes: int  # of speakers
    pull_outs: int
    pull_outs_linked: int  # with the claim that they repeat
    marks_found: int
    marks_expected: int  # one for each listed note
    notes_resolved: int  # with a full source
    damaged: int  # sentences and pull-outs that lost a part, kept from being claims
    set_aside: int  # captions, running heads and other furniture


def report_on(book: Book) -> IngestReport:
    """Count what a book holds."""
    sentences = [sentence for passage in book.passages for sentence in passage.sentences]
    marks = {mark for sentence in sentences for mark in sentence.marks}
    damaged = sum(s.damaged for s in sentences) + sum(p.damaged for p in book.pull_outs)
    return IngestReport(
        book=book.id,
        chapters=len(book.chapters),
        topics=len({(s.division.key, s.topic) for s in book.sections if s.topic}),
        passages=len(book.passages),
        claims=len(book.claims),
        quotes=sum(passage.kind == "quote" for passage in book.passages),
        pull_outs=len(book.pull_outs),
        pull_outs_linked=sum(pull_out.claim is not None for pull_out in book.pull_outs),
        marks_found=len(marks),
        marks_expected=len(book.footnotes),
        notes_resolved=sum(bool(note.text and note.sources) for note in book.footnotes),
        damaged=damaged,
        set_aside=len(book.set_aside),
    )
