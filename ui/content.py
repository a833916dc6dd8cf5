"""Passages and notes as the side panel, the widget and programs read them."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict

from ingest.document import Book, Footnote, Passage
from ui.references import Reference, cite_note, cite_place


class NoteView(BaseModel):
    """A note with its source in full, its link and its references."""

    model_config = ConfigDict(frozen=True)

    number: int
    text: str
    url: str | None
    division: str  # "第 4 章 平台、数据和治理"
    passages: tuple[str, ...]  # ids of the passages that it carries
    reference: Reference


class PassageView(BaseModel):
    """A passage with its place, its notes and its reference."""

    model_config = ConfigDict(frozen=True)

    id: str
    text: str  # exact text of the book
    chapter: int | None
    division: str  # "第 4 章 平台、数据和治理"
    section: str  # "3. 治理：需要了解的事项"
    heading: str
    pages: tuple[int, int] | None
    speaker: str | None  # name and office
    notes: tuple[NoteView, ...]
    reference: Reference


def view_passage(book: Book, passage: Passage, *, today: date) -> PassageView:
    """Show a passage."""
    division, speaker = passage.section.division, passage.speaker
    return PassageView(
        id=passage.id,
        text=passage.text,
        chapter=division.number,
        division=_named(division.label, division.title),
        section=passage.section.name,
        heading=passage.section.heading,
        pages=division.pages,
        speaker=f"{speaker.name}，{speaker.title}" if speaker else None,
        notes=tuple(
            view_note(book, book.notes_by_number[number], today=today) for number in passage.notes
        ),
        reference=cite_place(division, book),
    )


def view_note(book: Book, note: Footnote, *, today: date) -> NoteView:
    """Show a note."""
    division = next(d for d in book.divisions if d.key == note.division)
    return NoteView(
        number=note.number,
        text=note.text,
        url=note.url,
        division=_named(division.label, division.title),
        passages=tuple(p.id for p in book.passages if note.number in p.notes),
        reference=cite_note(note, accessed=today),
    )


def _named(label: str, title: str) -> str:
    return label if title in ("", label) else f"{label} {title}"
