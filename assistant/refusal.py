"""When the guide does not say: the evidence threshold, and what is said instead."""

from __future__ import annotations

from assistant.evidence import Selection, refuse
from assistant.retrieval import Retrieved
from ingest.document import Book

THRESHOLD = 0.8  # of a passage's score; see evals


def refuse_unknown_place(found: Retrieved, book: Book) -> Selection | None:
    """Refuse where the question names a chapter or a note that the book does not have."""
    query = found.query
    chapters = {division.number for division in book.chapters}
    for number in query.chapters:
        if number not in chapters:
            return refuse(f"本书没有第 {number} 章，正文共 {len(chapters)} 章。", _nearest(found))
    for number in query.notes:
        if number not in book.notes_by_number:
            return refuse(f"本书没有注 {number}，注释共 {len(book.footnotes)} 条。")
    return None


def refuse_thin_evidence(found: Retrieved) -> Selection | None:
    """Refuse where no passage comes near enough to the question."""
    if not found.hits or found.hits[0].score < THRESHOLD:
        return refuse("本书没有谈到这个问题。", _nearest(found))
    return None


def _nearest(found: Retrieved) -> tuple[str, ...]:
    """Name the divisions of the best passages, two at most."""
    keys = dict.fromkeys(hit.passage.section.division.key for hit in found.hits[:5])
    return tuple(keys)[:2]
